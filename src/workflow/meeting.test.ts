// The ends of a link wake each other, stop waiting for those that have ended, and stop when the run stops.

import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import type { Clock } from '../clock.ts';
import { Meeting, StoppedWaiting } from './meeting.ts';

const clock: Clock = { now: () => 0, sleep: async (ms, signal) => void (await sleep(ms, undefined, signal ? { signal } : {})) };
const LONG = 60_000;

const meeting = (given: { complete?: boolean; stopping?: AbortSignal } = {}): Meeting => new Meeting(['a', 'b', 'c'], { complete: true, stopping: undefined, ...given });

describe('news', () => {
  test('of another end wakes who waits, not who has published', async () => {
    const ends = meeting();
    let own = false;
    const waits = ends.pause('a', LONG, clock);
    void ends.pause('b', 50, clock).then(() => (own = true));
    ends.published('b');
    await waits;
    expect(own).toBe(false);
  });

  test('that came since the last look is looked at before any wait', async () => {
    const ends = meeting();
    ends.published('b');
    await ends.pause('a', LONG, clock);
    ends.ended('c');
    await ends.pause('a', LONG, clock);
  });

  test('that does not come lets the pause end by itself', async () => {
    await meeting().pause('a', 5, clock);
  });
});

describe('alone', () => {
  test('once all others have ended and it was looked after that', async () => {
    const ends = meeting();
    ends.ended('b');
    expect(ends.isAlone('a')).toBe(false);
    ends.ended('c');
    expect(ends.isAlone('a')).toBe(false);
    await ends.pause('a', LONG, clock);
    expect(ends.isAlone('a')).toBe(true);
  });

  test('never where another process works on an end', async () => {
    const ends = meeting({ complete: false });
    for (const device of ['b', 'c']) ends.ended(device);
    await ends.pause('a', LONG, clock);
    expect(ends.isAlone('a')).toBe(false);
  });
});

describe('a run that is to stop', () => {
  test('ends the waits when every end that is left waits', async () => {
    const stop = new AbortController();
    const ends = meeting({ stopping: stop.signal });
    ends.ended('c');
    // As an end does: it looks again, and waits again.
    const waits = ['a', 'b'].map(async (device) => {
      for (;;) await ends.pause(device, LONG, clock);
    });
    const ended = Promise.allSettled(waits.map((wait, n) => wait.finally(() => ends.ended(n === 0 ? 'a' : 'b'))));
    stop.abort('SIGINT');
    expect((await ended).map((one) => one.status === 'rejected' && one.reason instanceof StoppedWaiting)).toEqual([true, true]);
  });

  test('lets an end wait on while another one works', async () => {
    const stop = new AbortController();
    const ends = meeting({ stopping: stop.signal });
    ends.ended('c');
    stop.abort('SIGINT');
    const waits = ends.pause('a', LONG, clock);
    ends.published('b');
    await waits;
  });
});
