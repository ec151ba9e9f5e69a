// The faults of bench KMEs that are about keys on their way, certificates, clocks and odd answers. Row ids are those of
// the table for KME simulators.

import { X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { makePki, type Pki } from '../pki/pki.ts';
import { CERTIFICATE_KINDS, type Fault } from './fault-kinds.ts';
import { otherKmes, readKmeUrls } from './other-kmes.ts';
import { plainRequest, type PlainAnswer, tlsOf } from './plain-request.ts';
import { type KmePair, startKmePair } from './start-kme-pair.ts';

const folder = mkdtempSync(join(tmpdir(), 'qkd-kme-faults-'));
let pki: Pki;
let pair: KmePair;
let time = Date.now();

beforeAll(async () => {
  pki = await makePki(folder, { kmes: ['a', 'b'], saes: ['m', 's', 't'] });
  pair = await startKmePair({ pki, store: { now: () => time, retention: 600 }, kmes: [{ name: 'a', saeIds: ['m'] }, { name: 'b', saeIds: ['s', 't'] }] });
});
afterEach(async () => {
  for (const kme of pair.kmes) await kme.faults.clear();
  await pair.restock(undefined);
});
afterAll(async () => {
  await pair.close();
  rmSync(folder, { recursive: true, force: true });
});

function ask(kme: 'a' | 'b', sae: string, path: string, body?: object): Promise<PlainAnswer> {
  return plainRequest({ port: pair.kme(kme).port, caFile: pki.kmeCa.certificateFile, pair: pki.saes.get(sae)!, path: `/api/v1/keys/${path}`, ...(body === undefined ? {} : { body }) });
}

const on = (fault: Fault, kme: 'a' | 'b' = 'a'): Promise<number> => pair.kme(kme).faults.add(fault);

async function draw(): Promise<{ id: string; fetch: () => Promise<PlainAnswer> }> {
  const id = (await ask('a', 'm', 's/enc_keys')).json.keys![0]!.key_ID;
  return { id, fetch: () => ask('b', 's', `m/dec_keys?key_ID=${id}`) };
}

const NOT_FOUND = { status: 400, json: { message: 'one or more keys specified are not found on KME' } };

describe('keys on their way to the other KME', () => {
  it('K20 wait while the link is down, arrive when it is up, once', async () => {
    const before = await draw();
    const down = await on({ fault: 'link-down' });
    const during = await draw();
    expect((await before.fetch()).status).toBe(200);
    time += 100_000;
    expect(await during.fetch()).toMatchObject(NOT_FOUND);
    await pair.kme('a').faults.clear(down);
    expect((await during.fetch()).status).toBe(200);
    // The link goes and comes again: what was fetched stays fetched.
    await pair.kme('a').faults.clear(await on({ fault: 'link-down' }));
    expect(await during.fetch()).toMatchObject(NOT_FOUND);
  });

  it('K16 K20 no QKD while the link is down, at either end', async () => {
    await pair.restock(0, 2);
    time += 1000;
    const left = async (): Promise<unknown> => (JSON.parse((await ask('a', 'm', 's/status')).text) as { stored_key_count: unknown }).stored_key_count;
    expect(await left()).toBe(2);
    const down = await on({ fault: 'link-down' }, 'b');
    time += 60_000;
    expect(await left()).toBe(2);
    await pair.kme('b').faults.clear(down);
    time += 500;
    expect(await left()).toBe(3);
  });

  it('K20 arrive late and overtake each other', async () => {
    const slow = await on({ fault: 'sync-delay', milliseconds: 5000 });
    const first = await draw();
    await pair.kme('a').faults.clear(slow);
    const second = await draw();
    expect((await second.fetch()).status).toBe(200);
    expect(await first.fetch()).toMatchObject(NOT_FOUND);
    time += 5000;
    expect((await first.fetch()).status).toBe(200);
  });

  it('K20 K26 a KME whose clock is ahead lets keys expire early, and dates its answers so', async () => {
    const key = await draw();
    const skew = await on({ fault: 'clock-skew', seconds: 700 }, 'b');
    const refused = await key.fetch();
    expect(refused).toMatchObject(NOT_FOUND);
    expect(Date.parse(refused.headers.date!) - time).toBeGreaterThan(698_000);
    await pair.kme('b').faults.clear(skew);
    expect((await key.fetch()).status).toBe(200);
  });

  it('K20 a pair that starts again has no key of before', async () => {
    const options = { pki, kmes: [{ name: 'a', saeIds: ['m'] }, { name: 'b', saeIds: ['s'] }] };
    const first = await startKmePair(options);
    const at = (one: KmePair, kme: 'a' | 'b', sae: string, path: string): Promise<PlainAnswer> => plainRequest({ port: one.kme(kme).port, caFile: pki.kmeCa.certificateFile, pair: pki.saes.get(sae)!, path: `/api/v1/keys/${path}` });
    const { json } = await at(first, 'a', 'm', 's/enc_keys');
    await first.close();
    const second = await startKmePair(options);
    expect(await at(second, 'b', 's', `m/dec_keys?key_ID=${json.keys![0]!.key_ID}`)).toMatchObject(NOT_FOUND);
    await second.close();
  });
});

describe('K26 odd answers, for one request', () => {
  const enc = (): Promise<PlainAnswer> => ask('a', 'm', 's/enc_keys');

  it('keys in the opposite order', async () => {
    const ids = (await ask('a', 'm', 's/enc_keys?number=3')).json.keys!.map(({ key_ID }) => ({ key_ID }));
    await on({ fault: 'reorder' }, 'b');
    expect((await ask('b', 's', 'm/dec_keys', { key_IDs: ids })).json.keys!.map(({ key_ID }) => ({ key_ID }))).toEqual([...ids].reverse());
  });

  it('null and unknown members around right keys and a right status', async () => {
    await on({ fault: 'extra-fields', times: 2 });
    const { status, json } = await enc();
    expect(status).toBe(200);
    expect(json).toMatchObject({ vendor_note: 'none', key_container_extension: null, keys: [{ vendor_note: 'none', key_ID_extension: null, key_extension: {} }] });
    expect((await ask('b', 's', `m/dec_keys?key_ID=${json.keys![0]!.key_ID}`)).json.keys![0]!.key).toBe(json.keys![0]!.key);
    expect((await ask('a', 'm', 's/status')).json).toMatchObject({ vendor_note: 'none', status_extension: null, key_size: 256 });
  });

  it('an error in HTML, which uses no key up', async () => {
    const before = pair.deliveredCount();
    await on({ fault: 'html-error', status: 502, times: 2 });
    expect(await enc()).toMatchObject({ status: 502, headers: { 'content-type': 'text/html', 'cache-control': 'no-store' } });
    expect((await enc()).text).toContain('<h1>502 error</h1>');
    expect(pair.deliveredCount()).toBe(before);
    expect((await enc()).status).toBe(200);
  });

  it('401 for keys that are gone, and for those alone', async () => {
    const key = await draw();
    await on({ fault: 'gone-401', times: 2 }, 'b');
    expect((await key.fetch()).status).toBe(200);
    expect(await key.fetch()).toMatchObject({ status: 401, text: '' });
    expect(await key.fetch()).toMatchObject(NOT_FOUND);
  });

  it('403 for a key that is too old', async () => {
    const key = await draw();
    await on({ fault: 'key-expired' }, 'b');
    expect(await key.fetch()).toMatchObject({ status: 403, json: { message: 'Key expired' } });
    expect((await key.fetch()).status).toBe(200);
  });

  it('a status of zeros', async () => {
    await on({ fault: 'zero-status' });
    expect((await ask('a', 'm', 's/status')).json).toEqual({
      source_KME_ID: 'a', target_KME_ID: 'b', master_SAE_ID: 'm', slave_SAE_ID: 's', key_size: 256, stored_key_count: 0, max_key_count: 0, max_key_per_request: 0, max_key_size: 0, min_key_size: 0, max_SAE_ID_count: 0,
    });
  });

  it('1024 bits when no size is asked for', async () => {
    await on({ fault: 'default-size', bits: 1024, times: 2 });
    const bits = async (query: string): Promise<number> => 8 * Buffer.from((await ask('a', 'm', `s/enc_keys${query}`)).json.keys![0]!.key, 'base64').length;
    expect([await bits(''), await bits('?size=256'), await bits('')]).toEqual([1024, 256, 256]);
  });
});

describe('K26 certificates and TLS', () => {
  function peer(more: object = {}): Promise<X509Certificate | string> {
    return new Promise((resolve) => {
      const socket = connect({ host: '127.0.0.1', port: pair.kme('a').port, rejectUnauthorized: false, ...tlsOf(pki.saes.get('m')!, pki.kmeCa.certificateFile), ...more });
      socket.once('secureConnect', () => (resolve(new X509Certificate(socket.getPeerCertificate(true).raw)), socket.destroy()));
      socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    });
  }

  const shown = async (): Promise<X509Certificate> => (await peer()) as X509Certificate;

  it.each(CERTIFICATE_KINDS)('shows another one: %s', async (which) => {
    const own = await shown();
    await on({ fault: 'certificate', which });
    const other = await shown();
    expect(other.fingerprint256).not.toBe(own.fingerprint256);
    const client = ask('a', 'm', 's/status').then(({ status }) => status, () => 'refused');
    expect(await client).toBe(which === 'renewed' ? 200 : 'refused');
    expect(Date.parse(other.validTo) < Date.now()).toBe(which === 'expired');
    await pair.kme('a').faults.clear();
    expect((await shown()).fingerprint256).toBe(own.fingerprint256);
  });

  it('TLS of one version only', async () => {
    await on({ fault: 'tls-version', version: '1.2' });
    expect([typeof (await peer({ maxVersion: 'TLSv1.2' })), typeof (await peer({ minVersion: 'TLSv1.3' }))]).toEqual(['object', 'string']);
    pair.kme('a').faults.set({ fault: 'tls-version', version: '1.3' });
    expect([typeof (await peer({ maxVersion: 'TLSv1.2' })), typeof (await peer({ minVersion: 'TLSv1.3' }))]).toEqual(['string', 'object']);
  });

  it('clients without a certificate get a page', async () => {
    await on({ fault: 'certificate-optional' });
    const agentless = { port: pair.kme('a').port, caFile: pki.kmeCa.certificateFile, path: '/api/v1/keys/s/status' };
    expect(await plainRequest({ ...agentless, pair: await pki.issue(undefined, { file: 'self-signed', kind: 'client', commonName: 'm' }) })).toMatchObject({ status: 400, headers: { 'content-type': 'text/html' } });
    expect((await ask('a', 'm', 's/status')).status).toBe(200);
  });
});

describe('K10 multicast', () => {
  it('each slave fetches once; nobody else does', async () => {
    const { json } = await ask('a', 'm', 's/enc_keys', { number: 2, additional_slave_SAE_IDs: ['t'] });
    const body = { key_IDs: json.keys!.map(({ key_ID }) => ({ key_ID })) };
    const statuses = [];
    for (const [kme, sae] of [['b', 's'], ['b', 't'], ['a', 'm'], ['b', 's'], ['b', 't']] as const) statuses.push((await ask(kme, sae, 'm/dec_keys', body)).status);
    // The master is refused before anything else: the SAE in the path is itself.
    expect(statuses).toEqual([200, 200, 400, 400, 400]);
  });

  it('not more slaves than max_SAE_ID_count', async () => {
    const few = await startKmePair({ pki, limits: { maxSaeIdCount: 1 }, kmes: [{ name: 'a' }, { name: 'b' }] });
    const at = (body: object): Promise<PlainAnswer> => plainRequest({ port: few.kme('a').port, caFile: pki.kmeCa.certificateFile, pair: pki.saes.get('m')!, path: '/api/v1/keys/s/enc_keys', body });
    expect((await at({ additional_slave_SAE_IDs: ['t'] })).status).toBe(200);
    expect(await at({ additional_slave_SAE_IDs: ['t', 'u'] })).toMatchObject({ status: 400, json: { message: 'additional_slave_SAE_IDs shall not hold more than 1 SAE IDs' } });
    expect(few.deliveredCount()).toBe(1);
    await few.close();
  });
});

describe('KMEs that run elsewhere', () => {
  it.each(['', 'https://a:1', 'https://a:1,http://b:2', 'https://a:1,https://b:2,https://c:3', 'a,b', 'https://a:1?x=1,https://b:2'])('%j is no pair of URLs', (text) => {
    expect(() => readKmeUrls(text)).toThrow('is not https://HOST:PORT,https://HOST:PORT');
  });

  it('have certificates for every router, and no faults of ours', async () => {
    const urls = readKmeUrls('https://a:1/,https://b:2');
    const { kmes, pki: read } = otherKmes({ urls, pki: folder }, ['kme1', 'kme2'], ['m', 's']);
    expect([kmes.kme('kme1').url, kmes.kme('kme2').port, kmes.kme('kme1').caFile]).toEqual(['https://a:1', 2, join(folder, 'kme-ca.crt')]);
    expect(readFileSync(read.saes.get('s')!.certificateFile, 'utf8')).toContain('CERTIFICATE');
    await expect(kmes.kme('kme1').faults.add({ fault: 'hang' })).rejects.toThrow('not of this bench');
    expect(kmes.kme('kme1').faults.list()).toEqual([]);
    expect(() => otherKmes({ urls, pki: folder }, ['kme1', 'kme2'], ['m', 'nobody'])).toThrow('nobody.crt: ENOENT');
  });
});
