// This router's own key-ID record during a run: read once, changed link by link, published whole.
// Several links of one router are worked at the same time, so changes are made one after the other.

import type { Clock } from '../clock.ts';
import type { KeyIdRecord, RecordedKey, RecordedLink } from '../keyids/record.ts';
import type { RecordExchange } from './ports.ts';

/** Keys that a record keeps per link of method pre-shared-key. */
const KEPT_KEYS = 8;

type Identity = Omit<RecordedLink, 'keys'>;

export class OwnRecord {
  readonly #device: string;
  readonly #exchange: RecordExchange;
  readonly #clock: Clock;
  readonly #onPublished: (link: string) => void | Promise<void>;
  #record: Promise<Pick<KeyIdRecord, 'writtenAt' | 'links'>> | undefined;
  #queue: Promise<unknown> = Promise.resolve();

  /** `onPublished` is told of which link something was published, and waited for. */
  constructor(device: string, exchange: RecordExchange, clock: Clock, onPublished: (link: string) => void | Promise<void> = () => undefined) {
    this.#device = device;
    this.#exchange = exchange;
    this.#clock = clock;
    this.#onPublished = onPublished;
  }

  /** What this router last published about a link; undefined when nothing. */
  async link(name: string): Promise<RecordedLink | undefined> {
    const { links } = await this.#read();
    return Object.hasOwn(links, name) ? links[name] : undefined;
  }

  /** UTC time of the last publication; undefined when there was none. */
  async writtenAt(): Promise<string | undefined> {
    return (await this.#read()).writtenAt;
  }

  /** Adds or replaces one key of a link, makes it the newest, and publishes the record. */
  putKey(name: string, identity: Identity, key: RecordedKey): Promise<void> {
    return this.#change(name, identity, (before) => {
      const others = before.filter((k) => k.key_ID.toLowerCase() !== key.key_ID.toLowerCase()).slice(1 - KEPT_KEYS);
      // A refused key is not the newest one: it was never installed here.
      return key.refused ? [key, ...others] : [...others, key];
    });
  }

  /** Replaces all keys of a link, newest last, and publishes the record. */
  putKeys(name: string, identity: Identity, keys: readonly RecordedKey[]): Promise<void> {
    return this.#change(name, identity, () => keys);
  }

  /** Writes what was published and is known to this process only (RecordExchange). Throws file. */
  async save(): Promise<void> {
    await this.#exchange.save?.(this.#device);
  }

  #change(name: string, identity: Identity, keysAfter: (before: readonly RecordedKey[]) => readonly RecordedKey[]): Promise<void> {
    const turn = this.#queue.then(async () => {
      const before = (await this.#read()).links;
      const keys = keysAfter(Object.hasOwn(before, name) ? (before[name]?.keys ?? []) : []);
      const links = { ...before, [name]: { ...identity, keys } };
      const record = { device: this.#device, newest: newestOf(links, keys), writtenAt: new Date(this.#clock.now()).toISOString(), links };
      await this.#exchange.publish(record);
      this.#record = Promise.resolve(record);
      await this.#onPublished(name);
    });
    this.#queue = turn.catch(() => undefined);
    return turn;
  }

  #read(): Promise<Pick<KeyIdRecord, 'writtenAt' | 'links'>> {
    this.#record ??= this.#exchange.read(this.#device).then((record) => record ?? { writtenAt: undefined, links: {} });
    return this.#record;
  }
}

/** The changed link's newest key; when it has none, the newest of the others. */
function newestOf(links: KeyIdRecord['links'], changed: readonly RecordedKey[]): string | undefined {
  const own = changed.filter((key) => !key.refused).at(-1);
  if (own !== undefined) return own.key_ID;
  const others = Object.values(links).flatMap((link) => link.keys.filter((key) => !key.refused));
  return others.sort((a, b) => a.start_time.localeCompare(b.start_time)).at(-1)?.key_ID;
}
