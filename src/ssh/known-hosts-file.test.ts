// known_hosts on disk: creating, adding, several at once, and what cannot be read or written.
// Every test has a folder of its own.

import { chmodSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';

import { addKnownHost, readKnownHosts } from './known-hosts-file.ts';
import { makeHostKey, temporaryFolder } from './test-peers.ts';
import type { HostKeyRules } from './host-key.ts';

let folder: string;
let file: string;
beforeEach(() => {
  folder = temporaryFolder('known-hosts-');
  file = join(folder, 'ssh', 'known_hosts');
});
afterEach(() => rmSync(folder, { recursive: true }));

const key = makeHostKey().publicKey;
const wire = (publicKey: string): Buffer => Buffer.from(publicKey.split(' ')[1] ?? '', 'base64');
const rules = (host: string, port = 22): HostKeyRules => ({ host, port, pinned: [], policy: 'accept-new', known: [], knownHostsFile: file });

test('a missing file has no lines', async () => {
  expect(await readKnownHosts(file)).toEqual({ lines: [], badLines: 0 });
});

test('a file that cannot be read is named', async () => {
  await expect(readKnownHosts(folder)).rejects.toMatchObject({ code: 'file', message: expect.stringContaining(`cannot read ${folder}`) });
});

test('the first addition creates file and folder for the owner only', async () => {
  await addKnownHost(file, wire(key), rules('MX1', 830));
  expect(readFileSync(file, 'utf8')).toBe(`[mx1]:830 ${key}\n`);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(statSync(join(folder, 'ssh')).mode & 0o777).toBe(0o700);
});

test('what is in the file stays, also a last line without its line break', async () => {
  mkdirSync(join(folder, 'ssh'));
  writeFileSync(file, `# ours\nmx2 ${key}`);
  await addKnownHost(file, wire(key), rules('mx1'));
  expect(readFileSync(file, 'utf8')).toBe(`# ours\nmx2 ${key}\nmx1 ${key}\n`);
});

test('twenty additions at once all arrive, the same host once', async () => {
  const hosts = Array.from({ length: 20 }, (_, i) => `mx${i % 10}`);
  await Promise.all(hosts.map((host) => addKnownHost(file, wire(key), rules(host))));
  const lines = readFileSync(file, 'utf8').trim().split('\n');
  expect(new Set(lines)).toEqual(new Set(hosts.map((host) => `${host} ${key}`)));
  expect(lines).toHaveLength(10);
});

test('of two keys for one host at once, the second is refused', async () => {
  const other = makeHostKey().publicKey;
  const outcomes = await Promise.allSettled([addKnownHost(file, wire(key), rules('mx1')), addKnownHost(file, wire(other), rules('mx1'))]);
  expect(outcomes.map((outcome) => outcome.status)).toEqual(['fulfilled', 'rejected']);
  expect(outcomes[1]).toMatchObject({ reason: { code: 'ssh-host-key' } });
  expect(readFileSync(file, 'utf8')).toBe(`mx1 ${key}\n`);
});

test.skipIf(process.getuid?.() === 0)('a file that cannot be written is named', async () => {
  mkdirSync(join(folder, 'ssh'));
  chmodSync(join(folder, 'ssh'), 0o500);
  await expect(addKnownHost(file, wire(key), rules('mx1'))).rejects.toMatchObject({ code: 'file' });
});
