// The folders in which runs leave lock, last run and alarms: the home folder, or, where the fleet is worked in parts
// (--shard), the folder of each part. A fleet that is divided anew leaves the old folders behind; they say nothing
// of now, so those of the division that ran last count.

import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type LastRun, readLastRun } from './last-run.ts';

/** `home` alone, or the folders of all parts. */
export function runHomes(home: string): string[] {
  const divisions = new Map<string, string[]>([['', [home]]]);
  for (const name of namesIn(home)) {
    const count = /^shard-\d+-of-(\d+)$/.exec(name)?.[1];
    if (count !== undefined) divisions.set(count, [...(divisions.get(count) ?? []), join(home, name)]);
  }
  const newest = (homes: readonly string[]): number => Math.max(...homes.map((one) => Date.parse(readLastRun(one)?.at ?? '') || 0));
  const [first, ...others] = [...divisions.values()];
  return others.reduce((best, homes) => (newest(homes) > newest(best) ? homes : best), first ?? [home]);
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** What the last runs in these folders left, as one: the newest of their times, an error if one of them has one. Undefined when there was none. */
export function lastRunIn(homes: readonly string[]): LastRun | undefined {
  const found = homes.flatMap((home) => readLastRun(home) ?? []).sort((a, b) => Date.parse(b.at) - Date.parse(a.at));
  const [newest] = found;
  if (newest === undefined) return undefined;
  return { ...(found.find(({ error }) => error !== null) ?? newest), ends: found.flatMap(({ ends }) => ends) };
}
