// When certificates are looked at: the original system's window (the first hour of days 1, 6, 11, ..., 31), a window
// that was missed, a certificate near its end. Pure. Wall-clock times are milliseconds since 1970 as if local time
// were UTC, so that days and hours can be counted without knowing the time zone.

import type { CertificateSettings, CheckWindow } from '../inventory/inventory.ts';
import { DAY } from './verdict.ts';

/** What is remembered of the last check of one device; instants in milliseconds since 1970 UTC. */
export interface LastCheck {
  readonly at: number;
  /** Whether it found or left everything in order. */
  readonly succeeded: boolean;
}

export interface ScheduleFacts {
  readonly now: number;
  readonly wallNow: number;
  /** Undefined: none is remembered. */
  readonly last: (LastCheck & { readonly wallAt: number }) | undefined;
  /** Whether the certificate in service is good and has enough days left. */
  readonly inOrder: boolean;
}

/** A month with 28 days may lack days 29 to 31: no window is further away than this. */
const LONGEST_GAP_DAYS = 93;

/** Why a check is due now, as part of a sentence; undefined when it is not. */
export function checkDue(facts: ScheduleFacts, settings: Pick<CertificateSettings, 'window' | 'retry'>): string | undefined {
  const { last, now } = facts;
  if (last === undefined) return 'no earlier check is remembered';
  // A clock that was set back must not put checks off.
  if (last.at > now) return 'the last check lies in the future';
  if (!last.succeeded) return now - last.at >= settings.retry * 1000 ? 'the last check failed' : undefined;
  if (!facts.inOrder) return 'the certificate is not in order';
  const opened = lastOpening(facts.wallNow, settings.window);
  if (opened === undefined || last.wallAt >= opened) return undefined;
  return facts.wallNow < opened + (settings.window.until - settings.window.from) * 60_000 ? 'the window is open' : 'the last window was missed';
}

/** Wall-clock time at which a window opened last, at or before `wallNow`. */
function lastOpening(wallNow: number, { days, from }: CheckWindow): number | undefined {
  const today = Math.floor(wallNow / DAY) * DAY;
  for (let back = 0; back <= LONGEST_GAP_DAYS; back += 1) {
    const opening = today - back * DAY + from * 60_000;
    if (opening <= wallNow && days.includes(new Date(opening).getUTCDate())) return opening;
  }
  return undefined;
}

/** Local wall-clock time of an instant, by this machine's time zone. */
export function wallClock(instant: number): number {
  return instant - new Date(instant).getTimezoneOffset() * 60_000;
}
