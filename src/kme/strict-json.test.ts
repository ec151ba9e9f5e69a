import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JsonRefusal, parseStrictJson } from './strict-json.ts';

const parse = (text: string): unknown => parseStrictJson(Buffer.from(text, 'utf8'));

describe('JSON from a KME', () => {
  it('reads what JSON.stringify writes, as JSON.parse does', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 8 }), fc.constantFrom(undefined, 2), (value, indent) => {
        const text = JSON.stringify(value, undefined, indent);
        expect(JSON.stringify(parse(text))).toBe(JSON.stringify(JSON.parse(text)));
      }),
    );
  });

  it('refuses or accepts any text without another error, and never accepts what JSON.parse refuses', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.array(fc.constantFrom(...'{}[]",:\\ue1-.+tfn '), { maxLength: 30 }).map((list) => list.join(''))), (text) => {
        let value: unknown;
        try {
          value = parse(text);
        } catch (error) {
          expect(error).toBeInstanceOf(JsonRefusal);
          return;
        }
        expect(JSON.stringify(value)).toBe(JSON.stringify(JSON.parse(text)));
      }),
    );
  });

  it('refuses every proper beginning of an object', () => {
    const text = '{"keys": [{"key_ID": "a\\u0041", "key": "AAAA", "n": -1.5e3, "x": null}], "y": true}';
    for (let length = 0; length < text.length; length++) expect(() => parse(text.slice(0, length))).toThrow(JsonRefusal);
    expect(parse(text)).toEqual(JSON.parse(text));
  });

  it.each<[string, string | Buffer]>([
    ['nothing', ''],
    ['C31 a member twice', '{"key":1,"key":2}'],
    ['C31 a member twice, once escaped', '{"key":1,"k\\u0065y":2}'],
    ['C31 __proto__ twice', '{"__proto__":1,"__proto__":2}'],
    ['C33 two values', '{} {}'],
    ['C33 something behind', '{}x'],
    ['C33 a byte order mark', '\ufeff{}'],
    ['C33 UTF-16', Buffer.from('{}', 'utf16le')],
    ['C33 invalid UTF-8', Buffer.from([0x22, 0xc3, 0x28, 0x22])],
    ['C33 an encoded surrogate', Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22])],
    ['C33 depth 10 000', '['.repeat(10_000) + ']'.repeat(10_000)],
    ['depth 10 000 of objects', '{"a":'.repeat(10_000)],
    ['a leading zero', '01'],
    ['a plus sign', '+1'],
    ['a bare point', '1.'],
    ['NaN', 'NaN'],
    ['a trailing comma', '[1,]'],
    ['a leading comma', '[,1]'],
    ['a comment', '{/**/}'],
    ['single quotes', "{'a':1}"],
    ['a control character in a string', '"a\nb"'],
    ['an unknown escape', '"\\x41"'],
    ['a vertical tab as space', '\v1'],
    ['a no-break space', '\u00a01'],
    ['a member name that is no string', '{1:2}'],
  ])('refuses %s', (_name, text) => {
    expect(() => parseStrictJson(typeof text === 'string' ? Buffer.from(text) : text)).toThrow(JsonRefusal);
  });

  it('C32 treats __proto__ and constructor as members like any other', () => {
    const value = parse('{"__proto__":{"polluted":true},"constructor":1,"toString":2}') as Record<string, unknown>;
    expect(Object.keys(value)).toEqual(['__proto__', 'constructor', 'toString']);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    expect(value['polluted']).toBeUndefined();
  });

  it('reads a string of the largest answer without trouble', () => {
    const long = 'A\\n'.repeat(20_000);
    expect((parse(`"${long}"`) as string).length).toBe(40_000);
  });

  it('quotes nothing of the text in its refusals', () => {
    expect(() => parse('{"key":"c2VjcmV0" x}')).toThrow(/^not JSON: line 1, column 19: expected "," or "}"$/);
  });
});
