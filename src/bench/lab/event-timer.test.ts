import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { type EventTimer, eventTimer } from './event-timer.ts';

const SIGNAL = new AbortController().signal;

function timer(more: Partial<EventTimer>): Promise<void> {
  return eventTimer({ routers: ['mx1', 'mx2'], interval: 300, most: 3, run: async () => undefined, isDone: () => false, signal: SIGNAL, ...more });
}

describe('the timer', () => {
  it('starts a run on every router each time, and ends after the last', async () => {
    const runs: string[] = [];
    await timer({ run: async (router, tick) => void runs.push(`${router} ${tick}`) });
    expect(runs).toEqual(['mx1 0', 'mx2 0', 'mx1 1', 'mx2 1', 'mx1 2', 'mx2 2']);
  });

  it('counts from the first time, whatever the runs take', async () => {
    const began = performance.now();
    const late: number[] = [];
    await timer({ most: 5, run: async (_, tick) => void late.push(performance.now() - began - 300 * tick) });
    // At most one look (200 ms), and what a busy machine adds: not five times that.
    expect(Math.max(...late)).toBeLessThan(Math.min(...late) + 300);
  });

  it('starts the runs of a router with an offset so much later, and as many of them', async () => {
    const began = performance.now();
    const runs: string[] = [];
    const first = new Map<string, number>();
    await timer({ interval: 600, offsets: new Map([['mx2', 300]]), run: async (router, tick) => (first.set(router, first.get(router) ?? performance.now() - began), void runs.push(`${router} ${tick}`)) });
    expect(runs).toEqual(['mx1 0', 'mx2 0', 'mx1 1', 'mx2 1', 'mx1 2', 'mx2 2']);
    expect(first.get('mx2')).toBeGreaterThanOrEqual(300);
    expect(first.get('mx1')).toBeLessThan(300);
  });

  it('starts no second run where one goes on, and waits for its end', async () => {
    let [going, most, ended] = [0, 0, 0];
    const run = async (router: string): Promise<void> => {
      if (router === 'mx2') return;
      most = Math.max(most, (going += 1));
      await delay(700);
      going -= 1;
      ended += 1;
    };
    await timer({ run });
    expect({ most, going }).toEqual({ most: 1, going: 0 });
    expect(ended).toBeLessThan(3);
  });

  it('ends when it is done, with a run that fails, and with the signal', async () => {
    let runs = 0;
    await timer({ run: async () => void (runs += 1), isDone: () => runs > 0 });
    expect(runs).toBe(2);
    await expect(timer({ run: async () => Promise.reject(new Error('no such program')) })).rejects.toThrow('no such program');
    const ending = new AbortController();
    await expect(timer({ run: async () => ending.abort(new Error('ended')), signal: ending.signal })).rejects.toThrow('ended');
  });
});
