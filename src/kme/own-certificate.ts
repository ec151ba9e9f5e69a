// Our side of mutual TLS, checked before any network: client certificate, private key and the CA certificates
// that may sign the KME's. A TLS library says "bad decrypt" or nothing at all about most of these faults;
// each has its own line here. Renewal and issuing belong to certificates/.

import { createPrivateKey, X509Certificate } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { open } from 'node:fs/promises';
import { createSecureContext } from 'node:tls';
import type { SecureContext } from 'node:tls';
import { oneLine, QkdError } from '../errors.ts';
import type { KmeSettings } from '../inventory/inventory.ts';

/** More than any chain; what lies behind is not read. */
const MAX_FILE_BYTES = 256 * 1024;

/** TLS 1.3, and of 1.2 only forward secrecy with AEAD; level 2 refuses RSA below 2048 bits and SHA-1 signatures. */
const CIPHERS = [
  'TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256:TLS_AES_128_GCM_SHA256',
  'ECDHE+AESGCM:ECDHE+CHACHA20:DHE+AESGCM:DHE+CHACHA20:!aNULL:@SECLEVEL=2',
].join(':');

export type OwnFiles = Pick<KmeSettings, 'caFile' | 'certificateFile' | 'keyFile'>;

/**
 * Reads and checks the three files and makes the TLS context of one call from them. `now` in milliseconds since
 * 1970; undefined leaves the dates of our certificate to the KME. Throws `certificate`.
 */
export async function ownTlsContext(files: OwnFiles, now: number | undefined): Promise<SecureContext> {
  const chain = certificates(files.certificateFile, await read(files.certificateFile, 'client certificate'));
  const trusted = certificates(files.caFile, await read(files.caFile, 'KME CA'));
  const keyText = await read(files.keyFile, 'private key', { private: true });
  checkKeyBelongs(files, chain, privateKey(files.keyFile, keyText));
  checkOrder(files.certificateFile, chain);
  if (now !== undefined) checkDates(files.certificateFile, chain, now);
  try {
    return createSecureContext({
      cert: chain.map(String).join(''),
      key: keyText,
      ca: trusted.map(String),
      minVersion: 'TLSv1.2',
      ciphers: CIPHERS,
    });
  } catch (error) {
    const reason = error instanceof Error ? oneLine(error.message) : 'unknown';
    throw fault(files.certificateFile, `cannot be used for TLS: ${reason}`, 'issue a certificate with RSA 2048 or more, P-256 or Ed25519 and SHA-256', error);
  }
}

async function read(file: string, what: string, options: { private?: boolean } = {}): Promise<Buffer> {
  let handle;
  try {
    handle = await open(file, 'r');
    const stat = await handle.stat();
    if (!stat.isFile()) throw fault(file, `is not a file (${what})`, 'check the path in the inventory');
    if (stat.size > MAX_FILE_BYTES) throw fault(file, `is larger than ${MAX_FILE_BYTES} bytes (${what})`, 'check the path in the inventory');
    if (options.private === true && (stat.mode & 0o077) !== 0) {
      throw fault(file, `can be read by others than its owner (mode ${(stat.mode & 0o777).toString(8)})`, `run chmod 600 on it`);
    }
    return await handle.readFile();
  } catch (error) {
    if (error instanceof QkdError) throw error;
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown error';
    const reason = code === 'ENOENT' ? 'does not exist' : `cannot be read: ${code}`;
    throw fault(file, `${reason} (${what})`, 'check the path in the inventory', error);
  } finally {
    await handle?.close();
  }
}

const CERTIFICATE_BLOCK = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

function certificates(file: string, bytes: Buffer): X509Certificate[] {
  const blocks = pemText(file, bytes).match(CERTIFICATE_BLOCK) ?? [];
  if (blocks.length === 0) throw fault(file, 'holds no PEM certificate', 'check the path in the inventory');
  return blocks.map((block, index) => {
    try {
      return new X509Certificate(block);
    } catch (error) {
      throw fault(file, `certificate ${index + 1} is damaged`, 'copy the file again', error);
    }
  });
}

function pemText(file: string, bytes: Buffer): string {
  if (bytes.length === 0) throw fault(file, 'is empty', 'copy the file again');
  // An ASN.1 SEQUENCE: every DER certificate, DER key and PKCS#12 bundle begins with it.
  if (bytes[0] === 0x30) {
    throw fault(file, 'is DER or PKCS#12, not PEM', 'convert it with openssl x509 -inform der, openssl pkey -inform der or openssl pkcs12');
  }
  return bytes.toString('latin1');
}

function privateKey(file: string, bytes: Buffer): KeyObject {
  const text = pemText(file, bytes);
  if (/-----BEGIN ENCRYPTED PRIVATE KEY-----|^Proc-Type: 4,ENCRYPTED/m.test(text)) {
    throw fault(file, 'is encrypted with a passphrase', 'store the key without one (openssl pkey), mode 600: nobody can type it here');
  }
  if (!/-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----/.test(text)) throw fault(file, 'holds no PEM private key', 'check the path in the inventory');
  try {
    return createPrivateKey(bytes);
  } catch {
    // No cause: a parser's message about a private key stays here.
    throw fault(file, 'holds a damaged private key', 'copy the file again');
  }
}

function checkKeyBelongs(files: OwnFiles, chain: readonly X509Certificate[], key: KeyObject): void {
  const owner = chain.findIndex((certificate) => certificate.checkPrivateKey(key));
  if (owner === 0) return;
  if (owner > 0) {
    throw fault(files.certificateFile, `holds the client certificate at place ${owner + 1}`, 'put the client certificate first, then each issuer');
  }
  throw fault(files.keyFile, `does not belong to the certificate ${files.certificateFile}`, 'check that both files are from the same renewal');
}

function checkOrder(file: string, chain: readonly X509Certificate[]): void {
  chain.slice(1).forEach((issuer, index) => {
    if (chain[index]?.checkIssued(issuer) !== true) {
      throw fault(file, `certificate ${index + 2} did not issue certificate ${index + 1}`, 'put the client certificate first, then each issuer');
    }
  });
}

function checkDates(file: string, chain: readonly X509Certificate[], now: number): void {
  for (const [index, certificate] of chain.entries()) {
    const which = index === 0 ? '' : `: certificate ${index + 1}`;
    if (now > Date.parse(certificate.validTo)) {
      throw fault(file, `expired on ${day(certificate.validTo)}${which}`, 'issue a new client certificate');
    }
    if (now < Date.parse(certificate.validFrom)) {
      throw fault(file, `is not valid before ${day(certificate.validFrom)}${which}`, "check this machine's clock");
    }
  }
}

function day(date: string): string {
  return new Date(date).toISOString().replace('.000Z', 'Z');
}

function fault(file: string, reason: string, hint: string, cause?: unknown): QkdError {
  return new QkdError('certificate', `${file} ${reason}`, { hint, cause });
}
