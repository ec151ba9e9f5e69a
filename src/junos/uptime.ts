// The router's own clock as `get-system-uptime-information` shows it: the instant, the local zone's offset
// and whether NTP disciplines it. Pure.

import { type XmlElement, descendants, element } from '../xml.ts';

export const UPTIME_RPC = element('get-system-uptime-information');

export interface RouterClock {
  /** Milliseconds since 1970 UTC, whole seconds. */
  readonly now: number;
  /** Local time minus UTC, in seconds; undefined when the reply shows no local time. */
  readonly offset: number | undefined;
  readonly ntp: 'synchronised' | 'unsynchronised' | 'unknown';
}

/** The clock in the reply; undefined when the release shows no instant. With two routing engines the first counts. */
export function routerClock(reply: XmlElement): RouterClock | undefined {
  const [current] = descendants(reply, 'current-time');
  const [moment] = descendants(current, 'date-time');
  const seconds = Number(moment?.attributes['seconds']);
  if (moment === undefined || !Number.isSafeInteger(seconds) || seconds <= 0) return undefined;
  return { now: seconds * 1000, offset: offsetOf(String(moment.text), seconds), ntp: ntpState(descendants(reply, 'time-source').map((source) => String(source.text))[0]) };
}

/** `2026-11-22 13:05:09 CET` against the instant: zones are whole quarters of an hour. */
function offsetOf(text: string, seconds: number): number | undefined {
  const match = /(\d{4})-(\d{2})-(\d{2}) (\d{2}):(\d{2}):(\d{2})/.exec(text);
  if (match === null) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match.slice(1).map(Number);
  return Math.round((Date.UTC(year, month - 1, day, hour, minute, second) / 1000 - seconds) / 900) * 900;
}

function ntpState(source: string | undefined): RouterClock['ntp'] {
  if (source === undefined) return 'unknown';
  return /NTP/i.test(source) ? 'synchronised' : 'unsynchronised';
}
