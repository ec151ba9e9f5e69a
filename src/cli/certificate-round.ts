// One look at the certificate of one device, with what follows from it: renewing, moving over to a new CA, and keeping
// the copies the same: off-box the router's, on-box the other routing engine's where the inventory names both. The newest
// good pair wins; the operator's own are only looked at.

import { existsSync } from 'node:fs';
import { authorityFiles, knownAuthorities, rememberOffered } from '../certificates/authority-files.ts';
import { takeOffered } from '../certificates/offered-pair.ts';
import { certificatesAlone, type Inspection, inspectionOf, isSignedBy } from '../certificates/pair-files.ts';
import { demandsOf, inspectService, moveToNewest, putInService, renew } from '../certificates/renewal.ts';
import { DAY, daysLeft } from '../certificates/verdict.ts';
import { inStep, isQkdError, QkdError, within } from '../errors.ts';
import type { RouterFiles } from '../workflow/ports.ts';
import { generatesAuthority } from './certificate-authority.ts';
import { type CertificateWork, checkOwnFiles, withRouterFiles } from './certificate-work.ts';
import { getFromRouter, otherOwner, putOnRouter, type RouterCopy } from './router-copy.ts';

export type CertificateAction = 'kept' | 'renewed' | 'taken' | 'would-renew';

export interface CertificateResult {
  readonly device: string;
  readonly action: CertificateAction;
  /** The pair in service afterwards. */
  readonly inspection: Inspection;
  /** What the operator has to see to, although all is in order now. */
  readonly warnings: readonly QkdError[];
  /** Certificate files on the router that its next run takes into service. */
  readonly waiting: readonly string[];
}

export interface RoundWish {
  /** Renew what is still valid. */
  readonly force: boolean;
  /** Change nothing. */
  readonly dryRun: boolean;
}

/** Throws what kept the certificate from being right; the former pair is in service then. */
export async function certificateRound(work: CertificateWork, wish: RoundWish): Promise<CertificateResult> {
  if (work.ports.authorities === undefined) {
    const inspection = await inspectService(work.subject, work.ports);
    if (inspection.verdict.state !== 'valid' || wish.force) throw new QkdError('certificate', wrongWith(inspection, wish.force), { hint: 'put a new certificate in place by hand, or set fetch or generate in ca_server' });
    return result(work, 'kept', inspection);
  }
  checkOwnFiles(work);
  const hasCopies = work.world.mode === 'offbox' || work.device.routingEngines.length > 0;
  return wish.dryRun || !hasCopies ? ownRound(work, wish) : withRouterFiles(work, (engines) => roundWithCopies(work, wish, engines));
}

function wrongWith({ verdict, files }: Inspection, force: boolean): string {
  if (verdict.state === 'valid' && force) return 'nothing to sign with: ca_server has neither fetch nor generate';
  return verdict.state === 'unusable' || verdict.state === 'missing' ? verdict.reason : `${files.certificateFile} ${verdict.reason}`;
}

async function ownRound(work: CertificateWork, wish: RoundWish): Promise<CertificateResult> {
  const inspection = await inspectService(work.subject, work.ports);
  if (inspection.verdict.state === 'valid' && !wish.force) return wish.dryRun ? result(work, 'kept', inspection) : keptOrMoved(work, inspection);
  if (wish.dryRun) return result(work, 'would-renew', inspection);
  const { inspection: renewed, notByNewest } = await renew(work.subject, work.ports);
  return result(work, 'renewed', renewed, { warnings: notByNewest === undefined ? [] : [within('signed by the former CA', notByNewest)] });
}

/** A pair in order stays so whatever comes of a new CA: why it is not moved over is told, and tried again at the next check. */
async function keptOrMoved(work: CertificateWork, present: Inspection): Promise<CertificateResult> {
  if (!looksAtCa(work, present) && !(await serverHasOther(work, present))) return result(work, 'kept', present);
  const moved = await moveToNewest(work.subject, work.ports, present).catch((error: unknown) => {
    if (isQkdError(error)) return error;
    throw error;
  });
  if (moved === undefined) return result(work, 'kept', present);
  return moved instanceof QkdError ? result(work, 'kept', present, { warnings: [within('the newest CA is not in use yet', moved)] }) : result(work, 'renewed', moved);
}

/** Where a CA is made here it is looked after before it is needed: the KMEs' operators need time to learn of a new one. */
function looksAtCa({ world: { inventory }, ports }: CertificateWork, { facts }: Inspection): boolean {
  if (!generatesAuthority(inventory) || facts === undefined) return false;
  return existsSync(authorityFiles(inventory.paths.certificates).keyFile) || facts.usableUntil - ports.now() < (ports.settings.lifetimeDays / 2) * DAY;
}

/**
 * A CA that has changed on the CA server is taken as soon as that is seen: the former one's key is not to be had any more.
 * One that was issued again with the same key is only made known.
 */
async function serverHasOther({ world: { inventory, authorities } }: CertificateWork, { pair }: Inspection): Promise<boolean> {
  const certificate = await authorities?.onServer?.();
  if (certificate === undefined || certificate instanceof QkdError || pair === undefined) return false;
  if (!isSignedBy(pair, certificate)) return true;
  return (await knownAuthorities(inventory.paths.certificates))?.some(({ raw }) => raw.equals(certificate.raw)) !== true;
}

/** A routing engine's files with what was found there; a copy that cannot be used is replaced, an engine out of reach is not written to. */
interface Engine {
  readonly files: RouterFiles;
  readonly copy: RouterCopy | undefined;
  readonly failure: QkdError | undefined;
}

async function lookAt(work: CertificateWork, files: RouterFiles): Promise<Engine> {
  try {
    return { files, copy: await getFromRouter(work, files), failure: undefined };
  } catch (error) {
    if (!(error instanceof QkdError)) throw error;
    return { files, copy: undefined, failure: error.code === 'certificate' ? undefined : error };
  }
}

/** An engine that cannot be reached is told of when our own pair and the other engine have been seen to. */
async function roundWithCopies(work: CertificateWork, wish: RoundWish, routerFiles: readonly RouterFiles[]): Promise<CertificateResult> {
  const engines = await Promise.all(routerFiles.map((files) => lookAt(work, files)));
  const better = wish.force ? [] : await Promise.all(engines.map(async ({ copy }) => (copy !== undefined && (await isBetter(work, copy)) ? copy : undefined)));
  const copy = better.find((one) => one !== undefined);
  const done = copy === undefined ? await ownRound(work, wish) : await takeCopy(work, copy);
  const [waiting, failures]: [string[], QkdError[]] = [[], engines.flatMap(({ failure }) => failure ?? [])];
  for (const engine of engines.filter(({ failure }) => failure === undefined)) {
    try {
      waiting.push(...(await sameOn(work, engine, done.inspection)));
    } catch (error) {
      if (!(error instanceof QkdError)) throw error;
      failures.push(error);
    }
  }
  const [failure] = failures;
  if (failure !== undefined) throw work.world.mode === 'offbox' ? within('copy on the router', failure) : betweenEngines(work, failure);
  const stranger = waiting.length > 0 ? otherOwner(work) : undefined;
  return { ...done, waiting, warnings: stranger === undefined ? done.warnings : [...done.warnings, stranger] };
}

function betweenEngines({ world: { inventory } }: CertificateWork, failure: QkdError): QkdError {
  const error = within('copies on both routing engines', failure);
  if (error.code !== 'ssh-authentication') return error;
  return new QkdError(error.code, error.message, { hint: `let this router's own SSH key log in as ${inventory.login.username} (set system login user ${inventory.login.username} authentication)`, cause: failure });
}

/** Puts our pair on an engine that has another. Resolves to the certificate file that waits there to be taken. */
async function sameOn(work: CertificateWork, { files, copy }: Engine, { pair }: Inspection): Promise<string[]> {
  if (pair === undefined) return [];
  if (copy?.pair?.chain[0].raw.equals(pair.chain[0].raw) === true) return copy.isWaiting ? [copy.place.certificateFile] : [];
  const put = await putOnRouter(work, files, { pair, isEmpty: copy?.isEmpty === true });
  return copy?.isEmpty === true ? [] : [put];
}

async function isBetter(work: CertificateWork, { pair, place }: RouterCopy): Promise<boolean> {
  if (pair === undefined) return false;
  const theirs = inspectionOf(place, pair, await work.ports.known(), demandsOf(work.subject, work.ports));
  if (theirs.verdict.state !== 'valid') return false;
  const ours = await inspectService(work.subject, work.ports);
  return ours.verdict.state !== 'valid' || (ours.facts?.notBefore ?? 0) < (theirs.facts?.notBefore ?? 0);
}

async function takeCopy(work: CertificateWork, { pair }: RouterCopy): Promise<CertificateResult> {
  if (pair === undefined) throw new Error('no pair to take');
  return result(work, 'taken', await putInService(work.subject, { certificate: certificatesAlone(pair), key: pair.keyText }, work.ports));
}

/** On-box, in every run: takes what the management host or the other routing engine has laid beside. Throws when it cannot be used. */
export async function takeWhatIsOffered(work: CertificateWork): Promise<boolean> {
  await rememberOffered(work.world.inventory.paths.certificates, work.ports.now());
  return inStep('pair laid beside', () => takeOffered(work.subject, work.ports));
}

function result({ device }: CertificateWork, action: CertificateAction, inspection: Inspection, more: { warnings?: readonly QkdError[] } = {}): CertificateResult {
  return { device: device.name, action, inspection, warnings: more.warnings ?? [], waiting: [] };
}

/** "5 days left" or what is wrong, for one line. */
export function summary({ facts, verdict }: Inspection, now: number): string {
  return facts === undefined || verdict.state !== 'valid' ? verdict.reason : `${daysLeft(facts, now)} days left`;
}
