// Deliberate faults of the protocol, each of which the simulation must catch: what they break is what the
// invariants are for. A mutant is the real planner with its observation or its action bent.

import type { Action, WithdrawReason } from '../../rotation/action.ts';
import { isOwn, keyChainAt } from '../../rotation/key-chain.ts';
import type { Observation, OtherEnd, RecordView } from '../../rotation/observation.ts';
import { planKeyChain } from '../../rotation/plan-key-chain.ts';
import { planPreSharedKey } from '../../rotation/pre-shared-key.ts';
import type { PreSharedKeyPlanner } from './pre-shared-key-run.ts';
import type { Planner } from './run.ts';

export const PRE_SHARED_KEY_MUTANTS: Readonly<Record<string, PreSharedKeyPlanner>> = {
  'a pre-shared-key is replaced that the slave has not taken': (view) => planPreSharedKey(view.role === 'master' ? { ...view, mka: 'live', sawBehind: false } : view),
  'a slave never takes the pre-shared-key of the master': (view) => planPreSharedKey(view.role === 'slave' ? { ...view, others: new Map() } : view),
};

export const MUTANTS: Readonly<Record<string, Planner>> = {
  'the master never fetches': onMaster((o) => without(o, 'fetch')),
  'the master never publishes': onMaster((o) => without(o, 'publish')),
  'a new key starts at once': (o) => startingAt(o, () => Math.floor(o.now / 1000) * 1000),
  'the slave ignores the zone of the start time': onSlave((o) => startingAt(o, (startTime) => startTime + 3_600_000)),
  'the slot of the key in use is overwritten': (o) => intoSlotInUse(o),
  'the master confirms before it has read': onMaster((o) => planKeyChain({ ...o, others: o.others.map((other) => agreeing(o, other)) })),
  'one slave is enough': (o) => planKeyChain({ ...o, others: o.others.slice(0, 1) }),
  'the master keeps what nobody confirmed': onMaster((o) => spared(o, 'not-confirmed')),
  'the slave keeps what the master did not confirm': onSlave((o) => spared(o, 'not-confirmed')),
  'the master decides when the slave does': onMaster((o) => planKeyChain({ ...o, policy: { ...o.policy, interval: 1 } })),
  'the margin is skipped': (o) => planKeyChain({ ...o, policy: { ...o.policy, margin: 0 } }),
  'what started alone stays': (o) => spared(o, 'activated-alone'),
  'the key in use is withdrawn': (o) => withdrawnInUse(o),
  'marks are forgotten': (o) => planKeyChain({ ...o, ownRecord: o.ownRecord && unmarked(o.ownRecord) }),
  'a cut line counts as silence': (o) => planKeyChain({ ...o, mka: silent(o.mka) }),
  'a CKN that is heard is taken at its word': (o) => hearsay(o),
  'a CKN that is heard counts as often as the run looks': (o) => planKeyChain({ ...o, run: { ...o.run, withdrawn: [] } }),
  'a link moves to its key chain with a key that is not shared': (o) => planKeyChain({ ...o, configuration: { ...o.configuration, preSharedKey: o.configuration.preSharedKey && { ...o.configuration.preSharedKey, keyId: undefined } } }),
  'a run draws again and again': (o) => planKeyChain({ ...o, run: { ...o.run, fetched: [], installed: [] } }),
};

function onMaster(bent: Planner): Planner {
  return (observation) => (observation.role === 'master' ? bent(observation) : planKeyChain(observation));
}

function onSlave(bent: Planner): Planner {
  return (observation) => (observation.role === 'slave' ? bent(observation) : planKeyChain(observation));
}

function unmarked(record: RecordView): RecordView {
  return { ...record, keys: record.keys.map((key) => ({ ...key, confirmed: false })) };
}

function silent(mka: Observation['mka']): Observation['mka'] {
  return mka.kind === 'read' && mka.liveCkns.length === 0 ? { ...mka, interfaceUp: true, silentSince: 0 } : mka;
}

/** The planner with one kind of action left out: the run ends there. */
function without(observation: Observation, kind: Action['kind']): Action {
  const action = planKeyChain(observation);
  return action.kind === kind ? ended() : action;
}

function ended(): Action {
  return { kind: 'done', outcome: 'unchanged', reason: 'not-due', keyId: undefined };
}

function startingAt(observation: Observation, startTime: (planned: number) => number): Action {
  const action = planKeyChain(observation);
  if (action.kind !== 'install') return action;
  return { ...action, keys: action.keys.map((key) => ({ ...key, startTime: startTime(key.startTime) })) };
}

function intoSlotInUse(observation: Observation): Action {
  const action = planKeyChain(observation);
  const slot = keyChainAt(observation.configuration.chain, observation.now).inUse?.slot;
  const first = action.kind === 'install' ? action.keys[0] : undefined;
  return first === undefined || slot === undefined ? action : { kind: 'install', keys: [{ ...first, slot }] };
}

/** Another end whose record has whatever we have. */
function agreeing(observation: Observation, other: OtherEnd): OtherEnd {
  const keys = observation.configuration.chain.map((key) => {
    return { keyId: key.keyId ?? '', startTime: key.startTime ?? 0, confirmed: false, refused: false };
  });
  return { ...other, reading: { kind: 'read', record: { writtenAt: observation.now, keys }, askedAt: observation.now, readAt: observation.now } };
}

function spared(observation: Observation, reason: WithdrawReason): Action {
  const action = planKeyChain(observation);
  if (action.kind !== 'withdraw') return action;
  const keys = action.keys.filter((key) => key.reason !== reason);
  return keys.length === 0 ? ended() : { ...action, keys };
}

/** Whatever is newer than the key that was heard is given up. */
function hearsay(observation: Observation): Action {
  const heard = observation.mka.kind === 'read' ? observation.mka.heardCkn : undefined;
  const { started } = keyChainAt(observation.configuration.chain, observation.now);
  const newer = started.slice(1 + started.findIndex(({ ckn }) => ckn !== undefined && ckn === heard)).filter(isOwn);
  if (newer.length === 0 || newer.length === started.length) return planKeyChain(observation);
  return { kind: 'withdraw', keys: newer.map(({ slot, keyId, startTime }) => ({ slot, keyId, startTime, reason: 'activated-alone' })) };
}

function withdrawnInUse(observation: Observation): Action {
  const action = planKeyChain(observation);
  const chain = keyChainAt(observation.configuration.chain, observation.now);
  const key = chain.inUse;
  if (action.kind !== 'install' || key?.keyId === undefined || chain.started.length < 2) return action;
  return { kind: 'withdraw', keys: [{ slot: key.slot, keyId: key.keyId, startTime: key.startTime, reason: 'not-confirmed' }] };
}
