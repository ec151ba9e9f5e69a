// The keys that a group of bench KMEs share, in memory. A key drawn at one KME is known to the others after the
// propagation delay; each entitled slave gets it once (ETSI GS QKD 014 clause 6.4); what nobody fetched is dropped
// after the retention time. The stock counts keys that QKD would still have to make.

import { randomBytes, randomUUID } from 'node:crypto';

export interface KeyStoreOptions {
  /** Milliseconds until the other KMEs know a key. */
  readonly propagationDelay: number;
  /** Seconds that a key waits for its slaves. */
  readonly retention: number;
  /** Keys that can be drawn altogether; undefined: without end. */
  readonly stock: number | undefined;
  readonly now: () => number;
  /** Names a new key; a random UUID unless told. */
  readonly newKeyId?: () => string;
}

export interface DeliveredKey {
  readonly keyId: string;
  readonly bytes: Buffer;
}

interface StoredKey extends DeliveredKey {
  readonly kme: string;
  readonly master: string;
  /** Slaves that may have it, and have not fetched it. */
  readonly waiting: Set<string>;
  readonly slaves: ReadonlySet<string>;
  readonly drawnAt: number;
}

export interface DrawRequest {
  readonly kme: string;
  readonly master: string;
  readonly slaves: readonly string[];
  readonly number: number;
  /** Bits. */
  readonly size: number;
}

export interface FetchRequest {
  readonly kme: string;
  readonly caller: string;
  readonly master: string;
  readonly keyIds: readonly string[];
}

export class KeyStore {
  readonly #options: KeyStoreOptions;
  readonly #keys = new Map<string, StoredKey>();
  readonly #issued: Buffer[] = [];
  #left: number;
  #delivered = 0;

  constructor(options: KeyStoreOptions) {
    this.#options = options;
    this.#left = options.stock ?? Number.POSITIVE_INFINITY;
  }

  /** Keys that can still be drawn; Infinity without a limit. */
  get left(): number {
    return this.#left;
  }

  /** Changes the stock from here on; undefined: without end. */
  restock(stock: number | undefined): void {
    this.#left = stock ?? Number.POSITIVE_INFINITY;
  }

  /** How many keys have been handed out, to masters and slaves together. */
  get delivered(): number {
    return this.#delivered;
  }

  /** Every key that was ever made here, for a search in files and logs. */
  issuedKeys(): Buffer[] {
    return this.#issued.map((bytes) => Buffer.from(bytes));
  }

  /** Makes keys for a master; undefined when the stock does not suffice. */
  draw(request: DrawRequest): DeliveredKey[] | undefined {
    if (request.number > this.#left) return undefined;
    this.#left -= request.number;
    this.#delivered += request.number;
    return Array.from({ length: request.number }, () => this.#make(request));
  }

  /** Hands keys to a slave, all or none: `not-found` (or already fetched), `not-entitled`. */
  fetch(request: FetchRequest): DeliveredKey[] | 'not-found' | 'not-entitled' {
    this.#dropExpired();
    const found = request.keyIds.map((keyId) => this.#known(keyId, request.kme));
    const known = found.filter((key) => key !== undefined);
    const entitled = known.every((key) => key.master === request.master && key.slaves.has(request.caller));
    if (!entitled) return 'not-entitled';
    if (known.length < found.length || known.some((key) => !key.waiting.has(request.caller))) return 'not-found';
    for (const key of known) {
      key.waiting.delete(request.caller);
      if (key.waiting.size === 0) this.#keys.delete(key.keyId);
    }
    this.#delivered += known.length;
    return known;
  }

  #make({ kme, master, slaves, size }: DrawRequest): DeliveredKey {
    const bytes = randomBytes(size / 8);
    const keyId = this.#options.newKeyId?.() ?? randomUUID();
    this.#keys.set(keyId, { keyId, bytes, kme, master, slaves: new Set(slaves), waiting: new Set(slaves), drawnAt: this.#options.now() });
    this.#issued.push(bytes);
    return { keyId, bytes };
  }

  // IDs are compared without letter case, as a UUID is (RFC 9562 section 4).
  #known(keyId: string, kme: string): StoredKey | undefined {
    const key = this.#keys.get(keyId.toLowerCase());
    const arrived = key !== undefined && (key.kme === kme || this.#options.now() >= key.drawnAt + this.#options.propagationDelay);
    return arrived ? key : undefined;
  }

  #dropExpired(): void {
    const oldest = this.#options.now() - this.#options.retention * 1000;
    for (const [keyId, key] of this.#keys) if (key.drawnAt < oldest) this.#keys.delete(keyId);
  }
}
