// What a bench KME answers when nothing is wrong: status, enc_keys and dec_keys (ETSI GS QKD 014 clauses 5 and 6), as
// its profile understands them.

import type { DeliveredKey } from './fetch-rules.ts';
import { checkStatusRequest, type KmeCall, type RawRequest, readDecRequest, readEncRequest } from './key-request.ts';
import type { KeyStore, Member } from './key-store.ts';
import type { KeyMaker } from './new-keys.ts';
import type { Profile } from './profiles.ts';
import { RefusedRequest } from './refusals.ts';
import { CAPACITY } from './stock.ts';

/** KMEs that share keys. */
export interface Group {
  readonly store: KeyStore;
  readonly keys: KeyMaker;
  /** Milliseconds until the other KMEs know a new key. */
  readonly propagationDelay: number;
  /** max_key_count of the status. */
  readonly capacity?: number;
  /** Told of every key that is handed out, and whether it is new. */
  readonly onDelivery?: (keys: readonly DeliveredKey[], isNew: boolean) => void;
}

export interface Asked {
  readonly kme: string;
  readonly profile: Profile;
  readonly caller: string;
  /** The SAE in the path: the slave for status and enc_keys, the master for dec_keys. */
  readonly otherSae: string;
  readonly call: KmeCall;
  readonly raw: RawRequest;
  /** By this KME's clock. */
  readonly now: number;
  /** Milliseconds on top of the group's delay; Infinity while the link to the other KMEs is down. */
  readonly extraDelay: number;
}

/** The JSON of a 200 answer. Throws RefusedRequest; then no key was used up. */
export async function answerFor(group: Group, asked: Asked): Promise<object> {
  const { caller, otherSae, profile, call } = asked;
  if (otherSae === caller && !(call === 'dec_keys' && profile.delivery.toMaster)) throw new RefusedRequest('same-sae', 'master and slave SAE are the same');
  if (call === 'dec_keys') return decKeys(group, asked);
  const members = await group.store.members();
  refuseUnknown(members, [otherSae], profile);
  return call === 'enc_keys' ? encKeys(group, asked, members) : status(group, asked, members);
}

function refuseUnknown(members: readonly Member[], saes: readonly string[], { reading }: Profile): void {
  if (reading.unknownSlaves) return;
  if (!saes.every((sae) => members.some(({ saeIds }) => saeIds.includes(sae)))) throw new RefusedRequest('unknown-slave', 'slave SAE is not known');
}

async function status(group: Group, { kme, profile, caller, otherSae, raw }: Asked, members: readonly Member[]): Promise<object> {
  checkStatusRequest(raw, profile);
  const { limits } = profile;
  const capacity = group.capacity ?? CAPACITY;
  const target = members.find(({ name, saeIds }) => name !== kme && saeIds.includes(otherSae))?.name ?? kme;
  const counts = {
    stored_key_count: profile.status === 'hidden-stock' ? 0 : Math.min(await group.store.stock(), capacity),
    max_key_count: capacity,
    max_key_per_request: limits.maxKeyPerRequest,
    max_key_size: limits.maxKeySize,
    min_key_size: limits.minKeySize,
    max_SAE_ID_count: limits.maxSaeIdCount,
  };
  return {
    source_KME_ID: kme,
    target_KME_ID: profile.status === 'integer-target' ? 0 : target,
    master_SAE_ID: caller,
    slave_SAE_ID: otherSae,
    key_size: limits.keySize,
    ...(profile.status === 'zeros' ? zeros(counts) : counts),
    ...(profile.extraMembers ? { status_extension: null } : {}),
  };
}

/** Every count 0. */
export function zeros(counts: object): object {
  return Object.fromEntries(Object.keys(counts).map((name) => [name, 0]));
}

async function encKeys(group: Group, asked: Asked, members: readonly Member[]): Promise<object> {
  const { kme, profile, caller, otherSae, raw, now } = asked;
  const { number, size, additionalSlaves } = readEncRequest(raw, profile);
  const slaves = [otherSae, ...additionalSlaves];
  if (new Set(slaves).size < slaves.length) throw new RefusedRequest('additional-slaves', 'slave SAE given twice');
  if (slaves.includes(caller)) throw new RefusedRequest('same-sae', 'master and slave SAE are the same');
  refuseUnknown(members, slaves, profile);
  const keys = Array.from({ length: number }, () => group.keys.make(size, profile.keyIdStart));
  const drawn = await group.store.draw({ kme, master: caller, slaves, keys, now, knownAt: now + group.propagationDelay + asked.extraDelay, voidsEarlier: profile.delivery.voidsEarlier });
  if (!drawn) throw new RefusedRequest('stock-empty');
  group.onDelivery?.(keys, true);
  return container(keys, profile);
}

async function decKeys(group: Group, { kme, profile, caller, otherSae, raw, now }: Asked): Promise<object> {
  const ids = readDecRequest(raw, profile);
  const keyIds = [...new Set(ids)];
  const keys = await group.store.fetch({ kme, caller, master: otherSae, keyIds, delivery: profile.delivery, now });
  if (typeof keys === 'string') throw new RefusedRequest(keys);
  group.onDelivery?.(keys, false);
  const inOrder = profile.keyOrder === 'stored' ? byStore(keys) : ids.flatMap((id) => keys[keyIds.indexOf(id)] ?? []);
  return container(inOrder, profile);
}

/** Any order that is not the one of the request: that of the IDs. */
function byStore(keys: readonly DeliveredKey[]): DeliveredKey[] {
  return [...keys].sort((a, b) => (a.keyId < b.keyId ? -1 : 1));
}

function container(keys: readonly DeliveredKey[], { extraMembers }: Profile): object {
  const inKey = extraMembers ? { key_ID_extension: null, key_extension: null } : {};
  const around = extraMembers ? { key_container_extension: null, easy_kme_certificate_extension: { issued: true } } : {};
  return { keys: keys.map(({ keyId, bytes }) => ({ key_ID: keyId, key: bytes.toString('base64'), ...inKey })), ...around };
}
