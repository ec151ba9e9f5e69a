// One MKA session between the master and a slave, as IEEE 802.1X and Junos make it behave: peers that use
// the same primary key find each other within a hello or two and lose each other after the life time. While
// the primaries differ, Junos's preceding key keeps the session if both ends still have the key that was
// live; the pessimistic model gives it up.

import type { JunosModel } from './scenario.ts';
import type { Router } from './router.ts';

/** Milliseconds: two hellos of 2 s and the work of going over. */
const TO_AGREE = 4000;
/** Milliseconds: MKA Life Time, IEEE 802.1X-2020. */
const LIFE_TIME = 6000;

export class MkaSession {
  readonly master: Router;
  readonly slave: Router;
  /** Key on which the peers are live. */
  live: string | undefined;
  /** Since when the primaries have differed. */
  apartSince: number | undefined;
  #match: string | undefined;
  #since = 0;
  readonly #model: JunosModel;

  constructor(master: Router, slave: Router, model: JunosModel) {
    this.master = master;
    this.slave = slave;
    this.#model = model;
  }

  joins(one: Router, other: Router): boolean {
    return (this.master === one && this.slave === other) || (this.master === other && this.slave === one);
  }

  /** Looks at both ends; returns the moment at which to look again, when something is on its way. */
  review(now: number, lineUp: boolean): number | undefined {
    const [a, b] = [this.master.primary(now), this.slave.primary(now)];
    const apart = a !== b || a === undefined;
    if (!apart) this.apartSince = undefined;
    else this.apartSince ??= now;
    const match = lineUp ? (apart ? this.#held(now) : a) : undefined;
    if (match !== this.#match) {
      this.#match = match;
      this.#since = now;
    }
    const settled = this.#since + (match === undefined ? LIFE_TIME : TO_AGREE);
    if (now >= settled) this.live = match;
    return this.live === match ? undefined : settled;
  }

  #held(now: number): string | undefined {
    if (this.#model === 'pessimistic' || this.live === undefined) return undefined;
    return this.master.hasStarted(this.live, now) && this.slave.hasStarted(this.live, now) ? this.live : undefined;
  }
}
