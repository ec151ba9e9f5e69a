// Which of a master's KMEs share keys with which of the slaves' KMEs: those of the same pair. A link's key is drawn
// only where every slave can fetch it, and fetched only where it can have arrived.

import { QkdError } from '../errors.ts';
import type { Device, Inventory, KmeEndpoint, Link } from './inventory.ts';

/** A KME to draw from, and those where the slaves fetch what was drawn there; all by name. */
export interface KmeRoute {
  readonly source: string;
  readonly targets: readonly string[];
}

/** The routes of a link, in the order of the master's KMEs. */
export function kmeRoutes(devices: Inventory['devices'], link: Link): KmeRoute[] {
  const endpoints = ({ device }: { readonly device: string }): readonly KmeEndpoint[] => devices.get(device)?.kme.endpoints ?? [];
  return endpoints(link.master).flatMap(({ name, pair }) => {
    const perSlave = link.slaves.map((slave) => endpoints(slave).filter((one) => one.pair === pair));
    if (perSlave.some((list) => list.length === 0)) return [];
    return [{ source: name, targets: [...new Set(perSlave.flat().map((one) => one.name))] }];
  });
}

/** Throws `inventory` when the ends' KMEs cannot give one key to all of them. */
export function checkKmes(devices: Inventory['devices'], link: Link): void {
  const ends = [link.master, ...link.slaves].flatMap(({ device }) => devices.get(device) ?? []);
  const sizes = new Set(ends.map(({ kme }) => kme.keySize));
  if (sizes.size > 1) {
    const told = ends.map(({ name, kme }) => `${name} ${kme.keySize ?? 'none'}`).join(', ');
    throw new QkdError('inventory', `link ${link.name}: the ends have different kme.key_size: ${told}`, { hint: 'give all ends of the link the same kme.key_size' });
  }
  const least = link.cipherSuite.endsWith('128') ? 128 : 256;
  const size = ends[0]?.kme.keySize ?? least;
  if (size < least) {
    throw new QkdError('inventory', `link ${link.name}: kme.key_size ${size} is too small, ${link.cipherSuite} needs ${least} bits`, { hint: 'raise kme.key_size of all ends, or choose another cipher_suite' });
  }
  if (kmeRoutes(devices, link).length > 0) return;
  throw new QkdError('inventory', `link ${link.name}: no KME of ${link.master.device} is in a pair with KMEs of all slaves (${ends.map(pairsOf).join('; ')})`, { hint: 'write the same kme.pair at all ends, or none' });
}

function pairsOf({ name, kme }: Device): string {
  return `${name}: ${[...new Set(kme.endpoints.map(({ pair }) => pair ?? 'none'))].join(', ')}`;
}
