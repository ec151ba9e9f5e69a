// What a KME's status means for keys about to be drawn (ETSI GS QKD 014 clause 6.1). It is advice: the stock races
// with other SAEs, and KMEs in the field fill it with zeros. A limit or an SAE ID that contradicts the request stops
// it, before a key is used up; the rest is a doubt, which stops only where the inventory says strict.

import { QkdError } from '../errors.ts';
import type { KmeSettings } from '../inventory/inventory.ts';
import type { EncKeysRequest, KmeStatus } from '../workflow/ports.ts';

export interface StatusUse {
  readonly mode: KmeSettings['status'];
  /** Our SAE ID in the inventory; undefined: not compared. */
  readonly ownSaeId: string | undefined;
  /** The KME gave keys for these slaves before, or its status has been asked in this run. */
  readonly familiar: boolean;
  /** Told when its status has been read. */
  readonly onRead: () => void;
}

/** The doubts, each as a few words. Throws what contradicts the request; with strict, any doubt. */
export function judgeStatus(status: KmeStatus, request: EncKeysRequest, use: Pick<StatusUse, 'mode' | 'ownSaeId'>): string[] {
  const { masterSaeId, slaveSaeId, storedKeyCount } = status;
  if (use.ownSaeId !== undefined && masterSaeId !== undefined && masterSaeId !== use.ownSaeId) {
    throw new QkdError('certificate', `the KME knows us as ${masterSaeId}, the inventory says ${use.ownSaeId}`, { hint: 'check cert_file and sae_id of this device; if this KME writes SAE IDs in a form of its own, set kme.status to off' });
  }
  const doubts = [...status.doubts];
  if (slaveSaeId !== undefined && slaveSaeId !== request.slaveSaeId) doubts.push(`it is about ${slaveSaeId} instead of ${request.slaveSaeId}`);
  if (hasLimits(status)) checkLimits(status, request);
  else doubts.push('it has no limits');
  if (use.mode === 'strict' && doubts[0] !== undefined) {
    throw new QkdError('kme-answer', `status: ${doubts.join(', ')}`, { hint: 'report this to the operator of the KME, or set kme.status to advice' });
  }
  if (storedKeyCount !== undefined && storedKeyCount < request.number) {
    const stock = `${storedKeyCount} keys in stock, ${request.number} needed`;
    if (use.mode === 'strict') throw new QkdError('kme-unavailable', stock, { hint: 'check the stock and the QKD link of the KME' });
    doubts.push(stock);
  }
  return doubts;
}

/** Some KMEs leave all of them at zero, and work. */
function hasLimits({ minKeySize = 0, maxKeySize = 0, maxKeyPerRequest = 0, maxKeyCount = 0 }: KmeStatus): boolean {
  return minKeySize + maxKeySize + maxKeyPerRequest + maxKeyCount > 0;
}

function checkLimits(status: KmeStatus, { size, number, additionalSlaveSaeIds = [] }: EncKeysRequest): void {
  const { minKeySize = 0, maxKeySize = 0, maxKeyPerRequest = 0, maxSaeIdCount } = status;
  const refuse = (reason: string, hint: string): QkdError => new QkdError('kme-request', reason, { hint });
  if (size < minKeySize || (maxKeySize > 0 && size > maxKeySize)) {
    throw refuse(`the KME gives keys of ${minKeySize} to ${maxKeySize} bits, ${size} are needed`, 'set kme.key_size of all ends of the link to a size that their KMEs give, or choose another cipher_suite');
  }
  if (maxKeyPerRequest > 0 && number > maxKeyPerRequest) {
    throw refuse(`the KME gives ${maxKeyPerRequest} keys a request, ${number} are needed`, `set kme.quirks.keys_per_request to ${maxKeyPerRequest}`);
  }
  const others = additionalSlaveSaeIds.length;
  if (maxSaeIdCount !== undefined && others > maxSaeIdCount) {
    throw refuse(`the KME gives a key to ${maxSaeIdCount} additional slaves (max_SAE_ID_count), the link has ${others}`, 'make links with fewer slaves, or ask the operator of the KME for key relay to several SAEs');
  }
}
