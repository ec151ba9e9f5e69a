// The CA fetched from a CA server that is a real OpenSSH sshd, and everything that can be wrong with one: each is one line
// with a hint, the certificate in service stays, and the run goes on. Skipped where sshd is missing, but not in CI.

import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { has, makeHostKey, pinOf, type Sshd, SSHD, startSshd } from '../ssh/test-peers.ts';
import { randomSerial, writeCertificate } from '../certificates/write-certificate.ts';
import { type CertsBed, DAY, daysOf, filesBelow, serial, startCertsBed } from './test-certs-bed.ts';

vi.setConfig({ testTimeout: 90_000 });

let bed: CertsBed;
let sshd: Sshd;
let there: string;

describe.skipIf(!has(SSHD))('a CA server that is OpenSSH sshd', () => {
  beforeAll(async () => {
    bed = await startCertsBed();
    sshd = await startSshd();
    there = join(bed.folder, 'ca-server');
    mkdirSync(there);
  });
  beforeEach(async () => {
    await bed.reset();
    await bed.layPair('mx1', 5);
    for (const file of ['ca.crt', 'ca.key']) rmSync(join(there, file), { force: true });
    copyFileSync(bed.lab.pki.clientCa.certificateFile, join(there, 'ca.crt'));
    copyFileSync(bed.lab.pki.clientCa.keyFile, join(there, 'ca.key'));
  });
  afterAll(async () => {
    await sshd.close();
    await bed.close();
  });

  const caServer = (changes: object = {}) => ({
    ca_cert: { fetch: true },
    ca_server_ip: '127.0.0.1',
    ca_port: sshd.port,
    ca_host_key: pinOf(sshd.hostKey.publicKey),
    ca_user: sshd.user,
    ca_private_key_file: sshd.clientKeyFile,
    ca_path: `${there}/`,
    ca_cert_name: 'ca.crt',
    ca_key_name: 'ca.key',
    ...changes,
  });

  it('signs with what it has; its key stays nowhere on this machine', async () => {
    const ran = await bed.onBox('mx1', caServer(), 'run', '--json');
    expect([ran.errors, ran.status]).toEqual(['', 0]);
    expect(ran.json.certificates).toEqual([{ device: 'mx1', verdict: 'valid', action: 'renewed', error: null }]);
    expect(daysOf(bed.crt('mx1'))).toBeGreaterThan(300);
    expect(readFileSync(join(bed.certs('mx1'), 'client-root-ca.crt'), 'utf8')).toBe(readFileSync(join(there, 'ca.crt'), 'utf8'));
    const secret = readFileSync(join(there, 'ca.key'), 'utf8').split('\n')[1] ?? '';
    expect(filesBelow(bed.site('mx1').home).filter((file) => readFileSync(file, 'utf8').includes(secret))).toEqual([]);
    expect(existsSync(join(bed.certs('mx1'), 'client-root-ca.key'))).toBe(false);
  });

  describe('whose CA changes while the certificates are in order', () => {
    const trustAtKmes = (cas: string): void => {
      writeFileSync(bed.lab.pki.clientCa.certificateFile, cas);
      for (const kme of bed.lab.kmes.kmes) kme.present(bed.lab.pki.kmes.get(kme.name) ?? { certificateFile: '', keyFile: '' });
    };
    const known = (): string => readFileSync(join(bed.certs('mx1'), 'client-root-ca.crt'), 'utf8');
    const issuer = (): string => new X509Certificate(readFileSync(bed.crt('mx1'))).issuer;
    const nextCheck = () => {
      rmSync(join(bed.site('mx1').home, 'certificate-checks'), { recursive: true, force: true });
      return bed.onBox('mx1', caServer(), 'run', '--json');
    };
    let old: string;
    beforeEach(async () => {
      old = readFileSync(bed.lab.pki.clientCa.certificateFile, 'utf8');
      await bed.layPair('mx1', 300);
      bed.layAuthority(bed.certs('mx1'), false);
      const made = await bed.lab.pki.authority('next', 'next CA');
      copyFileSync(made.certificateFile, join(there, 'ca.crt'));
      copyFileSync(made.keyFile, join(there, 'ca.key'));
    });
    afterEach(() => trustAtKmes(old));

    it('certs check tells of it and changes nothing; certs ca takes it, the newest first, and says what to do next', async () => {
      const check = await bed.onBox('mx1', caServer(), 'certs', 'check');
      expect(check.errors).toMatch(/^warning: the CA server 127\.0\.0\.1 has a CA that is not known here yet: CN=next CA, serial [0-9A-F]+\nhint: take it \(qkd-macsec certs ca\) and give it to the KME's operator \(certs export\)\n$/);
      expect([check.status, known()]).toEqual([0, old]);
      const ca = await bed.onBox('mx1', caServer(), 'certs', 'ca');
      expect(ca.output).toMatch(/^CN=next CA .* yes\nCN=bench SAE CA .* -\ngive the KME's operator the new CA: qkd-macsec certs export\n$/m);
      expect(known()).toBe(readFileSync(join(there, 'ca.crt'), 'utf8') + old);
      expect((await bed.onBox('mx1', caServer(), 'certs', 'ca')).output).not.toMatch(/give the KME/);
      expect((await bed.onBox('mx1', caServer(), 'certs', 'check')).errors).toBe('');
    });

    it('the scheduled check takes it beside the old one and warns; the router goes over when its KME accepts it, and no key stays', async () => {
      const before = await nextCheck();
      expect(before.errors).toMatch(/^warning: certificates of mx1: the newest CA is not in use yet: new certificate not taken into service: KME .*\nhint: give the KME's operator the new CA \(qkd-macsec certs export\)\n$/);
      expect([before.status, before.json.certificates[0]?.['action'], before.json.links[0]?.['error'], issuer()]).toEqual([0, 'kept', null, 'CN=bench SAE CA']);
      expect(known()).toBe(readFileSync(join(there, 'ca.crt'), 'utf8') + old);
      trustAtKmes(known());
      const moved = await nextCheck();
      expect([moved.errors, moved.status, moved.json.certificates[0]?.['action'], moved.json.links[0]?.['error'], issuer()]).toEqual(['', 0, 'renewed', null, 'CN=next CA']);
      expect((await nextCheck()).json.certificates[0]?.['action']).toBe('kept');
      expect(filesBelow(bed.site('mx1').home).filter((file) => /client-root-ca.*key/.test(file))).toEqual([]);
    });

    it('a CA that was issued again with the same key is made known by the scheduled check; the certificate stays as it is', async () => {
      const { clientCa } = bed.lab.pki;
      const now = Date.now();
      const again = await writeCertificate({ kind: 'ca', commonName: 'bench SAE CA', publicKey: clientCa.certificate.publicKey, issuer: { privateKey: clientCa.privateKey }, serial: randomSerial(), notBefore: new Date(now - DAY), notAfter: new Date(now + 4000 * DAY) });
      writeFileSync(join(there, 'ca.crt'), again);
      copyFileSync(clientCa.keyFile, join(there, 'ca.key'));
      const before = serial(bed.crt('mx1'));
      const ran = await nextCheck();
      expect([ran.errors, ran.status, ran.json.certificates[0]?.['action'], serial(bed.crt('mx1'))]).toEqual(['', 0, 'kept', before]);
      expect(known()).toBe(again + old);
      rmSync(join(there, 'ca.key'));
      expect((await nextCheck()).errors).toBe('');
    });

    it.each<[string, object, RegExp]>([
      ['cannot be reached', { ca_port: 1 }, /^warning: whether the CA has changed: CA: ssh 127\.0\.0\.1:1: .*\nhint: check ca_server_ip/],
      ['holds no certificate', { ca_cert_name: 'ca.key' }, /^warning: whether the CA has changed: CA: .*ca\.key on 127\.0\.0\.1 holds no PEM certificate, but a PRIVATE KEY\nhint: check whether the names of certificate and key are exchanged/],
    ])('a CA server that %s costs a valid certificate nothing: a line in the log of the run, a warning of certs check', async (_name, changes, line) => {
      rmSync(join(bed.site('mx1').home, 'certificate-checks'), { recursive: true, force: true });
      const ran = await bed.onBox('mx1', caServer(changes), 'run', '--json', '-v');
      expect(ran.errors.match(/WARNING certificates cannot see whether the CA has changed: CA: /g)).toHaveLength(1);
      expect(ran.errors).not.toMatch(/^warning:/m);
      expect([ran.status, ran.json.certificates[0]?.['action'], known()]).toEqual([0, 'kept', old]);
      const check = await bed.onBox('mx1', caServer(changes), 'certs', 'check');
      expect([check.status, check.errors]).toEqual([0, expect.stringMatching(line)]);
    });
  });

  const ends = async (changes: Parameters<CertsBed['lab']['pki']['issue']>[1]): Promise<void> => {
    const made = await bed.lab.pki.issue(undefined, changes);
    copyFileSync(made.certificateFile, join(there, 'ca.crt'));
    copyFileSync(made.keyFile, join(there, 'ca.key'));
  };

  it.each<[string, object, () => unknown, RegExp]>([
    ['nothing listens', { ca_port: 1 }, () => undefined, /^CA: ssh 127\.0\.0\.1:1: connection refused$/i],
    ['its address leads nowhere', { ca_server_ip: '127.255.255.255' }, () => undefined, /^CA: ssh 127\.255\.255\.255:\d+: /],
    ['its name is unknown', { ca_server_ip: 'ca.invalid' }, () => undefined, /^CA: ssh ca\.invalid:\d+: /],
    ['another host key', { ca_host_key: pinOf(makeHostKey().publicKey) }, () => undefined, /^CA: ssh .*: host key .* is not the pinned/],
    ['another user', { ca_user: 'nobody-here' }, () => undefined, /^CA: ssh .*refuses the login/],
    ['no certificate', {}, () => rmSync(join(there, 'ca.crt')), /^CA: .*ca\.crt.*no such file/i],
    ['no key', {}, () => rmSync(join(there, 'ca.key')), /^CA: .*ca\.key.*no such file/i],
    ['no such folder', { ca_path: '/nowhere' }, () => undefined, /^CA: .*\/nowhere\/ca\.crt.*no such file/i],
    ['an empty certificate', {}, () => writeFileSync(join(there, 'ca.crt'), ''), /^CA: .*ca\.crt on 127\.0\.0\.1 is empty$/],
    ['a certificate that is none', {}, () => writeFileSync(join(there, 'ca.crt'), 'hello\n'), /^CA: .*ca\.crt on 127\.0\.0\.1 holds no PEM certificate$/],
    ['a certificate that is as large as a disk', {}, () => writeFileSync(join(there, 'ca.crt'), Buffer.alloc(300_000, 'a')), /^CA: .*ca\.crt: the file has 300000 bytes, at most 262144 are accepted$/],
    ['an encrypted key', {}, () => execFileSync('openssl', ['pkcs8', '-topk8', '-in', bed.lab.pki.clientCa.keyFile, '-out', join(there, 'ca.key'), '-passout', 'pass:x']), /^CA: .*ca\.key on 127\.0\.0\.1 is encrypted with a passphrase$/],
    ['the key of another CA', {}, async () => copyFileSync((await bed.lab.pki.authority('stranger', 'stranger')).keyFile, join(there, 'ca.key')), /^CA: .*ca\.key on 127\.0\.0\.1 does not belong to the CA certificate/],
    ['key and certificate the wrong way round', { ca_cert_name: 'ca.key', ca_key_name: 'ca.crt' }, () => undefined, /^CA: .*ca\.key on 127\.0\.0\.1 holds no PEM certificate, but a PRIVATE KEY$/],
    ['no CA certificate', {}, () => copyFileSync(bed.crt('mx2'), join(there, 'ca.crt')), /^CA: .*ca\.crt on 127\.0\.0\.1 is no CA certificate$/],
    ['a CA that has ended', {}, () => ends({ file: 'ended', kind: 'ca', commonName: 'ended', fromDay: -30, untilDay: -1 }), /^CA: .*ca\.crt on 127\.0\.0\.1 expired on /],
    ['a CA with a weak key', {}, () => execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:1024', '-nodes', '-subj', '/CN=weak', '-days', '900', '-keyout', join(there, 'ca.key'), '-out', join(there, 'ca.crt')], { stdio: 'ignore' }), /^write certificate: the CA's RSA key is shorter than 2048 bits$/],
    ['a CA that ends too soon', {}, () => ends({ file: 'soon', kind: 'ca', commonName: 'soon', untilDay: 5 }), /^the CA ends on .*: too soon for a new client certificate$/],
    ['a CA of tomorrow', {}, () => ends({ file: 'early', kind: 'ca', commonName: 'early', fromDay: 1 }), /^CA: .*ca\.crt on 127\.0\.0\.1 is not valid before /],
    ['a CA that the KME does not know', {}, () => ends({ file: 'unknown', kind: 'ca', commonName: 'unknown' }), /^new certificate not taken into service: KME /],
  ])('%s: one line and what to do; the old certificate stays and the run goes on', async (_name, changes, spoil, line) => {
    await spoil();
    bed.layAuthority(bed.certs('mx1'), false);
    const old = serial(bed.crt('mx1'));
    const ran = await bed.onBox('mx1', caServer(changes), 'run', '--json');
    const [certificates] = ran.json.certificates as { verdict: string; action: string; error: { message: string; hint: string | null } }[];
    expect(certificates).toMatchObject({ verdict: 'expiring', action: 'failed', error: { message: expect.stringMatching(line), hint: expect.stringMatching(/^[a-z]/) } });
    expect(ran.errors).toMatch(/^warning: certificates of mx1: [^\n]*; the present one stays in service \(until [^\n]*\)\nhint: [^\n]*\n$/);
    expect([ran.status, ran.json.links[0]?.['error'], serial(bed.crt('mx1'))]).toEqual([0, null, old]);
  });
});
