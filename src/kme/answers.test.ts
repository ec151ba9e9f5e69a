// Answers of a KME, right, odd and wrong, through the whole client. Row ids are those of the conformance table.

import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { KmeQuirks, KmeSettings } from '../inventory/inventory.ts';
import { preSharedKeyCak, preSharedKeyCkn } from '../workflow/key-material.ts';
import type { KeySource, KmeKey } from '../workflow/ports.ts';
import { refusal } from './test-refusal.ts';
import { KEY, KEY_ID, container, kmeForEachTest } from './test-scripted-kme.ts';
import type { Said, ScriptedBed, ScriptedKme } from './test-scripted-kme.ts';
import { NO_QUIRKS } from './test-settings.ts';

let bed: ScriptedBed;
let kme: ScriptedKme;
kmeForEachTest((...made) => ([bed, kme] = made));

const client = (more: Partial<KmeSettings> = {}): KeySource => bed.client([kme], more);
const draw = (more?: Partial<KmeSettings>): Promise<KmeKey[]> => client(more).encKeys({ slaveSaeId: 'peer', number: 1, size: 256 });
const fetched = (keyIds = [KEY_ID], more?: Partial<KmeSettings>): Promise<KmeKey[]> => client(more).decKeys({ masterSaeId: 'peer', keyIds, size: 256 });
const link = { cipherSuite: 'gcm-aes-xpn-256', cknPrefix: 'abcd1234abcd5678abcd1234abcd5678' } as Parameters<typeof preSharedKeyCkn>[0];
const base64 = KEY.toString('base64');
const second = { key_ID: 'second', key: Buffer.alloc(32, 7).toString('base64') };
const first = { key_ID: KEY_ID, key: base64 };

describe('taken', () => {
  it('C01 C02 a key under an ID that is a UUID by shape only: CKN and CAK as the original makes them', async () => {
    kme.say({ body: container() });
    const [key] = await draw();
    expect(preSharedKeyCkn(link, key!.keyId)).toBe('abcd1234abcd5678abcd1234abcd5678eb54c2cc4419bf37491079dcf59d9c4a');
    expect(preSharedKeyCak(link, key!).revealText()).toBe(KEY.toString('hex'));
  });

  it('C03 an ID in upper case: sent back as it is, while the CKN is the same at both ends', async () => {
    const upper = KEY_ID.toUpperCase();
    kme.say({ body: container({ key_ID: upper, key: base64 }) });
    const [drawn] = await draw();
    const [found] = await fetched([drawn!.keyId]);
    expect(kme.requests).toEqual(['GET /api/v1/keys/peer/enc_keys?number=1&size=256', `GET /api/v1/keys/peer/dec_keys?key_ID=${upper}`]);
    expect(preSharedKeyCkn(link, found!.keyId)).toBe(preSharedKeyCkn(link, KEY_ID));
  });

  it('C04 null, extensions and unknown members at every level', async () => {
    kme.say({ body: { keys: [{ ...first, key_ID_extension: null, key_extension: { a: [1] }, vendor: {} }], key_container_extension: null, easy_kme_certificate_extension: 'x' } });
    expect(await draw()).toHaveLength(1);
  });

  it('C10 keys of dec_keys in another order than asked', async () => {
    kme.say({ body: container(second, first) });
    const found = await fetched([KEY_ID, 'second']);
    expect(found.map(({ keyId }) => keyId)).toEqual([KEY_ID, 'second']);
    expect(found[0]!.key.revealBytes()).toEqual(KEY);
  });

  it('C12 with a charset, in chunks of one byte', async () => {
    const text = JSON.stringify(container());
    kme.say({
      raw: (response) => {
        response.writeHead(200, { 'Content-Type': 'application/json; charset=utf-8' });
        for (const byte of text) response.write(byte);
        response.end();
      },
    });
    expect(await draw()).toHaveLength(1);
  });

  it('C27 with a key of dec_keys that was not asked for: dropped, with a warning', async () => {
    kme.say({ body: container(second, first) });
    const found = await fetched();
    expect(found.map(({ keyId }) => keyId)).toEqual([KEY_ID]);
    expect(bed.lines.filter((line) => line.startsWith('WARNING')).join()).toContain('keys that were not asked for: dropped');
    expect(await refusal(fetched([KEY_ID], { status: 'strict' }))).toMatchObject({ code: 'kme-answer', message: expect.stringContaining('2 keys instead of 1') as string });
  });

  it('C32 with members that name prototypes: no effect', async () => {
    kme.say({ body: `{"__proto__":{"x":1},"constructor":{"prototype":{"x":1}},"keys":[{"__proto__":{"key":"AAAA"},"key_ID":"${KEY_ID}","key":"${base64}"}]}` });
    expect(await draw()).toHaveLength(1);
    expect(({} as { x?: number }).x).toBeUndefined();
    kme.say({ body: `{"__proto__":{"keys":[{"key_ID":"${KEY_ID}","key":"${base64}"}]}}` });
    expect((await refusal(draw())).message).toContain('no array "keys"');
  });
});

describe('refused, the key counted as lost, not asked again', () => {
  const one = (key: unknown, keyId: unknown = KEY_ID): Said => ({ body: container({ key_ID: keyId, key }) });
  const bytes = (length: number): Said => one(Buffer.alloc(length, 9).toString('base64'));
  const utf16 = Buffer.from(`\ufeff${JSON.stringify(container())}`, 'utf16le');
  it.each<[string, Said, RegExp]>([
    ['C20 31 bytes', bytes(31), /248 bits instead of 256/],
    ['C20 33 bytes', bytes(33), /264 bits instead of 256/],
    ['C20 16 bytes', bytes(16), /128 bits instead of 256/],
    ['C20 128 bytes', bytes(128), /1024 bits instead of 256/],
    ['C21 an empty key', one(''), /no key material/],
    ['C21 no key', one(undefined), /no key material/],
    ['C22 base64 with white space', one(`${base64.slice(0, 20)} ${base64.slice(20)}`), /not canonical base64/],
    ['C22 the URL alphabet', one(Buffer.alloc(32, 0xfb).toString('base64url')), /not canonical base64/],
    ['C22 no padding', one(base64.replace('=', '')), /not canonical base64/],
    ['C22 bits behind the end', one(`${base64.slice(0, -2)}/=`), /not canonical base64/],
    ['C23 no keys', { body: { keys: [] } }, /returned no key/],
    ['C24 more keys than asked', { body: container(first, second) }, /2 keys instead of 1/],
    ['C28 a number as ID', one(base64, 7), /no usable key_ID/],
    ['C28 null as ID', one(base64, null), /no usable key_ID/],
    ['C28 an array as ID', one(base64, []), /no usable key_ID/],
    ['C28 an empty ID', one(base64, ''), /no usable key_ID/],
    ['C28 10 kB as ID', one(base64, 'a'.repeat(10_240)), /no usable key_ID/],
    ...['../x', 'a%2fb', 'a\nb', 'a\0b', 'a;b', '<a>', 'a"b', "a'b", '\ufeffa'].map((id): [string, Said, RegExp] => [`C29 ${JSON.stringify(id)} as ID`, one(base64, id), /no usable key_ID/]),
    ['C30 keys that are an object', { body: { keys: first } }, /no array "keys"/],
    ['C30 keys that are a text', { body: { keys: 'x' } }, /no array "keys"/],
    ['C30 keys that are null', { body: { keys: null } }, /no array "keys"/],
    ['C30 Keys', { body: { Keys: [first] } }, /no array "keys"/],
    ['C31 a member twice', { body: `{"keys":[{"key_ID":"${KEY_ID}","key":"${base64}","key":"${base64}"}]}` }, /a member appears twice/],
    ['C33 not UTF-8', { body: Buffer.concat([Buffer.from('{"a":"'), Buffer.from([0xc3, 0x28]), Buffer.from(`",${JSON.stringify(container()).slice(1)}`)]) }, /not UTF-8/],
    ['C33 UTF-16', { body: utf16 }, /not UTF-8|not JSON/],
    ['C33 a byte order mark', { body: `\ufeff${JSON.stringify(container())}` }, /byte order mark/],
    ['C33 something behind the end', { body: `${JSON.stringify(container())}x` }, /not JSON/],
    ['C33 two values', { body: JSON.stringify(container()).repeat(2) }, /not JSON/],
    ['C33 a depth of 10,000', { body: `{"keys":${'['.repeat(10_000)}${']'.repeat(10_000)}}` }, /not JSON/],
    ['C34 text/plain', { body: container(), type: 'text/plain' }, /answered with text\/plain instead of JSON/],
    ['C34 a page of HTML', { body: '<html>', type: 'text/html; charset=utf-8' }, /answered with text\/html; charset=utf-8 instead of JSON/],
    ['C34 a page of HTML that says it is JSON', { body: '<html>' }, /not JSON/],
    ['C35 nothing', {}, /empty body/],
    ['C35 204', { status: 204 }, /204 no content/],
    ['C36 100 MB', { raw: (response) => endless(response) }, /larger than 65536 bytes/],
    ['C38 gzip', { body: gzipSync(JSON.stringify(container())), headers: { 'Content-Encoding': 'gzip' } }, /content encoding gzip/],
    ['C39 zeros', one(Buffer.alloc(32).toString('base64')), /zeros only/],
    ['C39 ones', one(Buffer.alloc(32, 255).toString('base64')), /ones only/],
  ])('%s', async (_name, said, reason) => {
    kme.say(said);
    const source = client();
    const found = await refusal(source.encKeys({ slaveSaeId: 'peer', number: 1, size: 256 }));
    expect(found).toMatchObject({ code: 'kme-answer', message: expect.stringMatching(reason) as string });
    expect(`${found.message}${bed.lines.join()}`).not.toContain(base64.slice(2, 14));
    expect(kme.requests).toHaveLength(1);
    expect(source.drawn()).toEqual({ received: 0, lost: 1 });
  });

  function endless(response: Parameters<NonNullable<Said['raw']>>[0]): void {
    response.writeHead(200, { 'Content-Type': 'application/json' });
    const more = (): void => {
      while (!response.destroyed && response.write(Buffer.alloc(16_384, 0x20)));
    };
    response.on('drain', more);
    more();
  }

  it.each<[string, object[], RegExp]>([
    ['C25 one ID twice with one key', [first, first], /same key_ID twice/],
    ['C25 one ID twice with two keys', [first, { ...second, key_ID: KEY_ID }], /same key_ID twice/],
    ['C25 one ID in two cases', [first, { ...second, key_ID: KEY_ID.toUpperCase() }], /same key_ID twice/],
    ['C25 one key under two IDs', [first, { ...second, key: base64 }], /same key under two key_IDs/],
  ])('%s', async (_name, keys, reason) => {
    kme.say({ body: container(...keys) });
    const source = client();
    expect((await refusal(source.encKeys({ slaveSaeId: 'peer', number: 2, size: 256 }))).message).toMatch(reason);
    expect(source.drawn()).toEqual({ received: 0, lost: 2 });
  });

  it('C26 another key_ID than the one asked for', async () => {
    kme.say({ body: container(second) });
    expect((await refusal(fetched())).message).toContain(`did not return key ${KEY_ID}`);
  });

  it.each<[string, object, RegExp]>([
    ['C39 a key_ID that came before', { ...second, key_ID: KEY_ID.toUpperCase() }, /key_ID .* was given before/],
    ['C39 a key that came before under another ID', { ...first, key_ID: 'another' }, /key another is the same as key eb54c2cc/],
  ])('%s', async (_name, again, reason) => {
    kme.say({ body: container() }, { body: container(again) });
    const source = client();
    await source.encKeys({ slaveSaeId: 'peer', number: 1, size: 256 });
    expect(await refusal(source.encKeys({ slaveSaeId: 'peer', number: 1, size: 256 }))).toMatchObject({ code: 'kme-answer', message: expect.stringMatching(reason) as string });
    expect(source.drawn()).toEqual({ received: 1, lost: 1 });
  });
});

describe('quirks', () => {
  const quirk = (quirks: Partial<KmeQuirks>): Partial<KmeSettings> => ({ quirks: { ...NO_QUIRKS, ...quirks } });
  const key = (text: string): Said => ({ body: container({ key_ID: KEY_ID, key: text }) });
  const url = Buffer.alloc(32, 0xfb);

  it.each<[string, Partial<KmeQuirks>, Said, Buffer]>([
    ['C30 Keys, as the printed table has it', { keysMember: 'Keys' }, { body: { Keys: [first] } }, KEY],
    ['other names of members', { keyIdMember: 'keyId', keyMember: 'value' }, { body: { keys: [{ keyId: KEY_ID, value: base64 }] } }, KEY],
    ['C22 base64 without padding', { keyEncoding: 'base64-unpadded' }, key(base64.replace('=', '')), KEY],
    ['C22 base64 with padding where it may be missing', { keyEncoding: 'base64-unpadded' }, key(base64), KEY],
    ['C22 base64url', { keyEncoding: 'base64url' }, key(url.toString('base64url')), url],
    ['hexadecimal', { keyEncoding: 'hex' }, key(KEY.toString('hex').toUpperCase()), KEY],
    ['C34 JSON that is called text', { contentTypes: ['text/plain'] }, { body: container(), type: 'text/plain; charset=utf-8' }, KEY],
  ])('%s', async (_name, quirks, said, bytes) => {
    kme.say(said);
    const [found] = await draw(quirk(quirks));
    expect(found!.key.revealBytes()).toEqual(bytes);
  });

  it.each<[string, Partial<KmeQuirks>, Said, RegExp]>([
    ['hexadecimal of 31 bytes', { keyEncoding: 'hex' }, key(KEY.toString('hex').slice(2)), /248 bits/],
    ['hexadecimal with an odd digit', { keyEncoding: 'hex' }, key(`${KEY.toString('hex')}0`), /not hexadecimal/],
    ['base64 where hexadecimal is meant', { keyEncoding: 'hex' }, key(base64), /not hexadecimal/],
    ['hexadecimal where base64 is meant', {}, key(KEY.toString('hex')), /384 bits instead of 256/],
    ['both alphabets at once', { keyEncoding: 'base64url' }, key(`${url.toString('base64url').slice(0, -2)}+/`), /not canonical base64url/],
    ['padding in the middle', { keyEncoding: 'base64-unpadded' }, key(`${base64.slice(0, 8)}=${base64.slice(8)}`), /not canonical base64/],
    ['bits behind the end', { keyEncoding: 'base64-unpadded' }, key(`${base64.slice(0, -2)}/`), /not canonical base64/],
  ])('take no wrong key: %s', async (_name, quirks, said, reason) => {
    kme.say(said);
    expect(await refusal(draw(quirk(quirks)))).toMatchObject({ code: 'kme-answer', message: expect.stringMatching(reason) as string });
  });

  it('keys_per_request: several requests, each with its share', async () => {
    kme.say({ body: container(first, second) }, { body: container({ key_ID: 'third', key: Buffer.alloc(32, 8).toString('base64') }) });
    const source = client(quirk({ keysPerRequest: 2 }));
    expect((await source.encKeys({ slaveSaeId: 'peer', number: 3, size: 256 })).map(({ keyId }) => keyId)).toEqual([KEY_ID, 'second', 'third']);
    expect(kme.requests.map((line) => line.replace(/.*\?/, ''))).toEqual(['number=2&size=256', 'number=1&size=256']);
    expect(source.drawn()).toEqual({ received: 3, lost: 0 });
  });

  it('keys_per_request: the keys of the first requests are kept when a later one fails', async () => {
    kme.say({ body: container(first, second) }, { status: 400 });
    expect(await client(quirk({ keysPerRequest: 2 })).encKeys({ slaveSaeId: 'peer', number: 3, size: 256 })).toHaveLength(2);
    expect(bed.lines.join()).toContain('2 keys instead of 3');
  });

  it('unknown_key_status: a status that this KME means by an unknown key', async () => {
    kme.say({ status: 500 }, { status: 500 }, { body: container() });
    expect(await fetched([KEY_ID], quirk({ unknownKeyStatus: [500] }))).toHaveLength(1);
    kme.say({ status: 401 });
    expect(await refusal(fetched([KEY_ID], quirk({ unknownKeyStatus: [401] })))).toMatchObject({ code: 'kme-key-gone' });
  });

  it('no_stock_status: a status that this KME means by an empty stock', async () => {
    kme.say({ status: 409 }, { body: container() });
    expect(await draw(quirk({ noStockStatus: [409] }))).toHaveLength(1);
  });
});

describe('extensions', () => {
  it('go with every enc_keys as they are', async () => {
    kme.say({ body: container() });
    await draw({ extensionMandatory: [{ abc_route: 'direct' }], extensionOptional: [{ abc_age: 5 }, { def_x: { y: null } }] });
    expect(kme.requests).toEqual(['POST /api/v1/keys/peer/enc_keys {"number":1,"size":256,"extension_mandatory":[{"abc_route":"direct"}],"extension_optional":[{"abc_age":5},{"def_x":{"y":null}}]}']);
  });

  it('C41 that the KME does not know are refused by it, in its words', async () => {
    kme.say({ status: 400, body: { message: 'not all extension_mandatory parameters are supported' } });
    expect(await refusal(draw({ extensionMandatory: [{ abc_route: 'direct' }] }))).toMatchObject({ code: 'kme-request', message: expect.stringContaining('not all extension_mandatory parameters are supported') as string });
  });
});
