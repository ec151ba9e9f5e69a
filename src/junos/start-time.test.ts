// Start times between instants and Junos text: every form that routers were seen to show, zones of both
// signs, daylight saving on both sides of a change, and what is no time at all.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { normalisedStartTime } from '../bench/configuration/start-time.ts';
import { offsetAt } from '../bench/configuration/time-zone.ts';
import { element } from '../xml.ts';
import { type LocalTime, localTime } from './local-time.ts';
import { localStartTimeText, parseStartTime, startTimeText } from './start-time.ts';

const INSTANT = Date.UTC(2026, 9, 6, 11, 58, 34);

test('is written in UTC with its zone', () => {
  expect(startTimeText(Date.UTC(2026, 0, 2, 3, 4, 5))).toBe('2026-01-02.03:04:05 +0000');
});

test('is written in local time for a router that refuses zones', () => {
  expect(localStartTimeText(INSTANT, () => -7 * 3600)).toBe('2026-10-06.04:58:34');
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
  ])('%s', (_, text, offset, instant) => expect(parseStartTime(text, offset === undefined ? undefined : () => offset)).toBe(instant));
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

describe('local time over a change of daylight saving', () => {
  const berlin = (now: number, offset: number): LocalTime | undefined => localTime(element('configuration', element('system', element('time-zone', 'Europe/Berlin'))), { now, offset, ntp: 'unknown' });
  const [spring, autumn] = [Date.UTC(2027, 2, 28, 1), Date.UTC(2027, 9, 31, 1)];

  test('the offset is that of the start time, not of now', () => {
    const local = berlin(spring - 600_000, 3600) as LocalTime;
    expect(localStartTimeText(spring - 1000, local)).toBe('2027-03-28.01:59:59');
    expect(localStartTimeText(spring, local)).toBe('2027-03-28.03:00:00');
    expect(parseStartTime('2027-3-28.03:00:00', local)).toBe(spring);
  });

  test('a wall clock that comes twice is not written, one that never comes is not understood', () => {
    const local = berlin(autumn - 600_000, 7200) as LocalTime;
    expect(localStartTimeText(autumn + 1000, local)).toBeUndefined();
    expect(localStartTimeText(autumn - 1000, local)).toBeUndefined();
    expect(localStartTimeText(autumn + 3_600_000, local)).toBe('2027-10-31.03:00:00');
    expect(parseStartTime('2027-3-28.02:30:00', local)).toBeUndefined();
  });

  test('a zone that the clock contradicts, or that nobody knows, leaves the offset of the clock', () => {
    expect(berlin(spring, 1800)?.(autumn)).toBe(1800);
    const unknown = localTime(element('configuration', element('system', element('time-zone', 'Mars/Olympus'))), { now: spring, offset: 900, ntp: 'unknown' });
    expect(unknown?.(autumn)).toBe(900);
  });

  test('without a local time on the clock there is none', () => {
    expect(localTime(element('configuration'), { now: spring, offset: undefined, ntp: 'unknown' })).toBeUndefined();
  });

  test('every instant that is written is read back', () => {
    const zones = fc.constantFrom('UTC', 'Europe/Berlin', 'America/Los_Angeles', 'Asia/Kolkata', 'Australia/Lord_Howe', 'Pacific/Auckland');
    const seconds = fc.integer({ min: Date.UTC(2026, 0, 1) / 1000, max: Date.UTC(2028, 0, 1) / 1000 });
    fc.assert(
      fc.property(seconds, zones, (second, timeZone) => {
        const configuration = element('configuration', element('system', element('time-zone', timeZone)));
        const offset = offsetAt(second * 1000, timeZone) / 1000;
        const local = localTime(configuration, { now: second * 1000, offset, ntp: 'unknown' });
        const text = localStartTimeText(second * 1000, local as LocalTime);
        expect(text === undefined || parseStartTime(text, local) === second * 1000).toBe(true);
      }),
    );
  });
});
