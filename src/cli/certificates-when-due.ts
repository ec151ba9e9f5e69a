// What `run` does about certificates before it rotates: takes a pair that was laid beside, and when a check is due
// (certificates/schedule.ts) renews what needs it. A failure is told for its device and ends nothing: the rotation goes
// on with the pair in service as long as the KME takes it.

import { readLastCheck, lastCheckFile, writeLastCheck } from '../certificates/last-check-file.ts';
import type { Inspection } from '../certificates/pair-files.ts';
import { inspectService } from '../certificates/renewal.ts';
import { checkDue, wallClock } from '../certificates/schedule.ts';
import type { CertificateState } from '../certificates/verdict.ts';
import { asQkdError, QkdError, within } from '../errors.ts';
import type { Device, Inventory } from '../inventory/inventory.ts';
import { noProfile } from '../profile.ts';
import type { Run } from '../workflow/link-end.ts';
import type { RouterFiles } from '../workflow/ports.ts';
import type { Router } from '../workflow/router.ts';
import { signingAuthorities } from './certificate-authority.ts';
import { type CertificateAction, type CertificateResult, certificateRound, summary, takeWhatIsOffered } from './certificate-round.ts';
import { type CertificateWork, certificateWork } from './certificate-work.ts';

export interface WhenDue {
  readonly inventory: Inventory;
  readonly mode: 'onbox' | 'offbox';
  readonly run: Run;
  /** When the rotation needs the rest of the run's time, in milliseconds since 1970 UTC: nothing is begun after it. */
  readonly until: number;
  /** A router's files over the connection that the run shares, and its engines; undefined: there is none. */
  readonly site: (device: string) => { readonly files: RouterFiles | undefined; readonly router: Pick<Router, 'engines' | 'isBackup'> } | undefined;
  /** Takes one line that the operator should see. */
  readonly warn: (line: string) => void;
}

/** What became of one device's certificate in a run. */
export interface CertificateOutcome {
  readonly device: string;
  /** Of the pair in service afterwards; undefined: not looked at. */
  readonly verdict: CertificateState | undefined;
  readonly action: CertificateAction | 'not-due' | 'failed';
  readonly error: QkdError | undefined;
}

/** The certificates of one device in this run, at first call; further calls wait for the same. Never rejects. */
export function certificatesWhenDue(given: WhenDue): (device: Device) => Promise<CertificateOutcome> {
  const { inventory, mode, run, site } = given;
  const authorities = signingAuthorities(inventory, { clock: run.clock, log: run.log });
  const world = { inventory, mode, clock: run.clock, log: run.log, authorities, files: (device: string) => site(device)?.files };
  const looked = new Map<string, Promise<CertificateOutcome>>();
  return (device) => {
    const found = looked.get(device.name);
    if (found !== undefined) return found;
    const looking = (run.profile ?? noProfile).measure('certificates', { device: device.name }, () => whenDue(given, certificateWork(world, device)));
    looked.set(device.name, looking);
    return looking;
  };
}

interface Done extends Pick<CertificateOutcome, 'action' | 'error'> {
  /** Of the pair in service afterwards; undefined: not looked at, or it cannot be. */
  readonly inspection?: Inspection | undefined;
}

async function whenDue(given: WhenDue, work: CertificateWork): Promise<CertificateOutcome> {
  const { run } = given;
  const device = work.device.name;
  if (run.clock.now() > given.until) {
    run.log.write('WARNING', 'certificates', 'not looked at: no time is left for it in this run', { device });
    return { device, verdict: undefined, action: 'not-due', error: undefined };
  }
  const offered = await told(given, work, () => takenIfOffered(given, work));
  const checked = await told(given, work, () => deviceWhenDue(given, work));
  const quiet = checked.action === 'not-due' || checked.action === 'kept';
  const done = quiet && offered.action !== 'not-due' ? offered : checked;
  return { device, verdict: checked.inspection?.verdict.state, action: done.action, error: done.error ?? offered.error };
}

async function told(given: WhenDue, work: CertificateWork, look: () => Promise<Omit<Done, 'error'>>): Promise<Done> {
  try {
    return { ...(await look()), error: undefined };
  } catch (cause) {
    const error = asQkdError('certificates', cause);
    const inspection = await inspectService(work.subject, work.ports).catch(() => undefined);
    tell(given, work, error, inspection);
    return { action: 'failed', error, inspection };
  }
}

async function takenIfOffered({ mode, run }: WhenDue, work: CertificateWork): Promise<Omit<Done, 'error'>> {
  return { action: mode === 'onbox' && !run.dryRun && (await takeWhatIsOffered(work)) ? 'taken' : 'not-due' };
}

async function deviceWhenDue(given: WhenDue, work: CertificateWork): Promise<Omit<Done, 'error'>> {
  const { inventory, run } = given;
  const device = work.device.name;
  const file = lastCheckFile(inventory.paths.home, device);
  const last = await readLastCheck(file);
  const now = run.clock.now();
  const inspection = await inspectService(work.subject, work.ports);
  const { verdict } = inspection;
  const inOrder = verdict.state === 'valid';
  const due = checkDue({ now, wallNow: wallClock(now), last: last && { ...last, wallAt: wallClock(last.at) }, inOrder }, inventory.system.certificates);
  if (due === undefined) {
    if (!inOrder) run.log.write('WARNING', 'certificates', verdict.reason, { device, next_try: new Date((last?.at ?? now) + inventory.system.certificates.retry * 1000).toISOString() });
    return { action: 'not-due', inspection };
  }
  if (await isLeftToMaster(given, work)) return { action: 'not-due', inspection };
  run.log.write('INFO', 'certificates', 'check is due', { device, because: due });
  let succeeded = false;
  try {
    const done = await certificateRound(work, { force: false, dryRun: run.dryRun });
    run.log.write(done.action === 'kept' ? 'INFO' : 'NOTICE', 'certificates', done.action, { device, state: summary(done.inspection, run.clock.now()) });
    for (const warning of [...done.warnings, ...(await otherEngine(given, work, done))]) warnOf(given, work, warning);
    succeeded = true;
    return done;
  } finally {
    if (!run.dryRun) await writeLastCheck(file, { at: now, succeeded }).catch((cause: unknown) => run.log.write('WARNING', 'certificates', asQkdError('last check', cause).message));
  }
}

/** Where the inventory names both routing engines, the master renews for both: two CAs, or two pairs, would be one too many. */
async function isLeftToMaster({ mode, run, site }: WhenDue, { device, ports }: CertificateWork): Promise<boolean> {
  if (mode !== 'onbox' || ports.authorities === undefined || device.routingEngines.length === 0) return false;
  if ((await site(device.name)?.router.isBackup()) !== true) return false;
  run.log.write('INFO', 'certificates', 'left to the master routing engine', { device: device.name });
  return true;
}

/** A renewal on-box that a second routing engine does not hear of. */
async function otherEngine({ mode, site }: WhenDue, { device }: CertificateWork, { action }: CertificateResult): Promise<QkdError[]> {
  if (mode !== 'onbox' || action !== 'renewed' || device.routingEngines.length > 0) return [];
  const engines = await site(device.name)?.router.engines().catch(() => undefined);
  if (engines === undefined || engines.length < 2) return [];
  return [new QkdError('certificate', 'this router has a second routing engine, which has the former certificate', { hint: `give both addresses in devices.${device.name}.routing_engines` })];
}

/** One line and its hint, in the log and to the operator, and what it means for the rotation. */
function tell(given: WhenDue, work: CertificateWork, error: QkdError, inspection: Inspection | undefined): void {
  const until = usableUntil(inspection);
  // The operator's own that cannot be used at all: the rotation says so itself when it shows them to the KME.
  const isSaidLater = work.ports.authorities === undefined && until === undefined;
  warnOf(given, work, error, { more: until === undefined ? '' : `; the present one stays in service (until ${until})`, logOnly: isSaidLater });
}

function usableUntil(inspection: Inspection | undefined): string | undefined {
  if (inspection?.facts === undefined || !['valid', 'expiring', 'unknown-issuer'].includes(inspection.verdict.state)) return undefined;
  return new Date(inspection.facts.usableUntil).toISOString();
}

function warnOf({ run, warn }: WhenDue, work: CertificateWork, error: QkdError, { more, logOnly } = { more: '', logOnly: false }): void {
  const { message, code, hint } = within(`certificates of ${work.device.name}`, error);
  run.log.write('WARNING', 'certificates', `${message}${more}`, { device: work.device.name, code });
  if (run.dryRun || logOnly) return;
  warn(`warning: ${message}${more}`);
  if (hint !== undefined) warn(`hint: ${hint}`);
}
