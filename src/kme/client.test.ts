// The client against the bench KMEs over real mutual TLS. Row ids are those of the conformance table.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startKmePair } from '../bench/kme/start-kme-pair.ts';
import type { KmePair } from '../bench/kme/start-kme-pair.ts';
import type { Fault } from '../bench/kme/faults.ts';
import { makePki } from '../bench/pki/pki.ts';
import type { Pki } from '../bench/pki/pki.ts';
import { clientVariants, serverVariants } from '../bench/pki/wrong-certificates.ts';
import type { ErrorCode } from '../errors.ts';
import type { KmeEndpoint, KmeSettings, KmeTimes } from '../inventory/inventory.ts';
import type { Log } from '../log.ts';
import type { KeySource } from '../workflow/ports.ts';
import { kmeClient } from './client.ts';
import { refusal } from './test-refusal.ts';
import { endpoint, kmeSettings } from './test-settings.ts';

const MASTER = 'sae-a';
const SLAVE = 'sae/b ü';
const folder = mkdtempSync(join(tmpdir(), 'qkd-kme-'));
const now = Date.now();
const lines: string[] = [];
const log: Log = { write: (level, area, message, fields) => void lines.push(JSON.stringify({ level, area, message, ...fields })) };
let pki: Pki;
let pair: KmePair;

beforeAll(async () => {
  pki = await makePki(folder, { kmes: ['kme-a', 'kme-b'], saes: [MASTER, SLAVE, 'sae-c', 'stranger'], now });
  pair = await startKmePair({ pki, kmes: [{ name: 'kme-a', saeIds: [MASTER] }, { name: 'kme-b', saeIds: [SLAVE, 'sae-c'] }] });
});
afterEach(() => {
  for (const kme of pair.kmes) kme.faults.clear();
  pair.restock(undefined);
});
afterAll(async () => {
  await pair.close();
  rmSync(folder, { recursive: true, force: true });
});

const TIMES: KmeTimes = { attemptTimeout: 20, deadline: 30, propagationAttempts: 6 };
/** For calls that end by them. */
const SHORT: KmeTimes = { ...TIMES, attemptTimeout: 0.4, deadline: 0.9 };

type Changes = Partial<KmeSettings> & Partial<Pick<KmeEndpoint, 'url' | 'serverName' | 'address'>>;

function settings(kme: 'kme-a' | 'kme-b', sae: string, { url = pair.kme(kme).url, serverName, address, ...more }: Changes = {}): KmeSettings {
  const files = pki.saes.get(sae);
  if (files === undefined) throw new Error('no such SAE');
  return kmeSettings([endpoint(url, { serverName, address })], { caFile: pair.kme(kme).caFile, ...files }, more);
}

function client(kme: 'kme-a' | 'kme-b', sae: string, more: Changes = {}, times = TIMES): KeySource {
  return kmeClient(settings(kme, sae, more), times, log, { now: () => now, firstPause: 0.01 });
}

const master = (more?: Changes, times?: KmeTimes): KeySource => client('kme-a', MASTER, more, times);
const slave = (more?: Changes, times?: KmeTimes): KeySource => client('kme-b', SLAVE, more, times);
const ask = { slaveSaeId: SLAVE, number: 1, size: 256 };

describe('a key on both ends', () => {
  it('C01 C09 is the same, under the same key_ID, drawn with number and size', async () => {
    const [drawn] = await master().encKeys(ask);
    expect(pair.kme('kme-a').requests.at(-1)).toBe('GET /api/v1/keys/sae%2Fb%20%C3%BC/enc_keys?number=1&size=256');
    const [fetched] = await slave().decKeys({ masterSaeId: MASTER, keyIds: [drawn!.keyId], size: 256 });
    expect(pair.kme('kme-b').requests.at(-1)).toBe(`GET /api/v1/keys/sae-a/dec_keys?key_ID=${drawn!.keyId}`);
    expect(fetched!.keyId).toBe(drawn!.keyId);
    expect(fetched!.key.equals(drawn!.key)).toBe(true);
    expect(fetched!.key.length).toBe(32);
  });

  it('C09 C10 several keys, for several slaves, by POST, in the order asked for', async () => {
    const drawn = await master().encKeys({ ...ask, number: 3, size: 128, additionalSlaveSaeIds: ['sae-c'] });
    const keyIds = drawn.map(({ keyId }) => keyId).reverse();
    for (const sae of [SLAVE, 'sae-c']) {
      const fetched = await client('kme-b', sae).decKeys({ masterSaeId: MASTER, keyIds, size: 128 });
      expect(fetched.map(({ keyId }) => keyId)).toEqual(keyIds);
      expect(fetched.every(({ key }, index) => key.equals(drawn[2 - index]!.key))).toBe(true);
    }
    expect(pair.kme('kme-b').requests.at(-1)).toBe('POST /api/v1/keys/sae-a/dec_keys');
  });

  it('C11 by host name, by address with a name to check, with a slash at the end', async () => {
    const { port } = pair.kme('kme-a');
    await master({ url: `https://localhost:${port}/` }).encKeys(ask);
    await master({ url: `https://kme.invalid:${port}`, address: '127.0.0.1', serverName: 'localhost' }).encKeys(ask);
  });

  it('C14 on a KME that fails resumed TLS sessions', async () => {
    pair.kme('kme-a').faults.set({ fault: 'resumption-broken' });
    const source = master();
    for (let count = 0; count < 3; count++) await source.encKeys(ask);
  });

  it('C44 after the key has propagated', async () => {
    const [drawn] = await master().encKeys(ask);
    pair.kme('kme-b').faults.set({ fault: 'key-gone', times: 2 });
    const [fetched] = await slave().decKeys({ masterSaeId: MASTER, keyIds: [drawn!.keyId], size: 256 });
    expect(fetched!.key.equals(drawn!.key)).toBe(true);
  });

  it('C42 C43 once the stock suffices again, with a Retry-After that fits', async () => {
    pair.kme('kme-a').faults.set(
      { fault: 'stock-empty' },
      { fault: 'answer', status: 400, body: '{"message":"Not enough key material available","details":[{"key_bits_available":0}]}' },
      { fault: 'answer', status: 503, headers: { 'Retry-After': '0' } },
      { fault: 'answer', status: 429 },
    );
    await master().encKeys(ask);
  });
});

describe('spoilt answers of enc_keys: refused, and not asked again', () => {
  it.each<[string, Fault, ErrorCode, RegExp]>([
    ['C20 a key that is too short', { fault: 'key-length', bytes: 31 }, 'kme-answer', /has 248 bits instead of 256/],
    ['C20 a key that is too long', { fault: 'key-length', bytes: 128 }, 'kme-answer', /has 1024 bits instead of 256/],
    ['C24 a key more than asked', { fault: 'duplicate-key' }, 'kme-answer', /2 keys instead of 1/],
    ['C34 a page of HTML', { fault: 'html' }, 'kme-answer', /answered with text\/html instead of JSON/],
    ['C33 half of the JSON', { fault: 'garbage' }, 'kme-answer', /not JSON/],
    ['C35 an empty body', { fault: 'answer', status: 200 }, 'kme-answer', /empty body/],
    ['C35 204', { fault: 'answer', status: 204 }, 'kme-answer', /204 no content/],
    ['C38 a compressed body', { fault: 'answer', status: 200, headers: { 'Content-Encoding': 'gzip' } }, 'kme-answer', /content encoding gzip/],
    ['C40 401 with an empty body', { fault: 'answer', status: 401 }, 'kme-refused-us', /401 unauthorized$/],
    ['C41 400 with control characters', { fault: 'answer', status: 400, body: '{"message":"no \\u001b[31mred\\nline"}' }, 'kme-request', /400 bad request: no red line$/],
    ['C47 404 HTML', { fault: 'answer', status: 404, contentType: 'text/html', body: '<html><title>Not found</title>' }, 'kme-request', /404 not found: a page of HTML: Not found/],
    ['C48 409', { fault: 'answer', status: 409, body: '{"title":"conflict","description":"x"}' }, 'kme-request', /409 conflict: conflict: x$/],
    ['C49 a redirect', { fault: 'answer', status: 307, headers: { Location: 'https://elsewhere/' } }, 'kme-request', /307 temporary redirect/],
    ['C51 no answer', { fault: 'hang' }, 'deadline', /no complete answer within 0.4 s/],
    ['C52 an answer in drops', { fault: 'drip', milliseconds: 20 }, 'deadline', /no complete answer within 0.4 s/],
    ['C37 a connection that ends after the key was used up', { fault: 'reset' }, 'kme-unreachable', /connection closed without an answer/],
  ])('%s', async (_name, fault, code, message) => {
    const kme = pair.kme('kme-a');
    kme.faults.set({ call: 'enc_keys', times: 'always', ...fault } as Fault);
    const before = kme.requests.filter((line) => line.includes('enc_keys')).length;
    const found = await refusal(master({}, code === 'deadline' ? SHORT : TIMES).encKeys(ask));
    expect(found).toMatchObject({ code, message: expect.stringMatching(message) as string });
    expect(found.message).toMatch(/^KME 127\.0\.0\.1:\d+: enc_keys: [^\n]+$/);
    expect(kme.requests.filter((line) => line.includes('enc_keys')).length).toBe(before + 1);
  });

  it('C25 of two keys, one twice', async () => {
    pair.kme('kme-a').faults.set({ fault: 'duplicate-key' });
    expect(await refusal(master().encKeys({ ...ask, number: 2 }))).toMatchObject({ code: 'kme-answer', message: expect.stringContaining('same key_ID twice') as string });
  });

  it('C43 a Retry-After beyond the deadline ends the call at once', async () => {
    pair.kme('kme-a').faults.set({ fault: 'answer', status: 503, headers: { 'Retry-After': '99999' }, times: 'always' });
    expect(await refusal(master().encKeys(ask))).toMatchObject({ code: 'kme-unavailable' });
  });

  it('C42 the stock stays empty until the deadline', async () => {
    pair.restock(0);
    const found = await refusal(master({}, SHORT).encKeys(ask));
    expect(found).toMatchObject({ code: 'kme-unavailable', message: expect.stringMatching(/503 service unavailable: not enough keys available \(\d+ attempts\)$/) as string });
  });
});

describe('refusals of dec_keys', () => {
  const lost = { masterSaeId: MASTER, keyIds: ['0e0e0e0e-0000-0000-0000-000000000000'], size: 256 };

  it('C45 a key that stays unknown', async () => {
    expect(await refusal(slave().decKeys(lost))).toMatchObject({
      code: 'kme-key-gone',
      message: expect.stringMatching(/400 bad request: one or more keys specified are not found on KME \(\d attempts\)$/) as string,
    });
  });

  it.each<[string, Fault, ErrorCode]>([
    ['C46 an expired key', { fault: 'key-expired' }, 'kme-key-gone'],
    ['C44 404 with a message', { fault: 'answer', status: 404, body: '{"message":"Key not found"}' }, 'kme-key-gone'],
    ['C44 404 as plain text', { fault: 'answer', status: 404, contentType: 'text/plain', body: 'no such key' }, 'kme-key-gone'],
    ['C47 404 of a web server: text that is about no key', { fault: 'answer', status: 404, contentType: 'text/plain', body: '404 page not found' }, 'kme-request'],
    ['C47 404 of a framework: JSON that is about no key', { fault: 'answer', status: 404, body: '{"detail":"Not Found"}' }, 'kme-request'],
    ['C46 a certificate that expired is no key', { fault: 'answer', status: 403, body: '{"message":"certificate expired"}' }, 'kme-refused-us'],
    ['C44 401 that names the key', { fault: 'answer', status: 401, body: '{"detail":"Key not found"}' }, 'kme-key-gone'],
    ['C47 404 without a body', { fault: 'answer', status: 404 }, 'kme-request'],
    ['C48 500', { fault: 'answer', status: 500 }, 'kme-unavailable'],
    ['C40 401 without a body', { fault: 'answer', status: 401 }, 'kme-refused-us'],
  ])('%s', async (_name, fault, code) => {
    pair.kme('kme-b').faults.set({ times: 'always', ...fault } as Fault);
    expect((await refusal(slave({}, code === 'kme-unavailable' ? SHORT : TIMES).decKeys(lost))).code).toBe(code);
  });

  it('C26 another key_ID than the one asked for', async () => {
    const [drawn] = await master().encKeys(ask);
    pair.kme('kme-b').faults.set({ fault: 'other-key-id' });
    const found = await refusal(slave().decKeys({ masterSaeId: MASTER, keyIds: [drawn!.keyId], size: 256 }));
    expect(found).toMatchObject({ code: 'kme-answer', message: expect.stringContaining(`did not return key ${drawn!.keyId}`) as string });
  });

  it('C37 an answer that was lost: asked again, and gone', async () => {
    const [drawn] = await master().encKeys(ask);
    pair.kme('kme-b').faults.set({ fault: 'reset' });
    const found = await refusal(slave().decKeys({ masterSaeId: MASTER, keyIds: [drawn!.keyId], size: 256 }));
    expect(found.code).toBe('kme-key-gone');
  });

  it.each(['../../etc/passwd', 'a%2fb', 'a\nb', 'a\0', 'a;b', '<x>', '"', '\ufeff', '', '..', 'x'.repeat(129)])('C29 the ID %j is never sent', async (keyId) => {
    const before = pair.kme('kme-b').requests.length;
    expect((await refusal(slave().decKeys({ ...lost, keyIds: [keyId] }))).code).toBe('kme-request');
    expect(pair.kme('kme-b').requests.length).toBe(before);
  });

  it('K07 another SAE than the one the key is for', async () => {
    const [drawn] = await master().encKeys(ask);
    const request = { masterSaeId: MASTER, keyIds: [drawn!.keyId], size: 256 };
    expect((await refusal(client('kme-b', 'sae-c').decKeys(request))).code).toBe('kme-refused-us');
    await slave().decKeys(request);
  });
});

describe("the KME's certificate", () => {
  const right = (): void => pair.kme('kme-a').present(pki.kmes.get('kme-a')!);

  it('C13 C55 is trusted or refused with a line of its own', async () => {
    const variants = await serverVariants(pki);
    const kme = pair.kme('kme-a');
    try {
      kme.present(variants.chained);
      await master().encKeys(ask);
      const rows: [keyof typeof variants, RegExp, RegExp][] = [
        ['expired', /has expired/, /clock/],
        ['notYetValid', /not yet valid/, /clock/],
        ['selfSigned', /self-signed/, /ca_file/],
        ['otherCa', /issuer of the KME certificate|root of the KME/, /ca_file/],
        ['missingIntermediate', /issuer of the KME certificate/, /ca_file/],
        ['otherName', /is for DNS:elsewhere.example, not for localhost/, /server_name/],
        ['otherPurpose', /not for a TLS server/, /operator/],
        ['commonNameOnly', /no subject alternative name/, /common name/],
      ];
      for (const [name, message, hint] of rows) {
        kme.present(variants[name]);
        const found = await refusal(master({ url: `https://localhost:${kme.port}` }).encKeys(ask));
        expect(found, name).toMatchObject({ code: 'kme-identity', message: expect.stringMatching(message) as string, hint: expect.stringMatching(hint) as string });
      }
    } finally {
      right();
    }
  });

  it('C56 of another name than the one configured', async () => {
    expect(await refusal(master({ serverName: 'kme-elsewhere' }).encKeys(ask))).toMatchObject({ code: 'kme-identity', message: expect.stringContaining('not for kme-elsewhere') as string });
  });

  it('C60 is checked whatever NODE_TLS_REJECT_UNAUTHORIZED says', async () => {
    const before = process.env['NODE_TLS_REJECT_UNAUTHORIZED'];
    process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0';
    try {
      expect((await refusal(master({ caFile: pki.clientCa.certificateFile }).encKeys(ask))).code).toBe('kme-identity');
    } finally {
      if (before === undefined) delete process.env['NODE_TLS_REJECT_UNAUTHORIZED'];
      else process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = before;
    }
  });
});

describe('our certificate, as the KME sees it', () => {
  it('C58 of a CA that the KME does not trust', async () => {
    pair.kme('kme-a').faults.set({ fault: 'refuse-certificate' });
    expect(await refusal(master().encKeys(ask))).toMatchObject({ code: 'kme-refused-us', message: expect.stringContaining('refuses our certificate') as string });
  });

  it('K17 of an SAE that the KME does not know', async () => {
    expect((await refusal(client('kme-a', 'stranger').encKeys(ask))).code).toBe('kme-refused-us');
  });

  it('K17 K18 of the wrong CA or for the wrong end of TLS', async () => {
    const variants = await clientVariants(pki, MASTER);
    await master(variants.chained).encKeys(ask);
    for (const wrong of [variants.otherCa, variants.selfSigned, variants.otherPurpose, variants.missingIntermediate]) {
      expect((await refusal(master(wrong).encKeys(ask))).code).toBe('kme-refused-us');
    }
  });

  it('C57 expired or not yet valid: refused before any network', async () => {
    const variants = await clientVariants(pki, MASTER);
    expect(await refusal(master({ ...variants.expired, url: 'https://192.0.2.1' }).encKeys(ask))).toMatchObject({ code: 'certificate', message: expect.stringContaining('expired on') as string });
    expect(await refusal(master({ ...variants.notYetValid, url: 'https://192.0.2.1' }).encKeys(ask))).toMatchObject({ code: 'certificate', hint: expect.stringContaining('clock') as string });
  });
});

describe('what the client leaves behind', () => {
  it('C63 no key in any log line', () => {
    const text = lines.join('\n');
    expect(text).toContain('"request"');
    for (const bytes of pair.issuedKeys()) {
      for (const encoding of ['base64', 'hex'] as const) expect(text).not.toContain(bytes.toString(encoding));
    }
  });
});
