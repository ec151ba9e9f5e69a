// Where a router listens: SSH and mgd's UNIX socket, which reach the routing engine that is master, and the control
// socket for faults; with two engines also each engine's own mgd socket and, when it has an address, SSH. And the `cli` relays.

import { faultCommand, serveLines } from '../faults-socket.ts';
import { writeCliRelay } from './cli-relay.ts';
import type { Engine } from './engine.ts';
import { faultyRouter } from './faults/faulty-router.ts';
import { loginNamed } from './logins.ts';
import { serveNetconf } from './netconf/session.ts';
import type { RouterOptions, RouterUser } from './router-options.ts';
import { startSsh } from './ssh/ssh-server.ts';
import { listenUnix, type UnixListener } from './unix-socket.ts';

export interface Addresses {
  readonly host: string;
  readonly sshPort: number;
  /** "SHA256:…"; re0's where there are two engines. */
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
  /** By slot. */
  readonly cliPaths: readonly string[];
  readonly ssh: Suspendable;
  readonly netconf: Suspendable;
  close(): Promise<void>;
}

/** The engines, and which of them is master now; `dir` takes the router's sockets and relay. */
export interface Served {
  readonly dir: string;
  readonly engines: readonly Engine[];
  readonly master: () => Engine;
}

/** Starts every listener of one router. */
export async function listen(options: RouterOptions, { dir, engines, master }: Served): Promise<Listeners> {
  const host = options.host ?? '127.0.0.1';
  const [first] = engines as [Engine];
  const { faults } = first.context;
  const main = await startSsh({ host, port: options.sshPort ?? 0, users: options.users, faults, engine: master });
  const own = await Promise.all((options.engineHosts ?? []).map((address, slot) => startSsh({ host: address, port: main.port, users: options.users, faults, engine: () => engines[slot] ?? first })));
  const netconf = await listenNetconf(options, dir, master);
  const inside = engines.length === 1 ? [] : await Promise.all(engines.map((engine) => listenNetconf(options, engine.folder, () => engine)));
  const control = await listenUnix(dir, 'control.sock', (socket) => void serveLines(socket, (command) => faultCommand(command, faultyRouter(faults))).catch(() => socket.destroy()));
  const cliPath = await writeCliRelay(dir, netconf.path, process.execPath);
  const cliPaths = await Promise.all(inside.map(({ path }, slot) => writeCliRelay(engines[slot]?.folder ?? dir, path, process.execPath)));
  const addresses = {
    host,
    sshPort: main.port,
    hostKeyFingerprint: first.hostKey.fingerprint,
    hostKeyLine: `[${host}]:${main.port} ${first.hostKey.publicKey}`,
    mgdSocket: netconf.path,
    controlSocket: control.path,
    cliPath,
  };
  const close = async (): Promise<void> => {
    await Promise.all([main, ...own, netconf, ...inside, control].map((one) => one.close()));
  };
  return { addresses, cliPaths: cliPaths.length === 0 ? [cliPath] : cliPaths, ssh: together([main, ...own]), netconf: together([netconf, ...inside]), close };
}

function listenNetconf(options: RouterOptions, folder: string, engine: () => Engine): Promise<UnixListener> {
  const first = options.users[0] ?? { name: 'root', loginClass: 'super-user' };
  const { localUser } = options;
  const login = (): RouterUser => {
    if (localUser === undefined) return first;
    return loginNamed(localUser, options.users, engine().mgd.committed()) ?? { name: localUser, loginClass: 'unauthorized' };
  };
  return listenUnix(folder, 'mgd.sock', (socket) => void serveNetconf(socket, engine().context, { user: login(), drop: () => socket.destroy() }));
}

function together(all: readonly Suspendable[]): Suspendable {
  return {
    suspend: async () => void (await Promise.all(all.map((one) => one.suspend()))),
    resume: async () => void (await Promise.all(all.map((one) => one.resume()))),
  };
}
