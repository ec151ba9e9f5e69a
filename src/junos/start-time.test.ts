// Start times between instants and Junos text: every form that routers were seen to show, zones of both
// signs, daylight saving on both sides of a change, and what is no time at all.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { normalisedStartTime } from '../bench/configuration/start-time.ts';
import { localStartTimeText, parseStartTime, startTimeText } from './start-time.ts';

const INSTANT = Date.UTC(2026, 9, 6, 11, 58, 34);

test('is written in UTC with its zone', () => {
  expect(startTimeText(Date.UTC(2026, 0, 2, 3, 4, 5))).toBe('2026-01-02.03:04:05 +0000');
});

test('is written in local time for a router that refuses zones', () => {
  expect(localStartTimeText(INSTANT, -7 * 3600)).toBe('2026-10-06.04:58:34');
});

describe('is read as', () => {
  test.each<[string, string, number | undefined, number | undefined]>([
    ['stored by a router in Los Angeles', '2026-10-6.04:58:34 -0700', undefined, INSTANT],
    ['the same in quotes', '"2026-10-6.04:58:34 -0700"', undefined, INSTANT],
    ['stored by a router in Kolkata', '2026-10-6.17:28:34 +0530', undefined, INSTANT],
    ['without zone, router seven hours behind', '2026-10-06.04:58:34', -7 * 3600, INSTANT],
    ['without zone and seconds', '2026-7-9.16:52', 0, Date.UTC(2026, 6, 9, 16, 52)],
    ['without zone, offset unknown', '2026-10-06.04:58:34', undefined, undefined],
    ['no time', 'now', 0, undefined],
    ['a day that does not exist', '2026-02-30.10:00:00 +0000', undefined, undefined],
    ['an hour that does not exist', '2026-02-03.24:00:00 +0000', undefined, undefined],
    ['empty', '', 0, undefined],
  ])('%s', (_, text, offset, instant) => expect(parseStartTime(text, offset)).toBe(instant));
});

test('survives every router time zone, daylight saving included', () => {
  const zones = fc.constantFrom('UTC', 'Europe/Berlin', 'America/Los_Angeles', 'Asia/Kolkata', 'Australia/Lord_Howe', 'Pacific/Auckland');
  const seconds = fc.integer({ min: Date.UTC(2026, 0, 1) / 1000, max: Date.UTC(2028, 0, 1) / 1000 });
  fc.assert(
    fc.property(seconds, zones, (second, timeZone) => {
      const stored = normalisedStartTime(startTimeText(second * 1000), { now: 0, timeZone });
      expect(parseStartTime(stored?.value ?? '', undefined)).toBe(second * 1000);
    }),
  );
});
