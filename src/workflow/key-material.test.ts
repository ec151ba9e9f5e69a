// CKN and CAK from a key, with values written down by hand from the original system's rules.

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import type { Link } from '../inventory/inventory.ts';
import { Secret } from '../secret.ts';
import { keyIdOfPreSharedKeyCkn } from '../rotation/ckn.ts';
import { keyChainCak, keyChainCkn, keyIdOfKeyChainCkn, preSharedKeyCak, preSharedKeyCkn } from './key-material.ts';

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

describe('method key-chain', () => {
  const lines = readFileSync(new URL('../../fixtures/key-material/vectors.txt', import.meta.url), 'utf8').split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  const context = (name: string, masterSae: string, slaves: string, cipherSuite: string) => ({ link: { ...link, name, cipherSuite, cak: 'derived' } as Link, masterSae, slaveSaes: slaves.split(',') });

  test.each(lines.map((line) => line.split(' ') as [string, string, string, string, string, string, string, string]))(
    'CKN and CAK of %s on %s, %s to %s, %s are those that openssl computes',
    (keyId, name, master, slaves, suite, key, ckn, cak) => {
      const given = context(name, master, slaves, suite);
      expect(keyChainCkn(given, keyId)).toBe(ckn);
      expect(keyIdOfKeyChainCkn(given, ckn.toUpperCase())).toBe(keyId.toLowerCase());
      expect(keyChainCak(given, { keyId, key: Secret.ofBytes(Buffer.from(key, 'hex')) }).revealText()).toBe(cak);
    },
  );

  test('the vectors are what the script writes', () => {
    const before = readFileSync(new URL('../../fixtures/key-material/vectors.txt', import.meta.url), 'utf8');
    const again = execFileSync(fileURLToPath(new URL('../../scripts/make-key-vectors', import.meta.url)), ['-'], { encoding: 'utf8' });
    expect(again).toBe(before);
  });

  test('a CKN belongs to one link and one pair of roles', () => {
    const ckn = keyChainCkn(context('mx1-mx2', 'mx1', 'mx2', 'gcm-aes-xpn-256'), KEY_ID);
    expect(keyIdOfKeyChainCkn(context('mx1-mx2', 'mx2', 'mx1', 'gcm-aes-xpn-256'), ckn)).toBeUndefined();
    expect(keyIdOfKeyChainCkn(context('mx1-mx3', 'mx1', 'mx2', 'gcm-aes-xpn-256'), ckn)).toBeUndefined();
    // No list of SAE IDs can pass for another one.
    expect(keyChainCkn(context('a', 'b', 'c,d', 'gcm-aes-256'), KEY_ID)).not.toBe(keyChainCkn(context('a', 'b', 'c', 'gcm-aes-256'), KEY_ID));
  });

  test('raw takes the key itself', () => {
    const given = { ...context('mx1-mx2', 'mx1', 'mx2', 'gcm-aes-xpn-256'), link: { ...link, cak: 'raw' } as Link };
    const key = Buffer.alloc(32, 7);
    expect(keyChainCak(given, { keyId: KEY_ID, key: Secret.ofBytes(key) }).revealText()).toBe(key.toString('hex'));
  });

  test('a key_ID that is no UUID gives a CKN that is still known as this link\'s own', () => {
    const given = context('mx1-mx2', 'mx1', 'mx2', 'gcm-aes-xpn-256');
    expect(keyChainCkn(given, 'slot-17')).toMatch(/^[0-9a-f]{64}$/);
    expect(keyChainCkn(given, 'slot-17')).not.toBe(keyChainCkn(given, 'slot-18'));
    const standIn = keyIdOfKeyChainCkn(given, keyChainCkn(given, 'slot-17'));
    expect(keyChainCkn(given, standIn ?? '')).toBe(keyChainCkn(given, 'slot-17'));
    expect(keyIdOfKeyChainCkn(context('mx1-mx3', 'mx1', 'mx2', 'gcm-aes-xpn-256'), keyChainCkn(given, 'slot-17'))).toBeUndefined();
  });
});
