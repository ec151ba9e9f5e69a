// The rotation under simulation. A violation names its seed; the failing test prints how to replay it, with
// a timeline of the last steps. QKD_SIMULATION_RUNS multiplies the number of seeds.

import { describe, expect, it } from 'vitest';
import { MUTANTS } from './mutants.ts';
import type { SimulationOptions } from './scenario.ts';
import { simulate } from './simulate.ts';

const TIMES = Math.max(1, Number(process.env['QKD_SIMULATION_RUNS'] ?? 1));

/** Simulates seeds 1 to `runs`; fails with the first violation's seed, options and timeline. */
function allHold(runs: number, options: SimulationOptions): void {
  for (let seed = 1; seed <= runs * TIMES; seed++) {
    const { violations } = simulate(seed, options);
    if (violations.length === 0) continue;
    const { trace } = simulate(seed, { ...options, trace: true });
    const first = trace.findIndex((line) => line.includes('VIOLATION'));
    const timeline = trace.slice(Math.max(0, first - 60), first + 1).join('\n');
    expect.fail(`simulate(${seed}, ${JSON.stringify({ ...options, trace: true })}): ${violations.join('; ')}\n${timeline}`);
  }
}

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

  it('holds for any timers, clocks, waits and numbers of staged keys', () => allHold(40, { faults: 'none' }));
});

describe('under faults', () => {
  it('holds when connections and lines fail', () => allHold(60, { faults: 'partitions' }));
  it('holds under some faults of every kind', () => allHold(60, { faults: 'some' }));
  it('holds under many faults of every kind', () => allHold(200, { faults: 'heavy' }), 60_000 * TIMES);
  it('holds with longer margins', () => allHold(30, { faults: 'heavy', policy: { margin: 60 } }));
  it('moves from pre-shared-key to key chain and back, the ends at different ticks', () => allHold(80, { faults: 'heavy', intervals: 24, moveBack: [12, 15.4, 14] }));
});

describe('clocks', () => {
  it.each([30, -30])('stops the rotation when the ends run at the same time and the slave is %d s ahead', (ahead) => {
    for (let seed = 1; seed <= 5; seed++) {
      const options: SimulationOptions = { faults: 'none', slaves: 1, phases: [0, 0], clocks: [0, ahead], policy: { wait: 60 } };
      const { counts, trace } = simulate(seed, { ...options, trace: true });
      expect(trace.some((line) => line.includes('clock-difference'))).toBe(true);
      // The initial key, and no more than one lead's keys, made before the difference showed. All 42 intervals would bring 38.
      expect(counts.rotations).toBeLessThanOrEqual(5);
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
