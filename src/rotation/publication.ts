// What the own record should say about a link: the configuration as it is, the marks that go with it, and
// the keys that the own KME refused. Nothing in it is needed to go on: without the record the marks come
// back from the other end, and a refusal is repeated.

import type { ListedKey } from './action.ts';
import { measuringUntil } from './clock-difference.ts';
import { mayMark } from './confirmation.ts';
import { type KeyChain, type OwnKey, currentRecord } from './key-chain.ts';
import type { Observation } from './observation.ts';

/** The link's keys for the own record, newest last. */
export function keysToPublish(observation: Observation, chain: KeyChain): ListedKey[] {
  // An operator may have copied a key into a second slot. A record that names a key twice is refused by its readers.
  const isFirst = (key: OwnKey, index: number): boolean => chain.own.findIndex(({ keyId }) => keyId === key.keyId) === index;
  const held = chain.own.filter(isFirst).map((key) => ({ keyId: key.keyId, startTime: key.startTime, confirmed: mayMark(observation, key), refused: false }));
  const refused = refusedKeys(observation);
  return refused.length === 0 ? held : [...held, ...refused].sort((a, b) => a.startTime - b.startTime);
}

/** Refusals stay published while the master lists the key, started or not: until then it is not asked for again. */
function refusedKeys(observation: Observation): ListedKey[] {
  const { others, ownRecord, run, configuration } = observation;
  const refused = [...run.refused, ...(ownRecord?.keys ?? []).filter((entry) => entry.refused).map((entry) => entry.keyId)];
  if (refused.length === 0) return [];
  const offered = others[0] === undefined ? undefined : currentRecord(others[0]);
  return (offered ?? ownRecord)?.keys
    .filter((entry) => refused.includes(entry.keyId))
    .filter((entry) => !configuration.chain.some((key) => key.keyId === entry.keyId))
    .map((entry) => ({ keyId: entry.keyId, startTime: entry.startTime, confirmed: false, refused: true })) ?? [];
}

/** True when the own record does not say what it should, or has not been written in this run. */
export function mustPublish(observation: Observation, keys: readonly ListedKey[]): boolean {
  const { now, ownRecord, policy, run } = observation;
  // Written at least once a run: its time lets the others compare clocks and trust it as a witness.
  if (ownRecord?.writtenAt === undefined || ownRecord.writtenAt < run.startedAt) return true;
  if (measuringUntil(observation) !== undefined && ownRecord.writtenAt + policy.poll * 1000 <= now) return true;
  return ownRecord.keys.length !== keys.length || !keys.every((key, index) => sameEntry(key, ownRecord.keys[index]));
}

function sameEntry(a: ListedKey, b: ListedKey | undefined): boolean {
  return b !== undefined && a.keyId === b.keyId && a.startTime === b.startTime && a.confirmed === b.confirmed && a.refused === b.refused;
}
