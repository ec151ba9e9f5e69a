// Carries out method key-chain at one end of a link: looks, asks the planner (rotation/plan-key-chain.ts),
// does the one thing it says, and looks again until the planner is done. Key bytes that were fetched are held
// here, in memory, until they are installed or the run ends. A step that fails is told to the planner, which
// knows what else is worth doing; the failure is the run's result when the planner ends with it.

import { QkdError, asQkdError, isQkdError } from '../errors.ts';
import type { Action, Fetch, Install } from '../rotation/action.ts';
import { planKeyChain } from '../rotation/plan-key-chain.ts';
import type { Observation } from '../rotation/observation.ts';
import { WAITS, keyChainReport } from './key-chain-report.ts';
import { fetchKeys, installKeys, moveKey, publishKeys, standInKeys, withdrawKeys } from './key-chain-steps.ts';
import { type LinkEndWork, identity, leftToMaster, waitUntil } from './link-end.ts';
import { refuseChainKey } from './link-keys.ts';
import { type KeyChainLook, type KeyChainMemory, observeKeyChain, spelt, standInFor } from './observe-key-chain.ts';
import type { KmeKey } from './ports.ts';
import type { LinkReport } from './report.ts';
import { rotatePreSharedKey } from './rotate-pre-shared-key.ts';

/** Looks of one run: one a second for the longest interval's waits would be fewer. A plan that never ends is a fault of ours. */
const MAX_STEPS = 4000;

type Step = Exclude<Action, { kind: 'done' | 'wait' }>;

/** What one run holds and has done on a link. */
interface KeyChainRun extends KeyChainMemory {
  readonly held: Map<string, KmeKey>;
  soFar: KeyChainMemory['soFar'];
  lastError: QkdError | undefined;
}

/**
 * Rotates this end once, within the run's budget. A missing connectivity association is configured together
 * with the first key when `mayInitialise`. Throws QkdError; nothing is then half-applied.
 */
export async function rotateKeyChain(work: LinkEndWork, mayInitialise: boolean): Promise<LinkReport> {
  const run: KeyChainRun = {
    held: new Map(),
    soFar: { fetched: [], refused: [], installed: [], confirmed: [], withdrawn: [], moved: false, lastCommitAt: undefined, failures: [] },
    readings: new Map(),
    spellings: new Map(),
    unusable: new Map(),
    seenLive: new Set(),
    kmes: new Map(),
    silentSince: undefined,
    views: new WeakMap(),
    lastError: undefined,
  };
  try {
    for (let steps = 0; ; steps += 1) {
      const look = await observeKeyChain(work, run).catch((error: unknown) => Promise.reject(whatEndedSession(run.lastError, error)));
      work.run.witness?.look(look.observation, look.sessions);
      checkAssociation(work, look, mayInitialise);
      const action = work.run.dryRun ? planAfterPublication(look.observation) : planKeyChain(look.observation);
      work.run.log.write('DEBUG', 'plan', action.kind, { ...place(work), ...('why' in action ? { why: action.why } : {}), ...('reason' in action ? { reason: action.reason } : {}) });
      if (action.kind === 'done' && action.reason === 'key-not-shared') return await rotatePreSharedKey(work, mayInitialise);
      if (action.kind === 'done') return keyChainReport(work, run, { look, done: action, error: run.lastError });
      if (steps === MAX_STEPS) throw new QkdError('internal', `router ${work.site.device.name}: link ${work.link.name}: not done after ${MAX_STEPS} steps, next: ${action.kind}`);
      if (action.kind === 'wait' && work.run.dryRun) return { ...identity(work), outcome: 'unchanged', reason: `dry run: would wait ${WAITS[action.why]}` };
      if (action.kind === 'wait') await work.run.clock.sleep(action.until - work.run.clock.now());
      else if (action.kind !== 'publish' && (await work.site.router.isBackup())) return leftToMaster(work);
      else if (work.run.dryRun) return await rehearse(work, look, action);
      else await attempt(work, run, { look, action });
    }
  } finally {
    for (const { key } of run.held.values()) key.wipe();
  }
}

/** Where a log line is about. */
function place(work: LinkEndWork): { link: string; device: string } {
  return { link: work.link.name, device: work.site.device.name };
}

/** The next step but publications: a dry run makes none, and shows what would come after them. */
function planAfterPublication(observation: Observation): Action {
  const { now, run } = observation;
  const action = planKeyChain(observation);
  if (action.kind !== 'publish' && action.kind !== 'confirm') return action;
  const confirmed = action.kind === 'confirm' ? [...run.confirmed, ...action.keyIds] : run.confirmed;
  return planAfterPublication({ ...observation, ownRecord: { writtenAt: now, keys: action.keys }, run: { ...run, confirmed } });
}

/** A session that a step has ended is missed at the next look: how it ended says more than that it is not there. */
function whatEndedSession(ofStep: QkdError | undefined, ofLook: unknown): unknown {
  return isQkdError(ofLook, 'netconf-closed') && isQkdError(ofStep, 'netconf-closed', 'netconf-protocol', 'deadline', 'outcome-unknown') ? ofStep : ofLook;
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
    const error = asQkdError(action.kind, cause);
    work.run.log.write('WARNING', action.kind, error.message, place(work));
    run.lastError = error;
    run.soFar = { ...run.soFar, failures: [...run.soFar.failures, action.kind] };
  }
}

async function step(work: LinkEndWork, run: KeyChainRun, { look, action }: { look: KeyChainLook; action: Step }): Promise<void> {
  if (action.kind === 'fetch') return takeIn(work, run, { look, action });
  if (action.kind === 'publish' || action.kind === 'confirm') {
    const method = look.observation.configuration.binding === 'pre-shared-key' ? 'pre-shared-key' : 'key-chain';
    await publishKeys(work, action.keys.map((key) => ({ ...key, keyId: spelt(run, key.keyId) })), method);
    if (action.kind === 'confirm') run.soFar = { ...run.soFar, confirmed: [...run.soFar.confirmed, ...action.keyIds] };
    return;
  }
  if (action.kind === 'install') await install(work, run, { look, action });
  else if (action.kind === 'withdraw') {
    await withdrawKeys(work, action, false);
    run.soFar = { ...run.soFar, withdrawn: [...run.soFar.withdrawn, ...action.keys] };
    for (const key of action.keys) work.run.log.write('NOTICE', 'key', 'withdrawn', { ...place(work), key_ID: spelt(run, key.keyId), reason: key.reason });
  } else {
    await moveKey(work, action, false);
    run.soFar = { ...run.soFar, moved: true };
    work.run.log.write('NOTICE', 'method', `moved to ${action.to}`, place(work));
  }
  run.soFar = { ...run.soFar, lastCommitAt: work.run.clock.now() };
}

async function takeIn(work: LinkEndWork, run: KeyChainRun, { look, action }: { look: KeyChainLook; action: Fetch }): Promise<void> {
  // An end whose record cannot be used can confirm no key: drawing one would only use it up.
  const [unusable] = run.unusable.values();
  if (unusable !== undefined) return anotherLook(work, unusable);
  const { keys, refused } = await fetchKeys(work, action.call === 'enc_keys' ? action : { ...action, keyIds: action.keyIds.map((keyId) => spelt(run, keyId)) }, run.kmes);
  const { chain } = look.observation.configuration;
  const named = (keyId: string): string => standInFor(work, run, keyId);
  for (const key of keys) {
    await refuseChainKey(work, key, chain);
    run.held.set(named(key.keyId), key);
  }
  run.soFar = { ...run.soFar, fetched: [...run.soFar.fetched, ...keys.map((key) => named(key.keyId))], refused: [...run.soFar.refused, ...refused.map(named)] };
}

/** After a change of every end's inventory the others' records fit within this run's wait; after that, throws `unusable`. */
async function anotherLook(work: LinkEndWork, unusable: QkdError): Promise<void> {
  const { clock, settings } = work.run;
  const left = waitUntil(work.run) - clock.now();
  if (left <= 0) throw unusable;
  await clock.sleep(Math.min(settings.rotation.poll * 1000, left));
}

async function install(work: LinkEndWork, run: KeyChainRun, { look, action }: { look: KeyChainLook; action: Install }): Promise<void> {
  await installKeys(work, action.keys, { isFirst: isFirstKey(look), held: run.held, dryRun: false });
  for (const { keyId, slot, startTime } of action.keys) {
    run.held.get(keyId)?.key.wipe();
    run.held.delete(keyId);
    work.run.log.write('NOTICE', 'key', 'installed', { ...place(work), key_ID: spelt(run, keyId), slot, start_time: new Date(startTime).toISOString() });
  }
  run.soFar = { ...run.soFar, installed: [...run.soFar.installed, ...action.keys.map((key) => key.keyId)] };
}

/** The connectivity association has no key of any kind, or is not there yet. */
function isFirstKey({ observation }: KeyChainLook): boolean {
  return observation.configuration.binding === 'none';
}

/** --dry-run: the router checks and compares what the next step would commit, with stand-in keys; nothing is drawn, committed or published. */
async function rehearse(work: LinkEndWork, look: KeyChainLook, action: Step): Promise<LinkReport> {
  const said = { ...identity(work), outcome: 'unchanged' } as const;
  if (action.kind === 'withdraw') return { ...said, reason: 'dry run: would withdraw keys', difference: (await withdrawKeys(work, action, true)).difference };
  if (action.kind === 'move') return { ...said, reason: `dry run: would move to ${action.to}`, difference: (await moveKey(work, action, true)).difference };
  if (action.kind !== 'fetch') throw new QkdError('internal', `nothing to rehearse of ${action.kind}`);
  const keys = standInKeys(work, action);
  const next = planAfterPublication({ ...look.observation, run: { ...look.observation.run, fetched: keys.map((key) => key.keyId) } });
  if (next.kind !== 'install') return { ...said, reason: 'dry run: would fetch a key' };
  const held = new Map(keys.map((key) => [key.keyId, key]));
  const { difference } = await installKeys(work, next.keys, { isFirst: isFirstKey(look), held, dryRun: true });
  return { ...said, reason: 'dry run: would install a key (shown with a stand-in key_ID)', difference };
}
