// One link between two or more router interfaces, and the MKA session on it (IEEE 802.1X-2010 clause 9, as
// Junos shows it), worked out event by event (commit, start time, hello, life time) from all ends' committed
// configurations and clocks, so that reading late gives the same history as reading often. Taken the strict
// way: an end that stops offering the key in use is down at once (a router would notice after the life time),
// and of three or more ends one without the key that the key server prefers is unsecured and the link down.

import { KeyGroups } from './groups.ts';
import { memberIdentifier } from './identity.ts';
import { Participants, type LinkEnd } from './participants.ts';
import { currentSak, type Sak } from './sak.ts';

export interface LinkTiming {
  /** The bench's own clock, milliseconds. */
  readonly now: () => number;
  /** MKA hello time, 2000 ms on a router. */
  readonly hello: number;
  /** MKA life time, 6000 ms on a router. */
  readonly life: number;
}

export interface LinkInterval {
  /** Bench time from which this holds, until the next entry. */
  readonly at: number;
  readonly state: 'up' | 'down';
  /** CKN in use, 64 upper-case hex; undefined when down. */
  readonly ckn: string | undefined;
  /** What each end shows as interface state. */
  readonly ends: readonly string[];
}

/** The key in use and since when. */
export interface Live {
  readonly identity: string;
  readonly ckn: string;
  readonly since: number;
  /** Since when the link has been up without a break. */
  readonly upSince: number;
  readonly sak: Sak;
}

export const UNSECURED = 'Unsecured';

export class Link {
  readonly ends: readonly Participants[];
  readonly history: LinkInterval[] = [];
  readonly timing: LinkTiming;
  #live: Live | undefined;
  readonly #groups: KeyGroups;
  readonly #cut = new Set<Participants>();
  readonly #listeners: ((live: Live | undefined, at: number) => void)[] = [];
  #last: number;

  /** Two ends or more; a single one is an interface with nothing plugged in. */
  constructor(ends: readonly LinkEnd[], timing: LinkTiming) {
    this.ends = ends.map((end) => new Participants(end));
    this.timing = timing;
    this.#groups = new KeyGroups(timing.hello);
    this.#last = timing.now();
    this.#step(this.#last);
  }

  /** The key in use now; undefined when the link is down. */
  live(): Live | undefined {
    this.evaluate();
    return this.#live;
  }

  /** The ends whose frames reach `end`. */
  heardBy(end: Participants): Participants[] {
    return this.#cut.has(end) ? [] : this.ends.filter((other) => other !== end && !this.#cut.has(other));
  }

  /** Calls `listener` after each step, with the key in use and the bench time of the step. It must only read. */
  onStep(listener: (live: Live | undefined, at: number) => void): void {
    this.#listeners.push(listener);
  }

  /** The ends that `end` sees as live peers on a key. */
  peersOf(end: Participants, identity: string): Participants[] {
    return this.#groups.peers(end, identity, this.#last);
  }

  /** Brings state and history up to now. */
  evaluate(): void {
    const now = Math.max(this.timing.now(), this.#last);
    for (let at = this.nextEvent(); at !== undefined && at < now; at = this.nextEvent()) this.#step(at);
    this.#step(now);
  }

  /** To be called after each commit on one of the ends. */
  configurationChanged(): void {
    this.evaluate();
    for (const end of this.ends) if (end.reread()) this.#groups.forget(end);
    this.#step(this.#last);
  }

  /** MKA of one router starts over from what its master engine has committed. */
  restart(router: string): void {
    this.evaluate();
    for (const end of this.#endsOf(router)) {
      end.restart();
      this.#groups.forget(end);
    }
    this.#step(this.#last);
  }

  /** Cuts the fibre of one router, or of all: no frame passes there until `restore`. */
  cut(router?: string): void {
    this.evaluate();
    for (const end of this.#endsOf(router)) this.#cut.add(end);
    this.#step(this.#last);
  }

  restore(router?: string): void {
    this.evaluate();
    for (const end of this.#endsOf(router)) this.#cut.delete(end);
    this.#step(this.#last);
  }

  /** True when at any moment from `from` (bench time) until now there was no live common key. */
  wasEverDown(from: number): boolean {
    this.evaluate();
    return this.history.some((entry, index) => entry.state === 'down' && (this.history[index + 1]?.at ?? Infinity) > from);
  }

  /** Bench time of the next change that will come by itself. */
  nextEvent(): number | undefined {
    const bench = this.timing.now();
    const starts = this.ends.flatMap((end) => {
      const ahead = end.end.now() - bench;
      return end.startsAfter(this.#last + ahead).map((start) => start - ahead);
    });
    const lives = this.ends.flatMap((end) => (end.precedingLostAt === undefined ? [] : [end.precedingLostAt + this.timing.life]));
    const coming = [...starts, ...this.#groups.events(), ...lives].filter((at) => at > this.#last);
    return coming.length === 0 ? undefined : Math.min(...coming);
  }

  /** The end whose lower priority, or at equal priority lower SCI, makes it key server (802.1X-2010 9.5). */
  keyServer(): Participants | undefined {
    return this.#ranked()[0];
  }

  /** What `show security mka sessions` says as interface state for one end. */
  interfaceState(end: Participants): string {
    const role = this.#isSecured(end) ? end.offers().find((offer) => offer.key.identity === this.#live?.identity)?.role : undefined;
    return role === undefined ? UNSECURED : `Secured - ${role.charAt(0).toUpperCase()}${role.slice(1)}`;
  }

  #endsOf(router: string | undefined): Participants[] {
    return this.ends.filter(({ end }) => router === undefined || end.router === router);
  }

  #ranked(): Participants[] {
    const priority = (end: Participants): number => end.association?.keyServerPriority ?? 256;
    return [...this.ends].sort((a, b) => priority(a) - priority(b) || (a.sci < b.sci ? -1 : 1));
  }

  #isSecured(end: Participants): boolean {
    return this.#live !== undefined && this.peersOf(end, this.#live.identity).length > 0;
  }

  #step(at: number): void {
    const bench = this.timing.now();
    for (const end of this.ends) end.follow(at + end.end.now() - bench, this.#live?.identity);
    // Dropping a preceding key changes what is common, once for each end at most.
    for (let again = true; again; ) {
      this.#groups.follow(this.ends.filter((end) => !this.#cut.has(end)), at);
      this.#last = at;
      this.#choosePrincipal(at);
      again = this.ends.map((end) => this.#settle(end, at)).includes(true);
    }
    this.#record(at);
    for (const listener of this.#listeners) listener(this.#live, at);
  }

  #settle(end: Participants, at: number): boolean {
    const established = new Set(end.offers().flatMap(({ key }) => (this.peersOf(end, key.identity).length > 0 ? [key.identity] : [])));
    return end.settle(at, this.#live?.identity, established, this.timing.life);
  }

  /** The first end by rank that has a live peer at all decides; alone it would serve nobody. */
  #choosePrincipal(at: number): void {
    const choices = this.#ranked().map((end) => [end, end.offers().find(({ key }) => this.peersOf(end, key.identity).length > 0)?.key] as const);
    const [server, chosen] = choices.find(([, key]) => key !== undefined) ?? [];
    if (server === undefined || chosen === undefined) {
      this.#live = undefined;
      return;
    }
    const before = this.#live;
    if (before?.identity === chosen.identity) return;
    const member = memberIdentifier(server.end.router, server.end.interfaceName, chosen.ckn);
    const latest = { number: 1, association: 0, identifier: `${member}/1` };
    const previous = before && currentSak(before.sak, at).latest;
    const sak: Sak = {
      at,
      member,
      rekeyInterval: server.association?.rekeyInterval ?? 0,
      latest: previous === undefined ? latest : { ...latest, association: (previous.association + 1) % 4 },
      previous,
    };
    this.#live = { identity: chosen.identity, ckn: chosen.ckn, since: at, upSince: before?.upSince ?? at, sak };
  }

  #record(at: number): void {
    const state = this.ends.every((end) => this.#isSecured(end)) ? 'up' : 'down';
    const entry: LinkInterval = { at, state, ckn: this.#live?.ckn, ends: this.ends.map((end) => this.interfaceState(end)) };
    const last = this.history.at(-1);
    if (last !== undefined && last.state === entry.state && last.ckn === entry.ckn && last.ends.join() === entry.ends.join()) return;
    if (last?.at === at) this.history.pop();
    this.history.push(entry);
  }
}
