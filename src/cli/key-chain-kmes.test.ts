// Method key-chain and its KMEs: one key for several slaves, KMEs that cannot relay it, two pairs of KMEs of which
// one fails, and keys that a KME gives twice. The whole program, in virtual time.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { committedKey } from '../bench/lab/committed-key.ts';
import { parseRecord } from '../keyids/parse-record.ts';
import type { RecordedLink } from '../keyids/record.ts';
import { KeyChainBed, MINUTE, worries } from './test-key-chain-bed.ts';

let bed: KeyChainBed;
beforeEach(() => void (bed = new KeyChainBed()));
afterEach(() => bed.close());

const calls = (kme: string, call: string): string[] => bed.lab.kmes.kme(kme).requests.filter((line) => line.includes(`/${call}`));

function recordOf(name: string): RecordedLink | undefined {
  const text = readFileSync(join(bed.router(name).home, 'records', `${name}_last_key.json`), 'utf8');
  return Object.values(parseRecord(text, name).links)[0];
}

describe('a link with two additional slaves', () => {
  test('all four routers end on the same CKN and CAK, drawn once, without a moment without a common key', async () => {
    await bed.start({ routers: 4, topology: 'star' });
    await bed.ticks(2, { phase: 2 * MINUTE });
    const up = bed.clock;
    const used = new Set<string | undefined>();
    for (let n = 0; n < 6; n += 1) {
      const ran = await bed.tick({ phase: 2 * MINUTE });
      expect([...ran.values()].map(({ status }) => status), worries(ran.values())).toEqual([0, 0, 0, 0]);
      used.add(bed.live('star'));
    }
    bed.expectHitless('star', up);
    expect(used.size).toBeGreaterThanOrEqual(4);
    const chains = ['mx1', 'mx2', 'mx3', 'mx4'].map((name) => bed.chain(name).map(({ ckn, secret }) => `${ckn} ${secret}`));
    for (const chain of chains) expect(chain).toEqual(chains[0]);
    const drawn = calls('kme1', 'enc_keys');
    expect(drawn.every((line) => line === 'POST /api/v1/keys/mx2/enc_keys')).toBe(true);
    expect(calls('kme2', 'dec_keys')).toHaveLength(3 * drawn.length);
    // Advice once, before the first key; no round trip of its own afterwards.
    expect(calls('kme1', 'status')).toHaveLength(1);
  }, 120_000);

  test.each([
    ['key-chain', 'off-box'],
    ['pre-shared-key', 'on-box'],
    ['pre-shared-key', 'off-box'],
  ] as const)('by %s, %s: the same four on the same CKN and CAK after every run, drawn once', async (method, where) => {
    await bed.start({ routers: 4, topology: 'star', method, system: { rotation: { wait: 60, poll: 5 } } });
    const names = ['mx1', 'mx2', 'mx3', 'mx4'];
    const keyOf = (name: string): string => (method === 'key-chain' ? bed.chain(name).map(({ ckn, secret }) => `${ckn} ${secret}`).join() : JSON.stringify(committedKey(bed.router(name).router.mgd.committed())));
    const once = async (): Promise<void> => {
      const began = bed.clock;
      const ran = where === 'off-box' ? [await bed.run('', [], { offBox: true })] : [...(await bed.tick({ phase: 0 })).values()];
      expect(ran.map(({ status }) => status), worries(ran)).toEqual(ran.map(() => 0));
      bed.clock = Math.max(bed.clock, began + 10 * MINUTE);
    };
    for (let n = 0; n < 3; n += 1) await once();
    const up = bed.clock;
    const used = new Set<string | undefined>();
    for (let n = 0; n < 6; n += 1) {
      await once();
      expect(names.map(keyOf)).toEqual(names.map(() => keyOf('mx1')));
      used.add(bed.live('star'));
    }
    // Without time between the commits of a run a pre-shared-key would look hitless, too.
    if (method === 'key-chain') bed.expectHitless('star', up);
    expect(used.size).toBeGreaterThanOrEqual(4);
    expect(used).not.toContain(undefined);
    expect(calls('kme2', 'dec_keys').length).toBe(3 * calls('kme1', 'enc_keys').length);
  }, 120_000);

  test('a KME that relays to one slave less: refused in one line, no key drawn', async () => {
    await bed.start({ routers: 4, topology: 'star' });
    bed.lab.kmes.kme('kme1').faults.set({ fault: 'answer', call: 'status', status: 200, times: 'always', body: JSON.stringify({ source_KME_ID: 'a', target_KME_ID: 'b', master_SAE_ID: 'mx1', slave_SAE_ID: 'mx2', key_size: 256, stored_key_count: 1, max_key_count: 1, max_key_per_request: 1, max_key_size: 256, min_key_size: 256, max_SAE_ID_count: 1 }) });
    const { link, status } = await bed.run('mx1');
    expect(status).toBe(1);
    expect(link.error).toMatchObject({ code: 'kme-request', message: expect.stringContaining('the KME gives a key to 1 additional slaves (max_SAE_ID_count), the link has 2') as string });
    expect(calls('kme1', 'enc_keys')).toEqual([]);
  }, 60_000);
});

describe('C61 two pairs of KMEs', () => {
  test('keys come from the pair that works, and are fetched from no other', async () => {
    await bed.start();
    const { kmes } = bed.lab;
    const second = await bed.startSecondKmes('mx1', 'mx2');
    const [east1, east2, west1, west2] = [...kmes.kmes, ...second.kmes].map(({ url }) => url) as [string, string, string, string];
    const at = (east: string, west: string): object => ({ url: [{ url: east, pair: 'east' }, { url: west, pair: 'west' }] });
    bed.setKme('mx1', at(east1, west1));
    // In the other order: each key is asked for where the record says, not at the first one.
    bed.setKme('mx2', { url: [{ url: west2, pair: 'west' }, { url: east2, pair: 'east' }] });
    await bed.ticks(4);
    const up = bed.clock;
    expect(recordOf('mx1')).toMatchObject({ source_kme: new URL(east1).host, target_kmes: [new URL(east2).host] });
    expect(second.kme('kme2').requests).toEqual([]);

    await kmes.kme('kme1').faults.add({ fault: 'down' });
    // The slave misses a tick: when it comes back it lacks a key of each pair.
    await bed.tick({ names: ['mx1'] });
    const record = recordOf('mx1');
    expect(record).toMatchObject({ source_kme: new URL(west1).host, target_kmes: [new URL(west2).host] });
    expect(record?.keys.at(-2)).toMatchObject({ source_kme: new URL(east1).host, target_kmes: [new URL(east2).host] });
    expect(record?.keys.at(-1)?.source_kme).toBeUndefined();
    const used = new Set<string | undefined>();
    for (let n = 0; n < 6; n += 1) {
      const ran = await bed.tick();
      expect([...ran.values()].map(({ status }) => status), worries(ran.values())).toEqual([0, 0]);
      used.add(bed.live('mx1-mx2'));
    }
    expect(used.size).toBeGreaterThanOrEqual(4);
    bed.expectHitless('mx1-mx2', up);
    expect(bed.ckns('mx2')).toEqual(bed.ckns('mx1'));
  }, 120_000);
});

describe('C39 a KME that gives one key twice', () => {
  test('under another key_ID: refused, the link stays on its last good key', async () => {
    await bed.start();
    await bed.ticks(3);
    const up = bed.clock;
    const kme = bed.lab.kmes.kme('kme1');
    kme.faults.set({ fault: 'same-bytes', call: 'enc_keys', times: 'always' });
    const before = bed.ckns('mx1');
    const ran = await bed.ticks(3, { names: ['mx1'] });
    expect(ran.flatMap((one) => [...one.values()]).map(({ link }) => link.error?.message ?? '').join('\n')).toMatch(/is in the key chain already, as /);
    expect(bed.ckns('mx1').filter((ckn) => !before.includes(ckn)).length).toBeLessThanOrEqual(1);
    bed.expectHitless('mx1-mx2', up);
  }, 60_000);
});

test('C62 a KME that knows us by another SAE ID: stopped before a key is drawn', async () => {
  await bed.start();
  const status = { source_KME_ID: 'a', target_KME_ID: 'b', master_SAE_ID: 'mx9', slave_SAE_ID: 'mx2', key_size: 256, stored_key_count: 9, max_key_count: 9, max_key_per_request: 9, max_key_size: 256, min_key_size: 256, max_SAE_ID_count: 0 };
  bed.lab.kmes.kme('kme1').faults.set({ fault: 'answer', call: 'status', status: 200, times: 'always', body: JSON.stringify(status) });
  const { link } = await bed.run('mx1');
  expect(link.error).toMatchObject({ code: 'certificate', message: expect.stringContaining('the KME knows us as mx9, the inventory says mx1') as string });
  expect(calls('kme1', 'enc_keys')).toEqual([]);
}, 60_000);

test('every key that was drawn, or may have been, stands in the document and in the metrics', async () => {
  await bed.start();
  await bed.ticks(2);
  const metrics = ['--metrics', join(bed.folder, 'qkd.prom')];
  bed.lab.kmes.kme('kme1').faults.set({ fault: 'garbage', call: 'enc_keys' });
  const lost = await bed.run('mx1', metrics);
  bed.clock += 2 * MINUTE;
  const drawn = await bed.run('mx1', metrics);
  bed.clock += 2 * MINUTE;
  const idle = await bed.run('mx1', metrics);
  const kme = new URL(bed.lab.kmes.kme('kme1').url).host;
  const told = [lost, drawn, idle, await bed.run('mx2')].map(({ link }) => (link as { drawn?: unknown }).drawn);
  expect(told).toEqual([[{ kme, received: 0, lost: 1 }], [{ kme, received: 1, lost: 0 }], [], undefined]);
  const text = readFileSync(metrics[1]!, 'utf8');
  const labels = `{link="mx1-mx2",device="mx1",kme="${kme}"}`;
  expect(text).toContain(`qkd_macsec_keys_drawn_total${labels} 1\n`);
  expect(text).toContain(`qkd_macsec_keys_lost_total${labels} 1\n`);
  // What the KME has given out is what was counted.
  expect(bed.lab.kmes.issuedKeys()).toHaveLength(calls('kme1', 'enc_keys').length);
}, 60_000);
