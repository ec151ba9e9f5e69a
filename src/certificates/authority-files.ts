// The CA of the client certificates on this machine: client-root-ca.crt, every CA that counts (during a change of CA the
// old and the new one), and client-root-ca.key, the key of the newest, only where it is generated here
// (generated-authority.ts). A CA that comes from elsewhere leaves its certificate here, never its key.

import { X509Certificate } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolder, writeFileAtomically } from '../atomic-file.ts';
import { QkdError } from '../errors.ts';
import { isMissingPemFile, pemCertificates, pemFault, readPemFile } from '../pem.ts';
import type { Authority } from './issue.ts';
import type { PairFiles } from './pair-files.ts';
import { utc } from './verdict.ts';

/** The original system's names. */
export const AUTHORITY_CERTIFICATE = 'client-root-ca.crt';
const AUTHORITY_KEY = 'client-root-ca.key';

/** CA files in the certificate folder. */
export function authorityFiles(folder: string): PairFiles {
  return { certificateFile: join(folder, AUTHORITY_CERTIFICATE), keyFile: join(folder, AUTHORITY_KEY) };
}

/** Every CA that is known here; undefined when there is no file. Throws `certificate`. */
export async function knownAuthorities(folder: string): Promise<X509Certificate[] | undefined> {
  const { certificateFile } = authorityFiles(folder);
  try {
    return pemCertificates(certificateFile, await readPemFile(certificateFile, 'client CA'));
  } catch (error) {
    if (isMissingPemFile(error)) return undefined;
    throw error;
  }
}

/** A CA that can sign, from its certificates (its own first) and its key. Throws `certificate`. */
export function authorityOf(place: PairFiles, certificates: readonly X509Certificate[], privateKey: KeyObject, now: number): Authority {
  const [certificate, ...others] = certificates as [X509Certificate, ...X509Certificate[]];
  if (certificate.ca && !certificate.checkPrivateKey(privateKey)) throw pemFault(place.keyFile, `does not belong to the CA certificate ${place.certificateFile}`, 'check that both are of the same CA, and that the CA certificate comes first');
  checkAuthority(place, certificate, now);
  return { certificate, privateKey, intermediates: intermediatesOf(certificate, others) };
}

/** Refuses what is no CA, or none at present. Throws `certificate`. */
export function checkAuthority(place: PairFiles, certificate: X509Certificate, now: number): void {
  const refuse = (reason: string, hint: string): QkdError => pemFault(place.certificateFile, reason, hint);
  if (!certificate.ca) throw refuse('is no CA certificate', 'put the CA certificate first in the file');
  if (now >= Date.parse(certificate.validTo)) throw refuse(`expired on ${utc(Date.parse(certificate.validTo))}`, 'make a new CA where this one comes from (ca_cert.generate: qkd-macsec certs ca --force)');
  if (now < Date.parse(certificate.validFrom)) throw refuse(`is not valid before ${utc(Date.parse(certificate.validFrom))}`, "check this machine's clock");
}

function intermediatesOf(certificate: X509Certificate, others: readonly X509Certificate[]): X509Certificate[] {
  const chain: X509Certificate[] = [];
  for (let last = certificate; !isSelfSigned(last); ) {
    const issuer = others.find((one) => last.checkIssued(one) && last.verify(one.publicKey));
    chain.push(last);
    if (issuer === undefined || chain.includes(issuer)) break;
    last = issuer;
  }
  return chain;
}

function isSelfSigned(certificate: X509Certificate): boolean {
  return certificate.checkIssued(certificate) && certificate.verify(certificate.publicKey);
}

/** Both, without what has ended and without repetition. */
export function mergedBundle(first: readonly X509Certificate[], others: readonly X509Certificate[], now: number): X509Certificate[] {
  const all = [...first, ...others].filter((one) => now < Date.parse(one.validTo));
  return all.filter((one, index) => all.findIndex((other) => other.raw.equals(one.raw)) === index);
}

/** Puts CA certificates that came from elsewhere before those known; true when that changed anything. Throws `file`, `certificate`. */
export async function rememberAuthorities(folder: string, certificates: readonly X509Certificate[], now: number): Promise<boolean> {
  const known = (await knownAuthorities(folder)) ?? [];
  const bundle = mergedBundle(certificates, known, now);
  if (bundle.length === known.length && bundle.every((one, index) => one.raw.equals((known[index] as X509Certificate).raw))) return false;
  makeFolder(folder, 0o755);
  await writeFileAtomically(authorityFiles(folder).certificateFile, bundle.map(String).join(''), 0o644);
  return true;
}

/** Adds the CA certificates that someone has laid beside the known ones (`client-root-ca.crt.new`). Throws `certificate`, `file`. */
export async function rememberOffered(folder: string, now: number): Promise<void> {
  const offered = `${authorityFiles(folder).certificateFile}.new`;
  let bytes: Buffer;
  try {
    bytes = await readPemFile(offered, 'client CA');
  } catch (error) {
    if (isMissingPemFile(error)) return;
    throw error;
  }
  await rememberAuthorities(folder, pemCertificates(offered, bytes), now);
  await rm(offered, { force: true });
}
