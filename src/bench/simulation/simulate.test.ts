// The rotation under simulation: what one world shows, and the deliberate faults that the simulation catches.
// The thousands of seeds are campaign.test.ts.

import { describe, expect, it } from 'vitest';
import { FAULTS, caughtMutant } from './campaign.ts';
import type { SimulationOptions } from './scenario.ts';
import { simulate } from './simulate.ts';

/** Milliseconds until the link's first session is up. */
const FIRST_HELLOS = 4000;

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

describe('method pre-shared-key', () => {
  it.each([[0.1, 0.5], [0.6, 0.2]])('rotates once an interval, and the preceding key keeps the session while the slave follows: timers at %d and %d', (...phases) => {
    for (let seed = 1; seed <= 10; seed++) {
      const { violations, counts } = simulate(seed, { faults: 'none', slaves: 1, phases, junos: 'preceding', moves: { from: 'pre-shared-key', at: [] } });
      expect(violations).toEqual([]);
      expect(counts.rotations).toBeGreaterThanOrEqual(40);
      expect(counts.withoutSession).toBeLessThanOrEqual(FIRST_HELLOS);
    }
  });

  it('is left and come back to without a moment without a session, at whatever ticks', () => {
    for (let seed = 1; seed <= 30; seed++) {
      const { violations, counts } = simulate(seed, { faults: 'none', junos: 'preceding', moves: { from: 'pre-shared-key', at: [[5, 5.6, 4.1], [15, 13.2, 16.7], [26, 26.1, 25.3]] } });
      expect(violations).toEqual([]);
      expect(counts.withoutSession).toBeLessThanOrEqual(FIRST_HELLOS);
    }
  });
});

describe('forged CKNs', () => {
  it('alone make no end give up a shared key', () => {
    for (let seed = 1; seed <= 30; seed++) {
      const { violations, counts } = simulate(seed, { faults: 'none', forgeries: true });
      expect([violations, counts.misled, counts.aloneTime]).toEqual([[], 0, 0]);
    }
  });

  it('cost no tick: a run that the timer starts waits for one that they have started', () => {
    const traces = Array.from({ length: 30 }, (_, seed) => simulate(seed, { faults: 'none', forgeries: true, trace: true }).trace);
    expect(traces.flat().filter((line) => line.includes('misses a tick'))).toEqual([]);
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

  it.each(FAULTS)('catches a planner in which %s', (fault) => {
    expect(caughtMutant(fault, 2000).violation).toBeDefined();
  }, 60_000);
});
