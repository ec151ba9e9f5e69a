// The moments of a scheduled key, all counted back from its start time (design section 5, rule 5). The
// master decides first, and early enough that a slave has one more tick of its own before it decides.
// A margin must be longer than the clocks of the ends may differ, and twice as long as a commit takes.

import type { Policy } from './observation.ts';

const SECOND = 1000;

/** Ticks are not exact: a tick that comes this part of an interval early still counts as the next one. */
const EARLY_TICK = 0.25;

/** No master starts the next key before then. */
export function soonestSuccessor(startTime: number, policy: Policy): number {
  return startTime + (1 - EARLY_TICK) * policy.interval * SECOND;
}

/** The master confirms a key that starts at `startTime` until then, and withdraws it afterwards. */
export function masterDeadline(startTime: number, policy: Policy): number {
  return startTime - (policy.interval + 2 * policy.margin) * SECOND;
}

/** A master's record read from then on, and that does not confirm the key, never will. */
export function lastConfirmation(startTime: number, policy: Policy): number {
  return masterDeadline(startTime, policy) + policy.margin * SECOND;
}

/** A slave keeps a key of which it does not know that it is confirmed until then. */
export function slaveDeadline(startTime: number, policy: Policy): number {
  return startTime - policy.margin * SECOND;
}

/** A withdrawal that begins later might take effect after the start: then the key is left to repair. */
export function lastWithdrawal(startTime: number, policy: Policy): number {
  return startTime - (policy.margin * SECOND) / 2;
}

/** A slave begins to install a key until then: later the master could no longer confirm it, or it would start at once. */
export function lastInstallation(startTime: number, confirmed: boolean, policy: Policy): number {
  return confirmed ? slaveDeadline(startTime, policy) - policy.margin * SECOND : masterDeadline(startTime, policy);
}

/** Start times after it come from a clock that was wrong: left alone, they would stop the rotation until then. */
export function latestStartTime(now: number, policy: Policy): number {
  return now + (policy.lead + policy.keysPerCommit * policy.interval + policy.margin) * SECOND;
}

/** By then at the latest this end runs again, unless it misses a tick. */
export function nextTick(startedAt: number, policy: Policy): number {
  return startedAt + (policy.interval + policy.margin) * SECOND;
}
