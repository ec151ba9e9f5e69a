// PEM files (RFC 7468) as operators hand them over: certificates and private keys, read with suspicion and refused
// with what is wrong and what to do. A library says "bad decrypt" or nothing at all about most of these faults.
// Whether the certificates are right is for others to judge; key bytes leave here in a KeyObject only.

import { createPrivateKey, X509Certificate } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs';
import { systemReason } from './atomic-file.ts';
import { QkdError } from './errors.ts';

/** More than any chain; a larger file is none. */
const MAX_FILE_BYTES = 256 * 1024;

const HINT_PATH = 'check the path in the inventory';
const CHAIN_ORDER = 'put the client certificate first, then each issuer';

/**
 * The bytes of a PEM file. `what` names its content in messages; a private one must be open to its owner only.
 * Throws `certificate`; its cause is the system's error when the file cannot be opened.
 */
export async function readPemFile(file: string, what: string, options: { private?: boolean } = {}): Promise<Buffer> {
  let opened: number | undefined;
  try {
    // Without O_NONBLOCK a FIFO would hold the run up. Synchronous: a fleet reads thousands of these small files.
    opened = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK);
    const { mode, size } = fstatSync(opened);
    if ((mode & constants.S_IFMT) !== constants.S_IFREG) throw pemFault(file, `is not a file (${what})`, HINT_PATH);
    if (size > MAX_FILE_BYTES) throw pemFault(file, `is larger than ${MAX_FILE_BYTES} bytes (${what})`, HINT_PATH);
    if (options.private === true && (mode & 0o077) !== 0) {
      throw pemFault(file, `can be read by others than its owner (mode ${(mode & 0o777).toString(8)})`, 'run chmod 600 on it');
    }
    return readFileSync(opened);
  } catch (error) {
    if (error instanceof QkdError) throw error;
    const reason = (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'does not exist' : `cannot be read: ${systemReason(error)}`;
    throw pemFault(file, `${reason} (${what})`, HINT_PATH, error);
  } finally {
    if (opened !== undefined) closeSync(opened);
  }
}

/** True for `readPemFile`'s error about a file that does not exist. */
export function isMissingPemFile(error: unknown): boolean {
  return error instanceof QkdError && (error.cause as NodeJS.ErrnoException | undefined)?.code === 'ENOENT';
}

const CERTIFICATE_BLOCK = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/** Every certificate of a file's bytes, in its order. Throws `certificate`, also when there is none. */
export function pemCertificates(file: string, bytes: Buffer): X509Certificate[] {
  const text = pemText(file, bytes);
  const blocks = text.match(CERTIFICATE_BLOCK) ?? [];
  if (text.split('-----BEGIN CERTIFICATE-----').length - 1 > blocks.length) throw pemFault(file, 'holds a certificate that is cut short', 'copy the file again');
  if (blocks.length === 0) throw wrongBlock(file, 'certificate', bytes);
  return blocks.map((block, index) => {
    try {
      return new X509Certificate(block);
    } catch (error) {
      throw pemFault(file, `certificate ${index + 1} is damaged`, 'copy the file again', error);
    }
  });
}

const PRIVATE_KEY = /-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----/;

/** Whether there is a private key among what a file holds, encrypted or not. */
export function holdsPrivateKey(bytes: Buffer): boolean {
  return PRIVATE_KEY.test(bytes.toString('latin1'));
}

/** What to do about another kind of PEM block (RFC 7468 sections 5 to 13) than the wanted one, by its label. */
const REMEDIES: Readonly<Record<string, string>> = {
  'CERTIFICATE REQUEST': 'have it signed by the CA, and put the certificate here',
  'NEW CERTIFICATE REQUEST': 'have it signed by the CA, and put the certificate here',
  'TRUSTED CERTIFICATE': 'convert it with openssl x509',
  PKCS7: 'convert it with openssl pkcs7 -print_certs',
  CERTIFICATE: 'check whether the names of certificate and key are exchanged',
  'PRIVATE KEY': 'check whether the names of certificate and key are exchanged',
  'PUBLIC KEY': 'put the private key here',
};

function wrongBlock(file: string, wanted: string, bytes: Buffer): QkdError {
  const label = /-----BEGIN ([A-Z0-9 ]{1,40})-----/.exec(bytes.toString('latin1'))?.[1] ?? '';
  const remedy = REMEDIES[label];
  return pemFault(file, `holds no PEM ${wanted}${remedy === undefined ? '' : `, but a ${label}`}`, remedy ?? HINT_PATH);
}

/** The private key of a file's bytes. Throws `certificate`, also for an encrypted one. */
export function pemPrivateKey(file: string, bytes: Buffer): KeyObject {
  const text = pemText(file, bytes);
  if (/-----BEGIN ENCRYPTED PRIVATE KEY-----|^Proc-Type: 4,ENCRYPTED/m.test(text)) {
    throw pemFault(file, 'is encrypted with a passphrase', 'store the key without one (openssl pkey), mode 600: nobody can type it here');
  }
  if (/-----BEGIN OPENSSH \w+ KEY-----/.test(text)) {
    throw pemFault(file, 'is an SSH key, not a key of a certificate', 'name the private key that belongs to the certificate');
  }
  if (!PRIVATE_KEY.test(text)) throw wrongBlock(file, 'private key', bytes);
  try {
    return createPrivateKey(bytes);
  } catch {
    // No cause: a parser's message about a private key stays here.
    throw pemFault(file, 'holds a damaged private key', 'copy the file again');
  }
}

/**
 * Refuses a certificate file that does not begin with the certificate of `key`, and a chain out of order (RFC 8446
 * section 4.4.2: the own certificate first, then each issuer). Throws `certificate`.
 */
export function checkPair(files: { readonly certificateFile: string; readonly keyFile: string }, chain: readonly X509Certificate[], key: KeyObject): void {
  const owner = chain.findIndex((certificate) => certificate.checkPrivateKey(key));
  if (owner < 0) throw pemFault(files.keyFile, `does not belong to the certificate ${files.certificateFile}`, 'check that both files are from the same renewal');
  if (owner > 0) throw pemFault(files.certificateFile, `holds the client certificate at place ${owner + 1}`, CHAIN_ORDER);
  checkChainOrder(files.certificateFile, chain);
}

/** The second half of `checkPair`: each certificate after the first has issued the one before it. Throws `certificate`. */
export function checkChainOrder(file: string, chain: readonly X509Certificate[]): void {
  chain.slice(1).forEach((issuer, index) => {
    if (chain[index]?.checkIssued(issuer) !== true) throw pemFault(file, `certificate ${index + 2} did not issue certificate ${index + 1}`, CHAIN_ORDER);
  });
}

function pemText(file: string, bytes: Buffer): string {
  if (bytes.length === 0) throw pemFault(file, 'is empty', 'copy the file again');
  // An ASN.1 SEQUENCE: every DER certificate, DER key and PKCS#12 bundle begins with it.
  if (bytes[0] === 0x30) {
    throw pemFault(file, 'is DER or PKCS#12, not PEM', 'convert it with openssl x509 -inform der, openssl pkey -inform der or openssl pkcs12');
  }
  // A byte order mark of UTF-16: what an editor made of the text.
  if (/^(?:\xff\xfe|\xfe\xff)/.test(bytes.toString('latin1', 0, 2))) throw pemFault(file, 'is UTF-16 text, not PEM', 'save it as plain ASCII text');
  return bytes.toString('latin1');
}

/** `certificate`: "<file> <reason>". */
export function pemFault(file: string, reason: string, hint: string, cause?: unknown): QkdError {
  return new QkdError('certificate', `${file} ${reason}`, { hint, cause });
}
