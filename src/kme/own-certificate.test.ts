import { execFileSync, spawnSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makePki } from '../bench/pki/pki.ts';
import type { PairFiles, Pki } from '../bench/pki/pki.ts';
import { ownTlsContext } from './own-certificate.ts';
import type { OwnFiles } from './own-certificate.ts';

const folder = mkdtempSync(join(tmpdir(), 'qkd-own-'));
const now = Date.UTC(2030, 5, 1);
let pki: Pki;
let sae: PairFiles;
let other: PairFiles;

beforeAll(async () => {
  pki = await makePki(folder, { kmes: [], saes: ['sae', 'other'], now });
  sae = pki.saes.get('sae')!;
  other = pki.saes.get('other')!;
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let count = 0;
function written(contents: string | Buffer, mode = 0o600): string {
  const path = join(folder, `file-${++count}`);
  writeFileSync(path, contents, { mode });
  chmodSync(path, mode);
  return path;
}

const text = (path: string): string => readFileSync(path, 'utf8');
const files = (more: Partial<OwnFiles>): OwnFiles => ({ caFile: pki.kmeCa.certificateFile, ...sae, ...more });

describe('our certificate files', () => {
  it('C57 are accepted as they are, with CRLF, and with text around the PEM', async () => {
    await ownTlsContext(files({}), now);
    const crlf = (path: string): string => written(text(path).replaceAll('\n', '\r\n'));
    await ownTlsContext({ caFile: crlf(pki.kmeCa.certificateFile), certificateFile: crlf(sae.certificateFile), keyFile: crlf(sae.keyFile) }, now);
    await ownTlsContext(files({ certificateFile: written(`subject=CN = sae\n${text(sae.certificateFile)}`) }), now);
  });

  it.each<['rsa' | 'ec' | 'ed25519']>([['rsa'], ['ec'], ['ed25519']])('are accepted with a key of kind %s', async (keyKind) => {
    await ownTlsContext(files(await pki.issue(pki.clientCa, { file: keyKind, kind: 'client', commonName: 'sae', keyKind })), now);
  });

  it.each<[string, () => Partial<OwnFiles>, RegExp]>([
    ['a certificate that is missing', () => ({ certificateFile: join(folder, 'none') }), /none does not exist \(client certificate\)/],
    ['a key that is missing', () => ({ keyFile: join(folder, 'none') }), /none does not exist \(private key\)/],
    ['a CA file that is missing', () => ({ caFile: join(folder, 'none') }), /none does not exist \(KME CA\)/],
    ['a folder', () => ({ caFile: folder }), /is not a file/],
    ['a file of 300 kB', () => ({ caFile: written('x'.repeat(300_000)) }), /larger than/],
    ['an empty certificate', () => ({ certificateFile: written('') }), /is empty/],
    ['an empty key', () => ({ keyFile: written('') }), /is empty/],
    ['a certificate in DER', () => ({ certificateFile: written(new X509Certificate(text(sae.certificateFile)).raw) }), /is DER or PKCS#12, not PEM/],
    ['no PEM in the certificate file', () => ({ certificateFile: written('hello') }), /holds no PEM certificate/],
    ['a key in the certificate file', () => ({ certificateFile: sae.keyFile }), /holds no PEM certificate/],
    ['a certificate in the key file', () => ({ keyFile: written(text(sae.certificateFile)) }), /holds no PEM private key/],
    ['a damaged certificate', () => ({ certificateFile: written('-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n') }), /certificate 1 is damaged/],
    ['a damaged CA', () => ({ caFile: written(`${text(pki.kmeCa.certificateFile)}-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n`) }), /certificate 2 is damaged/],
    ['a damaged key', () => ({ keyFile: written('-----BEGIN ' + 'PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n') }), /holds a damaged private key/],
    ['an encrypted key', () => ({ keyFile: written('-----BEGIN ENCRYPTED ' + 'PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n') }), /is encrypted/],
    ['an encrypted key of the old form', () => ({ keyFile: written('-----BEGIN ' + 'RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n\nAAAA\n-----END RSA PRIVATE KEY-----\n') }), /is encrypted/],
    ["another certificate's key", () => ({ keyFile: other.keyFile }), /does not belong to the certificate/],
    ['a key that the group can read', () => ({ keyFile: written(text(sae.keyFile), 0o640) }), /can be read by others than its owner \(mode 640\)/],
    ['a key that everybody can read', () => ({ keyFile: written(text(sae.keyFile), 0o604) }), /can be read by others than its owner \(mode 604\)/],
    ['the issuer before the certificate', () => ({ certificateFile: written(text(pki.clientCa.certificateFile) + text(sae.certificateFile)) }), /holds the client certificate at place 2/],
    ['a chain with a stranger', () => ({ certificateFile: written(text(sae.certificateFile) + text(pki.kmeCa.certificateFile)) }), /certificate 2 did not issue certificate 1/],
  ])('C57 are refused: %s', async (_name, more, message) => {
    await expect(ownTlsContext(files(more()), now)).rejects.toMatchObject({ code: 'certificate', message: expect.stringMatching(message) as string, hint: expect.stringMatching(/^[a-z]/) as string });
  });

  it.each([
    ['on the last day', 364.9, undefined],
    ['a day later', 366, /expired on 2031-06-01T00:00:00Z/],
    ['before it begins', -1.5, /is not valid before 2030-05-31T00:00:00Z/],
  ])('C57 and time: %s', async (_name, days, message) => {
    const check = ownTlsContext(files({}), now + days * 86_400_000);
    if (message === undefined) await check;
    else await expect(check).rejects.toMatchObject({ code: 'certificate', message: expect.stringMatching(message) as string });
  });

  it('without a clock, dates are left to the KME', async () => {
    const expired = await pki.issue(pki.clientCa, { file: 'expired', kind: 'client', commonName: 'sae', fromDay: -9, untilDay: -1 });
    await ownTlsContext(files(expired), undefined);
  });

  it.skipIf(process.getuid?.() === 0)('a key that we cannot read', async () => {
    await expect(ownTlsContext(files({ keyFile: written(text(sae.keyFile), 0o200) }), now)).rejects.toMatchObject({ code: 'certificate', message: expect.stringContaining('EACCES') as string });
  });
});

const hasOpenssl = spawnSync('openssl', ['version']).status === 0 || process.env['CI'] !== undefined;

describe.skipIf(!hasOpenssl)('files that openssl made', () => {
  it('C57 PKCS#12 and DER keys are named as such', async () => {
    const bundle = join(folder, 'bundle.p12');
    execFileSync('openssl', ['pkcs12', '-export', '-in', sae.certificateFile, '-inkey', sae.keyFile, '-passout', 'pass:x', '-out', bundle]);
    chmodSync(bundle, 0o600);
    const der = execFileSync('openssl', ['pkey', '-in', sae.keyFile, '-outform', 'DER']);
    for (const keyFile of [bundle, written(der)]) {
      await expect(ownTlsContext(files({ keyFile }), now)).rejects.toMatchObject({ message: expect.stringContaining('DER or PKCS#12') as string });
    }
  });

  it('a certificate with a weak key is refused before any network', async () => {
    mkdirSync(join(folder, 'weak'));
    const weak = { certificateFile: join(folder, 'weak/crt'), keyFile: join(folder, 'weak/key') };
    execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:1024', '-noenc', '-subj', '/CN=sae', '-keyout', weak.keyFile, '-out', weak.certificateFile], { stdio: 'ignore' });
    await expect(ownTlsContext(files(weak), undefined)).rejects.toMatchObject({ code: 'certificate', message: expect.stringMatching(/cannot be used for TLS: .*too small/) as string });
  });
});
