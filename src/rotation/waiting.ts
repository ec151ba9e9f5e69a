// What is worth staying for in this run. When the timers of both ends are aligned, a short wait lets them
// agree within one tick, as in the original system; a deadline before the next tick is always worth it.
// Every wait ends with the run's budget at the latest.

import type { Wait, WaitReason } from './action.ts';
import { measuringUntil } from './clock-difference.ts';
import { isConfirmed, unconfirmedKeys } from './confirmation.ts';
import { type KeyChain, currentRecord, includesKeyId, isOwn } from './key-chain.ts';
import type { Observation } from './observation.ts';
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
  if (deadline !== undefined) stays.push(deadline);
  if (activation !== undefined) stays.push({ until: activation, why: 'activation' });
  const expected = observation.role === 'master' ? slavesToInstall(observation, chain) : masterToAct(observation, chain);
  if (expected !== undefined) stays.push(expected);
  const measuring = measuringUntil(observation);
  if (measuring !== undefined) stays.push({ until: measuring, why: 'clock-difference' });
  const open = stays.map(({ until, why }) => ({ until: Math.min(until, run.budgetEnd), why })).filter((stay) => stay.until > now);
  const first = open[0];
  if (first === undefined) return undefined;
  return { kind: 'wait', until: Math.min(now + policy.poll * SECOND, ...open.map((stay) => stay.until)), why: first.why };
}

/** Keys of this run; the first key of a chain has started already and is waited for all the same. */
function slavesToInstall(observation: Observation, chain: KeyChain): Stay | undefined {
  const { run, policy } = observation;
  const open = chain.keys.filter(isOwn).some((key) => includesKeyId(run.installed, key.keyId) && !isConfirmed(observation, key));
  return open ? { until: run.startedAt + policy.wait * SECOND, why: 'slaves-to-install' } : undefined;
}

/**
 * A master installs a key one lead before its start time and stays for `wait` then: a slave that looks
 * during this time stays for the confirmation, and one that looks shortly before stays for the key. Nobody
 * can say when the very first key comes: a slave with no key at all stays in every run.
 */
function masterToAct(observation: Observation, chain: KeyChain): Stay | undefined {
  const { now, run, policy, others } = observation;
  const end = run.startedAt + policy.wait * SECOND;
  const unconfirmed = unconfirmedKeys(observation, chain).at(-1);
  if (unconfirmed !== undefined) {
    const masterLeaves = unconfirmed.startTime + (policy.wait + policy.poll - policy.lead) * SECOND;
    return now < masterLeaves ? { until: Math.min(end, masterLeaves), why: 'master-to-confirm' } : undefined;
  }
  const master = others[0];
  const newest = master === undefined ? undefined : currentRecord(master)?.keys.filter((key) => !key.refused).at(-1);
  if (run.installed.length > 0 || obstacle(observation) !== undefined) return undefined;
  if (newest === undefined) return chain.started.length === 0 ? { until: end, why: 'master-to-publish' } : undefined;
  const successorDue = newest.startTime + (policy.interval - policy.lead) * SECOND;
  const near = Math.abs(successorDue - run.startedAt) <= policy.wait * SECOND;
  return near ? { until: end, why: 'master-to-publish' } : undefined;
}
