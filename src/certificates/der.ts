// DER (ITU-T X.690) for the few ASN.1 types that a certificate holds, on node-forge's asn1 module as
// encoder. Only that one file of node-forge is loaded, on first use: none of its cryptography, and none
// of its certificate parsing. What is read back (`read`) are local files: our own keys and a CA's certificate.

import type { asn1 } from 'node-forge';

export type Der = asn1.Asn1;

/** Deepest nesting of a certificate that an operator may hand us; real ones stay below 12. */
const MAX_DEPTH = 32;

/** Writers for DER values, named by their ASN.1 type. */
export interface DerTypes {
  sequence(...items: Der[]): Der;
  set(...items: Der[]): Der;
  oid(dotted: string): Der;
  boolean(value: boolean): Der;
  nothing(): Der;
  /** A non-negative INTEGER from its big-endian bytes. */
  integer(bytes: Buffer): Der;
  octets(bytes: Buffer): Der;
  bits(bytes: Buffer, unusedBits?: number): Der;
  utf8(text: string): Der;
  /** UTCTime through 2049, GeneralizedTime from 2050 (RFC 5280 section 4.1.2.5). */
  time(instant: Date): Der;
  /** [tag] EXPLICIT. */
  explicit(tag: number, ...items: Der[]): Der;
  /** [tag] IMPLICIT over a primitive type. */
  implicit(tag: number, bytes: Buffer): Der;
  /** Existing DER, to be placed inside; throws on anything that is not one DER value. */
  read(der: Buffer): Der;
  encode(value: Der): Buffer;
}

/** Loads node-forge's encoder. */
export async function derTypes(): Promise<DerTypes> {
  const { default: forge } = await import('node-forge/lib/asn1.js');
  const { Class, Type } = forge;
  const simple = (type: asn1.Type, value: string): Der => forge.create(Class.UNIVERSAL, type, false, value);
  const nested = (type: asn1.Type, items: Der[]): Der => forge.create(Class.UNIVERSAL, type, true, items);
  return {
    sequence: (...items) => nested(Type.SEQUENCE, items),
    set: (...items) => nested(Type.SET, items),
    oid: (dotted) => simple(Type.OID, forge.oidToDer(dotted).getBytes()),
    boolean: (value) => simple(Type.BOOLEAN, value ? '\u00ff' : '\u0000'),
    nothing: () => simple(Type.NULL, ''),
    integer: (bytes) => simple(Type.INTEGER, binary(minimalInteger(bytes))),
    octets: (bytes) => simple(Type.OCTETSTRING, binary(bytes)),
    bits: (bytes, unusedBits = 0) => simple(Type.BITSTRING, binary(Buffer.concat([Buffer.of(unusedBits), bytes]))),
    utf8: (text) => simple(Type.UTF8, binary(Buffer.from(text, 'utf8'))),
    time: (instant) =>
      instant.getUTCFullYear() < 2050
        ? simple(Type.UTCTIME, forge.dateToUtcTime(instant))
        : simple(Type.GENERALIZEDTIME, forge.dateToGeneralizedTime(instant)),
    explicit: (tag, ...items) => forge.create(Class.CONTEXT_SPECIFIC, tag as asn1.Type, true, items),
    implicit: (tag, bytes) => forge.create(Class.CONTEXT_SPECIFIC, tag as asn1.Type, false, binary(bytes)),
    read: (der) => forge.fromDer(binary(der), { decodeBitStrings: false, maxDepth: MAX_DEPTH }),
    encode: (value) => Buffer.from(forge.toDer(value).getBytes(), 'latin1'),
  };
}

/** The values inside a constructed one; empty for a primitive one. */
export function inside(value: Der | undefined): Der[] {
  return Array.isArray(value?.value) ? value.value : [];
}

/** The content bytes of a primitive value; empty for a constructed one. */
export function contents(value: Der | undefined): Buffer {
  return typeof value?.value === 'string' ? Buffer.from(value.value, 'latin1') : Buffer.alloc(0);
}

// node-forge keeps bytes in strings, one character each.
function binary(bytes: Buffer): string {
  return bytes.toString('latin1');
}

function minimalInteger(bytes: Buffer): Buffer {
  const first = bytes.findIndex((byte) => byte !== 0);
  if (first < 0) return Buffer.of(0);
  const digits = bytes.subarray(first);
  return (digits[0] as number) >= 0x80 ? Buffer.concat([Buffer.of(0), digits]) : digits;
}
