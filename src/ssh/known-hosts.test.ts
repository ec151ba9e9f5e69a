// The known_hosts format: a table of patterns, lines that are skipped, any text at all, and names
// that the real ssh-keygen hashed.

import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { keyTypeOf, knownHostsName, matchesHost, parseKnownHosts } from './known-hosts.ts';
import { has, makeHostKey, temporaryFolder } from './test-peers.ts';

const ed25519 = makeHostKey('ed25519').publicKey;
const ecdsa = makeHostKey('ecdsa').publicKey;

describe('matching a host', () => {
  test.each([
    ['a plain name', 'mx1', 'mx1', 22, true],
    ['another name', 'mx1', 'mx2', 22, false],
    ['a name is not a prefix', 'mx1', 'mx10', 22, false],
    ['capitals on either side', 'MX1.Example', 'mx1.EXAMPLE', 22, true],
    ['a comma list', 'mx1,192.0.2.1', '192.0.2.1', 22, true],
    ['IPv6', '2001:db8::1', '2001:db8::1', 22, true],
    ['IPv6 on another port', '[2001:db8::1]:830', '2001:db8::1', 830, true],
    ['a port of its own', '[mx1]:830', 'mx1', 830, true],
    ['a plain name says nothing about another port', 'mx1', 'mx1', 830, false],
    ['[host]:port says nothing about 22', '[mx1]:830', 'mx1', 22, false],
    ['* for any run', '*.example', 'mx1.example', 22, true],
    ['* for nothing', 'mx1*', 'mx1', 22, true],
    ['* in the middle, tried again', 'a*bc*d', 'abxbcxbcd', 22, true],
    ['* must still match the rest', '*.example', 'mx1.example.org', 22, false],
    ['? is one character', 'mx?', 'mx1', 22, true],
    ['? is not none', 'mx?', 'mx', 22, false],
    ['a dot is a dot', 'mx.1', 'mxa1', 22, false],
    ['brackets are no character class', '[mx]1', 'm1', 22, false],
    ['negation wins over an earlier match', '*.example,!mx1.example', 'mx1.example', 22, false],
    ['negation wins over a later match', '!mx1.example,*.example', 'mx1.example', 22, false],
    ['negation leaves others', '*.example,!mx1.example', 'mx2.example', 22, true],
    ['negation alone matches nothing', '!mx1', 'mx2', 22, false],
    ['a damaged hash', '|1|xx', 'mx1', 22, false],
    ['an unknown hash version', '|2|AAAA|AAAA', 'mx1', 22, false],
  ])('%s', (_title, hosts, host, port, matches) => {
    expect(matchesHost(hosts, knownHostsName(host, port))).toBe(matches);
  });

  test('many stars take no exponential time', () => {
    expect(matchesHost(`${'*a'.repeat(400)}b`, 'a'.repeat(4000))).toBe(false);
  });
});

describe('lines', () => {
  test.each([
    ['no key', 'mx1'],
    ['no base64', 'mx1 ssh-ed25519'],
    ['base64 with other characters', 'mx1 ssh-ed25519 AAAA*B'],
    ['a type that is not the key\'s', `mx1 ssh-rsa ${ed25519.split(' ')[1]}`],
    ['a cut key', `mx1 ${ed25519.slice(0, 24)}`],
    ['an unknown marker', `@trusted mx1 ${ed25519}`],
    ['SSH 1', 'mx1 1024 35 1234567890'],
    ['a line that is too long', `${'x,'.repeat(9000)}mx1 ${ed25519}`],
  ])('%s is skipped and counted', (_title, line) => {
    const { lines, badLines } = parseKnownHosts(`${line}\nmx2 ${ed25519}\n`);
    expect(badLines).toBe(1);
    expect(lines.map((l) => l.hosts)).toEqual(['mx2']);
  });

  test('comments, empty lines, certificate authorities, CRLF, tabs and trailing comments are fine', () => {
    const text = `# comment\r\n\r\n@cert-authority *.example ${ed25519}\n  mx1\t${ed25519} root@mx1\r\n@revoked * ${ecdsa}`;
    const { lines, badLines } = parseKnownHosts(text);
    expect(badLines).toBe(0);
    expect(lines.map(({ revoked, hosts, keyType }) => ({ revoked, hosts, keyType }))).toEqual([
      { revoked: false, hosts: 'mx1', keyType: 'ssh-ed25519' },
      { revoked: true, hosts: '*', keyType: 'ecdsa-sha2-nistp256' },
    ]);
  });

  test('any text is read without throwing, and a good line after it is still found', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (noise) => {
        const { lines } = parseKnownHosts(`${noise}\nmx1 ${ed25519}\n`);
        expect(lines.at(-1)?.hosts).toBe('mx1');
      }),
    );
  });

  test('any bytes have a key type or none', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => void keyTypeOf(Buffer.from(bytes))));
  });
});

describe.skipIf(!has('ssh-keygen'))('OpenSSH ssh-keygen', () => {
  test('names hashed by ssh-keygen -H are matched, those of other hosts are not', () => {
    const folder = temporaryFolder('known-hosts-');
    try {
      const file = join(folder, 'known_hosts');
      writeFileSync(file, `mx1 ${ed25519}\n[mx2]:830 ${ecdsa}\n`);
      execFileSync('ssh-keygen', ['-H', '-f', file], { stdio: 'ignore' });
      const text = readFileSync(file, 'utf8');
      expect(text).not.toContain('mx1');
      const { lines, badLines } = parseKnownHosts(text);
      expect(badLines).toBe(0);
      const types = (host: string, port: number): string[] => lines.filter((l) => matchesHost(l.hosts, knownHostsName(host, port))).map((l) => l.keyType);
      expect(types('MX1', 22)).toEqual(['ssh-ed25519']);
      expect(types('mx2', 830)).toEqual(['ecdsa-sha2-nistp256']);
      expect(types('mx2', 22)).toEqual([]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
