// start-time: stored form in several zones, across clock changes, and what is refused.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { normalisedStartTime, parseStartTime, startTimeText } from './start-time.ts';

const NOW = Date.UTC(2026, 10, 22, 10, 0, 0);

describe('start-time', () => {
  it.each([
    ['2026-10-06.04:58:34', 'America/Los_Angeles', '2026-10-6.04:58:34 -0700'],
    ['2026-07-09.16:52', 'UTC', '2026-7-9.16:52:00 +0000'],
    ['2026-07-09.16:52', 'Europe/Berlin', '2026-7-9.16:52:00 +0200'],
    ['2026-12-09.16:52', 'Europe/Berlin', '2026-12-9.16:52:00 +0100'],
    ['2026-7-9.16:52:07 +0000', 'Europe/Berlin', '2026-7-9.18:52:07 +0200'],
    ['2026-7-9.1:52:07 -0330', 'Asia/Kolkata', '2026-7-9.10:52:07 +0530'],
    ['now', 'UTC', '2026-11-22.10:00:00 +0000'],
    ['2day', 'UTC', '2026-11-24.10:00:00 +0000'],
    ['3hour', 'Europe/Berlin', '2026-11-22.14:00:00 +0100'],
    // The hour that Berlin skips in March, and the one that it repeats in October.
    ['2026-03-29.02:30', 'Europe/Berlin', '2026-3-29.03:30:00 +0200'],
    ['2026-10-25.02:30', 'Europe/Berlin', '2026-10-25.02:30:00 +0200'],
    ['2026-10-25.03:30', 'Europe/Berlin', '2026-10-25.03:30:00 +0100'],
  ])('%s on a router in %s is stored as %s', (text, timeZone, stored) => {
    expect(normalisedStartTime(text, { now: NOW, timeZone })).toEqual({ value: stored });
  });

  it.each(['', 'tomorrow noonish', '2026-02-30.10:00', '2026-13-01.10:00', '2026-01-01.24:00', '2026-01-01 10:00', '2026-01-01.10:60', '2026-01-01.10:00 +1560', '26-01-01.10:00', '2026-01-01.10:00:00Z'])('refuses %j', (text) => {
    expect(normalisedStartTime(text, { now: NOW, timeZone: 'UTC' })).toBeUndefined();
  });

  it('keeps the instant through its own text, in any zone', () => {
    const zone = fc.constantFrom('UTC', 'Europe/Berlin', 'America/New_York', 'Asia/Kathmandu', 'Australia/Lord_Howe');
    fc.assert(
      fc.property(fc.integer({ min: 1_600_000_000, max: 2_400_000_000 }), zone, zone, (second, written, read) => {
        expect(parseStartTime(startTimeText(second * 1000, written), read)).toBe(second * 1000);
      }),
    );
  });
});
