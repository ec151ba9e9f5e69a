// The known_hosts file on disk: read whole, and one line added when policy accept-new met a new server.
// Adding is one O_APPEND write followed by fsync, so that OpenSSH and other runs may write the same file;
// additions of this process wait for each other, and each looks again at what the file holds by then.

import { open } from 'node:fs/promises';
import { dirname } from 'node:path';

import { makeFolder, stampOf } from '../atomic-file.ts';
import { oneLine, QkdError } from '../errors.ts';
import { keyTypeOf, knownHostsName, linesAbout, parseKnownHosts } from './known-hosts.ts';
import { checkHostKey } from './host-key.ts';
import type { HostKeyRules } from './host-key.ts';
import type { KnownHosts } from './known-hosts.ts';

const LARGEST_FILE = 16 * 1024 * 1024;
const NOTHING: KnownHosts = { lines: [], badLines: 0 };

/** Files that were parsed: a fleet asks one for every router. */
const parsed = new Map<string, { readonly stamp: string; readonly known: KnownHosts }>();

/** The file's lines, parsed anew only when it has changed; nothing when there is no file. Throws `file`. */
export async function readKnownHosts(file: string): Promise<KnownHosts> {
  const stamp = stampOf(file);
  const before = parsed.get(file);
  if (before?.stamp === stamp) return before.known;
  try {
    const text = await readBounded(file);
    const known = text === undefined ? NOTHING : parseKnownHosts(text);
    parsed.set(file, { stamp, known });
    return known;
  } catch (error) {
    throw unusable(file, 'read', error);
  }
}

async function readBounded(file: string): Promise<string | undefined> {
  const handle = await open(file, 'r').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (handle === undefined) return undefined;
  try {
    const { size } = await handle.stat();
    if (size > LARGEST_FILE) throw new Error(`larger than ${LARGEST_FILE} bytes`);
    return await handle.readFile('utf8');
  } finally {
    await handle.close();
  }
}

const additions = new Map<string, Promise<void>>();

/**
 * Adds a line for this server, unless the file has its key by now. Creates file (0600) and folder (0700).
 * Throws ssh-host-key when another key of this server was added meanwhile, `file` when it cannot be written.
 */
export function addKnownHost(file: string, key: Buffer, rules: HostKeyRules): Promise<void> {
  const earlier = additions.get(file) ?? Promise.resolve();
  const mine = earlier.catch(() => undefined).then(() => append(file, key, rules));
  additions.set(file, mine);
  const forget = (): void => {
    if (additions.get(file) === mine) additions.delete(file);
  };
  mine.then(forget, forget);
  return mine;
}

async function append(file: string, key: Buffer, rules: HostKeyRules): Promise<void> {
  const before = await readKnownHosts(file);
  if (checkHostKey(key, { ...rules, known: linesAbout(before, rules) }) === 'known') return;
  const line = `${knownHostsName(rules.host, rules.port)} ${keyTypeOf(key)} ${key.toString('base64')}\n`;
  try {
    makeFolder(dirname(file), 0o700);
    const handle = await open(file, 'a+', 0o600);
    try {
      await handle.appendFile((await endsInLineBreak(handle)) ? line : `\n${line}`);
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw unusable(file, 'write', error);
  }
}

/** A last line without its line break must not swallow ours. */
async function endsInLineBreak(handle: Awaited<ReturnType<typeof open>>): Promise<boolean> {
  const { size } = await handle.stat();
  if (size === 0) return true;
  const { buffer } = await handle.read(Buffer.alloc(1), 0, 1, size - 1);
  return buffer[0] === 0x0a;
}

function unusable(file: string, verb: 'read' | 'write', cause: unknown): QkdError {
  const reason = oneLine(cause instanceof Error ? cause.message : String(cause));
  return new QkdError('file', `cannot ${verb} ${file}: ${reason}`, { hint: `check that this user may ${verb} the known_hosts file`, cause });
}
