// Where new keys and their IDs come from: the system's random source. With a seed, which tests of foreign software
// may want, both follow from it alone, and whoever knows the seed knows every key.

import { createHmac, randomBytes, randomUUID } from 'node:crypto';
import type { DeliveredKey } from './fetch-rules.ts';

export interface KeyMaker {
  /** `start`: the first digits of the key_ID, when the KME has a liking for some. */
  make(bits: number, start?: string): DeliveredKey;
}

/** Random keys; `newKeyId` names them, random UUIDs unless given. */
export function randomKeys(newKeyId: () => string = randomUUID): KeyMaker {
  return { make: (bits, start = '') => ({ keyId: start + newKeyId().slice(start.length), bytes: randomBytes(bits / 8) }) };
}

/** The same keys in the same order for the same seed. */
export function predictableKeys(seed: string): KeyMaker {
  let count = 0;
  const block = (use: string, index: number): Buffer => createHmac('sha256', seed).update(`${use} ${count} ${index}`).digest();
  return {
    make: (bits, start = '') => {
      count += 1;
      const hex = block('key_ID', 0).toString('hex');
      const keyId = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join('-');
      const blocks = Array.from({ length: Math.ceil(bits / 256) }, (_, index) => block('key', index));
      return { keyId: start + keyId.slice(start.length), bytes: Buffer.concat(blocks).subarray(0, bits / 8) };
    },
  };
}
