// Certificates that a KME or an SAE must not accept, each wrong in exactly one way, and chains through an
// intermediate CA that are right. Written beside a PKI made by pki.ts.

import { writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { LOOPBACK_NAMES } from './pki.ts';
import type { Authority, IssueOptions, PairFiles, Pki } from './pki.ts';

export interface Variants {
  /** Right, but below an intermediate CA that the file sends along. */
  readonly chained: PairFiles;
  /** Below the intermediate CA, which the file does not send along. */
  readonly missingIntermediate: PairFiles;
  /** Below a CA of its own that nobody trusts. */
  readonly otherCa: PairFiles;
  readonly selfSigned: PairFiles;
  readonly expired: PairFiles;
  readonly notYetValid: PairFiles;
  /** Right CA, another name. */
  readonly otherName: PairFiles;
  /** Right CA, a certificate for the opposite end of TLS. */
  readonly otherPurpose: PairFiles;
}

/** Variants of a KME's certificate for localhost, by fault. */
export async function serverVariants(pki: Pki): Promise<Variants & { readonly commonNameOnly: PairFiles }> {
  const right: IssueOptions = { file: 'kme', kind: 'server', commonName: 'localhost', alternativeNames: LOOPBACK_NAMES };
  const variants = await variantsOf(pki, pki.kmeCa, right);
  const { alternativeNames: _, ...bare } = right;
  return { ...variants, commonNameOnly: await pki.issue(pki.kmeCa, { ...bare, file: 'kme-common-name-only' }) };
}

/** Variants of an SAE's client certificate, by fault. */
export async function clientVariants(pki: Pki, saeId: string): Promise<Variants> {
  return variantsOf(pki, pki.clientCa, { file: 'sae', kind: 'client', commonName: saeId });
}

async function variantsOf(pki: Pki, ca: Authority, right: IssueOptions): Promise<Variants> {
  const { file } = right;
  const issue = (suffix: string, more: Partial<IssueOptions>, issuer = ca): Promise<Authority> =>
    pki.issue(issuer, { ...right, ...more, file: `${file}-${suffix}` });
  const middle = await pki.issue(ca, { file: `${file}-intermediate`, kind: 'ca', commonName: `bench ${file} issuing CA` });
  const foreign = await pki.authority(`${file}-other-ca`, `bench ${file} foreign CA`);
  return {
    chained: await issue('chained', {}, middle),
    missingIntermediate: await withoutChain(pki, await issue('unchained', {}, middle)),
    otherCa: await issue('below-other-ca', {}, foreign),
    selfSigned: await pki.issue(undefined, { ...right, file: `${file}-self-signed` }),
    expired: await issue('expired', { fromDay: -30, untilDay: -1 }),
    notYetValid: await issue('not-yet-valid', { fromDay: 2 }),
    otherName: await issue('other-name', { commonName: 'elsewhere', ...(right.kind === 'server' ? { alternativeNames: { dns: ['elsewhere.example'] } } : {}) }),
    otherPurpose: await issue('other-purpose', { kind: right.kind === 'server' ? 'client' : 'server' }),
  };
}

async function withoutChain(pki: Pki, pair: Authority): Promise<PairFiles> {
  const certificateFile = join(pki.folder, `${basename(pair.keyFile, '.key')}-alone.crt`);
  await writeFile(certificateFile, pair.certificate.toString());
  return { certificateFile, keyFile: pair.keyFile };
}
