// A link of two routers for runs of the artifact that are killed (SIGKILL) after their n-th step that others can see:
// an answer of the own router or KME, a record of the other end, a record of their own. The bench itself kills the
// process, before or while the answer leaves. Time is moved on from tick to tick (moved-clock.ts).

import { type FSWatcher, mkdirSync, readdirSync, rmSync, watch } from 'node:fs';
import { join } from 'node:path';
import { element, elementWith } from '../../xml.ts';
import { type ArtifactRun, runArtifact } from './artifact-process.ts';
import { type Method, setMethod } from './inventories.ts';
import { KeyWatch } from './key-watch.ts';
import { type Lab, type LabSite, startLab } from './lab.ts';
import { MovedClock } from './moved-clock.ts';
import { must } from './router-home.ts';

export const MASTER = 'mx1';
export const SLAVE = 'mx2';
export const LINK = 'mx1-mx2';
/** Seconds; the margin is what a run stays in real time for when it is alone, and still several times what a run takes. */
export const INTERVAL = 120;
export const MARGIN = 3;
export const LEAD = 3 * INTERVAL + 4 * MARGIN;
const ROTATION = { interval: INTERVAL, lead: LEAD, margin: MARGIN, ring: 8, max_clock_difference: 2 };

/** Ends that work at once wait for each other, seconds; others need not, for the other end's run is over or comes later. */
const WAIT = { wait: 2, poll: 0.4 };
const SYSTEM = { ssh: { attempts: 2, delay: 0.1 }, kme: { propagation_attempts: 1 } };
const LONGEST_RUN = 120;

export interface CrashRun extends ArtifactRun {
  /** What it has seen done, in order; when it was killed, the last of them killed it. */
  readonly steps: readonly string[];
  readonly killed: boolean;
}

interface Running {
  readonly steps: string[];
  readonly killAt: number;
  readonly kill: AbortController;
}

export class CrashBed {
  readonly clock = new MovedClock();
  readonly folder: string;
  lab!: Lab;
  watch!: KeyWatch;
  readonly #running = new Map<string, Running>();
  readonly #watchers: FSWatcher[] = [];
  readonly #signal: AbortSignal;

  private constructor(folder: string, signal: AbortSignal) {
    this.folder = folder;
    this.#signal = signal;
  }

  /** `folder` exists and is empty; `signal` ends every run. */
  static async start(options: { folder: string; artifact: string; method: Method; together: boolean; signal: AbortSignal }): Promise<CrashBed> {
    const { folder, artifact, method, together, signal } = options;
    const bed = new CrashBed(folder, signal);
    const { now, after } = bed.clock;
    bed.lab = await startLab({ folder, routers: 2, artifact, method, now, after, hello: 200, system: { ...SYSTEM, rotation: { ...ROTATION, ...WAIT, ...(together ? {} : { wait: 0 }) } }, onAnswer: (at, what) => bed.#answered(at, what) });
    bed.watch = new KeyWatch(bed.lab.cable(LINK));
    for (const [router, { home }] of bed.lab.routers) {
      const records = join(home, 'records');
      mkdirSync(records, { recursive: true, mode: 0o700 });
      bed.#watchers.push(watch(records, (_, file) => void (file === `${router}_last_key.json` && bed.#step(router, 'record'))));
    }
    return bed;
  }

  async close(): Promise<void> {
    for (const watcher of this.#watchers) watcher.close();
    await this.lab.close();
  }

  site(router: string): LabSite {
    return must(this.lab.routers, router);
  }

  /** Runs the artifact on a router; with `killAt` it dies at that step, counted from 1. */
  async run(router: string, killAt = Infinity): Promise<CrashRun> {
    this.#signal.throwIfAborted();
    const kill = new AbortController();
    const running: Running = { steps: [], killAt, kill };
    this.#running.set(router, running);
    const clock = this.clock.nodeOptions(join(this.folder, `${router}-clock.cjs`));
    const argv = [process.execPath, '--disallow-code-generation-from-strings', ...clock, this.lab.artifact, '--onbox', '--inventory', join(this.site(router).home, 'inventory.json'), 'run', '--json'];
    try {
      const run = await runArtifact(argv, LONGEST_RUN, AbortSignal.any([this.#signal, kill.signal]));
      this.#signal.throwIfAborted();
      return { ...run, steps: running.steps, killed: kill.signal.aborted };
    } finally {
      this.#running.delete(router);
    }
  }

  /** Runs on both routers at the same time; the victim's dies at that step. */
  async both(victim: string, killAt: number): Promise<CrashRun> {
    const [run] = await Promise.all([this.run(victim, killAt), this.run(victim === MASTER ? SLAVE : MASTER)]);
    return run;
  }

  /** The master's run and then the slave's, and on to the next tick. */
  async tick(): Promise<readonly [CrashRun, CrashRun]> {
    const began = this.clock.now();
    const runs = [await this.run(MASTER), await this.run(SLAVE)] as const;
    this.clock.moveTo(began + INTERVAL * 1000);
    return runs;
  }

  async setMethod(method: Method): Promise<void> {
    for (const { home } of this.lab.routers.values()) await setMethod(home, LINK, method);
  }

  /** Takes MACsec off both routers, and every record: the link as it was before the first run. */
  async reset(): Promise<void> {
    for (const { router, home } of this.lab.routers.values()) {
      const session = router.mgd.openSession({ name: 'operator', loginClass: 'super-user' });
      const lines = ['delete security', 'delete event-options'].join('\n');
      for (const request of [elementWith('load-configuration', { action: 'set', format: 'text' }, element('configuration-set', lines)), element('commit-configuration')]) {
        const reply = await session.execute(request);
        if (reply.includes('<error-severity>error')) throw new Error(reply);
      }
      session.close();
      for (const file of readdirSync(join(home, 'records'))) rmSync(join(home, 'records', file));
    }
  }

  /** A file is sent to the other end; everything else is an answer to the router's own program. */
  #answered(at: string, what: string): void {
    this.#step(what === 'scp' ? (at === MASTER ? SLAVE : MASTER) : at, what);
  }

  #step(router: string, what: string): void {
    const running = this.#running.get(router);
    if (running === undefined || running.steps.length >= running.killAt) return;
    running.steps.push(what);
    if (running.steps.length === running.killAt) running.kill.abort();
  }
}
