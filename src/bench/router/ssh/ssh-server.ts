// The router's SSH service: logins, the netconf subsystem and remote commands. Sockets get TCP_NODELAY:
// without it ssh2 waits for delayed acknowledgements on every exchange.

import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import ssh2, { type AuthContext, type AuthenticationType, type Connection, type Session } from 'ssh2';
import type { Engine } from '../engine.ts';
import type { Faults } from '../faults/faults.ts';
import type { RouterUser } from '../router-options.ts';
import { ALGORITHMS } from './algorithms.ts';
import { authenticate, authenticateAnswer } from './authentication.ts';
import { makeHostKey, type HostKey } from './host-key.ts';
import { runRemoteCommand, serveChannelNetconf, type RemoteContext } from './remote-command.ts';

const METHODS: AuthenticationType[] = ['publickey', 'password', 'keyboard-interactive'];

export interface SshOptions {
  readonly host: string;
  readonly port: number;
  readonly users: readonly RouterUser[];
  readonly faults: Faults;
  /** Who answers here, asked at each connection. */
  readonly engine: () => Engine;
}

export interface SshListener {
  readonly port: number;
  /** Ends every connection and stops listening, until `resume`. */
  suspend(): Promise<void>;
  /** Listens again on the same port. */
  resume(): Promise<void>;
  close(): Promise<void>;
}

/** Starts listening. */
export async function startSsh(options: SshOptions): Promise<SshListener> {
  const sockets = new Map<number, Socket>();
  const { faults, users } = options;
  const servers = new Map<Engine, ssh2.Server>();
  // The key of the `changed-host-key` fault is made when it is first wanted.
  let changed: HostKey | undefined;
  const serverOf = (engine: Engine): ssh2.Server => {
    const server = servers.get(engine) ?? sshServer(engine.hostKey, { users, context: engine.context }, sockets);
    servers.set(engine, server);
    return server;
  };
  const listener = createServer({ noDelay: true }, (socket) => {
    const port = socket.remotePort ?? 0;
    sockets.set(port, socket);
    socket.on('error', () => undefined);
    socket.once('close', () => sockets.delete(port));
    if (faults.take('hang', (fault) => fault.where === 'connect')) return void socket.resume();
    const engine = options.engine();
    const isChanged = faults.take('changed-host-key') !== undefined;
    if (isChanged) changed ??= makeHostKey();
    (isChanged && changed !== undefined ? sshServer(changed, { users, context: engine.context }, sockets) : serverOf(engine)).injectSocket(socket);
  });
  await listening(listener, options.port, options.host);
  const { port } = listener.address() as AddressInfo;
  const close = async (): Promise<void> => {
    for (const socket of sockets.values()) socket.destroy();
    await new Promise((resolve) => listener.close(resolve));
  };
  return { port, suspend: close, resume: () => listening(listener, port, options.host), close };
}

function listening(listener: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    listener.once('error', reject);
    listener.listen(port, host, () => {
      listener.off('error', reject);
      resolve();
    });
  });
}

interface Logins {
  readonly users: readonly RouterUser[];
  readonly context: RemoteContext;
}

function sshServer(hostKey: HostKey, who: Logins, sockets: ReadonlyMap<number, Socket>): ssh2.Server {
  const config = { hostKeys: [hostKey.privateKey], ident: 'OpenSSH_9.7', algorithms: ALGORITHMS };
  return new ssh2.Server(config, (connection, { port }) => {
    connection.on('error', () => undefined);
    logins(connection, who, () => sockets.get(port)?.destroy());
  });
}

function logins(connection: Connection, { users, context }: Logins, drop: () => void): void {
  let user: RouterUser | undefined;
  let refused = false;
  connection.on('authentication', (attempt) => {
    // One refused login is one use of the fault, however many methods the client tries in it.
    refused ||= context.faults.take('refuse-login') !== undefined;
    if (attempt.method === 'keyboard-interactive' && !refused) {
      attempt.prompt([{ prompt: 'Password:', echo: false }], (answers) => decide(attempt, authenticateAnswer(attempt.username, answers, users)));
    } else decide(attempt, refused ? undefined : authenticate(attempt, users, context.mgd.committed()));
  });
  const decide = (attempt: AuthContext, found: RouterUser | undefined): void => {
    user = found;
    if (found === undefined) attempt.reject(METHODS);
    else attempt.accept();
  };
  connection.on('session', (accept) => {
    if (user !== undefined) serveChannel(accept(), user, context, drop);
  });
}

function serveChannel(session: Session, user: RouterUser, context: RemoteContext, drop: () => void): void {
  const login = { user, drop };
  session.on('pty', (accept) => accept());
  session.on('env', (accept) => (accept as (() => void) | undefined)?.());
  session.on('subsystem', (accept, reject, { name }) => {
    if (name === 'netconf') void serveChannelNetconf(accept(), context, login);
    else reject();
  });
  session.on('exec', (accept, _, { command }) => void runRemoteCommand(accept(), command, context, login));
  session.on('shell', (accept) => {
    const channel = accept();
    channel.stderr.write('error: this simulated router has no shell: use the netconf subsystem, scp, or a show command\r\n');
    channel.exit(1);
    channel.end();
  });
}
