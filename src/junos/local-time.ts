// The router's local time, for releases that take or show start times without a zone: its offset from UTC at
// any instant, by the configured zone where the language knows it and the router's clock agrees, else the
// offset that the clock shows now. Pure.

import { type XmlElement, textAt } from '../xml.ts';
import type { RouterClock } from './uptime.ts';

/** Local time minus UTC, in seconds, at an instant in milliseconds since 1970 UTC. */
export type LocalTime = (instant: number) => number;

/** Local time of the router with this configuration and clock; undefined when its clock shows no local time. */
export function localTime(configuration: XmlElement, clock: RouterClock | undefined): LocalTime | undefined {
  if (clock?.offset === undefined) return undefined;
  const { now, offset } = clock;
  const byZone = offsetIn(textAt(configuration, 'system/time-zone') ?? 'UTC');
  return byZone?.(now) === offset ? byZone : () => offset;
}

/** A format costs Intl milliseconds, and all routers of a fleet ask for the same few zones at every look. */
const known = new Map<string, LocalTime | undefined>();

function offsetIn(timeZone: string): LocalTime | undefined {
  if (!known.has(timeZone)) known.set(timeZone, readOffsets(timeZone));
  return known.get(timeZone);
}

/** Undefined for a zone that Intl does not know, or a runtime without Intl. */
function readOffsets(timeZone: string): LocalTime | undefined {
  if (timeZone === 'UTC') return () => 0;
  try {
    const format = new Intl.DateTimeFormat('en-US', { timeZone, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric' });
    return (instant) => {
      const parts = new Map(format.formatToParts(instant).map(({ type, value }) => [type as string, Number(value)]));
      const part = (name: string): number => parts.get(name) ?? 0;
      return Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second')) / 1000 - Math.floor(instant / 1000);
    };
  } catch {
    return undefined;
  }
}

const DAY = 86_400_000;

/**
 * The instants at which the local wall clock shows `wall` (read as if it were UTC, in milliseconds), earliest
 * first: one; two in the hour that the end of daylight saving repeats; none in the hour that its beginning skips.
 */
export function instantsOf(wall: number, local: LocalTime): number[] {
  const offsets = new Set([local(wall - DAY), local(wall + DAY)]);
  return [...offsets].map((offset) => wall - offset * 1000).filter((instant) => instant + local(instant) * 1000 === wall).sort((a, b) => a - b);
}
