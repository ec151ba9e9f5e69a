// Writes X.509 v3 certificates (RFC 5280): self-signed CAs, CAs below them, TLS clients and servers, with
// RSA, P-256/384/521 or Ed25519 keys and SHA-256. Everything that goes in is an argument, the clock and the
// serial number too. Keys and signatures are node:crypto's work; node-forge only encodes (der.ts).
// Reading, checking and storing certificates is left to others.

import { createHash, createPublicKey, randomBytes, sign } from 'node:crypto';
import type { KeyObject, X509Certificate } from 'node:crypto';
import { QkdError } from '../errors.ts';
import { extensions, OID_SUBJECT_KEY_ID } from './certificate-extensions.ts';
import type { AlternativeNames, CertificateKind } from './certificate-extensions.ts';
import { contents, derTypes, inside } from './der.ts';
import type { Der, DerTypes } from './der.ts';

export interface CertificateIssuer {
  readonly privateKey: KeyObject;
  /** The issuing CA's certificate; undefined for a self-signed one. */
  readonly certificate?: X509Certificate;
}

export interface CertificateContents {
  readonly kind: CertificateKind;
  /** Common name, 1 to 64 characters; the SAE ID of a client. */
  readonly commonName: string;
  readonly publicKey: KeyObject;
  readonly issuer: CertificateIssuer;
  /** Big-endian, 1 to 20 bytes, not zero; see `randomSerial`. */
  readonly serial: Buffer;
  readonly notBefore: Date;
  /** Never after the issuer's own end. */
  readonly notAfter: Date;
  readonly alternativeNames?: AlternativeNames;
  /** CA only. */
  readonly pathLength?: number;
}

/** 128 random bits, for a serial number that nobody can predict (RFC 5280 section 4.1.2.2). */
export function randomSerial(): Buffer {
  return randomBytes(16);
}

/**
 * The certificate as PEM text. Throws `certificate` when the contents break RFC 5280 or our rules: a key too
 * weak or of an unusual kind, an issuer that is no CA or whose key is another, dates outside the issuer's.
 */
export async function writeCertificate(request: CertificateContents): Promise<string> {
  check(request);
  const der = await derTypes();
  const algorithm = signatureAlgorithm(der, request.issuer.privateKey);
  const subject = distinguishedName(der, request.commonName);
  const spki = request.publicKey.export({ type: 'spki', format: 'der' });
  const issuer = request.issuer.certificate === undefined ? undefined : issuerFields(der, request.issuer.certificate);
  const subjectKeyId = keyIdentifier(der, spki);

  const tbs = der.sequence(
    der.explicit(0, der.integer(Buffer.of(2))), // v3
    der.integer(request.serial),
    algorithm,
    issuer?.subject ?? subject,
    der.sequence(der.time(request.notBefore), der.time(request.notAfter)),
    subject,
    der.read(spki),
    der.explicit(
      3,
      extensions(der, {
        kind: request.kind,
        pathLength: request.pathLength,
        alternativeNames: request.alternativeNames,
        keyEncipherment: request.publicKey.asymmetricKeyType === 'rsa',
        subjectKeyId,
        authorityKeyId: issuer === undefined ? subjectKeyId : issuer.subjectKeyId,
      }),
    ),
  );
  const hash = request.issuer.privateKey.asymmetricKeyType === 'ed25519' ? null : 'sha256';
  const signature = sign(hash, der.encode(tbs), request.issuer.privateKey);
  return pem(der.encode(der.sequence(tbs, algorithm, der.bits(signature))));
}

function check({ commonName, publicKey, issuer, serial, notBefore, notAfter }: CertificateContents): void {
  const refuse = (reason: string): never => {
    throw new QkdError('certificate', `write certificate: ${reason}`);
  };
  if (!/^[^\u0000-\u001f\u007f]{1,64}$/u.test(commonName)) refuse('common name must have 1 to 64 printable characters');
  if (serial.length < 1 || serial.length > 20 || serial.every((byte) => byte === 0)) refuse('serial number must have 1 to 20 bytes and not be zero');
  if (serial.length === 20 && (serial[0] as number) >= 0x80) refuse('serial number is longer than 20 octets in DER');
  if (!(notBefore.getTime() < notAfter.getTime())) refuse('end of validity is not after its start');
  checkKey(publicKey, refuse);
  checkKey(createPublicKey(issuer.privateKey), (reason) => {
    throw new QkdError('certificate', `write certificate: the CA's ${reason}`, { hint: 'make that CA again with RSA 2048 or more, P-256, P-384, P-521 or Ed25519' });
  });
  if (issuer.certificate === undefined) {
    if (!createPublicKey(issuer.privateKey).equals(publicKey)) refuse('a self-signed certificate needs its own private key');
    return;
  }
  if (!issuer.certificate.ca) refuse('issuer is not a CA');
  if (!issuer.certificate.checkPrivateKey(issuer.privateKey)) refuse('private key does not belong to the issuer');
  if (Math.floor(notAfter.getTime() / 1000) * 1000 > Date.parse(issuer.certificate.validTo)) refuse('end of validity is after the end of the issuer');
}

const CURVES = new Set(['prime256v1', 'secp384r1', 'secp521r1']);

function checkKey(key: KeyObject, refuse: (reason: string) => never): void {
  const kind = key.asymmetricKeyType;
  const details = key.asymmetricKeyDetails;
  if (kind === 'rsa') {
    if ((details?.modulusLength ?? 0) < 2048) refuse('RSA key is shorter than 2048 bits');
  } else if (kind === 'ec') {
    if (!CURVES.has(details?.namedCurve ?? '')) refuse('EC key is not on P-256, P-384 or P-521');
  } else if (kind !== 'ed25519') {
    refuse(`key of kind ${kind ?? 'unknown'} is not RSA, EC or Ed25519`);
  }
}

// RFC 4055 section 5 (RSA: parameters are NULL), RFC 5758 section 3.2 (ECDSA: none), RFC 8410 section 3 (Ed25519: none).
function signatureAlgorithm(der: DerTypes, key: KeyObject): Der {
  if (key.asymmetricKeyType === 'rsa') return der.sequence(der.oid('1.2.840.113549.1.1.11'), der.nothing());
  return der.sequence(der.oid(key.asymmetricKeyType === 'ec' ? '1.2.840.10045.4.3.2' : '1.3.101.112'));
}

function distinguishedName(der: DerTypes, commonName: string): Der {
  return der.sequence(der.set(der.sequence(der.oid('2.5.4.3'), der.utf8(commonName))));
}

// RFC 7093 section 2, method 1: SHA-256 of the key's bits, the leftmost 160.
function keyIdentifier(der: DerTypes, spki: Buffer): Buffer {
  const bits = contents(inside(der.read(spki))[1]).subarray(1);
  return createHash('sha256').update(bits).digest().subarray(0, 20);
}

/**
 * Subject and key identifier byte for byte as the CA's certificate has them: path validation compares both,
 * and a foreign CA may have encoded its name or derived its identifier in another way.
 */
function issuerFields(der: DerTypes, certificate: X509Certificate): { subject: Der; subjectKeyId: Buffer | undefined } {
  const fields = inside(inside(der.read(certificate.raw))[0]);
  const subject = fields[5];
  if (subject === undefined) throw new QkdError('certificate', 'write certificate: issuer is not an X.509 v3 certificate');
  const wanted = contents(der.oid(OID_SUBJECT_KEY_ID));
  const found = fields
    .filter((field) => field.tagClass === 0x80 && (field.type as number) === 3)
    .flatMap((field) => inside(inside(field)[0]))
    .find((extension) => contents(inside(extension)[0]).equals(wanted));
  const value = inside(found).at(-1);
  return { subject, subjectKeyId: value === undefined ? undefined : contents(der.read(contents(value))) };
}

function pem(der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}
