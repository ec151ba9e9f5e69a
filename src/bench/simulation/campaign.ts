// Many schedules, added up by the kind of world they were: the table of scripts/simulate. Sums and maxima
// only, so that the parts that several threads have done can be put together.

import { FAMILIES, FAMILY_NAMES, type FamilyName, familyOf } from './families.ts';
import { MUTANTS, PRE_SHARED_KEY_MUTANTS } from './mutants.ts';
import { type GivenPlanners, simulate } from './simulate.ts';

/** What the schedules of one family came to; times in milliseconds. */
export interface Tally {
  schedules: number;
  duration: number;
  runs: number;
  rotations: number;
  keysDrawn: number;
  commits: number;
  alone: number;
  aloneTime: number;
  longestAlone: number;
  withoutSession: number;
  /** Newest common keys given up for a forged CKN. */
  misled: number;
  /** From the end of the faults until a new key was confirmed by all ends. */
  longestRecovery: number;
  violations: number;
}

export interface Violation {
  readonly seed: number;
  readonly family: FamilyName;
  readonly text: string;
}

export interface Campaign {
  readonly tallies: Record<FamilyName, Tally>;
  /** The first ones. */
  readonly violations: Violation[];
}

const MOST_VIOLATIONS = 20;

export function emptyCampaign(): Campaign {
  const tally = (): Tally => ({
    schedules: 0, duration: 0, runs: 0, rotations: 0, keysDrawn: 0, commits: 0,
    alone: 0, aloneTime: 0, longestAlone: 0, withoutSession: 0, misled: 0, longestRecovery: 0, violations: 0,
  });
  return { tallies: Object.fromEntries(FAMILY_NAMES.map((name) => [name, tally()])) as Campaign['tallies'], violations: [] };
}

/** Simulates the schedule of one seed and adds it to the campaign. */
export function addSeed(campaign: Campaign, seed: number): void {
  const family = familyOf(seed);
  const { counts, violations, duration, recovery } = simulate(seed, FAMILIES[family]);
  const one: Tally = { ...counts, schedules: 1, duration, longestRecovery: recovery ?? 0, violations: violations.length };
  merge(campaign, { tallies: { [family]: one }, violations: violations.map((text) => ({ seed, family, text })) });
}

/** Adds a part of a campaign. */
export function merge(campaign: Campaign, part: { readonly tallies: Partial<Record<FamilyName, Tally>>; readonly violations: readonly Violation[] }): void {
  for (const name of FAMILY_NAMES) {
    const [sum, more] = [campaign.tallies[name], part.tallies[name]];
    if (more === undefined) continue;
    for (const field of Object.keys(sum) as (keyof Tally)[]) {
      sum[field] = field.startsWith('longest') ? Math.max(sum[field], more[field]) : sum[field] + more[field];
    }
  }
  campaign.violations.push(...part.violations.slice(0, MOST_VIOLATIONS - campaign.violations.length));
}

/** One line a family and one for all. */
export function table({ tallies }: Campaign): string {
  const head = ['worlds', 'schedules', 'key changes', 'keys/change', 'alone', 'alone %', 'longest s', 'no session %', 'misled', 'recovery s', 'violations'];
  const row = (name: string, t: Tally): string[] => [
    name,
    String(t.schedules),
    String(t.rotations),
    (t.keysDrawn / Math.max(1, t.rotations)).toFixed(2),
    String(t.alone),
    percent(t.aloneTime, t.duration),
    (t.longestAlone / 1000).toFixed(0),
    percent(t.withoutSession, t.duration),
    String(t.misled),
    (t.longestRecovery / 1000).toFixed(0),
    String(t.violations),
  ];
  const seen = FAMILY_NAMES.filter((name) => tallies[name].schedules > 0);
  const rows = [head, ...seen.map((name) => row(name, tallies[name])), row('all', total(tallies))];
  const widths = head.map((_, column) => Math.max(...rows.map((cells) => (cells[column] ?? '').length)));
  const pad = (text: string, column: number): string => (column === 0 ? text.padEnd(widths[0] ?? 0) : text.padStart(widths[column] ?? 0));
  return rows.map((cells) => cells.map(pad).join('  ')).join('\n');
}

function total(tallies: Campaign['tallies']): Tally {
  const all = emptyCampaign();
  const into = FAMILY_NAMES[0] as FamilyName;
  for (const name of FAMILY_NAMES) merge(all, { tallies: { [into]: tallies[name] }, violations: [] });
  return all.tallies[into];
}

function percent(part: number, whole: number): string {
  return ((100 * part) / Math.max(1, whole)).toFixed(3);
}

/** The readable timeline of one seed. */
export function timeline(seed: number): { readonly family: FamilyName; readonly lines: readonly string[]; readonly violations: readonly string[] } {
  const family = familyOf(seed);
  const { trace, violations } = simulate(seed, { ...FAMILIES[family], trace: true });
  return { family, lines: trace, violations };
}

export interface CaughtMutant {
  readonly fault: string;
  /** The first seed that catches it; undefined: it survived. */
  readonly seed: number | undefined;
  readonly violation: string | undefined;
}

/** Names of the deliberate faults of the protocol. */
export const FAULTS: readonly string[] = [...Object.keys(MUTANTS), ...Object.keys(PRE_SHARED_KEY_MUTANTS)];

/** Runs a deliberate fault of the protocol through at most so many seeds, from 1 on. */
export function caughtMutant(fault: string, seeds: number): CaughtMutant {
  const planners: GivenPlanners = { planner: MUTANTS[fault], preSharedKeyPlanner: PRE_SHARED_KEY_MUTANTS[fault] };
  for (let seed = 1; FAULTS.includes(fault) && seed <= seeds; seed++) {
    const violation = simulate(seed, { ...FAMILIES[familyOf(seed)], ...planners }).violations[0];
    if (violation !== undefined) return { fault, seed, violation };
  }
  return { fault, seed: undefined, violation: undefined };
}
