// Judges one link that rotates by key chain: every key of the master's chain whose start time passes is to be
// the same at all ends, with the same start time, published and confirmed, and used by MKA from that moment.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JobWork } from './job-work.ts';
import { type KeyWatch, latest, type ScheduledKey } from './key-watch.ts';
import { must } from './router-home.ts';
import { tableRow } from './table.ts';
import { endsOf, type LabLink } from './topology.ts';

/** The part of a key-ID record that is looked at. */
interface Published {
  readonly links?: Readonly<Record<string, { readonly keys: readonly { readonly key_ID: string; readonly start_time: string; readonly confirmed: boolean }[] }>>;
}

/** Ends go over by themselves, at the start time by their own clock; the rest is rounding. */
const PRECISION = 50;
/** MKA comes up with a new key within a hello time of 2 s; a busy machine may look late. */
const LONGEST_ACTIVATION = 10_000;

export class LinkActivations {
  readonly #work: JobWork;
  readonly #link: LabLink;
  readonly #watch: KeyWatch;
  readonly #began = Date.now();
  /** CKNs of keys that are judged. */
  readonly #judged = new Set<string>();
  /** When each end was first seen to list a key as confirmed, master first, and the key_IDs of the records: by their digits. */
  readonly #confirmed = new Map<string, (number | undefined)[]>();
  readonly #keyIds = new Map<string, string>();
  /** When each end was first seen on its key chain. */
  readonly #moved: (number | undefined)[] = [];
  /** Start times of the keys that came into use. */
  readonly #starts: number[] = [];
  #number: number;
  #mismatch = 0;
  #isMoving: boolean;
  #mismatchSince = Date.now();

  constructor(work: JobWork, link: LabLink, { first, isMove }: { first: number; isMove: boolean }) {
    this.#work = work;
    this.#link = link;
    this.#watch = must(work.watches, link.name);
    this.#number = first;
    this.#isMoving = isMove;
  }

  /** Judges what has happened since the last look; resolves to the number of keys that all ends went over to. */
  look(): number {
    for (const [end, { router }] of endsOf(this.#link).entries()) this.#readRecord(end, router);
    if (this.#isMoving) this.#noteMove();
    for (const key of this.#started()) {
      if (!this.#judged.has(key.ckn) && this.#isSettled(key)) this.#judge(key);
    }
    return this.#isMoving ? 0 : this.#starts.length;
  }

  /** Start times of the keys so far, and milliseconds in which the ends had different keys. */
  summary(): { readonly starts: readonly number[]; readonly mismatch: number } {
    return { starts: this.#starts, mismatch: this.#mismatch };
  }

  /** To be called when there is no time for more. */
  close(wanted: number): void {
    const { checks } = this.#work;
    if (this.#isMoving) checks.check(`${this.#link.name}: moved to key-chain`, false);
    checks.check(`${this.#link.name}: ${wanted} keys of the chain came into use`, this.#starts.length >= wanted, `${this.#starts.length} did`);
    const keys = this.#watch.inForce();
    checks.check(`${this.#link.name}: ends on the same CKN and CAK`, keys[0] !== undefined && keys.every((key) => key?.ckn === keys[0]?.ckn && key?.cak === keys[0]?.cak));
  }

  /** Keys of the master's chain that have started since the first look; a link's first key, for which none is left, is not one of them. */
  #started(): ScheduledKey[] {
    const starts = (key: ScheduledKey): number => this.#activation(key, this.#link.master.router);
    const since = Math.max(this.#began, this.#watch.liveSince() ?? Infinity);
    return (this.#watch.chains()[0] ?? []).filter((key) => starts(key) > since && starts(key) <= Date.now());
  }

  /** The moment of the start time by a router's own clock. */
  #activation(key: ScheduledKey, router: string): number {
    return key.startsAt - (must(this.#work.lab.routers, router).router.now() - Date.now());
  }

  /** True when MKA uses it, or has had time enough to. */
  #isSettled(key: ScheduledKey): boolean {
    return this.#watch.timesOf(key.ckn).inUse !== undefined || Date.now() > this.#activation(key, this.#link.master.router) + LONGEST_ACTIVATION;
  }

  #noteMove(): void {
    const chains = this.#watch.chains();
    for (const [end, chain] of chains.entries()) if (chain !== undefined) this.#moved[end] ??= Date.now();
    if (chains.includes(undefined)) return;
    this.#isMoving = false;
    const [key] = this.#watch.inForce();
    const mismatch = this.#mismatchUntilNow();
    this.#work.checks.check(`${this.#link.name}: moved to key-chain with the key in use`, key !== undefined && mismatch === 0 && chains.every((chain) => chain?.some(({ ckn, cak }) => ckn === key.ckn && cak === key.cak)));
    if (key === undefined) return;
    const [master, ...slaves] = this.#moved;
    const { inUse } = this.#watch.timesOf(key.ckn);
    this.#work.print(tableRow({ key: 'moved', link: this.#link.name, keyId: this.#keyIds.get(digitsOf(key.ckn, 'pre-shared-key')), ckn: key.ckn, master, slave: latest(slaves), inUse, mismatch }));
  }

  #judge(key: ScheduledKey): void {
    this.#judged.add(key.ckn);
    const { checks } = this.#work;
    const what = `key ${this.#number} ${this.#link.name}`;
    const { ckn, cak, startsAt } = key;
    const same = this.#watch.chains().map((chain) => chain?.find((other) => other.ckn === ckn));
    checks.check(`${what}: same CKN, CAK and start time at all ends`, same.every((other) => other?.cak === cak && other.startsAt === startsAt));
    const digits = digitsOf(ckn, 'key-chain');
    checks.check(`${what}: published by its key_ID, and confirmed before it starts`, this.#keyIds.has(digits) && (this.#confirmed.get(digits)?.[0] ?? Infinity) <= startsAt);
    const late = this.#watch.wentOver(ckn).map((at, end) => (at === undefined ? Infinity : Math.abs(at - this.#activation(key, endsOf(this.#link)[end]?.router ?? ''))));
    checks.check(`${what}: every end goes over at its start time`, late.every((by) => by <= PRECISION), `off by ${late.join(' and ')} ms`);
    const times = this.#watch.timesOf(ckn);
    checks.check(`${what}: MKA uses it`, times.inUse !== undefined);
    const mismatch = this.#mismatchUntilNow();
    checks.check(`${what}: the ends' own keys differ no longer than their clocks`, mismatch <= PRECISION + this.#clockDifference(), `for ${mismatch} ms`);
    const [confirmed, ...known] = this.#confirmed.get(digits) ?? [];
    this.#work.print(tableRow({ key: String(this.#number), link: this.#link.name, keyId: this.#keyIds.get(digits), ckn, ...times, confirmed, known: latest(known), starts: startsAt, mismatch }));
    this.#number += 1;
    if (times.inUse !== undefined) this.#starts.push(startsAt);
  }

  #mismatchUntilNow(): number {
    const now = Date.now();
    const mismatch = this.#watch.mismatch(Math.max(this.#mismatchSince, this.#watch.liveSince() ?? now), now);
    this.#mismatchSince = now;
    this.#mismatch += mismatch;
    return mismatch;
  }

  #clockDifference(): number {
    const clocks = endsOf(this.#link).map(({ router }) => must(this.#work.lab.routers, router).router.now());
    return Math.max(...clocks) - Math.min(...clocks);
  }

  #readRecord(end: number, router: string): void {
    const published = recordOf(join(must(this.#work.lab.routers, router).home, 'records', `${router}_last_key.json`));
    for (const { key_ID, confirmed } of published.links?.[this.#link.name]?.keys ?? []) {
      const digits = key_ID.replaceAll('-', '').toLowerCase();
      this.#keyIds.set(digits, key_ID);
      const times = this.#confirmed.get(digits) ?? endsOf(this.#link).map(() => undefined);
      if (confirmed) times[end] ??= Date.now();
      this.#confirmed.set(digits, times);
    }
  }
}

/** The part of a CKN that is the key_ID's hexadecimal digits (design section 4). */
function digitsOf(ckn: string, method: 'key-chain' | 'pre-shared-key'): string {
  return method === 'key-chain' ? ckn.slice(0, 32) : ckn.slice(-32);
}

/** Records are written atomically: one that is there is whole. */
function recordOf(file: string): Published {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Published;
  } catch {
    return {};
  }
}
