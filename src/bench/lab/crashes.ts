// The crash test: runs of the artifact that are killed after every step that others can see (crash-bed.ts), each
// followed by ordinary ticks that must exit 0 and bring the link in order, with no moment at which the ends lacked a
// common started key. Steps are numbered from 1 until a run has no such step. Scenarios run side by side.

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Checks, makeChecks } from './checks.ts';
import { CrashBed, type CrashRun, INTERVAL, LEAD, LINK, MARGIN } from './crash-bed.ts';
import { type CrashScenario, SCENARIOS } from './crash-scenarios.ts';
import { seconds, tableLine } from './table.ts';

const HEADINGS = ['killed in', 'on', 'at', 'of', 'mismatch', 'checks', 'steps'] as const;
const WIDTHS = [24, 8, 5, 5, 10, 14, 4] as const;
/** Ordinary ticks that a link may take until it is in order: a new key, and its lead. */
const MOST_TICKS = 6;
/** More than any run has. */
const MOST_STEPS = 150;
/** How often a step is tried that a run did not come to: of two runs at the same time one may find everything done. */
const PATIENCE = 3;

export interface CrashJob {
  readonly folder: string;
  readonly artifact: string;
  /** Of so many steps one: 1 is every step; the first of them is step `offset`, counted from 1. */
  readonly every: number;
  readonly offset: number;
  /** Scenarios at the same time. */
  readonly parallel: number;
  readonly scenarios?: readonly CrashScenario[];
  readonly print: (line: string) => void;
  readonly signal: AbortSignal;
}

/** Runs every scenario; a line each. Rejects when it is ended from outside. */
export async function runCrashes(job: CrashJob): Promise<Checks> {
  const checks = makeChecks();
  job.print(tableLine(HEADINGS, WIDTHS));
  const waiting = [...(job.scenarios ?? SCENARIOS).entries()];
  const worker = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [index, scenario] = next;
      const folder = join(job.folder, `crash-${index}`);
      mkdirSync(folder, { mode: 0o700 });
      const { verdicts, line } = await crashScenario(job, scenario, folder);
      checks.add(verdicts, `${scenario.name}, ${scenario.victim}`);
      job.print(line);
    }
  };
  await Promise.all(Array.from({ length: job.parallel }, worker));
  return checks;
}

async function crashScenario(job: CrashJob, scenario: CrashScenario, folder: string): Promise<{ verdicts: Checks; line: string }> {
  const verdicts = makeChecks();
  const bed = await CrashBed.start({ folder, artifact: job.artifact, method: scenario.method, together: scenario.together === true, signal: job.signal });
  try {
    for (let tick = 0; tick < scenario.ticks; tick += 1) await bed.tick();
    const since = bed.clock.now();
    let kills = 0;
    let whole: readonly string[] = [];
    for (let step = job.offset, spared = 0; step <= MOST_STEPS && spared < (scenario.together === true ? PATIENCE : 1); ) {
      const run = await crashOnce(bed, scenario, { step, verdicts });
      spared = run.killed ? 0 : spared + 1;
      if (run.killed) [kills, step] = [kills + 1, step + job.every];
      else if (run.steps.length > whole.length) whole = run.steps;
    }
    verdicts.check('runs were killed', kills > 0);
    verdicts.check(`the whole run came to ${scenario.makes}`, whole.includes(scenario.makes), whole.join(', '));
    const mismatch = await keepOn(bed, scenario, { since, verdicts });
    const verdict = verdicts.failures.length === 0 ? `${verdicts.passed} passed` : `${verdicts.failures.length} failed`;
    return { verdicts, line: tableLine([scenario.name, scenario.victim, String(kills), String(whole.length), seconds(mismatch), verdict, counted(whole)], WIDTHS) };
  } finally {
    await bed.close();
  }
}

/** Ordinary ticks until what was made after the last kill is in use; resolves to the milliseconds of mismatch so far. */
async function keepOn(bed: CrashBed, scenario: CrashScenario, { since, verdicts }: { since: number; verdicts: Checks }): Promise<number> {
  const last = bed.watch.inForce()[0]?.ckn;
  const up = bed.clock.now();
  for (let tick = 0; tick * INTERVAL < LEAD + INTERVAL; tick += 1) await bed.tick();
  const keys = bed.watch.inForce();
  verdicts.check('in the end both ends use a newer key', keys[0] !== undefined && keys[0].ckn !== last && keys[1]?.ckn === keys[0].ckn && !bed.lab.cable(LINK).wasEverDown(up));
  // A first key, and one that is replaced in place, is for a while on one end only.
  if (scenario.isFirst === true || scenario.name.startsWith('move')) return 0;
  const mismatch = bed.watch.mismatch(since, bed.clock.now());
  verdicts.check('the ends never went over to different keys', mismatch === 0, seconds(mismatch));
  return mismatch;
}

/** One run that is killed at `step`, and ordinary ticks until the link is in order. */
async function crashOnce(bed: CrashBed, scenario: CrashScenario, { step, verdicts }: { step: number; verdicts: Checks }): Promise<CrashRun> {
  const { victim } = scenario;
  await scenario.prepare?.(bed);
  const before = new Set(bed.watch.chains().flatMap((chain) => chain?.map(({ ckn }) => ckn) ?? []));
  const began = bed.clock.now();
  const run = scenario.together === true ? await bed.both(victim, step) : await bed.run(victim, step);
  bed.clock.moveTo(began + (INTERVAL - 4 * MARGIN) * 1000);
  const where = `step ${step} (${run.steps.at(-1) ?? 'none'})`;
  let seen: string | undefined = 'no tick yet';
  for (let tick = 0; tick < MOST_TICKS && seen !== undefined; tick += 1) {
    for (const { status, standardError } of await bed.tick()) verdicts.check(`${where}: tick ${tick} exits 0`, status === 0, standardError.trim());
    seen = scenario.unsettled(bed, before);
  }
  verdicts.check(`${where}: the link is in order again`, seen === undefined, seen);
  const up = bed.watch.liveSince(began);
  verdicts.check(`${where}: the ends always have a common started key`, up !== undefined && !bed.lab.cable(LINK).wasEverDown(scenario.isFirst === true ? up : began));
  return run;
}

/** `3 get-configuration, scp, ...`: the kinds in order of their first time. */
function counted(steps: readonly string[]): string {
  const kinds = [...new Set(steps)];
  return kinds.map((kind) => `${steps.filter((step) => step === kind).length} ${kind}`).join(', ');
}
