// Carries out method key-chain at one end of a link: looks, asks the planner (rotation/plan-key-chain.ts),
// does the one thing it says, and looks again until the planner is done. Key bytes that were fetched are held
// here, in memory, until they are installed or the run ends. A step that fails is told to the planner, which
// knows what else is worth doing; the failure is the run's result when the planner ends with it.

import { QkdError, within } from '../errors.ts';
import type { Action, Done, DoneReason, Fetch, Install } from '../rotation/action.ts';
import { planKeyChain } from '../rotation/plan-key-chain.ts';
import { remarks } from '../rotation/remarks.ts';
import { keyChainCkn } from './key-material.ts';
import { type Placement, fetchKeys, installDocument, installKeys, moveKey, publishKeys, standInKeys, withdrawKeys } from './key-chain-steps.ts';
import { type LinkEndWork, commitLog, identity } from './link-end.ts';
import { type KeyChainLook, type KeyChainMemory, observeKeyChain } from './observe-key-chain.ts';
import type { KmeKey } from './ports.ts';
import type { LinkReport } from './report.ts';

type Step = Exclude<Action, { kind: 'done' | 'wait' }>;

/** What one run holds and has done on a link. */
interface KeyChainRun extends KeyChainMemory {
  readonly held: Map<string, KmeKey>;
  run: KeyChainMemory['run'];
  lastError: QkdError | undefined;
}

/**
 * Rotates this end once, within the run's budget. A missing connectivity association is configured together
 * with the first key when `mayInitialise`. Throws QkdError; nothing is then half-applied.
 */
export async function rotateKeyChain(work: LinkEndWork, mayInitialise: boolean): Promise<LinkReport> {
  const run: KeyChainRun = {
    held: new Map(),
    run: { fetched: [], refused: [], installed: [], confirmed: [], withdrawn: [], moved: false, lastCommitAt: undefined, failures: [] },
    readings: new Map(),
    silentSince: undefined,
    lastError: undefined,
  };
  try {
    for (;;) {
      const look = await observeKeyChain(work, run);
      checkAssociation(work, look, mayInitialise);
      const action = planKeyChain(work.run.dryRun ? asPublished(look) : look.observation);
      work.run.log.write('DEBUG', 'plan', action.kind, { link: work.link.name, device: work.site.device.name, ...('why' in action ? { why: action.why } : {}), ...('reason' in action ? { reason: action.reason } : {}) });
      if (action.kind === 'done') return report(work, look, { done: action, error: run.lastError });
      if (action.kind === 'wait' && work.run.dryRun) return { ...identity(work), outcome: 'unchanged', reason: `dry run: would wait: ${action.why}` };
      if (action.kind === 'wait') await work.run.clock.sleep(action.until - work.run.clock.now());
      else if (work.run.dryRun) return await rehearse(work, look, action);
      else await attempt(work, run, { look, action });
    }
  } finally {
    for (const { key } of run.held.values()) key.wipe();
  }
}

/** A dry run publishes nothing, so it must not be told that it should. */
function asPublished({ observation }: KeyChainLook): KeyChainLook['observation'] {
  const { ownRecord, now } = observation;
  return { ...observation, ownRecord: ownRecord === undefined ? undefined : { ...ownRecord, writtenAt: now } };
}

function checkAssociation(work: LinkEndWork, { association }: KeyChainLook, mayInitialise: boolean): void {
  const { link, site } = work;
  const wrong = (what: string, hint: string): QkdError => new QkdError('link', `router ${site.device.name}: connectivity association ${link.connectivityAssociation} ${what}`, { hint });
  if (association === undefined && !mayInitialise) throw wrong('is not configured', 'run qkd-macsec init');
  if (association?.keyChain !== undefined && association.keyChain !== link.keyChain) throw wrong(`uses key chain ${association.keyChain}, the inventory says ${link.keyChain}`, 'set key_chain of the link in the inventory');
  if (association?.securityMode !== undefined && association.securityMode !== 'static-cak') throw wrong(`has security-mode ${association.securityMode}`, 'this program rotates static-cak associations only');
}

/** One step; its failure is remembered for the planner. */
async function attempt(work: LinkEndWork, run: KeyChainRun, given: { look: KeyChainLook; action: Step }): Promise<void> {
  const { look, action } = given;
  try {
    await step(work, run, { look, action });
  } catch (cause) {
    const error = cause instanceof QkdError ? cause : within(action.kind, cause);
    work.run.log.write('WARNING', action.kind, error.message, { link: work.link.name, device: work.site.device.name });
    run.lastError = error;
    run.run = { ...run.run, failures: [...run.run.failures, action.kind] };
  }
}

async function step(work: LinkEndWork, run: KeyChainRun, { look, action }: { look: KeyChainLook; action: Step }): Promise<void> {
  if (action.kind === 'fetch') return takeIn(work, run, { look, action });
  if (action.kind === 'publish' || action.kind === 'confirm') {
    await publishKeys(work, action.keys, look.observation.configuration.binding === 'pre-shared-key' ? 'pre-shared-key' : 'key-chain');
    if (action.kind === 'confirm') run.run = { ...run.run, confirmed: [...run.run.confirmed, ...action.keyIds] };
    return;
  }
  if (action.kind === 'install') await install(work, run, { look, action });
  else if (action.kind === 'withdraw') {
    await withdrawKeys(work, action, false);
    run.run = { ...run.run, withdrawn: [...run.run.withdrawn, ...action.keys] };
    for (const key of action.keys) work.run.log.write('NOTICE', 'key', 'withdrawn', { link: work.link.name, device: work.site.device.name, key_ID: key.keyId, reason: key.reason });
  } else {
    await moveKey(work, action, false);
    run.run = { ...run.run, moved: true };
    work.run.log.write('NOTICE', 'method', `moved to ${action.to}`, { link: work.link.name, device: work.site.device.name });
  }
  run.run = { ...run.run, lastCommitAt: work.run.clock.now() };
}

async function takeIn(work: LinkEndWork, run: KeyChainRun, { look, action }: { look: KeyChainLook; action: Fetch }): Promise<void> {
  const { keys, refused } = await fetchKeys(work, action);
  const { chain } = look.observation.configuration;
  for (const key of keys) {
    if (chain.some(({ ckn }) => ckn === keyChainCkn(work, key.keyId))) {
      throw new QkdError('kme-answer', `KME ${work.site.kme.name}: key_ID ${key.keyId} is in the key chain already`, { hint: 'a KME must deliver every key once: ask its operator' });
    }
    run.held.set(key.keyId, key);
  }
  run.run = { ...run.run, fetched: [...run.run.fetched, ...keys.map((key) => key.keyId)], refused: [...run.run.refused, ...refused] };
}

async function install(work: LinkEndWork, run: KeyChainRun, { look, action }: { look: KeyChainLook; action: Install }): Promise<void> {
  await installKeys(work, action, placement(look, run.held));
  for (const { keyId, slot, startTime } of action.keys) {
    run.held.get(keyId)?.key.wipe();
    run.held.delete(keyId);
    work.run.log.write('NOTICE', 'key', 'installed', { link: work.link.name, device: work.site.device.name, key_ID: keyId, slot, start_time: new Date(startTime).toISOString() });
  }
  run.run = { ...run.run, installed: [...run.run.installed, ...action.keys.map((key) => key.keyId)] };
}

function placement(look: KeyChainLook, held: ReadonlyMap<string, KmeKey>): Placement {
  return { isFirst: look.observation.configuration.binding === 'none', held, offset: undefined };
}

/** --dry-run: the router checks and compares what the next step would commit, with stand-in keys; nothing is drawn, committed or published. */
async function rehearse(work: LinkEndWork, look: KeyChainLook, action: Step): Promise<LinkReport> {
  const said = { ...identity(work), outcome: 'unchanged' } as const;
  if (action.kind === 'withdraw') return { ...said, reason: 'dry run: would withdraw keys', difference: (await withdrawKeys(work, action, true)).difference };
  if (action.kind === 'move') return { ...said, reason: `dry run: would move to ${action.to}`, difference: (await moveKey(work, action, true)).difference };
  if (action.kind !== 'fetch') return { ...said, reason: 'dry run: would publish the record only' };
  const keys = standInKeys(work, action);
  const observation = { ...asPublished(look), run: { ...look.observation.run, fetched: keys.map((key) => key.keyId) } };
  const next = planKeyChain(observation);
  if (next.kind !== 'install') return { ...said, reason: 'dry run: would fetch a key' };
  const document = installDocument(work, next.keys, placement(look, new Map(keys.map((key) => [key.keyId, key]))));
  const { difference } = await work.site.router.exclusive(() => work.site.router.change({ document, log: commitLog(work, 'dry run'), dryRun: true }));
  return { ...said, reason: 'dry run: would install a key (shown with a stand-in key_ID)', difference };
}

const REASONS: Record<DoneReason, string> = {
  rotated: 'new key installed and confirmed by all ends',
  installed: 'new key installed; not every end has confirmed it yet',
  confirmed: 'key confirmed by all ends',
  withdrawn: 'key withdrawn before it was used on one end only',
  moved: 'moved to the other method with the key in use',
  'not-due': 'the newest key needs no successor yet',
  'awaiting-slaves': 'waiting for the slaves to install the key',
  'awaiting-master': 'waiting for the master to confirm the key',
  draining: 'the scheduled keys run out before the link moves to pre-shared-key',
  'backup-routing-engine': 'this is the backup routing engine',
  'inactive-configuration': 'the connectivity association is deactivated',
  'mka-suspended': 'MKA is suspended for a routing engine switchover',
  'clock-difference': 'the clocks are too far apart',
  'ring-full': 'no slot of the key chain may be overwritten',
  'out-of-time': 'the time of this run is used up',
  'step-failed': 'a step failed',
};

function report(work: LinkEndWork, { observation, sessions }: KeyChainLook, ended: { done: Done; error: QkdError | undefined }): LinkReport {
  const { done, error } = ended;
  for (const { reason, text } of remarks(observation)) work.run.log.write('NOTICE', reason, text, { link: work.link.name, device: work.site.device.name });
  if (done.outcome === 'failed') throw failureOf(work, done.reason, error);
  const ours = observation.configuration.chain.filter((key) => key.keyId !== undefined && key.startTime !== undefined);
  const newest = ours.sort((a, b) => (a.startTime ?? 0) - (b.startTime ?? 0)).at(-1);
  const mka = [...new Set(sessions.map((session) => session.state ?? 'state not shown'))].join(', ') || 'no session';
  work.run.log.write('NOTICE', 'mka', mka, { link: work.link.name, device: work.site.device.name });
  return {
    ...identity(work),
    outcome: done.outcome,
    reason: REASONS[done.reason],
    keyId: newest?.keyId,
    ckn: newest?.ckn,
    startTime: newest?.startTime === undefined ? undefined : new Date(newest.startTime).toISOString(),
    mka,
  };
}

function failureOf(work: LinkEndWork, reason: DoneReason, error: QkdError | undefined): QkdError {
  const where = `router ${work.site.device.name}: link ${work.link.name}`;
  if (reason === 'clock-difference') return new QkdError('clock', `${where}: ${REASONS[reason]}`, { hint: 'check NTP on all routers of the link: show system uptime' });
  if (reason === 'step-failed' && error !== undefined) return error;
  return new QkdError('link', `${where}: ${REASONS[reason]}`, { hint: 'see the log; keys of other origin in the chain take up slots' });
}
