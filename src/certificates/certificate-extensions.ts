// The X.509 v3 extensions of the three kinds of certificate that we write (RFC 5280 section 4.2): a CA's,
// a TLS client's (an SAE) and a TLS server's (a KME on the bench). Pure; encoding is der.ts.

import { isIPv4, isIPv6 } from 'node:net';
import { QkdError } from '../errors.ts';
import type { Der, DerTypes } from './der.ts';

export type CertificateKind = 'ca' | 'client' | 'server';

export interface AlternativeNames {
  readonly dns?: readonly string[];
  /** IPv4 or IPv6 addresses. */
  readonly ip?: readonly string[];
}

export interface ExtensionContents {
  readonly kind: CertificateKind;
  /** CA only: how many CAs may follow below; undefined sets no limit. */
  readonly pathLength?: number | undefined;
  readonly alternativeNames?: AlternativeNames | undefined;
  /** True for a key that a TLS 1.2 client may encrypt to (RSA). */
  readonly keyEncipherment: boolean;
  readonly subjectKeyId: Buffer;
  /** Undefined when the issuer has no identifier: then none is named (RFC 5280 section 4.2.1.1). */
  readonly authorityKeyId: Buffer | undefined;
}

export const OID_SUBJECT_KEY_ID = '2.5.29.14';
const OID_KEY_USAGE = '2.5.29.15';
const OID_ALTERNATIVE_NAME = '2.5.29.17';
const OID_BASIC_CONSTRAINTS = '2.5.29.19';
const OID_AUTHORITY_KEY_ID = '2.5.29.35';
const OID_EXTENDED_KEY_USAGE = '2.5.29.37';
const EXTENDED_USES = { server: '1.3.6.1.5.5.7.3.1', client: '1.3.6.1.5.5.7.3.2' };

/** The Extensions SEQUENCE. Throws `certificate` on an alternative name that cannot be written. */
export function extensions(der: DerTypes, contents: ExtensionContents): Der {
  const extension = (oid: string, critical: boolean, value: Der): Der =>
    der.sequence(der.oid(oid), ...(critical ? [der.boolean(true)] : []), der.octets(der.encode(value)));

  const list = [
    extension(OID_BASIC_CONSTRAINTS, true, basicConstraints(der, contents)),
    extension(OID_KEY_USAGE, true, keyUsage(der, contents)),
    extension(OID_SUBJECT_KEY_ID, false, der.octets(contents.subjectKeyId)),
  ];
  if (contents.authorityKeyId !== undefined) {
    list.push(extension(OID_AUTHORITY_KEY_ID, false, der.sequence(der.implicit(0, contents.authorityKeyId))));
  }
  if (contents.kind !== 'ca') {
    list.push(extension(OID_EXTENDED_KEY_USAGE, false, der.sequence(der.oid(EXTENDED_USES[contents.kind]))));
  }
  const names = generalNames(der, contents.alternativeNames ?? {});
  if (names.length > 0) list.push(extension(OID_ALTERNATIVE_NAME, false, der.sequence(...names)));
  return der.sequence(...list);
}

function basicConstraints(der: DerTypes, contents: ExtensionContents): Der {
  if (contents.kind !== 'ca') return der.sequence();
  const limit = contents.pathLength === undefined ? [] : [der.integer(Buffer.of(contents.pathLength))];
  return der.sequence(der.boolean(true), ...limit);
}

// A named bit list: bit 0 is the highest bit, trailing zero bits are left out (X.690 section 11.2.2).
function keyUsage(der: DerTypes, contents: ExtensionContents): Der {
  if (contents.kind === 'ca') return der.bits(Buffer.of(0b0000_0110), 1); // keyCertSign, cRLSign
  if (contents.kind === 'server' && contents.keyEncipherment) return der.bits(Buffer.of(0b1010_0000), 5);
  return der.bits(Buffer.of(0b1000_0000), 7); // digitalSignature
}

function generalNames(der: DerTypes, names: AlternativeNames): Der[] {
  const dns = (names.dns ?? []).map((name) => {
    if (!/^[\x21-\x7e]{1,253}$/.test(name)) throw new QkdError('certificate', 'alternative name is not a DNS name');
    return der.implicit(2, Buffer.from(name, 'latin1'));
  });
  return [...dns, ...(names.ip ?? []).map((address) => der.implicit(7, addressBytes(address)))];
}

function addressBytes(address: string): Buffer {
  if (isIPv4(address)) return Buffer.from(address.split('.').map(Number));
  if (!isIPv6(address) || address.includes('.') || address.includes('%')) {
    throw new QkdError('certificate', 'alternative name is not an IP address');
  }
  const [before = '', after] = address.split('::');
  const groups = (text: string): string[] => (text === '' ? [] : text.split(':'));
  const head = groups(before);
  const tail = after === undefined ? [] : groups(after);
  const filled = [...head, ...Array<string>(8 - head.length - tail.length).fill('0'), ...tail];
  return Buffer.from(filled.map((group) => group.padStart(4, '0')).join(''), 'hex');
}
