// The built program on the bench's routers, with client certificates that have five days left.

import { X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
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
