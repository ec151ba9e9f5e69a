// What a KME gave one SAE during a run: how many keys, which KME gave which, and whether one comes twice. Of a key
// only an HMAC under a key of this run is kept; it says nothing to anyone who has not the key itself.

import { createHmac, randomBytes } from 'node:crypto';
import { QkdError } from '../errors.ts';
import type { DrawnKeys, KmeKey } from '../workflow/ports.ts';

const HINT = 'a KME must deliver every key once: ask its operator';

export class GivenKeys {
  readonly #hmacKey = randomBytes(32);
  /** Fingerprint of a key to its key_ID, and key_ID (lower case) to the name of the KME. */
  readonly #keyIds = new Map<string, string>();
  readonly #sources = new Map<string, string>();
  #received = 0;
  #lost = 0;
  #lostDraws = 0;

  drawn(): DrawnKeys {
    return { received: this.#received, lost: this.#lost };
  }

  sourceOf(keyId: string): string | undefined {
    return this.#sources.get(keyId.toLowerCase());
  }

  /** Keys that one enc_keys may have used up for nothing; resolves to how often that has happened. */
  countLost(number: number): number {
    this.#lost += number;
    return (this.#lostDraws += 1);
  }

  /** Newly drawn keys of the KME `source`. Throws `kme-answer`, and wipes them, when one was here before. */
  takeDrawn(keys: readonly KmeKey[], source: string): void {
    const repeated = keys.find(({ keyId }) => this.#sources.has(keyId.toLowerCase()));
    if (repeated !== undefined) throw this.#refusal(keys, `key_ID ${repeated.keyId} was given before`);
    this.#take(keys, source);
    this.#received += keys.length;
  }

  /** Keys fetched by key_ID. Throws `kme-answer`, and wipes them, when one has the bits of another key_ID's. */
  takeFetched(keys: readonly KmeKey[], source: string): void {
    this.#take(keys, source);
  }

  #take(keys: readonly KmeKey[], source: string): void {
    const fingerprints = keys.map(({ key }) => createHmac('sha256', this.#hmacKey).update(key.revealBytes()).digest('base64'));
    for (const [index, { keyId }] of keys.entries()) {
      const other = this.#keyIds.get(fingerprints[index] ?? '');
      if (other !== undefined && other !== keyId.toLowerCase()) throw this.#refusal(keys, `key ${keyId} is the same as key ${other}`);
    }
    for (const [index, { keyId }] of keys.entries()) {
      this.#keyIds.set(fingerprints[index] ?? '', keyId.toLowerCase());
      this.#sources.set(keyId.toLowerCase(), source);
    }
  }

  #refusal(keys: readonly KmeKey[], reason: string): QkdError {
    for (const { key } of keys) key.wipe();
    return new QkdError('kme-answer', reason, { hint: HINT });
  }
}
