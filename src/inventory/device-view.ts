// The inventory as one router sees it: which device it is, and its links with its role in each.

import { QkdError, oneLine } from '../errors.ts';
import { grouped } from '../grouped.ts';
import type { Device, Inventory, Link, OwnLink } from './inventory.ts';
import { nearestName } from './nearest-name.ts';

/** The links of every device, made when first asked for: a fleet asks once for each of its routers. */
const LINKS = new WeakMap<readonly Link[], ReadonlyMap<string, readonly OwnLink[]>>();

/** The links in which `device` is an end, in the inventory's order. */
export function ownLinks({ links }: Pick<Inventory, 'links'>, device: string): readonly OwnLink[] {
  let byDevice = LINKS.get(links);
  if (byDevice === undefined) LINKS.set(links, (byDevice = linksByDevice(links)));
  return byDevice.get(device) ?? [];
}

function linksByDevice(links: readonly Link[]): Map<string, OwnLink[]> {
  const ends = links.flatMap((link): OwnLink[] => [{ link, role: 'master', own: link.master }, ...link.slaves.map((own) => ({ link, role: 'slave', own }) as const)]);
  return grouped(ends, ({ own }) => own.device);
}

/**
 * The device that a router's host name means: the name itself, without the suffix of its routing engine
 * (`-re0`, `-re1`), or either without the domain. Throws `inventory` when there is none.
 */
export function deviceOfHostName(inventory: Inventory, hostName: string): Device {
  const name = hostName.trim();
  const short = name.split('.')[0] ?? name;
  for (const candidate of [name, withoutEngine(name), short, withoutEngine(short)]) {
    const device = inventory.devices.get(candidate);
    if (device !== undefined) return device;
  }
  const nearest = nearestName(withoutEngine(short), inventory.devices.keys());
  const advice = nearest === undefined ? `it has ${[...inventory.devices.keys()].slice(0, 10).join(', ')}` : `nearest known device is "${nearest}"`;
  throw new QkdError('inventory', `no device of the inventory has the host name ${JSON.stringify(oneLine(name, 80))}; ${advice}`, {
    hint: 'name the device with --device, or make the inventory and "set system host-name" agree',
  });
}

function withoutEngine(name: string): string {
  return name.replace(/-re[01]$/, '');
}
