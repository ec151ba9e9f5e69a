// The end that somebody outside asks for (SIGINT, SIGTERM, SIGHUP), in words. How a run comes to its end then is
// workflow/fleet.ts; a command that changes nothing on routers just ends.

import { QkdError } from '../errors.ts';
import type { World } from './world.ts';

/** `left`: what the run leaves undone, in a few words. */
export function endedBy(stopping: AbortSignal, left?: string): QkdError {
  const by = `ended by ${String(stopping.reason)}`;
  return new QkdError('deadline', left === undefined ? by : `${by}: ${left}`, { hint: "run again: the next run continues from the router's configuration" });
}

/** What `work` gives, or rejects as soon as the program is to end; `work` is then left to itself. */
export function unlessStopped<T>({ stopping }: World, work: Promise<T>): Promise<T> {
  if (stopping === undefined) return work;
  return new Promise((resolve, reject) => {
    const end = (): void => reject(endedBy(stopping));
    if (stopping.aborted) end();
    stopping.addEventListener('abort', end, { once: true });
    work.then(resolve, reject).finally(() => stopping.removeEventListener('abort', end));
  });
}
