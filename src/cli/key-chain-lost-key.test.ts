// Method key-chain when a key is lost between the KME and the router: `dec_keys` delivers once, and the run dies, or
// its commit is refused. The slave says so once, and the link gets another key by itself.

import { afterEach, beforeEach, expect, test } from 'vitest';
import { INTERVAL, KeyChainBed, worries } from './test-key-chain-bed.ts';

const LINK = 'mx1-mx2';

let bed: KeyChainBed;
beforeEach(() => void (bed = new KeyChainBed()));
afterEach(() => bed.close());

const asked = (): number => bed.lab.kmes.kme('kme2').requests.filter((line) => line.includes('/dec_keys')).length;
const drawn = (): number => bed.lab.kmes.kme('kme1').requests.filter((line) => line.includes('/enc_keys')).length;

/** A run of the slave that has its key from the KME and dies before it commits. */
async function loseKey(): Promise<void> {
  const { status } = await bed.run('mx2', [], { dieAt: / plan install / });
  expect(status).toBe(-1);
}

test.each([0, 4])('the first key of a link: the next one starts at once, %i minutes apart, and the lost one is asked for in one run only', async (apart) => {
  await bed.start();
  const phase = apart * 60_000;
  const began = bed.clock;
  await bed.run('mx1');
  bed.clock = Math.max(bed.clock, began + phase);
  await loseKey();
  expect(bed.chain('mx2')).toEqual([]);
  bed.clock = began + INTERVAL;
  await bed.ticks(1, { phase });
  const once = asked();
  const ran = await bed.ticks(1, { phase });
  expect(bed.live(LINK), worries(ran.flatMap((one) => [...one.values()]))).toBeDefined();
  expect(bed.clock - began).toBeLessThanOrEqual(3 * INTERVAL);
  const up = bed.clock;
  await bed.ticks(5, { phase });
  bed.expectHitless(LINK, up);
  expect(bed.ckns('mx2').slice(-3)).toEqual(bed.ckns('mx1').slice(-3));
  // Each key drawn since is fetched once; the attempts at the lost one are over.
  expect(asked() - once).toBeLessThanOrEqual(drawn());
}, 60_000);

test.each(['the run dies', 'the commit is refused', 'the commit is refused twice'])('a later key, and %s: refused by name, withdrawn by the master, and a new key is confirmed within two intervals', async (how) => {
  await bed.start();
  await bed.ticks(5);
  const up = bed.clock;
  const before = new Set(bed.ckns('mx1'));
  await bed.run('mx1');
  const lost = bed.ckns('mx1').find((ckn) => !before.has(ckn));
  bed.clock = up + 4 * 60_000;
  if (how === 'the run dies') await loseKey();
  else {
    await bed.router('mx2').router.faults.set({ kind: 'refuse-commit', times: how.endsWith('twice') ? 2 : 1 });
    await bed.run('mx2');
    await bed.router('mx2').router.faults.clear();
  }
  // Refused once, the commit is tried again with the key that the run still holds.
  const isLost = how !== 'the commit is refused';
  expect(bed.ckns('mx2').includes(lost)).toBe(!isLost);
  bed.clock = up + INTERVAL;
  const [next, after] = await bed.ticks(2);
  expect(bed.ckns('mx1').includes(lost)).toBe(!isLost);
  const confirmed = [...(next?.values() ?? []), ...(after?.values() ?? [])].filter(({ link }) => link.outcome === 'confirmed' || link.outcome === 'rotated');
  expect(confirmed.length).toBeGreaterThan(0);
  bed.expectHitless(LINK, up);
  await bed.ticks(3);
  expect(bed.ckns('mx2').slice(-3)).toEqual(bed.ckns('mx1').slice(-3));
}, 60_000);
