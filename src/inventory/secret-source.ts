// Where a secret of the inventory comes from: the inventory itself, a file that only its owner can open,
// or an environment variable. Nothing here puts a secret, or a part of one, into a message.

import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { systemReason } from '../atomic-file.ts';
import { QkdError } from '../errors.ts';
import { Secret } from '../secret.ts';

const MAX_SECRET_BYTES = 64 * 1024;

/** The three ways to give one secret; at most one is set. */
export interface SecretMembers {
  readonly inline: string | undefined;
  /** Absolute path. */
  readonly file: string | undefined;
  readonly env: string | undefined;
}

/**
 * The secret, or undefined when none is given. `path` names the member in messages ("secrets.password").
 * Throws `inventory` when more than one way is used, the file is open to others, or there is nothing in it.
 */
export function secretFrom(path: string, { inline, file, env }: SecretMembers, environment: Readonly<Record<string, string | undefined>>): Secret | undefined {
  const given = [inline !== undefined && path, file !== undefined && `${path}_file`, env !== undefined && `${path}_env`].filter((name) => name !== false);
  if (given.length > 1) throw new QkdError('inventory', `${given.join(' and ')} are both set`, { hint: 'keep one of them' });
  if (inline !== undefined) return Secret.ofText(inline);
  if (file !== undefined) return secretInFile(`${path}_file`, file);
  if (env === undefined) return undefined;
  const value = Object.hasOwn(environment, env) ? environment[env] : undefined;
  if (value === undefined || value === '') {
    const state = value === undefined ? 'not set' : 'empty';
    throw new QkdError('inventory', `${path}_env: environment variable ${env} is ${state}`, { hint: `set ${env} in the environment of qkd-macsec, or use a file` });
  }
  return Secret.ofText(value);
}

function secretInFile(path: string, file: string): Secret {
  const bytes = withPrivateFile(path, file, (descriptor, size) => {
    const buffer = Buffer.alloc(size);
    return buffer.subarray(0, readSync(descriptor, buffer, 0, size, 0));
  });
  let end = bytes.length;
  if (bytes[end - 1] === 0x0a) end -= bytes[end - 2] === 0x0d ? 2 : 1;
  if (end === 0) throw new QkdError('inventory', `${path}: ${file} is empty`, { hint: 'write the secret to it, one line' });
  return Secret.ofBytes(bytes.subarray(0, end));
}

/**
 * Refuses a private file that is missing, not a plain file, or open to group or others (as OpenSSH does).
 * `path` names the member in messages.
 */
export function checkPrivateFile(path: string, file: string): void {
  withPrivateFile(path, file, () => undefined);
}

/** Like `checkPrivateFile`, but a file that does not exist (yet) passes. */
export function checkPrivateFileIfThere(path: string, file: string): void {
  try {
    checkPrivateFile(path, file);
  } catch (error) {
    const reason = (error as QkdError).cause as NodeJS.ErrnoException | undefined;
    if (reason?.code !== 'ENOENT' && reason?.code !== 'ENOTDIR') throw error;
  }
}

function withPrivateFile<T>(path: string, file: string, use: (descriptor: number, size: number) => T): T {
  let descriptor: number;
  try {
    // Without O_NONBLOCK a FIFO would hold the run up.
    descriptor = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    throw new QkdError('inventory', `${path}: cannot read ${file}: ${systemReason(error)}`, { hint: 'check the name (relative to the folder of the inventory) and who may read it', cause: error });
  }
  try {
    return use(descriptor, checkedSize(path, file, descriptor));
  } finally {
    closeSync(descriptor);
  }
}

function checkedSize(path: string, file: string, descriptor: number): number {
  const { mode, size } = fstatSync(descriptor);
  const refuse = (reason: string, hint = 'name a file that holds nothing else'): QkdError => new QkdError('inventory', `${path}: ${file} is ${reason}`, { hint });
  if ((mode & constants.S_IFMT) !== constants.S_IFREG) throw refuse('not a plain file');
  if (size > MAX_SECRET_BYTES) throw refuse(`larger than ${MAX_SECRET_BYTES} bytes`);
  const permissions = (mode & 0o777).toString(8).padStart(4, '0');
  if ((mode & 0o077) !== 0) throw refuse(`open to group or others (mode ${permissions})`, `run: chmod 600 ${file}`);
  return size;
}
