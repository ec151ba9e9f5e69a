// This router's own key-ID record during a run: read once, changed link by link, published whole.
// Several links of one router are worked at the same time, so changes are made one after the other.

import type { Clock } from '../clock.ts';
import type { KeyIdRecord, RecordedKey, RecordedLink } from '../keyids/record.ts';
import type { RecordExchange } from './ports.ts';

/** Keys that a record keeps per link: as many as a key-chain ring holds. */
const KEPT_KEYS = 8;

export class OwnRecord {
  readonly #device: string;
  readonly #exchange: RecordExchange;
  readonly #clock: Clock;
  #links: Promise<Map<string, RecordedLink>> | undefined;
  #queue: Promise<unknown> = Promise.resolve();

  constructor(device: string, exchange: RecordExchange, clock: Clock) {
    this.#device = device;
    this.#exchange = exchange;
    this.#clock = clock;
  }

  /** What this router last published about a link; undefined when nothing. */
  async link(name: string): Promise<RecordedLink | undefined> {
    return (await this.#read()).get(name);
  }

  /** Adds or replaces one key of a link, makes it the newest, and publishes the record. */
  putKey(name: string, identity: Omit<RecordedLink, 'keys'>, key: RecordedKey): Promise<void> {
    const turn = this.#queue.then(async () => {
      const links = new Map(await this.#read());
      const others = (links.get(name)?.keys ?? []).filter((k) => k.key_ID.toLowerCase() !== key.key_ID.toLowerCase());
      const kept = others.slice(1 - KEPT_KEYS);
      // A refused key is not the newest one: it was never installed here.
      links.set(name, { ...identity, keys: key.refused ? [key, ...kept] : [...kept, key] });
      await this.#exchange.publish(this.#record(links, key));
      this.#links = Promise.resolve(links);
    });
    this.#queue = turn.catch(() => undefined);
    return turn;
  }

  #record(links: ReadonlyMap<string, RecordedLink>, changed: RecordedKey): KeyIdRecord {
    const installed = [...links.values()].flatMap((link) => link.keys).filter((key) => !key.refused);
    const newest = changed.refused ? installed.sort((a, b) => a.start_time.localeCompare(b.start_time)).at(-1) : changed;
    return { device: this.#device, newest: newest?.key_ID, writtenAt: new Date(this.#clock.now()).toISOString(), links: Object.fromEntries(links) };
  }

  #read(): Promise<Map<string, RecordedLink>> {
    this.#links ??= this.#exchange.read(this.#device).then((record) => new Map(Object.entries(record?.links ?? {})));
    return this.#links;
  }
}
