// Which key-chain slots a new key may take. Slots 0 to ring-1 are overwritten in place, oldest key first;
// an operator's keys, deactivated keys and keys whose start time is not understood keep their slots. The
// key in use, the one before it (it holds the session while MKA goes over) and every scheduled key are
// never overwritten, nor is the newest key that the other ends have too; and nothing that has started is
// overwritten while another end's record cannot be read.

import { type ActiveKey, type KeyChain, type OwnKey, allList, currentRecord, isOwn, listing } from './key-chain.ts';
import type { Observation } from './observation.ts';

/** Up to `count` slots in the order in which to fill them; fewer when the ring does not have them. */
export function freeSlots(observation: Observation, chain: KeyChain, count: number): number[] {
  const { configuration, policy } = observation;
  if (count === 0) return [];
  const newest = chain.own.at(-1)?.slot ?? -1;
  const empty: number[] = [];
  for (let step = 1; step <= policy.ring; step++) {
    const slot = (newest + step + policy.ring) % policy.ring;
    if (!configuration.chain.some((key) => key.slot === slot)) empty.push(slot);
  }
  const slots = empty.length < count ? [...empty, ...spentSlots(observation, chain)] : empty;
  return slots.slice(0, count);
}

/** Slots of keys that have had their time, oldest first. */
function spentSlots(observation: Observation, chain: KeyChain): number[] {
  const { others, mka, policy } = observation;
  // Without knowing what the other ends have, any older key may be the one to meet them on.
  if (others.some((other) => other.reading.kind !== 'read')) return [];
  const kept: ActiveKey[] = [...chain.started.slice(-2), ...meetingKeys(observation, chain)];
  const inSession = mka.kind === 'read' ? [...mka.liveCkns, mka.heardCkn] : [];
  return chain.started
    .filter((key) => isOwn(key) && key.slot < policy.ring && !kept.includes(key))
    .filter((key) => key.ckn === undefined || !inSession.includes(key.ckn))
    .map((key) => key.slot);
}

/** The newest started key that all other ends list, and the newest that each of them lists. */
function meetingKeys(observation: Observation, chain: KeyChain): OwnKey[] {
  const newestFirst = chain.started.filter(isOwn).reverse();
  const ofEach = observation.others.map((other) => newestFirst.find((key) => listing(currentRecord(other), key, observation.now)));
  const ofAll = newestFirst.find((key) => allList(observation, key));
  return [ofAll, ...ofEach].filter((key) => key !== undefined);
}
