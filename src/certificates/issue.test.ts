// What we make, as openssl sees it: text, path validation and a real handshake.

import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { loadInventory } from '../inventory/load.ts';
import type { CertificateSettings } from '../inventory/inventory.ts';
import { noLog } from '../log.ts';
import { authorityFiles } from './authority-files.ts';
import { generatedAuthorities } from './generated-authority.ts';
import { type Authority, makeClient } from './issue.ts';
import { DAY } from './verdict.ts';

// Several RSA keys a test.
vi.setConfig({ testTimeout: 90_000 });

const folder = mkdtempSync(join(tmpdir(), 'qkd-issue-'));
const now = Math.floor(Date.now() / 1000) * 1000;
const hasOpenssl = spawnSync('openssl', ['version']).status === 0 || process.env['CI'] !== undefined;
const settings: CertificateSettings = loadInventory(
  { file: join(folder, 'inventory.json'), text: readFileSync(new URL('../../fixtures/inventory/minimal.json', import.meta.url), 'utf8').replace(/"private_key_file": *"[^"]*"/, '"password_env": "P"') },
  { mode: 'offbox', cwd: folder, environment: { P: 'p', QKD_PASSWORD: 'p' }, userName: 'u', userHome: folder, warn: () => undefined },
).system.certificates;
let authority: Authority;

beforeAll(async () => {
  [authority] = await generatedAuthorities(folder, { commonName: 'test CA', settings, now, force: false, log: noLog });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function client(saeId: string, more: Partial<CertificateSettings> = {}): Promise<{ certificateFile: string; keyFile: string; certificate: X509Certificate }> {
  const { certificate, key } = await makeClient(saeId, authority, { ...settings, ...more }, now);
  const files = { certificateFile: join(folder, `${saeId}.crt`), keyFile: join(folder, `${saeId}.key`) };
  writeFileSync(files.certificateFile, certificate);
  writeFileSync(files.keyFile, key.revealBytes(), { mode: 0o600 });
  return { ...files, certificate: new X509Certificate(certificate) };
}

const opensslText = (file: string): string => execFileSync('openssl', ['x509', '-noout', '-text', '-in', file], { encoding: 'utf8' });
const ca = authorityFiles(folder);

describe.skipIf(!hasOpenssl)('openssl', () => {
  it('reads the CA: v3, critical CA:TRUE, key usage, key identifier, SHA-256, RSA 2048, five years, a serial of 128 bits', () => {
    expect(opensslText(ca.certificateFile)).toMatch(
      /Version: 3.*Signature Algorithm: sha256WithRSAEncryption.*Public-Key: \(2048 bit\).*Basic Constraints: critical\s+CA:TRUE.*Key Usage: critical\s+Certificate Sign, CRL Sign.*Subject Key Identifier/s,
    );
    expect(Math.round((Date.parse(authority.certificate.validTo) - now) / DAY)).toBe(1826);
    expect(authority.certificate.serialNumber).toMatch(/^[0-9A-F]{28,32}$/);
    expect([statSync(ca.certificateFile).mode & 0o777, statSync(ca.keyFile).mode & 0o777]).toEqual([0o644, 0o600]);
  });

  it('reads a client: CN, CA:FALSE, key identifiers, key usage, clientAuth, one year, back-dated', async () => {
    const { certificateFile, certificate } = await client('mx1');
    expect(opensslText(certificateFile)).toMatch(
      /Version: 3.*Subject: CN = mx1.*Basic Constraints: critical\s+CA:FALSE.*Key Usage: critical\s+Digital Signature\s.*Subject Key Identifier.*Authority Key Identifier.*TLS Web Client Authentication/s,
    );
    expect([Date.parse(certificate.validTo) - now, now - Date.parse(certificate.validFrom)]).toEqual([365 * DAY, 3_600_000]);
    expect(certificate.subjectAltName).toBeUndefined();
  });

  it.each<[string, Partial<CertificateSettings>]>([['rsa-2048', {}], ['rsa-3072', { key: 'rsa-3072' }], ['ec-p256', { key: 'ec-p256' }], ['with a SAN', { subjectAlternativeName: true }]])('verifies a client for TLS: %s', async (_name, more) => {
    const { certificateFile, certificate } = await client('mx2', more);
    expect(execFileSync('openssl', ['verify', '-x509_strict', '-purpose', 'sslclient', '-CAfile', ca.certificateFile, certificateFile], { encoding: 'utf8' })).toContain('OK');
    expect(spawnSync('openssl', ['verify', '-purpose', 'sslserver', '-CAfile', ca.certificateFile, certificateFile]).status).not.toBe(0);
    if (more.subjectAlternativeName) expect(certificate.subjectAltName).toBe('DNS:mx2');
  });

  it('s_server -Verify lets our client in, and no other', async () => {
    const server = await client('server');
    const args = ['s_server', '-accept', '0', '-cert', server.certificateFile, '-key', server.keyFile, '-CAfile', ca.certificateFile, '-Verify', '2', '-verify_return_error', '-www'];
    const child = spawn('openssl', args, { stdio: ['pipe', 'pipe', 'pipe'] });
    try {
      const port = await listeningPort(child);
      const ours = await client('mx1');
      const [other] = await generatedAuthorities(join(folder, 'other'), { commonName: 'other CA', settings, now, force: false, log: noLog });
      const made = await makeClient('mx1', other, settings, now);
      expect(await answerTo(port, readFileSync(ours.certificateFile), readFileSync(ours.keyFile))).toMatch(/^HTTP\/1\.0 200 ok.*Subject: CN ?= ?mx1/s);
      expect(await answerTo(port, Buffer.from(made.certificate), made.key.revealBytes())).toMatch(/unknown ca|alert|ECONNRESET/i);
    } finally {
      child.kill();
      await once(child, 'close');
    }
  });
});

async function listeningPort(child: ChildProcess): Promise<number> {
  let said = '';
  for await (const chunk of child.stdout ?? []) {
    said += String(chunk);
    const port = /ACCEPT \S*?:(\d+)\n/.exec(said)?.[1];
    if (port !== undefined) return Number(port);
  }
  throw new Error(`openssl s_server did not start: ${said}`);
}

function answerTo(port: number, cert: Buffer, key: Buffer): Promise<string> {
  return new Promise((resolve) => {
    let said = '';
    const socket = connect({ port, host: '127.0.0.1', cert, key, rejectUnauthorized: false }, () => socket.write('GET / HTTP/1.0\r\n\r\n'));
    socket.on('data', (chunk) => (said += String(chunk)));
    socket.on('error', (error) => resolve(error.message));
    socket.on('close', () => resolve(said));
  });
}

describe('dates', () => {
  it('a client never outlives its CA', async () => {
    const [short] = await generatedAuthorities(join(folder, 'short'), { commonName: 'short CA', settings: { ...settings, caLifetimeDays: 200 }, now, force: false, log: noLog });
    const { certificate } = await makeClient('mx1', short, settings, now);
    expect(new X509Certificate(certificate).validTo).toBe(short.certificate.validTo);
    await expect(makeClient('mx1', short, settings, now + 191 * DAY)).rejects.toThrow(/the CA ends on .*: too soon for a new client certificate/);
  });

  it('an SAE ID too long for a common name is refused', async () => {
    await expect(makeClient('x'.repeat(65), authority, settings, now)).rejects.toThrow(/longer than the 64 characters of a common name/);
  });
});
