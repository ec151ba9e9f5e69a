// A router's event policy on the bench: starts a run on every router each interval, all at the same moment or
// each router so much later than the first. The times are counted from the first, so they do not drift; while a
// router's run goes on no second one is started there, and that router waits for its next time.

import { setTimeout as delay } from 'node:timers/promises';

export interface EventTimer {
  readonly routers: readonly string[];
  /** Milliseconds. */
  readonly interval: number;
  /** Milliseconds by which a router's times come later; 0 unless told. */
  readonly offsets?: ReadonlyMap<string, number>;
  /** So many times at most, the first at once. */
  readonly most: number;
  /** Starts the run of a router's time number `tick`, from 0; its end is awaited. */
  readonly run: (router: string, tick: number) => Promise<void>;
  /** Asked several times a second; true ends the timer. */
  readonly isDone: () => boolean;
  readonly signal: AbortSignal;
}

const LOOK = 200;

/** Resolves when it is done, or one interval after the last time, and no run goes on. Rejects with a run's error, or the signal's reason. */
export async function eventTimer(timer: EventTimer): Promise<void> {
  const running = new Map<string, Promise<void>>();
  const next = new Map<string, number>();
  const failures: unknown[] = [];
  const began = performance.now();
  const tickOf = (router: string): number => Math.floor((performance.now() - began - (timer.offsets?.get(router) ?? 0)) / timer.interval);
  for (; !timer.isDone() && failures.length === 0 && !timer.signal.aborted; await delay(LOOK)) {
    if (timer.routers.every((router) => tickOf(router) >= timer.most)) break;
    for (const router of timer.routers) {
      const tick = tickOf(router);
      if (tick < (next.get(router) ?? 0) || tick >= timer.most) continue;
      next.set(router, tick + 1);
      if (running.has(router)) continue;
      const ended = timer.run(router, tick).catch((error: unknown) => void failures.push(error)).finally(() => running.delete(router));
      running.set(router, ended);
    }
  }
  await Promise.all(running.values());
  timer.signal.throwIfAborted();
  if (failures.length > 0) throw failures[0];
}
