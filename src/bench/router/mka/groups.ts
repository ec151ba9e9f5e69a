// Which ends of a link can talk to each other with which key, and since when. Ends that offer the same CKN
// and CAK under the same cipher suite form a group (a connectivity association, IEEE 802.1X-2010 clause 9);
// two of them see each other as live peers one hello time after the later one began to offer the key.

import type { Participants } from './participants.ts';

export class KeyGroups {
  /** By suite and key: when each end began to offer it. */
  readonly #since = new Map<string, Map<Participants, number>>();
  readonly #hello: number;

  constructor(hello: number) {
    this.#hello = hello;
  }

  /** Takes up what each of the connected ends offers at `at`. */
  follow(connected: readonly Participants[], at: number): void {
    const offered = connected.map((end) => [end, new Set(end.offers().map((offer) => groupOf(end, offer.key.identity)))] as const);
    for (const [group, members] of this.#since) {
      for (const end of members.keys()) if (!offered.some(([one, groups]) => one === end && groups.has(group))) members.delete(end);
      if (members.size === 0) this.#since.delete(group);
    }
    for (const [end, groups] of offered) {
      for (const group of groups) {
        const members = this.#since.get(group) ?? new Map<Participants, number>();
        if (!members.has(end)) members.set(end, at);
        this.#since.set(group, members);
      }
    }
  }

  /** An end whose MKA session starts over has to be heard anew. */
  forget(end: Participants): void {
    for (const members of this.#since.values()) members.delete(end);
  }

  /** The other ends that are live for `end` on this key at `at`. */
  peers(end: Participants, identity: string, at: number): Participants[] {
    const members = this.#since.get(groupOf(end, identity));
    const own = members?.get(end);
    if (members === undefined || own === undefined) return [];
    return [...members].flatMap(([other, since]) => (other !== end && Math.max(own, since) + this.#hello <= at ? [other] : []));
  }

  /** Times at which an end may become live to another. */
  events(): number[] {
    return [...this.#since.values()].flatMap((members) => [...members.values()].map((since) => since + this.#hello));
  }
}

function groupOf(end: Participants, identity: string): string {
  return `${end.association?.cipherSuite}:${identity}`;
}
