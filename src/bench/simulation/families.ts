// The kinds of worlds that a campaign goes through, by name. A seed belongs to one of them, so that the seed
// alone replays a schedule.

import type { SimulationOptions } from './scenario.ts';

/** Short schedules, for there are many: 12 intervals in which things go wrong, 8 in which they must mend. */
const SHORT = { intervals: 12, quietIntervals: 8 } as const;

export const FAMILIES = {
  'no fault': { ...SHORT, faults: 'none' },
  'connections, lines': { ...SHORT, faults: 'partitions' },
  'some faults': { ...SHORT, faults: 'some' },
  'many faults': { ...SHORT, faults: 'heavy' },
  'three routers': { ...SHORT, faults: 'heavy', slaves: 2 },
  'first key': { ...SHORT, faults: 'some', firstKey: true },
  "operator's keys": { ...SHORT, faults: 'heavy', foreignKeys: true },
  'MKA suspended': { ...SHORT, faults: 'some', suspensions: true },
  'over the link itself': { ...SHORT, faults: 'partitions', slaves: 1, inBand: true, mkaEvents: true },
  'three over the link': { ...SHORT, faults: 'partitions', slaves: 2, inBand: true, mkaEvents: true },
  'forged CKNs': { ...SHORT, faults: 'some', mkaEvents: true, forgeries: true },
  'only forged CKNs': { ...SHORT, faults: 'none', mkaEvents: true, forgeries: true },
  'pre-shared-key': { ...SHORT, faults: 'some', moves: { from: 'pre-shared-key', at: [] } },
  'to key-chain and back': { intervals: 20, quietIntervals: 10, faults: 'some', moves: { from: 'pre-shared-key', at: [[3, 4.6, 2.2], [10, 13.4, 12]] } },
  'from key-chain and back': { intervals: 20, quietIntervals: 8, faults: 'heavy', moves: { from: 'key-chain', at: [[2, 3.7, 4], [15, 13.5, 16.1]] } },
} as const satisfies Record<string, SimulationOptions>;

export type FamilyName = keyof typeof FAMILIES;

export const FAMILY_NAMES = Object.keys(FAMILIES) as FamilyName[];

/** The kind of world that a seed of a campaign makes. */
export function familyOf(seed: number): FamilyName {
  return FAMILY_NAMES[seed % FAMILY_NAMES.length] ?? 'no fault';
}
