// dec_keys, "Get key with key IDs" (ETSI GS QKD 014 clauses 5.3 and 6.4): the slave fetches the keys that the
// master drew. A key may reach the slave's KME after its ID reached us, so "not found" is asked again a few times;
// after a lost answer the key is gone, which the KME will say itself. An ID comes back exactly as it was asked for,
// letter case included: another spelling is another ID.

import { oneLine, QkdError } from '../errors.ts';
import type { DecKeysRequest, KmeKey } from '../workflow/ports.ts';
import type { Attempt } from './attempts.ts';
import { checkAmount } from './enc-keys.ts';
import { isKeyId } from './key-container.ts';
import { attempt } from './kme-exchange.ts';
import type { KmeConnection } from './kme-exchange.ts';

/** One dec_keys, `timeout` in seconds; the keys come in the order asked for. `strict` refuses an answer with more than them. */
export function decKeys(kme: KmeConnection, request: DecKeysRequest, timeout: number, strict: boolean): Promise<Attempt<KmeKey[]>> {
  const asked = { number: request.keyIds.length, size: request.size, mayHaveMore: !strict };
  return attempt(kme, kme.wire.decKeys(request), timeout, (body) => {
    const keys = kme.wire.readKeys(body, asked);
    const found = inOrder(keys, request.keyIds);
    const surplus = keys.filter((key) => !found.includes(key));
    if (surplus.length > 0) kme.log.write('WARNING', 'kme', 'the KME returned keys that were not asked for: dropped', { kme: kme.address.name, keys: surplus.length });
    for (const { key } of surplus) key.wipe();
    return found;
  });
}

/** Throws `kme-request`: IDs were read from another router's record and must not reach a path unless they are harmless there. */
export function checkDecKeysRequest({ keyIds, size }: DecKeysRequest): void {
  checkAmount(keyIds.length, size);
  for (const keyId of keyIds) {
    if (!isKeyId(keyId)) throw new QkdError('kme-request', `key_ID ${oneLine(keyId, 60)} is not one that a KME can have given`);
  }
  if (new Set(keyIds).size !== keyIds.length) throw new QkdError('kme-request', 'the same key_ID twice in one request');
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
