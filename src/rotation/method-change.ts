// A live link on its way from one method to the other. The key in use is carried over as it is, same CKN
// and same CAK, so the ends may go at different ticks: before, between and after, both use that key. Towards
// the pre-shared-key this holds only once no scheduled key is left that one end would still go over to.

import type { ListedKey, Move, Withdraw } from './action.ts';
import { type ActiveKey, type KeyChain, currentRecord, isOwn } from './key-chain.ts';
import type { Observation } from './observation.ts';
import { freeSlots } from './ring.ts';

/** Start time of a key carried over into an empty chain: long past, so that it is in use at once. */
const LONG_PAST = Date.UTC(2000, 0, 1);

/** And into one with keys: so long after the newest started one. No two keys that were drawn are so close. */
const JUST_AFTER = 1000;

/** The key came into the chain by a move: when it did, its start time does not tell. */
export function isCarriedOver(key: ActiveKey, before: ActiveKey | undefined): boolean {
  return key.startTime === LONG_PAST || key.startTime - (before?.startTime ?? 0) === JUST_AFTER;
}

/** Pre-shared-key to key chain: at once. A chain left from earlier is cleared of keys that would start by themselves. */
export function moveToKeyChain(observation: Observation, chain: KeyChain): Move | Withdraw | undefined {
  const ckn = observation.configuration.preSharedKey?.ckn;
  if (ckn === undefined) return undefined;
  if (chain.scheduled.length > 0) {
    return { kind: 'withdraw', keys: chain.scheduled.map(({ slot, keyId, startTime }) => ({ slot, keyId, startTime, reason: 'not-confirmed' })) };
  }
  const present = chain.inUse;
  if (present?.ckn === ckn) return { kind: 'move', to: 'key-chain', ckn, slot: present.slot, startTime: present.startTime };
  const slot = emptiestSlot(observation, chain, ckn);
  if (slot === undefined) return undefined;
  return { kind: 'move', to: 'key-chain', ckn, slot, startTime: Math.max(LONG_PAST, (present?.startTime ?? 0) + JUST_AFTER) };
}

/**
 * Pre-shared-key to key chain: the master goes when every slave has its present key. Until then the key before it,
 * which Junos keeps beside a pre-shared-key and not beside a chain, may be the only one that they share.
 */
export function isShared({ configuration, mka, others, role, now }: Observation): boolean {
  const present = configuration.preSharedKey;
  // A key that no KME gave was on all ends from the first.
  if (role === 'slave' || present?.keyId === undefined) return true;
  if (mka.kind === 'read' && mka.allLiveCkns.includes(present.ckn)) return true;
  return others.every((other) => currentRecord(other)?.keys.findLast((entry) => !entry.refused && entry.startTime <= now)?.keyId === present.keyId);
}

/** The slot that already names this key, else an empty one, else the oldest: the chain is not bound, none of it is in use. */
function emptiestSlot(observation: Observation, chain: KeyChain, ckn: string): number | undefined {
  const same = chain.keys.find((key) => key.ckn === ckn);
  if (same !== undefined) return same.slot;
  return freeSlots(observation, chain, 1)[0] ?? chain.started.filter(isOwn).find((key) => key.slot < observation.policy.ring)?.slot;
}

/** Key chain to pre-shared-key: when the scheduled keys have run out and the other ends are on the same last key. */
export function moveToPreSharedKey(observation: Observation, chain: KeyChain): Move | undefined {
  const { mka, others, role, ends } = observation;
  const last = chain.inUse;
  if (last?.ckn === undefined || !isOwn(last) || chain.scheduled.length > 0) return undefined;
  if (mka.kind === 'read' && mka.interfaceUp !== false && !mka.liveCkns.includes(last.ckn)) return undefined;
  // A record from before the start may be that of an end that has withdrawn the key since.
  const fresh = others.map(currentRecord).map((record) => ((record?.writtenAt ?? 0) >= last.startTime ? record : undefined));
  const newest = fresh.map((record) => record?.keys.filter((entry) => !entry.refused).at(-1));
  if (!newest.every((entry) => entry?.keyId === last.keyId)) return undefined;
  // Only the master sees every slave. Where there are several, a slave follows once the master has gone.
  if (role === 'slave' && ends > 2 && fresh.some((record) => record?.method !== 'pre-shared-key')) return undefined;
  return { kind: 'move', to: 'pre-shared-key', ckn: last.ckn, slot: last.slot };
}

/** After the move the key in use is the only one, since now: the publication that other ends may wait for. */
export function announcementOfMove(observation: Observation): readonly ListedKey[] | undefined {
  const { configuration, method, now, ownRecord } = observation;
  const keyId = configuration.preSharedKey?.keyId;
  if (method !== 'pre-shared-key' || configuration.binding !== 'pre-shared-key' || keyId === undefined) return undefined;
  const left = configuration.chain.find((key) => key.keyId === keyId);
  const told = ownRecord?.keys.filter((entry) => !entry.refused).at(-1);
  // Whatever else the record lists last, the move was not told: a withdrawal before it that was not told either.
  const stale = told?.keyId !== keyId || told.startTime === left?.startTime;
  return left !== undefined && stale ? [{ keyId, startTime: now, confirmed: true, refused: false }] : undefined;
}

/** True when the move is what the inventory asks for and the configuration does not have yet. */
export function isMoving(observation: Observation): 'key-chain' | 'pre-shared-key' | undefined {
  const { method, configuration } = observation;
  if (method === 'key-chain') return configuration.binding === 'pre-shared-key' ? 'key-chain' : undefined;
  return configuration.binding === 'key-chain' ? 'pre-shared-key' : undefined;
}
