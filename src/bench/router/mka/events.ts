// What a router's dot1xd writes to syslog about one end of a link (tags and wording as captured on an MX304
// and an ACX7348; junos.md 1.4): a new primary or fallback CAK in use, a CAK whose secure channels work, and
// a CKN from the other side that this end does not have.

import type { Link } from './link.ts';
import type { Participants } from './participants.ts';

export class LinkEvents {
  readonly #link: Link;
  readonly #end: Participants;
  #primary: string | undefined;
  #live: string | undefined;
  #unknown: ReadonlySet<string> = new Set();

  constructor(link: Link, end: Participants) {
    this.#link = link;
    this.#end = end;
  }

  /** What has happened since the last call, as syslog texts; `live` is the key in use on the link. */
  follow(live: string | undefined): string[] {
    return [...this.#newPrimary(), ...this.#newLive(live), ...this.#newUnknown()];
  }

  get #name(): string {
    return this.#end.end.interfaceName;
  }

  #newPrimary(): string[] {
    const primary = this.#end.offers().find(({ role }) => role === 'primary')?.key;
    const isNew = primary !== undefined && primary.identity !== this.#primary;
    this.#primary = primary?.identity;
    return isNew ? [`DOT1XD_MACSEC_SC_PRIMARY_CAK_IN_USE: ifd: ${this.#name} primary ckn: ${primary.shownName} is in-use`] : [];
  }

  #newLive(live: string | undefined): string[] {
    const offer = this.#end.offers().find(({ key }) => key.identity === live && this.#link.peersOf(this.#end, key.identity).length > 0);
    const before = this.#live;
    this.#live = offer?.key.identity;
    if (offer === undefined || offer.key.identity === before) return [];
    const { shownName, identity } = offer.key;
    const channels = this.#link.peersOf(this.#end, identity).map((peer) => bare(peer.sci)).join(',');
    const fallback = `DOT1XD_MACSEC_SC_FALLBACK_CAK_IN_USE: ifd: ${this.#name} fallback ckn: ${shownName} is in-use`;
    const activated = `DOT1XD_MACSEC_SC_CAK_ACTIVATED: ifd: ${this.#name} sci-out:${bare(this.#end.sci)} sci-in:${channels} ckn: ${shownName}`;
    return offer.role === 'fallback' ? [fallback, activated] : [activated];
  }

  #newUnknown(): string[] {
    const known = new Set(this.#end.offers().map(({ key }) => key.ckn));
    const heard = this.#end.association?.staticCak === true ? this.#link.heardBy(this.#end).flatMap((other) => other.offers().map(({ key }) => key.ckn)) : [];
    const before = this.#unknown;
    this.#unknown = new Set(heard.filter((ckn) => !known.has(ckn)));
    return [...this.#unknown].filter((ckn) => !before.has(ckn)).map((ckn) => `DOT1XD_MACSEC_SC_UNKNOWN_CAK_ERR: intf: ${this.#name} received CKN ${ckn} is unknown`);
  }
}

/** "02:16:27:6E:85:62/1" as syslog writes it: 16 hex digits. */
function bare(sci: string): string {
  const [address = '', port = '1'] = sci.split('/');
  return address.replaceAll(':', '') + Number(port).toString(16).toUpperCase().padStart(4, '0');
}
