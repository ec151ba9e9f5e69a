// What no schema can say: names that must exist, links that would work against each other on a router, and
// rotation times with which the protocol of the key-chain method could not keep its promises.

import { QkdError } from '../errors.ts';
import type { Inventory, Link, LinkEnd, RotationSettings } from './inventory.ts';
import { checkKmes } from './kme-pairs.ts';
import { unknownDevice } from './original-dictionary.ts';

/** Throws `inventory` for the first contradiction; doubtful but workable settings go to `warn`. */
export function crossCheck(inventory: Inventory, warn: (message: string) => void): void {
  checkNames(inventory);
  for (const link of inventory.links) {
    checkSaeIds(inventory, link);
    checkKmes(inventory.devices, link);
  }
  checkSharing(inventory.links);
  if (inventory.links.some((link) => link.method === 'key-chain')) checkRotation(inventory.system.rotation, warn);
}

/** Master and slaves of a link. */
function endsOf(link: Link): readonly LinkEnd[] {
  return [link.master, ...link.slaves];
}

function checkNames({ devices, links }: Inventory): void {
  const seen = new Set<string>();
  for (const [index, link] of links.entries()) {
    if (seen.has(link.name)) throw new QkdError('inventory', `links[${index}].name: there are two links ${link.name}`);
    seen.add(link.name);
    for (const [n, end] of endsOf(link).entries()) {
      const path = n === 0 ? 'master' : `slaves[${n - 1}]`;
      if (!devices.has(end.device)) throw unknownDevice(`links[${index}].${path}.device`, end.device, devices.keys());
    }
    const names = endsOf(link).map((end) => end.device);
    const twice = firstDuplicate(names);
    if (twice !== undefined) throw new QkdError('inventory', `link ${link.name}: device ${twice} is named twice`);
  }
}

/** Two ends with one SAE ID would get keys for themselves (ETSI GS QKD 014: slave_SAE_ID is another SAE's). */
function checkSaeIds({ devices }: Inventory, link: Link): void {
  const twice = firstDuplicate(endsOf(link).map((end) => devices.get(end.device)?.saeId ?? end.device));
  if (twice !== undefined) throw new QkdError('inventory', `link ${link.name}: two ends have the SAE ID ${twice}`);
}

/** One key configuration per interface, and one link per connectivity association of a router. */
function checkSharing(links: readonly Link[]): void {
  const owner = new Map<string, string>();
  const claim = (device: string, what: string, link: Link): void => {
    const key = `${device} ${what}`;
    const other = owner.get(key);
    if (other === link.name) throw new QkdError('inventory', `link ${link.name}: ${what} of ${device} is named twice`);
    if (other !== undefined) throw new QkdError('inventory', `links ${other} and ${link.name} share ${what} of ${device}`);
    owner.set(key, link.name);
  };
  for (const link of links) {
    for (const { device, interfaces } of endsOf(link)) {
      claim(device, `connectivity association ${link.connectivityAssociation}`, link);
      for (const name of interfaces) claim(device, `interface ${name}`, link);
    }
  }
}

/** Design section 5: the master decides at T - interval - 2 x margin, the slave at T - margin; T is made `lead` ahead. */
function checkRotation({ interval, lead, margin, ring, maxClockDifference, wait, poll }: RotationSettings, warn: (message: string) => void): void {
  const refuse = (reason: string, hint: string): QkdError => new QkdError('inventory', `system.rotation: ${reason}`, { hint });
  const decision = interval + 2 * margin;
  if (lead <= decision) {
    const reason = `lead ${lead} s leaves no time before the master's decision, ${decision} s (interval + 2 x margin) before the start time`;
    throw refuse(reason, 'leave lead out, or choose at least 3 x interval + 4 x margin');
  }
  if (margin <= maxClockDifference) {
    throw refuse(`margin ${margin} s must be longer than max_clock_difference ${maxClockDifference} s`, 'choose a longer margin');
  }
  // Master, slave, master again: three ticks that may each come late, before the master decides.
  const unaligned = 3 * interval + 4 * margin;
  if (lead < unaligned) {
    warn(`system.rotation: lead ${lead} s is shorter than 3 x interval + 4 x margin (${unaligned} s): ends whose timers are not aligned may miss keys`);
  }
  const scheduled = Math.ceil(lead / interval) + 2;
  if (ring < scheduled) warn(`system.rotation: ring ${ring} is smaller than the ${scheduled} keys that lead ${lead} s and interval ${interval} s may need at once`);
  if (wait >= interval) warn(`system.rotation: wait ${wait} s is not shorter than interval ${interval} s: a run may still wait when the next one starts`);
  if (poll > wait && wait > 0) warn(`system.rotation: poll ${poll} s is longer than wait ${wait} s: a run looks at the other end once`);
}

function firstDuplicate(names: readonly string[]): string | undefined {
  return names.find((name, index) => names.indexOf(name) !== index);
}
