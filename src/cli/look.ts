// What status and doctor work with: the same inventory, scope and adapters as a run, without its lock and
// without anything that changes a router, a KME, a record or a log file.

import { randomBytes } from 'node:crypto';
import type { Device, Inventory } from '../inventory/inventory.ts';
import { recordOfLink } from '../inventory/shard.ts';
import { localExchange } from '../keyids/local-exchange.ts';
import type { LinkEndWork, Run } from '../workflow/link-end.ts';
import { OwnRecord } from '../workflow/own-record.ts';
import type { RecordExchange } from '../workflow/ports.ts';
import type { Invocation } from './arguments.ts';
import { inventoryFor } from './inventory-file.ts';
import { openLog } from './log-files.ts';
import { isRouter } from './on-box.ts';
import { runHomes } from './run-homes.ts';
import { chosenDevices, chosenLinks, linkEnds, ownDevice, partOf } from './scope.ts';
import { type Sites, makeSites } from './sites.ts';
import type { World } from './world.ts';

export type Mode = 'onbox' | 'offbox';

export interface Look {
  readonly mode: Mode;
  readonly inventory: Inventory;
  readonly run: Run;
  readonly sites: Sites;
  /** Devices in scope: on-box this router alone. */
  readonly devices: readonly Device[];
  /** This process's ends of the chosen links. */
  readonly ends: readonly LinkEndWork[];
  /** Where runs leave lock, last run and alarms. */
  readonly homes: readonly string[];
  /** How many routers may be talked to at once. */
  readonly parallel: number;
}

export function modeOf(invocation: Invocation): Mode {
  return invocation.mode ?? (isRouter() ? 'onbox' : 'offbox');
}

/** Runs `work` with everything open that it asks for, and closes it. Throws inventory, invocation, or what `work` throws. */
export async function withLook<T>(world: World, invocation: Invocation, work: (look: Look) => Promise<T>): Promise<T> {
  const mode = modeOf(invocation);
  const inventory = partOf(inventoryFor(world, invocation, mode), invocation, mode);
  const { log } = openLog({
    verbosity: invocation.verbosity,
    folder: inventory.paths.logs,
    file: false,
    trace: invocation.trace,
    now: () => world.clock.now(),
    standardError: world.standardError,
  });
  const run: Run = {
    id: randomBytes(6).toString('hex'),
    startedAt: world.clock.now(),
    settings: inventory.system,
    clock: world.clock,
    dryRun: true,
    scriptUser: mode === 'onbox' ? inventory.login.username : undefined,
    log,
  };
  const own = mode === 'onbox' ? await ownDevice(inventory, invocation, log) : undefined;
  const devices = own === undefined ? chosenDevices(inventory, invocation) : [own.device];
  const sites = makeSites(inventory, devices, { mode, run });
  try {
    if (own?.opened !== undefined) sites.byDevice.get(own.device.name)?.router.adopt(own.opened.session, own.opened.configuration);
    const ends = chosenLinks(inventory, invocation).flatMap((link) => linkEnds(inventory, link, { run, sites })).map((end) => (mode === 'onbox' ? end : withRecordsOfLink(inventory, end)));
    const homes = mode === 'onbox' || invocation.shard !== undefined ? [inventory.paths.home] : runHomes(inventory.paths.home);
    const parallel = mode === 'onbox' ? 8 : (invocation.threads ?? inventory.system.maxThreads);
    return await work({ mode, inventory, run, sites, devices, ends, homes, parallel });
  } finally {
    await sites.close();
  }
}

/** Runs with --shard keep the records of each link in a folder of its own: the newer record counts. */
function withRecordsOfLink({ paths }: Inventory, end: LinkEndWork): LinkEndWork {
  const { site, run } = end;
  const ofLink = localExchange(recordOfLink(paths.record, end.link.name), run.log);
  const records: RecordExchange = {
    ...site.records,
    read: async (device) => {
      const found = await Promise.all([site.records.read(device), ofLink.read(device)]);
      return found.filter((record) => record !== undefined).sort((a, b) => Date.parse(b.writtenAt ?? '') - Date.parse(a.writtenAt ?? ''))[0];
    },
  };
  return { ...end, site: { ...site, records, ownRecord: new OwnRecord(site.device.name, records, run.clock) } };
}
