// Both key stores against the same rows: memory, and a real PostgreSQL server. Row ids are those of the table for KME
// simulators.

import { spawnSync } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makePki } from '../pki/pki.ts';
import type { DeliveredKey, FetchRequest } from './fetch-rules.ts';
import type { DrawRequest, KeyStore, KeyStoreOptions } from './key-store.ts';
import { MemoryKeyStore } from './memory-store.ts';
import { predictableKeys, randomKeys } from './new-keys.ts';
import { openPostgresStore } from './postgres-store.ts';
import { type PlainAnswer, plainRequest } from './plain-request.ts';
import { PROFILES } from './profiles.ts';
import { startKmePair } from './start-kme-pair.ts';
import { HAS_POSTGRES, startPostgres, type TestPostgres } from './test-postgres.ts';

const { delivery } = PROFILES.strict;
let time = 1_000_000;
const options: KeyStoreOptions = { retention: 60, now: () => time };

function someKeys(number = 1): DeliveredKey[] {
  return Array.from({ length: number }, () => ({ keyId: randomUUID(), bytes: randomBytes(32) }));
}

function drawing(keys: readonly DeliveredKey[], more: Partial<DrawRequest> = {}): DrawRequest {
  return { kme: 'a', master: 'm', slaves: ['s'], keys, now: time, knownAt: time, voidsEarlier: false, ...more };
}

function fetching(keys: readonly DeliveredKey[], more: Partial<FetchRequest> = {}): FetchRequest {
  return { kme: 'b', caller: 's', master: 'm', keyIds: keys.map(({ keyId }) => keyId), delivery, now: time, ...more };
}

/** The rows; `two` are two stores that share their keys, one and the same in memory. */
function rows(two: () => readonly [KeyStore, KeyStore]): void {
  const draw = (keys: readonly DeliveredKey[], more?: Partial<DrawRequest>): Promise<boolean> => two()[0].draw(drawing(keys, more));
  const fetch = (keys: readonly DeliveredKey[], more?: Partial<FetchRequest>): Promise<unknown> => two()[1].fetch(fetching(keys, more));
  const bytesOf = (keys: unknown): unknown => (Array.isArray(keys) ? keys.map(({ bytes }: DeliveredKey) => bytes.toString('hex')) : keys);

  it('K02 K05 hands keys out once, in the order of the request, byte for byte', async () => {
    const keys = someKeys(5);
    expect(await draw(keys)).toBe(true);
    const turned = [...keys].reverse();
    expect(bytesOf(await fetch(turned))).toEqual(bytesOf(turned));
    expect(await fetch(keys)).toBe('fetched');
  });

  it('K05 as often as asked, where the profile says so', async () => {
    const keys = someKeys();
    await draw(keys);
    const again = { delivery: PROFILES.reference.delivery };
    for (let count = 0; count < 3; count++) expect(bytesOf(await fetch(keys, again))).toEqual(bytesOf(keys));
  });

  it('K06 all or none', async () => {
    const [good, unknown] = someKeys(2) as [DeliveredKey, DeliveredKey];
    await draw([good]);
    expect(await fetch([unknown])).toBe('not-found');
    expect(await fetch([good, unknown])).toBe('some-not-found');
    expect(await fetch([{ ...unknown, keyId: "'; DROP TABLE keys; --" }])).toBe('not-found');
    expect(bytesOf(await fetch([good]))).toEqual(bytesOf([good]));
  });

  it('K07 to nobody but the slaves, who may fetch after the refusals', async () => {
    const keys = someKeys();
    await draw(keys, { slaves: ['s', 't'] });
    expect(await fetch(keys, { caller: 'u' })).toBe('not-entitled');
    expect(await fetch(keys, { caller: 'm' })).toBe('master');
    expect(await fetch(keys, { master: 'x' })).toBe('not-entitled');
    expect(bytesOf(await fetch(keys, { caller: 't' }))).toEqual(bytesOf(keys));
    expect(bytesOf(await fetch(keys))).toEqual(bytesOf(keys));
    expect(await fetch(keys, { caller: 't' })).toBe('fetched');
  });

  it('letter case counts where the profile says so', async () => {
    const keys = [{ keyId: 'abcdef00-0000-0000-0000-00000000000a', bytes: randomBytes(32) }];
    await draw(keys);
    const upper = { keyIds: [keys[0]!.keyId.toUpperCase()] };
    expect(await fetch(keys, { ...upper, delivery: PROFILES['next-door'].delivery })).toBe('letter-case');
    expect(bytesOf(await fetch(keys, upper))).toEqual(bytesOf(keys));
  });

  it('K16 the stock ends, fills at its rate up to its capacity, and counts whole keys', async () => {
    const [one, other] = two();
    await one.restock({ stock: 2, fillRate: 0.5, capacity: 4 });
    expect(await draw(someKeys(3))).toBe(false);
    expect(await draw(someKeys(2))).toBe(true);
    expect([await other.stock(), await draw(someKeys(1))]).toEqual([0, false]);
    time += 3000;
    expect(await other.stock()).toBe(1);
    time += 100_000;
    expect(await other.stock()).toBe(4);
    await one.restock({});
    expect(await other.stock()).toBe(Number.POSITIVE_INFINITY);
  });

  it('K20 keys wait for the link, arrive late, and expire', async () => {
    const [late, held] = [someKeys(), someKeys()];
    await draw(late, { knownAt: time + 500 });
    expect(await fetch(late)).toBe('not-found');
    expect(await fetch(late, { kme: 'a', caller: 'x' })).toBe('not-entitled');
    time += 500;
    expect(bytesOf(await fetch(late))).toEqual(bytesOf(late));
    const [store] = two();
    await store.join({ name: 'a', saeIds: ['m'] });
    await store.restock({ stock: 10, fillRate: 1, capacity: 20 });
    await store.setLink('a', false, time);
    await draw(held, { knownAt: Number.POSITIVE_INFINITY });
    time += 5000;
    expect([await fetch(held), await store.stock()]).toEqual(['not-found', 9]);
    await store.setLink('a', true, time + 100);
    time += 2000;
    // Told twice: a key that was fetched does not come back.
    expect(bytesOf(await fetch(held))).toEqual(bytesOf(held));
    await store.setLink('a', true, time);
    expect([await fetch(held), await store.stock()]).toEqual(['fetched', 11]);
    await store.restock({});
    const old = someKeys();
    await draw(old);
    time += 60_001;
    expect(await fetch(old)).toBe('expired');
    time += 200_000;
    await draw(someKeys());
    expect(await fetch(old)).toBe('not-found');
  });

  it('newer keys void those that nobody fetched, where the profile says so', async () => {
    const [older, newer] = [someKeys(), someKeys()];
    await draw(older);
    await draw(newer, { voidsEarlier: true });
    expect(await fetch(older)).toBe('not-found');
    expect(bytesOf(await fetch(newer))).toEqual(bytesOf(newer));
  });

  it('K21 50 at once: every key to one of two, and the stock adds up', async () => {
    const [one, other] = two();
    await one.restock({ stock: 30 });
    const drawn = Array.from({ length: 50 }, () => someKeys());
    const made = await Promise.all(drawn.map((keys, index) => (index % 2 === 0 ? one : other).draw(drawing(keys))));
    expect(made.filter(Boolean)).toHaveLength(30);
    const kept = drawn.filter((_, index) => made[index]);
    const got = await Promise.all(kept.flatMap((keys) => [one, other].map((store) => store.fetch(fetching(keys)))));
    expect(got.filter((keys) => typeof keys !== 'string')).toHaveLength(30);
    expect(got.filter((keys) => keys === 'fetched')).toHaveLength(30);
    await one.restock({});
  });

  it('knows the members of the group', async () => {
    const [one, other] = two();
    await one.join({ name: 'a', saeIds: ['m'] });
    await other.join({ name: 'b', saeIds: ['s', "t'"] });
    expect([...(await other.members())].sort((a, b) => (a.name < b.name ? -1 : 1))).toEqual([{ name: 'a', saeIds: ['m'] }, { name: 'b', saeIds: ['s', "t'"] }]);
  });
}

describe('in memory', () => {
  const store = new MemoryKeyStore(options);
  rows(() => [store, store]);

  it('K20 a store that starts again has no key', async () => {
    const keys = someKeys();
    await store.draw(drawing(keys));
    expect(await new MemoryKeyStore(options).fetch(fetching(keys))).toBe('not-found');
  });

  it('does not slow down with the number of keys', async () => {
    const many = new MemoryKeyStore(options);
    const seconds = async (count: number): Promise<number> => {
      const start = performance.now();
      for (let index = 0; index < count; index++) {
        const keys = someKeys();
        await many.draw(drawing(keys));
        if (index % 2 === 0) await many.fetch(fetching(keys));
      }
      return performance.now() - start;
    };
    await seconds(2000);
    const early = await seconds(3000);
    await seconds(20_000);
    expect(await seconds(3000)).toBeLessThan(early * 10 + 100);
  });
});

describe.skipIf(!HAS_POSTGRES)('PostgreSQL', { timeout: 120_000 }, () => {
  let server: TestPostgres;
  let stores: readonly [KeyStore, KeyStore];

  beforeAll(async () => {
    server = await startPostgres();
    // At the same moment: one of them makes the schema.
    stores = await Promise.all([openPostgresStore(server.url, options), openPostgresStore(server.url, options)]);
  }, 120_000);
  afterAll(async () => {
    await Promise.all((stores ?? []).map((store) => store.close()));
    server?.stop();
  });

  rows(() => stores);

  it('K20 what was drawn outlives the KME, and so does the stock', async () => {
    await stores[0].restock({ stock: 7 });
    const keys = someKeys();
    const first = await openPostgresStore(server.url, options);
    await first.draw(drawing(keys));
    await first.close();
    const again = await openPostgresStore(server.url, options);
    expect(await again.stock()).toBe(6);
    expect(await again.fetch(fetching(keys))).toMatchObject([{ bytes: keys[0]!.bytes }]);
    await again.restock({});
    await again.close();
  });

  it('has the keys as the reference implementation keeps them', async () => {
    const keys = someKeys();
    await stores[0].draw(drawing(keys, { slaves: ['s', 't'] }));
    const query = `SELECT master_sae_id, slave_sae_id, size, content, active FROM keys WHERE id = '${keys[0]!.keyId}' ORDER BY slave_sae_id`;
    const { stdout } = spawnSync('psql', [server.url.replace(/:[^:@]+@/, '@'), '-At', '-c', query], { encoding: 'utf8', env: { ...process.env, PGPASSWORD: server.password } });
    const content = keys[0]!.bytes.toString('base64');
    expect(stdout).toBe(`m|s|256|${content}|t\nm|t|256|${content}|t\n`);
  });

  it('K16 a KME whose database has gone answers 503, and 200 when it could be asked', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'qkd-kme-store-'));
    const pki = await makePki(folder, { kmes: ['a', 'b'], saes: ['m', 's'] });
    const own = await startPostgres();
    const pair = await startKmePair({ pki, keyStore: await openPostgresStore(own.url, options), kmes: [{ name: 'a', saeIds: ['m'] }, { name: 'b', saeIds: ['s'] }] });
    const ask = (call: string): Promise<PlainAnswer> => plainRequest({ port: pair.kme('a').port, caFile: pki.kmeCa.certificateFile, pair: pki.saes.get('m')!, path: `/api/v1/keys/s/${call}` });
    expect([(await ask('enc_keys')).status, (await ask('status')).status]).toEqual([200, 200]);
    own.stop();
    for (const call of ['enc_keys', 'status']) expect(await ask(call)).toMatchObject({ status: 503, json: { message: 'the key store cannot be reached' } });
    await pair.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('says what is wrong in one line, without the password', async () => {
    const refusal = async (url: string): Promise<string> => openPostgresStore(url, options).then(() => 'opened', (error: Error) => `${error.constructor.name} ${error.message}`);
    const { url, password } = server;
    const said = [
      await refusal(url.replace(password, 'wrong')),
      await refusal(url.replace('/key_store', '/elsewhere')),
      await refusal(url.replace(/:\d+\/key_store/, ':1/key_store')),
      await refusal('mysql://db_user:secret@127.0.0.1/key_store'),
      await refusal('db_user:secret'),
    ];
    expect(said).toEqual([
      expect.stringMatching(/^StoreFailure database key_store at 127\.0\.0\.1:\d+: password authentication failed for user "db_user"$/),
      expect.stringMatching(/^StoreFailure database elsewhere at 127\.0\.0\.1:\d+: database "elsewhere" does not exist$/),
      expect.stringMatching(/^StoreFailure database key_store at 127\.0\.0\.1:1: connect ECONNREFUSED 127\.0\.0\.1:1$/),
      'StoreFailure DATABASE_URL is not postgres://user:password@host:port/database',
      'StoreFailure DATABASE_URL is not postgres://user:password@host:port/database',
    ]);
    expect(said.join()).not.toContain(password);
  });
});

describe('K23 new keys', () => {
  it('are random, and no two are alike', () => {
    const made = Array.from({ length: 500 }, () => randomKeys().make(256));
    expect(new Set(made.map(({ keyId }) => keyId)).size).toBe(500);
    expect(new Set(made.map(({ bytes }) => bytes.toString('hex'))).size).toBe(500);
    // 500 keys have 64,000 set bits of 128,000, give or take ten standard deviations.
    const ones = made.reduce((sum, { bytes }) => sum + [...bytes].reduce((bits, byte) => bits + byte.toString(2).replaceAll('0', '').length, 0), 0);
    expect(Math.abs(ones - 64_000)).toBeLessThan(1790);
  });

  it('follow from a seed when one is given', () => {
    const [one, same, other] = ['x', 'x', 'y'].map((seed) => predictableKeys(seed));
    const first = one!.make(1024);
    expect(first.bytes).toHaveLength(128);
    expect(first.keyId).toMatch(/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    expect(same!.make(1024)).toEqual(first);
    expect(one!.make(1024)).not.toEqual(first);
    expect(other!.make(1024).bytes).not.toEqual(first.bytes);
  });
});
