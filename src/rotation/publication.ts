// What the own record should say about a link: the configuration as it is, the marks that go with it, and
// the keys that the own KME refused. Nothing in it is needed to go on: without the record the marks come
// back from the other end, and a refusal is repeated.

import type { ListedKey } from './action.ts';
import { measuringUntil } from './clock-difference.ts';
import { mayMark } from './confirmation.ts';
import { type KeyChain, currentRecord, entryOf, includesKeyId, sameKeyId } from './key-chain.ts';
import type { Observation } from './observation.ts';

/** The link's keys for the own record, newest last. */
export function keysToPublish(observation: Observation, chain: KeyChain): ListedKey[] {
  const held = chain.own.map((key) => ({
    keyId: spelling(observation, key.keyId),
    startTime: key.startTime,
    confirmed: mayMark(observation, key),
    refused: false,
  }));
  // An operator may have copied a key into a second slot. A record that names a key twice is refused by its readers.
  const isFirst = (key: ListedKey, index: number, all: readonly ListedKey[]): boolean => all.findIndex((other) => sameKeyId(other.keyId, key.keyId)) === index;
  return [...held, ...refusedKeys(observation)].sort((a, b) => a.startTime - b.startTime).filter(isFirst);
}

/** Refusals stay published while the master lists the key, started or not: until then it is not asked for again. */
function refusedKeys(observation: Observation): ListedKey[] {
  const { others, ownRecord, run, configuration } = observation;
  const offered = others[0] === undefined ? undefined : currentRecord(others[0]);
  const wasRefused = (keyId: string): boolean => includesKeyId(run.refused, keyId) || entryOf(ownRecord, keyId)?.refused === true;
  return (offered ?? ownRecord)?.keys
    .filter((entry) => wasRefused(entry.keyId))
    .filter((entry) => !configuration.chain.some((key) => key.keyId !== undefined && sameKeyId(key.keyId, entry.keyId)))
    .map((entry) => ({ keyId: entry.keyId, startTime: entry.startTime, confirmed: false, refused: true })) ?? [];
}

/** As the KME wrote it: the CKN keeps a key_ID in lower case only, and dec_keys is asked with these bytes. */
function spelling(observation: Observation, keyId: string): string {
  const known = entryOf(observation.ownRecord, keyId)?.keyId ?? observation.run.installed.find((id) => sameKeyId(id, keyId));
  return known ?? observation.others.map((other) => entryOf(currentRecord(other), keyId)?.keyId).find((id) => id !== undefined) ?? keyId;
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
