// One link between two router interfaces, and the MKA session on it (IEEE 802.1X-2010 clause 9, as Junos
// shows it). The state follows from both ends' committed configurations over time and the clocks: it is
// worked out event by event (commit, start time, hello, life time), so that reading late gives the same
// history as reading often. A key is live one hello time after both ends offer the same CKN and CAK with
// the same cipher suite. When an end stops offering the key in use, the link counts as down at once
// (a router would notice after the life time: this is the strict side).

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
  readonly #commonSince = new Map<string, number>();
  #cut = false;
  #last: number;

  /** Two ends; a single one is an interface with nothing plugged in. */
  constructor(ends: readonly LinkEnd[], timing: LinkTiming) {
    this.ends = ends.map((end) => new Participants(end));
    this.timing = timing;
    this.#last = timing.now();
    this.#step(this.#last);
  }

  /** The key in use now; undefined when the link is down. */
  live(): Live | undefined {
    this.evaluate();
    return this.#live;
  }

  /** Since when both ends have offered this key, and whether a hello time has passed since. */
  isEstablished(identity: string): boolean {
    const since = this.#commonSince.get(identity);
    return since !== undefined && since + this.timing.hello <= this.#last;
  }

  /** Brings state and history up to now. */
  evaluate(): void {
    const now = Math.max(this.timing.now(), this.#last);
    for (let at = this.nextEvent(); at !== undefined && at < now; at = this.nextEvent()) this.#step(at);
    this.#step(now);
  }

  /** To be called after each commit on either end. */
  configurationChanged(): void {
    this.evaluate();
    const restarted = this.ends.map((end) => end.reread()).includes(true);
    if (restarted) this.#commonSince.clear();
    this.#step(this.#last);
  }

  /** Cuts the fibre: no frame passes until `restore`. */
  cut(): void {
    this.evaluate();
    this.#cut = true;
    this.#step(this.#last);
  }

  restore(): void {
    this.evaluate();
    this.#cut = false;
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
    const hellos = [...this.#commonSince.values()].map((since) => since + this.timing.hello);
    const lives = this.ends.flatMap((end) => (end.precedingLostAt === undefined ? [] : [end.precedingLostAt + this.timing.life]));
    const coming = [...starts, ...hellos, ...lives].filter((at) => at > this.#last);
    return coming.length === 0 ? undefined : Math.min(...coming);
  }

  /** The end whose lower priority, or at equal priority lower SCI, makes it key server (802.1X-2010 9.5). */
  keyServer(): Participants | undefined {
    const rank = (end: Participants): [number, string] => [end.association?.keyServerPriority ?? 256, end.sci];
    const [a, b] = this.ends;
    if (a === undefined || b === undefined) return a;
    const [ra, rb] = [rank(a), rank(b)];
    return ra[0] < rb[0] || (ra[0] === rb[0] && ra[1] < rb[1]) ? a : b;
  }

  /** What `show security mka sessions` says as interface state for one end. */
  interfaceState(end: Participants): string {
    const role = end.offers().find((offer) => offer.key.identity === this.#live?.identity)?.role;
    return role === undefined ? UNSECURED : `Secured - ${role.charAt(0).toUpperCase()}${role.slice(1)}`;
  }

  #step(at: number): void {
    const bench = this.timing.now();
    for (const end of this.ends) end.follow(at + end.end.now() - bench, this.#live?.identity);
    // Dropping a preceding key changes what is common, once for each end at most.
    for (let again = true; again; ) {
      this.#findCommon(at);
      this.#last = at;
      this.#choosePrincipal(at);
      const established = new Set([...this.#commonSince.keys()].filter((identity) => this.isEstablished(identity)));
      again = this.ends.map((end) => end.settle(at, this.#live?.identity, established, this.timing.life)).includes(true);
    }
    this.#record(at);
  }

  #findCommon(at: number): void {
    const [a, b] = this.ends;
    const together = !this.#cut && a !== undefined && b !== undefined && a.association?.cipherSuite === b.association?.cipherSuite;
    const theirs = new Set(together ? b.offers().map((offer) => offer.key.identity) : []);
    const common = new Set(together ? a.offers().flatMap((offer) => (theirs.has(offer.key.identity) ? [offer.key.identity] : [])) : []);
    for (const identity of this.#commonSince.keys()) if (!common.has(identity)) this.#commonSince.delete(identity);
    for (const identity of common) if (!this.#commonSince.has(identity)) this.#commonSince.set(identity, at);
  }

  #choosePrincipal(at: number): void {
    const server = this.keyServer();
    const chosen = server?.offers().find((offer) => this.isEstablished(offer.key.identity))?.key;
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
    const state = this.#live === undefined ? 'down' : 'up';
    const entry: LinkInterval = { at, state, ckn: this.#live?.ckn, ends: this.ends.map((end) => this.interfaceState(end)) };
    const last = this.history.at(-1);
    if (last !== undefined && last.state === entry.state && last.ckn === entry.ckn && last.ends.join() === entry.ends.join()) return;
    if (last?.at === at) this.history.pop();
    this.history.push(entry);
  }
}
