// Which part of the inventory a run works on: this router's own device on-box, the chosen devices and
// links off-box, and the ends of a link that this process works for.

import { hostname as kernelHostName } from 'node:os';
import { QkdError, within } from '../errors.ts';
import { deviceOfHostName } from '../inventory/device-view.ts';
import type { Device, Inventory, Link } from '../inventory/inventory.ts';
import { kmeRoutes } from '../inventory/kme-pairs.ts';
import { shardIndex, shardOf } from '../inventory/shard.ts';
import { LINKS_FILTER } from '../junos/key-chains.ts';
import { SYSTEM_INFORMATION_RPC, hostName } from '../junos/system.ts';
import type { Log } from '../log.ts';
import type { RouterSession } from '../workflow/ports.ts';
import type { XmlElement } from '../xml.ts';
import { DrawTally } from '../workflow/draw-tally.ts';
import type { LinkEndWork, Run } from '../workflow/link-end.ts';
import { type Invocation, didYouMean } from './arguments.ts';
import { openOnBoxSession } from './router-sessions.ts';
import type { Sites } from './sites.ts';

/** The part of a fleet that --shard names; without it the whole inventory. Throws invocation. */
export function partOf(inventory: Inventory, invocation: Invocation, mode: 'onbox' | 'offbox'): Inventory {
  if (invocation.shard === undefined) return inventory;
  if (mode === 'onbox') throw new QkdError('invocation', '--shard goes with --offbox: on-box a router works on its own links', { hint: 'leave --shard away, or add --offbox' });
  const { index, count } = invocation.shard;
  const elsewhere = inventory.links.find(({ name }) => invocation.links.includes(name) && shardIndex(name, count) !== index);
  if (elsewhere === undefined) return shardOf(inventory, invocation.shard);
  const own = `${shardIndex(elsewhere.name, count)}/${count}`;
  throw new QkdError('invocation', `--link ${JSON.stringify(elsewhere.name)} is in part ${own}, not in ${index}/${count}`, { hint: `say --shard ${own}, or leave the link away` });
}

/** This process's ends of a link: those whose device has a site. */
export function linkEnds(inventory: Inventory, link: Link, world: { run: Run; sites: Sites }): LinkEndWork[] {
  const sae = (device: string): string => inventory.devices.get(device)?.saeId ?? device;
  const ends = [link.master, ...link.slaves];
  const literal = ends.flatMap(({ device }) => (inventory.devices.get(device)?.addresses ?? []).filter(isAddress).slice(0, 1).map((address) => [device, address] as const));
  const common = { link, masterSae: sae(link.master.device), slaveSaes: link.slaves.map((end) => sae(end.device)), kmeRoutes: kmeRoutes(inventory.devices, link), hosts: new Map(literal) };
  return ends.flatMap((own): LinkEndWork[] => {
    const site = world.sites.byDevice.get(own.device);
    if (site === undefined) return [];
    return [{ ...common, run: world.run, role: own === link.master ? 'master' : 'slave', own, site, drawn: new DrawTally() }];
  });
}

function isAddress(text: string): boolean {
  return /^\d+\.\d+\.\d+\.\d+$/.test(text) || text.includes(':');
}

/** A router that was asked for its name before it was known which device it is. */
export interface OpenedRouter {
  readonly session: RouterSession;
  readonly configuration: XmlElement;
}

/**
 * On-box: --device, or the device that has this router's host name. The session that was opened to ask
 * for it is handed on, so that a run needs only one.
 */
export async function ownDevice(inventory: Inventory, invocation: Invocation, log: Log): Promise<{ device: Device; opened: OpenedRouter | undefined }> {
  const [named, second] = invocation.devices;
  if (second !== undefined) throw new QkdError('invocation', 'on-box there is one device: --device may stand once');
  if (named !== undefined) return { device: known(inventory, named), opened: undefined };
  let session: RouterSession;
  try {
    session = await openOnBoxSession(inventory, log);
  } catch (error) {
    // Without mgd the kernel may still know the name; the links are then reported as failed one by one.
    const device = byKernelName(inventory);
    if (device === undefined) throw error;
    return { device, opened: undefined };
  }
  try {
    const configuration = await session.getConfiguration(LINKS_FILTER);
    const name = hostName(configuration) ?? hostName(await session.rpc(SYSTEM_INFORMATION_RPC)) ?? '';
    return { device: deviceOfHostName(inventory, name), opened: { session, configuration } };
  } catch (error) {
    await session.close();
    throw within('which device is this', error);
  }
}

function byKernelName(inventory: Inventory): Device | undefined {
  try {
    return deviceOfHostName(inventory, kernelHostName());
  } catch {
    return undefined;
  }
}

/** Off-box: the devices named by --device, or all. Throws invocation. */
export function chosenDevices(inventory: Inventory, invocation: Invocation): Device[] {
  return invocation.devices.length === 0 ? [...inventory.devices.values()] : invocation.devices.map((name) => known(inventory, name));
}

function known(inventory: Inventory, name: string): Device {
  const device = inventory.devices.get(name);
  if (device !== undefined) return device;
  throw new QkdError('invocation', `--device ${JSON.stringify(name)} is not in the inventory${didYouMean(name, [...inventory.devices.keys()])}`, { hint: `name one of: ${[...inventory.devices.keys()].slice(0, 8).join(', ')}` });
}

/** The links named by --link, or all. Throws invocation. */
export function chosenLinks(inventory: Inventory, invocation: Invocation): readonly Link[] {
  const names = new Set(inventory.links.map((link) => link.name));
  const wrong = invocation.links.find((name) => !names.has(name));
  if (wrong !== undefined) throw new QkdError('invocation', `--link ${JSON.stringify(wrong)} is not in the inventory${didYouMean(wrong, [...names])}`, { hint: `name one of: ${[...names].slice(0, 8).join(', ')}` });
  if (invocation.links.length === 0) return inventory.links;
  const chosen = new Set(invocation.links);
  return inventory.links.filter((link) => chosen.has(link.name));
}
