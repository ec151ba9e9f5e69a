// Authentication methods, their order, and private key files. No password is ever sent twice, nor to a
// question that does not ask for it.

import { createPublicKey, verify } from 'node:crypto';
import { chmodSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import ssh2 from 'ssh2';
import { afterEach, beforeEach, expect, test } from 'vitest';

import { sshKeyPair } from '../bench/pki/ssh-key-pair.ts';
import { Secret } from '../secret.ts';
import { parsePrivateKey } from './credentials.ts';
import { failure, makeHostKey, PASSWORD, temporaryFolder, testBed } from './test-peers.ts';
import type { ParseKey } from './credentials.ts';

const { hostKey, peer, connect, closeAll } = testBed();

let folder: string;
beforeEach(() => {
  folder = temporaryFolder('ssh-');
});
afterEach(async () => {
  await closeAll();
  rmSync(folder, { recursive: true });
});

const offers = (...methods: string[]) => methods as never[];

test('a password is sent once, after the server said that it takes one', async () => {
  const seen: string[] = [];
  const to = await peer({
    authenticate: (context) => {
      seen.push(context.method);
      if (context.method === 'password' && context.password === PASSWORD) context.accept();
      else context.reject(offers('publickey', 'password', 'keyboard-interactive'));
    },
  });
  await connect(to);
  expect(seen).toEqual(['none', 'password']);
});

test('a wrong password is not repeated by another method or attempt', async () => {
  const seen: string[] = [];
  const to = await peer({
    authenticate: (context) => {
      seen.push(context.method);
      context.reject(offers('password', 'keyboard-interactive'));
    },
  });
  const error = await failure(connect(to, { addresses: ['127.0.0.1', '127.0.0.1'] }, { attempts: 3 }));
  expect(error).toMatchObject({
    code: 'ssh-authentication',
    message: `ssh 127.0.0.1:${to.port}: the router refuses the login (tried password; it takes password, keyboard-interactive)`,
  });
  expect(seen).toEqual(['none', 'password']);
  expect(to.connections()).toBe(1);
});

test('keyboard-interactive answers the password, once, and nothing else', async () => {
  const answers: string[][] = [];
  const to = await peer({
    authenticate: (context) => {
      if (context.method !== 'keyboard-interactive') return context.reject(offers('keyboard-interactive'));
      const ask = (prompt: string, echo: boolean, then: () => void): void =>
        context.prompt([{ prompt, echo }], (given) => {
          answers.push(given as never);
          then();
        });
      ask('Favourite colour?', false, () => ask('Password (shown):', true, () => ask('New password:', false, () => ask('Password:', false, () => ask('Password:', false, () => context.accept())))));
    },
  });
  await connect(to);
  expect(answers).toEqual([[''], [''], [''], [PASSWORD], ['']]);
});

test('a server that wants the password changed', async () => {
  const to = await peer({
    authenticate: (context) => {
      if (context.method === 'password') context.requestChange('expired', () => undefined);
      else context.reject(offers('password'));
    },
  });
  expect(await failure(connect(to))).toMatchObject({ code: 'ssh-authentication', message: expect.stringContaining('wants a new password') });
});

test('a disconnect while logging in is not tried again', async () => {
  const to = await peer({
    connected: (connection) => {
      connection.on('authentication', () => {
        (connection as unknown as { _protocol: { disconnect(reason: number): void } })._protocol.disconnect(2);
      });
    },
    authenticate: () => undefined,
  });
  expect((await failure(connect(to, {}, { attempts: 3 }))).code).toBe('ssh-authentication');
  expect(to.connections()).toBe(1);
});

test.each(['ed25519', 'ecdsa', 'rsa'] as const)('an %s key, with SHA-2', async (type) => {
  const file = join(folder, 'key');
  writeFileSync(file, makeHostKey(type).privateKey, { mode: 0o600 });
  const algorithms: string[] = [];
  const to = await peer({
    authenticate: (context) => {
      if (context.method !== 'publickey') return context.reject(offers('publickey'));
      algorithms.push(context.hashAlgo ?? context.key.algo);
      context.accept();
    },
  });
  await connect(to, { privateKey: { file }, password: undefined });
  expect(algorithms.at(-1)).toBe({ ed25519: 'ssh-ed25519', ecdsa: 'ecdsa-sha2-nistp256', rsa: 'sha256' }[type]);
});

test('a key alone is tried at once; where there is a password too, the server is asked first what it takes', async () => {
  const file = join(folder, 'key');
  writeFileSync(file, makeHostKey().privateKey, { mode: 0o600 });
  const methods: string[] = [];
  const to = await peer({
    authenticate: (context) => {
      methods.push(context.method);
      if (context.method !== 'publickey') return context.reject(offers('publickey'));
      context.accept();
    },
  });
  await connect(to, { privateKey: { file }, password: undefined });
  expect(new Set(methods.splice(0))).toEqual(new Set(['publickey']));
  await connect(to, { privateKey: { file } });
  expect(methods[0]).toBe('none');
});

test('an encrypted key needs its passphrase', async () => {
  const file = join(folder, 'key');
  const { private: pem } = sshKeyPair('ed25519', { passphrase: 'opens it' });
  writeFileSync(file, pem, { mode: 0o600 });
  const to = await peer();
  const key = { privateKey: { file } };
  await connect(to, { ...key, passphrase: Secret.ofText('opens it') });
  expect(await failure(connect(to, key))).toMatchObject({ code: 'file', message: expect.stringContaining('passphrase') });
  expect((await failure(connect(to, { ...key, passphrase: Secret.ofText('wrong') }))).code).toBe('file');
});

test.each([
  ['readable by the group', 0o640, 'others may read it (mode 0640)'],
  ['readable by all', 0o604, 'others may read it (mode 0604)'],
])('a key file %s is refused', async (_title, mode, text) => {
  const file = join(folder, 'key');
  writeFileSync(file, makeHostKey().privateKey);
  chmodSync(file, mode);
  expect(await failure(connect({ port: 1 }, { privateKey: { file } }))).toMatchObject({ code: 'file', message: `private key ${file}: ${text}`, hint: `run chmod 600 ${file}` });
});

test.each([
  ['missing', () => undefined, 'ENOENT'],
  ['not a key', (file: string) => writeFileSync(file, 'x', { mode: 0o600 }), 'private key'],
  ['a public key', (file: string) => writeFileSync(file, hostKey.publicKey, { mode: 0o600 }), 'private key'],
  ['far too large', (file: string) => writeFileSync(file, Buffer.alloc(100_000), { mode: 0o600 }), 'not a key file'],
])('a key file that is %s', async (_title, make, text) => {
  const file = join(folder, 'key');
  make(file);
  const error = await failure(connect({ port: 1 }, { privateKey: { file } }));
  expect(error.code).toBe('file');
  expect(error.message).toContain(text);
});

const parse = ssh2.utils.parseKey as ParseKey;

test('an RSA key signs with SHA-2 and refuses SHA-1, which ssh2 falls back to for servers that name no algorithms', () => {
  const key = parsePrivateKey('id_rsa', Secret.ofText(makeHostKey('rsa').privateKey), undefined, parse);
  const signed = Buffer.from('challenge');
  expect(verify('sha512', signed, createPublicKey(key.getPublicPEM()), key.sign(signed, 'sha512'))).toBe(true);
  expect(key.sign(signed, 'sha1')).toBeInstanceOf(Error);
  expect(key.sign(signed)).toBeInstanceOf(Error);
});

test('other keys have one algorithm and are left alone', () => {
  const key = parsePrivateKey('id_ed25519', Secret.ofText(makeHostKey().privateKey), undefined, parse);
  const signed = Buffer.from('challenge');
  expect(verify(null, signed, createPublicKey(key.getPublicPEM()), key.sign(signed))).toBe(true);
});
