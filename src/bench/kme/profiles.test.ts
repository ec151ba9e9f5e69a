// Every profile against the questions on which real KMEs were measured to differ: the columns of the reference's table
// of KME behaviour, row by row, over TLS, as a profile of the KME and as a fault for one request.

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makePki } from '../pki/pki.ts';
import type { Pki } from '../pki/pki.ts';
import { plainRequest } from './plain-request.ts';
import type { PlainAnswer, PlainRequest } from './plain-request.ts';
import { PROFILE_NAMES, PROFILES, type ProfileName } from './profiles.ts';
import { startKmePair } from './start-kme-pair.ts';
import type { KmePair } from './start-kme-pair.ts';

const folder = mkdtempSync(join(tmpdir(), 'qkd-kme-profiles-'));
const pairs = new Map<ProfileName, KmePair>();
let pki: Pki;

beforeAll(async () => {
  pki = await makePki(folder, { kmes: ['a', 'b'], saes: ['m', 's', 't'] });
  for (const profile of PROFILE_NAMES) {
    pairs.set(profile, await startKmePair({ pki, kmes: [{ name: 'a', saeIds: ['m'], profile }, { name: 'b', saeIds: ['s', 't'], profile }] }));
  }
}, 60_000);
afterAll(async () => {
  await Promise.all([...pairs.values()].map((pair) => pair.close()));
  rmSync(folder, { recursive: true, force: true });
});

type Ask = (sae: 'm' | 's' | 't', path: string, given?: PlainRequest) => Promise<PlainAnswer>;

function asking(pair: KmePair): Ask {
  return (sae, path, given = {}) =>
    plainRequest({ port: pair.kme(sae === 'm' ? 'a' : 'b').port, caFile: pki.kmeCa.certificateFile, pair: pki.saes.get(sae)!, path: `/api/v1/keys/${path}`, ...given });
}

/** What the standard calls the form of an answer, in a few words. */
function outcome({ status, headers, text, json }: PlainAnswer): string {
  if (status === 200 && json.keys !== undefined) return ['200', ...json.keys.map(({ key }) => String(Buffer.from(key, 'base64').length * 8))].join(' ');
  const type = (headers['content-type'] ?? '').split(';')[0];
  const form = text === '' ? 'empty' : type === 'text/html' ? 'HTML' : type === 'text/plain' ? 'text' : Object.keys(json).join();
  return `${status} ${form}`;
}

async function newKey(ask: Ask, number = 1): Promise<string[]> {
  const ids = [];
  for (let count = 0; count < number; count++) ids.push((await ask('m', 's/enc_keys')).json.keys![0]!.key_ID);
  return ids;
}

const bodyOf = (value: object | string): PlainRequest => ({ body: value });
const UNKNOWN = '01234567-89ab-cdef-0123-456789abcdef';

/** Asks one question; each draws what it needs. */
const QUESTIONS: Readonly<Record<string, (ask: Ask) => Promise<PlainAnswer>>> = {
  'dec twice': async (ask) => {
    const [id] = await newKey(ask);
    await ask('s', `m/dec_keys?key_ID=${id}`);
    return ask('s', `m/dec_keys?key_ID=${id}`);
  },
  'dec by the master': async (ask) => ask('m', `s/dec_keys?key_ID=${(await newKey(ask))[0]}`),
  'dec by a third SAE': async (ask) => ask('t', `m/dec_keys?key_ID=${(await newKey(ask))[0]}`),
  'unknown id': (ask) => ask('s', `m/dec_keys?key_ID=${UNKNOWN}`),
  'one good, one unknown': async (ask) => ask('s', 'm/dec_keys', bodyOf({ key_IDs: [{ key_ID: (await newKey(ask))[0] }, { key_ID: UNKNOWN }] })),
  'uppercase id': async (ask) => {
    let id = '';
    while (!/[a-e]/.test(id)) [id = ''] = await newKey(ask);
    return ask('s', `m/dec_keys?key_ID=${id.toUpperCase()}`);
  },
  'POST without a body': (ask) => ask('m', 's/enc_keys', { method: 'POST' }),
  'GET number=2': (ask) => ask('m', 's/enc_keys?number=2'),
  'size 128 by POST': (ask) => ask('m', 's/enc_keys', bodyOf({ size: 128 })),
  'size 128 by GET': (ask) => ask('m', 's/enc_keys?size=128'),
  'size 255': (ask) => ask('m', 's/enc_keys', bodyOf({ size: 255 })),
  'size 0': (ask) => ask('m', 's/enc_keys', bodyOf({ size: 0 })),
  'number 0': (ask) => ask('m', 's/enc_keys', bodyOf({ number: 0 })),
  'number -1': (ask) => ask('m', 's/enc_keys', bodyOf({ number: -1 })),
  'number 1e6': (ask) => ask('m', 's/enc_keys', bodyOf({ number: 1_000_000 })),
  'size "256"': (ask) => ask('m', 's/enc_keys', bodyOf({ size: '256' })),
  'unknown extension_mandatory': (ask) => ask('m', 's/enc_keys', bodyOf({ extension_mandatory: [{ abc_x: 1 }] })),
  'duplicate member': (ask) => ask('m', 's/enc_keys', bodyOf('{"size":512,"size":256}')),
  'text/plain': (ask) => ask('m', 's/enc_keys', { body: '{"size":256}', type: 'text/plain' }),
  'unknown slave': (ask) => ask('m', 'nobody/enc_keys'),
  'unknown parameter': (ask) => ask('m', 's/enc_keys?abc=1'),
  'default key size': (ask) => ask('m', 's/enc_keys'),
  'unknown member': (ask) => ask('m', 's/enc_keys', bodyOf({ key_size: 256 })),
};

const COLUMNS = ['strict', 'lenient', 'reference', 'next-door', 'popov', 'easy-kme', 'arnika', 'qukaydee'] as const;

/** In the order of COLUMNS. m: {"message"}, d: {"message","details"}, T: {"title","description"}, D: {"detail"}. */
const TABLE: Readonly<Record<string, readonly string[]>> = {
  'dec twice': ['400 m', '400 m', '200 1024', '401 empty', '200 256', '200 256', '200 256', '404 d'],
  'dec by the master': ['401 empty', '401 empty', '400 m', '401 empty', '200 256', '401 D', '200 256', '404 d'],
  'dec by a third SAE': ['401 empty', '401 empty', '401 empty', '401 HTML', '500 T', '401 D', '200 256', '404 d'],
  'unknown id': ['400 m', '400 m', '400 m', '401 empty', '500 T', '401 D', '404 text', '404 d'],
  'one good, one unknown': ['400 m', '400 m', '400 m', '400 m', '500 T', '401 D', '400 text', '404 d'],
  'uppercase id': ['200 256', '200 256', '200 1024', '400 m', '500 T', '401 D', '404 text', '200 512'],
  'POST without a body': ['200 256', '200 256', '200 1024', '400 HTML', '400 T', '422 D', '400 text', '200 512'],
  'GET number=2': ['200 256 256', '200 256 256', '200 1024 1024', '200 256', '200 256 256', '200 256 256', '400 text', '200 512 512'],
  'size 128 by POST': ['200 128', '200 128', '200 128', '200 128', '200 128', '200 256', '400 text', '200 128'],
  'size 128 by GET': ['200 128', '200 128', '200 128', '200 256', '200 128', '200 256', '400 text', '200 128'],
  'size 255': ['400 m', '200 256', '400 m', '200 248', '200 256', '400 D', '400 text', '400 d'],
  'size 0': ['400 m', '400 m', '400 m', '400 m', '200 0', '400 D', '400 text', '400 d'],
  'number 0': ['400 m', '400 m', '400 m', '200', '200', '400 D', '400 text', '400 d'],
  'number -1': ['400 m', '400 m', '400 m', '200', '200', '400 D', '400 text', '400 d'],
  'number 1e6': ['400 m', '400 m', 'no answer', '400 m', 'no answer', '503 D', '400 text', '400 d'],
  'size "256"': ['400 m', '200 256', '400 m', '500 HTML', '500 T', '200 256', '400 text', '400 d'],
  'unknown extension_mandatory': ['400 m', '200 256', '200 1024', '200 256', '200 256', '400 D', '200 256', '400 d'],
  'duplicate member': ['400 m', '200 256', '400 m', '200 256', '200 256', '200 256', '200 256', '400 d'],
  'text/plain': ['415 m', '200 256', '200 256', '400 m', '415 T', '422 D', '200 256', '415 d'],
  'unknown slave': ['400 m', '400 m', '200 1024', '400 m', '200 256', '200 256', '404 text', '404 d'],
  'unknown parameter': ['400 m', '200 256', '200 1024', '200 256', '400 T', '200 256', '200 256', '400 d'],
  'default key size': ['200 256', '200 256', '200 1024', '200 256', '200 256', '200 256', '200 256', '200 512'],
  'unknown member': ['400 m', '200 256', '200 1024', '200 256', '200 256', '200 256', '200 256', '400 d'],
};

function spelt(short: string | undefined): string {
  const [status, form = ''] = (short ?? '').split(' ');
  const long = { m: 'message', d: 'message,details', T: 'title,description', D: 'detail' }[form];
  return long === undefined ? (short ?? '') : `${status} ${long}`;
}

async function answered(question: (ask: Ask) => Promise<PlainAnswer>, ask: Ask, expected: string): Promise<string> {
  const answer = question(ask).then(outcome);
  if (expected !== 'no answer') return answer;
  answer.catch(() => undefined);
  return Promise.race([answer, new Promise<string>((resolve) => setTimeout(resolve, 300, 'no answer'))]);
}

describe.each(COLUMNS.map((name, index) => [name, index] as const))('K26 profile %s', (name, index) => {
  it.each(Object.keys(QUESTIONS))('%s', async (question) => {
    const expected = spelt(TABLE[question]?.[index]);
    expect(await answered(QUESTIONS[question]!, asking(pairs.get(name)!), expected)).toBe(expected);
  });

  it('as a fault: for good, then no more', async () => {
    const strict = pairs.get('strict')!;
    for (const kme of strict.kmes) kme.faults.set({ fault: 'profile', name, times: 'always' });
    // Profiles that take any certificate listen anew.
    for (const kme of strict.kmes) await kme.faults.add({ fault: 'sync-delay', milliseconds: 0 });
    const expected = spelt(TABLE['size 255']?.[index]);
    expect(await answered(QUESTIONS['size 255']!, asking(strict), expected)).toBe(expected);
    expect(await noCertificate(strict.kme('a').port)).toBe(PROFILES[name].certificateOptional ? 'HTTP/1.1 400 Bad Request' : '');
    for (const kme of strict.kmes) await kme.faults.clear();
    expect(await noCertificate(strict.kme('a').port)).toBe('');
    expect(outcome(await QUESTIONS['size 255']!(asking(strict)))).toBe('400 message');
  });
});

it('K26 as a fault: for one request', async () => {
  const pair = pairs.get('strict')!;
  pair.kme('a').faults.set({ fault: 'profile', name: 'popov' }, { fault: 'profile', name: 'next-door' });
  const sizes = [];
  for (let count = 0; count < 3; count++) sizes.push(outcome(await QUESTIONS['size 255']!(asking(pair))));
  expect(sizes).toEqual(['200 256', '200 248', '400 message']);
});

/** First line of the answer to a client without a certificate; '' when the connection ends without one. */
function noCertificate(port: number): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port, ca: readFileSync(pki.kmeCa.certificateFile) });
    let text = '';
    socket.on('data', (bytes) => (text += bytes.toString()));
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(text.split('\r\n')[0] ?? ''));
    socket.write('GET /api/v1/keys/s/enc_keys HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
  });
}

function tlsVersion(port: number, version: 'TLSv1.2' | 'TLSv1.3'): Promise<string> {
  return new Promise((resolve) => {
    const { certificateFile, keyFile } = pki.saes.get('m')!;
    const socket = connect({ host: '127.0.0.1', port, ca: readFileSync(pki.kmeCa.certificateFile), cert: readFileSync(certificateFile), key: readFileSync(keyFile), minVersion: version, maxVersion: version });
    socket.once('secureConnect', () => (resolve(socket.getProtocol() ?? ''), socket.destroy()));
    socket.once('error', () => resolve('refused'));
  });
}

it.each(COLUMNS)('K19 K26 TLS versions of %s, and what a client without a certificate gets', async (name) => {
  const { port } = pairs.get(name)!.kme('a');
  const { minVersion, certificateOptional } = PROFILES[name];
  expect(await tlsVersion(port, 'TLSv1.3')).toBe('TLSv1.3');
  expect(await tlsVersion(port, 'TLSv1.2')).toBe(minVersion === 'TLSv1.3' ? 'refused' : 'TLSv1.2');
  expect(await noCertificate(port)).toBe(certificateOptional ? 'HTTP/1.1 400 Bad Request' : '');
});

it('K26 what a status says differs as well', async () => {
  const status = async (name: ProfileName): Promise<object> => JSON.parse((await asking(pairs.get(name)!)('m', 's/status')).text) as object;
  const common = { source_KME_ID: 'a', target_KME_ID: 'b', master_SAE_ID: 'm', slave_SAE_ID: 's' };
  expect(await status('reference')).toEqual({ ...common, key_size: 1024, stored_key_count: 0, max_key_count: 0, max_key_per_request: 0, max_key_size: 0, min_key_size: 0, max_SAE_ID_count: 0 });
  expect(await status('popov')).toMatchObject({ ...common, target_KME_ID: 0 });
  expect(await status('easy-kme')).toMatchObject({ ...common, stored_key_count: 0, status_extension: null });
  expect(await status('qukaydee')).toMatchObject({ key_size: 512, max_key_per_request: 100, min_key_size: 1, max_key_size: 100_000, max_SAE_ID_count: 9 });
});

it('K26 next-door: newer keys void older ones, and keys come in an order of its own', async () => {
  const ask = asking(pairs.get('next-door')!);
  const [older, newer] = await newKey(ask, 2);
  expect((await ask('s', `m/dec_keys?key_ID=${older}`)).status).toBe(401);
  expect((await ask('s', `m/dec_keys?key_ID=${newer}`)).status).toBe(200);
  const { json } = await ask('m', 's/enc_keys', bodyOf({ number: 6 }));
  const ids = json.keys!.map(({ key_ID }) => key_ID).sort().reverse();
  const fetched = await ask('s', 'm/dec_keys', bodyOf({ key_IDs: ids.map((key_ID) => ({ key_ID })) }));
  expect(fetched.json.keys!.map(({ key_ID }) => key_ID)).toEqual([...ids].reverse());
});

it('K16 K26 qukaydee: an empty stock is a 400 with details, an expired key a 403', async () => {
  const pair = pairs.get('qukaydee')!;
  await pair.restock(0);
  const empty = await asking(pair)('m', 's/enc_keys');
  expect([empty.status, JSON.parse(empty.text)]).toEqual([400, { message: 'Not enough key material available', details: [{ key_bits_requested: 512 }, { key_bits_available: 0 }] }]);
  await pair.restock(undefined);
  await pair.kme('b').faults.add({ fault: 'clock-skew', seconds: 4000 });
  const [id] = await newKey(asking(pair));
  expect(await asking(pair)('s', `m/dec_keys?key_ID=${id}`)).toMatchObject({ status: 403, json: { message: 'Key expired' } });
});
