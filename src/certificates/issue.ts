// Makes CAs and client certificates with new keys. What stands in them is write-certificate.ts; the dates follow the
// settings: back-dated for clocks that are behind, and never beyond the issuer's end.

import { generateKeyPair, randomBytes } from 'node:crypto';
import type { KeyObject, X509Certificate } from 'node:crypto';
import { promisify } from 'node:util';
import { QkdError } from '../errors.ts';
import type { CertificateSettings, ClientKeyKind } from '../inventory/inventory.ts';
import { Secret } from '../secret.ts';
import { DAY, utc } from './verdict.ts';
import { randomSerial, writeCertificate } from './write-certificate.ts';

/** A CA that can sign. */
export interface Authority {
  readonly certificate: X509Certificate;
  readonly privateKey: KeyObject;
  /** Its issuers up to, but without, a self-signed one: sent along by the clients' certificates. */
  readonly intermediates: readonly X509Certificate[];
}

/** PEM texts, ready to be written. */
export interface MadePair {
  readonly certificate: string;
  readonly key: Secret;
}

/** A self-signed CA; `commonName` gets eight random digits, so that the names of successive CAs differ. */
export async function makeAuthority(commonName: string, settings: CertificateSettings, now: number): Promise<MadePair> {
  // RSA, whatever the clients have: every KME can verify it.
  const keys = await newKeys(settings.key === 'ec-p256' ? 'rsa-2048' : settings.key);
  const certificate = await writeCertificate({
    kind: 'ca',
    commonName: `${commonName} ${randomBytes(4).toString('hex')}`,
    publicKey: keys.publicKey,
    issuer: { privateKey: keys.privateKey },
    serial: randomSerial(),
    notBefore: new Date(now - settings.backdate * 1000),
    notAfter: new Date(now + settings.caLifetimeDays * DAY),
    pathLength: 0,
  });
  return { certificate, key: pem(keys.privateKey) };
}

/**
 * A client certificate for `saeId` with a new key, followed by the issuer's intermediates. Throws `certificate` when the
 * CA ends before the certificate would have `minValidDays`, or the SAE ID is too long for a common name.
 */
export async function makeClient(saeId: string, authority: Authority, settings: CertificateSettings, now: number): Promise<MadePair> {
  if (saeId.length > 64) {
    throw new QkdError('certificate', `SAE ID ${saeId} is longer than the 64 characters of a common name (RFC 5280 appendix A)`, { hint: 'choose a shorter sae_id' });
  }
  const notAfter = Math.min(now + settings.lifetimeDays * DAY, endOf(authority));
  if (!canSign(authority, settings, now)) {
    throw new QkdError('certificate', `the CA ends on ${utc(endOf(authority))}: too soon for a new client certificate`, { hint: 'make a new CA where this one comes from (ca_cert.generate: qkd-macsec certs ca --force) and give it to the operator of the KME' });
  }
  const starts = [authority.certificate, ...authority.intermediates].map(({ validFrom }) => Date.parse(validFrom));
  const keys = await newKeys(settings.key);
  const certificate = await writeCertificate({
    kind: 'client',
    commonName: saeId,
    publicKey: keys.publicKey,
    issuer: { privateKey: authority.privateKey, certificate: authority.certificate },
    serial: randomSerial(),
    notBefore: new Date(Math.max(now - settings.backdate * 1000, ...starts)),
    notAfter: new Date(notAfter),
    ...(settings.subjectAlternativeName ? { alternativeNames: { dns: [saeId] } } : {}),
  });
  return { certificate: certificate + authority.intermediates.map(String).join(''), key: pem(keys.privateKey) };
}

/** Whether what it signs now would last for the minimum. */
export function canSign(authority: Authority, settings: CertificateSettings, now: number): boolean {
  return endOf(authority) - now >= settings.minValidDays * DAY;
}

function endOf({ certificate, intermediates }: Authority): number {
  return Math.min(...[certificate, ...intermediates].map(({ validTo }) => Date.parse(validTo)));
}

/** By node:crypto, in a thread of its own: node-forge would block the program for seconds. */
async function newKeys(kind: ClientKeyKind): Promise<{ publicKey: KeyObject; privateKey: KeyObject }> {
  const generate = promisify(generateKeyPair);
  if (kind === 'ec-p256') return generate('ec', { namedCurve: 'prime256v1' });
  return generate('rsa', { modulusLength: Number(kind.slice('rsa-'.length)) });
}

function pem(key: KeyObject): Secret {
  return Secret.ofText(key.export({ type: 'pkcs8', format: 'pem' }) as string);
}
