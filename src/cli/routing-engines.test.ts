// Routers with two routing engines, by the whole program on the bench, in virtual time: the event policy starts it on
// both engines, the backup's run does nothing, every commit is for both, and after a switchover at any moment of a
// rotation the new master goes on from the configuration, with no files of the old one.

import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { committedKeyChain } from '../bench/fleet/committed-key-chain.ts';
import { KeyWatch } from '../bench/lab/key-watch.ts';
import { element, elementWith } from '../xml.ts';
import { INTERVAL, KeyChainBed, MINUTE, type Ran, worries } from './test-key-chain-bed.ts';

const LINK = 'mx1-mx2';
/** MKA hello time of the bench: a switchover costs one of them, for MKA starts over. */
const HELLO = 2_000;

let bed: KeyChainBed;
beforeEach(() => void (bed = new KeyChainBed()));
afterEach(() => bed.close());

const router = (name: string) => bed.router(name).router;
const keys = (name: string) => bed.chain(name).map(({ ckn, secret, startTime }) => ({ ckn, secret, startTime }));

/** The event policy of one router: the program on the master, and on the backup when asked for. */
async function event(name: string, onBoth: boolean): Promise<void> {
  const master = router(name).masterSlot();
  const ran = await bed.run(name, [], { engine: master });
  expect(ran.status, worries([ran])).toBe(0);
  if (onBoth) expectIdle(await bed.run(name, [], { engine: master === 0 ? 1 : 0 }));
}

function expectIdle(ran: Ran): void {
  expect([ran.status, ran.link.outcome, ran.link.reason], worries([ran])).toEqual([0, 'unchanged', 'this is the backup routing engine']);
  expect(ran.rpcs.filter((rpc) => /commit|load|lock|open/.test(rpc))).toEqual([]);
  expect(ran.errors.filter((line) => / kme answer /.test(line))).toEqual([]);
}

/** Unless a run has waited past it. */
function moveTo(time: number): void {
  bed.clock = Math.max(bed.clock, time);
}

async function tick(onBoth = false): Promise<void> {
  const began = bed.clock;
  await event('mx1', onBoth);
  moveTo(began + 4 * MINUTE);
  await event('mx2', onBoth);
  moveTo(began + INTERVAL);
}

/** The other engine of mx1 becomes master. */
async function switchover(): Promise<void> {
  const { faults } = router('mx1');
  if (router('mx1').masterSlot() === 0) await faults.set({ kind: 'switchover' });
  else await faults.clear();
}

/** Milliseconds in which the link was down, since then. */
function downTime(since: number): number {
  const { history } = bed.lab.cable(LINK);
  return history.reduce((sum, { at, state }, i) => sum + (state === 'up' ? 0 : Math.max(0, (history[i + 1]?.at ?? bed.clock) - Math.max(at, since))), 0);
}

/** CKN and start time of every key of mx1, on the engine of that slot. */
const committed = (slot: number): string[] => committedKeyChain(router('mx1').engines[slot]?.mgd.committed() ?? element('configuration'));

/** key_IDs in the record on the engine that is master. */
function published(): string[] {
  const home = bed.router('mx1').homes[router('mx1').masterSlot()]?.home ?? '';
  const record = JSON.parse(readFileSync(join(home, 'records', 'mx1_last_key.json'), 'utf8')) as { links: Record<string, { keys: { key_ID: string }[] }> };
  return (record.links[LINK]?.keys ?? []).map(({ key_ID }) => key_ID.replaceAll('-', ''));
}

/** When a switchover comes: after the installation by mx1, after that by mx2, or with the keys of both ends confirmed, a second before one starts. */
const MOMENTS = ['between the ends', 'before the confirmation', 'before the start'] as const;

async function rotationWithSwitchover(moment: (typeof MOMENTS)[number], watch: KeyWatch): Promise<void> {
  const began = bed.clock;
  await event('mx1', false);
  if (moment === 'between the ends') await switchover();
  moveTo(began + 4 * MINUTE);
  await event('mx2', false);
  if (moment === 'before the confirmation') await switchover();
  moveTo(began + INTERVAL);
  await tick(moment === 'between the ends');
  if (moment !== 'before the start') return;
  bed.clock = Math.min(...(watch.chains()[0] ?? []).map(({ startsAt }) => startsAt).filter((at) => at > bed.clock)) - 1000;
  await switchover();
  bed.clock += MINUTE;
}

describe.each<[string, boolean, readonly (typeof MOMENTS)[number][]]>([
  ['with names from groups re0 and re1', true, MOMENTS],
  ['with one host name', false, ['between the ends']],
])('two routing engines %s', (_, engineNames, moments) => {
  test('a switchover in the middle of a rotation: no mismatch, and the rotation goes on from the configuration', async () => {
    await bed.start({ platform: { routingEngines: 2 }, engineNames });
    const watch = new KeyWatch(bed.lab.cable(LINK));
    await tick(true);
    await tick();
    const since = bed.clock;
    for (const moment of moments) {
      const before = new Set(bed.ckns('mx1'));
      await rotationWithSwitchover(moment, watch);
      await tick();
      expect(keys('mx1'), moment).toEqual(keys('mx2'));
      expect(bed.ckns('mx1').filter((ckn) => !before.has(ckn)).length, moment).toBeGreaterThanOrEqual(1);
      expect(committed(1), moment).toEqual(committed(0));
      const ids = bed.ckns('mx1').map((ckn) => ckn?.slice(0, 32) ?? '');
      expect(ids, moment).toEqual(expect.arrayContaining(published()));
      expect(published().length, moment).toBeGreaterThan(1);
    }
    expect(watch.mismatch(since, bed.clock), bed.story(LINK, since)).toBe(0);
    const down = downTime(since);
    expect(down, bed.story(LINK, since)).toBeGreaterThan(0);
    // The last one comes a second before a start: MKA is not up with the old key when it goes over to the new one.
    expect(down, bed.story(LINK, since)).toBeLessThanOrEqual((moments.length + 1) * HELLO);
  }, 120_000);

  test('every commit is for both, the first configuration and its confirmation included', async () => {
    await bed.start({ platform: { routingEngines: 2 }, engineNames });
    bed.setAllLinks({ initial_key: { ckn: 'aa'.repeat(32), cak: randomBytes(32).toString('hex') } });
    await tick();
    bed.clock += 15 * MINUTE;
    await tick();
    for (const name of ['mx1', 'mx2']) {
      const [master, backup] = router(name).engines.map(({ mgd }) => committedKeyChain(mgd.committed()));
      expect(master?.length).toBeGreaterThanOrEqual(2);
      expect(backup).toEqual(master);
    }
  }, 60_000);
});

test.each(['with', 'without'])('on the backup no command does anything, %s a configured link', async (which) => {
  await bed.start({ platform: { routingEngines: 2 } });
  bed.setAllLinks({ initial_key: { ckn: 'aa'.repeat(32), cak: randomBytes(32).toString('hex') } });
  if (which === 'with') await tick();
  const before = [committed(0), committed(1)];
  for (const argv of [[], ['init'], ['rotate']]) expectIdle(await bed.run('mx1', argv, { engine: 1 }));
  expect([committed(0), committed(1)]).toEqual(before);
  expect(existsSync(join(bed.router('mx1').homes[1]?.home ?? '', 'records'))).toBe(false);
}, 60_000);

test.each(['key-chain', 'pre-shared-key'] as const)('a backup that shows MKA sessions takes no key: method %s', async (method) => {
  await bed.start({ platform: { routingEngines: 2 }, engineNames: false, method });
  for (let n = 0; n < 3; n += 1) await tick();
  for (const name of ['mx1', 'mx2']) await router(name).faults.set({ kind: 'mka-on-backup' });
  for (const name of ['mx1', 'mx2', 'mx1']) {
    bed.clock += INTERVAL;
    const before = committed(0);
    const ran = await bed.run(name, [], { engine: 1 });
    expect([ran.status, ran.link.outcome], worries([ran])).toEqual([0, expect.stringMatching(/^(unchanged|waiting)$/)]);
    expect(ran.errors.filter((line) => / kme answer /.test(line))).toEqual([]);
    expect(committed(0)).toEqual(before);
  }
  expect((await bed.run('mx1')).link.outcome).toMatch(/rotated|installed/);
}, 60_000);

test('what is uncommitted on the backup is not committed along and refuses the commit by name', async () => {
  await bed.start({ platform: { routingEngines: 2 }, system: { netconf: { lock_wait: 0.1 } } });
  await tick();
  const other = router('mx1').engines[1]?.mgd.openSession({ name: 'noc', loginClass: 'super-user' });
  await other?.execute(elementWith('load-configuration', { action: 'set', format: 'text' }, element('configuration-set', 'set snmp location theirs')));
  const before = committed(0);
  bed.clock += INTERVAL;
  const ran = await bed.run('mx1');
  expect(ran.link.error, worries([ran])).toMatchObject({ code: 'configuration-modified' });
  expect([committed(0), committed(1)]).toEqual([before, before]);
  await other?.execute(element('discard-changes'));
  other?.close();
  expect((await bed.run('mx1')).status).toBe(0);
  expect(committed(1)).toEqual(committed(0));
}, 60_000);
