// Method key-chain with every setting of a link that changes what is committed, and as --dry-run shows it.

import { randomBytes, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { KeyChainBed, type Ran, worries } from './test-key-chain-bed.ts';

const LINK = 'mx1-mx2';
const CAK = randomBytes(32).toString('hex');

let bed: KeyChainBed;
beforeEach(() => void (bed = new KeyChainBed()));
afterEach(() => bed.close());

const commits = (ran: Ran | undefined): number => (ran?.rpcs ?? []).filter((rpc) => rpc === 'commit-configuration').length;

async function expectRotation(ticks: number): Promise<Ran[]> {
  const up = bed.clock;
  const used = new Set<string | undefined>();
  const all: Ran[] = [];
  for (let n = 0; n < ticks; n += 1) {
    const ran = await bed.tick();
    expect([...ran.values()].map(({ status }) => status), worries(ran.values())).toEqual([0, 0]);
    used.add(bed.live(LINK));
    all.push(...ran.values());
  }
  bed.expectHitless(LINK, up);
  expect(used.size).toBeGreaterThanOrEqual(ticks - 4);
  expect(bed.chain('mx2').map(({ ckn, secret, startTime }) => ({ ckn, secret, startTime }))).toEqual(bed.chain('mx1').map(({ ckn, secret, startTime }) => ({ ckn, secret, startTime })));
  return all;
}

describe('settings of a link', () => {
  test.each([
    ['cak raw', { cak: 'raw' }, 64],
    ['a 128-bit cipher suite', { cipher_suite: 'gcm-aes-xpn-128' }, 32],
    ['a key chain of another name', { key_chain: 'QKD_chain' }, 64],
  ])('%s', async (_, members, digits) => {
    await bed.start();
    bed.setAllLinks(members);
    await bed.ticks(2);
    await expectRotation(7);
    expect(bed.chain('mx1').at(-1)?.secret).toMatch(new RegExp(`^[0-9a-f]{${digits}}$`));
  }, 30_000);

  test('an initial key in the inventory is used by both ends at once, and followed by KME keys', async () => {
    await bed.start();
    bed.setAllLinks({ initial_key: { ckn: 'aa'.repeat(32), cak: CAK } });
    await bed.tick();
    expect(bed.live(LINK)).toBe('aa'.repeat(32));
    await expectRotation(7);
    expect(bed.live(LINK)).not.toBe('aa'.repeat(32));
  }, 30_000);

  test('key_IDs that are no UUIDs are found in the records', async () => {
    let drawn = 0;
    await bed.start({ newKeyId: () => `kme-key.${(drawn += 1)}` });
    await bed.ticks(2);
    await expectRotation(10);
  }, 30_000);

  test('key_IDs in capital letters are asked for and published as the KME writes them', async () => {
    await bed.start({ newKeyId: () => randomUUID().toUpperCase() });
    await bed.ticks(2);
    await expectRotation(6);
    for (const name of ['mx1', 'mx2']) {
      expect(recordOf(name)?.match(/"key_ID": ?"[^"]*"/g)?.length).toBeGreaterThan(3);
      expect(recordOf(name)).not.toMatch(/"key_ID": ?"[^"]*[a-f]/);
    }
  }, 30_000);

  test('two keys a commit: half as many commits, as many keys', async () => {
    await bed.start({ system: { rotation: { wait: 20, keys_per_commit: 2 } } });
    await bed.ticks(3);
    const ran = await expectRotation(12);
    for (const role of [0, 1]) expect(ran.filter((_, n) => n % 2 === role).reduce((sum, one) => sum + commits(one), 0)).toBeLessThanOrEqual(7);
  }, 30_000);
});

describe('--dry-run', () => {
  test('says what every next step would be, and changes nothing', async () => {
    await bed.start();
    const said = new Set<string>();
    const rehearse = async (name: string): Promise<void> => {
      const [before, record] = [await bed.shown(name), recordOf(name)];
      const ran = await bed.run(name, ['--dry-run']);
      expect(ran.status, worries([ran])).toBe(0);
      expect(commits(ran)).toBe(0);
      expect([await bed.shown(name), recordOf(name)]).toEqual([before, record]);
      said.add(ran.link.reason);
    };
    await bed.tick({ before: rehearse });
    for (let n = 0; n < 3; n += 1) await bed.tick({ before: rehearse });
    bed.lab.kmes.kmes[1]?.faults.set({ fault: 'answer', status: 503, times: 'always' });
    for (let n = 0; n < 3; n += 1) await bed.tick({ before: rehearse });
    bed.lab.kmes.kmes[1]?.faults.clear();
    bed.setAllLinks({ method: 'pre-shared-key' });
    for (let n = 0; n < 6; n += 1) await bed.tick({ before: rehearse });
    bed.setAllLinks({ method: 'key-chain' });
    await bed.tick({ before: rehearse });
    expect([...said].sort()).toEqual(expect.arrayContaining([
      'dry run: would install a key (shown with a stand-in key_ID)',
      'dry run: would move to key-chain',
      'dry run: would move to pre-shared-key',
      'dry run: would wait until the key must be confirmed by all ends or withdrawn',
      'dry run: would withdraw keys',
    ]));
  }, 60_000);
});

function recordOf(name: string): string | undefined {
  try {
    return readFileSync(`${bed.router(name).home}/records/${name}_last_key.json`, 'utf8');
  } catch {
    return undefined;
  }
}
