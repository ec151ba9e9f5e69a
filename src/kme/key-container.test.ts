import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isKeyId, readKeyContainer } from './key-container.ts';
import { decodeKey } from './key-encoding.ts';

const ID = 'bc490419-7d60-487f-adc1-4ddcc177c139';
const KEY = Buffer.from('2b7e151628aed2a6abf7158809cf4f3c762e7160f38b4da56a784d9045190cfe', 'hex');
const BASE64 = KEY.toString('base64');
const asked = { number: 1, size: 256, mayHaveMore: false };
const STANDARD = { keysMember: 'keys', keyIdMember: 'key_ID', keyMember: 'key', keyEncoding: 'base64' } as const;

const read = (text: string, more = asked): ReturnType<typeof readKeyContainer> => readKeyContainer(Buffer.from(text), more, STANDARD);
const one = (key: unknown, keyId: unknown = ID): string => JSON.stringify({ keys: [{ key_ID: keyId, key }] });

describe('canonical base64', () => {
  it('is what an encoder writes, for any bytes', () => {
    fc.assert(fc.property(fc.uint8Array(), (bytes) => {
      const buffer = Buffer.from(bytes);
      expect(decodeKey(buffer.toString('base64'), 'base64')).toEqual(buffer);
    }));
  });

  it('is the only text for its bytes', () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.base64String(), fc.array(fc.constantFrom(...'AZaz09+/=-_ '), { maxLength: 12 }).map((list) => list.join(''))), (text) => {
      const bytes = decodeKey(text, 'base64');
      if (bytes !== undefined) expect(bytes.toString('base64')).toBe(text);
    }));
  });

  it.each(['A', 'AA', 'AAA', 'AA=', 'AAA==', 'A===', 'AAAA=', '====', 'AA==AA==', 'AB==', 'AAB=', ' AAAA', 'AAAA\n', 'AA AA', '-_-_', '!!AA@@AA', 'ＡAAA', 'AAAA\0'])('C22 refuses %j', (text) => {
    expect(decodeKey(text, 'base64')).toBeUndefined();
  });
});

describe('key_IDs', () => {
  it.each([ID, ID.toUpperCase(), 'eb54c2cc-4419-bf37-4910-79dcf59d9c4a', 'hsm:0.key_17', 'x'.repeat(128)])('C02 C03 accepts %s', (id) => expect(isKeyId(id)).toBe(true));
  it.each(['', '.', '..', 'a/b', 'a b', 'a%2f', 'a\n', 'a\0', 'ä', '\ufeffa', '<a>', "a'", 'x'.repeat(129)])('C29 refuses %j', (id) => expect(isKeyId(id)).toBe(false));
});

describe('Key containers', () => {
  it('C01 gives the key under its ID as written', () => {
    const [found] = read(one(BASE64, ID.toUpperCase()));
    expect(found?.keyId).toBe(ID.toUpperCase());
    expect(found?.key.revealBytes()).toEqual(KEY);
  });

  it('C04 ignores null, extensions and unknown members at every level', () => {
    const text = JSON.stringify({
      keys: [{ key_ID: ID, key: BASE64, key_ID_extension: null, key_extension: { a: [1] }, vendor: 1 }],
      key_container_extension: { b: {} },
      easy_kme_certificate_extension: null,
    });
    expect(read(text)).toHaveLength(1);
  });

  it.each<[string, string, RegExp]>([
    ['C20 31 bytes', one(KEY.subarray(1).toString('base64')), /has 248 bits instead of 256/],
    ['C20 33 bytes', one(Buffer.concat([KEY, KEY.subarray(0, 1)]).toString('base64')), /has 264 bits instead of 256/],
    ['C20 16 bytes', one(KEY.subarray(16).toString('base64')), /has 128 bits/],
    ['C20 128 bytes', one(Buffer.alloc(128, 7).toString('base64')), /has 1024 bits/],
    ['C21 an empty key', one(''), /no key material/],
    ['C21 no key', one(undefined), /no key material/],
    ['C21 a number as key', one(7), /no key material/],
    ['C22 no padding', one(BASE64.replace(/=+$/, '')), /not canonical base64/],
    ['C22 a line break', one(`${BASE64}\n`), /not canonical base64/],
    ['C23 no keys', '{"keys":[]}', /returned no key/],
    ['C24 two keys', JSON.stringify({ keys: [{ key_ID: ID, key: BASE64 }, { key_ID: 'b', key: BASE64 }] }), /2 keys instead of 1/],
    ['C28 a number as ID', one(BASE64, 7), /key 1 has no usable key_ID/],
    ['C28 null as ID', one(BASE64, null), /no usable key_ID/],
    ['C28 an array as ID', one(BASE64, [ID]), /no usable key_ID/],
    ['C28 10 kB as ID', one(BASE64, 'a'.repeat(10_240)), /no usable key_ID/],
    ['C29 a path as ID', one(BASE64, '../x'), /no usable key_ID/],
    ['C30 an object', '{"keys":{}}', /no array "keys"/],
    ['C30 a string', '{"keys":"x"}', /no array "keys"/],
    ['C30 null', '{"keys":null}', /no array "keys"/],
    ['C30 Keys', JSON.stringify({ Keys: [{ key_ID: ID, key: BASE64 }] }), /no array "keys"/],
    ['C30 an array', `[${one(BASE64)}]`, /no array "keys"/],
    ['C30 a null entry', '{"keys":[null]}', /no usable key_ID/],
    ['C31 a key twice in one object', `{"keys":[{"key_ID":"${ID}","key":"${BASE64}","key":"${BASE64}"}]}`, /a member appears twice/],
    ['C33 cut off', one(BASE64).slice(0, -1), /line 1, column 113: expected/],
    ['C39 zeros', one(Buffer.alloc(32).toString('base64')), /zeros only/],
    ['C39 ones', one(Buffer.alloc(32, 255).toString('base64')), /ones only/],
  ])('%s: refused, and the key is not quoted', (_name, text, reason) => {
    expect(() => read(text)).toThrow(expect.objectContaining({ code: 'kme-answer', message: expect.stringMatching(reason) as string }) as Error);
    try {
      read(text);
    } catch (error) {
      expect(String(error)).not.toContain(BASE64.slice(0, 12));
    }
  });

  const two = (second: object): string => JSON.stringify({ keys: [{ key_ID: ID, key: BASE64 }, second] });
  const other = Buffer.alloc(32, 5).toString('base64');

  it.each<[string, string, RegExp]>([
    ['C25 the same ID twice', two({ key_ID: ID, key: other }), /same key_ID twice/],
    ['C25 the same ID in another case', two({ key_ID: ID.toUpperCase(), key: other }), /same key_ID twice/],
    ['the same key twice', two({ key_ID: 'b', key: BASE64 }), /same key under two key_IDs/],
    ['a bad key behind a good one', two({ key_ID: 'b', key: 'AAAA' }), /key 2 has 24 bits/],
  ])('of two keys, %s: refused', (_name, text, reason) => {
    expect(() => read(text, { ...asked, number: 2 })).toThrow(reason);
  });

  it('does not quote an ID that is no UUID, since a damaged answer may have the key in it', () => {
    expect(() => read(JSON.stringify({ keys: [{ key_ID: `${ID}${KEY.toString('hex')}` }] }))).toThrow('key 1 has no key material');
  });

  it('refuses every proper beginning', () => {
    const text = one(BASE64);
    for (let length = 0; length < text.length; length++) expect(() => read(text.slice(0, length))).toThrow(expect.objectContaining({ code: 'kme-answer' }) as Error);
  });
});
