// When a link may begin: its routers together fit beside those that other links work on. A router is counted once
// however many links it has, and not while all its links only wait, or while it does not answer (router-slots.ts).
// Links begin in their order, so that none is passed over for ever; one with more ends than there is room for begins
// when nothing else is counted. Only the beginning is waited for, never the going on.

import type { RouterSlots } from './router-slots.ts';

/** Links that may be under way at once, those included that wait or whose routers do not answer: bounds the open connections. */
export const MOST_BEGUN = 256;

export class LinkAdmission {
  readonly #limit: number;
  readonly #slots: RouterSlots;
  /** Link ends under way by router, those that wait left out. */
  readonly #working = new Map<string, number>();
  #begun = 0;
  #next: { readonly routers: readonly string[]; readonly resolve: () => void } | undefined;

  constructor(limit: number, slots: RouterSlots) {
    this.#limit = limit;
    this.#slots = slots;
    slots.onChange(() => this.#changed());
  }

  /** Resolves when a link of these routers may begin; one caller at a time. The link is counted until `end`. */
  async begin(routers: readonly string[]): Promise<void> {
    if (!this.#fits(routers)) await new Promise<void>((resolve) => (this.#next = { routers, resolve }));
    this.pass(routers);
  }

  /** Counts a link without waiting for room: it will do nothing. */
  pass(routers: readonly string[]): void {
    this.#begun += 1;
    for (const router of routers) this.#add(router, 1);
  }

  end(routers: readonly string[]): void {
    this.#begun -= 1;
    for (const router of routers) this.#add(router, -1);
    this.#changed();
  }

  /** A wait of one end of `router`: it needs no room meanwhile. */
  async waiting<T>(router: string, wait: () => Promise<T>): Promise<T> {
    this.#add(router, -1);
    this.#changed();
    try {
      return await wait();
    } finally {
      this.#add(router, 1);
    }
  }

  /** Lets a caller of `begin` go on at once: the run is to stop. */
  open(): void {
    this.#next?.resolve();
    this.#next = undefined;
  }

  #add(router: string, change: 1 | -1): void {
    const count = (this.#working.get(router) ?? 0) + change;
    if (count === 0) this.#working.delete(router);
    else this.#working.set(router, count);
  }

  #changed(): void {
    if (this.#next === undefined || !this.#fits(this.#next.routers)) return;
    this.open();
  }

  #fits(routers: readonly string[]): boolean {
    if (this.#begun >= MOST_BEGUN) return false;
    const counted = [...this.#working.keys()].filter((router) => !this.#slots.isOverdue(router)).length;
    const fresh = routers.filter((router) => !this.#working.has(router)).length;
    return counted === 0 || counted + fresh <= this.#limit;
  }
}
