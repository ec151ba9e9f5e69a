// Renews one device's client certificate: a new pair beside the old, checked (files, names, chain, the KMEs themselves),
// then swapped in as one (pair-store.ts). Whatever fails leaves the former pair in service. A new CA signs from the
// moment that the KMEs accept it; until then the former CA does, as long as it lasts. Where the CAs come from and how a
// KME is asked are ports; whether a renewal is due was decided before.

import type { X509Certificate } from 'node:crypto';
import { QkdError, within } from '../errors.ts';
import type { CertificateSettings } from '../inventory/inventory.ts';
import type { Log } from '../log.ts';
import type { Authorities } from './generated-authority.ts';
import { type Authority, canSign, makeClient } from './issue.ts';
import { type KmeQuestion, proofOf } from './kme-proof.ts';
import { type Inspection, inspect, isSignedBy, type PairFiles } from './pair-files.ts';
import { type PairTexts, type StagedPair, stagePair } from './pair-store.ts';
import { type CertificateState, DAY, type Demands } from './verdict.ts';

export interface RenewalSubject {
  readonly device: string;
  readonly saeId: string;
  /** The files in service. */
  readonly files: PairFiles;
}

export interface RenewalPorts {
  readonly now: () => number;
  readonly log: Log;
  readonly settings: CertificateSettings;
  /** CA certificates that are known here; undefined when there are none. */
  readonly known: () => Promise<readonly X509Certificate[] | undefined>;
  /** The CAs that can sign, the newest first; undefined: certificates are the operator's, they are only checked. */
  readonly authorities: (() => Promise<Authorities>) | undefined;
  /** One for each KME of the device; none when there is nothing to ask about. */
  readonly askKmes: readonly KmeQuestion[];
}

export interface Renewal {
  /** The pair in service now. */
  readonly inspection: Inspection;
  /** Why the newest CA has not signed it. */
  readonly notByNewest?: QkdError | undefined;
}

/** The pair in service, judged. */
export async function inspectService(subject: RenewalSubject, ports: RenewalPorts): Promise<Inspection> {
  return inspect(subject.files, await ports.known(), demandsOf(subject, ports));
}

export function demandsOf({ saeId }: RenewalSubject, { now, settings }: RenewalPorts): Demands {
  return { now: now(), minValidDays: settings.minValidDays, saeId };
}

/**
 * Makes a new pair and puts it in service: signed by the newest CA that the KMEs accept. Throws `certificate`, `file` and
 * what the CA and the KMEs say of the newest; then nothing has changed.
 */
export async function renew(subject: RenewalSubject, ports: RenewalPorts): Promise<Renewal> {
  if (ports.authorities === undefined) {
    throw new QkdError('certificate', 'nothing to sign with: ca_server has neither fetch nor generate', { hint: 'put a new certificate in place by hand, or set one of them' });
  }
  const [newest, ...others] = await ports.authorities();
  const former = others.filter((authority) => canSign(authority, ports.settings, ports.now()));
  let notByNewest: QkdError | undefined;
  for (const [place, authority] of [newest, ...former].entries()) {
    try {
      return { inspection: await signedBy(authority, subject, ports, place < former.length ? 'accepted' : 'best'), notByNewest };
    } catch (error) {
      if (!(error instanceof QkdError) || error.code === 'file') throw error;
      notByNewest ??= error;
    }
  }
  throw notByNewest;
}

/**
 * Moves a pair that is in order over to the newest CA, if the KMEs accept that. Undefined: it is of that CA. The error
 * says why it is not moved yet. Throws what the CA says, and `file`.
 */
export async function moveToNewest(subject: RenewalSubject, ports: RenewalPorts, { pair }: Inspection): Promise<Inspection | QkdError | undefined> {
  const [newest] = (await ports.authorities?.()) ?? [];
  if (newest === undefined || pair === undefined) return undefined;
  if (isSignedBy(pair, newest.certificate)) return undefined;
  try {
    return await signedBy(newest, subject, ports, 'accepted');
  } catch (error) {
    if (!(error instanceof QkdError) || error.code === 'file') throw error;
    return error;
  }
}

async function signedBy(authority: Authority, subject: RenewalSubject, ports: RenewalPorts, terms: Terms): Promise<Inspection> {
  const made = await makeClient(subject.saeId, authority, ports.settings, ports.now());
  try {
    return await putInService(subject, { certificate: made.certificate, key: made.key.revealBytes() }, ports, terms);
  } finally {
    made.key.wipe();
  }
}

/** `accepted`: a pair of another issuer than the former one's is taken only when every KME accepts it; `best`: also when there is nothing better. */
export type Terms = 'accepted' | 'best';

/** Stages, checks and swaps in. Throws as `renew`. */
export async function putInService(subject: RenewalSubject, pair: PairTexts, ports: RenewalPorts, terms: Terms = 'best'): Promise<Inspection> {
  const former = await inspectService(subject, ports);
  const staged = await stagePair(subject.files, pair, ports.now());
  let doubt: string | undefined;
  try {
    doubt = await checkStaged(subject, staged, ports, { former, terms });
    await staged.swapIn();
  } catch (error) {
    await staged.discard();
    throw error;
  }
  const inspection = await inspectService(subject, ports);
  const { facts, verdict } = inspection;
  if (!['valid', 'expiring'].includes(verdict.state)) throw new QkdError('certificate', `swapped in, and changed by someone else at once: ${verdict.reason}`, { hint: 'find out what else writes there, then renew (qkd-macsec certs renew --force)' });
  ports.log.write('NOTICE', 'certificates', 'new client certificate in service', { device: subject.device, subject: facts?.subject, issuer: facts?.issuer, serial: facts?.serial, not_after: facts === undefined ? undefined : new Date(facts.notAfter).toISOString() });
  return doubt === undefined ? inspection : { ...inspection, remarks: [...inspection.remarks, `not proven at the KME: ${doubt}`] };
}

/** A pair in one of these states can still be shown to a KME: it is not given up for one that the KME refuses. */
const STILL_USABLE: readonly CertificateState[] = ['valid', 'expiring', 'unknown-issuer'];

/** Resolves to why the pair may be taken although no KME has proven it; undefined: a KME has, or there is none to ask. */
async function checkStaged(subject: RenewalSubject, staged: StagedPair, ports: RenewalPorts, { former, terms }: { former: Inspection; terms: Terms }): Promise<string | undefined> {
  const { verdict, facts } = await inspect(staged.files, await ports.known(), demandsOf(subject, ports));
  if (!['valid', 'expiring'].includes(verdict.state)) throw new QkdError('certificate', `new certificate: ${verdict.reason}`, { hint: verdict.hint });
  if (ports.askKmes.length === 0 && terms === 'best') return undefined;
  const proof = await proofOf(staged.files, ports.askKmes);
  if (proof.state === 'accepted' || (proof.state === 'partly' && terms === 'best')) return undefined;
  const refused = proof.state === 'refused';
  const known = STILL_USABLE.includes(former.verdict.state) && former.facts?.issuer === facts?.issuer;
  const keepsFormer = STILL_USABLE.includes(former.verdict.state) && (refused || !lastsLessThanADay(former, ports.now()));
  const isEnough = known ? !refused : terms === 'best' && !keepsFormer;
  if (!isEnough) throw withKmeHint(within('new certificate not taken into service', proof.error), refused);
  ports.log.write(refused ? 'WARNING' : 'NOTICE', 'certificates', 'new certificate not proven at the KME', { device: subject.device, reason: proof.error.message });
  return proof.error.message;
}

/** Then a certificate that no KME could be asked about is better than one that is sure to end. */
function lastsLessThanADay({ facts }: Inspection, now: number): boolean {
  return facts !== undefined && facts.usableUntil - now < DAY;
}

function withKmeHint(error: QkdError, refused: boolean): QkdError {
  const hint = refused ? "give the KME's operator the new CA (qkd-macsec certs export)" : 'see that the KME can be reached: a certificate of a new CA is only taken when the KME accepts it';
  return new QkdError(error.code, error.message, { hint, cause: error.cause });
}
