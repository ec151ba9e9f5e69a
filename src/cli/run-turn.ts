// A run's turn: the run lock, or the error that says who holds it. A holder that should long be over keeps every
// run from its work, and does not speak itself: then the run that is locked out looks and raises the alarms
// (onlooker.ts, loaded only then). doctor and status name the process to end.

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

/** Takes the lock; resolves to the function that gives it back. Throws run-locked or file. */
export async function takeTurn(world: World, invocation: Invocation, wished: WishedTurn): Promise<() => void> {
  const { inventory, startedAt, budget, files } = wished;
  const wish = { file: join(inventory.paths.home, 'run.lock'), pid: world.pid, now: startedAt, longestRun: 2 * budget };
  try {
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
