// The other ends that this folder's tests talk to: an ssh2 server in this process whose every step a test can shape,
// and the real OpenSSH sshd. Keys are made at run time. sshd runs in inetd mode on sockets that we accept, so that no
// test depends on a port being free. For tests only.

import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import ssh2 from 'ssh2';
import { expect } from 'vitest';

import { type SshKeyType, sshKeyPair } from '../bench/pki/ssh-key-pair.ts';
import { QkdError } from '../errors.ts';
import { noLog } from '../log.ts';
import { Secret } from '../secret.ts';
import { connectSsh } from './connect.ts';
import { fingerprint } from './host-key.ts';
import type { AddressInfo, Server, Socket } from 'node:net';
import type { AuthContext, Connection, ServerChannel, ServerConfig, Session } from 'ssh2';
import type { SshSettings } from '../inventory/inventory.ts';
import type { SshConnection } from './connection.ts';
import type { SshTarget } from './connect.ts';

/** Settings for tests: one attempt, short waits. */
export function settings(changes: Partial<SshSettings> = {}): SshSettings {
  return { attempts: 1, delay: 0.02, timeout: 5, hostKeyPolicy: 'strict', knownHostsFile: undefined, pace: 1000, ...changes };
}

export interface HostKey {
  readonly privateKey: string;
  /** `<type> <base64>`, as known_hosts has it. */
  readonly publicKey: string;
}

export function makeHostKey(type: SshKeyType = 'ed25519'): HostKey {
  const pair = sshKeyPair(type);
  return { privateKey: pair.private, publicKey: pair.public.split(' ').slice(0, 2).join(' ') };
}

/** `SHA256:...` of a key as known_hosts has it. */
export function pinOf(publicKey: string): string {
  return fingerprint(Buffer.from(publicKey.split(' ')[1] ?? '', 'base64'));
}

export interface Peer {
  readonly port: number;
  /** How many TCP connections were made. */
  connections(): number;
  close(): Promise<void>;
}

export interface PeerBehaviour {
  readonly hostKeys: readonly HostKey[];
  readonly authenticate?: (context: AuthContext) => void;
  readonly exec?: (command: string, channel: ServerChannel) => void;
  readonly subsystem?: (name: string, channel: ServerChannel) => void;
  /** Instead of exec and subsystem: the bare session. */
  readonly session?: (session: Session) => void;
  readonly connected?: (connection: Connection) => void;
  readonly config?: Partial<ServerConfig>;
}

/** An ssh2 server in this process; by default everybody may log in. */
export async function startPeer(behaviour: PeerBehaviour): Promise<Peer> {
  const config = { hostKeys: behaviour.hostKeys.map((key) => key.privateKey), ...behaviour.config };
  const server = new ssh2.Server(config, (connection) => serve(connection, behaviour));
  return listen(server as unknown as Server);
}

export const PASSWORD = 'correct horse battery staple';

/** Peers with one host key, logins that pin it, and one place that closes all of them. */
export function testBed() {
  const hostKey = makeHostKey();
  const open: { close(): unknown }[] = [];
  const keep = <T extends { close(): unknown }>(one: T): T => {
    open.push(one);
    return one;
  };
  return {
    hostKey,
    keep,
    peer: async (behaviour: Partial<PeerBehaviour> = {}): Promise<Peer> => keep(await startPeer({ hostKeys: [hostKey], ...behaviour })),
    connect: async (to: { port: number }, target: Partial<SshTarget> = {}, changes: Partial<SshSettings> = {}): Promise<SshConnection> => {
      const login = { addresses: ['127.0.0.1'], port: to.port, username: 'qkd', password: Secret.ofText(PASSWORD), hostKeys: [pinOf(hostKey.publicKey)] };
      return keep(await connectSsh({ ...login, ...target }, settings(changes), { log: noLog }));
    },
    closeAll: async (): Promise<void> => {
      for (const one of open.splice(0).reverse()) await one.close();
    },
  };
}

/** The QkdError that `work` ends with: one line, a hint that starts with a verb, and no password in it. */
export async function failure(work: Promise<unknown>): Promise<QkdError> {
  const error = await work.then(() => undefined, (reason: unknown) => reason);
  if (!(error instanceof QkdError)) throw new Error('no QkdError', { cause: error });
  expect(error.message).not.toMatch(/[\n\u001b]/);
  expect(error.message).not.toContain(PASSWORD);
  expect(error.hint).toMatch(/^[a-z]/);
  return error;
}

function serve(connection: Connection, behaviour: PeerBehaviour): void {
  connection.on('error', () => undefined);
  (connection as unknown as { setNoDelay?: (on: boolean) => void }).setNoDelay?.(true);
  behaviour.connected?.(connection);
  connection.on('authentication', (context) => (behaviour.authenticate ?? ((c) => c.accept()))(context));
  connection.on('session', (accept) => {
    const session = accept();
    if (behaviour.session !== undefined) return behaviour.session(session);
    session.on('exec', (acceptExec, reject, { command }) => (behaviour.exec === undefined ? reject() : behaviour.exec(command, quiet(acceptExec()))));
    session.on('subsystem', (acceptSubsystem, reject, { name }) => (behaviour.subsystem === undefined ? reject() : behaviour.subsystem(name, quiet(acceptSubsystem()))));
  });
}

function quiet(channel: ServerChannel): ServerChannel {
  return channel.on('error', () => undefined);
}

/** Any TCP server on a free loopback port. */
export async function listen(server: Server): Promise<Peer> {
  const sockets = new Set<Socket>();
  let connections = 0;
  const tcp = (server as unknown as { _srv?: Server })._srv ?? server;
  tcp.on('connection', (socket: Socket) => {
    connections += 1;
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket)).on('error', () => undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    connections: () => connections,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

export const SSHD = '/usr/sbin/sshd';

/** Is the program there? In CI a missing one is a failure, not a reason to skip. */
export function has(program: string): boolean {
  if (process.env['CI'] !== undefined) return true;
  try {
    execFileSync('sh', ['-c', `command -v ${program}`], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

export interface Sshd extends Peer {
  readonly folder: string;
  readonly user: string;
  readonly hostKey: HostKey;
  readonly clientKeyFile: string;
}

/** The real sshd with host keys of the given types, this process's user and one client key. */
export async function startSshd(types: readonly string[] = ['ed25519']): Promise<Sshd> {
  const folder = temporaryFolder('sshd-');
  const isRoot = process.getuid?.() === 0;
  if (isRoot) mkdirSync('/run/sshd', { recursive: true });
  for (const type of types) keygen(join(folder, `host_${type}`), type);
  const clientKeyFile = join(folder, 'client');
  keygen(clientKeyFile, 'ed25519');
  const config = [
    ...types.map((type) => `HostKey ${join(folder, `host_${type}`)}`),
    `AuthorizedKeysFile ${clientKeyFile}.pub`,
    // Without PAM, an sshd that cannot read /etc/shadow takes its own user's account for locked.
    `UsePAM ${isRoot ? 'no' : 'yes'}`,
    ...['StrictModes no', 'PidFile none', 'PasswordAuthentication no', 'KbdInteractiveAuthentication no', 'PermitRootLogin yes'],
  ];
  writeFileSync(join(folder, 'config'), `${config.join('\n')}\n`);
  const server = createServer({ pauseOnConnect: true }, (socket) => {
    const child = spawn(SSHD, ['-i', '-e', '-f', join(folder, 'config')], { stdio: [socket, socket, 'ignore'] });
    child.on('exit', () => socket.destroy());
  });
  const peer = await listen(server);
  const publicKey = readFileSync(join(folder, `host_${types[0]}.pub`), 'utf8').split(' ').slice(0, 2).join(' ');
  return { ...peer, folder, user: userInfo().username, hostKey: { privateKey: '', publicKey }, clientKeyFile, close: () => peer.close().finally(() => rmSync(folder, { recursive: true })) };
}

export function keygen(file: string, type: string): void {
  execFileSync('ssh-keygen', ['-q', '-t', type, '-N', '', '-C', '', '-f', file]);
}

export function temporaryFolder(prefix: string): string {
  return mkdtempSync(join(tmpdir(), prefix));
}
