// When a KME's status is asked, and what it stops. Row ids are those of the conformance table.

import { describe, expect, it } from 'vitest';
import type { KmeSettings } from '../inventory/inventory.ts';
import type { EncKeysRequest, KeySource } from '../workflow/ports.ts';
import { readStatus } from './status.ts';
import { refusal } from './test-refusal.ts';
import { container, goodStatus, kmeForEachTest } from './test-scripted-kme.ts';
import type { Said, ScriptedBed, ScriptedKme } from './test-scripted-kme.ts';

let bed: ScriptedBed;
let kme: ScriptedKme;
kmeForEachTest((...made) => ([bed, kme] = made));

const ask: EncKeysRequest = { slaveSaeId: 'peer', number: 1, size: 256 };
const client = (status: KmeSettings['status'], more: Partial<KmeSettings> = {}): KeySource => bed.client([kme], { status, ...more });

/** The KME has this status and gives a key. */
function withStatus(status: Said, key: Said = { body: container() }): void {
  kme.say((request) => (request.includes('/status') ? status : key));
}

const asked = (): string[] => kme.requests.map((line) => /\/(status|enc_keys|dec_keys)/.exec(line)?.[1] ?? '');
const zeros = { key_size: 1024, stored_key_count: 0, max_key_count: 0, max_key_per_request: 0, max_key_size: 0, min_key_size: 0, max_SAE_ID_count: 0 };

describe('as advice', () => {
  it('is asked once before the first key from a KME, and not again in the run', async () => {
    withStatus({ body: goodStatus() });
    const source = client('advice');
    await source.encKeys(ask);
    await refusal(source.encKeys(ask));
    expect(asked()).toEqual(['status', 'enc_keys', 'enc_keys']);
    expect(kme.requests[0]).toBe('GET /api/v1/keys/peer/status');
  });

  it('costs no round trip where the KME has given the link a key before', async () => {
    withStatus({ body: goodStatus() });
    await client('advice').encKeys({ ...ask, familiarKme: new URL(kme.url).host });
    expect(asked()).toEqual(['enc_keys']);
  });

  it.each<[string, Said, RegExp]>([
    ['C05 all zeros', { body: goodStatus(zeros) }, /it has no limits/],
    ['C06 a KME ID that is a number', { body: goodStatus({ target_KME_ID: 0 }) }, /target_KME_ID is not a name/],
    ['C06 a member that is missing', { body: { ...goodStatus(), key_size: undefined } }, /key_size is missing/],
    ['C06 a count that is a text', { body: goodStatus({ max_key_count: '5' }) }, /max_key_count is not a count/],
    ['C06 another slave', { body: goodStatus({ slave_SAE_ID: 'someone' }) }, /it is about someone instead of peer/],
    ['C08 no stock', { body: goodStatus({ stored_key_count: 0 }) }, /0 keys in stock, 1 needed/],
    ['C47 404 HTML', { status: 404, type: 'text/html', body: '<html>' }, /no use of its status: 404 not found/],
    ['503', { status: 503 }, /no use of its status: 503 service unavailable/],
    ['half a JSON', { body: '{"source' }, /no use of its status: not JSON/],
    ['a JSON that is a list', { body: '[]' }, /no use of its status: the status is not a JSON object/],
  ])('%s: a warning, and the key is drawn', async (_name, status, warning) => {
    withStatus(status);
    expect(await client('advice').encKeys(ask)).toHaveLength(1);
    expect(bed.lines.filter((line) => line.startsWith('WARNING')).join()).toMatch(warning);
  });

  it('C04 null and unknown members and extensions are no doubt', async () => {
    withStatus({ body: goodStatus({ status_extension: { a: [1] }, vendor: null }) });
    await client('advice').encKeys(ask);
    expect(bed.lines.filter((line) => line.startsWith('WARNING'))).toEqual([]);
  });

  it.each<[string, object, Partial<EncKeysRequest>, string, RegExp]>([
    ['C07 keys larger than needed only', { min_key_size: 512 }, {}, 'kme-request', /the KME gives keys of 512 to 1024 bits, 256 are needed/],
    ['C07 keys smaller than needed only', { max_key_size: 128 }, {}, 'kme-request', /the KME gives keys of 64 to 128 bits, 256 are needed/],
    ['fewer keys a request', { max_key_per_request: 1 }, { number: 2 }, 'kme-request', /the KME gives 1 keys a request, 2 are needed/],
    ['fewer slaves', { max_SAE_ID_count: 1 }, { additionalSlaveSaeIds: ['c', 'd'] }, 'kme-request', /the KME gives a key to 1 additional slaves \(max_SAE_ID_count\), the link has 2/],
    ['no second slave', { max_SAE_ID_count: 0 }, { additionalSlaveSaeIds: ['c'] }, 'kme-request', /the KME gives a key to 0 additional slaves/],
    ['C62 another SAE than the one we are', { master_SAE_ID: 'mx9' }, {}, 'certificate', /the KME knows us as mx9, the inventory says sae/],
  ])('%s: stops before enc_keys', async (_name, status, request, code, message) => {
    withStatus({ body: goodStatus(status) });
    const source = client('advice');
    expect(await refusal(source.encKeys({ ...ask, ...request }))).toMatchObject({ code, message: expect.stringMatching(message) as string, hint: expect.stringMatching(/^[a-z]/) as string });
    expect(asked()).toEqual(['status']);
    expect(source.drawn()).toEqual({ received: 0, lost: 0 });
  });

  it('C07 explains a refusal of a KME that had given keys before', async () => {
    withStatus({ body: goodStatus({ min_key_size: 512 }) }, { status: 400, body: { message: 'size out of range' } });
    const found = await refusal(client('advice').encKeys({ ...ask, familiarKme: new URL(kme.url).host }));
    expect(found.message).toMatch(/enc_keys: the KME gives keys of 512 to 1024 bits, 256 are needed$/);
    expect(asked()).toEqual(['enc_keys', 'status']);
  });

  it('C41 leaves a refusal alone that it cannot explain', async () => {
    withStatus({ status: 500 }, { status: 400, body: { message: 'no' } });
    const found = await refusal(client('advice').encKeys({ ...ask, familiarKme: new URL(kme.url).host }));
    expect(found).toMatchObject({ code: 'kme-request', message: expect.stringMatching(/400 bad request: no$/) as string });
  });

  it('C05 zeros everywhere do not forbid additional slaves', async () => {
    withStatus({ body: goodStatus(zeros) });
    expect(await client('advice').encKeys({ ...ask, additionalSlaveSaeIds: ['c'] })).toHaveLength(1);
    expect(kme.requests.at(-1)).toBe('POST /api/v1/keys/peer/enc_keys {"number":1,"size":256,"additional_slave_SAE_IDs":["c"]}');
  });
});

describe('strict', () => {
  it('asks before every draw', async () => {
    withStatus({ body: goodStatus() });
    const source = client('strict');
    await source.encKeys({ ...ask, familiarKme: new URL(kme.url).host });
    await refusal(source.encKeys(ask));
    expect(asked()).toEqual(['status', 'enc_keys', 'status', 'enc_keys']);
  });

  it.each<[string, Said, string, RegExp]>([
    ['C05 all zeros', { body: goodStatus(zeros) }, 'kme-answer', /status: it has no limits/],
    ['C06 a KME ID that is a number', { body: goodStatus({ target_KME_ID: 0 }) }, 'kme-answer', /target_KME_ID is not a name/],
    ['C06 a member that is missing', { body: { ...goodStatus(), key_size: undefined } }, 'kme-answer', /key_size is missing/],
    ['C62 another SAE', { body: goodStatus({ master_SAE_ID: 'mx9' }) }, 'certificate', /the KME knows us as mx9/],
    ['C47 404 HTML', { status: 404, type: 'text/html', body: '<html>' }, 'kme-request', /404 not found/],
    ['C40 401', { status: 401 }, 'kme-refused-us', /401 unauthorized$/],
  ])('%s: stops before enc_keys', async (_name, status, code, message) => {
    withStatus(status);
    expect(await refusal(client('strict').encKeys(ask))).toMatchObject({ code, message: expect.stringMatching(message) as string });
    expect(asked()).toEqual(['status']);
  });

  it('C08 waits for stock inside the deadline', async () => {
    kme.say({ body: goodStatus({ stored_key_count: 0 }) }, { body: goodStatus({ stored_key_count: 1 }) }, { body: container() });
    expect(await client('strict').encKeys(ask)).toHaveLength(1);
  });
});

describe('off', () => {
  it('C62 is never asked', async () => {
    withStatus({ body: goodStatus({ master_SAE_ID: 'mx9' }) }, { status: 400 });
    await refusal(client('off').encKeys(ask));
    expect(asked()).toEqual(['enc_keys']);
  });
});

describe('a status of its own', () => {
  it('is read as it is, for others to judge', async () => {
    withStatus({ body: goodStatus() });
    expect(await client('off').status('peer')).toEqual({
      sourceKmeId: 'KME-A', targetKmeId: 'KME-B', masterSaeId: 'sae', slaveSaeId: 'peer', keySize: 256, storedKeyCount: 25_000,
      maxKeyCount: 100_000, maxKeyPerRequest: 128, maxKeySize: 1024, minKeySize: 64, maxSaeIdCount: 2, doubts: [],
    });
  });

  it.each([['-1', -1], ['a fraction', 1.5], ['1e300', 1e300], ['true', true], ['a list', [1]]])('%s is no count', (_name, value) => {
    const status = readStatus(Buffer.from(JSON.stringify(goodStatus({ stored_key_count: value }))));
    expect([status.storedKeyCount, status.doubts]).toEqual([undefined, ['stored_key_count is not a count']]);
  });

  it('a name is made safe to print', () => {
    const { sourceKmeId } = readStatus(Buffer.from(JSON.stringify(goodStatus({ source_KME_ID: `\u001b[31mred\n${'x'.repeat(300)}` }))));
    expect(sourceKmeId).toMatch(/^red x+…$/);
    expect(sourceKmeId).toHaveLength(128);
  });
});
