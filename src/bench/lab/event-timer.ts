// A router's event policy on the bench: starts a run on every router each interval, all at the same moment.
// The times are counted from the first, so they do not drift; while a router's run goes on no second one is
// started there, and that router waits for the next time.

import { setTimeout as delay } from 'node:timers/promises';

export interface EventTimer {
  readonly routers: readonly string[];
  /** Milliseconds. */
  readonly interval: number;
  /** So many times at most, the first at once. */
  readonly most: number;
  /** Called before the runs of each time, with its number from 0. */
  readonly before: (tick: number) => Promise<void>;
  /** Starts a run; its end is awaited. */
  readonly run: (router: string, tick: number) => Promise<void>;
  /** Asked several times a second; true ends the timer. */
  readonly isDone: () => boolean;
  readonly signal: AbortSignal;
}

const LOOK = 200;

/** Resolves when it is done, or one interval after the last time, and no run goes on. Rejects with a run's error, or the signal's reason. */
export async function eventTimer(timer: EventTimer): Promise<void> {
  const running = new Map<string, Promise<void>>();
  const failures: unknown[] = [];
  const began = performance.now();
  for (let next = 0; !timer.isDone() && failures.length === 0 && !timer.signal.aborted; await delay(LOOK)) {
    const tick = Math.floor((performance.now() - began) / timer.interval);
    if (tick < next) continue;
    if (tick >= timer.most) break;
    next = tick + 1;
    await timer.before(tick);
    for (const router of timer.routers) {
      if (running.has(router)) continue;
      const ended = timer.run(router, tick).catch((error: unknown) => void failures.push(error)).finally(() => running.delete(router));
      running.set(router, ended);
    }
  }
  await Promise.all(running.values());
  timer.signal.throwIfAborted();
  if (failures.length > 0) throw failures[0];
}
