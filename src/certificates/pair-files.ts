// A client certificate and its key as files, of any usual kind (RSA, EC, Ed25519, with or without issuers): read,
// checked to belong together and to be usable for TLS, and described. Reading is node:crypto's work; the files' own
// faults are pem.ts, the judgement is verdict.ts.

import type { KeyObject, X509Certificate } from 'node:crypto';
import { createSecureContext } from 'node:tls';
import { isQkdError, oneLine } from '../errors.ts';
import { checkPair, holdsPrivateKey, isMissingPemFile, pemCertificates, pemFault, pemPrivateKey, readPemFile } from '../pem.ts';
import type { CertificateFacts, Demands, Verdict } from './verdict.ts';
import { verdictOn } from './verdict.ts';

export interface PairFiles {
  readonly certificateFile: string;
  readonly keyFile: string;
}

export interface Pair {
  /** The client's own, then the issuers that the file sends along. */
  readonly chain: readonly [X509Certificate, ...X509Certificate[]];
  readonly privateKey: KeyObject;
  /** As the files have them. */
  readonly certificateText: Buffer;
  readonly keyText: Buffer;
}

/** Reads a pair. Throws `certificate` with what is wrong. */
export async function readPair(files: PairFiles, options: { anyMode?: boolean } = {}): Promise<Pair> {
  const certificateText = await readPemFile(files.certificateFile, 'client certificate');
  // One file for both is for its owner only.
  if (holdsPrivateKey(certificateText)) await readPemFile(files.certificateFile, 'client certificate with its key', { private: true });
  const keyText = await readPemFile(files.keyFile, 'private key', { private: options.anyMode !== true });
  return pairOf(files, certificateText, keyText);
}

/** What may be shown to everybody: the certificates, without a key that stands in the same file. */
export function certificatesAlone({ chain, certificateText }: Pair): Buffer {
  return holdsPrivateKey(certificateText) ? Buffer.from(chain.map(String).join('')) : certificateText;
}

/** The same from bytes; `files` names them in messages. */
export function pairOf(files: PairFiles, certificateText: Buffer, keyText: Buffer): Pair {
  const chain = pemCertificates(files.certificateFile, certificateText);
  const privateKey = pemPrivateKey(files.keyFile, keyText);
  checkPair(files, chain, privateKey);
  checkSignatures(files, chain);
  checkUsable(files, certificateText, keyText);
  return { chain: chain as [X509Certificate, ...X509Certificate[]], privateKey, certificateText, keyText };
}

function checkSignatures({ certificateFile }: PairFiles, chain: readonly X509Certificate[]): void {
  chain.slice(1).forEach((issuer, index) => {
    if (chain[index]?.verify(issuer.publicKey) !== true) throw pemFault(certificateFile, `certificate ${index + 1} is not signed by certificate ${index + 2}`, 'issue it again');
    if (!issuer.ca) throw pemFault(certificateFile, `certificate ${index + 2} is no CA`, 'issue the client certificate below a CA');
  });
}

/**
 * Level 2 is what the connection to the KME uses: it refuses RSA below 2048 bits and SHA-1. No peer is judged here: an
 * empty list of CAs keeps Node from reading all its own, which takes as long as the start of Node.
 */
function checkUsable({ certificateFile }: PairFiles, cert: Buffer, key: Buffer): void {
  try {
    createSecureContext({ cert, key, ca: [], minVersion: 'TLSv1.2', ciphers: 'DEFAULT@SECLEVEL=2' });
  } catch (error) {
    const reason = error instanceof Error ? oneLine(error.message) : 'unknown';
    throw pemFault(certificateFile, `cannot be used for TLS: ${reason}`, 'issue a certificate with RSA 2048 or more, P-256 or Ed25519 and SHA-256', error);
  }
}

/** What a verdict needs to know; `known`: every CA certificate that may sign clients, undefined when there is none. */
export function factsOf(chain: Pair['chain'], known: readonly X509Certificate[] | undefined): CertificateFacts {
  const [own] = chain;
  const { keyUsage: extendedUsage } = own;
  const anchors = anchorsOf(chain, known ?? []);
  return {
    subject: nameOf(own.subject),
    issuer: nameOf(own.issuer),
    commonNames: commonNames(own),
    keyKind: keyKind(own.publicKey),
    serial: own.serialNumber,
    notBefore: Math.max(...chain.map(({ validFrom }) => Date.parse(validFrom))),
    notAfter: endOf(own),
    usableUntil: Math.min(...[...chain.map(endOf), ...(anchors.length === 0 ? [] : [Math.max(...anchors.map(endOf))])]),
    isCa: own.ca,
    forClients: extendedUsage === undefined || extendedUsage.length === 0 || extendedUsage.includes(CLIENT_AUTHENTICATION),
    maySign: maySign(own),
    trust: known === undefined ? 'not-checked' : anchors.length > 0 ? 'known' : 'unknown',
  };
}

/** As openssl's purpose sslclient has it: digitalSignature or keyAgreement. Node's keyUsage is the extended one. */
function maySign({ raw }: X509Certificate): boolean {
  const bits = /\x06\x03\x55\x1d\x0f(?:\x01\x01\xff)?\x04[\x03-\x05]\x03[\x02\x03][\x00-\x07]([^])/.exec(raw.toString('latin1'))?.[1];
  return bits === undefined || (bits.charCodeAt(0) & (DIGITAL_SIGNATURE | KEY_AGREEMENT)) !== 0;
}

// The first bits of the KeyUsage bit list (RFC 5280 section 4.2.1.3).
const DIGITAL_SIGNATURE = 0x80;
const KEY_AGREEMENT = 0x08;

/** Whether that CA has signed the client's certificate, or one of the issuers that its file sends along. */
export function isSignedBy({ chain }: Pick<Pair, 'chain'>, ca: X509Certificate): boolean {
  return chain.some((one) => one.checkIssued(ca) && one.verify(ca.publicKey));
}

const CLIENT_AUTHENTICATION = '1.3.6.1.5.5.7.3.2';

/**
 * The known CAs that the pair is below: several where one was issued again. The file may send along more issuers than are
 * needed to reach them.
 */
function anchorsOf(chain: Pair['chain'], known: readonly X509Certificate[]): X509Certificate[] {
  return known.filter((ca) => chain.some(({ raw }) => raw.equals(ca.raw)) || (ca.ca && isSignedBy({ chain }, ca)));
}

function endOf({ validTo }: X509Certificate): number {
  return Date.parse(validTo);
}

function commonNames(certificate: X509Certificate): string[] {
  const subject = certificate.toLegacyObject().subject as unknown as Record<string, string | string[] | undefined> | undefined;
  return [subject?.['CN'] ?? []].flat();
}

function nameOf(distinguishedName: string): string {
  return oneLine(distinguishedName.replaceAll('\n', ', '));
}

export function keyKind(key: KeyObject): string {
  const { asymmetricKeyType: type = 'unknown', asymmetricKeyDetails: details } = key;
  if (type === 'rsa' || type === 'rsa-pss') return `RSA ${details?.modulusLength ?? '?'}`;
  if (type === 'ec') return `EC ${details?.namedCurve ?? '?'}`;
  return type.replace(/^ed/, 'Ed');
}

export interface Inspection {
  readonly files: PairFiles;
  /** Undefined when the files cannot be used. */
  readonly pair: Pair | undefined;
  readonly facts: CertificateFacts | undefined;
  readonly verdict: Verdict;
  /** Odd but usable, each as part of a sentence. */
  readonly remarks: readonly string[];
}

/** Reads and judges a pair; never throws for what is wrong with it. */
export async function inspect(files: PairFiles, known: readonly X509Certificate[] | undefined, demands: Demands, options: { anyMode?: boolean } = {}): Promise<Inspection> {
  try {
    return inspectionOf(files, await readPair(files, options), known, demands);
  } catch (error) {
    if (!isQkdError(error, 'certificate')) throw error;
    const state = isMissingPemFile(error) ? 'missing' : 'unusable';
    return { files, pair: undefined, facts: undefined, verdict: { state, reason: error.message, hint: error.hint ?? '' }, remarks: [] };
  }
}

/** Judges a pair that has been read. */
export function inspectionOf(files: PairFiles, pair: Pair, known: readonly X509Certificate[] | undefined, demands: Demands): Inspection {
  const facts = factsOf(pair.chain, known);
  const remarks = [
    ...(facts.trust === 'not-checked' ? ['issuer not checked: no client-root-ca.crt in the certificate folder'] : []),
    ...(pair.certificateText.includes('\r\n') || pair.keyText.includes('\r\n') ? ['lines end with CRLF: usable, but copied as text from another system'] : []),
  ];
  return { files, pair, facts, verdict: verdictOn(facts, demands), remarks };
}
