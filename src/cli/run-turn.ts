// A run's turn: the run lock, or the error that says who holds it. A run between two ticks (repair) is waited for:
// anyone on the line can start one, and a tick that is lost to it is a key that is not drawn. A holder that should long
// be over keeps every run from its work, and does not speak itself: then the run that is locked out looks and raises
// the alarms (onlooker.ts, loaded only then). doctor and status name the process to end.

import { join } from 'node:path';
import { isQkdError } from '../errors.ts';
import type { Inventory } from '../inventory/inventory.ts';
import type { Log } from '../log.ts';
import type { Invocation } from './arguments.ts';
import type { Mode } from './look.ts';
import { lockHolder, takeRunLock } from './run-lock.ts';
import type { World } from './world.ts';

export interface WishedTurn {
  readonly mode: Mode;
  readonly inventory: Inventory;
  readonly startedAt: number;
  /** Milliseconds that a run may last. */
  readonly budget: number;
  readonly log: Log;
  /** The log without the terminal. */
  readonly files: Log;
}

/** Milliseconds between two looks at the lock. */
const LOOK = 500;

/** Takes the lock; resolves to the function that gives it back. Throws run-locked or file. */
export async function takeTurn(world: World, invocation: Invocation, wished: WishedTurn): Promise<() => void> {
  const { inventory, startedAt, budget, files } = wished;
  const wish = { file: join(inventory.paths.home, 'run.lock'), pid: world.pid, now: startedAt, longestRun: 2 * budget, repair: invocation.heardCkn !== undefined };
  try {
    if (!wish.repair) await awaitRepair(world, wished, wish);
    return takeRunLock(wish);
  } catch (cause) {
    const holder = isQkdError(cause, 'run-locked') ? lockHolder(wish) : undefined;
    if (holder !== undefined && startedAt - Date.parse(holder.started_at) > budget) {
      files.write('ERROR', 'run', (cause as Error).message);
      if (!invocation.dryRun) await (await import('./onlooker.ts')).alarmsOfOnlooker(world, invocation, wished);
    }
    throw cause;
  }
}

/** For a quarter of an interval at most: what is left of the run's time is enough for a rotation. */
async function awaitRepair({ clock, stopping }: World, { inventory, startedAt, log }: WishedTurn, wish: Parameters<typeof lockHolder>[0]): Promise<void> {
  const until = startedAt + inventory.system.rotation.interval * 250;
  let isTold = false;
  while (lockHolder(wish)?.repair === true && clock.now() < until && stopping?.aborted !== true) {
    if (!isTold) log.write('NOTICE', 'run', 'waits for a run that the router\'s syslog has started');
    isTold = true;
    await clock.sleep(LOOK);
  }
}
