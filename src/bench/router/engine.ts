// One routing engine of a router: its own mgd, files, syslog, host key and `cli`, and the operational RPCs as they are
// answered there. Clock, links and faults are the router's (start-router.ts); which engine is master is
// mastership.ts's. A router with one engine has its files in its own folder, one with two in re0 and re1 below it.

import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { textAt } from '../../xml.ts';
import type { EngineSlot } from '../configuration/inheritance.ts';
import { isTimeZone } from '../configuration/time-zone.ts';
import { createMgd } from '../mgd/create-mgd.ts';
import type { Mgd } from '../mgd/mgd.ts';
import { CHECK_OUT_FAILED, Refusal } from '../mgd/texts.ts';
import type { Faults } from './faults/faults.ts';
import { initialConfiguration } from './initial-configuration.ts';
import { configuredUsers } from './logins.ts';
import { Link, type LinkTiming } from './mka/link.ts';
import { operationalRpcs } from './operational/operational-rpcs.ts';
import { RouterLog } from './router-log.ts';
import { platformOf, releaseOf, type RouterOptions } from './router-options.ts';
import { RouterFiles } from './scp/router-files.ts';
import { makeHostKey, type HostKey } from './ssh/host-key.ts';
import type { RemoteContext } from './ssh/remote-command.ts';

export interface Engine {
  readonly slot: EngineSlot;
  /** Where its sockets and `cli` are. */
  readonly folder: string;
  readonly mgd: Mgd;
  readonly files: RouterFiles;
  readonly log: RouterLog;
  readonly hostKey: HostKey;
  /** For whoever serves its clients. */
  readonly context: RemoteContext;
}

/** What the engines of a router have in common. */
export interface Chassis {
  readonly now: () => number;
  readonly faults: Faults;
  /** The cable on each interface. */
  readonly links: ReadonlyMap<string, Link>;
  /** Of the engine that is master now. */
  readonly masterSlot: () => EngineSlot;
  /** The engines that have started so far. */
  readonly engines: readonly Engine[];
}

/** Makes the engine's folder and files, and starts its mgd. */
export async function startEngine(options: RouterOptions, chassis: Chassis, slot: EngineSlot): Promise<Engine> {
  const { now, faults } = chassis;
  const dir = resolve(options.dir);
  const folder = options.routingEngines === 2 ? join(dir, `re${slot}`) : dir;
  const files = new RouterFiles(join(folder, 'root'));
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await files.lay(options.users.map((user) => user.name));
  const sessions = new Map<number, () => void>();
  const mgd = startMgd(options, chassis, { slot, files, sessions });
  const log = new RouterLog(files.root, { now, timeZone: () => timeZoneOf(mgd), hostName: () => textAt(mgd.committed(), 'system/host-name') || options.name });
  mgd.onCommit(() => log.write('mgd[32000]', 'UI_COMMIT_COMPLETED: commit complete'));
  mgd.onCommit((committed) => files.layHomes(configuredUsers(committed)));
  operate(options, chassis, { slot, folder, files, mgd });
  const context: RemoteContext = {
    mgd,
    faults,
    files,
    now,
    sessions,
    release: releaseOf(options),
    scpIdle: options.scpIdle ?? 60_000,
    ...(options.onAnswer && { onAnswer: options.onAnswer }),
  };
  return { slot, folder, mgd, files, log, hostKey: makeHostKey(), context };
}

interface Own {
  readonly slot: EngineSlot;
  readonly files: RouterFiles;
}

function startMgd(options: RouterOptions, { now, faults, engines }: Chassis, { slot, files, sessions }: Own & Pick<RemoteContext, 'sessions'>): Mgd {
  return createMgd({
    hostName: options.name,
    slot,
    now,
    commitDelay: () => {
      if (faults.take('refuse-commit') !== undefined) throw new Refusal(CHECK_OUT_FAILED);
      return faults.take('slow-commit')?.milliseconds ?? options.commitDelay ?? 0;
    },
    initial: options.initial ?? initialConfiguration(options.name, options.users),
    fileExists: (path) => existsSync(files.resolve('root', path)),
    otherEngine: () => engines.find((other) => other.slot !== slot)?.mgd,
    startTimesWithoutZone: options.startTimesWithoutZone ?? false,
    ...(options.clock?.after && { after: options.clock.after }),
    onKill: (pid) => sessions.get(pid)?.(),
  });
}

function timeZoneOf(mgd: Mgd): string {
  const zone = textAt(mgd.committed(), 'system/time-zone');
  return zone !== undefined && isTimeZone(zone) ? zone : 'UTC';
}

function operate(options: RouterOptions, chassis: Chassis, { slot, folder, files, mgd }: Own & { folder: string; mgd: Mgd }): void {
  const { now, faults, links, masterSlot, engines } = chassis;
  const alone: LinkTiming = { now, hello: 2000, life: 6000 };
  const state = {
    name: options.name,
    platform: platformOf(options),
    release: releaseOf(options),
    routingEngines: options.routingEngines ?? 1,
    slot,
    masterSlot,
    now,
    bootedAt: now(),
    committed: () => mgd.committed(),
    timeZone: () => timeZoneOf(mgd),
    ntpSynchronised: () => faults.find('ntp-unsynchronised') === undefined,
    macsecLicensed: () => faults.find('no-macsec-licence') === undefined,
    mkaOnBackup: () => faults.find('mka-on-backup') !== undefined,
    // An interface without cable has a session that never sees a peer.
    linkOn: (interfaceName: string) => links.get(interfaceName) ?? new Link([{ router: options.name, interfaceName, now, committed: () => mgd.committed() }], alone),
    files,
    filesOf: (other: EngineSlot) => engines.find((engine) => engine.slot === other)?.files,
    cliPath: join(folder, 'cli'),
  } as const;
  mgd.register(operationalRpcs(state, mgd));
}
