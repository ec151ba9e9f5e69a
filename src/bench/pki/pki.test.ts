import { spawnSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makePki } from './pki.ts';
import type { PairFiles, Pki } from './pki.ts';
import { clientVariants, serverVariants } from './wrong-certificates.ts';

const folder = mkdtempSync(join(tmpdir(), 'qkd-pki-'));
let pki: Pki;

beforeAll(async () => {
  pki = await makePki(folder, { kmes: ['kme-a'], saes: ['mx1', 'a/b'] });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const certificate = ({ certificateFile }: PairFiles): X509Certificate => new X509Certificate(readFileSync(certificateFile));

it('names SAEs in the common name, also those that no file can be called', () => {
  expect(certificate(pki.saes.get('mx1')!).subject).toBe('CN=mx1');
  expect(certificate(pki.saes.get('a/b')!).subject).toBe('CN=a/b');
});

it('makes KME certificates for the loopback names', () => {
  const kme = certificate(pki.kmes.get('kme-a')!);
  expect([kme.checkHost('localhost'), kme.checkIP('127.0.0.1'), kme.checkIP('::1')]).toEqual(['localhost', '127.0.0.1', '::1']);
});

it('leaves keys to their owner only', () => {
  const keys = readdirSync(folder).filter((name) => name.endsWith('.key'));
  expect(keys.length).toBeGreaterThan(4);
  for (const key of keys) expect(statSync(join(folder, key)).mode & 0o777).toBe(0o600);
});

const hasOpenssl = spawnSync('openssl', ['version']).status === 0 || process.env['CI'] !== undefined;

describe.skipIf(!hasOpenssl)('openssl', () => {
  function verdict(purpose: string, ca: PairFiles, { certificateFile }: PairFiles): string {
    const args = ['verify', '-purpose', purpose, '-CAfile', ca.certificateFile, '-untrusted', certificateFile, certificateFile];
    const { stdout, stderr } = spawnSync('openssl', args, { encoding: 'utf8' });
    return /error \d+ at \d+ depth lookup: (.*)/.exec(stderr)?.[1]?.trim() ?? stdout.trim().split(' ').at(-1) ?? '';
  }

  const expected = {
    chained: 'OK',
    otherName: 'OK',
    missingIntermediate: 'unable to get local issuer certificate',
    otherCa: 'unable to get local issuer certificate',
    expired: 'certificate has expired',
    notYetValid: 'certificate is not yet valid',
    otherPurpose: /unsuitable certificate purpose|unsupported certificate purpose/,
    selfSigned: /self[- ]signed certificate/,
  };

  it.each<[string, string, () => Promise<[PairFiles, Record<string, PairFiles>]>]>([
    ['SAE', 'sslclient', async () => [pki.clientCa, { ...(await clientVariants(pki, 'mx1')) }]],
    ['KME', 'sslserver', async () => [pki.kmeCa, { ...(await serverVariants(pki)) }]],
  ])('finds the one fault of each wrong %s certificate', async (_name, purpose, make) => {
    const [ca, variants] = await make();
    for (const [name, verdictOf] of Object.entries(expected)) {
      const found = verdict(purpose, ca, variants[name] as PairFiles);
      if (typeof verdictOf === 'string') expect(found, name).toBe(verdictOf);
      else expect(found, name).toMatch(verdictOf);
    }
  });
});
