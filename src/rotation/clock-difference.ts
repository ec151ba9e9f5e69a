// How far the clocks may be apart, from what the run can see. A record carries the time at which its
// writer's clock stood when it was written; it was written before we first read it and after we last saw an
// older one. That bounds the difference from both sides, closely when both ends run at the same time.

import type { ClockBounds, Observation, RecordReading } from './observation.ts';

/** Bounds from a record that has just been read for the first time; undefined when it does not say when it was written. */
export function measureClock(reading: RecordReading, older: RecordReading | undefined): ClockBounds | undefined {
  const { writtenAt } = reading.record;
  if (writtenAt === undefined) return undefined;
  const atMost = older === undefined ? Number.POSITIVE_INFINITY : writtenAt - older.askedAt;
  return { atLeast: writtenAt - reading.readAt, atMost, measuredAt: reading.readAt };
}

/** The bounds to keep: the narrower ones, unless they are too old or the newer ones contradict them. */
export function betterBounds(known: ClockBounds | undefined, measured: ClockBounds | undefined, keepFor: number): ClockBounds | undefined {
  if (known === undefined || measured === undefined) return measured ?? known;
  const apart = measured.atLeast > known.atMost || measured.atMost < known.atLeast;
  const narrower = known.atMost - known.atLeast < measured.atMost - measured.atLeast;
  return narrower && !apart && measured.measuredAt - known.measuredAt <= keepFor ? known : measured;
}

/** What is wrong with the clocks. */
export interface ClockFault {
  /** The other end, or this device when the router's clock and the program's differ. */
  readonly device: string;
  /** Milliseconds that it is ahead (behind when negative) at the least. */
  readonly ahead: number;
  /** Undefined: asked of the router in this run. */
  readonly measuredAt: number | undefined;
}

/** The first difference that is certainly beyond max_clock_difference; undefined when none can be shown. */
export function clockFault(observation: Observation): ClockFault | undefined {
  const limit = observation.policy.maxClockDifference * 1000;
  const { routerAhead } = observation.clock;
  if (routerAhead !== undefined && Math.abs(routerAhead) > limit) return { device: observation.device, ahead: routerAhead, measuredAt: undefined };
  for (const { device, clock } of observation.others) {
    if (clock === undefined) continue;
    if (clock.atLeast > limit) return { device, ahead: clock.atLeast, measuredAt: clock.measuredAt };
    if (clock.atMost < -limit) return { device, ahead: clock.atMost, measuredAt: clock.measuredAt };
  }
  return undefined;
}

/**
 * Until when a run stays to measure again what an earlier run found, undefined: no need. Ends that both stay
 * write their records at every look, so that each sees the other's clock closely and a mended one at once.
 */
export function measuringUntil(observation: Observation): number | undefined {
  const { now, run, policy } = observation;
  const measuredAt = clockFault(observation)?.measuredAt;
  const until = Math.min(run.startedAt + policy.wait * 1000, run.budgetEnd);
  return measuredAt !== undefined && measuredAt < run.startedAt && now < until ? until : undefined;
}

/**
 * The same observation as the router's clock tells it. Keys start by that clock: when the program's is off,
 * what it takes for scheduled may be in use. Undefined: the two agree well enough.
 */
export function onRouterClock(observation: Observation): { readonly observation: Observation; readonly ahead: number } | undefined {
  const ahead = observation.clock.routerAhead ?? 0;
  if (Math.abs(ahead) <= observation.policy.maxClockDifference * 1000) return undefined;
  const { now, run, mka, others, ownRecord } = observation;
  const moved = (moment: number | undefined): number | undefined => (moment === undefined ? undefined : moment + ahead);
  const shifted: Observation = {
    ...observation,
    now: now + ahead,
    run: { ...run, startedAt: run.startedAt + ahead, budgetEnd: run.budgetEnd + ahead, lastCommitAt: moved(run.lastCommitAt) },
    ownRecord: ownRecord === undefined ? undefined : { ...ownRecord, writtenAt: moved(ownRecord.writtenAt) },
    others: others.map((other) => (other.reading.kind === 'read' ? { ...other, reading: { ...other.reading, askedAt: other.reading.askedAt + ahead, readAt: other.reading.readAt + ahead } } : other)),
    mka: mka.kind === 'read' ? { ...mka, silentSince: moved(mka.silentSince) } : mka,
  };
  return { observation: shifted, ahead };
}
