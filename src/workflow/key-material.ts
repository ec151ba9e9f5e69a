// CKN and CAK from a KME's key (design section 4). The only file that turns key bytes into what the
// router gets; the way back, from a CKN to its key_ID, is rotation/ckn.ts.

import { createHash } from 'node:crypto';
import { QkdError } from '../errors.ts';
import type { CipherSuite, Link } from '../inventory/inventory.ts';
import { keyIdHex } from '../rotation/ckn.ts';
import { Secret } from '../secret.ts';
import type { KmeKey } from './ports.ts';

const CKN_LABEL = 'qkd-macsec ckn v1';

/** CAK length in bits that the cipher suite's MKA needs; this is also the size asked of the KME. */
export function cakBits(suite: CipherSuite): 128 | 256 {
  return suite.endsWith('128') ? 128 : 256;
}

/**
 * CKN (64 hex digits, lower case) of method pre-shared-key: the link's prefix and the key_ID's 32 hex
 * digits. A key_ID of any other form than 8-4-4-4-12 hex is hashed; the record then carries the key_ID.
 */
export function preSharedKeyCkn(link: Link, keyId: string): string {
  const hex = keyIdHex(keyId);
  if (hex !== undefined) return `${link.cknPrefix.toLowerCase()}${hex}`;
  return createHash('sha256').update(`${CKN_LABEL}\0${keyId}`, 'utf8').digest('hex');
}

/**
 * CAK (hex text inside a Secret: 64 digits, 32 for a 128-bit suite) of method pre-shared-key: the first
 * bytes of the key, as the original system takes them. Throws kme-answer for a key that is too short.
 */
export function preSharedKeyCak(link: Link, key: KmeKey): Secret {
  const bytes = cakBits(link.cipherSuite) / 8;
  if (key.key.length < bytes) {
    throw new QkdError('kme-answer', `key ${key.keyId} has ${key.key.length} bytes, ${link.cipherSuite} needs ${bytes}`);
  }
  return Secret.ofText(key.key.revealBytes().subarray(0, bytes).toString('hex'));
}
