// What must have happened by the end of a schedule: once the faults ended, the ends agreed on a new key within
// two intervals (three when their timers are apart), it started when it should, and from then on an interval
// brings a key again. Nobody helped.

import type { Router } from './router.ts';
import type { Scenario } from './scenario.ts';
import type { World } from './world.ts';

const SECOND = 1000;

/** Milliseconds between a start time and the moment at which the last end must have gone over: clocks differ by up to 2 s. */
const ACTIVATION = 10 * SECOND;

/** Milliseconds that one end's run takes to its publication: looks, a key on its way, a commit, three routers. */
const RUN = 40 * SECOND;

/** Milliseconds from the end of the faults until a new key was confirmed by all ends; undefined: never, or not asked for. */
export function checkEnd(world: World): number | undefined {
  const { scenario, invariants, kmes, now } = world;
  if (scenario.moves !== undefined) return checkMoved(world);
  checkRate(world);
  const after = [...invariants.confirmations].filter(([keyId, { at }]) => at > scenario.faultsEnd && kmes.drawnAt(keyId) > 0).sort((a, b) => a[1].at - b[1].at);
  const [first] = after;
  if (first === undefined) {
    invariants.violation('no key was confirmed after the faults ended');
    return undefined;
  }
  const [keyId, { at, startTime }] = first;
  const recovery = at - scenario.faultsEnd;
  const limit = longestRecovery(scenario);
  if (at > successorDue(world) + limit) invariants.violation(`the ends agreed on a new key only ${recovery / SECOND} s after the faults ended, the limit is ${limit / SECOND} s`);
  const activation = invariants.activations.find((one) => one.keyId === keyId);
  if (activation === undefined) invariants.violation(`${keyId} was confirmed by all ends and never started`);
  // The very first key of a link starts before it is agreed on: there is none to keep meanwhile.
  else if (activation.at > Math.max(startTime, at) + ACTIVATION) invariants.violation(`${keyId} started ${(activation.at - startTime) / SECOND} s after its start time`);
  checkRateSince(world, after.length, at);
  if (world.sessions.some((session) => now - (session.apartSince ?? now) > ACTIVATION)) invariants.violation('the ends end on different keys');
  return recovery;
}

/** A master that stages several keys has given its ends the next ones already: nothing new is due until the last of them is. */
function successorDue({ scenario, invariants }: World): number {
  const { lead } = scenario.policy;
  const agreed = [...invariants.confirmations.values()].filter(({ at, withdrawnAt }) => at <= scenario.faultsEnd && withdrawnAt > scenario.faultsEnd);
  return Math.max(scenario.faultsEnd, ...agreed.map(({ startTime }) => startTime - lead * SECOND));
}

/**
 * Counted in ticks, for a tick is the only moment at which an end does anything. Timers that are close enough for
 * one run to wait for the other: the first tick draws, agrees and confirms; what a slave lost just before the faults
 * ended costs that tick, so two. Timers apart: a tick of the master draws, one of the slave installs, the next of the
 * master confirms, the next of the slave reads it: the last is three intervals after a fault that ended just after
 * the master's tick (or the slave's, if that lost a key). No schedule can do better: each step needs the other end's record of the
 * step before. Timers that cross, and runs that wait for nobody: the order of the two may be wrong once more.
 */
export function longestRecovery({ routers, policy, jitter }: Pick<Scenario, 'routers' | 'policy' | 'jitter'>): number {
  const spread = spreadOf(routers.map(({ phase }) => phase), policy.interval * SECOND);
  const slack = jitter + RUN;
  const waits = policy.wait * SECOND >= spread + slack;
  const intervals = waits ? 2 : spread <= slack || spread + slack >= policy.interval * SECOND ? 4 : 3;
  return intervals * policy.interval * SECOND + slack;
}

/** Length of the shortest arc of the interval that holds all timers. */
function spreadOf(phases: readonly number[], interval: number): number {
  const sorted = [...phases].sort((a, b) => a - b);
  const gaps = sorted.map((phase, n) => (sorted[n + 1] ?? (sorted[0] ?? 0) + interval) - phase);
  return interval - Math.max(...gaps);
}

/** Without faults every interval brings a new key; whatever happens, a run draws no more keys than it stages. */
function checkRate(world: World): void {
  const { scenario, invariants, kmes } = world;
  const { interval, lead, keysPerCommit } = scenario.policy;
  if (kmes.drawn > invariants.counts.runs * keysPerCommit) invariants.violation(`${kmes.drawn} keys drawn in ${invariants.counts.runs} runs`);
  if (invariants.troubled) return;
  const expected = Math.floor(((scenario.end - scenario.start) / SECOND - lead) / interval) - keysPerCommit - 1;
  if (invariants.activations.length < expected) invariants.violation(`${invariants.activations.length} rotations where ${expected} were due`);
}

/** From the first agreement on, every interval brings one more. */
function checkRateSince({ scenario, invariants }: World, agreed: number, since: number): void {
  const { interval, keysPerCommit } = scenario.policy;
  const expected = Math.floor((scenario.end - since) / SECOND / interval) - keysPerCommit - 1;
  if (agreed < expected) invariants.violation(`${agreed} keys agreed on since the faults ended, where ${expected} were due`);
}

/**
 * Every end is on the method that its inventory asks for, and goes on to a new key an interval. On the way to a
 * pre-shared-key the scheduled keys must first have run out; to a key chain, the first new key waits for its lead.
 */
function checkMoved(world: World): undefined {
  const { scenario, invariants, routers, now } = world;
  const { interval, lead, keysPerCommit, wait } = scenario.policy;
  const left = routers.filter((router) => (router.preSharedKey === undefined ? 'key-chain' : 'pre-shared-key') !== world.methodFor(router));
  if (left.length > 0) invariants.violation(`${left.map((router) => router.name).join(', ')} did not move to the other method`);
  const after = invariants.activations.filter(({ at }) => at > scenario.faultsEnd);
  const limit = longestRecovery(scenario) + (scenario.moves?.at.length === 0 ? 0 : (lead + keysPerCommit * interval) * SECOND);
  const first = after[0];
  if (first === undefined || first.at > scenario.faultsEnd + limit) {
    invariants.violation(`no new key within ${limit / SECOND} s after the faults ended`);
    return;
  }
  // Timers that cross cost an interval, and the last key may be on its way. A slave that looks just before its master,
  // and does not wait, follows an interval later, and its master after that: README, method pre-shared-key.
  const perKey = wait === 0 && world.methodFor(routers[0] as Router) === 'pre-shared-key' ? 2 : 1;
  const expected = Math.floor((now - first.at) / SECOND / interval / perKey) - keysPerCommit - 2;
  if (after.length < expected) invariants.violation(`${after.length} new keys since the faults ended, where ${expected} were due`);
}
