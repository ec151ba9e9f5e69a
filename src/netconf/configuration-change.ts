// A configuration change as one unit: take a candidate, refuse it when it is not clean, load, compare,
// commit, give it back, whatever happens in between. The candidate is private by default; a confirmed
// commit, or a router without private mode, takes the exclusive lock on the shared one. Someone else's
// uncommitted changes are never committed along and never discarded. A request goes out before the reply to
// the one before it only where it is right whatever that reply says.

import { QkdError, isQkdError } from '../errors.ts';
import type { Log } from '../log.ts';
import type { ChangeResult, ConfigurationChange } from '../workflow/ports.ts';
import { withPatience } from './lock-patience.ts';
import { closeConfiguration } from './operations/close-configuration.ts';
import { commitConfiguration, type CommitOptions } from './operations/commit-configuration.ts';
import { compareConfiguration, getConfiguration } from './operations/get-configuration.ts';
import { loadConfiguration, rollbackCandidate } from './operations/load-configuration.ts';
import { lockConfiguration } from './operations/lock-configuration.ts';
import { openPrivateConfiguration } from './operations/open-configuration.ts';
import { unlockConfiguration } from './operations/unlock-configuration.ts';
import type { XmlElement } from '../xml.ts';
import type { Rpc } from './rpc.ts';

export interface ChangeSettings {
  readonly rpc: Rpc;
  readonly isOpen: () => boolean;
  /** Closes the session, which frees every lock and private candidate it holds. */
  readonly abandon: (reason: string) => Promise<void>;
  readonly log: Log;
  readonly lockWaitSeconds: number;
  readonly lockPollSeconds: number;
  readonly commitTimeoutSeconds: number;
}

/**
 * Makes one change. Throws configuration-locked or configuration-modified after `lockWaitSeconds`,
 * load-failed, commit-failed, outcome-unknown, permission-denied, and what a broken session throws.
 */
export function changeConfiguration(settings: ChangeSettings, change: ConfigurationChange): Promise<ChangeResult> {
  const { log, confirmMinutes, synchronize, readBack } = change;
  const exclusive = confirmMinutes !== undefined;
  return withPatience(settings, () =>
    inCandidate(settings, exclusive, async (candidate) => {
      candidate.changed = true;
      const [, difference] = await Promise.all([loadConfiguration(settings.rpc, change.document), compareConfiguration(settings.rpc)]);
      if (difference === '') return { changed: false, difference };
      change.stillTimely?.();
      if (change.dryRun === true) return { changed: true, difference };
      return { changed: true, difference, configuration: await commit(settings, candidate, { log, confirmMinutes, synchronize, readBack }) };
    }),
  );
}

/**
 * Confirms an earlier change made with `confirmMinutes`: a commit of nothing, under the lock. Throws like a
 * change. A router whose time was up has rolled back and answers just the same: read back afterwards.
 */
export function confirmConfiguration(settings: ChangeSettings, options: Pick<CommitOptions, 'log' | 'synchronize'>): Promise<void> {
  return withPatience(settings, () => inCandidate(settings, true, async (candidate) => void (await commit(settings, candidate, options))));
}

interface Candidate {
  readonly mode: 'private' | 'exclusive';
  /** True while it holds changes of ours that are not committed. */
  changed: boolean;
  /** A private one is of no use after its commit, whatever became of that: it is given back at once. */
  closing?: Promise<void>;
}

/** Resolves to what is committed then, as far as `readBack` asks for it and the router has told. */
async function commit(settings: ChangeSettings, candidate: Candidate, options: CommitOptions & Pick<ConfigurationChange, 'readBack'>): Promise<XmlElement | undefined> {
  const { rpc, isOpen, abandon, commitTimeoutSeconds } = settings;
  if (!isOpen()) throw new QkdError('netconf-closed', 'commit-configuration: not sent, the session has ended');
  const committed = commitConfiguration(rpc, options, commitTimeoutSeconds);
  let reading: Promise<XmlElement | undefined> = Promise.resolve(undefined);
  if (candidate.mode === 'private') {
    candidate.closing = closeConfiguration(rpc);
    candidate.closing.catch(() => undefined);
    if (options.readBack !== undefined) reading = getConfiguration(rpc, options.readBack).catch(() => undefined);
  }
  try {
    await committed;
  } catch (error) {
    // A rollback 0 now could only hide what happened; the end of the session frees the lock.
    if (isQkdError(error, 'outcome-unknown')) await abandon('the outcome of a commit is unknown');
    throw error;
  }
  candidate.changed = false;
  return reading;
}

async function inCandidate<T>(settings: ChangeSettings, exclusive: boolean, work: (candidate: Candidate) => Promise<T>): Promise<T> {
  const candidate = await openCandidate(settings, exclusive);
  let result: T;
  try {
    // A private candidate begins as what is committed, and nobody else can put anything into it.
    if (candidate.mode === 'exclusive') await requireClean(settings);
    result = await work(candidate);
  } catch (error) {
    await release(settings, candidate, true);
    throw error;
  }
  await release(settings, candidate, false);
  return result;
}

async function openCandidate({ rpc, log }: ChangeSettings, exclusive: boolean): Promise<Candidate> {
  if (!exclusive && (await openPrivateConfiguration(rpc))) return { mode: 'private', changed: false };
  if (!exclusive) log.write('INFO', 'netconf', 'no private candidate on this router: taking the exclusive lock');
  await lockConfiguration(rpc);
  return { mode: 'exclusive', changed: false };
}

/** Junos refuses to lock a dirty candidate, in words that depend on the release; the comparison does not. */
async function requireClean({ rpc }: ChangeSettings): Promise<void> {
  if ((await compareConfiguration(rpc)) === '') return;
  throw new QkdError('configuration-modified', 'the candidate holds uncommitted changes of someone else', {
    hint: 'commit or roll back what `show | compare` lists in configuration mode on the router',
  });
}

/** Never throws: what went wrong first, or the success of the commit, is what the caller has to know. */
async function release(settings: ChangeSettings, candidate: Candidate, failed: boolean): Promise<void> {
  if (!settings.isOpen()) return;
  try {
    if (candidate.mode === 'exclusive' && candidate.changed) await rollbackCandidate(settings.rpc);
    await (candidate.mode === 'exclusive' ? unlockConfiguration(settings.rpc) : (candidate.closing ?? closeConfiguration(settings.rpc)));
  } catch (error) {
    settings.log.write('WARNING', 'netconf', 'the candidate could not be given back in order', {
      mode: candidate.mode,
      error: error instanceof Error ? error.message : String(error),
    });
    // After a success the caller still wants to read back over this session; its end frees the lock then.
    if (failed || candidate.changed) await settings.abandon('its candidate could not be given back');
  }
}
