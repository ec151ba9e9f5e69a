// Method key-chain when commits end badly in every way, at either end. The ends always keep a common key, and agree on
// a new one by themselves afterwards.

import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { INTERVAL, KeyChainBed, worries } from './test-key-chain-bed.ts';

const LINK = 'mx1-mx2';

let bed: KeyChainBed;
beforeEach(() => void (bed = new KeyChainBed()));
afterEach(() => bed.close());

describe('commits', () => {
  test.each([
    ['the session ends after the commit', { kind: 'drop-session', when: 'after', rpc: 'commit-configuration', times: 1 }],
    ['the session ends before the commit', { kind: 'drop-session', when: 'before', rpc: 'commit-configuration', times: 1 }],
    ['the session ends after the load', { kind: 'drop-session', when: 'after', rpc: 'load-configuration', times: 1 }],
    ['the reply is malformed', { kind: 'malformed-commit-reply' }],
    ['a colleague holds the lock', { kind: 'lock-held' }],
    ['a warning comes first', { kind: 'warning', rpc: 'commit-configuration', message: 'uncommitted changes will be discarded' }],
    ['every session ends at its fourth RPC', { kind: 'drop-session', when: 'after', nth: 4 }],
  ] as const)('%s, at either end', async (_, fault) => {
    await bed.start({ system: { netconf: { lock_wait: 1 } } });
    await bed.ticks(4);
    const up = bed.clock;
    for (const name of ['mx1', 'mx2']) {
      await bed.router(name).router.faults.set(fault);
      await bed.ticks(2);
      await bed.router(name).router.faults.clear();
    }
    bed.expectHitless(LINK, up);
    const after = await bed.ticks(3);
    expect([...(after.at(-1)?.values() ?? [])].map(({ status }) => status), worries(after.at(-1)?.values() ?? [])).toEqual([0, 0]);
    bed.expectHitless(LINK, up);
    bed.expectAgreed();
  }, 60_000);
});

test('a session that ends in a change is reported by the step at which it ended, not by the next question that it leaves unanswered', async () => {
  await bed.start();
  await bed.ticks(4);
  await bed.router('mx1').router.faults.set({ kind: 'drop-session', when: 'before', rpc: 'load-configuration' });
  const tick = await bed.tick();
  expect(tick.get('mx1')?.link.error).toMatchObject({ code: 'netconf-closed', message: expect.stringContaining('load-configuration'), hint: expect.any(String) });
}, 60_000);

test.each([
  ['before it reads', { when: 'before', rpc: 'get-configuration' }, false],
  ['before it loads', { when: 'before', rpc: 'load-configuration' }, true],
  ['after it loads', { when: 'after', rpc: 'load-configuration' }, true],
  ['after it commits', { when: 'after', rpc: 'commit-configuration' }, false],
] as const)('a router of two links whose session ends once, %s: both rotate in the same run', async (_, place, failsAStep) => {
  await bed.start({ routers: 3, topology: 'chain' });
  for (let n = 0; n < 2; n += 1) {
    await bed.run('', [], { offBox: true });
    bed.clock += INTERVAL;
  }
  const keys = (): string[][] => ['CA_mx1-mx2', 'CA_mx2-mx3'].map((association) => bed.chain('mx2', association).map(({ ckn }) => String(ckn)));
  const before = keys();
  await bed.router('mx2').router.faults.set({ kind: 'drop-session', ...place, times: 1 });
  const ran = await bed.run('', [], { offBox: true });
  expect(keys().map((ckns, chain) => ckns.filter((ckn) => !before[chain]?.includes(ckn)).length), worries([ran])).toEqual([1, 1]);
  // A step that failed is told, also when it was made up for.
  const failed = ran.links.filter(({ outcome }) => outcome !== 'rotated');
  expect(failed.map(({ device, error }) => [device, error?.code])).toEqual(failsAStep ? [['mx2', 'netconf-closed']] : []);
}, 60_000);
