// The keys of a group of bench KMEs in one process: gone when it ends. Keys lie in the order in which they were drawn,
// so that old ones are found without a search, and at most MOST_KEPT are kept, as in a KME's own buffer.

import { type DeliveredKey, fetchRefusal, type FetchRefusal, type FetchRequest, type KeyState } from './fetch-rules.ts';
import { type DrawRequest, type KeyStore, type KeyStoreOptions, type Member, REMEMBERED } from './key-store.ts';
import { drawnFrom, type Stock, stockAt, stockOf, type StockSetup } from './stock.ts';

const MOST_KEPT = 200_000;

interface StoredKey extends KeyState {
  readonly waiting: Set<string>;
  knownAt: number;
}

export class MemoryKeyStore implements KeyStore {
  readonly #options: KeyStoreOptions;
  /** By key_ID in lower case, oldest first. */
  readonly #keys = new Map<string, StoredKey>();
  readonly #members = new Map<string, Member>();
  readonly #down = new Set<string>();
  #stock: Stock;

  constructor(options: KeyStoreOptions) {
    this.#options = options;
    this.#stock = stockOf(options, options.now());
  }

  async join(member: Member): Promise<void> {
    this.#members.set(member.name, member);
  }

  async members(): Promise<readonly Member[]> {
    return [...this.#members.values()];
  }

  async stock(): Promise<number> {
    return Math.floor(this.#filled().left);
  }

  async restock(setup: StockSetup): Promise<void> {
    this.#stock = stockOf(setup, this.#options.now());
  }

  async draw(request: DrawRequest): Promise<boolean> {
    const rest = drawnFrom(this.#filled(), request.keys.length);
    if (rest === undefined) return false;
    this.#stock = rest;
    this.#dropOld(request.now);
    if (request.voidsEarlier) this.#void(request);
    const { kme, master, slaves, now, knownAt } = request;
    for (const key of request.keys) {
      this.#keys.set(key.keyId.toLowerCase(), { ...key, kme, master, slaves: new Set(slaves), waiting: new Set(slaves), drawnAt: now, knownAt });
    }
    return true;
  }

  async fetch(request: FetchRequest): Promise<readonly DeliveredKey[] | FetchRefusal> {
    this.#dropOld(request.now);
    const found = request.keyIds.map((keyId) => this.#keys.get(keyId.toLowerCase()));
    const refusal = fetchRefusal(request, found, this.#options.retention * 1000);
    if (refusal !== undefined) return refusal;
    const keys = found.filter((key) => key !== undefined);
    for (const { waiting } of keys) waiting.delete(request.caller);
    return keys;
  }

  async setLink(kme: string, isUp: boolean, now: number): Promise<void> {
    this.#stock = this.#filled();
    if (!isUp) this.#down.add(kme);
    else this.#down.delete(kme);
    if (isUp) for (const key of this.#keys.values()) if (key.kme === kme && key.knownAt === Number.POSITIVE_INFINITY) key.knownAt = now;
  }

  async close(): Promise<void> {
    this.#keys.clear();
  }

  #filled(): Stock {
    return stockAt(this.#stock, this.#options.now(), this.#down.size === 0);
  }

  #dropOld(now: number): void {
    const oldest = now - REMEMBERED * this.#options.retention * 1000;
    for (const [keyId, { drawnAt }] of this.#keys) {
      if (drawnAt >= oldest && this.#keys.size <= MOST_KEPT) break;
      this.#keys.delete(keyId);
    }
  }

  #void({ master, slaves }: DrawRequest): void {
    for (const [keyId, key] of this.#keys) {
      if (key.master === master && key.waiting.size === key.slaves.size && slaves.every((sae) => key.slaves.has(sae))) this.#keys.delete(keyId);
    }
  }
}
