// Starts one simulated Junos router: one or two routing engines (engine.ts) with MKA, reachable by NETCONF over SSH,
// UNIX socket and the `cli` relay, by SCP, and with faults that can be switched on from outside. Joining routers
// to each other is mka/wire.ts. A router with one engine costs three listeners and no timers of its own.

import { resolve } from 'node:path';
import type { EngineSlot } from '../configuration/inheritance.ts';
import type { Mgd } from '../mgd/mgd.ts';
import { startEngine, type Engine } from './engine.ts';
import { Faults } from './faults/faults.ts';
import { OtherUser } from './faults/other-user.ts';
import { followStates } from './faults/router-states.ts';
import { listen, type Addresses } from './listeners.ts';
import { mastersMgd, masterSlot } from './mastership.ts';
import { LinkEvents } from './mka/events.ts';
import type { Link } from './mka/link.ts';
import type { WireRouter } from './mka/wire.ts';
import { RouterClock } from './router-clock.ts';
import type { RouterOptions } from './router-options.ts';
import type { FileRights } from './scp/file-rights.ts';

export interface BenchRouter extends WireRouter, Addresses {
  /** Of the engine that is master. */
  readonly mgd: Mgd;
  /** Root of the router's files; re0's where there are two engines. */
  readonly root: string;
  readonly fileRights: FileRights;
  /** By slot. */
  readonly engines: readonly BenchEngine[];
  /** Slot of the engine that is master now. */
  masterSlot(): EngineSlot;
  readonly faults: Faults;
  close(): Promise<void>;
}

export interface BenchEngine {
  readonly mgd: Mgd;
  readonly root: string;
  readonly fileRights: FileRights;
  readonly hostKeyFingerprint: string;
  /** Program that stands for this engine's /usr/sbin/cli. */
  readonly cliPath: string;
}

/** Starts a router; rejects when its folder or port cannot be had. */
export async function startRouter(options: RouterOptions): Promise<BenchRouter> {
  const clock = new RouterClock(() => options.clock?.now() ?? Date.now(), options.clockOffset ?? 0);
  const now = (): number => clock.now();
  const isDual = options.routingEngines === 2;
  const faults = new Faults((fault) => (fault.kind === 'switchover' && !isDual ? `${options.name} has one routing engine` : undefined));
  const links = new Map<string, Link>();
  const engines: Engine[] = [];
  const slot = (): EngineSlot => masterSlot(faults);
  for (const each of isDual ? ([0, 1] as const) : ([0] as const)) engines.push(await startEngine(options, { now, faults, links, masterSlot: slot, engines }, each));
  const [first] = engines as [Engine];
  const master = (): Engine => engines[slot()] as Engine;
  const mgd = isDual ? mastersMgd(engines, master) : first.mgd;
  const otherUser = new OtherUser(mgd, faults);
  const listeners = await listen(options, { dir: resolve(options.dir), engines, master });
  followStates(options.name, { faults, clock, links, masterSlot: slot, ...listeners });
  return {
    name: options.name,
    now,
    mgd,
    faults,
    root: first.files.root,
    fileRights: first.files.rights,
    engines: engines.map(({ mgd: own, files, hostKey }, index) => ({ mgd: own, root: files.root, fileRights: files.rights, hostKeyFingerprint: hostKey.fingerprint, cliPath: listeners.cliPaths[index] as string })),
    masterSlot: slot,
    attach: (interfaceName, link) => {
      links.set(interfaceName, link);
      writeEvents(link, { name: options.name, interfaceName, now, master });
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

function writeEvents(link: Link, { name, interfaceName, now, master }: { name: string; interfaceName: string; now: () => number; master: () => Engine }): void {
  const end = link.ends.find((one) => one.end.router === name && one.end.interfaceName === interfaceName);
  if (end === undefined) return;
  const process = 'secure-dot1xd[10471]';
  const events = new LinkEvents(link, end);
  link.onStep((live, at) => {
    // A step may be worked out late, by a read; the line has the time at which it happened.
    const late = link.timing.now() - at;
    for (const text of events.follow(live?.identity)) master().log.write(process, text, now() - late);
  });
}
