// Every kind of certificate that an operator may hand us, judged by us and, where it is the judge, by openssl.

import { spawnSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Authority, makePki, type Pki } from '../bench/pki/pki.ts';
import { inspect, type PairFiles } from './pair-files.ts';
import type { CertificateState } from './verdict.ts';

const folder = mkdtempSync(join(tmpdir(), 'qkd-pairs-'));
const now = Date.UTC(2030, 5, 1, 12);
const hasOpenssl = spawnSync('openssl', ['version']).status === 0 || process.env['CI'] !== undefined;
let pki: Pki;
let middle: Authority;
let count = 0;

beforeAll(async () => {
  pki = await makePki(folder, { kmes: [], saes: [], now });
  middle = await pki.issue(pki.clientCa, { file: 'middle', kind: 'ca', commonName: 'issuing CA' });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

type Issue = Partial<Parameters<Pki['issue']>[1]>;

const issue = (more: Issue = {}, issuer: Authority | undefined = pki.clientCa): Promise<Authority> => pki.issue(issuer, { file: `pair-${++count}`, kind: 'client', commonName: 'mx1', ...more });
const text = (path: string): string => readFileSync(path, 'utf8');

function written(contents: string | Buffer, mode = 0o600): string {
  const path = join(folder, `file-${++count}`);
  writeFileSync(path, contents, { mode });
  chmodSync(path, mode);
  return path;
}

const withCertificate = (pair: PairFiles, contents: string | Buffer): PairFiles => ({ certificateFile: written(contents), keyFile: pair.keyFile });
const withKey = (pair: PairFiles, contents: string | Buffer, mode?: number): PairFiles => ({ certificateFile: pair.certificateFile, keyFile: written(contents, mode) });

function opensslKey(pair: PairFiles, ...args: string[]): Buffer {
  const { stdout, status, stderr } = spawnSync('openssl', ['pkey', '-in', pair.keyFile, ...args]);
  if (status !== 0) throw new Error(String(stderr));
  return stdout;
}

/** What openssl says of the certificate at that time for a TLS client below the bench's CA. */
function openssl({ certificateFile }: PairFiles): 'accepts' | 'refuses' {
  const args = ['verify', '-attime', String(now / 1000), '-purpose', 'sslclient', '-CAfile', pki.clientCa.certificateFile, '-untrusted', certificateFile, certificateFile];
  return spawnSync('openssl', args).status === 0 ? 'accepts' : 'refuses';
}

type Row = [name: string, make: () => PairFiles | Promise<PairFiles>, state: CertificateState, reason: RegExp, openssl?: 'accepts' | 'refuses'];

const ROWS: Row[] = [
  ['P-256', () => issue({ keyKind: 'ec' }), 'valid', /^$/, 'accepts'],
  ['RSA 2048', () => issue({ keyKind: 'rsa' }), 'valid', /^$/, 'accepts'],
  ['Ed25519', () => issue({ keyKind: 'ed25519' }), 'valid', /^$/, 'accepts'],
  ['below an intermediate CA that the file sends along', () => issue({}, middle), 'valid', /^$/, 'accepts'],
  ['with the intermediate CA left out', async () => alone(await issue({}, middle)), 'unknown-issuer', /not signed by a CA that is known/, 'refuses'],
  ['exactly ten days left', () => issue({ untilDay: 10 }), 'valid', /^$/, 'accepts'],
  ['nine days left', () => issue({ untilDay: 9 }), 'expiring', /has 9 days left, fewer than 10/, 'accepts'],
  ['expired yesterday', () => issue({ fromDay: -30, untilDay: -1 }), 'expired', /expired on 2030-05-31T12:00:00Z/, 'refuses'],
  ['ending this very second', () => issue({ fromDay: -30, untilDay: 0 }), 'expired', /expired on/],
  ['valid from tomorrow', () => issue({ fromDay: 1 }), 'not-yet-valid', /is not valid before 2030-06-02T12:00:00Z/, 'refuses'],
  ['its intermediate CA has expired', () => expiredMiddle(), 'expired', /^has an issuer that expired on/, 'refuses'],
  ['of another SAE', () => issue({ commonName: 'mx2' }), 'wrong-name', /is for mx2, not for SAE ID mx1/],
  ['of an SAE whose name begins alike', () => issue({ commonName: 'mx11' }), 'wrong-name', /is for mx11/],
  ['for a server', () => issue({ kind: 'server' }), 'not-for-clients', /is not for TLS clients/, 'refuses'],
  ['a CA itself', () => issue({ kind: 'ca' }), 'not-for-clients', /is a CA certificate/],
  ['self-signed', () => pki.issue(undefined, { file: `self-${++count}`, kind: 'client', commonName: 'mx1' }), 'unknown-issuer', /not signed by a CA/, 'refuses'],
  ['below another CA', async () => issue({}, await pki.authority(`other-ca-${++count}`, 'other CA')), 'unknown-issuer', /not signed by a CA/, 'refuses'],
  ['below a CA of the same name', async () => issue({}, await pki.authority(`twin-ca-${++count}`, 'bench SAE CA')), 'unknown-issuer', /not signed by a CA/, 'refuses'],
  ['the key of another certificate', async () => ({ ...(await issue()), keyFile: (await issue()).keyFile }), 'unusable', /does not belong to the certificate/],
  ['an encrypted key (PKCS#8)', async () => encrypted(), 'unusable', /is encrypted with a passphrase/],
  ['a key open to others', async () => withKey(await issue(), text((await issue()).keyFile), 0o644), 'unusable', /can be read by others than its owner \(mode 644\)/],
  ['a key in DER', async () => derKey(), 'unusable', /is DER or PKCS#12, not PEM/],
  ['a certificate in DER', async () => derCertificate(), 'unusable', /is DER or PKCS#12, not PEM/],
  ['an SSH key', async () => withKey(await issue(), '-----BEGIN OPENSSH ' + 'PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----\n'), 'unusable', /is an SSH key/],
  ['a certificate where the key should be', async () => withKey(await issue(), text((await issue()).certificateFile)), 'unusable', /holds no PEM private key/],
  ['a certificate request', async () => withCertificate(await issue(), request()), 'unusable', /holds no PEM certificate, but a CERTIFICATE REQUEST/],
  ['certificates in PKCS#7', async () => withCertificate(await issue(), pkcs7()), 'unusable', /holds no PEM certificate, but a PKCS7/],
  ['UTF-16', async () => withCertificate(await issue(), Buffer.from(`\ufeff${text((await issue()).certificateFile)}`, 'utf16le')), 'unusable', /is UTF-16 text, not PEM/],
  ['certificate and key in one file that others can read', async () => inOneFile(0o644), 'unusable', /can be read by others than its owner \(mode 644\)/],
  ['certificate and key in one file of its owner', async () => inOneFile(0o600), 'valid', /^$/, 'accepts'],
  ['with more issuers than it takes to reach a known CA', async () => beyondKnown(), 'valid', /^$/],
  ['expired, of a CA that is not known', async () => issue({ fromDay: -30, untilDay: -1 }, await pki.authority(`ended-${++count}`, 'ended CA')), 'expired', /expired on/, 'refuses'],
  ['a certificate cut short', async () => withCertificate(await issue(), text((await issue()).certificateFile).slice(0, 300)), 'unusable', /holds a certificate that is cut short/],
  ['an issuer cut short', async () => cutIssuer(), 'unusable', /holds a certificate that is cut short/],
  ['indented', async () => indented(), 'unusable', /certificate 1 is damaged$/],
  ['a chain in the wrong order', async () => wrongOrder(), 'unusable', /holds the client certificate at place 2/],
  ['a stranger in the chain', async () => stranger(), 'unusable', /certificate 2 did not issue certificate 1/],
  ['an issuer of the same name that did not sign', async () => forgedIssuer(), 'unusable', /certificate 2 did not issue|is not signed by certificate 2/],
  ['an empty certificate', async () => withCertificate(await issue(), ''), 'unusable', /is empty/],
  ['no certificate', async () => ({ ...(await issue()), certificateFile: join(folder, 'none') }), 'missing', /none does not exist \(client certificate\)/],
  ['no key', async () => ({ ...(await issue()), keyFile: join(folder, 'none') }), 'missing', /none does not exist \(private key\)/],
  ['a folder', async () => ({ ...(await issue()), certificateFile: folder }), 'unusable', /is not a file/],
];

function request(): Buffer {
  return spawnSync('openssl', ['req', '-new', '-newkey', 'rsa:2048', '-nodes', '-keyout', join(folder, `request-${++count}`), '-subj', '/CN=mx1']).stdout;
}
function pkcs7(): Buffer {
  return spawnSync('openssl', ['crl2pkcs7', '-nocrl', '-certfile', pki.clientCa.certificateFile]).stdout;
}
async function inOneFile(mode: number): Promise<PairFiles> {
  const pair = await issue();
  const both = written(text(pair.certificateFile) + text(pair.keyFile), mode);
  return { certificateFile: both, keyFile: pair.keyFile };
}
/** Below an intermediate that is known, and whose own issuer, which the file sends along, is not. */
async function beyondKnown(): Promise<PairFiles> {
  const root = await pki.authority(`far-${++count}`, 'far root');
  const near = await pki.issue(root, { file: `near-${++count}`, kind: 'ca', commonName: 'near CA' });
  nearby.push(near.certificate);
  const pair = await issue({}, near);
  return withCertificate(pair, text(pair.certificateFile) + text(root.certificateFile));
}
async function alone(pair: Authority): Promise<PairFiles> {
  return withCertificate(pair, pair.certificate.toString());
}
async function cutIssuer(): Promise<PairFiles> {
  const pair = await issue({}, middle);
  return withCertificate(pair, text(pair.certificateFile).trimEnd().slice(0, -40));
}
async function indented(): Promise<PairFiles> {
  const pair = await issue();
  return withCertificate(pair, text(pair.certificateFile).replace(/^/gm, '  '));
}
async function expiredMiddle(): Promise<PairFiles> {
  // The writer lets no client outlive its CA: the CA is issued again, shorter, with the same name and key.
  const long = await pki.issue(pki.clientCa, { file: `long-${++count}`, kind: 'ca', commonName: 'short CA' });
  const pair = await issue({}, long);
  const { writeCertificate, randomSerial } = await import('./write-certificate.ts');
  const short = await writeCertificate({ kind: 'ca', commonName: 'short CA', publicKey: long.certificate.publicKey, issuer: { privateKey: pki.clientCa.privateKey, certificate: pki.clientCa.certificate }, serial: randomSerial(), notBefore: new Date(now - 86_400_000), notAfter: new Date(now - 60_000) });
  return withCertificate(pair, pair.certificate.toString() + short);
}
async function encrypted(): Promise<PairFiles> {
  const pair = await issue();
  return withKey(pair, opensslKey(pair, '-aes256', '-passout', 'pass:secret'));
}
async function derKey(): Promise<PairFiles> {
  const pair = await issue();
  return withKey(pair, opensslKey(pair, '-outform', 'DER'));
}
async function derCertificate(): Promise<PairFiles> {
  const pair = await issue();
  return withCertificate(pair, pair.certificate.raw);
}
async function wrongOrder(): Promise<PairFiles> {
  const pair = await issue({}, middle);
  return withCertificate(pair, middle.certificate.toString() + pair.certificate.toString());
}
async function stranger(): Promise<PairFiles> {
  const pair = await issue({}, middle);
  return withCertificate(pair, pair.certificate.toString() + pki.kmeCa.certificate.toString());
}
async function forgedIssuer(): Promise<PairFiles> {
  const pair = await issue({}, middle);
  const twin = await pki.issue(pki.clientCa, { file: `twin-${++count}`, kind: 'ca', commonName: 'issuing CA' });
  return withCertificate(pair, pair.certificate.toString() + twin.certificate.toString());
}

const nearby: X509Certificate[] = [];
const known = (): X509Certificate[] => [pki.kmeCa.certificate, pki.clientCa.certificate, ...nearby];

describe.skipIf(!hasOpenssl)('openssl and we agree on a pair', () => {
  it.each(ROWS)('%s', async (_name, make, state, reason, theirs) => {
    const files = await make();
    const { verdict, facts } = await inspect(files, known(), { now, minValidDays: 10, saeId: 'mx1' });
    expect([verdict.state, verdict.reason]).toEqual([state, expect.stringMatching(reason)]);
    expect(verdict.hint === '').toBe(state === 'valid');
    expect(facts === undefined).toBe(state === 'unusable' || state === 'missing');
    if (theirs !== undefined) expect(openssl(files)).toBe(theirs);
  });

  it('a certificate that outlives the known CA ends with it, until the CA that was issued again is known too', async () => {
    const long = await pki.issue(undefined, { file: `again-${++count}`, kind: 'ca', commonName: 'CA issued again' });
    const { writeCertificate, randomSerial } = await import('./write-certificate.ts');
    const [fromNow, days] = [(day: number): Date => new Date(now + day * 86_400_000), [5, -1]];
    const short = await Promise.all(days.map((day) => writeCertificate({ kind: 'ca', commonName: 'CA issued again', publicKey: long.certificate.publicKey, issuer: { privateKey: long.privateKey }, serial: randomSerial(), notBefore: fromNow(-2), notAfter: fromNow(day) })));
    const files = await issue({ untilDay: 300 }, long);
    const judged = async (...cas: string[]) => {
      const { verdict } = await inspect(files, cas.map((ca) => new X509Certificate(ca)), { now, minValidDays: 10, saeId: 'mx1' });
      const theirs = spawnSync('openssl', ['verify', '-attime', String(now / 1000), '-purpose', 'sslclient', '-CAfile', written(cas.join('')), files.certificateFile]).status === 0;
      return [verdict.state, verdict.reason, theirs];
    };
    const [ending = '', ended = ''] = short;
    expect(await judged(ended)).toEqual(['expired', 'has an issuer that expired on 2030-05-31T12:00:00Z', false]);
    expect(await judged(ending)).toEqual(['expiring', 'has an issuer with 5 days left, fewer than 10', true]);
    expect(await judged(long.certificate.toString(), ending)).toEqual(['valid', '', true]);
  });

  it.each<[string, string, CertificateState, RegExp]>([
    ['for key encipherment only', 'keyUsage=critical,keyEncipherment', 'not-for-clients', /does not allow its key to sign/],
    ['for key agreement only', 'keyUsage=keyAgreement', 'valid', /^$/],
    ['with the key usage of the original system', 'keyUsage=digitalSignature,nonRepudiation,keyEncipherment,dataEncipherment', 'valid', /^$/],
    ['for decipherment only, which is the ninth bit', 'keyUsage=decipherOnly', 'not-for-clients', /does not allow its key to sign/],
    ['for any extended use', 'extendedKeyUsage=anyExtendedKeyUsage', 'not-for-clients', /is not for TLS clients/],
  ])('a certificate %s, by openssl', async (_name, extension, state, reason) => {
    const { clientCa } = await makePki(join(folder, `present-${++count}`), { kmes: [], saes: [] });
    const files = { certificateFile: join(folder, `openssl-${count}.crt`), keyFile: join(folder, `openssl-${count}.key`) };
    const input = spawnSync('openssl', ['req', '-new', '-newkey', 'rsa:2048', '-nodes', '-keyout', files.keyFile, '-subj', '/CN=mx1']).stdout;
    const ca = ['-CA', clientCa.certificateFile, '-CAkey', clientCa.keyFile, '-set_serial', '1'];
    expect(spawnSync('openssl', ['x509', '-req', '-days', '100', ...ca, '-extfile', written(extension), '-out', files.certificateFile], { input }).status).toBe(0);
    chmodSync(files.keyFile, 0o600);
    const { verdict } = await inspect(files, [clientCa.certificate], { now: Date.now() + 60_000, minValidDays: 10, saeId: 'mx1' });
    expect([verdict.state, verdict.reason]).toEqual([state, expect.stringMatching(reason)]);
    expect(spawnSync('openssl', ['verify', '-purpose', 'sslclient', '-CAfile', clientCa.certificateFile, files.certificateFile]).status === 0).toBe(state === 'valid');
  });

  it.each([
    ['RSA 1024', ['-newkey', 'rsa:1024'], /cannot be used for TLS/],
    ['SHA-1', ['-newkey', 'rsa:2048', '-sha1'], /cannot be used for TLS/],
  ])('a certificate with %s', async (_name, args, reason) => {
    const files = { certificateFile: join(folder, `weak-${++count}.crt`), keyFile: join(folder, `weak-${count}.key`) };
    const { status } = spawnSync('openssl', ['req', '-x509', ...args, '-nodes', '-subj', '/CN=mx1', '-days', '100', '-keyout', files.keyFile, '-out', files.certificateFile]);
    expect(status).toBe(0);
    chmodSync(files.keyFile, 0o600);
    const { verdict } = await inspect(files, known(), { now, minValidDays: 10, saeId: 'mx1' });
    // A self-signed certificate's own signature is never verified by OpenSSL.
    if (_name === 'SHA-1') expect(verdict.state).not.toBe('valid');
    else expect([verdict.state, verdict.reason]).toEqual(['unusable', expect.stringMatching(reason)]);
  });
});

describe('what is odd but works', () => {
  it('CRLF line ends are remarked on', async () => {
    const pair = await issue();
    const crlf = (path: string): string => text(path).replaceAll('\n', '\r\n');
    const { verdict, remarks } = await inspect({ certificateFile: written(crlf(pair.certificateFile)), keyFile: written(crlf(pair.keyFile)) }, known(), { now, minValidDays: 10, saeId: 'mx1' });
    expect([verdict.state, remarks]).toEqual(['valid', [expect.stringContaining('CRLF')]]);
  });

  it('without a known CA the issuer is not checked, and that is said', async () => {
    const { verdict, remarks } = await inspect(await issue({}, await pki.authority(`any-${++count}`, 'any CA')), undefined, { now, minValidDays: 10, saeId: 'mx1' });
    expect([verdict.state, remarks]).toEqual(['valid', [expect.stringContaining('issuer not checked')]]);
  });

  it('cut at any byte the pair is refused, not misread (replay byte by byte)', async () => {
    const pair = await issue({ keyKind: 'ec' });
    const whole = readFileSync(pair.certificateFile);
    const end = whole.indexOf('-----END CERTIFICATE-----') + '-----END CERTIFICATE-----'.length;
    for (let length = 0; length < end; length += 7) {
      const { verdict } = await inspect(withCertificate(pair, whole.subarray(0, length)), known(), { now, minValidDays: 10, saeId: 'mx1' });
      expect(verdict.state).toBe('unusable');
    }
  });
});
