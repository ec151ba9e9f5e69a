// What a group of bench KMEs keeps in common: keys that were drawn and not fetched, the stock that QKD still has to
// offer, and who belongs to the group. memory-store.ts holds it in one process, postgres-store.ts in a database, so
// that KMEs in processes of their own act as a pair.

import type { DeliveredKey, FetchRefusal, FetchRequest } from './fetch-rules.ts';
import type { StockSetup } from './stock.ts';

export interface Member {
  /** Name of the KME. */
  readonly name: string;
  /** SAEs that it serves. */
  readonly saeIds: readonly string[];
}

export interface DrawRequest {
  readonly kme: string;
  readonly master: string;
  readonly slaves: readonly string[];
  readonly keys: readonly DeliveredKey[];
  /** By the clock of the KME that was asked, milliseconds since 1970. */
  readonly now: number;
  /** From when on the other KMEs have the keys; Infinity: not before `setLink` says that the link is up. */
  readonly knownAt: number;
  /** These keys void those of the same SAEs that nobody fetched. */
  readonly voidsEarlier: boolean;
}

export interface KeyStore {
  /** One more KME, or the same again with other SAEs. */
  join(member: Member): Promise<void>;
  members(): Promise<readonly Member[]>;
  /** Whole keys that can be drawn now; Infinity: without end. */
  stock(): Promise<number>;
  /** Starts counting anew. */
  restock(setup: StockSetup): Promise<void>;
  /** Takes the keys into the store; false, and nothing is taken, when the stock does not suffice. Keys are kept before it resolves. */
  draw(request: DrawRequest): Promise<boolean>;
  /** Hands keys to a slave, all of them or none. What is handed out counts as fetched before it resolves. */
  fetch(request: FetchRequest): Promise<readonly DeliveredKey[] | FetchRefusal>;
  /** The link of a KME to the others: while it is down no QKD fills the stock; when it comes up, keys that were held back are known at `now`. */
  setLink(kme: string, isUp: boolean, now: number): Promise<void>;
  close(): Promise<void>;
}

export interface KeyStoreOptions extends StockSetup {
  /** Seconds that a key waits for its slaves. */
  readonly retention: number;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** The store cannot be reached or used; the message names no password. */
export class StoreFailure extends Error {}

/** How long an expired key is remembered as such, in multiples of the retention time. */
export const REMEMBERED = 2;
