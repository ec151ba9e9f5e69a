// Replacing a file so that a reader sees the old bytes or the new ones, never a part: temporary file in
// the same folder (O_EXCL, so a planted symbolic link is never followed), fsync, rename, fsync of the
// folder, the order that survives a power cut. Also the words for a failed file operation.

import { randomBytes } from 'node:crypto';
import { closeSync, existsSync, fchmodSync, fsync as fsyncOf, mkdirSync, openSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { open, readdir, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { getSystemErrorMap, promisify } from 'node:util';
import { QkdError } from './errors.ts';

/** The only wait for the disk; a call without one is cheaper made at once than by way of another thread. */
const fsync = promisify(fsyncOf);

/**
 * Writes `content` as the whole of `path`, which may exist; a symbolic link at `path` is replaced, not
 * followed. The folder must exist. Throws QkdError `file`; then `path` is as it was and nothing is left over.
 */
export async function writeFileAtomically(path: string, content: string | Uint8Array, mode = 0o600): Promise<void> {
  const temporary = join(dirname(path), `.${basename(path)}.${randomBytes(8).toString('hex')}.tmp`);
  await replaceFile(path, temporary, content, mode);
}

/** `writeFileAtomically` with the temporary file's path given; it must not exist and must lie in the same file system. */
export async function replaceFile(path: string, temporary: string, content: string | Uint8Array, mode: number): Promise<void> {
  let made = false;
  try {
    // Opened for its owner alone: `mode` is granted when the content is whole.
    const file = openSync(temporary, 'wx', 0o600);
    made = true;
    try {
      writeFileSync(file, content);
      if (mode !== 0o600) fchmodSync(file, mode);
      await fsync(file);
    } finally {
      closeSync(file);
    }
    renameSync(temporary, path);
    made = false;
    await syncFolder(dirname(path));
  } catch (error) {
    if (made) await rm(temporary, { force: true }).catch(() => undefined);
    throw fileError('write', path, error);
  }
}

/**
 * Proves that `bytes` bytes can be written in `folder` now: writes them to a file, syncs and removes it.
 * Throws QkdError `file` when they cannot (disk full, permission, no such folder).
 */
export async function checkFolderWritable(folder: string, bytes: number): Promise<void> {
  await removeStaleProbes(folder);
  const probe = join(folder, `.write-check.${randomBytes(8).toString('hex')}.tmp`);
  try {
    const file = await open(probe, 'wx', 0o600);
    try {
      await file.writeFile(Buffer.alloc(bytes));
      await file.sync();
    } finally {
      await file.close();
      await rm(probe, { force: true });
    }
  } catch (error) {
    throw fileError('write in', folder, error);
  }
}

/** A run that was killed while it checked leaves its file behind. */
async function removeStaleProbes(folder: string): Promise<void> {
  const names = await readdir(folder).catch((): string[] => []);
  await Promise.all(names.filter((name) => /^\.write-check\.[0-9a-f]{16}\.tmp$/.test(name)).map((name) => rm(join(folder, name), { force: true }).catch(() => undefined)));
}

/**
 * Makes `folder` and what is missing above it; nothing when it is there. Throws QkdError `file`. Node's recursive
 * mkdir never returns below a folder that refuses new names with ENOENT, as /proc does.
 */
export function makeFolder(folder: string, mode: number): void {
  try {
    makeMissing(folder, mode);
  } catch (error) {
    throw fileError('make folder', folder, error);
  }
}

function makeMissing(folder: string, mode: number): void {
  if (isFolder(folder)) return;
  if (!existsSync(dirname(folder))) makeMissing(dirname(folder), mode);
  try {
    mkdirSync(folder, { mode });
  } catch (error) {
    // Another process may have made it meanwhile.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST' || !isFolder(folder)) throw error;
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

/** The last fsync of a folder that was begun, and the one that waits for its end: renames of one moment share that. */
const syncs = new Map<string, { readonly running: Promise<void>; next: Promise<void> | undefined }>();

function syncFolder(folder: string): Promise<void> {
  const before = syncs.get(folder);
  if (before !== undefined) return (before.next ??= before.running.then(() => begin(), () => begin()));
  return begin();

  function begin(): Promise<void> {
    const running = syncNow(folder);
    const turn = { running, next: undefined };
    syncs.set(folder, turn);
    const forget = (): void => {
      if (syncs.get(folder) === turn && turn.next === undefined) syncs.delete(folder);
    };
    running.then(forget, forget);
    return running;
  }
}

async function syncNow(folder: string): Promise<void> {
  const opened = openSync(folder, 'r');
  try {
    await fsync(opened);
  } finally {
    closeSync(opened);
  }
}

/** Differs when another file has taken the place of this one, or its content, owner or mode has changed; '' when there is none. */
export function stampOf(path: string): string {
  try {
    const { dev, ino, size, mtimeMs, ctimeMs } = statSync(path);
    return [dev, ino, size, mtimeMs, ctimeMs].join(' ');
  } catch {
    return '';
  }
}

/** QkdError `file`: "cannot write /a/b: no space left on device". */
export function fileError(verb: string, path: string, error: unknown): QkdError {
  return new QkdError('file', `cannot ${verb} ${path}: ${systemReason(error)}`, { hint: hintFor(error), cause: error });
}

/** The operating system's words for a failed call ("permission denied"), without path and call name. */
export function systemReason(error: unknown): string {
  const { errno, message } = error as NodeJS.ErrnoException;
  const known = errno === undefined ? undefined : getSystemErrorMap().get(errno);
  return known?.[1] ?? message ?? String(error);
}

function hintFor(error: unknown): string | undefined {
  switch ((error as NodeJS.ErrnoException).code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return 'free space on that file system: the next run goes on by itself';
    case 'EACCES':
    case 'EPERM':
      return 'check the owner and the mode of the file and of its folder';
    case 'EROFS':
      return 'choose a folder on a writable file system (paths in the inventory)';
    case 'EFBIG':
      return 'raise the limit on the size of files (ulimit -f)';
    case 'ENOENT':
    case 'ENOTDIR':
      return 'check that the folder exists';
    case 'EEXIST':
    case 'EISDIR':
      return 'name another path, or move away what is there';
    default:
      return undefined;
  }
}
