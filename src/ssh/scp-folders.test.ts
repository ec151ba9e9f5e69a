// Folders made over SCP: by the real OpenSSH scp (skipped where it is missing, but not in CI), and refusals.

import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';

import { noLog } from '../log.ts';
import { connectSsh } from './connect.ts';
import { scpMakeFolders } from './scp-folders.ts';
import { has, pinOf, settings, SSHD, startSshd, temporaryFolder } from './test-peers.ts';
import type { SshConnection } from './connection.ts';
import type { Sshd } from './test-peers.ts';

const TREE = { name: 'qkd', mode: 0o711, folders: [{ name: 'a', mode: 0o755 }, { name: 'b', mode: 0o700, folders: [{ name: 'c', mode: 0o750 }] }] };

describe.skipIf(!has(SSHD))('OpenSSH scp', () => {
  let sshd: Sshd;
  let folder: string;
  let connection: SshConnection;

  beforeAll(async () => {
    sshd = await startSshd();
    const key = readFileSync(join(sshd.folder, 'host_ed25519.pub'), 'utf8').split(' ').slice(0, 2).join(' ');
    const target = { addresses: ['127.0.0.1'], port: sshd.port, username: sshd.user, privateKey: { file: sshd.clientKeyFile }, hostKeys: [pinOf(key)] };
    connection = await connectSsh(target, settings({ timeout: 10 }), { log: noLog });
  });
  afterAll(async () => {
    connection.close();
    await sshd.close();
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const mode = (path: string): string => (statSync(join(folder, path)).mode & 0o7777).toString(8);
  const fresh = (): string => (folder = temporaryFolder('scp-folders-'));

  test('makes a tree with exact modes, a second time as well', async () => {
    fresh();
    for (let time = 0; time < 2; time += 1) await scpMakeFolders(connection, folder, TREE, 10);
    expect(['qkd', 'qkd/a', 'qkd/b', 'qkd/b/c'].map(mode)).toEqual(['711', '755', '700', '750']);
  });

  test('a folder that is there gets the mode and keeps its files', async () => {
    fresh();
    mkdirSync(join(folder, 'qkd'), { mode: 0o700 });
    writeFileSync(join(folder, 'qkd', 'kept'), 'content');
    await scpMakeFolders(connection, folder, TREE, 10);
    expect([mode('qkd'), readFileSync(join(folder, 'qkd', 'kept'), 'utf8')]).toEqual(['711', 'content']);
  });

  test('a file of that name is refused, with its path', async () => {
    fresh();
    writeFileSync(join(folder, 'qkd'), '');
    await expect(scpMakeFolders(connection, folder, TREE, 10)).rejects.toMatchObject({ code: 'scp', message: expect.stringMatching(/scp folders .*qkd.*(Not a directory|File exists)/) });
  });

  test.each(['', '.', '..', 'a/b', 'a b', 'a\nb'])('the name %j is refused', async (name) => {
    fresh();
    await expect(scpMakeFolders(connection, folder, { name, mode: 0o700 }, 10)).rejects.toMatchObject({ code: 'scp', message: expect.stringContaining('the name is not one of a folder') });
  });
});
