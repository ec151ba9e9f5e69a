// The cables of the bench: joins routers' interfaces into a link and keeps each link's MKA session up
// to date, on commits, on reads, and by one timer per link for the changes that come with the clock.

import type { XmlElement } from '../../../xml.ts';
import { Link, type LinkTiming } from './link.ts';

/** The part of a router that a cable needs. */
export interface WireRouter {
  readonly name: string;
  /** The router's own clock. */
  readonly now: () => number;
  readonly mgd: { committed(): XmlElement; onCommit(listener: () => void): void };
  /** Tells the router which link its interface is on, so that its `show` commands can read it. */
  attach(interfaceName: string, link: Link): void;
  /** Tells of each time that the router's clock is put right or wrong. */
  onClockChange?(change: ClockChange): void;
}

export interface ClockChange {
  before(): void;
  after(): void;
}

export interface WireSide {
  readonly router: WireRouter;
  readonly interfaceName: string;
}

export interface WireOptions {
  /** Bench clock; Date.now unless told. */
  readonly now?: () => number;
  /** MKA hello time in milliseconds, 2000 unless told. */
  readonly hello?: number;
  /** MKA life time in milliseconds, three hellos unless told. */
  readonly life?: number;
}

const LONGEST_TIMER = 2 ** 31 - 1;

export class Wire {
  readonly links: Link[] = [];
  readonly #timing: LinkTiming;
  readonly #timers = new Map<Link, NodeJS.Timeout>();
  #closed = false;

  constructor(options: WireOptions = {}) {
    const hello = options.hello ?? 2000;
    this.#timing = { now: options.now ?? Date.now, hello, life: options.life ?? hello * 3 };
  }

  /** Puts two or more interfaces on one link. Throws RangeError when one of them is in use. */
  join(...sides: readonly WireSide[]): Link {
    for (const [index, { router, interfaceName }] of sides.entries()) {
      const isTwice = sides.findIndex((other) => other.router === router && other.interfaceName === interfaceName) < index;
      if (isTwice || this.linkOf(router.name, interfaceName)) throw new RangeError(`${router.name} ${interfaceName} is joined already`);
    }
    const ends = sides.map(({ router, interfaceName }) => ({
      router: router.name,
      interfaceName,
      now: router.now,
      committed: () => router.mgd.committed(),
    }));
    const link = new Link(ends, this.#timing);
    this.links.push(link);
    for (const side of sides) {
      side.router.attach(side.interfaceName, link);
      side.router.mgd.onCommit(() => link.configurationChanged());
      side.router.onClockChange?.({ before: () => link.evaluate(), after: () => link.evaluate() });
    }
    link.onStep(() => this.#arm(link));
    this.#arm(link);
    return link;
  }

  /** The link that an interface is on. */
  linkOf(router: string, interfaceName: string): Link | undefined {
    return this.links.find((link) => link.ends.some(({ end }) => end.router === router && end.interfaceName === interfaceName));
  }

  /** Stops every timer; the links stay readable. */
  close(): void {
    this.#closed = true;
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
  }

  #arm(link: Link): void {
    clearTimeout(this.#timers.get(link));
    const next = link.nextEvent();
    if (this.#closed || next === undefined) return;
    const wait = Math.min(Math.max(next - this.#timing.now(), 1), LONGEST_TIMER);
    const timer = setTimeout(() => link.evaluate(), wait);
    this.#timers.set(link, timer.unref());
  }
}
