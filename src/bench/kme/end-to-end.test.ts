// The program's KME client and the bench's KMEs together: right keys on both ends whatever KME the bench plays, and what
// becomes of keys that one end never fetches. Row ids are those of the end-to-end table.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { KmeTimes } from '../../inventory/inventory.ts';
import { kmeClient } from '../../kme/client.ts';
import { endpoint, kmeSettings } from '../../kme/test-settings.ts';
import type { KeySource } from '../../workflow/ports.ts';
import { makePki, type Pki } from '../pki/pki.ts';
import { PROFILE_NAMES } from './profiles.ts';
import { type KmePair, type KmePairOptions, startKmePair } from './start-kme-pair.ts';

const folder = mkdtempSync(join(tmpdir(), 'qkd-kme-end-to-end-'));
const TIMES: KmeTimes = { attemptTimeout: 10, deadline: 20, propagationAttempts: 6 };
const KMES: KmePairOptions['kmes'] = [{ name: 'a', saeIds: ['m'] }, { name: 'b', saeIds: ['s'] }];
let pki: Pki;
let time = Date.now();

beforeAll(async () => {
  pki = await makePki(folder, { kmes: ['a', 'b'], saes: ['m', 's'] });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function client(pair: KmePair, kme: 'a' | 'b', sae: 'm' | 's', lines: string[] = []): KeySource {
  const { url, caFile } = pair.kme(kme);
  const log = { write: (level: unknown, area: unknown, message: unknown, fields: unknown) => void lines.push(JSON.stringify([level, area, message, fields])) };
  return kmeClient(kmeSettings([endpoint(url)], { caFile, ...pki.saes.get(sae)! }), TIMES, log, { firstPause: 0.01 });
}

const WANTED = { slaveSaeId: 's', number: 1, size: 256 };

describe('E01 rotations against every KME that the bench can play: equal keys, none in a log', () => {
  it.each(PROFILE_NAMES)('%s', async (profile) => {
    const lines: string[] = [];
    const pair = await startKmePair({ pki, kmes: KMES.map((kme) => ({ ...kme, profile, log: (line) => lines.push(line) })) });
    const [master, slave] = [client(pair, 'a', 'm', lines), client(pair, 'b', 's', lines)];
    for (let rotation = 0; rotation < 13; rotation++) {
      const [drawn] = await master.encKeys(WANTED);
      const [fetched] = await slave.decKeys({ masterSaeId: 'm', keyIds: [drawn!.keyId], size: 256 });
      expect(fetched!.keyId.toLowerCase()).toBe(drawn!.keyId.toLowerCase());
      expect([fetched!.key.equals(drawn!.key), drawn!.key.length]).toEqual([true, 32]);
    }
    expect(pair.deliveredCount()).toBe(26);
    const said = lines.join('\n');
    for (const bytes of pair.issuedKeys()) for (const form of [bytes.toString('hex'), bytes.toString('base64')]) expect(said).not.toContain(form);
    expect(lines.length).toBeGreaterThanOrEqual(26);
    await pair.close();
  });
});

describe('keys that one end never fetches', () => {
  it('E02 are used up, counted, and gone after the retention time; the next one is another', async () => {
    const pair = await startKmePair({ pki, store: { stock: 3, retention: 60, now: () => time }, kmes: KMES });
    const master = client(pair, 'a', 'm');
    const [lost] = await master.encKeys(WANTED);
    const [next] = await client(pair, 'a', 'm').encKeys(WANTED);
    expect(next!.keyId).not.toBe(lost!.keyId);
    expect(next!.key.equals(lost!.key)).toBe(false);
    expect([(await master.status('s')).storedKeyCount, pair.deliveredCount()]).toEqual([1, 2]);
    await pair.close();
  });

  it('E03 the slave that comes after the retention time is told so, and the next key works', async () => {
    const pair = await startKmePair({ pki, store: { retention: 60, now: () => time }, kmes: KMES });
    const [master, slave] = [client(pair, 'a', 'm'), client(pair, 'b', 's')];
    const [late] = await master.encKeys(WANTED);
    await pair.kme('b').faults.add({ fault: 'down' });
    time += 61_000;
    await pair.kme('b').faults.clear();
    await expect(slave.decKeys({ masterSaeId: 'm', keyIds: [late!.keyId], size: 256 })).rejects.toMatchObject({ code: 'kme-key-gone' });
    const [next] = await master.encKeys(WANTED);
    const [fetched] = await slave.decKeys({ masterSaeId: 'm', keyIds: [next!.keyId], size: 256 });
    expect(fetched!.key.equals(next!.key)).toBe(true);
    await pair.close();
  });

  it('E08 one KME that is down leaves the other as it is', async () => {
    const pair = await startKmePair({ pki, kmes: KMES });
    await pair.kme('b').faults.add({ fault: 'down' });
    expect(await client(pair, 'a', 'm').encKeys(WANTED)).toHaveLength(1);
    await pair.kme('b').faults.clear();
    await pair.close();
  });
});
