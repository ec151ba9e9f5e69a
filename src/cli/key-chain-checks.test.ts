// Method key-chain: what a run checks besides the protocol. The lock that came too late, the CAK as it was read back, keys that
// were seen before, runs that the router's syslog starts, and how little a run with nothing to do asks of a router.

import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { LabOptions } from '../bench/lab/lab.ts';
import type { XmlElement } from '../xml.ts';
import { INTERVAL, KeyChainBed, MINUTE, type Ran, instant, worries } from './test-key-chain-bed.ts';

const LINK = 'mx1-mx2';

let bed: KeyChainBed;
beforeEach(() => void (bed = new KeyChainBed()));
afterEach(() => bed.close());

const count = (ran: Ran, rpc: string): number => ran.rpcs.filter((one) => one === rpc).length;
const drawn = (): number => bed.lab.kmes.kme('kme1').requests.filter((line) => line.includes('/enc_keys')).length;

test('a key whose start has come near while another held the configuration is not committed', async () => {
  await bed.start();
  await bed.ticks(4);
  const before = bed.ckns('mx1');
  let waited = false;
  const onLine = (line: string): void => {
    if (waited || !line.includes(' netconf request rpc=load-configuration')) return;
    waited = true;
    bed.clock += 32 * MINUTE;
  };
  const ran = await bed.run('mx1', [], { onLine });
  expect(waited).toBe(true);
  expect(ran.link.error, worries([ran])).toMatchObject({ code: 'deadline', message: expect.stringMatching(/starts at \S+, and the configuration was locked until too late/) as string });
  // The second try of the same run counts its lead anew.
  for (const key of bed.chain('mx1').filter(({ ckn }) => !before.includes(ckn))) expect(instant(key)).toBeGreaterThan(bed.clock + 30 * MINUTE);
}, 30_000);

test('a slot that is read back with another CAK fails by name', async () => {
  await bed.start();
  await bed.ticks(3);
  const before = bed.ckns('mx1');
  let changed = 0;
  // A colleague's commit comes between the program's own and its next look.
  const { mgd } = bed.router('mx1').router;
  const open = mgd.openSession.bind(mgd);
  const openSession: typeof mgd.openSession = (user) => {
    const session = open(user);
    if (user.name === 'admin') return session;
    const execute = session.execute.bind(session);
    let committed = false;
    return Object.assign(session, {
      execute: async (request: XmlElement) => {
        if (committed && request.name === 'get-configuration') {
          committed = false;
          changed += 1;
          const slot = bed.chain('mx1').find(({ ckn }) => !before.includes(ckn))?.slot;
          await bed.configure('mx1', `set security authentication-key-chains key-chain CA_basic key ${slot} secret ${'cd'.repeat(32)}`);
        }
        committed ||= request.name === 'commit-configuration';
        return execute(request);
      },
    });
  };
  Object.assign(mgd, { openSession });
  const { link } = await bed.run('mx1');
  expect(changed).toBeGreaterThan(0);
  expect(link.error).toMatchObject({ code: 'read-back', message: expect.stringMatching(/slot \d+ of key chain CA_basic holds CKN [0-9a-f]{64} from \S+, with another CAK$/) as string });
}, 30_000);

test('a deactivated connectivity association of method pre-shared-key is left alone and named', async () => {
  await bed.start({ method: 'pre-shared-key' });
  await bed.tick({ phase: 0 });
  await bed.configure('mx1', 'deactivate security macsec connectivity-association CA_basic', 'deactivate security macsec interfaces et-0/0/1');
  const before = await bed.shown('mx1');
  const ran = await bed.run('mx1');
  expect(ran.link, worries([ran])).toMatchObject({ outcome: 'unchanged', reason: expect.stringContaining('deactivated') as string });
  expect([count(ran, 'commit-configuration'), await bed.shown('mx1')]).toEqual([0, before]);
}, 30_000);

describe('C39 a KME that gives a key_ID twice', () => {
  test('refused by name, the link stays on its last good key', async () => {
    let [names, again] = [0, false];
    const name = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
    await bed.start({ newKeyId: () => name(again ? names : (names += 1)) });
    await bed.ticks(3);
    const up = bed.clock;
    const before = bed.ckns('mx1');
    again = true;
    const { link } = await bed.run('mx1');
    expect(link.error).toMatchObject({ code: 'kme-answer', message: expect.stringMatching(/key_ID \S+ is in the key chain already$/) as string });
    expect(bed.ckns('mx1')).toEqual(before);
    bed.expectHitless(LINK, up);
  }, 30_000);
});

test.each<[string, Partial<LabOptions>]>([
  ['one routing engine', {}],
  ['two that have names', { platform: { routingEngines: 2 }, engineNames: true }],
  ['two with one host name', { platform: { routingEngines: 2 }, engineNames: false }],
])('a tick with nothing to do makes no commit and three RPCs, on a link in use and on one that is silent: routers with %s', async (_, options) => {
  await bed.start(options);
  await bed.ticks(5);
  for (const name of ['mx1', 'mx2', 'mx1', 'mx2']) await bed.run(name);
  for (const silent of [false, true]) {
    if (silent) await bed.router('mx1').router.faults.set({ kind: 'fibre-cut', interface: 'et-0/0/1' });
    bed.clock += MINUTE;
    expect(bed.live(LINK) === undefined).toBe(silent);
    for (const name of ['mx1', 'mx2']) {
      const idle = await bed.run(name);
      const asked = idle.rpcs.filter((rpc) => rpc !== 'close-session');
      expect(idle.status, worries([idle])).toBe(0);
      expect(asked.sort()).toEqual(['get-configuration', 'get-mka-session-information', 'get-system-uptime-information']);
    }
  }
}, 30_000);

test('--heard-ckn: a key that has started on one end alone is withdrawn at once, and none is drawn', async () => {
  await bed.start();
  await bed.ticks(4);
  for (const name of ['mx1', 'mx2']) await bed.configure(name, 'set security macsec connectivity-association CA_basic disable-preceding-key');
  // The master confirms a key; the slave never reads it, and withdraws the key before it starts.
  const { link } = await bed.run('mx1');
  for (const name of ['mx1', 'mx2']) await bed.router(name).router.faults.set({ kind: 'unreachable' });
  const start = Date.parse(link.start_time ?? '');
  bed.clock += 4 * MINUTE;
  for (let next = bed.clock; bed.ckns('mx2').includes(link.ckn ?? '') && next < start; next += INTERVAL) {
    bed.clock = Math.max(bed.clock, next);
    await bed.run('mx2');
  }
  expect(bed.clock).toBeLessThan(start);
  expect(bed.ckns('mx1')).toContain(link.ckn);
  const common = bed.ckns('mx2').at(-1) ?? '';
  bed.clock = start + 40_000;
  expect(bed.live(LINK)).toBeUndefined();
  const before = drawn();
  const ran = await bed.run('mx1', ['--heard-ckn', common.toUpperCase()]);
  expect(ran.errors.filter((line) => line.includes('reason=activated-alone')), worries([ran])).toHaveLength(1);
  // Silence alone would have taken a margin to count.
  expect([ran.took < 30_000, drawn() - before]).toEqual([true, 0]);
  bed.clock += 10_000;
  expect(bed.live(LINK), bed.story(LINK, start)).toBe(common);
}, 60_000);
