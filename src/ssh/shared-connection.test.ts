// What is shared of one router's SSH connections, when one is closed, and what is never tried twice. Against an ssh2
// server in this process.

import { afterEach, describe, expect, test } from 'vitest';
import { noLog } from '../log.ts';
import { Secret } from '../secret.ts';
import { connectSsh } from './connect.ts';
import { RouterConnections } from './shared-connection.ts';
import { PASSWORD, type Peer, failure, pinOf, settings, testBed } from './test-peers.ts';

const { peer, hostKey, closeAll, keep } = testBed();
afterEach(closeAll);

function connectionsTo(changes: { silenceIsFinal?: boolean; hostKeys?: readonly string[] } = {}): RouterConnections {
  const login = { addresses: ['127.0.0.1'], username: 'qkd', password: Secret.ofText(PASSWORD), hostKeys: changes.hostKeys ?? [pinOf(hostKey.publicKey)] };
  return keep(new RouterConnections({ open: (port) => connectSsh({ ...login, port }, settings(), { log: noLog }), silenceIsFinal: changes.silenceIsFinal ?? false }));
}

const echo = (): Promise<Peer> => peer({ exec: (command, channel) => channel.end(command) });

describe('a connection', () => {
  test('is one for all users, at the same time and after each other', async () => {
    const to = await echo();
    const connections = connectionsTo();
    const [one, two] = await Promise.all([connections.on(to.port), connections.on(to.port)]);
    one.close();
    one.close();
    await two.exec('x');
    two.close();
    await (await connections.on(to.port)).exec('y');
    expect([to.connections(), connections.openPort]).toEqual([1, to.port]);
  });

  test('that one user retires serves the others to their end, and the next user gets a new one', async () => {
    const to = await echo();
    const connections = connectionsTo();
    const [one, two] = await Promise.all([connections.on(to.port), connections.on(to.port)]);
    one.retire();
    expect(connections.openPort).toBeUndefined();
    const next = await connections.on(to.port);
    expect([to.connections(), two.isOpen(), next.isOpen()]).toEqual([2, true, true]);
    two.close();
    expect([two.isOpen(), next.isOpen()]).toEqual([false, true]);
  });

  test('that was lost is not used again', async () => {
    const to = await peer({ connected: (connection) => void connection.once('ready', () => setTimeout(() => connection.end(), 50)) });
    const connections = connectionsTo();
    const first = await connections.on(to.port);
    while (first.isOpen()) await new Promise((resolve) => setTimeout(resolve, 5));
    await connections.on(to.port);
    expect(to.connections()).toBe(2);
  });
});

describe('not tried a second time', () => {
  test('a login that was refused, on any port', async () => {
    const refusing = await peer({ authenticate: (context) => context.reject(['password']) });
    const other = await echo();
    const connections = connectionsTo();
    const first = await failure(connections.on(refusing.port));
    expect(first.code).toBe('ssh-authentication');
    expect(await failure(connections.on(other.port))).toBe(first);
    expect([refusing.connections(), other.connections()]).toEqual([1, 0]);
  });

  test('a host key that is not the pinned one', async () => {
    const to = await echo();
    const connections = connectionsTo({ hostKeys: ['SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'] });
    const first = await failure(connections.on(to.port));
    const tries = to.connections();
    expect(first.code).toBe('ssh-host-key');
    expect(await failure(connections.on(to.port))).toBe(first);
    expect(to.connections()).toBe(tries);
  });

  test.each([true, false])('a port that never answered, where silence is final: %s', async (silenceIsFinal) => {
    const to = await echo();
    await to.close();
    const connections = connectionsTo({ silenceIsFinal });
    const first = await failure(connections.on(to.port));
    expect(first.code).toBe('ssh-unreachable');
    expect((await failure(connections.on(to.port))) === first).toBe(silenceIsFinal);
  });
});
