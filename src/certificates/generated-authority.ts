// The CA that is generated on this machine, and its change. A new one is made long before the old one ends and is known
// at once (client-root-ca.crt holds both), so that the KMEs' operators can be given it in time; the old one keeps its key
// and can sign until the KMEs accept the new one (renewal.ts decides). Keys of CAs that have ended go at the next change.

import { X509Certificate } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import type { CertificateSettings } from '../inventory/inventory.ts';
import type { Log } from '../log.ts';
import { makeFolder } from '../atomic-file.ts';
import { isQkdError } from '../errors.ts';
import { isMissingPemFile, pemCertificates, pemFault, pemPrivateKey, readPemFile } from '../pem.ts';
import { authorityFiles, authorityOf, knownAuthorities, mergedBundle } from './authority-files.ts';
import { type Authority, makeAuthority } from './issue.ts';
import type { PairFiles } from './pair-files.ts';
import { otherGenerations, stagePair } from './pair-store.ts';
import { DAY } from './verdict.ts';

/** CAs that can sign: the newest, then the former ones that have not ended, the latest first. */
export type Authorities = readonly [Authority, ...Authority[]];

export interface AuthorityWish {
  readonly commonName: string;
  readonly settings: CertificateSettings;
  readonly now: number;
  /** A new CA although the present one would do. */
  readonly force: boolean;
  readonly log: Log;
}

/**
 * The CAs that are generated here; a new one is made when there is none, when it is `force`d or when the newest could
 * sign for less than half a client certificate's lifetime. Throws `certificate`, `file`; then all is as it was.
 */
export async function generatedAuthorities(folder: string, wish: AuthorityWish): Promise<Authorities> {
  const { settings, now, log } = wish;
  const files = authorityFiles(folder);
  const present = await presentAuthority(files, folder);
  if (present !== undefined && !wish.force && hasTime(present.certificates[0], settings, now)) {
    return [authorityOf(files, present.certificates, present.privateKey, now), ...(await formerAuthorities(files, present.certificates, now)).map(({ authority }) => authority)];
  }
  const made = await makeAuthority(wish.commonName, settings, now);
  const bundle = mergedBundle([new X509Certificate(made.certificate)], present?.certificates ?? [], now);
  makeFolder(folder, 0o755);
  const keep = (await formerAuthorities(files, bundle, now)).map(({ generation }) => generation);
  const staged = await stagePair(files, { certificate: bundle.map(String).join(''), key: made.key.revealBytes() }, now, keep);
  const authority = authorityOf(staged.files, bundle, pemPrivateKey(files.keyFile, made.key.revealBytes()), now);
  await staged.swapIn();
  made.key.wipe();
  log.write('NOTICE', 'certificates', 'CA generated', { subject: authority.certificate.subject, serial: authority.certificate.serialNumber, file: files.certificateFile });
  return [authority, ...(await formerAuthorities(files, bundle, now)).map((former) => former.authority)];
}

interface CaPair {
  /** The one that the key belongs to comes first. */
  readonly certificates: X509Certificate[];
  readonly privateKey: KeyObject;
}

async function presentAuthority(files: PairFiles, folder: string): Promise<CaPair | undefined> {
  const certificates = await knownAuthorities(folder);
  if (certificates === undefined) return undefined;
  try {
    return ownFirst(certificates, await keyOf(files));
  } catch (error) {
    if (!isMissingPemFile(error)) throw error;
    throw pemFault(files.certificateFile, `is there without its key ${files.keyFile}: nothing can be signed`, 'put the key of that CA beside it (another routing engine may have it), or set ca_cert.generate to false');
  }
}

async function keyOf({ keyFile }: PairFiles): Promise<KeyObject> {
  return pemPrivateKey(keyFile, await readPemFile(keyFile, 'private key of the CA', { private: true }));
}

function ownFirst(certificates: readonly X509Certificate[], privateKey: KeyObject): CaPair {
  const own = certificates.filter((one) => one.checkPrivateKey(privateKey));
  return { certificates: [...own, ...certificates.filter((one) => !own.includes(one))], privateKey };
}

/** Former CAs that can still sign, the latest first. One that a killed run has staged is in no bundle, and does not count. */
async function formerAuthorities(files: PairFiles, bundle: readonly X509Certificate[], now: number): Promise<{ generation: string; authority: Authority }[]> {
  const found = await Promise.all(
    (await otherGenerations(files)).map(async ({ name, files: pair }) => {
      try {
        const { certificates, privateKey } = ownFirst(pemCertificates(pair.certificateFile, await readPemFile(pair.certificateFile, 'former CA')), await keyOf(pair));
        const authority = authorityOf(pair, certificates, privateKey, now);
        return bundle.slice(1).some(({ raw }) => raw.equals(authority.certificate.raw)) ? [{ generation: name, authority }] : [];
      } catch (error) {
        if (isQkdError(error, 'certificate')) return [];
        throw error;
      }
    }),
  );
  return found.flat().sort((one, other) => Date.parse(other.authority.certificate.validFrom) - Date.parse(one.authority.certificate.validFrom));
}

function hasTime(certificate: X509Certificate | undefined, settings: CertificateSettings, now: number): boolean {
  return certificate !== undefined && Date.parse(certificate.validTo) - now >= (settings.lifetimeDays / 2) * DAY;
}
