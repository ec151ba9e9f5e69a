// Puts the adapters together: for every router of a run, how its mgd is reached (own child process or
// socket on-box, SSH off-box), its KME, its own record and the way to the other ends' records (SCP pull
// on-box, one local folder off-box). Adapters are loaded when first needed: an on-box run that finds
// nothing to do never loads SSH.

import type { Device, Inventory } from '../inventory/inventory.ts';
import { localExchange } from '../keyids/local-exchange.ts';
import { scpExchange } from '../keyids/scp-exchange.ts';
import { kmeClient } from '../kme/client.ts';
import type { RouterSession } from '../workflow/ports.ts';
import type { Run, Site } from '../workflow/link-end.ts';
import { OwnRecord } from '../workflow/own-record.ts';
import { Router } from '../workflow/router.ts';
import { type PeerFiles, peerFiles } from './peer-files.ts';
import { openOnBoxSession, openSshSession } from './router-sessions.ts';

export interface Sites {
  readonly byDevice: ReadonlyMap<string, Site>;
  /** Ends every session and connection; never throws. */
  close(): Promise<void>;
}

/** Sites for `devices`; nothing is connected yet. */
export function makeSites(inventory: Inventory, devices: readonly Device[], world: { mode: 'onbox' | 'offbox'; run: Run }): Sites {
  const peers = peerFiles(inventory, world.run.log);
  const sites = new Map(devices.map((device) => [device.name, makeSite(inventory, device, { ...world, peers })]));
  return {
    byDevice: sites,
    close: async () => {
      await Promise.all([...sites.values()].map((site) => site.router.close()));
      await peers.close();
    },
  };
}

function makeSite(inventory: Inventory, device: Device, world: { mode: 'onbox' | 'offbox'; run: Run; peers: PeerFiles }): Site {
  const { run } = world;
  const connect = (): Promise<RouterSession> => (world.mode === 'onbox' ? openOnBoxSession(inventory, run.log) : openSshSession(inventory, device, run.log));
  const template = inventory.paths.record;
  const records =
    world.mode === 'onbox'
      ? scpExchange({ template, log: run.log, device: device.name, pull: (name) => world.peers.pull(name, inventory.paths.peerRecord.replaceAll('{}', name)) })
      : localExchange(template, run.log);
  return {
    device,
    router: new Router(device.name, connect, { clock: run.clock, log: run.log }),
    kme: kmeClient(device.kme, inventory.system.kme, run.log, { now: () => run.clock.now() }),
    records,
    ownRecord: new OwnRecord(device.name, records, run.clock),
  };
}
