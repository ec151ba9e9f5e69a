// Which failures are asked again, and which are final: status codes, lost answers, several KMEs. Row ids are those
// of the conformance table.

import { beforeEach, describe, expect, it } from 'vitest';
import type { KeySource, KmeKey } from '../workflow/ports.ts';
import { refusal } from './test-refusal.ts';
import { KEY_ID, container, kmeForEachTest } from './test-scripted-kme.ts';
import type { Said, ScriptedBed, ScriptedKme } from './test-scripted-kme.ts';
import { endpoint } from './test-settings.ts';

let bed: ScriptedBed;
let kme: ScriptedKme;
kmeForEachTest((...made) => ([bed, kme] = made));

const ask = { slaveSaeId: 'peer', number: 1, size: 256 };
const want = { masterSaeId: 'peer', keyIds: [KEY_ID], size: 256 };
const draw = (source: KeySource): Promise<KmeKey[]> => source.encKeys(ask);
const fetch = (source: KeySource): Promise<KmeKey[]> => source.decKeys(want);
const good: Said = { body: container() };
const json = (status: number, message: string): Said => ({ status, body: { message } });
const html = (status: number): Said => ({ status, type: 'text/html', body: '<html><title>oops</title></html>' });
/** The connection ends after the request was read, without or in the middle of an answer. */
const cut: Said = { raw: (response) => response.destroy() };
const half: Said = {
  raw: (response) => {
    response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': '500' });
    response.write(JSON.stringify(container()).slice(0, 40), () => response.destroy());
  },
};

describe('enc_keys', () => {
  it.each<[string, Said[]]>([
    ['C42 400 for want of key material', [json(400, 'Not enough key material available')]],
    ['C43 503 with the standard\'s error', [json(503, 'busy')]],
    ['C43 503 with a page of HTML', [html(503)]],
    ['C43 503 with Retry-After', [{ status: 503, headers: { 'Retry-After': '0' } }]],
    ['C43 503 with a date', [{ status: 503, headers: { 'Retry-After': 'Sun, 22 Nov 2026 12:00:00 GMT', Date: 'Sun, 22 Nov 2026 12:00:00 GMT' } }]],
    ['C48 429', [{ status: 429 }]],
    ['C48 500', [{ status: 500 }]],
    ['C48 502 and 504 of a proxy', [html(502), html(504)]],
  ])('%s: asked again', async (_name, failures) => {
    kme.say(...failures, good);
    expect(await draw(bed.client([kme]))).toHaveLength(1);
    expect(kme.requests).toHaveLength(failures.length + 1);
  });

  it.each<[string, Said, string, RegExp, number]>([
    ['C37 an answer that is cut off', half, 'kme-unreachable', /in the middle of the answer$/, 1],
    ['C37 C54 no answer at all', cut, 'kme-unreachable', /closed without an answer$/, 1],
    ['C40 401 without a body', { status: 401 }, 'kme-refused-us', /401 unauthorized$/, 0],
    ['C41 400', json(400, 'no \u001b[31msuch\u0007\r\nthing'), 'kme-request', /400 bad request: no such thing$/, 0],
    ['C43 Retry-After beyond the deadline', { status: 503, headers: { 'Retry-After': '99999' } }, 'kme-unavailable', /503 service unavailable$/, 0],
    ['C46 403', json(403, 'forbidden'), 'kme-refused-us', /403 forbidden: forbidden$/, 0],
    ['C47 404', html(404), 'kme-request', /404 not found: a page of HTML: oops$/, 0],
    ...[409, 412, 415, 422].map((status): [string, Said, string, RegExp, number] => [`C48 ${status}`, json(status, 'no'), 'kme-request', new RegExp(`${status} .*: no$`), 0]),
  ])('%s: final', async (_name, said, code, message, lost) => {
    kme.say((request) => (request.includes('/status') ? { status: 404 } : said));
    const source = bed.client([kme]);
    expect(await refusal(draw(source))).toMatchObject({ code, message: expect.stringMatching(message) as string });
    expect(kme.requests.filter((line) => line.includes('enc_keys'))).toHaveLength(1);
    expect(source.drawn()).toEqual({ received: 0, lost });
  });

  it('C54 a timeout after the request: final; a new call draws another key', async () => {
    kme.say({ raw: () => undefined }, good);
    const source = bed.client([kme], {}, { attemptTimeout: 0.3 });
    expect(await refusal(draw(source))).toMatchObject({ code: 'deadline' });
    expect(await draw(source)).toHaveLength(1);
    expect(source.drawn()).toEqual({ received: 1, lost: 1 });
  });

  it('C54 at most three draws of a run are lost to answers that say nothing of the key', async () => {
    kme.say({ status: 500 });
    const source = bed.client([kme]);
    expect(await refusal(draw(source))).toMatchObject({ code: 'kme-unavailable', message: expect.stringMatching(/\(3 attempts\)$/) as string });
    expect(source.drawn()).toEqual({ received: 0, lost: 3 });
    await refusal(draw(source));
    expect(kme.requests).toHaveLength(4);
  });

  it('keys that were drawn and lost are in the log', async () => {
    kme.say(html(500), good);
    await draw(bed.client([kme]));
    const { host } = new URL(kme.url);
    expect(bed.lines.filter((line) => line.startsWith('WARNING'))).toEqual([`WARNING kme keys may be used up without a usable answer {"kme":"${host}","keys":1}`]);
    expect(bed.lines).toContain(`INFO kme keys drawn {"kme":"${host}","keys":1,"drawn":1,"lost":1}`);
  });
});

describe('dec_keys', () => {
  it.each<[string, Said]>([
    ['C44 400', json(400, 'one or more keys specified are not found on KME')],
    ['C44 401', json(401, 'Key not found')],
    ['C44 404', json(404, 'Key not found')],
    ['C44 404 without a word', { status: 404 }],
    ['C37 no answer at all', cut],
    ['C37 an answer that is cut off', half],
    ['C43 503', html(503)],
    ['C48 500', { status: 500 }],
    ['C48 429', { status: 429 }],
  ])('%s: asked again', async (_name, said) => {
    kme.say(said, good);
    expect(await fetch(bed.client([kme]))).toHaveLength(1);
  });

  it.each<[string, Said, string, number]>([
    ['C45 a key that stays unknown', json(400, 'one or more keys specified are not found on KME'), 'kme-key-gone', 3],
    ['C44 C47 404 without a word about a key', { status: 404, body: { detail: 'Not Found' } }, 'kme-request', 3],
    ['C46 403 expired', json(403, 'Key expired'), 'kme-key-gone', 1],
    ['C46 410', { status: 410 }, 'kme-key-gone', 1],
    ['C46 an expired certificate', json(403, 'certificate expired'), 'kme-refused-us', 1],
    ['C47 404 HTML', html(404), 'kme-request', 1],
    ['C40 an SAE that is not found', json(404, 'SAE sae-x not found'), 'kme-request', 1],
    ['C40 401 without a body', { status: 401 }, 'kme-refused-us', 1],
    ['C41 400', json(400, 'malformed'), 'kme-request', 1],
    ['C48 409', json(409, 'no'), 'kme-request', 1],
  ])('%s: final', async (_name, said, code, attempts) => {
    kme.say(said);
    expect((await refusal(fetch(bed.client([kme])))).code).toBe(code);
    expect(kme.requests).toHaveLength(attempts);
  });

  it('uses up no key of ours', async () => {
    kme.say(cut, good);
    const source = bed.client([kme]);
    await fetch(source);
    expect(source.drawn()).toEqual({ received: 0, lost: 0 });
  });
});

describe('C49 redirects', () => {
  it.each([301, 302, 307, 308])('%i: not followed, and our certificate is offered to nobody else', async (status) => {
    const elsewhere = await bed.kme();
    elsewhere.say(good);
    kme.say({ status, headers: { Location: `${elsewhere.url}/api/v1/keys/peer/enc_keys` } });
    expect(await refusal(draw(bed.client([kme])))).toMatchObject({ code: 'kme-request', hint: expect.stringContaining('redirects are not followed') as string });
    expect(elsewhere.callers).toEqual([]);
  });
});

describe('C61 several KMEs', () => {
  const dead = endpoint('https://127.0.0.1:1');
  const nameOf = ({ url }: ScriptedKme): string => new URL(url).host;
  let other: ScriptedKme;
  beforeEach(async () => {
    other = await bed.kme();
  });

  it.each<[string, Said]>([
    ['has no stock', json(503, 'no keys')],
    ['does not know us', { status: 401 }],
    ['fails', { status: 500 }],
  ])('the next one gives the key when the first %s', async (_name, said) => {
    kme.say(said);
    other.say(good);
    const source = bed.client([kme, other]);
    const [key] = await draw(source);
    expect(source.sourceOf(key!.keyId)).toBe(nameOf(other));
    expect(bed.lines.join('\n')).toContain(`"at":"${nameOf(other)}"`);
  });

  it('the next one gives the key when nothing answers at the first, or with a certificate of another KME', async () => {
    other.say(good);
    expect(await draw(bed.client([dead, other]))).toHaveLength(1);
    const foreign = await bed.kme(await bed.pki.issue(bed.pki.clientCa, { file: 'foreign', kind: 'server', commonName: 'x', alternativeNames: { ip: ['127.0.0.1'] } }));
    expect(await draw(bed.client([foreign, other]))).toHaveLength(1);
  });

  it.each<[string, Said]>([
    ['an answer that was lost', cut],
    ['an answer that is wrong', { body: container({ key_ID: KEY_ID, key: 'AAAA' }) }],
    ['a request that is wrong', json(400, 'size?')],
  ])('after %s the next one is not asked', async (_name, said) => {
    kme.say(said);
    other.say(good);
    await refusal(draw(bed.client([kme, other])));
    expect(other.requests).toEqual([]);
  });

  it('the first one has its turn again after all have failed, within one deadline', async () => {
    kme.say({ status: 503 }, good);
    other.say({ status: 503 });
    expect(await draw(bed.client([kme, other]))).toHaveLength(1);
    expect([kme.requests.length, other.requests.length]).toEqual([2, 1]);
  });

  it('one that never answers leaves the others their share of the deadline', async () => {
    kme.say({ raw: () => undefined });
    other.say(good);
    expect(await bed.client([kme, other], {}, { attemptTimeout: 60, deadline: 8 }).decKeys(want)).toHaveLength(1);
  });

  it('only those are asked that the call names: the key is where it was drawn', async () => {
    kme.say(good);
    other.say(json(400, 'key not found'));
    const source = bed.client([kme, other]);
    expect(await refusal(source.decKeys({ ...want, kmes: [nameOf(other)] }))).toMatchObject({ code: 'kme-key-gone' });
    expect(kme.requests).toEqual([]);
    expect(await source.decKeys({ ...want, kmes: [nameOf(kme)] })).toHaveLength(1);
    expect(await bed.client([dead, other, kme]).encKeys({ ...ask, kmes: [nameOf(kme)] })).toHaveLength(1);
  });

  it('names that are none of ours name all of ours', async () => {
    kme.say(good);
    expect(await bed.client([kme]).decKeys({ ...want, kmes: ['kme9:8443'] })).toHaveLength(1);
  });

  it('a key is gone only when all that could have it say so', async () => {
    const gone = json(404, 'Key not found');
    kme.say(gone);
    other.say(gone);
    expect(await refusal(fetch(bed.client([kme, other])))).toMatchObject({ code: 'kme-key-gone', message: expect.stringContaining(`KME ${nameOf(other)}: dec_keys: 404`) as string });
    expect(await refusal(fetch(bed.client([kme, dead], {}, { attemptTimeout: 20, deadline: 3 })))).toMatchObject({ code: 'kme-unreachable', message: expect.stringContaining('KME 127.0.0.1:1: dec_keys: connection refused') as string });
  });
});
