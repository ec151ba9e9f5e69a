// The built program on the bench's routers, with client certificates that have five days left: renewed, and renewed in
// spite of kill -9 at moments that are others every day.

import { createPrivateKey, X509Certificate } from 'node:crypto';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { makeArtifact } from '../../../build/artifact.ts';
import { runArtifact } from './artifact-process.ts';
import { type Lab, startLab } from './lab.ts';
import { must } from './router-home.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'qkd-lab-certificates-'));
let lab: Lab;

beforeAll(async () => {
  const artifact = join(folder, 'qkd-macsec.js');
  writeFileSync(artifact, (await makeArtifact({ root: ROOT, entry: 'src/main.ts', version: '0.0.0', commit: 'bed' })).code, { mode: 0o755 });
  lab = await startLab({ folder, routers: 2, artifact, method: 'pre-shared-key', hello: 20, certificateDays: 5, system: { rotation: { wait: 5, poll: 0.2 } } });
});
afterAll(async () => {
  await lab.close();
  rmSync(folder, { recursive: true, force: true });
});

it('run renews them, the KMEs accept the new ones, the rotation uses them, and certs check is green', { timeout: 180_000 }, async () => {
  for (const name of ['mx1', 'mx2']) {
    const { launcher, home } = must(lab.routers, name);
    const certificate = (): X509Certificate => new X509Certificate(readFileSync(join(home, 'certs', `${name}.crt`)));
    const old = certificate();
    expect((await runArtifact([launcher, 'certs', 'check'])).status).toBe(1);
    const run = await runArtifact([launcher, 'run', '--json', '-vvv']);
    expect(run.standardError).toMatch(new RegExp(`NOTICE  certificates renewed device=${name} state="?364 days left`));
    expect([run.status, run.links.map(({ error }) => error)]).toEqual([0, [null]]);
    const renewed = certificate();
    expect([renewed.serialNumber === old.serialNumber, renewed.issuer === old.issuer]).toEqual([false, true]);
    expect(renewed.verify(lab.pki.clientCa.certificate.publicKey)).toBe(true);
    const check = await runArtifact([launcher, 'certs', 'check']);
    expect([check.status, check.standardError]).toEqual([0, '']);
    expect(check.standardOutput).toMatch(new RegExp(`^${name} +here +CN=${name} +CN=bench SAE CA +RSA 2048 .* 364 +valid$`, 'm'));
    expect((await runArtifact([launcher, 'run', '--json', '-vvv'])).standardError).not.toContain('certificates renewed');
    expect(certificate().serialNumber).toBe(renewed.serialNumber);
  }
  expect(lab.kmes.deliveredCount()).toBeGreaterThan(0);
});

const DAY = 86_400_000;

/** Numbers from 0 to 1 that follow from the seed. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
}

it.each<[source: string, caServer: () => object]>([
  ['made on the router', () => ({ ca_cert: { generate: true } })],
  ['fetched from a CA server', fetchedFromMx2],
])('killed while it renews, with a CA that is %s: one whole pair that the KME takes, and the next run renews', { timeout: 180_000 }, async (_name, caServer) => {
  const { launcher, home } = must(lab.routers, 'mx1');
  const inventory = JSON.parse(readFileSync(join(home, 'inventory.json'), 'utf8')) as { system: { rotation: object } };
  inventory.system.rotation = { wait: 0 };
  writeFileSync(join(home, 'inventory.json'), JSON.stringify({ ...inventory, ca_server: caServer() }), { mode: 0o600 });
  const certs = join(home, 'certs');
  const serial = (): string => {
    const certificate = new X509Certificate(readFileSync(join(certs, 'mx1.crt')));
    const isWhole = certificate.checkPrivateKey(createPrivateKey(readFileSync(join(certs, 'mx1.key'))));
    expect([isWhole, certificate.verify(lab.pki.clientCa.certificate.publicKey)]).toEqual([true, true]);
    return certificate.serialNumber;
  };
  const lay = async (): Promise<void> => {
    const { certificateFile, keyFile } = await lab.pki.issue(lab.pki.clientCa, { file: 'ending', kind: 'client', commonName: 'mx1', fromDay: -30, untilDay: 5 });
    for (const name of ['mx1.pairs', 'mx1.crt', 'mx1.key', 'mx1.crt.prev', 'mx1.key.prev']) rmSync(join(certs, name), { recursive: true, force: true });
    rmSync(join(home, 'certificate-checks'), { recursive: true, force: true });
    copyFileSync(certificateFile, join(certs, 'mx1.crt'));
    copyFileSync(keyFile, join(certs, 'mx1.key'));
  };
  await lay();
  const { status, seconds, standardError } = await runArtifact([launcher, 'run', '--json']);
  expect([status, standardError]).toEqual([0, '']);
  const seed = 1 + Math.floor(Date.now() / DAY);
  const next = numbers(seed);
  for (const command of [['run'], ['certs', 'renew', '--force'], ['run'], ['certs', 'renew', '--force']]) {
    await lay();
    const laid = serial();
    const moment = seconds * (0.2 + 0.8 * next());
    await runArtifact([launcher, ...command, '--json'], moment);
    const left = serial();
    const again = await runArtifact([launcher, 'run', '--json']);
    expect([again.status, again.links.map(({ error }) => error)], `${command.join(' ')}, seed ${seed}, killed after ${moment} s: ${again.standardError}`).toEqual([0, [null]]);
    expect([serial() === laid, left === laid || left === serial()]).toEqual([false, true]);
  }
});

function fetchedFromMx2(): object {
  const { router } = must(lab.routers, 'mx2');
  const there = join(router.root, 'var/home/qkd/ca');
  mkdirSync(there, { recursive: true });
  copyFileSync(lab.pki.clientCa.certificateFile, join(there, 'ca.crt'));
  copyFileSync(lab.pki.clientCa.keyFile, join(there, 'ca.key'));
  rmSync(join(must(lab.routers, 'mx1').home, 'certs', 'client-root-ca.key'), { force: true });
  return { ca_cert: { fetch: true }, ca_server_ip: '127.0.0.1', ca_port: router.sshPort, ca_host_key: router.hostKeyFingerprint, ca_user: 'qkd', ca_path: '/var/home/qkd/ca', ca_cert_name: 'ca.crt', ca_key_name: 'ca.key' };
}
