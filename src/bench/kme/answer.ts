// What a bench KME answers when nothing is wrong: status, enc_keys and dec_keys (ETSI GS QKD 014 clauses 5 and 6),
// with the standard's own sentences where it has some.

import type { KmeCall } from '../../kme/kme-address.ts';
import type { DeliveredKey, KeyStore } from './key-store.ts';
import { checkStatusRequest, readDecRequest, readEncRequest, RefusedRequest } from './key-request.ts';
import type { Limits, RawRequest } from './key-request.ts';

/** KMEs that share keys. */
export interface Group {
  readonly store: KeyStore;
  readonly limits: Limits;
  readonly members: readonly { readonly name: string; readonly saeIds: readonly string[] }[];
}

export interface Asked {
  readonly kme: string;
  readonly caller: string;
  /** The SAE in the path: the slave for status and enc_keys, the master for dec_keys. */
  readonly otherSae: string;
  readonly call: KmeCall;
  readonly raw: RawRequest;
}

/** The JSON of a 200 answer. Throws RefusedRequest; then no key was used up. */
export function answerFor(group: Group, asked: Asked): object {
  if (asked.otherSae === asked.caller) throw new RefusedRequest(400, 'master and slave SAE are the same');
  if (asked.call === 'dec_keys') return decKeys(group, asked);
  if (!serves(group, asked.otherSae)) throw new RefusedRequest(400, 'slave SAE is not known');
  return asked.call === 'enc_keys' ? encKeys(group, asked) : status(group, asked);
}

const MAX_KEY_COUNT = 100_000;

function serves({ members }: Group, sae: string): boolean {
  return members.some(({ saeIds }) => saeIds.includes(sae));
}

function status({ limits, store, members }: Group, { kme, caller, otherSae, raw }: Asked): object {
  checkStatusRequest(raw);
  return {
    source_KME_ID: kme,
    target_KME_ID: members.find(({ name, saeIds }) => name !== kme && saeIds.includes(otherSae))?.name ?? kme,
    master_SAE_ID: caller,
    slave_SAE_ID: otherSae,
    key_size: limits.keySize,
    stored_key_count: Math.min(store.left, MAX_KEY_COUNT),
    max_key_count: MAX_KEY_COUNT,
    max_key_per_request: limits.maxKeyPerRequest,
    max_key_size: limits.maxKeySize,
    min_key_size: limits.minKeySize,
    max_SAE_ID_count: limits.maxSaeIdCount,
  };
}

function encKeys(group: Group, { kme, caller, otherSae, raw }: Asked): object {
  const { store, limits } = group;
  const { number, size, additionalSlaves } = readEncRequest(raw, limits);
  const slaves = [otherSae, ...additionalSlaves];
  if (new Set(slaves).size < slaves.length) throw new RefusedRequest(400, 'slave SAE given twice');
  if (slaves.includes(caller)) throw new RefusedRequest(400, 'master and slave SAE are the same');
  if (!slaves.every((sae) => serves(group, sae))) throw new RefusedRequest(400, 'slave SAE is not known');
  const keys = store.draw({ kme, master: caller, slaves, number, size });
  if (keys === undefined) throw new RefusedRequest(503, 'not enough keys available');
  return container(keys);
}

function decKeys({ store }: Group, { kme, caller, otherSae, raw }: Asked): object {
  const keys = store.fetch({ kme, caller, master: otherSae, keyIds: readDecRequest(raw) });
  if (keys === 'not-found') throw new RefusedRequest(400, 'one or more keys specified are not found on KME');
  if (keys === 'not-entitled') throw new RefusedRequest(401, '');
  return container(keys);
}

function container(keys: readonly DeliveredKey[]): object {
  return { keys: keys.map(({ keyId, bytes }) => ({ key_ID: keyId, key: bytes.toString('base64') })) };
}
