// Method key-chain by the whole program on the bench, in virtual time. The protocol itself is proven by the
// simulator; this proves that the program carries it out.

import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { KeyChainBed, MINUTE, type Ran } from './test-key-chain-bed.ts';

const LINK = 'mx1-mx2';

let bed: KeyChainBed;
beforeEach(() => void (bed = new KeyChainBed()));
afterEach(() => bed.close());

/** One tick of ten minutes: the master, then the slave, minutes later. */
async function tick(phase = 4 * MINUTE, before: (name: string) => void = () => undefined): Promise<{ master: Ran; slave: Ran }> {
  const ran = await bed.tick({ phase, before });
  return { master: ran.get('mx1') as Ran, slave: ran.get('mx2') as Ran };
}

const setMethod = (name: string, method: string): void => bed.setLinks(name, { method });
const chainOf = (name: string) => bed.chain(name).map(({ ckn, secret, startTime }) => ({ ckn, secret, startTime }));
const live = (): string | undefined => bed.live(LINK);

describe('unaligned ticks', () => {
  test('rotate once an interval, both ends with the same chains, never without a common key', async () => {
    await bed.start();
    await tick();
    bed.clock += 2 * MINUTE;
    const up = bed.clock;
    const used = new Set<string | undefined>();
    for (let n = 0; n < 12; n += 1) {
      const { master, slave } = await tick();
      expect([master.status, slave.status], [...master.errors, ...slave.errors].filter((l) => /ERROR|WARN/.test(l)).join('\n')).toEqual([0, 0]);
      expect(chainOf('mx1').map((key) => key.secret)).toHaveLength(chainOf('mx2').length);
      used.add(live());
    }
    // The first key lasts until the first lead of 32 minutes is over; from then on one key an interval.
    expect(used.size).toBeGreaterThanOrEqual(8);
    bed.expectHitless(LINK, up);
    expect(chainOf('mx1')).toEqual(chainOf('mx2'));
    expect(chainOf('mx1').length).toBeLessThanOrEqual(8);
  }, 60_000);

  test('E11 a tick with nothing to do makes no commit and at most three RPCs; a rotation one commit per end', async () => {
    await bed.start();
    for (let n = 0; n < 4; n += 1) await tick();
    const { master, slave } = await tick(MINUTE);
    bed.clock -= 8 * MINUTE; // the master confirms and the slave reads it: then there is nothing left to do
    for (const name of ['mx1', 'mx2', 'mx1']) await bed.run(name);
    bed.clock += MINUTE;
    for (const name of ['mx1', 'mx2']) {
      const idle = await bed.run(name);
      expect(idle.status, idle.errors.filter((line) => /ERROR|WARN/.test(line)).join('\n')).toBe(0);
      expect(idle.rpcs.filter((rpc) => !['close-session'].includes(rpc)).length, idle.errors.filter((line) => / plan /.test(line)).join('\n')).toBeLessThanOrEqual(3);
      expect(idle.rpcs).not.toContain('commit-configuration');
    }
    for (const end of [master, slave]) expect(end.rpcs.filter((rpc) => rpc === 'commit-configuration')).toHaveLength(1);
  }, 60_000);
});

describe('rebuilt from the configuration', () => {
  test.each(['records', 'logs', 'everything but inventory and keys'])('losing the %s between any two runs of a router changes nothing', async (what) => {
    await bed.start();
    for (let n = 0; n < 3; n += 1) await tick();
    const up = bed.clock;
    for (let n = 0; n < 6; n += 1) {
      const { master, slave } = await tick(4 * MINUTE, (name) => {
        for (const part of what.startsWith('every') ? ['records', 'logs', 'run.lock'] : [what]) rmSync(join(bed.lab.routers.get(name)?.home ?? '', part), { recursive: true, force: true });
      });
      expect([master.status, slave.status]).toEqual([0, 0]);
    }
    bed.expectHitless(LINK, up);
    expect(chainOf('mx1')).toEqual(chainOf('mx2'));
    expect(chainOf('mx1').length).toBeGreaterThanOrEqual(6);
  }, 60_000);
});

describe('moving a live link', () => {
  test('from pre-shared-key to key-chain and back, one end a tick before the other, without losing the common key', async () => {
    await bed.start({ method: 'pre-shared-key' });
    await tick();
    bed.clock += MINUTE;
    const up = bed.clock;
    expect(live()).toBeDefined();
    setMethod('mx1', 'key-chain');
    expect((await bed.run('mx1')).status).toBe(0);
    bed.clock += 10 * MINUTE;
    setMethod('mx2', 'key-chain');
    for (let n = 0; n < 6; n += 1) await tick();
    expect(chainOf('mx1')).toEqual(chainOf('mx2'));
    const onChain = live();
    setMethod('mx2', 'pre-shared-key');
    await tick();
    setMethod('mx1', 'pre-shared-key');
    for (let n = 0; n < 8; n += 1) await tick();
    expect(live()).toBeDefined();
    expect(live()).not.toBe(onChain);
    expect(live()).toMatch(/^abcd1234abcd5678/);
    bed.expectHitless(LINK, up);
  }, 60_000);
});

describe('faults', () => {
  test('a slave whose KME is dead for an hour: keys are withdrawn, the link stays on its last key, and it recovers by itself', async () => {
    await bed.start();
    for (let n = 0; n < 5; n += 1) await tick();
    const up = bed.clock;
    bed.lab.kmes.kmes[1]?.faults.set({ fault: 'answer', status: 503, times: 'always' });
    for (let n = 0; n < 6; n += 1) expect((await tick()).slave.status).toBe(1);
    bed.lab.kmes.kmes[1]?.faults.clear();
    for (let n = 0; n < 6; n += 1) await tick();
    bed.expectHitless(LINK, up);
    expect(chainOf('mx1').map((k) => k.ckn).sort()).toEqual(chainOf('mx2').map((k) => k.ckn).sort());
  }, 90_000);

  test('a key that the slave\'s KME has lost is refused by name and withdrawn by the master', async () => {
    await bed.start();
    for (let n = 0; n < 4; n += 1) await tick();
    const up = bed.clock;
    const before = new Set(bed.ckns('mx1'));
    const { link } = await bed.run('mx1');
    const drawn = bed.ckns('mx1').find((ckn) => !before.has(ckn));
    expect(drawn).toBeDefined();
    // The run confirms the key before and draws the next: it reports the one that its outcome is about.
    expect([link.outcome, before.has(link.ckn ?? '')]).toEqual(['confirmed', true]);
    bed.lab.kmes.kmes[1]?.faults.set({ fault: 'key-gone', times: 'always' });
    bed.clock += 4 * MINUTE;
    await bed.run('mx2');
    bed.lab.kmes.kmes[1]?.faults.clear();
    bed.clock += 6 * MINUTE;
    await bed.run('mx1');
    expect(bed.ckns('mx1')).not.toContain(drawn);
    bed.expectHitless(LINK, up);
  }, 60_000);

  test('a router whose clock is off refuses to rotate, by name', async () => {
    await bed.start({ clockOffsets: new Map([['mx2', 30]]) });
    await tick();
    const { slave } = await tick();
    expect(slave).toMatchObject({ status: 1, link: { error: { code: 'clock' } } });
  }, 30_000);
});
