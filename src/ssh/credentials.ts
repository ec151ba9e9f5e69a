// What we prove our identity with: a private key file, a password. Owns reading the key file (only its owner may be
// able to read it) and the order of authentication methods (RFC 4252, RFC 4256). Where there is a password we first ask
// with "none", like OpenSSH, which methods the server takes: no password is counted as wrong twice where accounts lock.

import { createPrivateKey, sign } from 'node:crypto';
import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs';

import { stampOf } from '../atomic-file.ts';
import { oneLine, QkdError } from '../errors.ts';
import { Secret } from '../secret.ts';
import type { AnyAuthMethod, AuthenticationType, NextAuthHandler, ParsedKey, Prompt } from 'ssh2';

const LARGEST_KEY_FILE = 65_536;

/**
 * A private key file's bytes. Throws `file` when it cannot be read, is not a plain file, or others may read it.
 */
export function readPrivateKey(file: string): Secret {
  const opened = openFile(file);
  try {
    const { mode, size } = fstatSync(opened);
    if ((mode & 0o170000) !== 0o100000 || size > LARGEST_KEY_FILE) {
      throw new QkdError('file', `private key ${file}: not a key file`, { hint: 'check private_key_file in the inventory' });
    }
    if ((mode & 0o077) !== 0) {
      const shown = (mode & 0o777).toString(8).padStart(4, '0');
      throw new QkdError('file', `private key ${file}: others may read it (mode ${shown})`, { hint: `run chmod 600 ${file}` });
    }
    return Secret.ofBytes(readFileSync(opened));
  } finally {
    closeSync(opened);
  }
}

function openFile(file: string): number {
  try {
    return openSync(file, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (cause) {
    throw new QkdError('file', `private key ${file}: ${oneLine((cause as Error).message)}`, { hint: 'check private_key_file in the inventory', cause });
  }
}

/** ssh2's parser of private keys. */
export type ParseKey = (data: Buffer, passphrase?: Buffer) => ParsedKey | ParsedKey[] | Error;

/** Keys that were parsed, by file: a fleet's logins share one. */
const parsedKeys = new Map<string, { readonly stamp: string; readonly passphrase: Secret | undefined; readonly key: ParsedKey }>();

/** The key of a file, parsed anew only when the file has changed. Throws `file`. */
export function privateKeyOf(file: string, passphrase: Secret | undefined, parse: ParseKey): ParsedKey {
  const stamp = stampOf(file);
  const before = parsedKeys.get(file);
  if (before !== undefined && before.stamp === stamp && before.passphrase === passphrase) return before.key;
  const pem = readPrivateKey(file);
  try {
    const key = parsePrivateKey(file, pem, passphrase, parse);
    parsedKeys.set(file, { stamp, passphrase, key });
    return key;
  } finally {
    pem.wipe();
  }
}

/** The parsed key, made unable to sign with SHA-1. Throws `file`. */
export function parsePrivateKey(file: string, pem: Secret, passphrase: Secret | undefined, parse: ParseKey): ParsedKey {
  const parsed = parse(pem.revealBytes(), passphrase?.revealBytes());
  const key = Array.isArray(parsed) ? parsed[0] : parsed;
  if (key === undefined || key instanceof Error || !key.isPrivateKey()) {
    const reason = key instanceof Error ? oneLine(key.message) : 'not a private key';
    throw new QkdError('file', `private key ${file}: ${reason}`, { hint: 'check the file and private_key_passphrase' });
  }
  if (key.type === 'ssh-dss') {
    throw new QkdError('file', `private key ${file}: DSA keys sign with SHA-1`, { hint: 'make a new key with ssh-keygen -t ed25519' });
  }
  try {
    return withOwnSigning(key);
  } catch {
    // No cause: a parser's message about a private key stays here.
    throw new QkdError('file', `private key ${file}: damaged`, { hint: 'check the file and private_key_passphrase' });
  }
}

/** RFC 5656 section 6.2.1: the curve says which hash. Ed25519 has its own; for RSA the name of the algorithm says it (RFC 8332). */
const HASH_OF_CURVE: Readonly<Record<string, string>> = { 'ecdsa-sha2-nistp256': 'sha256', 'ecdsa-sha2-nistp384': 'sha384', 'ecdsa-sha2-nistp521': 'sha512' };

/**
 * Signs with the key as OpenSSL keeps it: ssh2 hands it over as text for every signature, and reading that takes ten
 * times as long as signing. And ssh2 falls back to SHA-1 with an RSA key when the server does not list its signature
 * algorithms (RFC 8308).
 */
function withOwnSigning(key: ParsedKey): ParsedKey {
  const own = createPrivateKey(key.getPrivatePEM());
  key.sign = (data, hash) => {
    if (key.type === 'ssh-rsa' && hash !== 'sha256' && hash !== 'sha512') return new Error('the server takes RSA signatures with SHA-1 only') as never;
    try {
      return sign(hash ?? HASH_OF_CURVE[key.type] ?? null, data as Buffer, own);
    } catch (error) {
      // An RSA key too short for the hash. ssh2 wants it returned.
      return error as never;
    }
  };
  return key;
}

export interface Credentials {
  readonly username: string;
  readonly key: ParsedKey | undefined;
  readonly password: Secret | undefined;
}

export interface Authentication {
  /** For ssh2: called for the first method, then after every refusal with what the server still takes. */
  readonly next: (offered: AuthenticationType[] | null, partial: boolean | null, tryNow: NextAuthHandler) => void;
  /** The methods with which we tried to log in so far, for messages. */
  readonly tried: () => readonly string[];
  /** What the server takes, as far as it has said so. */
  readonly offered: () => readonly string[];
  /** True once nothing is left to try. */
  readonly exhausted: () => boolean;
}

/**
 * Tries none, key, password, keyboard-interactive, each once and each only if the server takes it; waits for `ready`
 * first. With a key alone there is nothing to choose: it goes first, which saves a round trip.
 */
export function authenticate(credentials: Credentials, ready: () => Promise<void>): Authentication {
  const { username, key, password } = credentials;
  const left: AnyAuthMethod[] = key !== undefined && password === undefined ? [] : [{ type: 'none', username }];
  if (key !== undefined) left.push({ type: 'publickey', username, key: key as never });
  if (password !== undefined) {
    left.push({ type: 'password', username, password: password.revealBytes() as never });
    left.push({ type: 'keyboard-interactive', username, prompt: answerOnce(password) });
  }
  const tried: string[] = [];
  let taken: readonly string[] = [];
  let done = false;
  const next: Authentication['next'] = (offered, _partial, tryNow) => {
    if (offered !== null) taken = offered.filter((name) => (name as string) !== '');
    const fits = (type: string): boolean => type === 'none' || taken.length === 0 || taken.includes(type);
    let method = left.shift();
    while (method !== undefined && !fits(method.type)) method = left.shift();
    if (method?.type === 'keyboard-interactive' && tried.includes('password')) method = undefined;
    if (method !== undefined && method.type !== 'none') tried.push(method.type);
    done = method === undefined;
    // The last catch: the connection may be gone by now, and ssh2 throws when it has nothing left to write to.
    ready()
      .then(() => method ?? false, () => false as const)
      .then((chosen) => tryNow(chosen as AnyAuthMethod))
      .catch(() => undefined);
  };
  return { next, tried: () => tried, offered: () => taken, exhausted: () => done };
}

type AnswerPrompts = (name: string, instructions: string, language: string, prompts: Prompt[], answer: (texts: string[]) => void) => void;

/**
 * Answers one hidden question for the password, and only that: a second factor, a request for a new password or a
 * repeated question gets empty text.
 */
function answerOnce(password: Secret): AnswerPrompts {
  let answered = false;
  return (_name, _instructions, _language, prompts, answer) => {
    const [only] = prompts;
    const asksPassword = prompts.length === 1 && only?.echo !== true && /password/i.test(only?.prompt ?? '') && !/\bnew\b/i.test(only?.prompt ?? '');
    const reply = asksPassword && !answered ? password.revealText() : '';
    answered ||= asksPassword;
    answer(prompts.map(() => reply));
  };
}
