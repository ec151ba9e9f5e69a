// The run lock: one run at a time, because nothing stops Junos from starting a second event script while
// the first still runs. The lock file names its holder's pid and start; a holder that is gone (crash,
// reboot, reused pid) does not hold it. Created by link(2) with its content, so that it is never seen
// half-written.

import { randomBytes } from 'node:crypto';
import { linkSync, readFileSync, renameSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileError, makeFolder } from '../atomic-file.ts';
import { QkdError } from '../errors.ts';

export interface LockHolder {
  readonly pid: number;
  /** UTC, ISO 8601. */
  readonly started_at: string;
  /** Kernel's start time of the process; undefined where the kernel does not show it. */
  readonly process_start: string | undefined;
  /** Started by the router's syslog between two ticks: over soon. */
  readonly repair: boolean;
}

export interface LockWish {
  readonly file: string;
  readonly pid: number;
  /** Milliseconds since 1970 UTC. */
  readonly now: number;
  /** Milliseconds that no run can exceed: an older lock belongs to another process that got the same pid. */
  readonly longestRun: number;
  readonly repair?: boolean;
}

/**
 * Takes the lock or throws run-locked with who holds it (file when the folder cannot be written). Returns
 * the function that gives it back; that one never throws and never removes a lock that is not its own.
 */
export function takeRunLock(wish: LockWish): () => void {
  const content = `${JSON.stringify({ pid: wish.pid, started_at: new Date(wish.now).toISOString(), process_start: processStart(wish.pid), repair: wish.repair === true })}\n`;
  for (let attempt = 0; attempt < 5; attempt += 1) {
    if (create(wish.file, content)) return releaseOf(wish.file, content);
    const found = read(wish.file);
    if (found === undefined) continue;
    const holder = holderOf(found);
    if (holder !== undefined && isRunning(holder, wish)) throw held(wish, holder);
    removeStale(wish.file, found);
  }
  throw new QkdError('run-locked', `run lock ${wish.file} changes hands too fast`, { hint: 'run again' });
}

/** Who holds the lock now; undefined when nobody does, or it cannot be read. Takes nothing, removes nothing. */
export function lockHolder(look: Omit<LockWish, 'pid'>): LockHolder | undefined {
  try {
    const holder = holderOf(readFileSync(look.file, 'utf8'));
    return holder !== undefined && isRunning(holder, look) ? holder : undefined;
  } catch {
    return undefined;
  }
}

function create(file: string, content: string): boolean {
  const draft = `${file}.${randomBytes(6).toString('hex')}`;
  makeFolder(dirname(file), 0o700);
  try {
    writeFileSync(draft, content, { mode: 0o600, flag: 'wx' });
    linkSync(draft, file);
    return true;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw fileError('write run lock', file, cause);
  } finally {
    // On a full disk the draft is there, empty: it must not stay, once every run.
    rmSync(draft, { force: true });
  }
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw fileError('read run lock', file, cause);
  }
}

/** A lock that a power loss left empty or damaged names nobody. */
function holderOf(content: string): LockHolder | undefined {
  try {
    const value = JSON.parse(content) as Partial<LockHolder>;
    if (!Number.isSafeInteger(value.pid) || (value.pid as number) < 1 || Number.isNaN(Date.parse(value.started_at ?? ''))) return undefined;
    return { pid: value.pid as number, started_at: value.started_at as string, process_start: value.process_start, repair: value.repair === true };
  } catch {
    return undefined;
  }
}

function isRunning(holder: LockHolder, wish: Omit<LockWish, 'pid'>): boolean {
  if (!isAlive(holder.pid)) return false;
  const start = processStart(holder.pid);
  if (start !== undefined && holder.process_start !== undefined) return start === holder.process_start;
  return Math.abs(wish.now - Date.parse(holder.started_at)) < wish.longestRun;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Field 22 of Linux's /proc/PID/stat with the boot's ID: the same pid after a reboot is another process. */
function processStart(pid: number): string | undefined {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) /s, '').split(' ');
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()}/${fields[19]}`;
  } catch {
    return undefined;
  }
}

/** Moves the stale lock away; if it was replaced in between, the new one is put back. */
function removeStale(file: string, seen: string): void {
  const aside = `${file}.${randomBytes(6).toString('hex')}`;
  try {
    renameSync(file, aside);
    if (readFileSync(aside, 'utf8') !== seen) linkSync(aside, file);
    unlinkSync(aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT' && (error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

/** Gives the lock back once: when called, or at the end of a process that somebody ends. */
function releaseOf(file: string, content: string): () => void {
  const giveBack = (): void => {
    process.off('exit', giveBack);
    release(file, content);
  };
  process.once('exit', giveBack);
  return giveBack;
}

function release(file: string, content: string): void {
  try {
    if (readFileSync(file, 'utf8') === content) unlinkSync(file);
  } catch {
    // Gone already: there is nothing to give back.
  }
}

function held(wish: LockWish, holder: LockHolder): QkdError {
  const minutes = Math.max(0, Math.round((wish.now - Date.parse(holder.started_at)) / 60_000));
  return new QkdError('run-locked', `another run holds the lock: pid ${holder.pid}, since ${holder.started_at} (${minutes} min)`, {
    hint: `wait for it to end; if it hangs, end process ${holder.pid} (the lock ${wish.file} then frees itself)`,
  });
}
