// NETCONF to the local mgd over a UNIX stream socket.

import { connect, type Socket } from 'node:net';
import { QkdError, oneLine } from '../../errors.ts';
import { sessionEnded, type NetconfTransport } from './transport.ts';

const HINTS: Readonly<Record<string, string>> = {
  ENOENT: 'check system.netconf.mgd_socket in the inventory',
  ECONNREFUSED: 'check that the process that listens on it runs',
  EACCES: 'let the user who runs qkd-macsec write to the socket',
};

/** Connects within `timeoutSeconds`. Throws netconf-closed. */
export function openUnixSocket(path: string, timeoutSeconds = 10): Promise<NetconfTransport> {
  const name = `socket ${oneLine(path)}`;
  return new Promise((resolve, reject) => {
    const socket = connect(path);
    const refuse = (reason: string, cause?: Error): void => {
      clearTimeout(timer);
      socket.destroy();
      reject(new QkdError('netconf-closed', `cannot connect to ${name}: ${reason}`, { hint: HINTS[reason], cause }));
    };
    const timer = setTimeout(() => refuse(`no answer within ${timeoutSeconds} s`), timeoutSeconds * 1000);
    const onError = (error: NodeJS.ErrnoException): void => refuse(error.code ?? error.message, error);
    socket.once('error', onError);
    socket.once('connect', () => {
      clearTimeout(timer);
      socket.off('error', onError);
      resolve(transportOver(name, socket));
    });
  });
}

function transportOver(name: string, socket: Socket): NetconfTransport {
  let failure: Error | undefined;
  socket.on('error', (error) => {
    failure = error;
  });
  return {
    name,
    readable: socket,
    writable: socket,
    whyEnded: async () =>
      sessionEnded(`the other end closed the socket${failure === undefined ? '' : `: ${oneLine(failure.message)}`}`),
    close: async () => {
      socket.destroy();
    },
  };
}
