// Method key-chain when the management network or the fibre is gone from any moment on. The ends always keep a common key, and agree on
// a new one by themselves afterwards.

import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { INTERVAL, KeyChainBed, MINUTE } from './test-key-chain-bed.ts';

const LINK = 'mx1-mx2';

let bed: KeyChainBed;
beforeEach(() => void (bed = new KeyChainBed()));
afterEach(() => bed.close());

describe('a partition of the management network', () => {
  // The moments of the protocol between which it begins.
  test.each([
    ['before the master runs', 'mx1'],
    ['before the slave runs', 'mx2'],
    ['after both ran', 'mx1'],
  ])('that begins %s: %s cannot be reached for an hour', async (phase, name) => {
    await bed.start();
    await bed.ticks(5);
    const up = bed.clock;
    const begin = () => bed.router(name).router.faults.set({ kind: 'unreachable' });
    if (phase.startsWith('before the m')) await begin();
    await bed.tick({ before: (at) => (at === 'mx2' && phase.includes('slave') ? begin() : undefined) });
    if (phase.startsWith('after')) await begin();
    await bed.ticks(5);
    await bed.router(name).router.faults.clear();
    await bed.ticks(5);
    bed.expectHitless(LINK, up);
    bed.expectAgreed();
  }, 60_000);
});

describe('a fibre cut', () => {
  test('of minutes and of half an hour, with MKA down: the ends meet again on one key', async () => {
    await bed.start();
    await bed.ticks(5);
    for (const length of [4 * MINUTE, 3 * INTERVAL]) {
      await bed.router('mx1').router.faults.set({ kind: 'fibre-cut', interface: 'et-0/0/1' });
      const until = bed.clock + length;
      while (bed.clock < until) {
        if (until - bed.clock >= INTERVAL) await bed.tick();
        else bed.clock = until;
      }
      await bed.router('mx1').router.faults.clear();
      bed.clock += MINUTE;
      const up = bed.clock;
      expect(bed.live(LINK), bed.story(LINK, 0)).toBeDefined();
      await bed.ticks(3);
      bed.expectHitless(LINK, up);
    }
    bed.expectAgreed();
  }, 60_000);
});

describe('routers that keep no preceding key', () => {
  test('a key that one end activates alone is withdrawn by that end\'s next run, without any connection', async () => {
    await bed.start();
    await bed.ticks(4);
    for (const name of ['mx1', 'mx2']) await bed.configure(name, 'set security macsec connectivity-association CA_basic disable-preceding-key');
    // The master has confirmed a key; the slave never reads it, and withdraws the key before it starts.
    await bed.run('mx1');
    await bed.router('mx1').router.faults.set({ kind: 'unreachable' });
    await bed.router('mx2').router.faults.set({ kind: 'unreachable' });
    const up = bed.clock;
    bed.clock += 4 * MINUTE;
    const ran = await bed.ticks(5);
    const runs = ran.flatMap((one) => [...one.values()]);
    expect(runs.flatMap(({ errors }) => errors.filter((line) => line.includes('reason=activated-alone'))).length, bed.story(LINK, up)).toBeGreaterThan(0);
    const { history } = bed.lab.cable(LINK);
    const longest = Math.max(...history.map((one, i) => (one.at > up && one.state === 'down' ? (history[i + 1]?.at ?? bed.clock) - one.at : 0)));
    expect(longest, bed.story(LINK, up)).toBeLessThan(INTERVAL + MINUTE);
    expect(bed.live(LINK)).toBeDefined();
    for (const name of ['mx1', 'mx2']) await bed.router(name).router.faults.clear();
    await bed.ticks(4);
    bed.expectAgreed();
  }, 60_000);
});
