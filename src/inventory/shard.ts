// One part of a fleet's links for one of several processes (--shard I/N). Which part a link is in depends on its name
// and N alone: links that are added move no other, and of N + 1 parts each takes an equal share of every other's (jump
// consistent hash, Lamping and Veach 2014). Every part has a folder of its own for lock, logs and last run; records
// are kept by link, so that they stay with their link whatever N is and no two parts write the same file.

import { createHash } from 'node:crypto';
import { basename, dirname, join } from 'node:path';
import { ownLinks } from './device-view.ts';
import type { Inventory } from './inventory.ts';

export interface Shard {
  /** From 1. */
  readonly index: number;
  readonly count: number;
}

/** The inventory as one process of the fleet sees it. */
export function shardOf(inventory: Inventory, { index, count }: Shard): Inventory {
  const name = `shard-${index}-of-${count}`;
  const { home, logs } = inventory.paths;
  return {
    ...inventory,
    links: inventory.links.filter((link) => shardIndex(link.name, count) === index),
    paths: { ...inventory.paths, home: join(home, name), logs: join(logs, name) },
  };
}

/** Is the certificate of this device this part's to renew? The part of its first link does: two that renew at once would undo each other's work. */
export function isOwnDevice({ links }: Pick<Inventory, 'links'>, device: string, { index, count }: Shard): boolean {
  return shardIndex(ownLinks({ links }, device)[0]?.link.name ?? device, count) === index;
}

/** The file of records of one link, `{}` standing for the device as in `template`. */
export function recordOfLink(template: string, link: string): string {
  return join(dirname(template), link, basename(template));
}

/** 1 to `count`. */
export function shardIndex(name: string, count: number): number {
  let key = createHash('sha256').update(`qkd-macsec shard\0${name}`).digest().readBigUInt64BE();
  let [found, next] = [0, 0];
  while (next < count) {
    found = next;
    key = BigInt.asUintN(64, key * 2862933555777941757n + 1n);
    next = Math.floor((found + 1) * (2 ** 31 / (Number(key >> 33n) + 1)));
  }
  return found + 1;
}
