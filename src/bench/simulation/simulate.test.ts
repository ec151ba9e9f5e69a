// The rotation under simulation: what one world shows, and the deliberate faults that the simulation catches.
// The thousands of seeds are campaign.test.ts.

import { describe, expect, it } from 'vitest';
import { MUTANTS } from './mutants.ts';
import type { SimulationOptions } from './scenario.ts';
import { simulate } from './simulate.ts';

describe('without faults', () => {
  it.each([0, 0.25, 0.5, 0.9])('rotates once an interval with timers %d of an interval apart, and never differs', (phase) => {
    const options: SimulationOptions = { faults: 'none', slaves: 1, phases: [0.1, (0.1 + phase) % 1], intervals: 60, policy: { keysPerCommit: 1 } };
    const { violations, counts, duration } = simulate(1, options);
    expect(violations).toEqual([]);
    expect(counts.aloneTime).toBe(0);
    // The initial key, then one key an interval after the first lead.
    expect(counts.rotations).toBeGreaterThanOrEqual(Math.floor((duration / 1000 - 1920) / 600));
  });

  it('makes one commit an end and key', () => {
    const { counts } = simulate(1, { faults: 'none', slaves: 1, intervals: 60, policy: { keysPerCommit: 1 } });
    expect(counts.commits).toBeLessThanOrEqual(2 * counts.keysDrawn);
  });
});

describe('the first key of a link', () => {
  it.each([1, 2])('is in use on every end, %d of them slaves, within `wait` of the first tick when the timers are aligned', (slaves) => {
    for (let seed = 1; seed <= 20; seed++) {
      const options: SimulationOptions = { faults: 'none', firstKey: true, slaves, phases: [0, 0, 0], intervals: 2, quietIntervals: 10, policy: { wait: 120 } };
      const { activations, scenario, violations } = simulate(seed, options);
      expect(violations).toEqual([]);
      expect(activations[0]?.at).toBeLessThan(scenario.start + 60_000);
    }
  });
});

describe('margins', () => {
  it('holds with longer ones', () => {
    for (let seed = 1; seed <= 15; seed++) expect(simulate(seed, { faults: 'heavy', policy: { margin: 60 } }).violations).toEqual([]);
  });
});

describe('clocks', () => {
  it.each([30, -30])('holds the rotation back when the ends run at the same time and the slave is %d s ahead', (ahead) => {
    for (let seed = 1; seed <= 5; seed++) {
      const options: SimulationOptions = { faults: 'none', slaves: 1, phases: [0, 0], clocks: [0, ahead], policy: { wait: 60, poll: 5 } };
      const { counts, trace } = simulate(seed, { ...options, trace: true });
      expect(trace.some((line) => line.includes('clock-difference'))).toBe(true);
      // All 42 intervals would bring 38. A run that sees the other end's record too late to measure its clock
      // lets a key pass: nothing is remembered from one run to the next.
      expect(counts.rotations).toBeLessThanOrEqual(19);
    }
  });
});

describe('the simulation itself', () => {
  it('replays a seed exactly', () => {
    expect(simulate(7, { trace: true })).toEqual(simulate(7, { trace: true }));
  });

  it.each(Object.entries(MUTANTS))('catches a planner in which %s', (_name, planner) => {
    const seeds = Array.from({ length: 60 }, (_, index) => index + 1);
    expect(seeds.some((seed) => simulate(seed, { faults: 'heavy', planner }).violations.length > 0)).toBe(true);
  }, 30_000);
});
