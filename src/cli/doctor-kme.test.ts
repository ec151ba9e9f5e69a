// doctor --kme: what it makes of a KME's status for the link as it is configured, with every KME of a router by itself;
// and --draw, one key through each pair of KMEs.

import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type FindingJson, StatusBed } from './test-status-bed.ts';

let bed: StatusBed;
beforeEach(() => void (bed = new StatusBed()));
afterEach(() => bed.close());

function told(findings: readonly FindingJson[], check: string, subject: RegExp): string[] {
  return findings.filter((one) => one.check === check && subject.test(one.subject)).map(({ verdict, evidence }) => `${verdict}: ${evidence}`);
}

const STATUS = { source_KME_ID: 'a', target_KME_ID: 'b', master_SAE_ID: 'mx1', slave_SAE_ID: 'mx2', key_size: 256, stored_key_count: 1000, max_key_count: 5000, max_key_per_request: 10, max_key_size: 1024, min_key_size: 64, max_SAE_ID_count: 1 };

describe('the status of the master\'s KME', () => {
  test('field by field, against the link and its interval', async () => {
    await bed.start({ routers: 4, topology: 'star' });
    const of = async (status: object): Promise<FindingJson[]> => {
      bed.lab.kmes.kme('kme1').faults.set({ fault: 'answer', call: 'status', status: 200, times: 'always', body: JSON.stringify({ ...STATUS, ...status }) });
      const { findings } = await bed.doctor('mx1', '--kme');
      return [...findings];
    };
    const rows: readonly (readonly [object, string, readonly unknown[]])[] = [
      [{ max_SAE_ID_count: 2 }, 'kme', [expect.stringMatching(/^ok: answers in \d+ ms, a to b, keys of 256 bits$/)]],
      [{}, 'kme', ['warning: it serves 1 additional SAEs, the link has 2']],
      [{ max_SAE_ID_count: 2, min_key_size: 512 }, 'kme', ['warning: keys of 256 bits are outside its 512 to 1024']],
      [{ max_SAE_ID_count: 2, max_key_size: 128 }, 'kme', ['warning: keys of 256 bits are outside its 64 to 128']],
      [{ master_SAE_ID: 'mx9' }, 'kme', ['fault: the KME knows us as mx9, the inventory says mx1']],
      [{ max_SAE_ID_count: 2, target_KME_ID: 0, key_size: null }, 'kme', [expect.stringMatching(/^ok: answers/), 'warning: the status is not as the standard has it: target_KME_ID is not a name, key_size is missing']],
      [{}, 'key-budget', ['ok: one key every 600 s (0.00167 a second); 1000 in stock last 7 days without new ones']],
      [{ stored_key_count: 5000 }, 'key-budget', ['ok: one key every 600 s (0.00167 a second); 5000 in stock last 35 days without new ones']],
      [{ stored_key_count: 0 }, 'key-budget', ['warning: one key every 600 s (0.00167 a second); 0 in stock last 0 min without new ones']],
      [{ stored_key_count: 0, max_key_count: 0 }, 'key-budget', ['not checked: one key every 600 s (0.00167 a second); the KME does not tell its stock']],
    ];
    for (const [status, check, expected] of rows) expect(told(await of(status), check, /^mx1, link star/), JSON.stringify(status)).toEqual(expected);
    // Zeros everywhere are no limits; and what is asked for in several requests needs no higher one.
    const zeros = Object.fromEntries(Object.entries(STATUS).map(([name, value]) => [name, typeof value === 'number' ? 0 : value]));
    expect(told(await of(zeros), 'kme', /^mx1, link star/)).toEqual([expect.stringMatching(/^ok: answers in/)]);
    bed.setSystem('mx1', { rotation: { keys_per_commit: 4 } });
    const few = { max_SAE_ID_count: 2, max_key_per_request: 2 };
    expect(told(await of(few), 'kme', /^mx1, link star/)).toEqual(['warning: it gives 2 keys a request, 4 are asked for: set kme.quirks.keys_per_request']);
    bed.setKme('mx1', { quirks: { keys_per_request: 2 } });
    expect(told(await of(few), 'kme', /^mx1, link star/)).toEqual([expect.stringMatching(/^ok: answers in/)]);
    expect(bed.lab.kmes.deliveredCount()).toBe(0);
  }, 120_000);
});

describe('two pairs of KMEs', () => {
  test('each KME by itself, and one key of the inventory\'s size through each pair', async () => {
    await bed.start();
    const second = await bed.startSecondKmes('mx1', 'mx2');
    const pairs = [bed.lab.kmes, second];
    const [east1, east2, west1, west2] = pairs.flatMap(({ kmes }) => kmes).map(({ url }) => url) as [string, string, string, string];
    const at = (east: string, west: string): object => ({ key_size: 512, url: [{ url: east, pair: 'east' }, { url: west, pair: 'west' }] });
    bed.setKme('mx1', at(east1, west1));
    bed.setKme('mx2', at(east2, west2));
    const { findings } = await bed.doctor(undefined, '--kme', '--draw');
    const name = (url: string): string => new URL(url).host;
    expect(findings.filter(({ check }) => check === 'draw').map(({ subject, verdict }) => [subject, verdict]).sort()).toEqual([[`link mx1-mx2, KME ${name(east1)} to ${name(east2)}`, 'ok'], [`link mx1-mx2, KME ${name(west1)} to ${name(west2)}`, 'ok']].sort());
    expect(findings.filter(({ check, verdict }) => check === 'error-contract' && verdict === 'ok')).toHaveLength(4);
    expect(told(findings, 'kme', /^mx1, link mx1-mx2, KME \S+$/).filter((text) => /^ok: answers by itself/.test(text))).toHaveLength(2);
    for (const pair of pairs) {
      expect(pair.deliveredCount()).toBe(2);
      expect(pair.issuedKeys().map((key) => key.length)).toEqual([64]);
    }

    await second.kme('kme2').faults.add({ fault: 'down' });
    const broken = await bed.doctor(undefined, '--kme', '--draw');
    expect(told(broken.findings, 'draw', new RegExp(name(west1)))).toEqual([expect.stringMatching(/^fault: KME \S+: dec_keys: connection refused/)]);
    expect(told(broken.findings, 'draw', new RegExp(name(east1)))).toEqual([expect.stringMatching(/^ok: /)]);
  }, 120_000);
});
