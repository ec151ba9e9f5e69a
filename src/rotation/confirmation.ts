// Who knows what about a key: the heart of the agreement. The master confirms a key once it has read, in
// every slave's record, that the slave has it; a slave takes the confirmation over once it has read it.
// Records are files that may be lost, so a mark that is gone is looked for in the other end's record too.

import type { ListedKey } from './action.ts';
import { clockFault } from './clock-difference.ts';
import { lastInstallation, masterDeadline, slaveDeadline } from './deadlines.ts';
import { type KeyChain, type OwnKey, allList, currentRecord, entryOf, isOwn, listing } from './key-chain.ts';
import type { Observation, RecordView } from './observation.ts';

/** This end holds the key to be confirmed, by its own record or, when that is lost, by what remains. */
export function isConfirmed(observation: Observation, key: OwnKey): boolean {
  const { now, ownRecord, role, others, run, policy } = observation;
  if (isMarked(ownRecord, key)) return true;
  // Only the master confirms: a slave's mark proves that our own record once had it.
  if (role === 'master' && others.some((other) => isMarked(currentRecord(other), key))) return true;
  // Without a record the configuration speaks: an unconfirmed key would not have outlived its deadline.
  const deadline = role === 'master' ? masterDeadline(key.startTime, policy) : slaveDeadline(key.startTime, policy);
  return ownRecord === undefined && deadline < run.startedAt && now < key.startTime;
}

/** As a slave sees it: confirmed earlier, or in the master's record as read just now. */
export function isConfirmedByMaster(observation: Observation, key: OwnKey): boolean {
  return isConfirmed(observation, key) || observation.others.some((other) => isMarked(currentRecord(other), key));
}

function isMarked(record: RecordView | undefined, key: OwnKey): boolean {
  const entry = entryOf(record, key.keyId);
  return entry !== undefined && entry.confirmed && entry.startTime === key.startTime;
}

/**
 * Every end has the key and will keep it. A slave that is the only one knows it by the confirmation: the
 * master had the key then, and gives up what it has confirmed only when a slave no longer has it. The master
 * knows it when each slave has said that it read the confirmation; until then a slave may yet withdraw.
 */
export function isAgreed(observation: Observation, key: OwnKey): boolean {
  const { role, ends, ownRecord } = observation;
  if (role === 'slave') return ends === 2 && [ownRecord, ...observation.others.map(currentRecord)].some((record) => isMarked(record, key));
  return observation.others.every((other) => isMarked(currentRecord(other) ?? other.earlier?.record, key));
}

/** What the own record should say of a key now: confirmed earlier, or to be confirmed with the next publication. */
export function mayMark(observation: Observation, key: OwnKey): boolean {
  if (observation.role === 'slave') return isConfirmedByMaster(observation, key);
  return isConfirmed(observation, key) || canConfirm(observation, key);
}

/** Every slave has the key, it is not too late, and the ends would go over to it at the same moment. */
function canConfirm(observation: Observation, key: OwnKey): boolean {
  const { now, policy } = observation;
  const inTime = key.startTime <= now || now <= masterDeadline(key.startTime, policy);
  return inTime && allList(observation, key) && clockFault(observation) === undefined;
}

/** Scheduled keys, and those of this run, that the next publication calls confirmed for the first time. */
export function newlyConfirmed(observation: Observation, chain: KeyChain): OwnKey[] {
  return chain.own
    .filter((key) => key.startTime > observation.now || observation.run.installed.includes(key.keyId))
    .filter((key) => !isConfirmed(observation, key) && mayMark(observation, key));
}

/** Keys that this end has and that wait for the other ends. */
export function unconfirmedKeys(observation: Observation, chain: KeyChain): OwnKey[] {
  return chain.scheduled.filter((key) => !isConfirmed(observation, key));
}

/**
 * Every other end says that its KME does not give it the key in use here, and none has an older one: nothing is shared
 * that a new key could take away. As for the very first key, a slave that died after `dec_keys` has cost it.
 */
export function mustStartOver(observation: Observation, chain: KeyChain): boolean {
  const { role, others, mka, now } = observation;
  const { inUse, started } = chain;
  // An operator's key may be shared without any record that says so.
  if (role === 'slave' || inUse === undefined || !started.every(isOwn)) return false;
  if (mka.kind === 'read' && started.some(({ ckn }) => ckn !== undefined && mka.liveCkns.includes(ckn))) return false;
  return others.every((other) => {
    const record = currentRecord(other);
    return entryOf(record, inUse.keyId ?? '')?.refused === true && started.filter(isOwn).every((key) => listing(record, key, now) === undefined);
  });
}

/** What a slave lacks: keys in the master's record that it can still have in time, oldest first. */
export function lackingKeys(observation: Observation, chain: KeyChain): ListedKey[] {
  const master = observation.others[0];
  const record = master === undefined ? undefined : currentRecord(master);
  const wanted = (record?.keys ?? []).filter((entry) => isLacking(observation, entry)).sort((a, b) => a.startTime - b.startTime);
  const { now, policy } = observation;
  const inTime = wanted.filter((entry) => entry.startTime > now && now < lastInstallation(entry.startTime, entry.confirmed, policy));
  // A master that is still on its pre-shared-key uses what it published last, and shares the one before it only until then.
  const last = record?.method === 'pre-shared-key' ? record.keys.findLast((entry) => !entry.refused) : undefined;
  if (last !== undefined) return wanted.includes(last) ? [last] : [];
  if (chain.started.length > 0 && !isLeftBehind(observation, chain)) return inTime;
  // There is nothing to lose: the master's key in use is better late than never.
  const inUse = wanted.filter((entry) => entry.startTime <= now).at(-1);
  return inUse === undefined ? inTime : [inUse, ...inTime];
}

/** The link goes over to its pre-shared-key, and this end does not have the key that it goes over with. */
function isLeftBehind({ method, mka }: Observation, chain: KeyChain): boolean {
  return method === 'pre-shared-key' && chain.scheduled.length === 0 && mka.kind === 'read' && mka.interfaceUp !== false && mka.liveCkns.length === 0;
}

function isLacking(observation: Observation, entry: ListedKey): boolean {
  const { configuration, run, ownRecord } = observation;
  if (entry.refused || entryOf(ownRecord, entry.keyId)?.refused || run.refused.includes(entry.keyId)) return false;
  return !configuration.chain.some((key) => key.keyId === entry.keyId);
}
