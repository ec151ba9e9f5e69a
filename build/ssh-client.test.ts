// What is left of ssh2 in the artifact does all that src/ssh asks of it: each algorithm that is offered makes a
// connection, each form of private key reads as the whole package reads it.

import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ssh2 from 'ssh2';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sshKeyPair } from '../src/bench/pki/ssh-key-pair.ts';
import { HOST_KEY_TYPES, algorithmsFor } from '../src/ssh/algorithms.ts';
import { makeArtifact } from './artifact.ts';
import { type SampleProject, sampleProject } from './sample-project.ts';

let project: SampleProject;
let folder: string;
let bundled: typeof ssh2;

beforeAll(async () => {
  project = sampleProject({ 'src/main.ts': `import ssh2 from 'ssh2'; export { ssh2 };` });
  folder = mkdtempSync(join(tmpdir(), 'qkd-ssh-client-'));
  writeFileSync(join(folder, 'ssh2.cjs'), (await makeArtifact(project.inputs)).code);
  ({ ssh2: bundled } = createRequire(join(folder, 'x.cjs'))('./ssh2.cjs') as { ssh2: typeof ssh2 });
});
afterAll(() => {
  project.remove();
  rmSync(folder, { recursive: true, force: true });
});

type Algorithms = NonNullable<ssh2.ConnectConfig['algorithms']>;

/** What a command on a server with these algorithms only says to the artifact's client, which offers all of ours. */
async function answer(hostKey: string, algorithms: Algorithms): Promise<string> {
  const server = new ssh2.Server({ hostKeys: [hostKey], algorithms }, (peer) => {
    peer.on('error', () => undefined);
    peer.on('authentication', (context) => context.accept());
    peer.on('session', (accept) => accept().on('exec', (take) => take().end('done')));
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const client = new bundled.Client();
  try {
    return await new Promise<string>((resolve, reject) => {
      client.on('error', reject).on('ready', () => client.exec('show version', (_, channel) => channel.on('data', (bytes: Buffer) => resolve(bytes.toString()))));
      client.connect({ host: '127.0.0.1', port: (server.address() as AddressInfo).port, username: 'u', password: 'p', hostVerifier: () => true, algorithms: algorithmsFor(HOST_KEY_TYPES) });
    });
  } finally {
    client.end();
    server.close();
  }
}

const OURS = algorithmsFor(HOST_KEY_TYPES);

describe('a connection', () => {
  const ed25519 = sshKeyPair().private;
  it.each(OURS.kex)('with key exchange %s', async (kex) => expect(await answer(ed25519, { kex: [kex] })).toBe('done'));
  it.each(OURS.cipher)('with cipher %s', async (cipher) => expect(await answer(ed25519, { cipher: [cipher] })).toBe('done'));
  it.each(OURS.hmac)('with MAC %s', async (hmac) => expect(await answer(ed25519, { cipher: ['aes256-ctr'], hmac: [hmac] })).toBe('done'));
  it.each([['ecdsa', 'ecdsa-sha2-nistp256'], ['rsa', 'rsa-sha2-256'], ['rsa', 'rsa-sha2-512']] as const)('with a host key of type %s, %s', async (type, serverHostKey) => {
    expect(await answer(sshKeyPair(type).private, { serverHostKey: [serverHostKey] })).toBe('done');
  });
  it('is refused when there is nothing in common', async () => {
    await expect(answer(ed25519, { kex: ['diffie-hellman-group14-sha1'] })).rejects.toThrow('no matching key exchange algorithm');
  });
});

describe('a private key', () => {
  const pem = { format: 'pem' } as const;
  const ec = (namedCurve: string) => generateKeyPairSync('ec', { namedCurve, publicKeyEncoding: { type: 'spki', ...pem }, privateKeyEncoding: { type: 'sec1', ...pem } }).privateKey;
  const rsa = (encryption: object) => generateKeyPairSync('rsa', { modulusLength: 2048, publicKeyEncoding: { type: 'spki', ...pem }, privateKeyEncoding: { type: 'pkcs1', ...pem, ...encryption } as { type: 'pkcs1'; format: 'pem' } }).privateKey;
  const locked = { cipher: 'aes-256-cbc', passphrase: 'right' };
  const keys: [string, string, string?][] = [
    ['OpenSSH, Ed25519', sshKeyPair('ed25519').private],
    ['OpenSSH, ECDSA', sshKeyPair('ecdsa').private],
    ['OpenSSH, RSA', sshKeyPair('rsa').private],
    ['OpenSSH, with a passphrase', sshKeyPair('ed25519', { passphrase: 'right' }).private, 'right'],
    ['OpenSSH, with a wrong passphrase', sshKeyPair('ed25519', { passphrase: 'right' }).private, 'wrong'],
    ['PKCS #1', rsa({})],
    ['PKCS #1, with a passphrase', rsa(locked), 'right'],
    ['PKCS #1, without its passphrase', rsa(locked)],
    ['SEC 1, P-256', ec('P-256')],
    ['SEC 1, P-384', ec('P-384')],
    ['SEC 1, P-521', ec('P-521')],
    ['PKCS #8', generateKeyPairSync('ed25519', { publicKeyEncoding: { type: 'spki', ...pem }, privateKeyEncoding: { type: 'pkcs8', ...pem } }).privateKey],
    ['damaged', rsa({}).replace(/.{64}\n/, '')],
    ['none', 'x'],
  ];
  const read = ({ utils }: typeof ssh2, text: string, passphrase?: string): unknown => {
    const key = utils.parseKey(text, passphrase);
    if (key instanceof Error) return key.message;
    const signature: unknown = key.sign('proof');
    return [key.type, key.getPublicSSH().toString('hex'), Buffer.isBuffer(signature) && key.verify('proof', signature)];
  };
  it.each(keys)('%s', (_, text, passphrase) => expect(read(bundled, text, passphrase)).toEqual(read(ssh2, text, passphrase)));
});
