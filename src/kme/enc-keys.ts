// enc_keys, "Get key" (ETSI GS QKD 014 clauses 5.2 and 6.2): the master draws new keys. GET carries number and
// size; additional slaves need POST. Each call that reaches the KME may use keys up, so it is repeated only after
// a connection that was never established, or an answer that says that no key was given.

import { QkdError } from '../errors.ts';
import type { EncKeysRequest, KmeKey } from '../workflow/ports.ts';
import type { Attempt } from './attempts.ts';
import { readKeyContainer } from './key-container.ts';
import { attempt } from './kme-exchange.ts';
import type { KmeConnection, KmeRequest } from './kme-exchange.ts';

/** One enc_keys, `timeout` in seconds. */
export function encKeys(kme: KmeConnection, request: EncKeysRequest, timeout: number): Promise<Attempt<KmeKey[]>> {
  return attempt(kme, encKeysRequest(request), timeout, (body) => readKeyContainer(body, request));
}

function encKeysRequest({ slaveSaeId, additionalSlaveSaeIds = [], number, size }: EncKeysRequest): KmeRequest {
  checkAmount(number, size);
  const request = { call: 'enc_keys', saeId: slaveSaeId } as const;
  if (additionalSlaveSaeIds.length === 0) return { ...request, query: `number=${number}&size=${size}` };
  return { ...request, body: { number, size, additional_slave_SAE_IDs: additionalSlaveSaeIds } };
}

/** A number of keys and a size in bits that the interface can express in octets. */
export function checkAmount(number: number, size: number): void {
  if (!Number.isSafeInteger(number) || number < 1) throw new QkdError('internal', 'number of keys is not a positive integer');
  if (!Number.isSafeInteger(size) || size < 8 || size % 8 !== 0) throw new QkdError('internal', 'size is not a multiple of 8 bits');
}
