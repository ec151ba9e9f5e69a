// Puts the adapters together: for every router of a run, how its mgd is reached (own child process or
// socket on-box, SSH off-box), its KME, its own record and the way to the other ends' records (SCP pull
// on-box, one local folder off-box). Adapters are loaded when first needed: an on-box run that finds
// nothing to do never loads SSH.

import type { Device, Inventory } from '../inventory/inventory.ts';
import { localExchange } from '../keyids/local-exchange.ts';
import { runExchange } from '../keyids/run-exchange.ts';
import { scpExchange } from '../keyids/scp-exchange.ts';
import { kmeClient } from '../kme/client.ts';
import type { RecordExchange, RouterSession } from '../workflow/ports.ts';
import type { Run, Site } from '../workflow/link-end.ts';
import { OwnRecord } from '../workflow/own-record.ts';
import { Router } from '../workflow/router.ts';
import type { RouterConnections } from '../ssh/shared-connection.ts';
import type { Talk } from '../workflow/router-slots.ts';
import { witnessedKme } from '../workflow/witness.ts';
import { measuredKme, measuredSession } from './measured.ts';
import { type PeerFiles, peerFiles } from './peer-files.ts';
import { connectionsTo } from './router-connections.ts';
import { filesOn } from './router-files.ts';
import { openOnBoxSession, openSshSession } from './router-sessions.ts';

export interface Sites {
  readonly byDevice: ReadonlyMap<string, Site>;
  /** Ends the session and the connections of one router, and forgets what was read from it; never throws. */
  giveUp(device: string): Promise<void>;
  /** Ends every session and connection; never throws. */
  close(): Promise<void>;
}

export interface SitesWorld {
  readonly mode: 'onbox' | 'offbox';
  readonly run: Run;
  /** Where a run talks to so many routers at once only: the turn of each. */
  readonly talkTo?: (device: string) => Talk;
  /** Where a run opens so many connections a second only. */
  readonly turn?: () => Promise<void>;
  /** Told of which link a router has published something, and waited for. */
  readonly onPublished?: (device: string, link: string) => void | Promise<void>;
}

interface Exchanges {
  readonly peers: PeerFiles;
  /** Off-box: the one of all routers. */
  readonly shared: RecordExchange;
}

interface OpenSite {
  readonly site: Site;
  readonly connections: RouterConnections;
}

/** Sites for `devices`; nothing is connected yet. */
export function makeSites(inventory: Inventory, devices: readonly Device[], world: SitesWorld): Sites {
  const peers = peerFiles(inventory, world.run.log);
  const { run } = world;
  const shared = runExchange(localExchange(inventory.paths.record, run.log), () => run.clock.now());
  const sites = new Map(devices.map((device): [string, OpenSite] => [device.name, makeSite(inventory, device, { ...world, peers, shared })]));
  const end = async ({ site, connections }: OpenSite): Promise<void> => {
    // Of an end that was cut short; one that came to its end has told when this failed.
    await site.ownRecord.save().catch(() => undefined);
    await site.router.close();
    await connections.close();
  };
  return {
    byDevice: new Map([...sites].map(([name, { site }]) => [name, site])),
    giveUp: async (device) => {
      const open = sites.get(device);
      if (open !== undefined) await end(open);
    },
    close: async () => {
      await Promise.all([...sites.values()].map(end));
      await peers.close();
    },
  };
}

function makeSite(inventory: Inventory, device: Device, world: SitesWorld & Exchanges): OpenSite {
  const { run, mode } = world;
  const { clock, log } = run;
  const talk = world.talkTo?.(device.name);
  const connections = connectionsTo(inventory, device, { log, silenceIsFinal: mode === 'offbox', turn: world.turn, profile: run.profile });
  const open = (): Promise<RouterSession> => (mode === 'onbox' ? openOnBoxSession(inventory, log) : openSshSession(inventory, device, run, connections));
  const connect = async (): Promise<RouterSession> => measuredSession(device.name, await open(), run.profile);
  const kme = measuredKme(device.name, kmeClient(device.kme, inventory.system.kme, log, { now: () => clock.now(), saeId: device.saeId }), run.profile);
  const records = recordsOf(inventory, device, world);
  const site: Site = {
    device,
    router: new Router(device.name, connect, { clock, log, talk }),
    kme: run.witness === undefined ? kme : witnessedKme(device.name, kme, run.witness),
    records,
    ownRecord: new OwnRecord(device.name, records, clock, (link) => world.onPublished?.(device.name, link)),
    files: mode === 'onbox' ? undefined : filesOn(inventory, device, connections, talk),
  };
  return { site, connections };
}

function recordsOf({ paths }: Inventory, device: Device, { mode, run, peers, shared }: SitesWorld & Exchanges): RecordExchange {
  if (mode === 'offbox') return shared;
  const pull = (name: string) => peers.pull(name, paths.peerRecord.replaceAll('{}', name));
  return scpExchange({ template: paths.record, mode: paths.recordMode, log: run.log, device: device.name, pull });
}
