// Watches the keys of one link from outside the program: when each end committed a key, when each went over
// to it, when MKA used it, and for how long the ends' own (primary) keys differed. All of it comes from the
// cable (../router/mka/link.ts), which follows both committed configurations and works out each moment
// exactly, also when it is asked later.

import type { ChainKey, ConnectivityKey } from '../router/mka/association.ts';
import type { Link } from '../router/mka/link.ts';
import type { Participants } from '../router/mka/participants.ts';
import type { CommittedKey } from './committed-key.ts';

/** Moments in milliseconds; undefined: has not happened. */
export interface KeyTimes {
  /** The master's commit. */
  readonly master: number | undefined;
  /** The last slave's commit. */
  readonly slave: number | undefined;
  /** Since when it is the primary key of every end, and in use. */
  readonly inUse: number | undefined;
}

export interface ScheduledKey extends CommittedKey {
  readonly startsAt: number;
}

/** Since `at` the ends had these primary keys, master first; `live`: all the same one, and MKA used it at every end. */
interface Sight {
  readonly at: number;
  readonly primaries: readonly (string | undefined)[];
  readonly live: boolean;
}

export class KeyWatch {
  readonly #cable: Link;
  readonly #sights: Sight[] = [];
  /** By CKN: when each end had committed it first. */
  readonly #committed = new Map<string, (number | undefined)[]>();
  readonly #caks = new Set<string>();

  /** Watches from now on. The cable's ends are the link's, master first. */
  constructor(cable: Link) {
    this.#cable = cable;
    cable.onStep((live, at) => this.#look(live?.identity, at));
    this.#look(cable.live()?.identity, cable.timing.now());
  }

  /** The primary key of each end, master first. */
  inForce(): (CommittedKey | undefined)[] {
    this.#cable.evaluate();
    return this.#cable.ends.map((end) => committed(primaryOf(end)));
  }

  /** The chain that each end uses, in order of start times, master first; undefined where an end uses none. */
  chains(): (readonly ScheduledKey[] | undefined)[] {
    return this.#cable.ends.map(({ association }) => (association?.chainName === undefined ? undefined : scheduled(association.chain)));
  }

  timesOf(ckn: string): KeyTimes {
    const [master, ...slaves] = this.#committed.get(ckn) ?? [];
    const inUse = this.#seen().find((sight) => sight.live && cknOf(sight.primaries[0]) === ckn)?.at;
    return { master, slave: latest(slaves), inUse };
  }

  /** The first moment, `from` at the earliest, at which MKA used a key that all ends have. */
  liveSince(from = -Infinity): number | undefined {
    const sights = this.#seen();
    const found = sights.find(({ live }, index) => live && (sights[index + 1]?.at ?? Infinity) > from);
    return found && Math.max(found.at, from);
  }

  /** When each end went over to a key, master first; undefined: it has not. */
  wentOver(ckn: string): (number | undefined)[] {
    const sights = this.#seen();
    return this.#cable.ends.map((_, end) => sights.find(({ primaries }) => cknOf(primaries[end]) === ckn)?.at);
  }

  /** Milliseconds between `from` and `until` in which the ends had different primary keys. */
  mismatch(from: number, until: number): number {
    const sights = this.#seen();
    return sights.reduce((sum, { at, primaries }, index) => {
      const overlap = Math.min(sights[index + 1]?.at ?? until, until) - Math.max(at, from);
      return primaries.every((identity) => identity === primaries[0]) ? sum : sum + Math.max(0, overlap);
    }, 0);
  }

  /** Every CAK that an end has committed. */
  caks(): Buffer[] {
    return [...this.#caks].map((hex) => Buffer.from(hex, 'hex'));
  }

  #seen(): readonly Sight[] {
    this.#cable.evaluate();
    return this.#sights;
  }

  #look(live: string | undefined, at: number): void {
    for (const [index, end] of this.#cable.ends.entries()) this.#noteCommitted(index, end, at);
    const primaries = this.#cable.ends.map((end) => primaryOf(end)?.identity);
    const sight = { at, primaries, live: this.#cable.history.at(-1)?.state === 'up' && primaries.every((identity) => identity === live) };
    const last = this.#sights.at(-1);
    if (last?.live !== sight.live || last.primaries.join() !== primaries.join()) this.#sights.push(sight);
  }

  #noteCommitted(index: number, { association }: Participants, at: number): void {
    for (const key of [association?.fixed, ...(association?.chain ?? [])]) {
      const read = committed(key);
      if (read === undefined) continue;
      this.#caks.add(read.cak);
      const times = this.#committed.get(read.ckn) ?? this.#cable.ends.map(() => undefined);
      times[index] ??= at;
      this.#committed.set(read.ckn, times);
    }
  }
}

function primaryOf(end: Participants): ConnectivityKey | undefined {
  return end.offers().find(({ role }) => role === 'primary')?.key;
}

function scheduled(chain: readonly ChainKey[]): ScheduledKey[] {
  return chain.flatMap((key) => [{ startsAt: key.startsAt, ...(committed(key) as CommittedKey) }]).sort((a, b) => a.startsAt - b.startsAt);
}

function committed(key: ConnectivityKey | undefined): CommittedKey | undefined {
  const [ckn, cak] = key?.identity.toLowerCase().split(':') ?? [];
  return ckn === undefined || cak === undefined ? undefined : { ckn, cak };
}

function cknOf(identity: string | undefined): string | undefined {
  return identity?.split(':')[0]?.toLowerCase();
}

/** The last of the times; undefined while one of them is missing. */
export function latest(times: readonly (number | undefined)[]): number | undefined {
  const known = times.filter((time) => time !== undefined);
  return known.length === 0 || known.length < times.length ? undefined : Math.max(...known);
}
