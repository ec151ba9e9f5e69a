// What is worth staying for in this run. When the timers of both ends are aligned, a short wait lets them
// agree within one tick, as in the original system; a deadline before the next tick is always worth it.
// Every wait ends with the run's budget at the latest.

import type { Wait, WaitReason } from './action.ts';
import { measuringUntil } from './clock-difference.ts';
import { isConfirmed, unconfirmedKeys } from './confirmation.ts';
import { type KeyChain, type OwnKey } from './key-chain.ts';
import { isMoving } from './method-change.ts';
import { type Observation, isRepairRun } from './observation.ts';
import { activationToWatch } from './repair.ts';
import { obstacle } from './schedule.ts';

const SECOND = 1000;

export interface Stay {
  readonly until: number;
  readonly why: WaitReason;
}

/** Sleep until the next look; undefined: this run has nothing to wait for. */
export function reasonToStay(observation: Observation, chain: KeyChain, deadline: Stay | undefined): Wait | undefined {
  const { now, run, policy } = observation;
  const activation = activationToWatch(observation, chain);
  const stays: Stay[] = [];
  if (activation !== undefined) stays.push({ until: activation, why: 'activation' });
  if (!isRepairRun(observation)) stays.unshift(...tickStays(observation, chain, deadline));
  const open = stays.map(({ until, why }) => ({ until: Math.min(until, run.budgetEnd), why })).filter((stay) => stay.until > now);
  const first = open[0];
  if (first === undefined) return undefined;
  return { kind: 'wait', until: Math.min(now + policy.poll * SECOND, ...open.map((stay) => stay.until)), why: first.why };
}

/** For the other end and for deadlines: what the runs of the timer stay for. One between them must not be in the way of the next. */
function tickStays(observation: Observation, chain: KeyChain, deadline: Stay | undefined): Stay[] {
  const expected = observation.role === 'master' ? slavesToInstall(observation, chain) : masterToAct(observation, chain);
  const until = measuringUntil(observation);
  const measuring: Stay | undefined = until === undefined ? undefined : { until, why: 'clock-difference' };
  return [deadline, expected, measuring].filter((stay) => stay !== undefined);
}

/** A key that not every end has yet: this run's, an earlier run's, or the very first one, which has started already. */
function slavesToInstall(observation: Observation, chain: KeyChain): Stay | undefined {
  const { now, run, policy } = observation;
  // Not an operator's copy of a key in a second slot: the ends agree on the first one.
  const isFirst = (key: OwnKey): boolean => chain.own.find(({ keyId }) => keyId === key.keyId) === key;
  const isOpen = (key: OwnKey): boolean => (key.startTime > now || run.installed.includes(key.keyId)) && !isConfirmed(observation, key);
  return chain.own.some((key) => isOpen(key) && isFirst(key)) ? { until: run.startedAt + policy.wait * SECOND, why: 'slaves-to-install' } : undefined;
}

/**
 * A master installs a key one lead before its start time and stays for `wait` then: a slave that looks
 * during this time stays for the confirmation, and one that looks shortly before stays for the key. Nobody
 * can say when a key comes that is overdue, or the very first one: a slave stays for it in every run.
 */
function masterToAct(observation: Observation, chain: KeyChain): Stay | undefined {
  const { run, policy, others } = observation;
  const end = run.startedAt + policy.wait * SECOND;
  const unconfirmed = unconfirmedKeys(observation, chain).at(-1);
  if (unconfirmed !== undefined) return masterToConfirm(observation, unconfirmed, end);
  if (run.installed.length > 0 || isMoving(observation) !== undefined || obstacle(observation) !== undefined) return undefined;
  if (chain.started.length === 0) return { until: end, why: 'master-to-publish' };
  const reading = others[0]?.reading;
  const newest = reading?.kind === 'read' ? reading.record.keys.filter((key) => !key.refused).at(-1) : undefined;
  if (newest === undefined) return reading?.kind === 'unreadable' && reading.unpublished === true ? { until: end, why: 'master-to-publish' } : undefined;
  const successorDue = newest.startTime + (policy.interval - policy.lead) * SECOND;
  return successorDue <= end ? { until: end, why: 'master-to-publish' } : undefined;
}

/** The master looks when it has installed a key, and an interval later at the same moment of its timer. */
function masterToConfirm({ now, run, policy }: Observation, key: OwnKey, end: number): Stay | undefined {
  const installed = key.startTime - policy.lead * SECOND;
  const leaves = installed + (policy.wait + policy.poll) * SECOND;
  if (now < leaves) return { until: Math.min(end, leaves), why: 'master-to-confirm' };
  const ticks = Math.ceil((run.startedAt - policy.margin * SECOND - installed) / (policy.interval * SECOND));
  return installed + ticks * policy.interval * SECOND <= end ? { until: end, why: 'master-to-confirm' } : undefined;
}
