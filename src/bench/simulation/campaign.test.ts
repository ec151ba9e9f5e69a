// Two thousand seeds through all kinds of worlds. A violation names its seed, and `scripts/simulate --seed`
// replays it. QKD_SIMULATION_RUNS multiplies the number of seeds.

import { describe, expect, it } from 'vitest';
import { addSeed, caughtMutant, emptyCampaign, merge, table, timeline } from './campaign.ts';
import { FAMILY_NAMES, familyOf } from './families.ts';

const SEEDS_EACH = 200 * Math.max(1, Number(process.env['QKD_SIMULATION_RUNS'] ?? 1));

describe('every invariant holds', () => {
  it.each(FAMILY_NAMES.map((name, index) => [name, index] as const))('%s', (name, index) => {
    const campaign = emptyCampaign();
    for (let count = 0; count < SEEDS_EACH; count++) addSeed(campaign, index + count * FAMILY_NAMES.length);
    expect(campaign.violations).toEqual([]);
    expect(campaign.tallies[name].schedules).toBe(SEEDS_EACH);
    expect(campaign.tallies[name].rotations).toBeGreaterThan(SEEDS_EACH);
    if (name === 'no fault') expect(campaign.tallies[name].aloneTime).toBe(0);
  }, 60_000 * (SEEDS_EACH / 200));
});

it.each([25495, 25780])('seed %i: a slave among several goes back for one that it hears to be left out', (seed) => {
  expect(timeline(seed).violations).toEqual([]);
});

describe('a campaign', () => {
  it('is the sum of its parts', () => {
    const [whole, sum] = [emptyCampaign(), emptyCampaign()];
    const seeds = FAMILY_NAMES.map((_, index) => index + 1);
    for (const seed of seeds) addSeed(whole, seed);
    for (const some of [seeds.slice(0, 5), seeds.slice(5)]) {
      const part = emptyCampaign();
      for (const seed of some) addSeed(part, seed);
      merge(sum, part);
    }
    expect(sum).toEqual(whole);
    expect(table(sum).split('\n')).toHaveLength(FAMILY_NAMES.length + 2);
  });

  it('replays a seed by its number alone', () => {
    expect(timeline(8)).toEqual(timeline(8));
    expect(timeline(8).family).toBe(familyOf(8));
  });

  it('tells which seed catches a deliberate fault', () => {
    expect(caughtMutant('the master never fetches', 1)).toMatchObject({ seed: 1, violation: expect.stringContaining('no key was confirmed') });
    expect(caughtMutant('the master never fetches', 0)).toMatchObject({ seed: undefined });
  });
});
