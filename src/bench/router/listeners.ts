// Where a router listens: SSH, mgd's UNIX socket, the control socket for faults; and the `cli` relay.

import { writeCliRelay } from './cli-relay.ts';
import { faultCommand, serveLines } from '../faults-socket.ts';
import { faultyRouter } from './faults/faulty-router.ts';
import { serveNetconf } from './netconf/session.ts';
import type { RouterOptions } from './router-options.ts';
import type { RemoteContext } from './ssh/remote-command.ts';
import { startSsh } from './ssh/ssh-server.ts';
import { listenUnix } from './unix-socket.ts';

export interface Addresses {
  readonly host: string;
  readonly sshPort: number;
  /** "SHA256:…" */
  readonly hostKeyFingerprint: string;
  /** A known_hosts line: "[host]:port ssh-ed25519 AAAA…". */
  readonly hostKeyLine: string;
  /** UNIX socket that speaks NETCONF as the first user; mode 0600. */
  readonly mgdSocket: string;
  /** UNIX socket for faults; see ../faults-socket.ts. */
  readonly controlSocket: string;
  /** Program that stands for /usr/sbin/cli: `cliPath xml-mode netconf need-trailer`. */
  readonly cliPath: string;
}

/** Something that can stop listening for a while, at the same address. */
export interface Suspendable {
  /** Ends every connection and stops listening, until `resume`. */
  suspend(): Promise<void>;
  resume(): Promise<void>;
}

export interface Listeners {
  readonly addresses: Addresses;
  readonly ssh: Suspendable;
  readonly netconf: Suspendable;
  close(): Promise<void>;
}

/** Starts every listener of one router; `dir` takes the sockets and the relay. */
export async function listen(options: RouterOptions, dir: string, context: RemoteContext): Promise<Listeners> {
  const host = options.host ?? '127.0.0.1';
  const user = options.users[0] ?? { name: 'root', loginClass: 'super-user' };
  const ssh = await startSsh({ host, port: options.sshPort ?? 0, users: options.users, context });
  const netconf = await listenUnix(dir, 'mgd.sock', (socket) => void serveNetconf(socket, context, { user, drop: () => socket.destroy() }));
  const control = await listenUnix(dir, 'control.sock', (socket) => void serveLines(socket, (command) => faultCommand(command, faultyRouter(context.faults))).catch(() => socket.destroy()));
  const addresses = {
    host,
    sshPort: ssh.port,
    hostKeyFingerprint: ssh.hostKey.fingerprint,
    hostKeyLine: `[${host}]:${ssh.port} ${ssh.hostKey.publicKey}`,
    mgdSocket: netconf.path,
    controlSocket: control.path,
    cliPath: await writeCliRelay(dir, netconf.path, process.execPath),
  };
  const close = async (): Promise<void> => {
    await Promise.all([ssh.close(), netconf.close(), control.close()]);
  };
  return { addresses, ssh, netconf, close };
}
