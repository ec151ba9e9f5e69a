// The certificate commands and the certificate step of `run`, on a bench: real KMEs over mutual TLS, real SCP.

import { X509Certificate } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readlinkSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { takeRunLock } from './run-lock.ts';
import { type CertsBed, daysOf, filesBelow, GENERATE, serial, startCertsBed } from './test-certs-bed.ts';

vi.setConfig({ testTimeout: 90_000 });

let bed: CertsBed;
beforeAll(async () => {
  bed = await startCertsBed();
});
beforeEach(() => bed.reset());
afterAll(() => bed.close());

describe('run on a router', () => {
  it('renews a certificate with 5 days left; the KME takes the new one and the rotation uses it', async () => {
    await bed.layPair('mx1', 5);
    bed.layAuthority(bed.certs('mx1'));
    const old = serial(bed.crt('mx1'));
    const ran = await bed.onBox('mx1', GENERATE, 'run', '--json', '-vvv');
    expect(ran.errors).toContain('certificates renewed device=mx1');
    expect(ran.json.links[0]).toMatchObject({ outcome: 'rotated', error: null });
    expect(ran.status).toBe(0);
    expect(serial(bed.crt('mx1'))).not.toBe(old);
    expect(daysOf(bed.crt('mx1'))).toBeGreaterThan(364);
    expect(serial(`${bed.crt('mx1')}.prev`)).toBe(old);
    expect(statSync(bed.key('mx1')).mode & 0o777).toBe(0o600);
    expect((await bed.onBox('mx1', GENERATE, 'certs', 'check')).status).toBe(0);
  });

  it('with the CA server down keeps the old certificate, says so, and rotates', async () => {
    await bed.layPair('mx1', 5);
    const old = serial(bed.crt('mx1'));
    const caServer = { ca_cert: { fetch: true }, ca_server_ip: '127.0.0.1', ca_port: 1, ca_user: 'ca', ca_path: '/ca', ca_cert_name: 'ca.crt', ca_key_name: 'ca.key', ca_host_key: `SHA256:${'A'.repeat(43)}` };
    const ran = await bed.onBox('mx1', caServer, 'run', '--json');
    expect(ran.errors).toMatch(/^warning: certificates of mx1: CA: ssh 127\.0\.0\.1:1: .*; the present one stays in service \(until /m);
    expect(ran.errors).toMatch(/^hint: /m);
    expect(ran.json.links[0]).toMatchObject({ error: null });
    expect(ran.status).toBe(0);
    expect(serial(bed.crt('mx1'))).toBe(old);
    const again = await bed.onBox('mx1', caServer, 'run', '--json', '-v');
    expect(again.errors).not.toMatch(/^warning: certificates/m);
    expect(again.errors).toMatch(/WARNING certificates has 4 days left, fewer than 10 device=mx1 next_try=/);
  });
});

describe('certs on a router', () => {
  it('checks: a table, and one error line with a hint for each that is wrong', async () => {
    bed.layAuthority(bed.certs('mx1'), false);
    const good = await bed.onBox('mx1', undefined, 'certs', 'check');
    expect(good.output).toMatch(/^device +where +subject +issuer +key +serial +not before +not after +days +verdict\nmx1 +here +CN=mx1 +CN=bench SAE CA +EC prime256v1 +[0-9A-F]{30,32} .* 299 +valid\n$/);
    expect([good.status, good.errors]).toEqual([0, '']);
    await bed.layPair('mx1', 5);
    const bad = await bed.onBox('mx1', undefined, 'certs', 'check', '--json');
    expect(bad.status).toBe(1);
    expect(bad.json.certificates[0]).toMatchObject({ device: 'mx1', subject: 'CN=mx1', verdict: 'expiring', days_left: 4, where: 'here' });
    expect(bad.errors).toMatch(/^error: certificates of mx1: .*mx1\.crt has 4 days left, fewer than 10\nhint: renew it/);
  });

  it('a pair that is not there: the remedy is to make one where the inventory says how', async () => {
    rmSync(bed.key('mx1'));
    const missing = expect.stringMatching(/^error: certificates of mx1: \S+mx1\.key does not exist \(private key\)\nhint: check the path in the inventory\n$/);
    expect((await bed.onBox('mx1', undefined, 'certs', 'check')).errors).toEqual(missing);
    const made = await bed.onBox('mx1', GENERATE, 'certs', 'check', '--json');
    expect(made.errors).toMatch(/\nhint: make a pair \(qkd-macsec certs renew\), or check the path in the inventory\n$/);
    expect([made.status, made.json.certificates[0]?.['verdict'], made.json.certificates[0]?.['hint']]).toEqual([1, 'missing', expect.stringMatching(/^make a pair/)]);
  });

  it('renews by a CA that is made here, which the KME does not know yet: the former stays, and a hint says what to do', async () => {
    const old = serial(bed.crt('mx1'));
    const ran = await bed.onBox('mx1', GENERATE, 'certs', 'renew', '--force', '--json');
    expect(ran.status).toBe(1);
    expect(ran.json.certificates[0]).toMatchObject({ action: 'failed', error: { code: 'kme-refused-us' } });
    expect(ran.errors).toMatch(/hint: give the KME's operator the new CA \(qkd-macsec certs export\)/);
    expect(serial(bed.crt('mx1'))).toBe(old);
    const ca = new X509Certificate(readFileSync(join(bed.certs('mx1'), 'client-root-ca.crt')));
    expect([ca.ca, ca.checkIssued(ca), statSync(join(bed.certs('mx1'), 'client-root-ca.key')).mode & 0o777]).toEqual([true, true, 0o600]);
  });

  it('takes the first certificate of a new router into service although the KME does not know its CA yet', async () => {
    for (const file of [bed.crt('mx1'), bed.key('mx1')]) rmSync(file);
    const ran = await bed.onBox('mx1', GENERATE, 'certs', 'renew', '--json', '-v');
    expect(ran.errors).toContain('new certificate not proven at the KME');
    expect([ran.status, ran.json.certificates[0]?.['action'], ran.json.certificates[0]?.['remarks']]).toEqual([0, 'renewed', [expect.stringMatching(/^not proven at the KME: KME \S+: status: /)]]);
    expect(statSync(bed.crt('mx1')).mode & 0o777).toBe(0o644);
  });

  it('leaves the operator\'s own alone', async () => {
    await bed.layPair('mx1', 5);
    const before = [readFileSync(bed.crt('mx1')), readFileSync(bed.key('mx1'))];
    for (const caServer of [undefined, { ca_cert: { fetch: false, generate: false } }]) {
      const ran = await bed.onBox('mx1', caServer, 'certs', 'renew', '--force');
      expect(ran.status).toBe(1);
      expect(ran.errors).toMatch(/has 4 days left/);
      const rotated = await bed.onBox('mx1', caServer, 'run', '--json');
      expect([rotated.status, rotated.json.links[0]?.['error']]).toEqual([0, null]);
    }
    expect([readFileSync(bed.crt('mx1')), readFileSync(bed.key('mx1'))]).toEqual(before);
  });

  it('fetches the CA over SCP; its key stays nowhere on this machine', async () => {
    const server = bed.site('mx2');
    const there = join(server.router.root, 'var/home/qkd/ca');
    mkdirSync(there, { recursive: true });
    copyFileSync(bed.lab.pki.clientCa.certificateFile, join(there, 'ca.crt'));
    copyFileSync(bed.lab.pki.clientCa.keyFile, join(there, 'ca.key'));
    const caServer = { ca_cert: { fetch: true }, ca_server_ip: '127.0.0.1', ca_port: server.router.sshPort, ca_host_key: server.router.hostKeyFingerprint, ca_user: 'qkd', ca_path: '/var/home/qkd/ca/', ca_cert_name: 'ca.crt', ca_key_name: 'ca.key' };
    await bed.layPair('mx1', 5);
    const ran = await bed.onBox('mx1', caServer, 'certs', 'renew', '--json');
    expect([ran.errors, ran.status, ran.json.certificates[0]?.['action']]).toEqual(['', 0, 'renewed']);
    expect(daysOf(bed.crt('mx1'))).toBeGreaterThan(300);
    const secret = readFileSync(bed.lab.pki.clientCa.keyFile, 'utf8').split('\n')[1] ?? '';
    expect(filesBelow(bed.site('mx1').home).filter((file) => readFileSync(file, 'utf8').includes(secret))).toEqual([]);
    expect(existsSync(join(bed.certs('mx1'), 'client-root-ca.key'))).toBe(false);
    expect((await bed.onBox('mx1', { ...caServer, ca_host_key: `SHA256:${'B'.repeat(43)}` }, 'certs', 'renew', '--force')).errors).toMatch(/CA: ssh .*host key .* is not the pinned/);
  });

  it('changes the CA: both are known until the old one ends, and the export has both', async () => {
    bed.layAuthority(bed.certs('mx1'));
    const ca = await bed.onBox('mx1', GENERATE, 'certs', 'ca', '--force', '--json');
    expect(ca.json.authorities.map((one) => [one['subject'], one['signs'], one['newest']])).toEqual([[expect.stringMatching(/^CN=qkd-macsec CA [0-9a-f]{8}$/), true, true], ['CN=bench SAE CA', true, false]]);
    expect((await bed.onBox('mx1', GENERATE, 'certs', 'check')).status).toBe(0);
    const output = join(bed.folder, 'for-kme');
    const exported = await bed.onBox('mx1', GENERATE, 'certs', 'export', '--output', output);
    expect(exported.status).toBe(0);
    expect(readFileSync(join(output, 'client-ca.crt'), 'utf8').match(/BEGIN CERTIFICATE/g)).toHaveLength(2);
    expect(JSON.parse(readFileSync(join(output, 'sae-ids.json'), 'utf8'))).toMatchObject({ client_ca: 'client-ca.crt', saes: [{ sae_id: 'mx1', device: 'mx1' }] });
    expect(filesBelow(output).filter((file) => readFileSync(file, 'utf8').includes('PRIVATE'))).toEqual([]);
  });

  it.each<[string, (path: string) => void, RegExp]>([
    ['a file', (path) => writeFileSync(path, 'mine'), /^error: cannot make folder \S+: file already exists\nhint: name another path, or move away what is there\n$/],
    ['below a file', (path) => writeFileSync(dirname(path), 'mine'), /^error: cannot make folder \S+: not a directory\nhint: check that the folder exists\n$/],
    ['a folder with another folder where a file is to be', (path) => mkdirSync(join(path, 'sae-ids.json'), { recursive: true }), /^error: cannot write \S+sae-ids\.json: illegal operation on a directory\nhint: name another path, or move away what is there\n$/],
  ])('exports into no place that is %s: one line and a hint', async (_name, lay, line) => {
    bed.layAuthority(bed.certs('mx1'));
    const output = join(mkdtempSync(join(bed.folder, 'export-')), 'below', 'for-kme');
    mkdirSync(dirname(dirname(output)), { recursive: true });
    if (_name !== 'below a file') mkdirSync(dirname(output), { recursive: true });
    lay(output);
    const ran = await bed.onBox('mx1', GENERATE, 'certs', 'export', '--output', output);
    expect([ran.status, ran.errors, ran.output]).toEqual([1, expect.stringMatching(line), '']);
  });

  it('a pair of a CA that is not known here: the verdict, its issuer and the remedy; with the CA beside the others it is valid', async () => {
    const theirs = await bed.lab.pki.authority('operators', 'operator CA');
    const pair = await bed.lab.pki.issue(theirs, { file: 'by-operator', kind: 'client', commonName: 'mx1' });
    bed.layAuthority(bed.certs('mx1'));
    copyFileSync(pair.certificateFile, bed.crt('mx1'));
    copyFileSync(pair.keyFile, bed.key('mx1'));
    const check = await bed.onBox('mx1', undefined, 'certs', 'check', '--json');
    expect([check.status, check.json.certificates[0]?.['verdict'], check.json.certificates[0]?.['issuer']]).toEqual([1, 'unknown-issuer', 'CN=operator CA']);
    expect(check.errors).toMatch(/^error: certificates of mx1: \S+mx1\.crt is not signed by a CA that is known here \(its issuer: CN=operator CA\)\nhint: if that is the right CA, add its certificate to client-root-ca\.crt in the certificate folder; if not, renew or replace the pair\n$/);
    const bundle = join(bed.certs('mx1'), 'client-root-ca.crt');
    writeFileSync(bundle, readFileSync(bundle, 'utf8') + readFileSync(theirs.certificateFile, 'utf8'));
    expect([(await bed.onBox('mx1', undefined, 'certs', 'check')).status, (await bed.onBox('mx1', GENERATE, 'certs', 'check')).status]).toEqual([0, 0]);
  });

  it('--link names the link that the router must be an end of', async () => {
    const named = (link: string) => bed.onBox('mx1', undefined, 'certs', 'check', '--link', link);
    expect((await named('mx1-mx2')).status).toBe(0);
    expect(await named('mx1-mx9')).toMatchObject({ status: 2, errors: expect.stringMatching(/^error: --link "mx1-mx9" is not in the inventory; did you mean mx1-mx2\?\nhint: .*\n$/) });
  });

  describe('while another process holds the lock', () => {
    const lockOf = () => takeRunLock({ file: join(bed.site('mx1').home, 'run.lock'), pid: process.ppid, now: Date.now(), longestRun: 60_000 });
    const whole = (): string[] => filesBelow(bed.certs('mx1')).map((file) => `${file} ${statSync(file).ino} ${readFileSync(file, 'utf8')}`);

    it.each([[['certs', 'renew', '--force']], [['certs', 'ca', '--force']], [['run']]])('%s ends with status 3 and one line, and nothing is touched', async (argv) => {
      await bed.layPair('mx1', 5);
      bed.layAuthority(bed.certs('mx1'));
      const before = whole();
      const release = lockOf();
      try {
        const ran = await bed.onBox('mx1', GENERATE, ...argv);
        expect([ran.status, ran.errors]).toEqual([3, expect.stringMatching(/^error: another run holds the lock: pid \d+, since \S+ \(0 min\)\nhint: wait for it to end; if it hangs, end process \d+ [^\n]*\n$/)]);
        const json = await bed.onBox('mx1', GENERATE, ...argv, '--json');
        expect([json.status, json.json.error]).toEqual([3, expect.objectContaining({ code: 'run-locked' })]);
        expect((await bed.onBox('mx1', GENERATE, 'certs', 'check')).status).toBe(1);
      } finally {
        release();
      }
      expect(whole()).toEqual(before);
      expect((await bed.onBox('mx1', GENERATE, ...argv)).status).toBe(0);
    });
  });

  it('takes a pair that was laid beside; refuses one for another router and says so', async () => {
    const next = await bed.issue('mx1');
    copyFileSync(next.keyFile, `${bed.key('mx1')}.new`);
    copyFileSync(next.certificateFile, `${bed.crt('mx1')}.new`);
    expect((await bed.onBox('mx1', undefined, 'run', '--json')).errors).toBe('');
    expect([serial(bed.crt('mx1')), existsSync(`${bed.crt('mx1')}.new`), existsSync(`${bed.key('mx1')}.new`)]).toEqual([next.certificate.serialNumber, false, false]);
    const other = await bed.issue('mx2');
    copyFileSync(other.keyFile, `${bed.key('mx1')}.new`);
    copyFileSync(other.certificateFile, `${bed.crt('mx1')}.new`);
    expect((await bed.onBox('mx1', undefined, 'run', '--json')).errors).toMatch(/^warning: certificates of mx1: .*mx1\.crt\.new is for mx2, not for SAE ID mx1; the present one stays/);
    expect(serial(bed.crt('mx1'))).toBe(next.certificate.serialNumber);
  });
});

describe('certs off-box', () => {
  it('--link chooses the ends of that link, with --device those of them', async () => {
    const place = mkdtempSync(join(bed.folder, 'offbox-links-'));
    bed.layAuthority(place);
    const exported = (...argv: string[]) =>
      bed.run(bed.lab.inventory, (inventory) => {
        Object.assign(inventory, { paths: { home: join(bed.folder, 'offbox-home'), certificates: place } });
        Object.assign(inventory['devices'] as object, { mx3: { ip: '127.0.0.1', host_key: `SHA256:${'A'.repeat(43)}`, kme: { url: 'https://127.0.0.1:1' } } });
        (inventory['links'] as object[]).push({ name: 'mx1-mx3', connectivity_association: 'CA_other', master: { device: 'mx1', interfaces: ['et-0/0/9'] }, slaves: [{ device: 'mx3', interfaces: ['et-0/0/9'] }] });
      }, '--offbox', 'certs', 'export', '--output', join(place, 'export'), '--json', ...argv);
    const devices = ({ output }: { output: string }): string[] => (JSON.parse(output) as { saes: { device: string }[] }).saes.map(({ device }) => device);
    expect(devices(await exported())).toEqual(['mx1', 'mx2', 'mx3']);
    expect(devices(await exported('--link', 'mx1-mx3'))).toEqual(['mx1', 'mx3']);
    expect(devices(await exported('--link', 'mx1-mx3', '--device', 'mx3'))).toEqual(['mx3']);
    expect(await exported('--link', 'mx1-mx3', '--device', 'mx2')).toMatchObject({ status: 2, errors: 'error: mx2 is no end of --link mx1-mx3\nhint: name one of: mx1, mx3\n' });
  });

  it.each<[string, (devices: Record<string, { kme: object }>, place: string) => void, RegExp]>([
    ['two devices have one certificate', (devices, place) => Object.values(devices).forEach(({ kme }) => Object.assign(kme, { cert_file: join(place, 'both.crt'), key_file: join(place, 'both.key') })), /^error: certificates of mx1: \S+both\.crt and its key cannot be replaced: mx2 has files of the same name\nhint: give devices\.mx1\.kme and devices\.mx2\.kme cert_file and key_file of their own\n/],
    ['two certificates differ in their extension only', ({ mx1, mx2 }, place) => [Object.assign(mx1?.kme ?? {}, { cert_file: join(place, 'both.crt'), key_file: join(place, '1.key') }), Object.assign(mx2?.kme ?? {}, { cert_file: join(place, 'both.pem'), key_file: join(place, '2.key') })], /^error: certificates of mx1: \S+both\.crt and its key cannot be replaced: mx2 has/],
    ['a certificate is called as the CA', ({ mx1 }, place) => Object.assign(mx1?.kme ?? {}, { cert_file: join(place, 'client-root-ca.crt') }), /^error: certificates of mx1: \S+client-root-ca\.crt has the name of the CA's file\nhint: /],
  ])('%s: nothing is replaced, and a hint says what to do', async (_name, change, line) => {
    const place = mkdtempSync(join(bed.folder, 'offbox-shared-'));
    bed.layAuthority(place);
    for (const [from, to] of [[bed.crt('mx1'), 'both.crt'], [bed.key('mx1'), 'both.key'], [bed.key('mx1'), '1.key']] as const) copyFileSync(from, join(place, to));
    const before = filesBelow(place);
    const ran = await bed.run(bed.lab.inventory, (inventory) => {
      Object.assign(inventory, { ca_server: GENERATE, paths: { home: join(bed.folder, 'offbox-home'), certificates: place } });
      change(inventory['devices'] as Record<string, { kme: object }>, place);
    }, '--offbox', 'certs', 'renew', '--force', '--device', 'mx1');
    expect([ran.status, ran.errors]).toEqual([1, expect.stringMatching(line)]);
    expect(filesBelow(place)).toEqual(before);
  });

  it('gets what the routers have, renews what is due, puts it beside, and the routers\' next run takes it', async () => {
    await bed.layPair('mx1', 5);
    const place = join(bed.folder, 'offbox-certs');
    bed.layAuthority(place);
    const kme = await bed.run(bed.lab.inventory, (inventory) => Object.assign(inventory, { ca_server: GENERATE, paths: { home: join(bed.folder, 'offbox-home'), certificates: place } }), '--offbox', 'certs', 'renew', '--json');
    expect([kme.errors, kme.status]).toEqual(['', 0]);
    expect(kme.json.certificates.map(({ device, action }) => [device, action])).toEqual([['mx1', 'renewed'], ['mx2', 'taken']]);
    expect(serial(`${bed.crt('mx1')}.new`)).toBe(serial(join(place, 'mx1.crt')));
    expect([statSync(`${bed.crt('mx1')}.new`).mode & 0o777, statSync(`${bed.key('mx1')}.new`).mode & 0o777]).toEqual([0o644, 0o600]);
    expect(daysOf(bed.crt('mx1'))).toBeLessThan(6);
    expect((await bed.onBox('mx1', undefined, 'run', '--json')).status).toBe(0);
    expect(serial(bed.crt('mx1'))).toBe(serial(join(place, 'mx1.crt')));
    expect(existsSync(join(bed.certs('mx1'), 'client-root-ca.key'))).toBe(false);
    expect(readlinkSync(join(bed.certs('mx1'), 'mx1.key'))).toBe('mx1.pairs/current/key.pem');
    const checked = await bed.run(bed.lab.inventory, (inventory) => Object.assign(inventory, { ca_server: GENERATE, paths: { home: join(bed.folder, 'offbox-home'), certificates: place } }), '--offbox', 'certs', 'check', '--json');
    expect(checked.json.certificates.map((one) => [one['device'], one['where'], one['verdict']])).toEqual([['mx1', 'here', 'valid'], ['mx1', 'router', 'valid'], ['mx2', 'here', 'valid'], ['mx2', 'router', 'valid']]);
    expect(checked.status).toBe(0);
  });

  it('puts it on both routing engines where there are two; an engine out of reach fails the device and keeps nobody else from being renewed', async () => {
    const place = join(bed.folder, 'offbox-two');
    bed.layAuthority(place);
    const two = (engines: readonly string[]) =>
      bed.run(
        bed.lab.inventory,
        (inventory) => {
          Object.assign(inventory, { ca_server: GENERATE, paths: { home: join(bed.folder, 'offbox-two-home'), certificates: place } });
          Object.assign((inventory['devices'] as Record<string, object>)['mx1'] as object, { routing_engines: engines });
        },
        '--offbox', 'certs', 'renew', '--force', '--json', '-vv',
      );
    // One simulated router has one engine: two names of it stand for two.
    const both = await two(['127.0.0.1', 'localhost']);
    expect([both.status, both.errors.match(/certificate put on the router device=mx1/g)?.length, both.errors.match(/certificate put on the router device=mx2/g)?.length]).toEqual([0, 2, 1]);
    const half = await two(['127.0.0.1', '127.0.0.99']);
    expect(half.status).toBe(1);
    expect(half.errors).toMatch(/error: certificates of mx1: copy on the router: .*127\.0\.0\.99/);
    expect(half.json.certificates.map(({ device, action }) => [device, action])).toEqual([['mx1', 'failed'], ['mx2', 'renewed']]);
    expect(serial(`${bed.crt('mx1')}.new`)).toBe(serial(join(place, 'mx1.crt')));
  });

  it('a dry run says what it would do and does nothing', async () => {
    await bed.layPair('mx1', 5);
    bed.layAuthority(bed.certs('mx1'));
    const before = filesBelow(bed.site('mx1').home).length;
    const dry = await bed.onBox('mx1', GENERATE, 'certs', 'renew', '--dry-run', '--json');
    expect([dry.status, dry.json.certificates[0]?.['action'], daysOf(bed.crt('mx1')) < 6, existsSync(join(bed.certs('mx1'), 'mx1.pairs'))]).toEqual([0, 'would-renew', true, false]);
    // But for the inventory of this run.
    expect(filesBelow(bed.site('mx1').home).length).toBe(before + 1);
  });
});
