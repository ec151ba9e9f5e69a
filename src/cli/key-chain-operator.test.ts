// Method key-chain on routers that someone else works on too: foreign and deactivated keys, deactivated
// statements, time zones and changes of daylight-saving time, a suspended MKA, backup routing engines.

import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { INTERVAL, KeyChainBed, type Ran, worries } from './test-key-chain-bed.ts';

const LINK = 'mx1-mx2';
const CHAIN = 'security authentication-key-chains key-chain CA_basic';
const ASSOCIATION = 'security macsec connectivity-association CA_basic';

let bed: KeyChainBed;
beforeEach(() => void (bed = new KeyChainBed()));
afterEach(() => bed.close());

const commits = (ran: Ran | undefined): number => (ran?.rpcs ?? []).filter((rpc) => rpc === 'commit-configuration').length;

describe('keys that are not ours', () => {
  test('an operator\'s own key in the chain is left alone and named', async () => {
    await bed.start();
    await bed.ticks(4);
    for (const name of ['mx1', 'mx2']) await bed.configure(name, `set ${CHAIN} key 3 secret ${'ab'.repeat(32)} key-name ${'cd'.repeat(32)} start-time "2037-1-1.00:00:00 +0000"`);
    const foreign = bed.chain('mx1').find((key) => key.slot === 3);
    const up = bed.clock;
    const ran = await bed.ticks(10);
    expect(bed.chain('mx1').find((key) => key.slot === 3)).toEqual(foreign);
    expect(ran.at(-1)?.get('mx1')?.errors.join('\n')).toMatch(/key 3 was not installed by this program: left alone/);
    expect(ran.map((one) => one.get('mx1')?.status)).toEqual(Array(10).fill(0));
    bed.expectHitless(LINK, up);
  }, 60_000);

  test('a key that the operator has deactivated keeps its slot', async () => {
    await bed.start();
    await bed.ticks(5);
    const slot = bed.chain('mx1')[0]?.slot;
    for (const name of ['mx1', 'mx2']) await bed.configure(name, `deactivate ${CHAIN} key ${bed.chain(name)[0]?.slot}`);
    const up = bed.clock;
    const ran = await bed.ticks(9);
    expect(await bed.shown('mx1')).toMatch(new RegExp(`<key inactive="inactive">\\s*<name>${slot}</name>`));
    expect(ran.flatMap((one) => [...one.values()]).filter((one) => one.status !== 0)).toEqual([]);
    bed.expectHitless(LINK, up);
  }, 60_000);
});

describe('deactivated statements', () => {
  test.each([
    ['the binding, while a fallback key holds the session', [`set ${ASSOCIATION} fallback-key ckn ${'ef'.repeat(32)} cak ${'12'.repeat(32)}`, `deactivate ${ASSOCIATION} pre-shared-key-chain`]],
    ['the connectivity association and the interface', [`deactivate ${ASSOCIATION}`, 'deactivate security macsec interfaces et-0/0/1']],
    ['[edit security macsec]', ['deactivate security macsec']],
    ['[edit security macsec] and the key chains', ['deactivate security macsec', `deactivate ${CHAIN}`]],
    ['[edit security]', ['deactivate security']],
  ])('%s: nothing is committed, drawn or failed, and it is named', async (_, lines) => {
    await bed.start();
    await bed.ticks(3);
    await bed.configure('mx1', ...lines);
    const before = await bed.shown('mx1');
    const ran = await bed.run('mx1');
    expect(ran.link, worries([ran])).toMatchObject({ outcome: 'unchanged', reason: expect.stringContaining('deactivated') });
    expect(commits(ran)).toBe(0);
    expect(await bed.shown('mx1')).toBe(before);
    await bed.configure('mx1', ...lines.filter((line) => line.startsWith('deactivate')).map((line) => line.replace('deactivate', 'activate')));
    bed.clock += INTERVAL;
    expect((await bed.tick()).get('mx1')?.status).toBe(0);
  }, 30_000);

  test('the pre-shared-key of a link that shall move', async () => {
    await bed.start({ method: 'pre-shared-key' });
    await bed.tick({ phase: 0 });
    await bed.configure('mx1', `set ${ASSOCIATION} fallback-key ckn ${'ef'.repeat(32)} cak ${'12'.repeat(32)}`, `deactivate ${ASSOCIATION} pre-shared-key`);
    bed.setAllLinks({ method: 'key-chain' });
    const ran = await bed.run('mx1');
    expect(ran.link, worries([ran])).toMatchObject({ outcome: 'unchanged', reason: expect.stringContaining('deactivated') });
    expect(commits(ran)).toBe(0);
  }, 30_000);
});

describe('time zones', () => {
  test.each([
    ['far apart', 'Pacific/Kiritimati', 'America/Los_Angeles', undefined],
    ['that spring forward within the lead', 'Europe/Berlin', 'UTC', Date.UTC(2027, 2, 28, 0, 30)],
  ])('%s', async (_, one, other, around) => {
    if (around !== undefined) bed.clock = around - 4 * INTERVAL;
    await bed.start();
    await bed.configure('mx1', `set system time-zone ${one}`);
    await bed.configure('mx2', `set system time-zone ${other}`);
    await bed.ticks(2);
    const up = bed.clock;
    const used = new Set<string | undefined>();
    for (let n = 0; n < 11; n += 1) {
      const ran = await bed.tick();
      expect([...ran.values()].map((r) => r.status), worries(ran.values())).toEqual([0, 0]);
      used.add(bed.live(LINK));
    }
    bed.expectHitless(LINK, up);
    expect(used.size).toBeGreaterThanOrEqual(8);
  }, 60_000);
});

describe('a router that takes and shows start times in its local time only', () => {
  test.each([
    ['in a zone without daylight saving', 'Asia/Kathmandu', Date.UTC(2027, 5, 1), 8],
    ['that springs forward within the lead', 'Europe/Berlin', Date.UTC(2027, 2, 28, 1), 12],
    ['that falls back within the lead', 'Europe/Berlin', Date.UTC(2027, 9, 31, 1), 22],
  ])('%s', async (what, zone, change, ticks) => {
    const fallsBack = what.includes('back');
    bed.clock = change - (fallsBack ? 11 : 5) * INTERVAL;
    await bed.start({ platform: { startTimesWithoutZone: true } });
    for (const name of ['mx1', 'mx2']) await bed.configure(name, `set system time-zone ${zone}`);
    await bed.ticks(2);
    const up = bed.clock;
    const used = new Set<string | undefined>();
    const ran: Ran[] = [];
    for (let n = 0; n < ticks; n += 1) {
      ran.push(...(await bed.tick()).values());
      used.add(bed.live(LINK));
    }
    bed.expectHitless(LINK, up);
    // In the hours that come twice no start time can be named: the rotation pauses, the link does not.
    const failed = ran.flatMap(({ link }) => link.error?.code ?? []);
    expect(new Set(failed), worries(ran)).toEqual(new Set(fallsBack ? ['clock'] : []));
    expect(used.size).toBeGreaterThanOrEqual(fallsBack ? 5 : ticks - 3);
    expect(bed.ckns('mx2').slice(-2)).toEqual(bed.ckns('mx1').slice(-2));
    expect(await bed.run('mx1', ['--dry-run'])).toMatchObject({ status: 0, link: { reason: expect.stringMatching(/^dry run: would install/) } });
  }, 60_000);
});

test('a link of such routers moves to its key chain', async () => {
  await bed.start({ platform: { startTimesWithoutZone: true }, method: 'pre-shared-key' });
  for (const name of ['mx1', 'mx2']) await bed.configure(name, 'set system time-zone Asia/Kathmandu');
  await bed.ticks(3);
  const up = bed.clock;
  bed.setAllLinks({ method: 'key-chain' });
  const ran = (await bed.ticks(3)).flatMap((tick) => [...tick.values()]);
  expect(ran.map(({ status }) => status), worries(ran)).toEqual(ran.map(() => 0));
  bed.expectHitless(LINK, up);
  expect(bed.chain('mx1').map(({ ckn, startTime }) => [ckn, startTime]).slice(0, 1)).toEqual([[bed.live(LINK), '2000-1-1.05:45:00']]);
}, 60_000);

test('such routers get the first key of a link off-box', async () => {
  await bed.start({ platform: { startTimesWithoutZone: true } });
  for (const name of ['mx1', 'mx2']) await bed.configure(name, 'set system time-zone Asia/Kathmandu');
  const ran = await bed.run('', ['init'], { offBox: true });
  expect([ran.status, ...ran.links.map(({ outcome }) => outcome)], worries([ran])).toEqual([0, 'installed', 'installed']);
  bed.clock += INTERVAL;
  expect(bed.live(LINK)).toBeDefined();
});

describe('clocks', () => {
  test('four seconds apart: rotation goes on', async () => {
    await bed.start({ clockOffsets: new Map([['mx2', 4]]) });
    await bed.ticks(2);
    const up = bed.clock;
    const ran = await bed.ticks(7);
    expect(ran.flatMap((one) => [...one.values()]).map(({ status }) => status), worries(ran.flatMap((one) => [...one.values()]))).toEqual(Array(14).fill(0));
    bed.expectHitless(LINK, up);
  }, 60_000);

  test('a router whose clock goes wrong and is mended: no new key meanwhile, then it goes on', async () => {
    await bed.start();
    await bed.ticks(4);
    const up = bed.clock;
    await bed.router('mx2').router.faults.set({ kind: 'clock-offset', seconds: -20 });
    const wrong = await bed.ticks(3);
    expect(wrong.at(-1)?.get('mx2')?.link.error?.code).toBe('clock');
    await bed.router('mx2').router.faults.clear();
    const mended = await bed.ticks(4);
    expect(mended.at(-1)?.get('mx2')?.status, worries(mended.at(-1)?.values() ?? [])).toBe(0);
    expect(bed.ckns('mx2')).toEqual(bed.ckns('mx1'));
    expect(up).toBeLessThan(bed.clock);
  }, 60_000);
});
