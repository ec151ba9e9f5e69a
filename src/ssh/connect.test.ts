// Host keys, attempts and addresses, against ssh2 servers in this process and TCP servers that are none.
// The same against the real sshd: openssh.test.ts.

import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { failure, listen, makeHostKey, pinOf, temporaryFolder, testBed } from './test-peers.ts';

const { hostKey, keep, peer, connect, closeAll } = testBed();

let folder: string;
beforeEach(() => {
  folder = temporaryFolder('ssh-');
});
afterEach(async () => {
  await closeAll();
  rmSync(folder, { recursive: true });
});

describe('host keys', () => {
  const other = makeHostKey();

  test.each(['strict', 'accept-new'] as const)('%s refuses a changed key, sends no password and does not try again', async (hostKeyPolicy) => {
    const seen: string[] = [];
    const to = await peer({ authenticate: (context) => void seen.push(context.method) });
    const knownHostsFile = join(folder, 'known_hosts');
    writeFileSync(knownHostsFile, `[127.0.0.1]:${to.port} ${other.publicKey}\n`);
    const error = await failure(connect(to, { hostKeys: [] }, { hostKeyPolicy, knownHostsFile, attempts: 3 }));
    expect(error.code).toBe('ssh-host-key');
    expect(error.message).toContain(pinOf(hostKey.publicKey));
    expect(error.message).toContain(pinOf(other.publicKey));
    expect(seen).toEqual([]);
    expect(to.connections()).toBe(1);
  });

  test('accept-new records the key, and strict then accepts it', async () => {
    const to = await peer();
    const knownHostsFile = join(folder, 'new', 'known_hosts');
    const target = { hostKeys: [] };
    expect((await failure(connect(to, target, { knownHostsFile }))).message).toContain(`host key ssh-ed25519 ${pinOf(hostKey.publicKey)} is unknown`);
    expect(existsSync(knownHostsFile)).toBe(false);
    await connect(to, target, { knownHostsFile, hostKeyPolicy: 'accept-new' });
    expect(readFileSync(knownHostsFile, 'utf8')).toBe(`[127.0.0.1]:${to.port} ${hostKey.publicKey}\n`);
    await connect(to, target, { knownHostsFile });
  });

  test('no password is sent when the new key cannot be recorded', async () => {
    const seen: string[] = [];
    const to = await peer({ authenticate: (context) => void seen.push(context.method) });
    writeFileSync(join(folder, 'a-file'), '');
    const knownHostsFile = join(folder, 'known_hosts');
    const work = connect(to, { hostKeys: [] }, { knownHostsFile: join(folder, 'a-file', 'known_hosts'), hostKeyPolicy: 'accept-new' });
    expect((await failure(work)).code).toBe('file');
    expect(existsSync(knownHostsFile)).toBe(false);
    expect(seen).toEqual([]);
  });

  test('known_hosts decides which of several host keys the server shows', async () => {
    const rsa = makeHostKey('rsa');
    const to = await peer({ hostKeys: [hostKey, rsa] });
    const knownHostsFile = join(folder, 'known_hosts');
    writeFileSync(knownHostsFile, `[127.0.0.1]:${to.port} ${rsa.publicKey}\n`);
    await connect(to, { hostKeys: [] }, { knownHostsFile });
  });

  test('any of the host keys may be the pinned one', async () => {
    const [ecdsa, rsa] = [makeHostKey('ecdsa'), makeHostKey('rsa')];
    const to = await peer({ hostKeys: [hostKey, ecdsa, rsa] });
    await connect(to, { hostKeys: [pinOf(rsa.publicKey)] });
    const error = await failure(connect(to, { hostKeys: [pinOf(other.publicKey)] }));
    expect(error).toMatchObject({ code: 'ssh-host-key', message: `ssh 127.0.0.1:${to.port}: host key ssh-ed25519 ${pinOf(hostKey.publicKey)} is not the pinned ${pinOf(other.publicKey)}` });
  });
});

test('behind a pinned key that is not the first shown, a refused login is reported as such', async () => {
  const rsa = makeHostKey('rsa');
  const to = await peer({ hostKeys: [hostKey, rsa], authenticate: (context) => context.reject(['password']) });
  expect((await failure(connect(to, { hostKeys: [pinOf(rsa.publicKey)] }))).code).toBe('ssh-authentication');
});

describe('attempts', () => {
  test('every address is tried in turn', async () => {
    const to = await peer();
    const connection = await connect(to, { addresses: ['127.0.0.2', 'localhost'], hostKeys: [pinOf(hostKey.publicKey)] });
    expect(connection).toMatchObject({ address: 'localhost', port: to.port, place: `ssh localhost:${to.port}` });
  });

  test('all attempts at all addresses, one clear line', async () => {
    const to = await peer();
    await to.close();
    const error = await failure(connect(to, { addresses: ['127.0.0.1', '::1'] }, { attempts: 2 }));
    expect(error.code).toBe('ssh-unreachable');
    expect(error.message).toMatch(new RegExp(`^ssh 127.0.0.1:${to.port}: connection refused; ssh \\[::1\\]:${to.port}: .+ \\(2 attempts\\)$`));
  });

  test('a server that is there at the third attempt only', async () => {
    let left = 2;
    const to = await peer({ connected: (connection) => void (left-- > 0 && connection.end()) });
    await connect(to, {}, { attempts: 3 });
    expect(to.connections()).toBe(3);
  });

  test.each([
    ['says nothing', () => undefined, 'no answer within 0.2 s'],
    ['is no SSH server', (socket: { write(text: string): unknown }) => socket.write('HTTP/1.1 400 Bad Request\r\n\r\n'), 'key exchange: not finished within 0.2 s'],
    ['hangs up', (socket: { destroy(): unknown }) => socket.destroy(), 'key exchange: '],
    ['speaks SSH 1', (socket: { end(text: string): unknown }) => socket.end('SSH-1.5-old\r\n'), 'key exchange: '],
    ['sends garbage', (socket: { write(text: string): unknown }) => socket.write(`SSH-2.0-x\r\n${'x'.repeat(9999)}`), 'key exchange: '],
  ])('a server that %s', async (_title, act, text) => {
    const to = await listen(createServer((socket) => void act(socket as never)));
    keep(to);
    const error = await failure(connect(to, {}, { timeout: 0.2 }));
    expect(error.code).toBe('ssh-unreachable');
    expect(error.message).toContain(`ssh 127.0.0.1:${to.port}: ${text}`);
  });

  test('a server that never answers a login', async () => {
    const to = await peer({ authenticate: () => undefined });
    expect(await failure(connect(to, {}, { timeout: 0.3 }))).toMatchObject({ code: 'ssh-unreachable', message: `ssh 127.0.0.1:${to.port}: authentication: not finished within 0.3 s` });
  });

  test('a server with old algorithms only', async () => {
    const to = await peer({ config: { algorithms: { kex: ['diffie-hellman-group14-sha1'] } } });
    const error = await failure(connect(to));
    expect(error.code).toBe('ssh-unreachable');
    expect(error.message).toContain('no matching key exchange algorithm');
  });

  test('no address at all', async () => {
    expect((await failure(connect({ port: 1 }, { addresses: [] }))).code).toBe('ssh-unreachable');
  });
});
