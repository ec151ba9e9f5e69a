// The $9$ form against a published text and against itself.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { obfuscate, plainSecret, reveal, sameSecret } from './obfuscation.ts';

const latin1 = fc.array(fc.integer({ min: 1, max: 255 }), { maxLength: 130 }).map((bytes) => Buffer.from(bytes).toString('latin1'));

describe('$9$ obfuscation', () => {
  it('reads a text published with other programs', () => {
    expect(reveal('$9$LbHX-wg4Z')).toBe('lc');
  });

  it('gives every secret back', () => {
    fc.assert(
      fc.property(latin1, (secret) => {
        const text = obfuscate(secret);
        expect(text).toMatch(/^\$9\$[\w./-]+$/);
        expect(reveal(text)).toBe(secret);
      }),
    );
  });

  it('is salted, and two texts of one secret are the same secret', () => {
    const texts = Array.from({ length: 20 }, () => obfuscate('0123456789abcdef'));
    expect(new Set(texts).size).toBeGreaterThan(1);
    const [a = '', b = ''] = texts;
    expect(sameSecret(a, b)).toBe(true);
    expect(sameSecret(a, obfuscate('0123456789abcdee'))).toBe(false);
  });

  it('makes 187 to 190 characters of a 64-digit CAK', () => {
    for (let n = 0; n < 50; n += 1) {
      const { length } = obfuscate('0123456789abcdef'.repeat(4));
      expect(length).toBeGreaterThanOrEqual(187);
      expect(length).toBeLessThanOrEqual(190);
    }
  });

  it.each(['$9$', '$9$a b', '$9$\u00e9', '$9$LbHX-wg4', '$8$LbHX', ''])('refuses %j', (text) => {
    expect(reveal(text)).toBeUndefined();
  });

  it('never throws, whatever comes after the magic', () => {
    fc.assert(fc.property(fc.string(), (rest) => void plainSecret(`$9$${rest}`)));
  });
});
