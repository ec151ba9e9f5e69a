// Offsets and wall-clock times of IANA time zones, by Intl: the router's own zone decides how it reads a
// start-time without a zone and how it shows every time. Pure.

export interface WallClock {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
}

const MINUTE = 60_000;

/** True when Intl knows the zone. */
export function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en-US', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/** The wall clock in `timeZone` at `instant` (milliseconds since 1970 UTC). */
export function wallClockAt(instant: number, timeZone: string): WallClock {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric',
  });
  const parts = new Map(format.formatToParts(instant).map((part) => [part.type as string, Number(part.value)]));
  const part = (name: string): number => parts.get(name) ?? 0;
  return { year: part('year'), month: part('month'), day: part('day'), hour: part('hour'), minute: part('minute'), second: part('second') };
}

/** Wall clock read as if it were UTC, in milliseconds since 1970. */
export function asUtc(wall: WallClock): number {
  return Date.UTC(wall.year, wall.month - 1, wall.day, wall.hour, wall.minute, wall.second);
}

/** Milliseconds by which `timeZone` is ahead of UTC at `instant`. */
export function offsetAt(instant: number, timeZone: string): number {
  const whole = Math.floor(instant / 1000) * 1000;
  return asUtc(wallClockAt(whole, timeZone)) - whole;
}

/**
 * The instant at which the wall clock in `timeZone` shows `wall`. In the hour that a clock change skips or
 * repeats, the offset before the change counts.
 */
export function instantOf(wall: WallClock, timeZone: string): number {
  const utc = asUtc(wall);
  const before = offsetAt(utc - 24 * 60 * MINUTE, timeZone);
  const candidate = utc - before;
  if (offsetAt(candidate, timeZone) === before) return candidate;
  const after = utc - offsetAt(utc + 24 * 60 * MINUTE, timeZone);
  return asUtc(wallClockAt(after, timeZone)) === utc ? after : candidate;
}

/** `+hhmm` or `-hhmm`. */
export function offsetText(offset: number): string {
  const minutes = Math.abs(Math.round(offset / MINUTE));
  return `${offset < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}${two(minutes % 60)}`;
}

export function two(value: number): string {
  return String(value).padStart(2, '0');
}

/** `2026-11-22 10:03:04 UTC`, as Junos writes dates in status output. */
export function dateText(instant: number, timeZone: string): string {
  const at = wallClockAt(instant, timeZone);
  return `${at.year}-${two(at.month)}-${two(at.day)} ${two(at.hour)}:${two(at.minute)}:${two(at.second)} ${zoneText(instant, timeZone)}`;
}

/** Languages whose Intl data spell the abbreviations of the tz database for their part of the world. */
const LANGUAGES = ['en-US', 'en-GB', 'en-AU', 'en-IN'];

/** `CET`; where Intl knows no abbreviation the offset stands for it, as in the tz database (`+04`). */
function zoneText(instant: number, timeZone: string): string {
  for (const language of LANGUAGES) {
    const parts = new Intl.DateTimeFormat(language, { timeZone, timeZoneName: 'short' }).formatToParts(instant);
    const name = parts.find((part) => part.type === 'timeZoneName')?.value ?? '';
    if (/^[A-Z]{2,5}$/.test(name)) return name;
  }
  return offsetText(offsetAt(instant, timeZone)).replace(/00$/, '');
}
