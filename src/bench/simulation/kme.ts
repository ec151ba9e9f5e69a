// The KMEs of a link as far as the rotation can tell: new keys for the master, the same keys by key_ID for
// each slave, once, after they have travelled and before they are thrown away.

import type { Random } from './random.ts';
import type { Scenario } from './scenario.ts';

interface Stock {
  readonly drawnAt: number;
  readonly takenBy: Set<number>;
  /** Slaves that will never get it. */
  readonly refusedTo: Set<number>;
}

export type Delivery = 'delivered' | 'on-its-way' | 'gone';

export class Kmes {
  drawn = 0;
  readonly #stock = new Map<string, Stock>();
  readonly #random: Random;
  readonly #scenario: Scenario;

  constructor(scenario: Scenario, random: Random) {
    this.#scenario = scenario;
    this.#random = random;
  }

  encKeys(now: number, number: number, refuse: number): string[] {
    return Array.from({ length: number }, () => {
      const keyId = `k${++this.drawn}`;
      const refusedTo = new Set(this.#scenario.routers.map((_, index) => index).filter(() => this.#random.chance(refuse)));
      this.#stock.set(keyId, { drawnAt: now, takenBy: new Set(), refusedTo });
      return keyId;
    });
  }

  drawnAt(keyId: string): number {
    return this.#stock.get(keyId)?.drawnAt ?? 0;
  }

  decKey(now: number, router: number, keyId: string): Delivery {
    const stock = this.#stock.get(keyId);
    if (stock === undefined || stock.refusedTo.has(router) || stock.takenBy.has(router)) return 'gone';
    const age = now - stock.drawnAt;
    if (age > this.#scenario.retention) return 'gone';
    if (age < this.#scenario.propagation) return 'on-its-way';
    stock.takenBy.add(router);
    return 'delivered';
  }
}
