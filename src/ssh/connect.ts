// SSH to a router: several addresses, bounded attempts. Owns what is retried and what is not: a refused login or host
// key ends everything at once, so that no account is locked and no alarm is drowned. One try is handshake.ts, the open
// connection is connection.ts, which key is trusted is host-key.ts; files over SCP are scp-get.ts and scp-put.ts.

import { setTimeout as sleep } from 'node:timers/promises';

import { isQkdError, QkdError, within } from '../errors.ts';
import { preferKnown } from './algorithms.ts';
import { openedConnection } from './connection.ts';
import { privateKeyOf } from './credentials.ts';
import { handshake } from './handshake.ts';
import { linesFor, NotPinned } from './host-key.ts';
import { readKnownHosts } from './known-hosts-file.ts';
import { linesAbout } from './known-hosts.ts';
import type { SshSettings } from '../inventory/inventory.ts';
import type { Log } from '../log.ts';
import type { Secret } from '../secret.ts';
import type { HostKeyType } from './algorithms.ts';
import type { SshConnection } from './connection.ts';
import type { Credentials, ParseKey } from './credentials.ts';
import type { HostKeyRules } from './host-key.ts';

export interface SshTarget {
  /** Addresses or host names, tried in turn within every attempt. */
  readonly addresses: readonly string[];
  readonly port: number;
  readonly username: string;
  readonly password?: Secret | undefined;
  readonly privateKey?: { readonly file: string } | undefined;
  readonly passphrase?: Secret | undefined;
  /** Pinned host keys, `SHA256:<base64>`; empty: known_hosts decides. */
  readonly hostKeys: readonly string[];
}

type Ssh2 = typeof import('ssh2');

/** ssh2 takes 55 ms to load: only runs that use SSH pay for it. */
async function loadSsh2(): Promise<Ssh2> {
  const loaded = (await import('ssh2')) as Ssh2 & { default?: Ssh2 };
  return loaded.default ?? loaded;
}

/**
 * Connects and logs in: `settings.attempts` rounds over all addresses, `settings.delay` seconds apart, each try at
 * most `settings.timeout` seconds. Throws ssh-unreachable with every address's reason; ssh-host-key and
 * ssh-authentication at the first such answer; file when key or known_hosts cannot be used.
 */
export async function connectSsh(target: SshTarget, settings: SshSettings, io: { log: Log }): Promise<SshConnection> {
  const ssh2 = await loadSsh2();
  const credentials = loadCredentials(target, ssh2.utils.parseKey as ParseKey);
  let reasons: QkdError[] = [];
  for (let attempt = 1; attempt <= settings.attempts; attempt += 1) {
    if (attempt > 1) await sleep(settings.delay * 1000);
    reasons = [];
    for (const address of target.addresses) {
      const place = `ssh ${hostPort(address, target.port)}`;
      try {
        return await tryAddress({ ssh2, target, settings, credentials, address, place, log: io.log });
      } catch (error) {
        const reason = within(place, error);
        if (!isQkdError(reason, 'ssh-unreachable')) throw reason;
        reasons.push(reason);
        io.log.write('INFO', 'ssh', reason.message, { attempt, attempts: settings.attempts });
      }
    }
  }
  throw unreachable(reasons, settings.attempts);
}

function unreachable(reasons: readonly QkdError[], attempts: number): QkdError {
  const last = reasons.at(-1);
  if (last === undefined) {
    return new QkdError('ssh-unreachable', 'ssh: there is no address to try', { hint: 'check ip of the device and ssh.attempts in the inventory' });
  }
  const text = reasons.map((reason) => reason.message).join('; ');
  return new QkdError('ssh-unreachable', attempts > 1 ? `${text} (${attempts} attempts)` : text, { hint: last.hint, cause: last.cause });
}

function loadCredentials({ username, password, privateKey, passphrase }: SshTarget, parse: ParseKey): Credentials {
  return { username, key: privateKey === undefined ? undefined : privateKeyOf(privateKey.file, passphrase, parse), password };
}

interface AddressTry {
  readonly ssh2: Ssh2;
  readonly target: SshTarget;
  readonly settings: SshSettings;
  readonly credentials: Credentials;
  readonly address: string;
  readonly place: string;
  readonly log: Log;
}

/**
 * One address. When the server shows a key that is not pinned, its other keys are asked for too, one type less each
 * time: a router has several, and the operator may have pinned any of them. The first refusal is the one reported.
 */
async function tryAddress(given: AddressTry): Promise<SshConnection> {
  const rules = await rulesFor(given);
  let types = preferKnown(linesFor(rules).map((line) => line.keyType));
  let refusal: unknown;
  while (types.length > 0) {
    try {
      return await open(given, rules, types);
    } catch (error) {
      refusal ??= error;
      const notPinned = error instanceof QkdError && error.cause instanceof NotPinned ? error.cause : undefined;
      // A server without keys of the types left does not get as far as that.
      if (notPinned === undefined) throw isQkdError(error, 'ssh-unreachable') ? refusal : error;
      types = types.filter((type) => type !== notPinned.keyType);
    }
  }
  throw refusal;
}

async function rulesFor({ target, settings, address, log }: AddressTry): Promise<HostKeyRules> {
  const file = settings.knownHostsFile;
  const known = file === undefined ? { lines: [], badLines: 0 } : await readKnownHosts(file);
  if (known.badLines > 0) log.write('NOTICE', 'ssh', 'known_hosts lines that cannot be understood are skipped', { file, lines: known.badLines });
  return { host: address, port: target.port, pinned: target.hostKeys, policy: settings.hostKeyPolicy, known: linesAbout(known, { host: address, port: target.port }), knownHostsFile: file };
}

async function open(given: AddressTry, rules: HostKeyRules, hostKeyTypes: readonly HostKeyType[]): Promise<SshConnection> {
  const client = new given.ssh2.Client();
  const socket = await handshake({ client, rules, hostKeyTypes, credentials: given.credentials, timeoutSeconds: given.settings.timeout });
  const { address, place, log } = given;
  log.write('DEBUG', 'ssh', 'connected', { address, port: given.target.port });
  return openedConnection({ client, socket, address, port: given.target.port, place, seconds: given.settings.timeout, log });
}

/** `host:port`, an IPv6 address in brackets; no host name has a colon. */
function hostPort(host: string, port: number): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}
