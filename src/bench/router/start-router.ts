// Starts one simulated Junos router: mgd (../mgd) with operational RPCs and MKA, reachable by NETCONF over
// SSH, UNIX socket and the `cli` relay, by SCP, and with faults that can be switched on from outside.
// Joining routers to each other is mka/wire.ts. One router costs two listeners and no timers of its own.

import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { textAt } from '../../xml.ts';
import { isTimeZone } from '../configuration/time-zone.ts';
import { createMgd } from '../mgd/create-mgd.ts';
import type { Mgd } from '../mgd/mgd.ts';
import { Faults } from './faults/faults.ts';
import { OtherUser } from './faults/other-user.ts';
import { followStates } from './faults/router-states.ts';
import { initialConfiguration } from './initial-configuration.ts';
import { listen, type Addresses } from './listeners.ts';
import { LinkEvents } from './mka/events.ts';
import { Link, type LinkTiming } from './mka/link.ts';
import type { WireRouter } from './mka/wire.ts';
import { operationalRpcs } from './operational/operational-rpcs.ts';
import { RouterClock } from './router-clock.ts';
import { RouterLog } from './router-log.ts';
import { platformOf, type RouterOptions } from './router-options.ts';
import { RouterFiles } from './scp/router-files.ts';
import type { RemoteContext } from './ssh/remote-command.ts';

export interface BenchRouter extends WireRouter, Addresses {
  readonly mgd: Mgd;
  /** Root of the router's files. */
  readonly root: string;
  readonly faults: Faults;
  close(): Promise<void>;
}

/** Starts a router; rejects when its folder or port cannot be had. */
export async function startRouter(options: RouterOptions): Promise<BenchRouter> {
  const clock = new RouterClock(() => options.clock?.now() ?? Date.now(), options.clockOffset ?? 0);
  const now = (): number => clock.now();
  const dir = resolve(options.dir);
  const files = new RouterFiles(join(dir, 'root'));
  await mkdir(dir, { recursive: true, mode: 0o700 });
  await files.lay(options.users.map((user) => user.name));
  const faults = new Faults();
  const sessions = new Map<number, () => void>();
  const mgd = startMgd(options, { now, files, faults, sessions });
  const log = new RouterLog(files.root, { now, timeZone: () => timeZoneOf(mgd), hostName: () => hostNameOf(mgd, options.name) });
  mgd.onCommit(() => log.write('mgd[32000]', 'UI_COMMIT_COMPLETED: commit complete'));
  const otherUser = new OtherUser(mgd, faults);
  const links = operate(options, { now, files, mgd, faults });
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
  followStates(options.name, { faults, clock, links, ...listeners });
  return {
    name: options.name,
    now,
    mgd,
    faults,
    root: files.root,
    attach: (interfaceName, link) => {
      links.set(interfaceName, link);
      writeEvents(link, { name: options.name, interfaceName, now, log });
    },
    onClockChange: (change) => clock.watch(change),
    ...listeners.addresses,
    close: async () => {
      await listeners.close();
      otherUser.close();
      mgd.close();
    },
  };
}

interface Parts {
  readonly now: () => number;
  readonly files: RouterFiles;
  readonly faults: Faults;
}

function startMgd(options: RouterOptions, { now, files, faults, sessions }: Parts & Pick<RemoteContext, 'sessions'>): Mgd {
  return createMgd({
    hostName: options.name,
    now,
    commitDelay: () => faults.take('slow-commit')?.milliseconds ?? options.commitDelay ?? 0,
    initial: options.initial ?? initialConfiguration(options.name, options.users),
    fileExists: (path) => existsSync(files.resolve('root', path)),
    routingEngines: options.routingEngines ?? 1,
    startTimesWithoutZone: options.startTimesWithoutZone ?? false,
    onKill: (pid) => sessions.get(pid)?.(),
  });
}

function timeZoneOf(mgd: Mgd): string {
  const zone = textAt(mgd.committed(), 'system/time-zone');
  return zone !== undefined && isTimeZone(zone) ? zone : 'UTC';
}

function hostNameOf(mgd: Mgd, name: string): string {
  return textAt(mgd.committed(), 'system/host-name') || name;
}

/** Registers the operational RPCs; the map it returns takes the links that a wire attaches. */
function operate(options: RouterOptions, { now, files, mgd, faults }: Parts & { mgd: Mgd }): Map<string, Link> {
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
    timeZone: () => timeZoneOf(mgd),
    ntpSynchronised: () => faults.find('ntp-unsynchronised') === undefined,
    linkOn,
    files,
  } as const;
  mgd.register(operationalRpcs(state, mgd));
  return links;
}

function writeEvents(link: Link, { name, interfaceName, now, log }: { name: string; interfaceName: string; now: () => number; log: RouterLog }): void {
  const end = link.ends.find((one) => one.end.router === name && one.end.interfaceName === interfaceName);
  if (end === undefined) return;
  const process = 'secure-dot1xd[10471]';
  const events = new LinkEvents(link, end);
  link.onStep((live, at) => {
    // A step may be worked out late, by a read; the line has the time at which it happened.
    const late = link.timing.now() - at;
    for (const text of events.follow(live?.identity)) log.write(process, text, now() - late);
  });
}

/** "24.4R1" of "24.4R1.9-EVO": what Junos writes into namespaces. */
function releaseOf(options: RouterOptions): string {
  const { version } = platformOf(options);
  return /^\d+\.\d+[RXBI]\d+(?:-S\d+)?/.exec(version)?.[0] ?? version;
}
