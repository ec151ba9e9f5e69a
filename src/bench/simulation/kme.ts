// The KMEs of a link as far as the rotation can tell: new keys for the master, the same keys by key_ID for
// each slave, once, after they have travelled and before they are thrown away.

import type { Method } from '../../inventory/inventory.ts';
import type { Random } from './random.ts';
import type { Scenario } from './scenario.ts';

interface Stock {
  readonly drawnAt: number;
  /** That it was drawn for: its CKN tells. */
  readonly method: Method;
  readonly takenBy: Set<number>;
  /** Slaves that will never get it. */
  readonly refusedTo: Set<number>;
}

export type Delivery = 'delivered' | 'on-its-way' | 'gone';

/**
 * More than a schedule draws. Names of properties are kept once by V8, so that two that differ are told apart by their
 * address: comparing key_IDs is most of what a planner does.
 */
const KEY_IDS: readonly string[] = Object.keys(Object.fromEntries(Array.from({ length: 2000 }, (_, n) => [`k${n + 1}`, n])));

export class Kmes {
  drawn = 0;
  readonly #stock = new Map<string, Stock>();
  readonly #random: Random;
  readonly #scenario: Scenario;

  constructor(scenario: Scenario, random: Random) {
    this.#scenario = scenario;
    this.#random = random;
  }

  encKeys(now: number, { number, refuse, method }: { number: number; refuse: number; method: Method }): string[] {
    return Array.from({ length: number }, () => {
      const keyId = KEY_IDS[this.drawn++ % KEY_IDS.length] ?? '';
      const refusedTo = new Set(this.#scenario.routers.map((_, index) => index).filter(() => this.#random.chance(refuse)));
      this.#stock.set(keyId, { drawnAt: now, method, takenBy: new Set(), refusedTo });
      return keyId;
    });
  }

  drawnAt(keyId: string): number {
    return this.#stock.get(keyId)?.drawnAt ?? 0;
  }

  /** Undefined: no key of a KME. */
  methodOf(keyId: string): Method | undefined {
    return this.#stock.get(keyId)?.method;
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
