// The bench KMEs themselves, asked by a plain HTTPS client that is not ours. Row ids are those of the table for
// KME simulators.

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { Agent } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import type { ConnectionOptions } from 'node:tls';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { makePki } from '../pki/pki.ts';
import type { Pki } from '../pki/pki.ts';
import { clientVariants } from '../pki/wrong-certificates.ts';
import { plainRequest, tlsOf } from './plain-request.ts';
import type { PlainAnswer, PlainRequest } from './plain-request.ts';
import { startKmePair } from './start-kme-pair.ts';
import type { KmePair } from './start-kme-pair.ts';

const folder = mkdtempSync(join(tmpdir(), 'qkd-bench-kme-'));
let pki: Pki;
let pair: KmePair;
let time = Date.now();

beforeAll(async () => {
  pki = await makePki(folder, { kmes: ['a', 'b'], saes: ['m', 's', 't', 'stranger'] });
  const store = { propagationDelay: 1000, retention: 60, now: () => time };
  pair = await startKmePair({ pki, store, kmes: [{ name: 'a', saeIds: ['m'] }, { name: 'b', saeIds: ['s', 't'] }] });
});
afterEach(() => {
  time += 2000;
  pair.restock(undefined);
  for (const kme of pair.kmes) kme.faults.clear();
});
afterAll(async () => {
  await pair.close();
  rmSync(folder, { recursive: true, force: true });
});

/** `sae` asks a KME, with its own certificate unless `given` brings another. */
function ask(kme: 'a' | 'b', sae: string, path: string, given: PlainRequest = {}): Promise<PlainAnswer> {
  return plainRequest({ port: pair.kme(kme).port, caFile: pki.kmeCa.certificateFile, pair: pki.saes.get(sae)!, path: `/api/v1/keys/${path}`, ...given });
}

async function drawn(query = ''): Promise<string> {
  const { json } = await ask('a', 'm', `s/enc_keys${query}`);
  return json.keys![0]!.key_ID;
}

const arrive = (): void => void (time += 1000);
const NOT_FOUND = 'one or more keys specified are not found on KME';

describe('enc_keys and dec_keys', () => {
  it.each<[string, string, PlainRequest]>([
    ['GET', 's/enc_keys', {}],
    ['GET with number and size', 's/enc_keys?number=1&size=256', {}],
    ['POST', 's/enc_keys', { body: { number: 1, size: 256 } }],
    ['POST {}', 's/enc_keys', { body: '{}' }],
    ['POST without a body', 's/enc_keys', { method: 'POST' }],
  ])('K01 round trip by %s', async (_name, path, given) => {
    const { status, json } = await ask('a', 'm', path, given);
    expect(status).toBe(200);
    arrive();
    const { key_ID, key } = json.keys![0]!;
    const byGet = given.body !== undefined;
    const fetched = await (byGet ? ask('b', 's', `m/dec_keys?key_ID=${key_ID}`) : ask('b', 's', 'm/dec_keys', { body: { key_IDs: [{ key_ID }] } }));
    expect(fetched.json.keys).toEqual([{ key_ID, key }]);
  });

  it.each([128, 256, 1024])('K02 five keys of %i bits', async (size) => {
    const { json } = await ask('a', 'm', `s/enc_keys?number=5&size=${size}`);
    expect(json.keys!.map(({ key }) => Buffer.from(key, 'base64').length * 8)).toEqual(Array(5).fill(size));
    expect(new Set(json.keys!.map(({ key_ID }) => key_ID)).size).toBe(5);
  });

  it('K05 K21 each slave gets a key once, and counts add up', async () => {
    const before = pair.deliveredCount();
    const answers = await Promise.all(Array.from({ length: 50 }, () => ask('a', 'm', 's/enc_keys?number=1&size=256')));
    const ids = answers.map(({ json }) => json.keys![0]!.key_ID);
    expect(new Set(ids).size).toBe(50);
    arrive();
    const fetches = await Promise.all(ids.flatMap((id) => [0, 1].map(() => ask('b', 's', `m/dec_keys?key_ID=${id}`))));
    expect(fetches.filter(({ status }) => status === 200)).toHaveLength(50);
    expect(fetches.filter(({ status, json }) => status === 400 && json.message === NOT_FOUND)).toHaveLength(50);
    expect(pair.deliveredCount() - before).toBe(100);
  });

  it('K06 K08 all or none, and no ID twice', async () => {
    const good = await drawn();
    arrive();
    const unknown = { key_ID: 'ffffffff-0000-0000-0000-000000000000' };
    expect(await ask('b', 's', 'm/dec_keys', { body: { key_IDs: [{ key_ID: good }, unknown] } })).toMatchObject({ status: 400, json: { message: NOT_FOUND } });
    expect(await ask('b', 's', 'm/dec_keys', { body: { key_IDs: [{ key_ID: good }, { key_ID: good }] } })).toMatchObject({ status: 400 });
    expect(await ask('b', 's', `m/dec_keys?key_ID=${good.toUpperCase()}`)).toMatchObject({ status: 200 });
  });

  it('K07 nobody else: the master, a third SAE, under another master', async () => {
    const id = await drawn();
    arrive();
    for (const [kme, sae, path] of [['b', 't', 'm'], ['b', 's', 't'], ['a', 'm', 's']] as const) {
      expect(await ask(kme, sae, `${path}/dec_keys?key_ID=${id}`)).toMatchObject({ status: 401, text: '' });
    }
    expect((await ask('b', 's', `m/dec_keys?key_ID=${id}`)).status).toBe(200);
  });

  it('K10 several slaves fetch once each', async () => {
    const { json } = await ask('a', 'm', 's/enc_keys', { body: { additional_slave_SAE_IDs: ['t'] } });
    arrive();
    const path = `m/dec_keys?key_ID=${json.keys![0]!.key_ID}`;
    const statuses = [];
    for (const sae of ['s', 't', 's', 't']) statuses.push((await ask('b', sae, path)).status);
    expect(statuses).toEqual([200, 200, 400, 400]);
  });

  it('K20 a key is unknown until it has propagated, and after the retention time', async () => {
    const id = await drawn();
    const path = `m/dec_keys?key_ID=${id}`;
    expect(await ask('b', 's', path)).toMatchObject({ status: 400, json: { message: NOT_FOUND } });
    arrive();
    expect((await ask('b', 's', path)).status).toBe(200);
    const late = await drawn();
    time += 61_000;
    expect(await ask('b', 's', `m/dec_keys?key_ID=${late}`)).toMatchObject({ status: 400, json: { message: NOT_FOUND } });
  });

  it('K16 the stock ends', async () => {
    pair.restock(2);
    expect((await ask('a', 'm', 's/enc_keys?number=3')).status).toBe(503);
    expect((await ask('a', 'm', 's/enc_keys?number=2')).status).toBe(200);
    expect(await ask('a', 'm', 's/enc_keys')).toMatchObject({ status: 503, json: { message: 'not enough keys available' } });
  });
});

describe('requests that the standard does not allow', () => {
  const body = (value: object | string, more: PlainRequest = {}): PlainRequest => ({ body: value, ...more });
  it.each<[string, string, PlainRequest, number, string?]>([
    ...['0', '-8', '256.5', '"256"', 'null', '9007199254740992', '2048', '8', 'true'].map((size): [string, string, PlainRequest, number] => [`K03 size ${size}`, 's/enc_keys', body(`{"size":${size}}`), 400]),
    ['K03 size 255', 's/enc_keys', body('{"size":255}'), 400, 'size shall be a multiple of 8'],
    ['K03 size 255 by GET', 's/enc_keys?size=255', {}, 400, 'size shall be a multiple of 8'],
    ...['0', '-1', 'true', '129', '1e6', 'null'].map((number): [string, string, PlainRequest, number] => [`K04 number ${number}`, 's/enc_keys', body(`{"number":${number}}`), 400]),
    ['K04 number -1 by GET', 's/enc_keys?number=-1', {}, 400],
    ['K09 no IDs', 'm/dec_keys', body('{"key_IDs":[]}'), 400],
    ['K09 IDs missing', 'm/dec_keys', body('{}'), 400],
    ['K09 IDs as strings', 'm/dec_keys', body('{"key_IDs":["x"]}'), 400],
    ['no ID by GET', 'm/dec_keys', {}, 400],
    ['K10 slaves: itself', 's/enc_keys', body({ additional_slave_SAE_IDs: ['m'] }), 400],
    ['K10 slaves: the one in the path', 's/enc_keys', body({ additional_slave_SAE_IDs: ['s'] }), 400],
    ['K10 slaves: twice', 's/enc_keys', body({ additional_slave_SAE_IDs: ['t', 't'] }), 400],
    ['K10 slaves: unknown', 's/enc_keys', body({ additional_slave_SAE_IDs: [' '] }), 400],
    ['K10 slaves: none', 's/enc_keys', body({ additional_slave_SAE_IDs: [] }), 400],
    ['K10 slaves: too many', 's/enc_keys', body({ additional_slave_SAE_IDs: [...'123456789'] }), 400],
    ['K11 extension_mandatory', 's/enc_keys', body({ extension_mandatory: [{ abc: 1 }] }), 400, 'not all extension_mandatory parameters are supported'],
    ['K12 an unknown member', 's/enc_keys', body({ key_size: 256 }), 400],
    ['K12 an unknown parameter', 's/enc_keys?key_size=256', {}, 400],
    ['K12 a parameter twice', 's/enc_keys?size=256&size=256', {}, 400],
    ['K12 a member twice', 's/enc_keys', body('{"size":256,"size":128}'), 400],
    ['K12 status with a parameter', 's/status?x=1', {}, 400],
    ['K14 GET with a body', 's/enc_keys', body('{}', { method: 'GET' }), 400],
    ['K14 POST with a query', 's/enc_keys?size=256', body('{}'), 400],
    ['K14 text/plain', 's/enc_keys', body('{}', { type: 'text/plain' }), 415],
    ['not JSON', 's/enc_keys', body('size=256'), 400],
    ['an array', 's/enc_keys', body('[]'), 400],
    ['K15 a space', '%20/enc_keys', {}, 400],
    ['K15 a path', '..%2f..%2fetc/enc_keys', {}, 400],
    ['K15 5000 characters', `${'x'.repeat(5000)}/enc_keys`, {}, 400],
    ['K15 not UTF-8', '%ff/enc_keys', {}, 400],
    ['K15 unknown', 'nobody/enc_keys', {}, 400],
    ['K15 its own ID', 'm/enc_keys', {}, 400],
    ['another path', 's/enc_keys/', {}, 404],
    ['another call', 's/keys', {}, 404],
    ['K25 a request of 65 KiB', 's/enc_keys', body(`{"x":"${'x'.repeat(65 * 1024)}"}`), 413],
    ...['PUT', 'DELETE', 'OPTIONS', 'HEAD'].map((method): [string, string, PlainRequest, number] => [`K13 ${method}`, 's/enc_keys', { method }, 405]),
    ...['PUT', 'DELETE', 'OPTIONS', 'HEAD'].map((method): [string, string, PlainRequest, number] => [`K13 ${method} of dec_keys`, 'm/dec_keys', { method }, 405]),
    ['K13 POST of status', 's/status', body('{}'), 405],
  ])('%s', async (_name, path, given, status, message) => {
    const before = pair.deliveredCount();
    const answer = path.startsWith('m/dec') ? await ask('b', 's', path, given) : await ask('a', 'm', path, given);
    expect(answer.status).toBe(status);
    if (message !== undefined) expect(answer.json.message).toBe(message);
    if (status === 405) expect(answer.headers.allow).toMatch(/^GET/);
    expect(answer.headers['cache-control']).toBe('no-store');
    expect(pair.deliveredCount()).toBe(before);
  });

  it('K09 K11 but ignores what it may ignore', async () => {
    const optional = { extension_mandatory: [], extension_optional: [{ abc_route: 'x' }] };
    const { status, json } = await ask('a', 'm', 's/enc_keys', { body: optional });
    expect(status).toBe(200);
    arrive();
    expect((await ask('b', 's', 'm/dec_keys', { body: { key_IDs: [{ key_ID: json.keys![0]!.key_ID, key: 'x' }] } })).status).toBe(200);
  });
});

describe('status and headers', () => {
  it('has every field of clause 6.1', async () => {
    const { status, json, headers } = await ask('a', 'm', 's/status');
    expect(status).toBe(200);
    expect(json).toEqual({
      source_KME_ID: 'a', target_KME_ID: 'b', master_SAE_ID: 'm', slave_SAE_ID: 's', key_size: 256, stored_key_count: 100_000, max_key_count: 100_000,
      max_key_per_request: 128, max_key_size: 1024, min_key_size: 64, max_SAE_ID_count: 8,
    });
    expect(headers).toMatchObject({ 'content-type': 'application/json', 'cache-control': 'no-store' });
  });
});

describe('callers', () => {
  it('K17 an SAE that is registered at the other KME, or nowhere, gets 401 without a body', async () => {
    for (const sae of ['s', 'stranger']) expect(await ask('a', sae, 't/enc_keys')).toMatchObject({ status: 401, text: '' });
  });

  it('K17 K18 certificates of another CA, expired, or for servers get no answer', async () => {
    const variants = await clientVariants(pki, 'm');
    for (const wrong of [variants.otherCa, variants.expired, variants.notYetValid, variants.otherPurpose, variants.missingIntermediate]) {
      await expect(ask('a', 'm', 's/enc_keys', { pair: wrong })).rejects.toThrow();
    }
    expect((await ask('a', 'm', 's/enc_keys', { pair: variants.chained })).status).toBe(200);
    expect((await ask('a', 'm', 's/enc_keys', { pair: variants.otherName })).status).toBe(401);
  });

  it('K17 no certificate gets no answer', async () => {
    const { port } = pair.kme('a');
    const got = await new Promise<string>((resolve) => {
      const socket = connect({ host: '127.0.0.1', port, ca: readFileSync(pki.kmeCa.certificateFile) });
      let text = '';
      socket.on('data', (data) => (text += data.toString()));
      socket.on('error', () => undefined);
      socket.on('close', () => resolve(text));
      socket.write('GET /api/v1/keys/s/enc_keys HTTP/1.1\r\nHost: x\r\n\r\n');
    });
    expect(got).toBe('');
  });

  it('K19 TLS 1.1 is refused', async () => {
    const { port } = pair.kme('a');
    const old: ConnectionOptions = { host: '127.0.0.1', port, minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'ALL:@SECLEVEL=0', ...tlsOf(pki.saes.get('m')!, pki.kmeCa.certificateFile) };
    await expect(new Promise((resolve, reject) => connect(old, () => resolve('connected')).once('error', reject))).rejects.toThrow();
  });
});

describe('faults', () => {
  it('K22 last one request, act on one call, and use the keys up', async () => {
    const before = pair.deliveredCount();
    pair.applyFaults({ a: [{ fault: 'reset', call: 'enc_keys' }] });
    expect((await ask('a', 'm', 's/status')).status).toBe(200);
    await expect(ask('a', 'm', 's/enc_keys')).rejects.toThrow();
    expect(pair.deliveredCount()).toBe(before + 1);
    expect((await ask('a', 'm', 's/enc_keys')).status).toBe(200);
  });

  it('K26 last as long as they are told', async () => {
    pair.kme('a').faults.set({ fault: 'stock-empty', times: 2 }, { fault: 'answer', status: 418, body: 'tea', contentType: 'text/plain', times: 'always' });
    const statuses = [];
    for (let count = 0; count < 4; count++) statuses.push((await ask('a', 'm', 's/status')).status);
    expect(statuses).toEqual([503, 503, 418, 418]);
    pair.applyFaults({ a: [] });
    expect((await ask('a', 'm', 's/status')).status).toBe(200);
  });

  it('K26 break resumed TLS sessions only', async () => {
    pair.kme('a').faults.set({ fault: 'resumption-broken' });
    const agent = new Agent({ keepAlive: false });
    expect((await ask('a', 'm', 's/status', { agent })).status).toBe(200);
    await expect(ask('a', 'm', 's/status', { agent })).rejects.toThrow();
    expect((await ask('a', 'm', 's/status')).status).toBe(200);
  });

  it('down: nothing listens until cleared, at the same port then', async () => {
    const { faults } = pair.kme('a');
    const id = await faults.add({ fault: 'down' });
    await expect(ask('a', 'm', 's/status')).rejects.toThrow(/ECONNREFUSED/);
    expect((await ask('b', 's', 'm/status')).status).toBe(200);
    await faults.clear(id);
    expect((await ask('a', 'm', 's/status')).status).toBe(200);
  });

  it('K26 refuse every certificate, then trust ours again', async () => {
    pair.kme('a').faults.set({ fault: 'refuse-certificate' });
    await expect(ask('a', 'm', 's/status')).rejects.toThrow();
    pair.kme('a').faults.clear();
    expect((await ask('a', 'm', 's/status')).status).toBe(200);
  });

  it.each<[string, unknown]>([
    ['of no KME', { z: [] }],
    ['of no known kind', { a: [{ fault: 'fire' }] }],
    ['not in a list', { a: { fault: 'hang' } }],
    ['not an object', 7],
  ])('%s are refused', (_name, json) => expect(() => pair.applyFaults(json)).toThrow(TypeError));
});

it('lists every key that was ever made', async () => {
  const { json } = await ask('a', 'm', 's/enc_keys');
  const key = Buffer.from(json.keys![0]!.key, 'base64');
  expect(pair.issuedKeys().some((bytes) => bytes.equals(key))).toBe(true);
});
