// JSON reading: agreement with JSON.parse where both accept, positions and reasons where it refuses.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseJson } from './json.ts';

const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value)) as unknown;

describe('parseJson', () => {
  it('reads what JSON.stringify writes', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), fc.constantFrom(undefined, 1, 2), (value, indent) => {
        expect(plain(parseJson(JSON.stringify(value, null, indent)))).toEqual(plain(value));
      }),
    );
  });

  it('agrees with JSON.parse on what is JSON, duplicates apart', () => {
    const pieces = fc.constantFrom('{', '}', '[', ']', ',', ':', '"a"', '"b"', '1', '-0', '01', '.5', '1e3', 'true', 'nul', ' ', '\n', '"\\u00e9"', '"\\x"', "'");
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 8 }), (parts) => {
        const text = parts.join('');
        let expected: unknown = SyntaxError;
        try {
          expected = JSON.parse(text);
        } catch {
          expect(() => parseJson(text)).toThrow(SyntaxError);
          return;
        }
        if (/"a".*"a"|"b".*"b"/s.test(text)) return;
        // JSON.parse makes Infinity of a number that no double can hold.
        if (/\de3\d/.test(text)) return;
        expect(plain(parseJson(text))).toEqual(plain(expected));
      }),
      { numRuns: 2000 },
    );
  });

  it('refuses every text that was cut short', () => {
    const text = '{"a": [1, -2.5e3, true, null, "x\\n"], "b": {"c": "d"}}';
    for (let length = 0; length < text.length; length += 1) {
      expect(() => parseJson(text.slice(0, length)), `first ${length} characters`).toThrow(SyntaxError);
    }
  });

  it('skips a byte order mark and counts columns without it', () => {
    expect(parseJson('\ufeff[1]')).toEqual([1]);
    expect(() => parseJson('\ufeff[1')).toThrow('line 1, column 3: expected "," or "]", found the end of the text');
  });

  it('gives objects without prototype, so that __proto__ is a member like any other', () => {
    const value = parseJson('{"__proto__": {"polluted": true}, "toString": 1}') as Record<string, unknown>;
    expect(Object.getPrototypeOf(value)).toBeNull();
    expect(Object.keys(value)).toEqual(['__proto__', 'toString']);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it.each([
    ['{"a": 1,\n "a": 2}', 'line 2, column 2: member "a" appears twice'],
    ['{"a": 1,\n "\\u0061": 2}', 'line 2, column 2: member "a" appears twice'],
    ['{\n  "a": 1\n  "b": 2\n}', 'line 3, column 3: expected "," or "}", found "\\""'],
    ['{"a" 1}', 'line 1, column 6: expected ":", found "1"'],
    ['{a: 1}', 'line 1, column 2: expected a member name in double quotes, found "a"'],
    ['{"a": 1,}', 'line 1, column 9: expected a member name in double quotes, found "}"'],
    ['[1, 2', 'line 1, column 6: expected "," or "]", found the end of the text'],
    ['', 'line 1, column 1: expected a value, found the end of the text'],
    ['[] x', 'line 1, column 4: expected the end, found "x"'],
    ['[01]', 'line 1, column 3: expected "," or "]", found "1"'],
    ['[1e999]', 'line 1, column 2: number out of range'],
    ['["a\tb"]', 'line 1, column 2: string without end, or with an unescaped control character or a bad escape'],
    ['[NaN]', 'line 1, column 2: expected a value, found "N"'],
    ['[\u00a01]', 'line 1, column 2: expected a value, found U+00A0'],
    ['/* c */ {}', 'line 1, column 1: expected a value, found "/"'],
    ['['.repeat(70) + ']'.repeat(70), 'line 1, column 66: nested deeper than 64 levels'],
  ])('refuses %j', (text, message) => {
    expect(() => parseJson(text)).toThrow(new SyntaxError(message));
  });

  it('reads a long string without exhausting the stack', () => {
    const long = 'x\\n'.repeat(100_000);
    expect(parseJson(`"${long}"`)).toBe('x\n'.repeat(100_000));
  });
});
