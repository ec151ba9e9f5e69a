import { execFileSync, spawnSync } from 'node:child_process';
import { generateKeyPairSync, X509Certificate } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { randomSerial, writeCertificate } from './write-certificate.ts';
import type { CertificateContents } from './write-certificate.ts';

const folder = mkdtempSync(join(tmpdir(), 'qkd-certificate-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const hasOpenssl = spawnSync('openssl', ['version']).status === 0 || process.env['CI'] !== undefined;

const day = 86_400_000;
const start = new Date('2026-01-02T03:04:05Z');
const later = (days: number): Date => new Date(start.getTime() + days * day);

const KEYS = {
  'RSA 2048': () => generateKeyPairSync('rsa', { modulusLength: 2048 }),
  'P-256': () => generateKeyPairSync('ec', { namedCurve: 'prime256v1' }),
  Ed25519: () => generateKeyPairSync('ed25519'),
};

interface Pair {
  publicKey: KeyObject;
  privateKey: KeyObject;
}

function caContents(keys: Pair, more: Partial<CertificateContents> = {}): CertificateContents {
  return {
    kind: 'ca',
    commonName: 'QKD test CA',
    publicKey: keys.publicKey,
    issuer: { privateKey: keys.privateKey },
    serial: randomSerial(),
    notBefore: start,
    notAfter: later(1826),
    ...more,
  };
}

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

function opensslText(certificate: string): string {
  return execFileSync('openssl', ['x509', '-noout', '-text', '-in', file('text.crt', certificate)], { encoding: 'utf8' });
}

function opensslVerify(purpose: string, ca: string, leaf: string, untrusted?: string): string {
  const chain = untrusted === undefined ? [] : ['-untrusted', file('chain.crt', untrusted)];
  const at = String(later(10).getTime() / 1000);
  const args = ['verify', '-x509_strict', '-attime', at, '-purpose', purpose, '-CAfile', file('ca.crt', ca), ...chain, file('leaf.crt', leaf)];
  return execFileSync('openssl', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

describe.skipIf(!hasOpenssl).each(Object.entries(KEYS))('openssl: a CA with a key of kind %s', (_kind, makeKeys) => {
  const caKeys = makeKeys();

  it('is self-signed, version 3, critically a CA, with its own key identifier', async () => {
    const text = await writeCertificate(caContents(caKeys));
    const read = new X509Certificate(text);
    expect(read.ca).toBe(true);
    expect(read.verify(caKeys.publicKey)).toBe(true);
    expect(read.checkIssued(read)).toBe(true);
    expect(opensslText(text)).toMatch(/Version: 3.*Basic Constraints: critical\s+CA:TRUE\s.*Key Usage: critical\s+Certificate Sign, CRL Sign\s.*Subject Key Identifier/s);
  });

  it.each(Object.entries(KEYS))('signs a client with a key of kind %s that openssl accepts', async (_leafKind, makeLeafKeys) => {
    const ca = await writeCertificate(caContents(caKeys));
    const leafKeys = makeLeafKeys();
    const leaf = await writeCertificate({
      kind: 'client',
      commonName: 'sae-mx1',
      publicKey: leafKeys.publicKey,
      issuer: { privateKey: caKeys.privateKey, certificate: new X509Certificate(ca) },
      serial: randomSerial(),
      notBefore: start,
      notAfter: later(365),
    });
    expect(opensslVerify('sslclient', ca, leaf)).toContain('OK');
    expect(() => opensslVerify('sslserver', ca, leaf)).toThrow();
    const text = opensslText(leaf);
    expect(text).toMatch(/Subject: CN = sae-mx1/);
    expect(text).toMatch(/Basic Constraints: critical\s+CA:FALSE/);
    expect(text).toMatch(/TLS Web Client Authentication/);
    expect(text).toMatch(/Authority Key Identifier/);
    expect(new X509Certificate(leaf).checkPrivateKey(leafKeys.privateKey)).toBe(true);
  });
});

describe.skipIf(!hasOpenssl)('openssl: names, serial numbers and dates', () => {
  const keys = KEYS['P-256']();

  it('writes DNS names and IPv4 and IPv6 addresses', async () => {
    const ca = new X509Certificate(await writeCertificate(caContents(keys)));
    const server = await writeCertificate({
      ...caContents(keys, { kind: 'server', commonName: 'kme-a' }),
      issuer: { privateKey: keys.privateKey, certificate: ca },
      alternativeNames: { dns: ['localhost'], ip: ['127.0.0.1', '::1', '2001:db8::a:0:1', '1:2:3:4:5:6:7:8'] },
    });
    expect(new X509Certificate(server).subjectAltName).toBe(
      'DNS:localhost, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1, IP Address:2001:DB8:0:0:0:A:0:1, IP Address:1:2:3:4:5:6:7:8',
    );
    expect(opensslVerify('sslserver', ca.toString(), server)).toContain('OK');
  });

  it('writes a common name outside ASCII as UTF-8', async () => {
    const text = await writeCertificate(caContents(keys, { commonName: 'Zürich ☃' }));
    expect(new X509Certificate(text).subject).toBe('CN=Zürich ☃');
  });

  it.each([
    ['high bit set', 'ff000000000000000000000000000001', 'FF000000000000000000000000000001'],
    ['leading zeros', '0000000000000000000000000000007f', '7F'],
    ['20 octets', '7fffffffffffffffffffffffffffffffffffffff', '7FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF'],
  ])('writes a positive serial number: %s', async (_name, hex, expected) => {
    const text = await writeCertificate(caContents(keys, { serial: Buffer.from(hex, 'hex') }));
    expect(new X509Certificate(text).serialNumber).toBe(expected);
    expect(opensslText(text)).not.toContain('Negative');
  });

  it.each([
    ['UTCTime in 2049', '2049-12-31T23:59:59Z', 'UTCTIME'],
    ['GeneralizedTime in 2050', '2050-01-01T00:00:00Z', 'GENERALIZEDTIME'],
  ])('writes %s', async (_name, end, type) => {
    const text = await writeCertificate(caContents(keys, { notAfter: new Date(end) }));
    expect(Date.parse(new X509Certificate(text).validTo)).toBe(Date.parse(end));
    const parsed = execFileSync('openssl', ['asn1parse', '-in', file('dates.crt', text)], { encoding: 'utf8' });
    expect(parsed.match(/(UTCTIME|GENERALIZEDTIME)/g)).toEqual(['UTCTIME', type]);
  });

  it('limits the path and is trusted through an intermediate CA', async () => {
    const root = await writeCertificate(caContents(keys, { pathLength: 1 }));
    const middleKeys = KEYS.Ed25519();
    const middle = await writeCertificate(
      caContents(middleKeys, { commonName: 'issuing CA', pathLength: 0, issuer: { privateKey: keys.privateKey, certificate: new X509Certificate(root) } }),
    );
    const leaf = await writeCertificate(
      caContents(KEYS['P-256'](), { kind: 'client', commonName: 'sae', issuer: { privateKey: middleKeys.privateKey, certificate: new X509Certificate(middle) } }),
    );
    expect(opensslVerify('sslclient', root, leaf, middle)).toContain('OK');
    expect(opensslText(middle)).toMatch(/CA:TRUE, pathlen:0/);
  });

  it('takes name and key identifier from a CA that openssl made', async () => {
    const key = file('foreign.key', keys.privateKey.export({ type: 'pkcs8', format: 'pem' }) as string);
    const args = ['req', '-x509', '-new', '-key', key, '-subj', '/C=CH/O=Foreign/CN=Foreign CA', '-days', '30'];
    const foreign = new X509Certificate(execFileSync('openssl', args));
    const contents = caContents(KEYS['P-256'](), { kind: 'client', issuer: { privateKey: keys.privateKey, certificate: foreign } });
    const from = new Date(foreign.validFrom);
    const leaf = await writeCertificate({ ...contents, notBefore: from, notAfter: new Date(foreign.validTo) });
    expect(new X509Certificate(leaf).checkIssued(foreign)).toBe(true);
    const verified = ['verify', '-CAfile', file('foreign.crt', foreign.toString()), file('leaf.crt', leaf)];
    expect(execFileSync('openssl', verified, { encoding: 'utf8' })).toContain('OK');
  });
});

describe('refusals', () => {
  const keys = KEYS['P-256']();
  const other = KEYS['P-256']();
  const weak = generateKeyPairSync('rsa', { modulusLength: 1024 });
  const curve = generateKeyPairSync('ec', { namedCurve: 'secp256k1' });

  it.each<[string, Partial<CertificateContents>, RegExp]>([
    ['empty name', { commonName: '' }, /common name/],
    ['name of 65 characters', { commonName: 'x'.repeat(65) }, /common name/],
    ['name with a line break', { commonName: 'a\nb' }, /common name/],
    ['serial number zero', { serial: Buffer.alloc(16) }, /serial number/],
    ['serial number of 21 bytes', { serial: Buffer.alloc(21, 1) }, /serial number/],
    ['serial number of 20 bytes with the high bit', { serial: Buffer.alloc(20, 255) }, /serial number/],
    ['end before start', { notAfter: later(-1) }, /end of validity is not after its start/],
    ['invalid date', { notAfter: new Date(Number.NaN) }, /end of validity/],
    ['RSA 1024', { publicKey: weak.publicKey, issuer: { privateKey: weak.privateKey } }, /shorter than 2048/],
    ['another curve', { publicKey: curve.publicKey, issuer: { privateKey: curve.privateKey } }, /P-256/],
    ['X25519', { publicKey: generateKeyPairSync('x25519').publicKey }, /x25519/],
    ['self-signed by another key', { publicKey: other.publicKey }, /its own private key/],
    ['a name that is no DNS name', { alternativeNames: { dns: ['a b'] } }, /DNS name/],
    ['an address that is none', { alternativeNames: { ip: ['300.1.1.1'] } }, /IP address/],
    ['an address with a zone', { alternativeNames: { ip: ['fe80::1%eth0'] } }, /IP address/],
  ])('%s', async (_name, more, reason) => {
    await expect(writeCertificate(caContents(keys, more))).rejects.toMatchObject({ code: 'certificate', message: expect.stringMatching(reason) as string });
  });

  it.each<[string, (ca: X509Certificate, leaf: X509Certificate) => Partial<CertificateContents>, RegExp]>([
    ['an issuer that is no CA', (_ca, leaf) => ({ issuer: { privateKey: other.privateKey, certificate: leaf } }), /not a CA/],
    ["another CA's key", (ca) => ({ issuer: { privateKey: other.privateKey, certificate: ca } }), /does not belong/],
    ['an end after the CA ends', (ca) => ({ issuer: { privateKey: keys.privateKey, certificate: ca }, notAfter: later(9999) }), /end of the issuer/],
  ])('%s', async (_name, more, reason) => {
    const ca = new X509Certificate(await writeCertificate(caContents(keys)));
    const issuer = { privateKey: keys.privateKey, certificate: ca };
    const leaf = new X509Certificate(await writeCertificate(caContents(other, { kind: 'client', issuer })));
    const wrong = caContents(other, { kind: 'client', ...more(ca, leaf) });
    await expect(writeCertificate(wrong)).rejects.toMatchObject({ code: 'certificate', message: expect.stringMatching(reason) as string });
  });
});
