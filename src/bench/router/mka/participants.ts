// The CAKs one end of a link offers to its peer, in the order it prefers them: primary, preceding,
// fallback (Junos, feature 7831 and fallback-key). The preceding key is the one last in use: it is kept
// while a new primary is not live yet, unless disable-preceding-key is set.
// Not known from a router, so taken the strict way: a preceding key is forgotten when no peer has been
// live on it for a life time, when no primary is left or the new one has the same CKN, and when the
// binding, the cipher suite or the association's name changes.

import type { XmlElement } from '../../../xml.ts';
import { associationOn, primaryKey, type Association, type ConnectivityKey } from './association.ts';
import { secureChannelIdentifier } from './identity.ts';

/** What a link needs to know of the router at one end. */
export interface LinkEnd {
  readonly router: string;
  readonly interfaceName: string;
  /** The router's own clock, which may be wrong: chain start times follow it. */
  now(): number;
  committed(): XmlElement;
}

export type KeyRole = 'primary' | 'preceding' | 'fallback';

export interface Offer {
  readonly role: KeyRole;
  readonly key: ConnectivityKey;
}

export class Participants {
  readonly end: LinkEnd;
  readonly sci: string;
  association: Association | undefined;
  #primary: ConnectivityKey | undefined;
  #preceding: ConnectivityKey | undefined;
  #precedingLostAt: number | undefined;

  constructor(end: LinkEnd) {
    this.end = end;
    this.sci = secureChannelIdentifier(end.router, end.interfaceName);
    this.association = associationOn(end.committed(), end.interfaceName);
  }

  /** Reads the committed configuration again; true when the MKA session must start over. */
  reread(): boolean {
    const before = this.association;
    this.association = associationOn(this.end.committed(), this.end.interfaceName);
    const same = before?.name === this.association?.name && before?.cipherSuite === this.association?.cipherSuite;
    const restarted = !same || before?.staticCak !== this.association?.staticCak;
    if (restarted) this.#forget();
    return restarted;
  }

  /** The session starts over, whatever is committed. */
  restart(): void {
    this.association = associationOn(this.end.committed(), this.end.interfaceName);
    this.#forget();
  }

  #forget(): void {
    this.#primary = undefined;
    this.#preceding = undefined;
  }

  /** Follows the chain to `routerTime`; `liveIdentity` is the key in use on the link until now. */
  follow(routerTime: number, liveIdentity: string | undefined): void {
    const next = this.association && primaryKey(this.association, routerTime);
    const last = this.#primary;
    if (next?.identity !== last?.identity) {
      if (last !== undefined && last.identity === liveIdentity) this.#preceding = last;
      this.#precedingLostAt = undefined;
      this.#primary = next;
    }
    const unwanted = this.association?.precedingKept !== true || next === undefined || this.#preceding?.ckn === next.ckn;
    if (unwanted) this.#preceding = undefined;
  }

  /** Drops the preceding key once the primary is live, or once no peer has been live on it for a life time. */
  settle(at: number, liveIdentity: string | undefined, established: ReadonlySet<string>, lifeTime: number): boolean {
    const preceding = this.#preceding;
    if (preceding === undefined) return false;
    if (established.has(preceding.identity)) this.#precedingLostAt = undefined;
    else this.#precedingLostAt ??= at;
    const lost = this.#precedingLostAt !== undefined && at - this.#precedingLostAt >= lifeTime;
    if (!lost && liveIdentity !== this.#primary?.identity) return false;
    this.#preceding = undefined;
    this.#precedingLostAt = undefined;
    return true;
  }

  /** Keys this end takes part with, best first. */
  offers(): Offer[] {
    const fallback = this.association?.staticCak === true ? this.association.fallback : undefined;
    const all: [KeyRole, ConnectivityKey | undefined][] = [
      ['primary', this.#primary],
      ['preceding', this.#preceding],
      ['fallback', fallback],
    ];
    return all.flatMap(([role, key]) => (key === undefined ? [] : [{ role, key }]));
  }

  /** Router times at which something changes by itself: start times still to come. */
  startsAfter(routerTime: number): number[] {
    if (this.association?.staticCak !== true || this.association.fixed !== undefined) return [];
    return this.association.chain.map((key) => key.startsAt).filter((start) => start > routerTime);
  }

  /** When the preceding key will be forgotten unless a peer comes back on it. */
  get precedingLostAt(): number | undefined {
    return this.#preceding === undefined ? undefined : this.#precedingLostAt;
  }
}
