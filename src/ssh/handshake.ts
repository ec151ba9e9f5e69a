// One try to reach one address: TCP, key exchange with the host key checked, authentication, all within one time-out
// (RFC 4253, RFC 4252). Owns how ssh2's events become one error. Retries and the choice of address are connect.ts.

import { connect } from 'node:net';
import type { Socket } from 'node:net';

import { oneLine, QkdError } from '../errors.ts';
import { algorithmsFor } from './algorithms.ts';
import { authenticate } from './credentials.ts';
import { checkHostKey } from './host-key.ts';
import { addKnownHost } from './known-hosts-file.ts';
import type { Client, ClientErrorExtensions } from 'ssh2';
import type { HostKeyType } from './algorithms.ts';
import type { Authentication, Credentials } from './credentials.ts';
import type { HostKeyRules } from './host-key.ts';

export interface OneTry {
  readonly client: Client;
  /** host, port and what decides about the host key. */
  readonly rules: HostKeyRules;
  readonly hostKeyTypes: readonly HostKeyType[];
  readonly credentials: Credentials;
  readonly timeoutSeconds: number;
}

type Phase = 'connect' | 'key exchange' | 'authentication';

const KEEPALIVE_MILLISECONDS = 15_000;
const KEEPALIVES_MISSED = 3;

/**
 * Connects and logs in. Throws ssh-unreachable, ssh-host-key, ssh-authentication or file; then nothing is left open.
 * Messages do not name the address: connect.ts puts it in front.
 */
export async function handshake(one: OneTry): Promise<Socket> {
  const { client, rules, timeoutSeconds } = one;
  const socket = inWholePackets(connect({ host: rules.host, port: rules.port, noDelay: true }));
  let timer: NodeJS.Timeout | undefined;
  try {
    await new Promise<void>((resolve, reject) => {
      const login = startLogin(one, socket, reject);
      timer = setTimeout(() => reject(noAnswer(socket.bytesRead === 0 ? 'connect' : login.phase(), timeoutSeconds)), timeoutSeconds * 1000);
      client.once('ready', () => resolve());
    });
    return socket;
  } catch (error) {
    socket.destroy();
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

/** ssh2's JavaScript cipher writes a packet in three pieces: what is written in one turn leaves as one. */
function inWholePackets(socket: Socket): Socket {
  const write = socket.write.bind(socket) as (...given: unknown[]) => boolean;
  const uncork = (): void => socket.uncork();
  socket.write = ((...given: unknown[]): boolean => {
    if (socket.writableCorked === 0) {
      socket.cork();
      queueMicrotask(uncork);
    }
    return write(...given);
  }) as typeof socket.write;
  return socket;
}

/** Wires ssh2's events; every ending but success goes to `fail`, of which only the first call counts. */
function startLogin(one: OneTry, socket: Socket, fail: (error: Error) => void): { phase: () => Phase } {
  const { client } = one;
  const hostKey = watchHostKey(one.rules, fail);
  const login = authenticate(one.credentials, hostKey.recorded);
  let phase: Phase = 'connect';
  client.on('connect', () => (phase = 'key exchange'));
  client.on('handshake', () => {
    phase = 'authentication';
    hostKey.proved();
  });
  client.on('error', (error) => {
    const failure = failureOf(error, phase, login);
    if (failure !== undefined) fail(failure);
  });
  client.on('close', () => fail(closedEarly(phase)));
  client.on('change password', () => fail(passwordExpired()));
  client.connect({
    sock: socket,
    username: one.credentials.username,
    readyTimeout: 0,
    keepaliveInterval: KEEPALIVE_MILLISECONDS,
    keepaliveCountMax: KEEPALIVES_MISSED,
    algorithms: algorithmsFor(one.hostKeyTypes),
    authHandler: login.next as never,
    hostVerifier: hostKey.verify,
  });
  return { phase: () => phase };
}

/**
 * The host key check of one connection. A new key is recorded only after the server has proved that it owns it
 * (`proved`), and no credential is sent before it is recorded. A later key exchange must show the same key.
 */
function watchHostKey(rules: HostKeyRules, fail: (error: Error) => void) {
  let accepted: Buffer | undefined;
  let isNew = false;
  let recording = Promise.resolve();
  return {
    verify: (key: Buffer): boolean => {
      if (accepted !== undefined) return accepted.equals(key);
      try {
        isNew = checkHostKey(key, rules) === 'new';
        accepted = Buffer.from(key);
        return true;
      } catch (error) {
        fail(error as Error);
        return false;
      }
    },
    proved: (): void => {
      if (!isNew || accepted === undefined || rules.knownHostsFile === undefined) return;
      isNew = false;
      recording = addKnownHost(rules.knownHostsFile, accepted, rules);
      recording.catch(fail);
    },
    recorded: (): Promise<void> => recording,
  };
}

function failureOf(error: Error & ClientErrorExtensions & { code?: unknown }, phase: Phase, login: Authentication): QkdError | undefined {
  if (error.level === 'client-authentication') return login.exhausted() ? refused(login, error) : undefined;
  // A number is the reason of an SSH_MSG_DISCONNECT (RFC 4253 section 11.1): "Too many authentication failures".
  if (phase === 'authentication' && typeof error.code === 'number') return refused(login, error, oneLine(error.message));
  return new QkdError('ssh-unreachable', reasonOf(error, phase), { hint: hintFor(phase), cause: error });
}

function refused(login: Authentication, cause: Error, text = 'the router refuses the login'): QkdError {
  const tried = login.tried().join(', ') || 'no method';
  const offered = login.offered().join(', ');
  const detail = offered === '' ? `tried ${tried}` : `tried ${tried}; it takes ${oneLine(offered)}`;
  return new QkdError('ssh-authentication', `${text} (${detail})`, { hint: 'check user name, key and password in the inventory against the router', cause });
}

function passwordExpired(): QkdError {
  return new QkdError('ssh-authentication', 'the router wants a new password first', { hint: 'log in by hand and change the password' });
}

const SYSTEM_ERRORS: Record<string, string> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'connection reset',
  EHOSTUNREACH: 'no route to host',
  ENETUNREACH: 'network unreachable',
  ETIMEDOUT: 'no answer',
  ENOTFOUND: 'host name not found',
  EAI_AGAIN: 'name server does not answer',
};

function reasonOf(error: Error & { code?: unknown }, phase: Phase): string {
  // Several addresses of one name fail as one AggregateError with an empty message.
  const first: { message: string; code?: unknown } = error instanceof AggregateError && error.errors.length > 0 ? error.errors[0] : error;
  const known = SYSTEM_ERRORS[String(first.code ?? '')];
  const text = known ?? oneLine(first.message);
  return phase === 'connect' ? text : `${phase}: ${text}`;
}

function hintFor(phase: Phase): string {
  if (phase === 'connect') return 'check address, port, firewall filters and "system services ssh" of the router';
  return 'check with "ssh -v"; "system services ssh" must allow AES-GCM or AES-CTR, and SHA-2 for host keys, key exchange and macs';
}

function noAnswer(phase: Phase, seconds: number): QkdError {
  const what = phase === 'connect' ? 'no answer' : `${phase}: not finished`;
  return new QkdError('ssh-unreachable', `${what} within ${seconds} s`, { hint: hintFor(phase) });
}

function closedEarly(phase: Phase): QkdError {
  return new QkdError('ssh-unreachable', `${phase}: the other end closed the connection`, { hint: hintFor(phase) });
}
