// Method key-chain with runs that die after every step that others can see: each answer of the router and the
// KME, each decision, hence each record written. What comes after is an ordinary tick.

import { afterEach, beforeEach, expect, test } from 'vitest';
import { INTERVAL, KeyChainBed, MINUTE, worries } from './test-key-chain-bed.ts';

const LINK = 'mx1-mx2';

let bed: KeyChainBed;
beforeEach(() => void (bed = new KeyChainBed()));
afterEach(() => bed.close());

test.each([
  ['mx1', 1],
  ['mx2', 2],
])('a run of %s that dies at step %i, or any second one after it, leaves the link up and the next tick going on', async (name, first) => {
  await bed.start({ system: { rotation: { wait: 0 } } });
  await bed.ticks(4);
  const up = bed.clock;
  const used = new Set<string | undefined>();
  let died = 0;
  for (let step = first, last = Infinity; step <= last; step += 2) {
    const began = bed.clock;
    const killed = new Map<string, { status: number }>();
    for (const router of ['mx1', 'mx2']) {
      bed.clock = Math.max(bed.clock, began + (router === 'mx1' ? 0 : 4 * MINUTE));
      killed.set(router, await bed.run(router, [], router === name ? { dieAtStep: step } : {}));
    }
    if (killed.get(name)?.status === -1) died += 1;
    else last = step;
    bed.clock = Math.max(bed.clock, began + INTERVAL);
    const ran = await bed.tick();
    expect([...ran.values()].map(({ status }) => status), `step ${step}: ${worries(ran.values())}`).toEqual([0, 0]);
    expect(bed.wasDown(LINK, up), `step ${step}\n${bed.story(LINK, up)}`).toBe(false);
    used.add(bed.live(LINK));
  }
  expect(died).toBeGreaterThan(5);
  expect(used.size).toBeGreaterThan(died / 2);
  await bed.ticks(4);
  bed.expectHitless(LINK, up);
  expect(bed.ckns('mx2').slice(-3)).toEqual(bed.ckns('mx1').slice(-3));
}, 90_000);
