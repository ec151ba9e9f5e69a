// The only place where key bytes, CAKs and passwords live. A Secret prints as [secret] in templates,
// JSON, util.inspect and errors; its bytes leave it through `reveal*` alone, so that one search for
// "reveal" lists every place that handles them. Strings made by reveal* cannot be wiped (JavaScript
// strings are immutable): they are made at the last moment and not kept.

import { timingSafeEqual } from 'node:crypto';

const PRINTED = '[secret]';

export class Secret {
  readonly #bytes: Buffer;

  private constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  /** Takes over `bytes` (not a copy: `wipe` clears the caller's buffer too). */
  static ofBytes(bytes: Buffer): Secret {
    return new Secret(bytes);
  }

  /** A password or other text, kept as UTF-8. */
  static ofText(text: string): Secret {
    return new Secret(Buffer.from(text, 'utf8'));
  }

  /** Length in bytes. */
  get length(): number {
    return this.#bytes.length;
  }

  revealBytes(): Buffer {
    return this.#bytes;
  }

  revealHex(): string {
    return this.#bytes.toString('hex');
  }

  revealText(): string {
    return this.#bytes.toString('utf8');
  }

  /** Constant-time comparison of the contents. */
  equals(other: Secret): boolean {
    return this.#bytes.length === other.#bytes.length && timingSafeEqual(this.#bytes, other.#bytes);
  }

  /** Overwrites the bytes with zeros; the secret is empty of meaning afterwards. */
  wipe(): void {
    this.#bytes.fill(0);
  }

  toString(): string {
    return PRINTED;
  }

  toJSON(): string {
    return PRINTED;
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return PRINTED;
  }
}
