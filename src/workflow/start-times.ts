// Start times as a router takes them: with an explicit zone, which names one instant whatever the router's clock says,
// or, where the router refuses that, in its local time by its own clock reply. Which of the two is the router's to
// say: everything that commits a start time is tried with a zone first.

import { QkdError, isQkdError } from '../errors.ts';
import { type LocalTime, localTime } from '../junos/local-time.ts';
import { localStartTimeText, startTimeText } from '../junos/start-time.ts';
import type { LinkEndWork } from './link-end.ts';

/** `instant` (milliseconds since 1970 UTC) as a start-time; `local` given: without a zone. Throws `clock` when that names two instants. */
export function startTimeFor(work: LinkEndWork, instant: number, local: LocalTime | undefined): string {
  const text = local === undefined ? startTimeText(instant) : localStartTimeText(instant, local);
  if (text !== undefined) return text;
  const moment = new Date(instant).toISOString();
  throw new QkdError('clock', `router ${work.site.device.name}: start time ${moment} comes twice in its local time`, { hint: 'wait for the end of the hour that daylight saving repeats, or set system time-zone UTC' });
}

/** Commits with zones and, when the router refuses a time (`load-failed`), once more in its local time. */
export async function asTheRouterTakesIt<T>(work: LinkEndWork, commit: (local: LocalTime | undefined) => Promise<T>): Promise<T> {
  const { router, device } = work.site;
  try {
    return await commit(undefined);
  } catch (error) {
    if (!isQkdError(error, 'load-failed') || !/time/i.test(error.message)) throw error;
    const local = localTime(await router.configuration(), await router.clock());
    if (local === undefined) throw error;
    work.run.log.write('NOTICE', 'key', 'the router takes start times in its local time only', { device: device.name });
    return commit(local);
  }
}
