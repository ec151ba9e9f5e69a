// Method key-chain on other shapes than one link of two routers, and from a management host: a link of three
// ends, a router with two links, and both ends in one process.

import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { KeyChainBed, MINUTE, worries } from './test-key-chain-bed.ts';

let bed: KeyChainBed;
beforeEach(() => void (bed = new KeyChainBed()));
afterEach(() => bed.close());

describe('one master and two slaves', () => {
  test('a key is confirmed by both slaves, and used at the same moment by all', async () => {
    await bed.start({ routers: 3, topology: 'star' });
    await bed.ticks(2, { phase: 3 * MINUTE });
    const up = bed.clock;
    const used = new Set<string | undefined>();
    for (let n = 0; n < 8; n += 1) {
      const ran = await bed.tick({ phase: 3 * MINUTE });
      expect([...ran.values()].map(({ status }) => status), worries(ran.values())).toEqual([0, 0, 0]);
      used.add(bed.live('star'));
    }
    bed.expectHitless('star', up);
    expect(used.size).toBeGreaterThanOrEqual(5);
    expect(bed.ckns('mx2')).toEqual(bed.ckns('mx1'));
    expect(bed.ckns('mx3')).toEqual(bed.ckns('mx1'));
  }, 60_000);

  test('a slave that does not run for half an hour: no key that it lacks is ever used, and it recovers', async () => {
    await bed.start({ routers: 3, topology: 'star' });
    await bed.ticks(5, { phase: 3 * MINUTE });
    const up = bed.clock;
    await bed.ticks(3, { phase: 3 * MINUTE, names: ['mx1', 'mx2'] });
    bed.expectHitless('star', up);
    await bed.ticks(6, { phase: 3 * MINUTE });
    bed.expectHitless('star', up);
    expect(bed.ckns('mx3').slice(-3)).toEqual(bed.ckns('mx1').slice(-3));
    expect(bed.ckns('mx2').slice(-3)).toEqual(bed.ckns('mx1').slice(-3));
  }, 60_000);
});

describe('a chain of routers', () => {
  test('a dead neighbour does not keep the other link of the router in the middle from rotating', async () => {
    await bed.start({ routers: 3, topology: 'chain' });
    await bed.ticks(4, { phase: 3 * MINUTE });
    const up = bed.clock;
    await bed.router('mx3').router.faults.set({ kind: 'unreachable' });
    const used = new Set<string | undefined>();
    for (let n = 0; n < 6; n += 1) {
      const ran = await bed.tick({ phase: 3 * MINUTE, names: ['mx1', 'mx2'] });
      expect(ran.get('mx2')?.took).toBeLessThan(9 * MINUTE);
      used.add(bed.live('mx1-mx2'));
    }
    expect(used.size).toBeGreaterThanOrEqual(5);
    bed.expectHitless('mx1-mx2', up);
    bed.expectHitless('mx2-mx3', up);
    await bed.router('mx3').router.faults.clear();
    await bed.ticks(6, { phase: 3 * MINUTE });
    bed.expectHitless('mx2-mx3', up);
    expect(bed.chain('mx2', 'CA_mx2-mx3').map((k) => k.ckn)).toEqual(bed.chain('mx3').map((k) => k.ckn));
  }, 60_000);
});

describe('off-box', () => {
  test('both ends in one run: initial configuration, then a key each run, also without any record', async () => {
    await bed.start({ system: { rotation: { wait: 60, poll: 5 } } });
    await bed.run('', [], { offBox: true });
    bed.clock += 10 * MINUTE;
    const up = bed.clock;
    const used = new Set<string | undefined>();
    for (let n = 0; n < 9; n += 1) {
      const began = bed.clock;
      rmSync(join(bed.folder, 'offbox', 'records'), { recursive: true, force: true });
      const ran = await bed.run('', [], { offBox: true });
      expect(ran.status, worries([ran])).toBe(0);
      bed.clock = began + 10 * MINUTE;
      used.add(bed.live('mx1-mx2'));
    }
    expect(used.size).toBeGreaterThanOrEqual(5);
    bed.expectHitless('mx1-mx2', up);
    expect(bed.ckns('mx2')).toEqual(bed.ckns('mx1'));
  }, 60_000);
});
