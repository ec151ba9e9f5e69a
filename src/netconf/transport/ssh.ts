// NETCONF over SSH (RFC 6242 section 3): subsystem `netconf`, by custom on port 830 and then on 22, and
// where the subsystem is off the CLI's own command on a port that is not NETCONF's alone. Connecting, host
// keys and authentication are src/ssh; this file only needs the members below.

import type { Duplex } from 'node:stream';
import { QkdError, isQkdError, oneLine, type ErrorCode } from '../../errors.ts';
import { withoutSecretData } from '../secret-data.ts';
import { sessionEnded, type NetconfTransport } from './transport.ts';

/** A channel, and what its command wrote on stderr so far. */
export type SshChannel = Duplex & { readonly diagnostics?: string };

/** The part of an SSH connection that NETCONF uses. */
export interface SshConnection {
  /** `ssh host:port`, for messages; errors of the connection begin with it. */
  readonly place: string;
  subsystem(name: string): Promise<SshChannel>;
  exec(command: string): Promise<SshChannel>;
  close(): void | Promise<void>;
}

/** RFC 6242 section 7. */
const OWN_PORT = 830;

/** Ports to try, in order, when the inventory names none. */
export const NETCONF_PORTS: readonly number[] = [OWN_PORT, 22];

const CLI_COMMAND = 'xml-mode netconf need-trailer';

/**
 * Opens a connection port by port until one speaks NETCONF. A refused login or host key is final: the same
 * password sent to the next port would only count as wrong twice (Junos login retry-options). Whatever else
 * stops one port, the next is tried; when none is left the error names every port (the connection's own
 * errors name host and port) and has the code and hint of the gravest.
 */
export async function netconfOverSsh(
  openConnection: (port: number) => Promise<SshConnection>,
  ports: readonly number[] = NETCONF_PORTS,
): Promise<NetconfTransport> {
  const failures: QkdError[] = [];
  for (const port of ports) {
    try {
      return await openPort(openConnection, port, port !== OWN_PORT || ports.length === 1);
    } catch (error) {
      // What no other port can mend, an unusable key file or a refused login above all, is said once.
      if (!isQkdError(error, ...GRAVITY)) throw error;
      failures.push(error);
    }
  }
  throw gravest(failures);
}

async function openPort(openConnection: (port: number) => Promise<SshConnection>, port: number, mayExec: boolean): Promise<NetconfTransport> {
  const connection = await openConnection(port);
  try {
    return transportOver(connection, await openChannel(connection, mayExec));
  } catch (error) {
    await connection.close();
    throw error;
  }
}

async function openChannel(connection: SshConnection, mayExec: boolean): Promise<SshChannel> {
  try {
    return await connection.subsystem('netconf');
  } catch (refused) {
    if (!mayExec) throw refused;
    try {
      return await connection.exec(CLI_COMMAND);
    } catch (error) {
      throw new QkdError('netconf-closed', `${text(refused)}; ${text(error)}`, {
        hint: 'enable `system services netconf ssh` on the router',
        cause: refused,
      });
    }
  }
}

function text(error: unknown): string {
  return error instanceof Error ? oneLine(error.message) : 'refused';
}

/** What an operator has to look at first when the ports fail for different reasons. */
const GRAVITY: readonly ErrorCode[] = ['netconf-closed', 'ssh-closed', 'deadline', 'ssh-unreachable'];

function gravest(failures: readonly QkdError[]): QkdError {
  const worst = GRAVITY.map((code) => failures.find((failure) => isQkdError(failure, code))).find(Boolean) ?? failures[0];
  if (worst === undefined) return new QkdError('internal', 'no SSH port to try');
  return new QkdError(worst.code, failures.map((failure) => failure.message).join('; '), { hint: worst.hint, cause: worst.cause ?? worst });
}

function transportOver(connection: SshConnection, channel: SshChannel): NetconfTransport {
  return {
    name: connection.place,
    readable: channel,
    writable: channel,
    whyEnded: async () => {
      const said = oneLine(withoutSecretData(channel.diagnostics ?? ''));
      return sessionEnded(`the router ended the session${said === '' ? '' : `: ${said}`}`);
    },
    close: async () => {
      channel.on('error', () => undefined);
      channel.destroy();
      try {
        await connection.close();
      } catch {
        // The connection is gone either way.
      }
    },
  };
}
