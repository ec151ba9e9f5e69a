// Decides whether a server's host key is the one we trust. Pure. A key that known_hosts marks @revoked is refused
// before anything else; then pinned fingerprints decide alone; then known_hosts by the policy. `accept-new` takes a
// key only from a server of which no key at all is known (on this port or on 22): a changed key, or a new type beside
// a known one, is refused under both policies. Reading and adding to the file is known-hosts-file.ts.

import { createHash } from 'node:crypto';

import { QkdError } from '../errors.ts';
import { keyTypeOf, knownHostsName, matchesHost } from './known-hosts.ts';
import type { KnownHostLine } from './known-hosts.ts';

export interface HostKeyRules {
  readonly host: string;
  readonly port: number;
  /** `SHA256:<base64>`; when there is any, known_hosts is not asked (but for @revoked). */
  readonly pinned: readonly string[];
  readonly policy: 'strict' | 'accept-new';
  readonly known: readonly KnownHostLine[];
  /** Only for hints; undefined: there is no file. */
  readonly knownHostsFile: string | undefined;
}

/** The cause of the error for a key that is not pinned: another key of the same server may be. */
export class NotPinned extends Error {
  readonly keyType: string | undefined;

  constructor(keyType: string | undefined) {
    super('not a pinned host key');
    this.keyType = keyType;
  }
}

/** `new`: accepted under accept-new and to be recorded. */
export type HostKeyAnswer = 'known' | 'new';

/** `SHA256:<base64 without padding>`, as ssh-keygen -l prints it. */
export function fingerprint(key: Buffer): string {
  return `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`;
}

/** The lines that name this server: those for its very port, else those without a port (as OpenSSH does). */
export function linesFor(rules: HostKeyRules): KnownHostLine[] {
  const named = (port: number): KnownHostLine[] => {
    const name = knownHostsName(rules.host, port);
    return rules.known.filter((line) => !line.revoked && matchesHost(line.hosts, name));
  };
  const exact = named(rules.port);
  return exact.length > 0 ? exact : named(22);
}

/** Accepts `key` (SSH wire form) or throws ssh-host-key; messages show what was seen and what was expected. */
export function checkHostKey(key: Buffer, rules: HostKeyRules): HostKeyAnswer {
  const seen = `${keyTypeOf(key) ?? 'unknown type'} ${fingerprint(key)}`;
  if (isRevoked(key, rules)) {
    throw new QkdError('ssh-host-key', `host key ${seen} is revoked`, {
      hint: `give the router a new host key; ${rules.knownHostsFile} lists this one as @revoked`,
    });
  }
  if (rules.pinned.length > 0) return checkPinned(key, seen, rules);
  return checkKnown(key, seen, rules);
}

function isRevoked(key: Buffer, rules: HostKeyRules): boolean {
  const names = [knownHostsName(rules.host, rules.port), knownHostsName(rules.host, 22)];
  return rules.known.some((line) => line.revoked && line.key.equals(key) && names.some((name) => matchesHost(line.hosts, name)));
}

function checkPinned(key: Buffer, seen: string, rules: HostKeyRules): HostKeyAnswer {
  if (rules.pinned.some((pin) => pin.replace(/=+$/, '') === fingerprint(key))) return 'known';
  throw new QkdError('ssh-host-key', `host key ${seen} is not the pinned ${rules.pinned.join(' or ')}`, {
    cause: new NotPinned(keyTypeOf(key)),
    hint: 'find out why the key differs; if the router has a new one, change host_key in the inventory',
  });
}

function checkKnown(key: Buffer, seen: string, rules: HostKeyRules): HostKeyAnswer {
  const lines = linesFor(rules);
  if (lines.some((line) => line.key.equals(key))) return 'known';
  const name = knownHostsName(rules.host, rules.port);
  if (lines.length > 0) {
    const expected = lines.map((line) => `${line.keyType} ${fingerprint(line.key)}`).join(' or ');
    throw new QkdError('ssh-host-key', `host key changed: the server shows ${seen}, known is ${expected}`, {
      hint: `find out why; if the router has a new key, replace the lines of '${name}' in ${rules.knownHostsFile}`,
    });
  }
  if (rules.policy === 'accept-new' && rules.knownHostsFile !== undefined) return 'new';
  throw new QkdError('ssh-host-key', `host key ${seen} is unknown`, { hint: hintForUnknown(name, rules) });
}

function hintForUnknown(name: string, rules: HostKeyRules): string {
  const file = rules.knownHostsFile;
  if (file === undefined) return 'set host_key of the device to this fingerprint after comparing it with the router, or name a known_hosts file';
  return `compare it with the router's console, then set host_key of the device or add '${name}' to ${file}`;
}
