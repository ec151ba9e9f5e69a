// A change of CA as an operator goes through it, with a KME that trusts what its operator has given it: the new CA is told
// of at once, the old one signs until the KME accepts the new one, and no certificate is lost on the way.

import { X509Certificate } from 'node:crypto';
import { copyFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { type CertsBed, GENERATE, serial, startCertsBed } from './test-certs-bed.ts';

vi.setConfig({ testTimeout: 90_000 });

let bed: CertsBed;
let trusted: string;
beforeAll(async () => {
  bed = await startCertsBed();
  trusted = readFileSync(bed.lab.pki.clientCa.certificateFile, 'utf8');
});
beforeEach(async () => {
  trustAtKmes(trusted);
  await bed.reset();
});
afterAll(() => bed.close());

/** What the KMEs' operator does. */
function trustAtKmes(cas: string): void {
  writeFileSync(bed.lab.pki.clientCa.certificateFile, cas);
  for (const kme of bed.lab.kmes.kmes) kme.present(bed.lab.pki.kmes.get(kme.name) ?? { certificateFile: '', keyFile: '' });
}

const issuer = (): string => new X509Certificate(readFileSync(bed.crt('mx1'))).issuer;
const checkAgain = (): void => rmSync(join(bed.site('mx1').home, 'certificate-checks'), { recursive: true });
const run = () => bed.onBox('mx1', GENERATE, 'run', '--json');

it('the old CA signs, with a warning, until the KME accepts the new one; then the next check moves the router over', async () => {
  bed.layAuthority(bed.certs('mx1'));
  const old = serial(bed.crt('mx1'));
  expect((await bed.onBox('mx1', GENERATE, 'certs', 'ca', '--force')).output).toMatch(/give the KME's operator the new CA: qkd-macsec certs export\n$/);

  const before = await run();
  expect(before.errors).toMatch(/^warning: certificates of mx1: the newest CA is not in use yet: new certificate not taken into service: KME .*\nhint: give the KME's operator the new CA \(qkd-macsec certs export\)\n$/);
  expect(before.json.certificates).toEqual([{ device: 'mx1', verdict: 'valid', action: 'kept', error: null }]);
  expect([before.status, before.json.links[0]?.['error'], serial(bed.crt('mx1'))]).toEqual([0, null, old]);

  await bed.layPair('mx1', 5);
  checkAgain();
  const renewed = await run();
  expect(renewed.errors).toMatch(/^warning: certificates of mx1: signed by the former CA: .*\nhint: give the KME's operator/);
  expect(renewed.json.certificates).toEqual([{ device: 'mx1', verdict: 'valid', action: 'renewed', error: null }]);
  expect([renewed.status, renewed.json.links[0]?.['error'], issuer()]).toEqual([0, null, 'CN=bench SAE CA']);

  const exported = join(bed.folder, 'export');
  await bed.onBox('mx1', GENERATE, 'certs', 'export', '--output', exported);
  trustAtKmes(readFileSync(join(exported, 'client-ca.crt'), 'utf8'));
  checkAgain();
  const moved = await run();
  expect([moved.errors, moved.status, moved.json.links[0]?.['error']]).toEqual(['', 0, null]);
  expect(moved.json.certificates).toEqual([{ device: 'mx1', verdict: 'valid', action: 'renewed', error: null }]);
  expect(issuer()).toMatch(/^CN=qkd-macsec CA [0-9a-f]{8}$/);
  const check = await bed.onBox('mx1', GENERATE, 'certs', 'check');
  expect([check.status, check.errors]).toEqual([0, '']);
});

it('a CA that ends within half a lifetime is followed at the next check, long before anything has to be signed', async () => {
  const ending = await bed.lab.pki.issue(undefined, { file: 'ending-ca', kind: 'ca', commonName: 'ending CA', untilDay: 150 });
  const pair = await bed.lab.pki.issue(ending, { file: 'by-ending', kind: 'client', commonName: 'mx1', untilDay: 100 });
  trustAtKmes(trusted + readFileSync(ending.certificateFile, 'utf8'));
  for (const [from, to] of [[ending.certificateFile, 'client-root-ca.crt'], [ending.keyFile, 'client-root-ca.key'], [pair.certificateFile, 'mx1.crt'], [pair.keyFile, 'mx1.key']] as const) copyFileSync(from, join(bed.certs('mx1'), to));
  const ran = await run();
  expect([ran.status, ran.json.certificates[0]?.['action']]).toEqual([0, 'kept']);
  expect(ran.errors).toMatch(/^warning: certificates of mx1: the newest CA is not in use yet/);
  expect(readFileSync(join(bed.certs('mx1'), 'client-root-ca.crt'), 'utf8').match(/BEGIN CERTIFICATE/g)).toHaveLength(2);
  expect(issuer()).toBe('CN=ending CA');
});

it('a renewal by hand that the new CA cannot sign yet ends well, with a warning', async () => {
  bed.layAuthority(bed.certs('mx1'));
  await bed.onBox('mx1', GENERATE, 'certs', 'ca', '--force');
  const ran = await bed.onBox('mx1', GENERATE, 'certs', 'renew', '--force', '--json');
  expect([ran.status, ran.json.certificates[0]?.['action'], issuer()]).toEqual([0, 'renewed', 'CN=bench SAE CA']);
  expect(ran.json.certificates[0]?.['warnings']).toEqual([expect.objectContaining({ code: 'kme-refused-us' })]);
  expect(ran.errors).toMatch(/^warning: certificates of mx1: signed by the former CA: .*\nhint: give the KME's operator/);
});
