// `$9$` texts against what they hide, and the comparison that never guesses.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { obfuscate } from '../bench/configuration/obfuscation.ts';
import { Secret } from '../secret.ts';
import { isSameSecret, obfuscatedBytes } from './obfuscated-secret.ts';

const CAK = '0123456789abcdef'.repeat(4);

test('a CAK is recognised in whatever case the router keeps it', () => {
  expect(isSameSecret(Secret.ofText(obfuscate(CAK.toUpperCase())), Secret.ofText(CAK))).toBe(true);
  expect(isSameSecret(Secret.ofText(obfuscate(CAK)), Secret.ofText(CAK.replace('0', '1')))).toBe(false);
});

test.each([['no secret', undefined], ['an encrypted one', '$8$aes256-gcm$hmac-sha2-256$100$salt$iv$tag$text'], ['a damaged one', `${obfuscate(CAK).slice(0, -1)} `], ['an empty one', '$9$']])('%s tells nothing', (_, shown) => {
  expect(isSameSecret(shown === undefined ? undefined : Secret.ofText(shown), Secret.ofText(CAK))).toBeUndefined();
});

test('every text of a secret gives the secret back, and no text crashes', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[0-9a-f]{0,64}$/), fc.string(), (secret, text) => {
      expect(obfuscatedBytes(obfuscate(secret))?.toString('latin1')).toBe(secret);
      obfuscatedBytes(`$9$${text}`);
    }),
  );
});
