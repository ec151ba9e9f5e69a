// CKN and CAK from a KME's key (design section 4). The only file that turns key bytes into what the
// router gets; the way back, from a CKN to its key_ID, is rotation/ckn.ts.

import { createHash, hkdfSync } from 'node:crypto';
import { QkdError } from '../errors.ts';
import type { CipherSuite, Link } from '../inventory/inventory.ts';
import { keyIdHex, keyIdOfHex } from '../rotation/ckn.ts';
import { Secret } from '../secret.ts';
import type { KmeKey } from './ports.ts';

const CKN_LABEL = 'qkd-macsec ckn v1';
const BINDING_LABEL = 'qkd-macsec link v1';
const INITIAL_LABEL = 'qkd-macsec initial v1';
const CAK_LABEL = 'qkd-macsec cak v1';

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
  requireLength(key, bytes, link.cipherSuite);
  return Secret.ofText(key.key.revealBytes().subarray(0, bytes).toString('hex'));
}

/** A link and its roles: what a key-chain CKN and CAK are bound to. */
export interface KeyContext {
  readonly link: Link;
  readonly masterSae: string;
  readonly slaveSaes: readonly string[];
}

/** Link name, master SAE, then the slave SAEs, each ended by a NUL that none of them can hold. */
function contextBytes(label: string, context: KeyContext, more: readonly string[]): Buffer {
  return Buffer.from([label, context.link.name, context.masterSae, ...context.slaveSaes, '', ...more].map((part) => `${part}\0`).join(''), 'utf8');
}

/** Names that depend on the link alone: every look at a key chain asks for them, key by key. */
const bindings = new WeakMap<KeyContext, { readonly binding: string; readonly initial: string }>();

function namesOf(context: KeyContext): { readonly binding: string; readonly initial: string } {
  const known = bindings.get(context);
  if (known !== undefined) return known;
  const hashed = (label: string): string => createHash('sha256').update(contextBytes(label, context, [])).digest('hex');
  const names = { binding: hashed(BINDING_LABEL).slice(0, 32), initial: hashed(INITIAL_LABEL) };
  bindings.set(context, names);
  return names;
}

function bindingHex(context: KeyContext): string {
  return namesOf(context).binding;
}

/**
 * CKN (64 hex digits, lower case) of method key-chain: the key_ID's 32 hex digits, unique and therefore
 * first (MKA's key derivation reads only 16 octets, IEEE 802.1X-2020 clause 9.3.3), then 32 that bind it to
 * the link and its roles. For a key_ID of another form than 8-4-4-4-12 hex, 32 digits of its hash come first.
 */
export function keyChainCkn(context: KeyContext, keyId: string): string {
  const hex = keyIdHex(keyId) ?? createHash('sha256').update(contextBytes(CKN_LABEL, context, [keyId])).digest('hex').slice(0, 32);
  return `${hex}${bindingHex(context)}`;
}

/** CKN of the random first key of a link: a name that every end can recognise, like any CKN no secret. */
export function initialCkn(context: KeyContext): string {
  return namesOf(context).initial;
}

/**
 * The key_ID (8-4-4-4-12, lower case) in a key-chain CKN of this link; undefined for any other CKN. Where
 * the KME's key_IDs have another form it is a stand-in for one, the same at every end, and records may tell the true one.
 */
export function keyIdOfKeyChainCkn(context: KeyContext, ckn: string): string | undefined {
  const digits = ckn.toLowerCase();
  return digits.length === 64 && digits.endsWith(bindingHex(context)) ? keyIdOfHex(digits.slice(0, 32)) : undefined;
}

/**
 * CAK (hex text inside a Secret: 64 digits, 32 for a 128-bit suite) of method key-chain: HKDF-SHA-256
 * (RFC 5869) without salt over the KME's key, with key_ID, link, SAE IDs and suite as info; or, where the
 * inventory says raw, the key itself. Throws kme-answer for a key that is too short.
 */
export function keyChainCak(context: KeyContext, key: KmeKey): Secret {
  const { link } = context;
  if (link.cak === 'raw') return preSharedKeyCak(link, key);
  const bytes = cakBits(link.cipherSuite) / 8;
  requireLength(key, bytes, link.cipherSuite);
  const info = contextBytes(CAK_LABEL, context, [link.cipherSuite, key.keyId.toLowerCase()]);
  const derived = Buffer.from(hkdfSync('sha256', key.key.revealBytes(), Buffer.alloc(0), info, bytes));
  const cak = Secret.ofText(derived.toString('hex'));
  derived.fill(0);
  return cak;
}

function requireLength(key: KmeKey, bytes: number, suite: CipherSuite): void {
  if (key.key.length >= bytes) return;
  throw new QkdError('kme-answer', `key ${key.keyId} has ${key.key.length} bytes, ${suite} needs ${bytes}`);
}
