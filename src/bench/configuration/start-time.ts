// The time type of start-time (jt:time): what Junos accepts, and the normalised form that it stores and
// shows, `2026-10-6.04:58:34 -0700`: no padding of month and day, seconds, the router's own zone
// (junos.md 1.3). A time without a zone is read in the router's zone.

import { asUtc, instantOf, offsetAt, offsetText, two, wallClockAt } from './time-zone.ts';
import type { WallClock } from './time-zone.ts';
import type { RouterTime } from './value-types.ts';

const ABSOLUTE = /^(\d{4})-(\d{1,2})-(\d{1,2})\.(\d{1,2}):(\d{2})(?::(\d{2}))?(?: ([+-])(\d{2})(\d{2}))?$/;
const ZONE = / [+-]\d{4}$/;
const RELATIVE = /^(?:(\d{1,5})(day|hour|min)s?|now)$/;
const UNIT = { day: 86_400_000, hour: 3_600_000, min: 60_000 } as const;

/** The stored form of a start-time; undefined when Junos would refuse it. */
export function normalisedStartTime(text: string, time: RouterTime): { readonly value: string } | undefined {
  if (time.withoutZone === true && ZONE.test(text)) return undefined;
  const instant = relative(text, time.now) ?? parseStartTime(text, time.timeZone);
  if (instant === undefined) return undefined;
  const stored = startTimeText(instant, time.timeZone);
  return { value: time.withoutZone === true ? stored.replace(ZONE, '') : stored };
}

/** The stored form of an instant (milliseconds since 1970 UTC) on a router in `timeZone`. */
export function startTimeText(instant: number, timeZone: string): string {
  const at = wallClockAt(instant, timeZone);
  return `${at.year}-${at.month}-${at.day}.${two(at.hour)}:${two(at.minute)}:${two(at.second)} ${offsetText(offsetAt(instant, timeZone))}`;
}

/** The instant of an absolute start-time, read in `timeZone` when it names no zone. */
export function parseStartTime(text: string, timeZone: string): number | undefined {
  const match = ABSOLUTE.exec(text);
  if (match === null) return undefined;
  const part = (index: number): number => Number(match[index] ?? 0);
  const wall: WallClock = { year: part(1), month: part(2), day: part(3), hour: part(4), minute: part(5), second: part(6) };
  if (!exists(wall)) return undefined;
  if (match[7] === undefined) return instantOf(wall, timeZone);
  const minutes = Number(match[8]) * 60 + Number(match[9]);
  if (minutes > 14 * 60 || Number(match[9]) > 59) return undefined;
  return asUtc(wall) - (match[7] === '-' ? -1 : 1) * minutes * 60_000;
}

function relative(text: string, now: number): number | undefined {
  const match = RELATIVE.exec(text);
  if (match === null) return undefined;
  const length = match[1] === undefined ? 0 : Number(match[1]) * UNIT[match[2] as keyof typeof UNIT];
  return Math.floor(now / 1000) * 1000 + length;
}

function exists(wall: WallClock): boolean {
  const back = new Date(asUtc(wall));
  return back.getUTCMonth() + 1 === wall.month && back.getUTCDate() === wall.day && wall.hour <= 23 && wall.minute <= 59 && wall.second <= 59;
}
