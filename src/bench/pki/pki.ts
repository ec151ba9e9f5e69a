// A throw-away PKI for tests and the bench, made at run time: a CA for the KMEs, another for the SAEs, and
// certificates below them, in one folder, keys 0600. Which certificates are wrong in which way is
// wrong-certificates.ts. Written with our own X.509 writer; nothing of it is ever committed.

import { generateKeyPair, X509Certificate } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { AlternativeNames, CertificateKind } from '../../certificates/certificate-extensions.ts';
import { randomSerial, writeCertificate } from '../../certificates/write-certificate.ts';

export type KeyKind = 'rsa' | 'ec' | 'ed25519';

/** A certificate and its key as PEM files; `certificateFile` ends with the intermediate CA where there is one. */
export interface PairFiles {
  readonly certificateFile: string;
  readonly keyFile: string;
}

export interface Authority extends PairFiles {
  readonly certificate: X509Certificate;
  readonly privateKey: KeyObject;
  /** Sent along by the certificates below: PEM of an intermediate CA, '' for a root. */
  readonly chain: string;
}

export interface IssueOptions {
  /** File name without extension. */
  readonly file: string;
  readonly kind: CertificateKind;
  readonly commonName: string;
  readonly alternativeNames?: AlternativeNames;
  /** Days from the PKI's start; negative lies before it. */
  readonly fromDay?: number;
  readonly untilDay?: number;
  readonly keyKind?: KeyKind;
}

export interface Pki {
  readonly folder: string;
  /** Signs the KMEs' certificates. */
  readonly kmeCa: Authority;
  /** Signs the SAEs' certificates. */
  readonly clientCa: Authority;
  /** Server certificates for localhost, 127.0.0.1 and ::1, by KME name. */
  readonly kmes: ReadonlyMap<string, PairFiles>;
  /** Client certificates with CN = SAE ID, by SAE ID. */
  readonly saes: ReadonlyMap<string, PairFiles>;
  /** Names and addresses that the KMEs' certificates are for. */
  readonly names: AlternativeNames;
  /** Another self-signed CA. */
  authority(file: string, commonName: string): Promise<Authority>;
  /** One more certificate below `issuer`, self-signed without one; a new CA when the kind is `ca`. */
  issue(issuer: Authority | undefined, options: IssueOptions): Promise<Authority>;
}

export interface PkiOptions {
  readonly kmes: readonly string[];
  readonly saes: readonly string[];
  readonly keyKind?: KeyKind;
  /** What the KMEs' certificates are for; the loopback names unless told. */
  readonly names?: AlternativeNames;
  /** Days that the SAEs' certificates last from then on; a year unless told. */
  readonly saeDays?: number;
  /** Milliseconds since 1970, the present by default; certificates are valid from a day before it for a year (CAs: five). */
  readonly now?: number;
}

/** Where bench servers listen. */
export const LOOPBACK_NAMES: AlternativeNames = { dns: ['localhost'], ip: ['127.0.0.1', '::1'] };

const DAY = 86_400_000;

/** Makes `folder` and writes both CAs and every named KME's and SAE's certificate into it. */
export async function makePki(folder: string, given: PkiOptions): Promise<Pki> {
  const options = { now: Date.now(), ...given };
  const { names = LOOPBACK_NAMES } = given;
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const make = (issuer: Authority | undefined, what: IssueOptions): Promise<Authority> => issueInto(folder, options, issuer, what);
  const authority = (file: string, commonName: string): Promise<Authority> => make(undefined, { file, kind: 'ca', commonName });
  const kmeCa = await authority('kme-ca', 'bench KME CA');
  const clientCa = await authority('client-ca', 'bench SAE CA');

  const kmes = new Map<string, PairFiles>();
  for (const name of options.kmes) {
    kmes.set(name, await make(kmeCa, { file: name, kind: 'server', commonName: name, alternativeNames: names }));
  }
  const saes = new Map<string, PairFiles>();
  for (const [index, saeId] of options.saes.entries()) {
    // An SAE ID may hold characters that a file name may not.
    const file = /^[\w-]+$/.test(saeId) ? saeId : `sae-${index}`;
    saes.set(saeId, await make(clientCa, { file, kind: 'client', commonName: saeId, alternativeNames: saeNames(saeId), ...(options.saeDays === undefined ? {} : { untilDay: options.saeDays }) }));
  }
  return { folder, kmeCa, clientCa, kmes, saes, names, authority, issue: make };
}

/** The ETSI-014 reference implementation answers 500 to a client whose certificate has no alternative name. */
function saeNames(saeId: string): AlternativeNames {
  return { dns: /^[\x21-\x7e]{1,253}$/.test(saeId) ? [saeId] : [], ip: LOOPBACK_NAMES.ip ?? [] };
}

async function issueInto(folder: string, pki: Required<Pick<PkiOptions, 'now'>> & PkiOptions, issuer: Authority | undefined, what: IssueOptions): Promise<Authority> {
  const { publicKey, privateKey } = await keyPair(what.keyKind ?? pki.keyKind ?? 'ec');
  const text = await writeCertificate({
    kind: what.kind,
    commonName: what.commonName,
    publicKey,
    issuer: issuer === undefined ? { privateKey } : { privateKey: issuer.privateKey, certificate: issuer.certificate },
    serial: randomSerial(),
    notBefore: new Date(pki.now + (what.fromDay ?? -1) * DAY),
    notAfter: new Date(pki.now + (what.untilDay ?? (what.kind === 'ca' ? 1826 : 365)) * DAY),
    ...(what.alternativeNames === undefined ? {} : { alternativeNames: what.alternativeNames }),
  });
  const certificateFile = join(folder, `${what.file}.crt`);
  const keyFile = join(folder, `${what.file}.key`);
  await writeFile(certificateFile, text + (issuer?.chain ?? ''), { mode: 0o644 });
  await writeFile(keyFile, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
  const chain = what.kind === 'ca' && issuer !== undefined ? text + issuer.chain : '';
  return { certificateFile, keyFile, certificate: new X509Certificate(text), privateKey, chain };
}

async function keyPair(kind: KeyKind): Promise<{ publicKey: KeyObject; privateKey: KeyObject }> {
  const generate = promisify(generateKeyPair);
  if (kind === 'rsa') return generate('rsa', { modulusLength: 2048 });
  if (kind === 'ec') return generate('ec', { namedCurve: 'prime256v1' });
  return generate('ed25519', undefined);
}

