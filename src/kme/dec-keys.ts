// dec_keys, "Get key with key IDs" (ETSI GS QKD 014 clauses 5.3 and 6.4): the slave fetches the keys that the
// master drew. GET carries one key_ID; several need POST. A key may reach the slave's KME after its ID reached us,
// so "not found" is asked again a few times; after a lost answer the key is gone, which the KME will say itself.
// An ID comes back exactly as it was asked for, letter case included: another spelling is another ID.

import { oneLine, QkdError } from '../errors.ts';
import type { DecKeysRequest, KmeKey } from '../workflow/ports.ts';
import type { Attempt } from './attempts.ts';
import { checkAmount } from './enc-keys.ts';
import { isKeyId, readKeyContainer } from './key-container.ts';
import { attempt } from './kme-exchange.ts';
import type { KmeConnection, KmeRequest } from './kme-exchange.ts';

/** One dec_keys, `timeout` in seconds; the keys come in the order asked for. */
export function decKeys(kme: KmeConnection, request: DecKeysRequest, timeout: number): Promise<Attempt<KmeKey[]>> {
  const asked = { number: request.keyIds.length, size: request.size };
  return attempt(kme, decKeysRequest(request), timeout, (body) => inOrder(readKeyContainer(body, asked), request.keyIds));
}

function decKeysRequest({ masterSaeId, keyIds, size }: DecKeysRequest): KmeRequest {
  checkAmount(keyIds.length, size);
  for (const keyId of keyIds) {
    // It was read from another router's record: it must not reach a path unless it is harmless there.
    if (!isKeyId(keyId)) throw new QkdError('kme-request', `key_ID ${oneLine(keyId, 60)} is not one that a KME can have given`);
  }
  if (new Set(keyIds).size !== keyIds.length) throw new QkdError('kme-request', 'the same key_ID twice in one request');
  const request = { call: 'dec_keys', saeId: masterSaeId } as const;
  const [keyId, ...more] = keyIds;
  if (more.length === 0) return { ...request, query: `key_ID=${encodeURIComponent(keyId as string)}` };
  return { ...request, body: { key_IDs: keyIds.map((key_ID) => ({ key_ID })) } };
}

function inOrder(keys: readonly KmeKey[], keyIds: readonly string[]): KmeKey[] {
  return keyIds.map((asked) => {
    const found = keys.find(({ keyId }) => keyId === asked);
    if (found !== undefined) return found;
    for (const { key } of keys) key.wipe();
    const hint = 'report this to the operator of the KME: it returned a key that was not asked for';
    throw new QkdError('kme-answer', `the KME did not return key ${asked}`, { hint });
  });
}
