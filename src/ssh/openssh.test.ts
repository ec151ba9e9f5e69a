// The real OpenSSH sshd and its scp on the other end: login, host keys, files in both directions.
// Skipped where sshd is missing, but not in CI.

import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';

import { noLog } from '../log.ts';
import { connectSsh } from './connect.ts';
import { isMissingFile } from './scp-dialogue.ts';
import { scpGet } from './scp-get.ts';
import { scpPut } from './scp-put.ts';
import { has, keygen, makeHostKey, pinOf, settings, SSHD, startSshd, temporaryFolder } from './test-peers.ts';
import type { SshConnection } from './connection.ts';
import type { SshSettings } from '../inventory/inventory.ts';
import type { Sshd } from './test-peers.ts';

const LIMITS = { maxBytes: 100_000, timeoutSeconds: 10 };
const PUT = { mode: 0o640, timeoutSeconds: 10 };

describe.skipIf(!has(SSHD))('OpenSSH sshd', () => {
  let sshd: Sshd;
  let folder: string;
  const open: SshConnection[] = [];

  beforeAll(async () => {
    folder = temporaryFolder('openssh-');
    sshd = await startSshd(['ed25519', 'ecdsa', 'rsa']);
  });
  afterEach(() => {
    for (const connection of open.splice(0)) connection.close();
  });
  afterAll(async () => {
    await sshd.close();
    rmSync(folder, { recursive: true });
  });

  const publicKey = (type: string): string => readFileSync(join(sshd.folder, `host_${type}.pub`), 'utf8').split(' ').slice(0, 2).join(' ');
  const pin = (type: string): string => pinOf(publicKey(type));

  async function connect(changes: Partial<SshSettings> = {}, hostKeys: string[] = []): Promise<SshConnection> {
    const target = { addresses: ['127.0.0.1'], port: sshd.port, username: sshd.user, privateKey: { file: sshd.clientKeyFile }, hostKeys };
    const connection = await connectSsh(target, settings({ timeout: 10, ...changes }), { log: noLog });
    open.push(connection);
    return connection;
  }

  function knownHosts(...lines: string[]): string {
    const file = join(folder, 'known_hosts');
    writeFileSync(file, lines.map((line) => `${line}\n`).join(''));
    return file;
  }

  const pinned = (): Promise<SshConnection> => connect({}, [pin('ed25519')]);

  test('key login, a command, its output and status', async () => {
    const channel = await (await pinned()).exec('cat; echo oops >&2; exit 4');
    channel.end('round trip');
    const closed = new Promise((resolve) => channel.once('close', resolve));
    const pieces: Buffer[] = [];
    for await (const piece of channel) pieces.push(piece as Buffer);
    await closed;
    expect(Buffer.concat(pieces).toString()).toBe('round trip');
    expect(channel).toMatchObject({ diagnostics: 'oops', exitStatus: 4 });
  });

  test('an exchange takes far less than a delayed acknowledgement (40 ms each)', async () => {
    const channel = await (await pinned()).exec('cat');
    const times: number[] = [];
    for (let i = 0; i < 25; i += 1) {
      const start = performance.now();
      const answered = new Promise((resolve) => channel.once('data', resolve));
      channel.write('ping');
      await answered;
      times.push(performance.now() - start);
    }
    // A busy machine delays some of them; the delayed acknowledgement would delay all.
    expect(times.sort((a, b) => a - b)[5]).toBeLessThan(20);
    channel.destroy();
  });

  test.each(['ed25519', 'ecdsa', 'rsa'])('the pinned key may be the %s one', async (type) => {
    await connect({}, [pin(type)]);
  });

  test.each(['ed25519', 'ecdsa', 'rsa'])('known_hosts may hold the %s key only, hashed by ssh-keygen -H', async (type) => {
    const knownHostsFile = knownHosts(`[127.0.0.1]:${sshd.port} ${publicKey(type)}`);
    execFileSync('ssh-keygen', ['-H', '-f', knownHostsFile], { stdio: 'ignore' });
    expect(readFileSync(knownHostsFile, 'utf8')).toMatch(/^\|1\|/);
    await connect({ knownHostsFile });
  });

  test.each(['strict', 'accept-new'] as const)('a changed host key is refused by %s', async (hostKeyPolicy) => {
    const other = makeHostKey().publicKey;
    const knownHostsFile = knownHosts(`[127.0.0.1]:${sshd.port} ${other}`);
    await expect(connect({ knownHostsFile, hostKeyPolicy })).rejects.toMatchObject({ code: 'ssh-host-key', message: expect.stringContaining('host key changed') });
    expect(readFileSync(knownHostsFile, 'utf8')).toBe(`[127.0.0.1]:${sshd.port} ${other}\n`);
  });

  test('accept-new, then strict; and OpenSSH reads what we wrote', async () => {
    const knownHostsFile = join(folder, 'accepted', 'known_hosts');
    await expect(connect({ knownHostsFile })).rejects.toMatchObject({ code: 'ssh-host-key' });
    await connect({ knownHostsFile, hostKeyPolicy: 'accept-new' });
    await connect({ knownHostsFile });
    expect(execFileSync('ssh-keygen', ['-F', `[127.0.0.1]:${sshd.port}`, '-f', knownHostsFile], { encoding: 'utf8' })).toContain(publicKey('ed25519'));
  });

  test('a revoked host key is refused, even when pinned', async () => {
    const knownHostsFile = knownHosts(`@revoked * ${publicKey('ed25519')}`);
    const refused = { code: 'ssh-host-key', message: expect.stringContaining('is revoked') };
    await expect(connect({ knownHostsFile, hostKeyPolicy: 'accept-new' })).rejects.toMatchObject(refused);
    await expect(connect({ knownHostsFile }, [pin('ed25519')])).rejects.toMatchObject(refused);
  });

  test('another client key is refused', async () => {
    const file = join(folder, 'stranger');
    keygen(file, 'ed25519');
    const target = { addresses: ['127.0.0.1'], port: sshd.port, username: sshd.user, privateKey: { file }, hostKeys: [pin('ed25519')] };
    await expect(connectSsh(target, settings(), { log: noLog })).rejects.toMatchObject({
      code: 'ssh-authentication',
      message: `ssh 127.0.0.1:${sshd.port}: the router refuses the login (tried publickey; it takes publickey)`,
    });
  });

  test.each([
    ['an empty file', 0],
    ['a short file', 12],
    ['a file of the largest size', 100_000],
  ])('%s comes and goes unchanged', async (_title, size) => {
    const content = Buffer.alloc(size, 'C0600 1 a\n\0\u0001D');
    const connection = await pinned();
    const path = join(folder, `file-${size}`);
    await scpPut(connection, path, content, PUT);
    expect(statSync(path).mode & 0o7777).toBe(0o640);
    expect(readFileSync(path).equals(content)).toBe(true);
    utimesSync(path, 1_700_000_000, 1_700_000_000);
    const got = await scpGet(connection, path, LIMITS);
    expect(got.content.equals(content)).toBe(true);
    expect({ mode: got.mode, modifiedAt: got.modifiedAt }).toEqual({ mode: 0o640, modifiedAt: 1_700_000_000_000 });
  });

  test('putting over a file replaces content and mode', async () => {
    const path = join(folder, 'replaced');
    writeFileSync(path, 'much longer than what comes next', { mode: 0o666 });
    await scpPut(await pinned(), path, Buffer.from('short'), { ...PUT, mode: 0o600 });
    expect(readFileSync(path, 'utf8')).toBe('short');
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  test('several files at once on one connection', async () => {
    const connection = await pinned();
    const paths = [1, 2, 3, 4].map((n) => join(folder, `parallel-${n}`));
    await Promise.all(paths.map((path) => scpPut(connection, path, Buffer.from(path), PUT)));
    const files = await Promise.all(paths.map((path) => scpGet(connection, path, LIMITS)));
    expect(files.map((file) => file.content.toString())).toEqual(paths);
  });

  test('a missing file is told apart', async () => {
    const connection = await pinned();
    const error: unknown = await scpGet(connection, join(folder, 'missing'), LIMITS).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'scp', message: expect.stringMatching(/No such file or directory$/) });
    expect(isMissingFile(error)).toBe(true);
  });

  test('a directory is refused', async () => {
    mkdirSync(join(folder, 'directory'));
    const error: unknown = await scpGet(await pinned(), join(folder, 'directory'), LIMITS).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'scp', message: expect.stringContaining('not a regular file') });
    expect(isMissingFile(error)).toBe(false);
  });

  test('a file that is too large is refused before it comes', async () => {
    const path = join(folder, 'large');
    writeFileSync(path, Buffer.alloc(100_001));
    await expect(scpGet(await pinned(), path, LIMITS)).rejects.toMatchObject({ code: 'scp', message: expect.stringContaining('the file has 100001 bytes, at most 100000 are accepted') });
  });

  test('putting into a folder that is not there is refused', async () => {
    const path = join(folder, 'nowhere', 'file');
    await expect(scpPut(await pinned(), path, Buffer.from('x'), PUT)).rejects.toMatchObject({ code: 'scp', message: expect.stringContaining('No such file or directory') });
    expect(existsSync(path)).toBe(false);
  });

  test('a device that never ends is cut off by the time-out', async () => {
    const path = join(folder, 'fifo');
    execFileSync('mkfifo', [path]);
    await expect(scpGet(await pinned(), path, { ...LIMITS, timeoutSeconds: 1 })).rejects.toMatchObject({ code: expect.stringMatching(/^(scp|deadline)$/) });
  });
});
