// CKN and CAK from a key, with values written down by hand from the original system's rules.

import { expect, test } from 'vitest';
import type { Link } from '../inventory/inventory.ts';
import { Secret } from '../secret.ts';
import { keyIdOfPreSharedKeyCkn } from '../rotation/ckn.ts';
import { preSharedKeyCak, preSharedKeyCkn } from './key-material.ts';

const link = { name: 'mx1-mx2', cipherSuite: 'gcm-aes-xpn-256', cknPrefix: 'abcd1234abcd5678abcd1234abcd5678' } as Link;
const KEY_ID = 'eb54c2cc-4419-bf37-4910-79dcf59d9c4a'; // UUID-shaped, but no RFC 9562 version: real KMEs send these

test('the CKN is the prefix and the digits of the key_ID, and gives the key_ID back', () => {
  const ckn = preSharedKeyCkn(link, KEY_ID.toUpperCase());
  expect(ckn).toBe('abcd1234abcd5678abcd1234abcd5678eb54c2cc4419bf37491079dcf59d9c4a');
  expect(keyIdOfPreSharedKeyCkn(ckn.toUpperCase(), link.cknPrefix)).toBe(KEY_ID);
});

test('a key_ID of another form is hashed, and the CKN does not pass for one of ours', () => {
  const ckn = preSharedKeyCkn(link, 'slot-17');
  expect(ckn).toMatch(/^[0-9a-f]{64}$/);
  expect(ckn).not.toBe(preSharedKeyCkn(link, 'slot-18'));
  expect(keyIdOfPreSharedKeyCkn(ckn, link.cknPrefix)).toBeUndefined();
});

test.each([
  ['gcm-aes-xpn-256', 64, 64],
  ['gcm-aes-256', 32, 64],
  ['gcm-aes-xpn-128', 32, 32],
  ['gcm-aes-128', 16, 32],
] as const)('the CAK for %s from a key of %i bytes has %i digits', (cipherSuite, bytes, digits) => {
  const key = Buffer.from(Array.from({ length: bytes }, (_, i) => i));
  const cak = preSharedKeyCak({ ...link, cipherSuite }, { keyId: KEY_ID, key: Secret.ofBytes(key) });
  expect(cak.revealText()).toBe(key.toString('hex').slice(0, digits));
});

test('a key that is too short is refused, never filled up', () => {
  expect(() => preSharedKeyCak(link, { keyId: KEY_ID, key: Secret.ofBytes(Buffer.alloc(16, 1)) })).toThrow('has 16 bytes, gcm-aes-xpn-256 needs 32');
});
