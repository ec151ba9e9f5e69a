import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { lastCheckFile, parseLastCheck, readLastCheck, writeLastCheck } from './last-check-file.ts';
import { checkDue, wallClock } from './schedule.ts';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ORIGINAL = { window: { days: [1, 6, 11, 16, 21, 26, 31], from: 0, until: 60 }, retry: 3600 };
const at = (text: string): number => Date.parse(`${text}:00Z`);

/** Local time is UTC here, unless `zone` (hours) says otherwise. */
function due(now: string, last: string | undefined, more: { inOrder?: boolean; succeeded?: boolean; zone?: number } = {}): string | undefined {
  const { inOrder = true, succeeded = true, zone = 0 } = more;
  const wall = (instant: number): number => instant + zone * 3_600_000;
  const lastAt = last === undefined ? undefined : at(last);
  const facts = { now: at(now), wallNow: wall(at(now)), inOrder, last: lastAt === undefined ? undefined : { at: lastAt, wallAt: wall(lastAt), succeeded } };
  return checkDue(facts, ORIGINAL);
}

describe('a check is due', () => {
  test.each<[string, string, string | undefined, Parameters<typeof due>[2], string | undefined]>([
    ['when none is remembered', '2026-11-22T16:00', undefined, {}, 'no earlier check is remembered'],
    ['in the window of day 21', '2026-11-21T00:10', '2026-11-16T00:10', {}, 'the window is open'],
    ['at the first minute of the window', '2026-11-21T00:00', '2026-11-16T00:10', {}, 'the window is open'],
    ['not a second time in one window', '2026-11-21T00:20', '2026-11-21T00:10', {}, undefined],
    ['not on day 22', '2026-11-22T00:10', '2026-11-21T00:10', {}, undefined],
    ['not just before the window', '2026-11-20T23:59', '2026-11-16T00:10', {}, undefined],
    ['when the last window was missed', '2026-11-21T09:00', '2026-11-16T00:10', {}, 'the last window was missed'],
    ['when many windows were missed', '2026-11-24T09:00', '2026-09-16T00:10', {}, 'the last window was missed'],
    ['not again after a missed one was made up', '2026-11-21T09:10', '2026-11-21T09:00', {}, undefined],
    ['on day 31', '2026-12-31T00:30', '2026-12-26T00:10', {}, 'the window is open'],
    ['on day 1, a day after day 31', '2027-01-01T00:30', '2026-12-31T00:10', {}, 'the window is open'],
    ['on the first of March after the 26th of February', '2027-03-01T00:05', '2027-02-26T00:05', {}, 'the window is open'],
    ['in local time, east of Greenwich', '2026-11-20T22:30', '2026-11-20T12:00', { zone: 2 }, 'the window is open'],
    ['in local time, west of Greenwich', '2026-11-21T00:30', '2026-11-20T12:00', { zone: -5 }, undefined],
    ['when the certificate is not in order', '2026-11-22T16:00', '2026-11-22T15:59', { inOrder: false }, 'the certificate is not in order'],
    ['not at once after a check that failed', '2026-11-22T16:00', '2026-11-22T15:30', { inOrder: false, succeeded: false }, undefined],
    ['an hour after a check that failed', '2026-11-22T16:30', '2026-11-22T15:30', { inOrder: false, succeeded: false }, 'the last check failed'],
    ['when the clock was set back', '2026-11-22T16:00', '2027-11-22T15:30', {}, 'the last check lies in the future'],
  ])('%s', (_name, now, last, more, expected) => {
    expect(due(now, last, more)).toBe(expected);
  });

  it('in every window once, whenever the runs come (property)', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 59 }), fc.integer({ min: 0, max: 1000 }), (every, offset) => {
        let [last, checks] = [at('2026-11-01T00:00') + offset * 60_000, 0];
        for (let now = last; now < last + 40 * 86_400_000 && checks < 8; now += every * 60_000) {
          if (checkDue({ now, wallNow: now, inOrder: true, last: { at: last, wallAt: last, succeeded: true } }, ORIGINAL) === undefined) continue;
          const day = new Date(now).getUTCDate();
          expect([day, now - last > 12 * 3_600_000]).toEqual([ORIGINAL.window.days.find((one) => one === day), true]);
          [last, checks] = [now, checks + 1];
        }
        expect(checks).toBeGreaterThanOrEqual(6);
      }),
      { numRuns: 20 },
    );
  });

  it('wall-clock time is local', () => {
    const now = new Date(2026, 10, 21, 0, 30);
    expect(new Date(wallClock(now.getTime())).toISOString()).toBe('2026-11-21T00:30:00.000Z');
  });
});

describe('the last check', () => {
  it('is read back', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'qkd-last-check-'));
    const file = lastCheckFile(folder, 'mx1');
    expect(await readLastCheck(file)).toBeUndefined();
    await writeLastCheck(file, { at: at('2026-11-22T16:00'), succeeded: false });
    expect(await readLastCheck(file)).toEqual({ at: at('2026-11-22T16:00'), succeeded: false });
    rmSync(folder, { recursive: true });
  });

  test.each([
    ['', 'nothing'],
    ['{', 'half'],
    ['[]', 'a list'],
    ['{"checked_at":"2026-11-22T16:00:00Z"}', 'a member missing'],
    ['{"checked_at":"2026-11-22T16:00:00Z","succeeded":1}', 'a wrong type'],
    ['{"checked_at":"yesterday","succeeded":true}', 'no date'],
    ['{"checked_at":"2026-13-45T99:00:00Z","succeeded":true}', 'a date that is none'],
    ['{"checked_at":"2026-11-22T16:00:00Z","succeeded":true,"more":1}', 'a member too many'],
    ['{"checked_at":"2026-11-22T16:00:00Z","succeeded":true,"succeeded":true}', 'a member twice'],
    [`{"checked_at":"2026-11-22T16:00:00Z","succeeded":true${' '.repeat(2000)}}`, 'too much'],
  ])('%j is read as none: %s', (text) => {
    expect(parseLastCheck(text)).toBeUndefined();
  });

  it('cut short anywhere or of any text never throws (property)', () => {
    const whole = '{"checked_at":"2026-11-22T16:00:00.000Z","succeeded":true}';
    expect(parseLastCheck(whole)?.succeeded).toBe(true);
    for (let length = 0; length < whole.length; length += 1) expect(parseLastCheck(whole.slice(0, length))).toBeUndefined();
    fc.assert(fc.property(fc.string(), (text) => parseLastCheck(text) === undefined));
  });
});
