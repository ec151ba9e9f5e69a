// The bench's rotation by key chain: a timer starts the artifact on every router as an event policy does,
// keys get a start time in the future, and both ends are to go over to each of them at that moment. Links
// that rotated by pre-shared-key are moved while they are in use, the slaves one tick after the master.

import { runArtifact } from './artifact-process.ts';
import type { Checks } from './checks.ts';
import { eventTimer } from './event-timer.ts';
import { setMethod, setRotation } from './inventories.ts';
import { type JobWork, runOn } from './job-work.ts';
import { LinkActivations } from './link-activations.ts';
import { must } from './router-home.ts';
import { linksAt } from './topology.ts';

/** Seconds, but for `ring`. */
interface Rotation {
  readonly interval: number;
  readonly lead: number;
  readonly margin: number;
  readonly ring: number;
  readonly max_clock_difference: number;
  readonly wait: number;
  readonly poll: number;
}

/** MKA's life time: no inventory may allow for more. */
const MOST_CLOCK_DIFFERENCE = 6;
/** Ticks beyond those that it takes when no key is late. */
const SPARE_TICKS = 8;
/** Seconds, and how many times longer than the program takes to say its version; a run takes some four times that. */
const INTERVAL = { least: 8, most: 60, startUps: 50 };

/** Seconds from tick to tick that suit this machine. Rejects when the program does not run. */
export async function intervalFor(artifact: string, signal: AbortSignal): Promise<number> {
  const took: number[] = [];
  for (let attempt = 0; attempt < 3; attempt += 1) {
    const run = await runArtifact([process.execPath, artifact, '--version'], 60, signal);
    signal.throwIfAborted();
    if (run.status !== 0) throw new Error(`${artifact} --version: ${run.standardError.trim() || `exit status ${run.status}`}`);
    took.push(run.seconds);
  }
  return Math.min(INTERVAL.most, Math.max(INTERVAL.least, Math.ceil(INTERVAL.startUps * Math.min(...took))));
}

export interface KeyChainRounds {
  /** Seconds from tick to tick. */
  readonly interval: number;
  /** Keys that every link is to go over to. */
  readonly keys: number;
  /** Number of the first of them. */
  readonly first: number;
  /** From pre-shared-key: the slaves one tick after the master. */
  readonly isMove: boolean;
  /** Seconds by which a router's ticks come later; 0 unless told. */
  readonly offsets?: ReadonlyMap<string, number>;
  /** By link, where the verdicts about it go; the job's own unless told. */
  readonly verdicts?: ReadonlyMap<string, Checks>;
}

/** Rotates until every link has gone over to `keys` keys; resolves to the links in the lab's order. */
export async function rotateByKeyChain(work: JobWork, rounds: KeyChainRounds): Promise<readonly LinkActivations[]> {
  const { lab, signal } = work;
  const { interval, keys, isMove } = rounds;
  const rotation = rotationFor(interval, [...lab.routers.values()].map(({ router }) => router.now()));
  for (const { home } of lab.routers.values()) await setRotation(home, rotation);
  const ticks = Math.ceil(rotation.lead / interval) + keys + 1;
  const activations = lab.links.map((link) => new LinkActivations({ ...work, checks: rounds.verdicts?.get(link.name) ?? work.checks }, link, rounds));
  await eventTimer({
    routers: [...lab.routers.keys()],
    interval: interval * 1000,
    offsets: new Map([...(rounds.offsets ?? [])].map(([router, seconds]) => [router, seconds * 1000])),
    most: ticks + SPARE_TICKS,
    run: async (router, tick) => {
      if (isMove) await move(work, router, tick);
      await runOn(work, router, `tick ${tick}`);
    },
    isDone: () => activations.map((link) => link.look()).every((count) => count >= keys),
    signal,
  });
  for (const link of activations) link.close(keys);
  return activations;
}

async function move({ lab }: JobWork, router: string, tick: number): Promise<void> {
  for (const { name, master } of linksAt(lab.links, router)) {
    if (master.router === router || tick > 0) await setMethod(must(lab.routers, router).home, name, 'key-chain');
  }
}

/** The end with the clock ahead and the one behind may differ, so the margin is longer; the lead is that of unaligned timers. */
function rotationFor(interval: number, clocks: readonly number[]): Rotation {
  const spread = Math.round((Math.max(...clocks) - Math.min(...clocks)) / 1000);
  const difference = Math.min(1 + spread, MOST_CLOCK_DIFFERENCE);
  const margin = difference + 1;
  return { interval, lead: 3 * interval + 4 * margin, margin, ring: 12, max_clock_difference: difference, wait: 3, poll: 1 };
}
