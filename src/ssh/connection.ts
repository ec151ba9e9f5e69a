// A logged-in SSH connection: opens channels (RFC 4254 section 5.1), each within a time-out, and closes. After the
// connection has ended, by whatever cause, every call fails with ssh-closed and nothing ever reaches the process as
// an unhandled event. How it came about is connect.ts; what a channel does is channel.ts.

import { oneLine, QkdError } from '../errors.ts';
import { SshChannel } from './channel.ts';
import type { Socket } from 'node:net';
import type { Client, ClientChannel } from 'ssh2';
import type { Log } from '../log.ts';

export interface SshConnection {
  /** The address that answered. */
  readonly address: string;
  readonly port: number;
  /** `ssh host:port`, for messages. */
  readonly place: string;
  /** Runs a command; the channel carries its stdin and stdout. Throws ssh-closed, deadline. */
  exec(command: string): Promise<SshChannel>;
  /** Starts a subsystem. Throws ssh-closed (also when the server does not have it), deadline. */
  subsystem(name: string): Promise<SshChannel>;
  /** False once it has ended, by whatever cause. */
  isOpen(): boolean;
  /** Ends the connection; harmless when it has ended already. */
  close(): void;
}

/** What connect.ts hands over. */
export interface LoggedIn {
  readonly client: Client;
  readonly socket: Socket;
  readonly address: string;
  readonly port: number;
  readonly place: string;
  /** Time-out for opening a channel. */
  readonly seconds: number;
  readonly log: Log;
}

const CLOSING_MILLISECONDS = 2000;

/** The listeners that handshake.ts put on the client stay, so that a late error never reaches the process. */
export function openedConnection({ client, socket, address, port, place, seconds, log }: LoggedIn): SshConnection {
  let ended = 'the connection has ended';
  let isOpen = true;
  client.once('close', () => (isOpen = false));
  client.on('error', (error) => {
    ended = `the connection has ended: ${oneLine(error.message)}`;
    isOpen = false;
    log.write('DEBUG', 'ssh', `${place}: ${ended}`);
    socket.destroy();
  });
  const channel = (what: string, start: (done: Opened) => void): Promise<SshChannel> => openChannel({ what, place, seconds, ended: () => ended }, start);
  return {
    address,
    port,
    place,
    exec: (command) => channel(`exec ${oneLine(command)}`, (done) => client.exec(command, done)),
    subsystem: (name) => channel(`subsystem ${oneLine(name)}`, (done) => client.subsys(name, done)),
    isOpen: () => isOpen,
    close: () => {
      isOpen = false;
      client.end();
      socket.setTimeout(CLOSING_MILLISECONDS, () => socket.destroy());
      socket.destroySoon();
    },
  };
}

type Opened = (error: Error | undefined, channel: ClientChannel) => void;

interface ChannelRequest {
  readonly what: string;
  readonly place: string;
  readonly seconds: number;
  /** Why the connection is gone, if it is. */
  readonly ended: () => string;
}

function openChannel({ what, place, seconds, ended }: ChannelRequest, start: (done: Opened) => void): Promise<SshChannel> {
  return new Promise((resolve, reject) => {
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      reject(new QkdError('deadline', `${place}: ${what}: no answer within ${seconds} s`, { hint: 'check the load of the router' }));
    }, seconds * 1000);
    const fail = (error: Error): void => {
      clearTimeout(timer);
      const lost = /^(Not connected|No response)/.test(error.message);
      const reason = lost ? ended() : `refused: ${oneLine(error.message)}`;
      const hint = lost ? 'check the router and the path to it, then run again' : 'check that the login class of this user allows it';
      reject(new QkdError('ssh-closed', `${place}: ${what}: ${reason}`, { hint, cause: error }));
    };
    try {
      start((error, inner) => {
        if (error !== undefined && error !== null) return fail(error);
        clearTimeout(timer);
        const channel = new SshChannel(inner);
        if (late) channel.destroy();
        else resolve(channel);
      });
    } catch (error) {
      fail(error as Error);
    }
  });
}
