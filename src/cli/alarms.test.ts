// Alarms that a fault between the ends raises, by the whole program in virtual time: a key that one end alone is on,
// and MKA that stays on an old key. And a KME that serves some links and not others.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { QkdError } from '../errors.ts';
import type { Inventory } from '../inventory/inventory.ts';
import { Alarms } from './alarms.ts';
import { INTERVAL } from './test-key-chain-bed.ts';
import { StatusBed } from './test-status-bed.ts';

let bed: StatusBed;
const alarms = (name: string, tag: string): string[] => bed.alarms(name).filter((one) => one.startsWith(`QKD_MACSEC_${tag}`)).map((one) => one.slice('QKD_MACSEC_'.length));
const problems = async (name: string): Promise<string> => (await bed.statusOf(name)).links.flatMap(({ problems: list }) => list.map(({ severity, text }) => `${severity}: ${text}`)).join('\n');

describe('between the ends', () => {
  beforeEach(() => void (bed = new StatusBed()));
  afterEach(() => bed.close());

  test('a key that started on one end alone is named, raises one alarm, is withdrawn, and clears', async () => {
    await bed.start();
    await bed.ticks(5);
    // What an operator's delete at one end, or a lost commit, leaves behind: the next key is missing on mx2.
    const next = bed.chain('mx1').at(-1);
    const there = bed.chain('mx2').find(({ ckn }) => ckn === next?.ckn);
    expect(there).toBeDefined();
    await bed.configure('mx2', `delete security authentication-key-chains key-chain CA_basic key ${there?.slot}`);
    await bed.router('mx2').router.faults.set({ kind: 'unreachable' });
    bed.clock += 4 * INTERVAL;
    expect(await problems('mx1')).toMatch(/^fault: key [0-9a-f-]{36} has started on this end alone$/m);
    // One run withdraws it, the next one sees that it is gone.
    await bed.run('mx1');
    expect(bed.ckns('mx1')).not.toContain(next?.ckn);
    expect(alarms('mx1', 'ONE_SIDED')).toEqual(['ONE_SIDED']);
    bed.clock += INTERVAL;
    await bed.run('mx1');
    expect(alarms('mx1', 'ONE_SIDED')).toEqual(['ONE_SIDED', 'ONE_SIDED_CLEAR']);
    await bed.router('mx2').router.faults.clear();
    await bed.ticks(7);
    expect(alarms('mx1', 'ONE_SIDED')).toHaveLength(2);
    expect(await problems('mx1')).toBe('');
  }, 120_000);

  test('MKA that stays on the preceding key beyond a tick raises one alarm, which clears with the next common key', async () => {
    await bed.start({ method: 'pre-shared-key' });
    await bed.ticks(2);
    bed.lab.kmes.kme('kme2').faults.add({ fault: 'answer', status: 503, times: 'always' });
    await bed.ticks(2);
    expect(alarms('mx1', 'OLD_KEY')).toEqual([]);
    await bed.ticks(2);
    expect(await problems('mx1')).toMatch(/^attention: MKA is on the preceding key, not on the one in the configuration$/m);
    expect(alarms('mx1', 'OLD_KEY')).toEqual(['OLD_KEY']);
    bed.lab.kmes.kme('kme2').faults.clear();
    await bed.ticks(4);
    expect(alarms('mx1', 'OLD_KEY')).toEqual(['OLD_KEY', 'OLD_KEY_CLEAR']);
    expect(await problems('mx1')).toBe('');
  }, 120_000);
});

test('a KME that serves one link and not another is one alarm, whichever is asked last, until both are served', async () => {
  const home = mkdtempSync(join(tmpdir(), 'qkd-alarms-'));
  const inventory = { paths: { home }, system: { alarms: {} }, devices: new Map([['mx1', {}]]), links: [] } as unknown as Inventory;
  const lines: string[] = [];
  const run = async (...calls: [string, boolean][]): Promise<string[]> => {
    const one = new Alarms({ inventory, mode: 'offbox', now: () => 0, log: { write: (_level, _area, line) => void lines.push(line) } });
    for (const [saeId, isServed] of calls) one.kme('mx1', saeId, isServed ? undefined : new QkdError('kme-unavailable', `KME kme1: no key for ${saeId}`));
    await one.close([]);
    return lines.splice(0);
  };
  expect(await run(['mx2', false], ['mx3', true])).toEqual(['QKD_MACSEC_KME: mx1: KME kme1: no key for mx2']);
  expect(await run(['mx3', true], ['mx2', false])).toEqual([]);
  expect(await run(['mx3', true], ['mx2', false], ['mx2', true])).toEqual(['QKD_MACSEC_KME_CLEAR: mx1: no longer: KME kme1: no key for mx2']);
  rmSync(home, { recursive: true });
});
