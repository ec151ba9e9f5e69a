// The decision about a host key as one table, the same rows under both policies; then what differs.
// In expected texts a fingerprint stands as its number: 0 the key shown, 1 another, 2 one of another type.

import { describe, expect, test } from 'vitest';

import { QkdError } from '../errors.ts';
import { preferKnown } from './algorithms.ts';
import { checkHostKey, fingerprint, linesFor } from './host-key.ts';
import { parseKnownHosts } from './known-hosts.ts';
import { makeHostKey } from './test-peers.ts';
import type { HostKeyRules } from './host-key.ts';

const first = makeHostKey().publicKey;
const second = makeHostKey().publicKey;
const ecdsa = makeHostKey('ecdsa').publicKey;
const wire = (publicKey: string): Buffer => Buffer.from(publicKey.split(' ')[1] ?? '', 'base64');
const print = (publicKey: string): string => fingerprint(wire(publicKey));

interface Given {
  policy?: HostKeyRules['policy'];
  file?: string | undefined;
  pinned?: string[];
  port?: number;
  known?: string;
}

function rules({ policy = 'strict', pinned = [], port = 22, known = '', ...rest }: Given): HostKeyRules {
  const knownHostsFile = 'file' in rest ? rest.file : 'known_hosts';
  return { host: 'mx1', port, pinned, policy, known: parseKnownHosts(known).lines, knownHostsFile };
}

function answer(given: Given, shown = first): string {
  try {
    return checkHostKey(wire(shown), rules(given));
  } catch (error) {
    if (!(error instanceof QkdError) || error.code !== 'ssh-host-key' || !error.hint) throw error;
    return error.message.replace(/SHA256:[A-Za-z0-9+/]+/g, (found) => [first, second, ecdsa].map(print).indexOf(found).toString());
  }
}

const BOTH = ['strict', 'accept-new'] as const;

describe.each(BOTH)('policy %s', (policy) => {
  test.each<[string, Given, string]>([
    ['a known key', { known: `mx1 ${first}` }, 'known'],
    ['one of several known keys', { known: `mx1 ${second}\nmx1 ${first}` }, 'known'],
    ['known without a port, used on 830', { known: `mx1 ${first}`, port: 830 }, 'known'],
    ['a pinned key', { pinned: [print(first)] }, 'known'],
    ['one of several pinned keys', { pinned: [print(second), print(first)] }, 'known'],
    ['a pin with base64 padding', { pinned: [`${print(first)}=`] }, 'known'],
    ['a pinned key wins over another in known_hosts', { pinned: [print(first)], known: `mx1 ${second}` }, 'known'],
    ['a changed key', { known: `mx1 ${second}` }, 'host key changed: the server shows ssh-ed25519 0, known is ssh-ed25519 1'],
    ['another type than the known one', { known: `mx1 ${ecdsa}` }, 'host key changed: the server shows ssh-ed25519 0, known is ecdsa-sha2-nistp256 2'],
    ['the port has a key of its own', { known: `mx1 ${first}\n[mx1]:830 ${second}`, port: 830 }, 'host key changed: the server shows ssh-ed25519 0, known is ssh-ed25519 1'],
    ['changed against the entry without a port', { known: `mx1 ${second}`, port: 830 }, 'host key changed: the server shows ssh-ed25519 0, known is ssh-ed25519 1'],
    ['not the pinned key, though known_hosts has it', { pinned: [print(second)], known: `mx1 ${first}` }, 'host key ssh-ed25519 0 is not the pinned 1'],
    ['revoked', { known: `@revoked * ${first}` }, 'host key ssh-ed25519 0 is revoked'],
    ['revoked for this host, though also listed', { known: `mx1 ${first}\n@revoked mx1 ${first}` }, 'host key ssh-ed25519 0 is revoked'],
    ['revoked without a port, used on 830', { known: `@revoked mx1 ${first}`, port: 830 }, 'host key ssh-ed25519 0 is revoked'],
    ['revoked, though pinned', { pinned: [print(first)], known: `@revoked mx1 ${first}` }, 'host key ssh-ed25519 0 is revoked'],
    ['revoked for another host only', { known: `mx1 ${first}\n@revoked mx2 ${first}` }, 'known'],
  ])('%s', (_title, given, expected) => {
    expect(answer({ ...given, policy })).toBe(expected);
  });
});

test('a server of which nothing is known: refused by strict, new to accept-new', () => {
  expect(answer({ known: `mx2 ${first}` })).toBe('host key ssh-ed25519 0 is unknown');
  expect(answer({ known: `mx2 ${first}`, policy: 'accept-new' })).toBe('new');
});

test('accept-new without a file to record in is strict', () => {
  expect(answer({ policy: 'accept-new', file: undefined })).toBe('host key ssh-ed25519 0 is unknown');
});

test('a key type of which known_hosts holds a key is asked for first', () => {
  const types = linesFor(rules({ known: `mx1 ${ecdsa}` })).map((line) => line.keyType);
  expect(preferKnown(types)).toEqual(['ecdsa-sha2-nistp256', 'ssh-ed25519', 'ecdsa-sha2-nistp384', 'ecdsa-sha2-nistp521', 'ssh-rsa']);
});
