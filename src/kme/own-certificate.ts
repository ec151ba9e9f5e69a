// Our side of mutual TLS, checked before any network: client certificate, private key and the CA certificates
// that may sign the KME's. The files' own faults are pem.ts; renewal and issuing belong to certificates/.

import type { X509Certificate } from 'node:crypto';
import { createSecureContext } from 'node:tls';
import type { SecureContext } from 'node:tls';
import { stampOf } from '../atomic-file.ts';
import { oneLine } from '../errors.ts';
import type { KmeSettings } from '../inventory/inventory.ts';
import { checkChainOrder, checkPair, pemCertificates, pemFault, pemPrivateKey, readPemFile } from '../pem.ts';

/** TLS 1.3, and of 1.2 only forward secrecy with AEAD; level 2 refuses RSA below 2048 bits and SHA-1 signatures. */
const CIPHERS = [
  'TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256:TLS_AES_128_GCM_SHA256',
  'ECDHE+AESGCM:ECDHE+CHACHA20:DHE+AESGCM:DHE+CHACHA20:!aNULL:@SECLEVEL=2',
].join(':');

export type OwnFiles = Pick<KmeSettings, 'caFile' | 'certificateFile' | 'keyFile'> & Partial<Pick<KmeSettings, 'minTls'>>;

/**
 * Reads and checks the three files and makes the TLS context of one call from them. `now` in milliseconds since
 * 1970; undefined leaves the dates of our certificate to the KME. Throws `certificate`.
 */
export async function ownTlsContext(files: OwnFiles, now: number | undefined): Promise<SecureContext> {
  const made = (): Promise<SecureContext> => contextOf(files, now);
  // A renewal that falls between the readings of certificate and key makes them differ once.
  return made().catch(made);
}

async function contextOf(files: OwnFiles, now: number | undefined): Promise<SecureContext> {
  const chain = pemCertificates(files.certificateFile, await readPemFile(files.certificateFile, 'client certificate'));
  const keyText = await readPemFile(files.keyFile, 'private key', { private: true });
  try {
    const trusted = await trustedCertificates(files.caFile);
    const context = secureContext(files, { chain, keyText, trusted });
    checkChainOrder(files.certificateFile, chain);
    if (now !== undefined) checkDates(files.certificateFile, chain, now);
    return context;
  } finally {
    keyText.fill(0);
  }
}

/** OpenSSL reads the key, and compares it with the certificate: what is wrong is looked into only when it objects. */
function secureContext(files: OwnFiles, { chain, keyText, trusted }: { chain: readonly X509Certificate[]; keyText: Buffer; trusted: readonly string[] }): SecureContext {
  try {
    return createSecureContext({
      cert: chain.map(String).join(''),
      key: keyText,
      ca: [...trusted],
      minVersion: files.minTls === '1.3' ? 'TLSv1.3' : 'TLSv1.2',
      ciphers: CIPHERS,
    });
  } catch (error) {
    checkPair(files, chain, pemPrivateKey(files.keyFile, keyText));
    const reason = error instanceof Error ? oneLine(error.message) : 'unknown';
    throw pemFault(files.certificateFile, `cannot be used for TLS: ${reason}`, 'issue a certificate with RSA 2048 or more, P-256 or Ed25519 and SHA-256', error);
  }
}

/** CA certificates that were read and checked, by file: a fleet's routers share one. */
const checkedAuthorities = new Map<string, { readonly stamp: string; readonly certificates: readonly string[] }>();

/** The certificates of the CA file as PEM, parsed anew only when the file has changed. */
async function trustedCertificates(file: string): Promise<readonly string[]> {
  const stamp = stampOf(file);
  const before = checkedAuthorities.get(file);
  if (before !== undefined && before.stamp === stamp) return before.certificates;
  const certificates = pemCertificates(file, await readPemFile(file, 'KME CA')).map(String);
  checkedAuthorities.set(file, { stamp, certificates });
  return certificates;
}

function checkDates(file: string, chain: readonly X509Certificate[], now: number): void {
  for (const [index, certificate] of chain.entries()) {
    const which = index === 0 ? '' : `: certificate ${index + 1}`;
    if (now > Date.parse(certificate.validTo)) {
      throw pemFault(file, `expired on ${day(certificate.validTo)}${which}`, 'issue a new client certificate');
    }
    if (now < Date.parse(certificate.validFrom)) {
      throw pemFault(file, `is not valid before ${day(certificate.validFrom)}${which}`, "check this machine's clock");
    }
  }
}

function day(date: string): string {
  return new Date(date).toISOString().replace('.000Z', 'Z');
}
