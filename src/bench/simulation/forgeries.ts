// CKNs that nobody sent in earnest. A router's syslog starts a run for every CKN that it does not expect, and
// whoever is on the line can send one: any at all, one that was seen before, the same one again and again. Such
// a run must do nothing that it would not do anyway.

import type { Random } from './random.ts';
import type { Router } from './router.ts';
import type { World } from './world.ts';

export interface Forgery {
  /** True time. */
  readonly at: number;
  /** Index of the router that hears it. */
  readonly router: number;
  /** 0 to 1: which of the CKNs that could be sent. */
  readonly choice: number;
}

/** About two an interval, a third of them heard again within a minute, there or at another end. */
export function drawForgeries(random: Random, span: { readonly from: number; readonly to: number; readonly slaves: number; readonly intervalMs: number }): Forgery[] {
  const forgeries: Forgery[] = [];
  let at = span.from;
  for (;;) {
    at += random.between(0, 1) * span.intervalMs;
    if (at >= span.to) return forgeries;
    const forgery = { at, router: random.integer(0, span.slaves), choice: random.unit() };
    forgeries.push(forgery);
    if (random.chance(0.3)) forgeries.push({ ...forgery, at: Math.min(at + random.between(0, 60_000), span.to), router: random.integer(0, span.slaves) });
  }
}

/** Any CKN that an end has, started or not, its present one included; what the other ends use; and one that nobody has. */
export function forgedCkn(world: World, router: Router, choice: number): string {
  const own = router.chain().map(({ ckn }) => ckn ?? '');
  const others = world.routers.filter((other) => other !== router).map((other) => other.primary(world.now) ?? '');
  const all = [...own, ...others, 'nobody'];
  return all[Math.floor(choice * all.length)] ?? 'nobody';
}
