// Starts one simulated Junos router: mgd (../mgd) with operational RPCs and MKA, reachable by NETCONF over
// SSH, UNIX socket and the `cli` relay, by SCP, and with faults that can be switched on from outside.
// Joining routers to each other is mka/wire.ts. One router costs two listeners and no timers of its own.

import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { createMgd } from '../mgd/create-mgd.ts';
import type { Mgd } from '../mgd/mgd.ts';
import { writeCliRelay } from './cli-relay.ts';
import { serveControl } from './faults/control-socket.ts';
import { Faults } from './faults/faults.ts';
import { OtherUser } from './faults/other-user.ts';
import { initialConfiguration } from './initial-configuration.ts';
import { Link, type LinkTiming } from './mka/link.ts';
import type { WireRouter } from './mka/wire.ts';
import { serveNetconf } from './netconf/session.ts';
import { operationalRpcs } from './operational/operational-rpcs.ts';
import { platformOf, type RouterOptions } from './router-options.ts';
import { RouterFiles } from './scp/router-files.ts';
import type { RemoteContext } from './ssh/remote-command.ts';
import { startSsh } from './ssh/ssh-server.ts';
import { listenUnix } from './unix-socket.ts';

export interface BenchRouter extends WireRouter {
  readonly mgd: Mgd;
  readonly host: string;
  readonly sshPort: number;
  /** "SHA256:…" */
  readonly hostKeyFingerprint: string;
  /** A known_hosts line: "[host]:port ssh-ed25519 AAAA…". */
  readonly hostKeyLine: string;
  /** UNIX socket that speaks NETCONF as the first user; mode 0600. */
  readonly mgdSocket: string;
  /** UNIX socket for faults; see faults/control-socket.ts. */
  readonly controlSocket: string;
  /** Program that stands for /usr/sbin/cli: `cliPath xml-mode netconf need-trailer`. */
  readonly cliPath: string;
  /** Root of the router's files. */
  readonly root: string;
  readonly faults: Faults;
  close(): Promise<void>;
}

/** Starts a router; rejects when its folder or port cannot be had. */
export async function startRouter(options: RouterOptions): Promise<BenchRouter> {
  const now = (): number => options.clock?.now() ?? Date.now();
  const dir = resolve(options.dir);
  const files = new RouterFiles(join(dir, 'root'));
  await mkdir(dir, { recursive: true, mode: 0o700 });
  await files.lay(options.users.map((user) => user.name));
  const faults = new Faults();
  const sessions = new Map<number, () => void>();
  const mgd = startMgd(options, { now, files, faults, sessions });
  const otherUser = new OtherUser(mgd, faults);
  const links = operate(options, { now, files, mgd });
  const context: RemoteContext = {
    mgd,
    faults,
    files,
    now,
    sessions,
    release: releaseOf(options),
    scpIdle: options.scpIdle ?? 60_000,
  };
  const listeners = await listen(options, dir, context);
  const close = async (): Promise<void> => {
    await listeners.close();
    otherUser.close();
    mgd.close();
  };
  return {
    name: options.name,
    now,
    mgd,
    faults,
    root: files.root,
    attach: (interfaceName, link) => void links.set(interfaceName, link),
    ...listeners.addresses,
    close,
  };
}

interface Parts {
  readonly now: () => number;
  readonly files: RouterFiles;
}

function startMgd(options: RouterOptions, { now, files, faults, sessions }: Parts & Pick<RemoteContext, 'faults' | 'sessions'>): Mgd {
  return createMgd({
    hostName: options.name,
    now,
    commitDelay: () => faults.take('slow-commit')?.milliseconds ?? options.commitDelay ?? 0,
    initial: options.initial ?? initialConfiguration(options.name, options.users),
    fileExists: (path) => existsSync(files.resolve('root', path)),
    routingEngines: options.routingEngines ?? 1,
    onKill: (pid) => sessions.get(pid)?.(),
  });
}

/** Registers the operational RPCs; the map it returns takes the links that a wire attaches. */
function operate(options: RouterOptions, { now, files, mgd }: Parts & { mgd: Mgd }): Map<string, Link> {
  const links = new Map<string, Link>();
  const alone: LinkTiming = { now, hello: 2000, life: 6000 };
  // An interface without cable has a session that never sees a peer.
  const linkOn = (interfaceName: string): Link =>
    links.get(interfaceName) ?? new Link([{ router: options.name, interfaceName, now, committed: () => mgd.committed() }], alone);
  const state = {
    name: options.name,
    platform: platformOf(options),
    release: releaseOf(options),
    routingEngines: options.routingEngines ?? 1,
    now,
    bootedAt: now(),
    committed: () => mgd.committed(),
    linkOn,
    files,
  } as const;
  mgd.register(operationalRpcs(state, mgd));
  return links;
}

type Addresses = Pick<BenchRouter, 'host' | 'sshPort' | 'hostKeyFingerprint' | 'hostKeyLine' | 'mgdSocket' | 'controlSocket' | 'cliPath'>;

async function listen(options: RouterOptions, dir: string, context: RemoteContext): Promise<{ addresses: Addresses; close(): Promise<void> }> {
  const host = options.host ?? '127.0.0.1';
  const user = options.users[0] ?? { name: 'root', loginClass: 'super-user' };
  const ssh = await startSsh({ host, port: options.sshPort ?? 0, users: options.users, context });
  const netconf = await listenUnix(dir, 'mgd.sock', (socket) => void serveNetconf(socket, context, { user, drop: () => socket.destroy() }));
  const control = await listenUnix(dir, 'control.sock', (socket) => void serveControl(socket, context.faults).catch(() => socket.destroy()));
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
  return { addresses, close };
}

/** "24.4R1" of "24.4R1.9-EVO": what Junos writes into namespaces. */
function releaseOf(options: RouterOptions): string {
  const { version } = platformOf(options);
  return /^\d+\.\d+[RXBI]\d+(?:-S\d+)?/.exec(version)?.[0] ?? version;
}
