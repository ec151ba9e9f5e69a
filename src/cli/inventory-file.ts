// Which inventory a command works with: the named file, or inventory.json in the home folder; with the
// command line's word on threads. Warnings (an inline password) go to standard error.

import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { QkdError } from '../errors.ts';
import type { Inventory } from '../inventory/inventory.ts';
import { readInventory } from '../inventory/load.ts';
import type { Invocation } from './arguments.ts';
import type { World } from './world.ts';

/** Reads and checks the inventory. Throws inventory. */
export function inventoryFor(world: World, invocation: Invocation, mode: 'onbox' | 'offbox'): Inventory {
  const file = invocation.inventory === undefined ? usualFile(world, mode) : resolve(world.folder, invocation.inventory);
  return readInventory(file, {
    mode,
    cwd: world.folder,
    environment: world.environment,
    userName: world.user.name,
    userHome: world.user.home,
    warn: (message) => world.standardError(`warning: ${message}`),
  });
}

function usualFile(world: World, mode: 'onbox' | 'offbox'): string {
  const home = mode === 'onbox' ? `/var/home/${world.user.name}/qkd-macsec` : join(world.folder, 'qkd-macsec');
  const places = [join(home, 'inventory.json'), ...(mode === 'offbox' ? [join(world.folder, 'inventory.json')] : [])];
  const found = places.find((place) => existsSync(place));
  if (found !== undefined) return found;
  throw new QkdError('inventory', `no inventory: ${places.join(' and ')} not found`, { hint: 'name one with --inventory FILE' });
}
