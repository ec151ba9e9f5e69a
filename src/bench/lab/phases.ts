// The two ends of a link run their timers apart: for each phase, in per cent of an interval, a link of its own,
// whose slave's ticks come so much later than its master's, from the first tick on. Rotation is to go on at one
// key an interval, without a moment in which the ends are on different keys. All phases run at the same time.

import type { OtherKmes } from '../kme/other-kmes.ts';
import { type Checks, makeChecks } from './checks.ts';
import { beginWork } from './job-work.ts';
import { rotateByKeyChain } from './key-chain-rounds.ts';
import { startLab } from './lab.ts';
import { must } from './router-home.ts';
import { keysFoundIn } from './secret-scan.ts';
import { seconds, tableLine } from './table.ts';

export const USUAL_PHASES: readonly number[] = [0, 25, 50, 90];

const HEADINGS = ['timers apart', 'link', 'keys', 'from T', 'to T', 'keys per interval', 'mismatch', 'checks'] as const;
const WIDTHS = [14, 11, 6, 10, 10, 19, 10, 10] as const;
/** A key may come a part of an interval late or early, because its start time is counted from the run that made it. */
const JITTER = 0.5;

export interface PhasesJob {
  /** Existing, empty folder for everything the bench writes. */
  readonly folder: string;
  readonly artifact: string;
  /** Per cent of an interval, 0 to 99. */
  readonly phases: readonly number[];
  /** Seconds from tick to tick. */
  readonly interval: number;
  /** KMEs that run elsewhere, in place of a pair of the bench. */
  readonly kmes?: OtherKmes | undefined;
  /** Rotations on every link. */
  readonly rotations: number;
  /** Takes the row of each key. */
  readonly print: (line: string) => void;
  readonly signal: AbortSignal;
}

export interface PhasesResult {
  readonly checks: Checks;
  /** The summary, a line for each phase below its head. */
  readonly lines: readonly string[];
}

/** Runs the job on a bench of its own. Rejects when it is ended from outside. */
export async function runPhases(job: PhasesJob): Promise<PhasesResult> {
  const lab = await startLab({ folder: job.folder, artifact: job.artifact, routers: 2 * job.phases.length, method: 'key-chain', ...(job.kmes && { kmes: job.kmes }) });
  try {
    const work = beginWork({ ...job, lab, methods: ['key-chain'] });
    const phaseOf = (link: number): number => job.phases[link] ?? 0;
    const offsets = new Map(lab.links.flatMap(({ slaves }, link) => slaves.map(({ router }) => [router, (phaseOf(link) / 100) * job.interval])));
    const verdicts = new Map(lab.links.map(({ name }) => [name, makeChecks()]));
    // One key more than rotations: they are counted from start time to start time.
    const links = await rotateByKeyChain(work, { interval: job.interval, keys: job.rotations + 1, first: 1, isMove: false, offsets, verdicts });
    const lines = [tableLine(HEADINGS, WIDTHS)];
    for (const [index, { name }] of lab.links.entries()) {
      const checks = must(verdicts, name);
      const since = must(work.watches, name).liveSince();
      checks.check('never without a common active key', since !== undefined && !lab.cable(name).wasEverDown(since));
      const { starts, mismatch } = links[index]?.summary() ?? { starts: [], mismatch: Infinity };
      const steps = starts.slice(1).map((start, before) => (start - (starts[before] ?? 0)) / 1000 / job.interval);
      checks.check('one key an interval', steps.length > 0 && steps.every((step) => Math.abs(step - 1) <= JITTER), `${steps.map((step) => step.toFixed(2)).join(', ')} intervals from key to key`);
      checks.check('no mismatch', mismatch === 0, seconds(mismatch));
      const verdict = checks.failures.length === 0 ? `${checks.passed} passed` : `${checks.failures.length} failed`;
      lines.push(tableLine([`${phaseOf(index)} %`, name, String(starts.length), clock(starts[0]), clock(starts.at(-1)), rate(steps), seconds(mismatch), verdict], WIDTHS));
      work.checks.add(checks, `timers ${phaseOf(index)} % apart`);
    }
    const caks = [...work.watches.values()].flatMap((watch) => watch.caks());
    const found = keysFoundIn([job.folder], work.output, [...lab.kmes.issuedKeys(), ...caks]);
    work.checks.check('no key bytes in any file or output', found.length === 0, found.join(', '));
    return { checks: work.checks, lines };
  } finally {
    await lab.close();
  }
}

function rate(steps: readonly number[]): string {
  return steps.length === 0 ? '-' : (steps.length / steps.reduce((sum, step) => sum + step, 0)).toFixed(2);
}

function clock(at: number | undefined): string {
  return at === undefined ? '-' : new Date(at).toISOString().slice(11, 19);
}
