// Which scheduled keys must go before they start (design section 5, rules 5 and the refusals). Removing a
// key whose start time lies ahead never touches the traffic: what is withdrawn is a plan, not a key in use.
// What has started is repair.ts.

import type { WaitReason, WithdrawReason, WithdrawnKey } from './action.ts';
import { isConfirmed, isConfirmedByMaster } from './confirmation.ts';
import { lastConfirmation, lastWithdrawal, latestStartTime, masterDeadline, nextTick, slaveDeadline } from './deadlines.ts';
import { type KeyChain, type OwnKey, currentRecord, entryOf, listing } from './key-chain.ts';
import type { Observation } from './observation.ts';

/** What the deadlines ask for: keys to withdraw now, or the moment until which this run must stay. */
export interface Verdict {
  readonly withdraw: readonly WithdrawnKey[];
  readonly stay: { readonly until: number; readonly why: WaitReason } | undefined;
}

/** Judges every scheduled key of this end. */
export function judgeScheduledKeys(observation: Observation, chain: KeyChain): Verdict {
  const withdraw: WithdrawnKey[] = [];
  const stays: number[] = [];
  const why: WaitReason = observation.role === 'master' ? 'master-deadline' : 'slave-deadline';
  for (const key of chain.scheduled) {
    if (observation.now > lastWithdrawal(key.startTime, observation.policy)) continue;
    const verdict = observation.role === 'master' ? judgeAsMaster(observation, key) : judgeAsSlave(observation, key);
    if (typeof verdict === 'number') stays.push(verdict);
    else if (verdict !== undefined) withdraw.push({ slot: key.slot, keyId: key.keyId, startTime: key.startTime, reason: verdict });
  }
  return { withdraw, stay: stays.length === 0 ? undefined : { until: Math.min(...stays), why } };
}

/** A reason to withdraw, a moment to stay until, or undefined: nothing to decide in this run. */
type KeyVerdict = WithdrawReason | number | undefined;

function judgeAsMaster(observation: Observation, key: OwnKey): KeyVerdict {
  const { now, policy, others } = observation;
  if (key.startTime > latestStartTime(now, policy)) return 'start-time-too-far';
  if (others.some((other) => entryOf(currentRecord(other), key.keyId)?.refused)) return 'refused-by-kme';
  if (!isConfirmed(observation, key)) return byDeadline(observation, masterDeadline(key.startTime, policy));
  // It was there when we confirmed it, so the slave has withdrawn it: it never read our confirmation.
  const gone = others.some((other) => other.reading.kind === 'read' && listing(other.reading.record, key, now) === undefined);
  return gone ? 'missing-at-other-end' : undefined;
}

function judgeAsSlave(observation: Observation, key: OwnKey): KeyVerdict {
  const { now, run, policy, others } = observation;
  const reading = others[0]?.reading;
  if (reading?.kind !== 'read') {
    return isConfirmed(observation, key) ? undefined : byDeadline(observation, slaveDeadline(key.startTime, policy));
  }
  const entry = entryOf(reading.record, key.keyId);
  if (entry === undefined) return 'missing-at-other-end';
  if (entry.startTime !== key.startTime) return 'start-time-differs';
  if (isConfirmedByMaster(observation, key)) return undefined;
  const last = lastConfirmation(key.startTime, policy);
  if (reading.askedAt >= last) return 'not-confirmed';
  if (last > nextTick(run.startedAt, policy)) return undefined;
  // The record was read while the master could still confirm: one more look decides, if there is time for it.
  const latest = Math.min(slaveDeadline(key.startTime, policy), run.budgetEnd);
  return now >= latest ? 'not-confirmed' : Math.min(latest, Math.max(last, now + policy.poll * 1000));
}

/** The key is not confirmed: withdraw it at the deadline, in this run when the next one would be too late. */
function byDeadline(observation: Observation, deadline: number): KeyVerdict {
  const { now, run, policy } = observation;
  if (deadline > nextTick(run.startedAt, policy)) return undefined;
  const decided = Math.min(deadline, run.budgetEnd);
  return now >= decided ? 'not-confirmed' : decided;
}
