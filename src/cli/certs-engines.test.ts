// Certificates of a router with two routing engines, each with its own files and SSH address on the bench: what the master
// renews reaches the other engine beside its pair, is taken there by that engine's next run, and serves after a switchover.

import { createPrivateKey, X509Certificate } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { type Lab, startLab } from '../bench/lab/lab.ts';
import { sshKeyPair } from '../bench/pki/ssh-key-pair.ts';
import { GENERATE, type Json, serial } from './test-certs-bed.ts';
import { command } from './test-command.ts';

vi.setConfig({ testTimeout: 90_000 });

const HOSTS: readonly [string, string] = ['127.0.0.2', '127.0.0.3'];
const folder = mkdtempSync(join(tmpdir(), 'qkd-engines-'));
let lab: Lab;

beforeAll(async () => {
  const system = { rotation: { wait: 0, poll: 1 }, ssh: { attempts: 1, delay: 0, timeout: 5 }, kme: { attempt_timeout: 5, deadline: 5 } };
  lab = await startLab({ folder, routers: 2, artifact: join(folder, 'not-built'), method: 'pre-shared-key', hello: 20, system, certificateDays: 5, platform: { routingEngines: 2, engineHosts: HOSTS } });
});
afterAll(async () => {
  await lab.close();
  rmSync(folder, { recursive: true, force: true });
});

const mx1 = () => {
  const site = lab.routers.get('mx1');
  if (site === undefined) throw new Error('no mx1');
  return site;
};
const place = (slot: number, file: string): string => join(mx1().homes[slot]?.home ?? '', 'certs', file);

/** The program on that engine. */
async function on(slot: number, ...argv: string[]) {
  const file = join(mx1().homes[slot]?.home ?? '', 'inventory.json');
  const inventory = JSON.parse(readFileSync(file, 'utf8')) as { ca_server: object; devices: Record<string, Json> };
  inventory.ca_server = GENERATE;
  Object.assign(inventory.devices['mx1'] ?? {}, { routing_engines: HOSTS, host_key: mx1().router.engines.map(({ hostKeyFingerprint }) => hostKeyFingerprint) });
  writeFileSync(`${file}.engines`, JSON.stringify(inventory), { mode: 0o600 });
  const ran = await command({ argv: ['-i', `${file}.engines`, '--onbox', '--device', 'mx1', ...argv, '--json'], folder });
  return { status: ran.status, errors: ran.errors.join('\n'), document: JSON.parse(ran.output) as { certificates: Json[]; links: Json[] } };
}

const isWhole = (slot: number): boolean => new X509Certificate(readFileSync(place(slot, 'mx1.crt'))).checkPrivateKey(createPrivateKey(readFileSync(place(slot, 'mx1.key'))));

it('the master renews for both, the backup only takes what is laid beside, and after a switchover the pair serves there', async () => {
  const old = serial(place(1, 'mx1.crt'));
  const master = await on(0, 'run');
  expect([master.errors, master.status, master.document.certificates[0]?.['action']]).toEqual(['', 0, 'renewed']);
  const renewed = serial(place(0, 'mx1.crt'));
  expect([serial(place(1, 'mx1.crt')), serial(place(1, 'mx1.crt.new')), statSync(place(1, 'mx1.key.new')).mode & 0o777]).toEqual([old, renewed, 0o600]);

  const backup = await on(1, 'run');
  expect([backup.errors, backup.status, backup.document.certificates[0]?.['action'], backup.document.links[0]?.['outcome']]).toEqual(['', 0, 'taken', 'unchanged']);
  expect([serial(place(1, 'mx1.crt')), serial(place(1, 'mx1.crt.prev')), existsSync(place(1, 'mx1.crt.new')), isWhole(1)]).toEqual([renewed, old, false, true]);

  const again = await on(0, 'certs', 'renew');
  expect([again.status, again.document.certificates[0]?.['action'], again.document.certificates[0]?.['waiting']]).toEqual([0, 'kept', []]);

  await mx1().router.faults.set({ kind: 'switchover' });
  const after = await on(1, 'run');
  expect([after.errors, after.status, after.document.links[0]?.['error'], after.document.certificates[0]?.['verdict']]).toEqual(['', 0, null, 'valid']);
  await mx1().router.faults.clear();
});

it('an engine out of reach is told of, and gets the pair at the next renewal', async () => {
  const before = serial(place(1, 'mx1.crt'));
  await mx1().router.faults.set({ kind: 'down' });
  const alone = await on(0, 'certs', 'renew', '--force');
  expect([alone.status, alone.errors]).toEqual([1, expect.stringMatching(/^error: certificates of mx1: copies on both routing engines: ssh 127\.0\.0\.[23]:\d+: /)]);
  expect([serial(place(0, 'mx1.crt')) === before, isWhole(0), serial(place(1, 'mx1.crt'))]).toEqual([false, true, before]);
  await mx1().router.faults.clear();
  const next = await on(0, 'certs', 'renew');
  expect([next.errors, next.status, serial(place(1, 'mx1.crt.new'))]).toEqual(['', 0, serial(place(0, 'mx1.crt'))]);
});

it('from the management host: on both engines, the key for its owner only, and each takes it by itself', async () => {
  const certificates = join(folder, 'offbox-certs');
  mkdirSync(certificates);
  for (const end of ['crt', 'key'] as const) copyFileSync(place(0, `client-root-ca.${end}`), join(certificates, `client-root-ca.${end}`));
  const inventory = JSON.parse(readFileSync(lab.inventory, 'utf8')) as { ca_server: object; paths: object; devices: Record<string, Json> };
  Object.assign(inventory, { ca_server: GENERATE, paths: { home: join(folder, 'offbox-home'), certificates } });
  Object.assign(inventory.devices['mx1'] ?? {}, { routing_engines: HOSTS, host_key: mx1().router.engines.map(({ hostKeyFingerprint }) => hostKeyFingerprint) });
  writeFileSync(join(folder, 'offbox.json'), JSON.stringify(inventory), { mode: 0o600 });
  const ran = await command({ argv: ['-i', join(folder, 'offbox.json'), '--offbox', 'certs', 'renew', '--force', '--device', 'mx1'], folder });
  expect([ran.status, ran.errors]).toEqual([0, []]);
  const made = serial(join(certificates, 'mx1.crt'));
  for (const slot of [0, 1]) {
    expect([serial(place(slot, 'mx1.crt.new')), statSync(place(slot, 'mx1.key.new')).mode & 0o777, statSync(place(slot, 'mx1.crt.new')).mode & 0o777]).toEqual([made, 0o600, 0o644]);
    expect((await on(slot, 'run')).document.certificates[0]).toMatchObject({ action: 'taken', verdict: 'valid' });
    expect([serial(place(slot, 'mx1.crt')), isWhole(slot)]).toEqual([made, true]);
  }
});

it('an engine that does not let the other one in: the hint says which statement is missing', async () => {
  const stranger = sshKeyPair();
  const file = join(mx1().homes[0]?.home ?? '', 'id_ed25519');
  const own = readFileSync(file);
  writeFileSync(file, stranger.private, { mode: 0o600 });
  const ran = await on(0, 'certs', 'renew', '--force');
  expect([ran.status, ran.errors]).toEqual([1, expect.stringMatching(/^error: certificates of mx1: copies on both routing engines: ssh \S+: the router refuses the login .*\nhint: let this router's own SSH key log in as qkd \(set system login user qkd authentication\)$/)]);
  expect(isWhole(0)).toBe(true);
  writeFileSync(file, own, { mode: 0o600 });
});

it('the CA\'s key does not go along: on an engine without it a renewal says where it may be', async () => {
  rmSync(place(1, 'client-root-ca.key'), { force: true });
  rmSync(place(1, 'client-root-ca.pairs'), { recursive: true, force: true });
  await on(0, 'certs', 'renew', '--force');
  expect(existsSync(place(1, 'client-root-ca.key'))).toBe(false);
  const there = await on(1, 'certs', 'renew', '--force');
  expect([there.status, there.errors]).toEqual([1, expect.stringMatching(/^error: certificates of mx1: CA: \S+client-root-ca\.crt is there without its key \S+: nothing can be signed\nhint: put the key of that CA beside it \(another routing engine may have it\)/)]);
  expect(isWhole(1)).toBe(true);
});
