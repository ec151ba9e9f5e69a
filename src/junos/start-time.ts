// start-time of a key in a key chain: written with an explicit zone, so that it names one instant whatever
// the router's time zone is; read back in the form that Junos stores (no padding, zone suffix, sometimes
// quoted): `2026-10-6.04:58:34 -0700`. For a router that refuses a zone, in its local time. Pure.

import { type LocalTime, instantsOf } from './local-time.ts';

const STORED = /^"?(\d{4})-(\d{1,2})-(\d{1,2})\.(\d{1,2}):(\d{2})(?::(\d{2}))?(?: ([+-])(\d{2})(\d{2}))?"?$/;

/** `instant` (milliseconds since 1970 UTC, whole seconds) in UTC with its zone. */
export function startTimeText(instant: number): string {
  return `${wallClock(instant)} +0000`;
}

/**
 * The same instant as the router's clock shows it; undefined in the hour that the end of daylight saving repeats,
 * where this names two instants.
 */
export function localStartTimeText(instant: number, local: LocalTime): string | undefined {
  const wall = instant + local(instant) * 1000;
  return instantsOf(wall, local).length === 1 ? wallClock(wall) : undefined;
}

function wallClock(instant: number): string {
  const [date = '', time = ''] = new Date(instant).toISOString().split('T');
  return `${date}.${time.slice(0, 8)}`;
}

/**
 * The instant of a start-time as read back, in milliseconds since 1970 UTC. One without a zone is taken as
 * local time; undefined when it names no moment, or no zone and the local time is not known.
 */
export function parseStartTime(text: string, local: LocalTime | undefined): number | undefined {
  const match = STORED.exec(text.trim());
  if (match === null) return undefined;
  const part = (index: number): number => Number(match[index] ?? 0);
  const wall = Date.UTC(part(1), part(2) - 1, part(3), part(4), part(5), part(6));
  const date = new Date(wall);
  if (date.getUTCMonth() + 1 !== part(2) || date.getUTCDate() !== part(3) || part(4) > 23 || part(5) > 59 || part(6) > 59) return undefined;
  if (match[7] === undefined) return local === undefined ? undefined : instantsOf(wall, local)[0];
  const zone = (part(8) * 60 + part(9)) * 60_000;
  return match[7] === '+' ? wall - zone : wall + zone;
}
