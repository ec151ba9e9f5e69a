// Waiting for a configuration that someone else holds: the whole attempt is repeated until it gets through
// or the time is up, and then the error names the holder. Nothing else is ever repeated.

import { setTimeout as pause } from 'node:timers/promises';
import { QkdError, isQkdError } from '../errors.ts';
import type { Log } from '../log.ts';
import { describeHolders, unlockHint } from './lock-holder.ts';
import { getConfigurationDatabaseStatus } from './operations/get-configuration-database-status.ts';
import type { Rpc } from './rpc.ts';

export interface Patience {
  readonly rpc: Rpc;
  readonly isOpen: () => boolean;
  readonly log: Log;
  readonly lockWaitSeconds: number;
  /** Pause between two tries; up to a quarter is added at random, so that two programs do not keep step. */
  readonly lockPollSeconds: number;
}

/** Runs `attempt` until it does not fail with configuration-locked or configuration-modified, or the time is up. */
export async function withPatience<T>(patience: Patience, attempt: () => Promise<T>): Promise<T> {
  const started = performance.now();
  for (let tries = 1; ; tries += 1) {
    try {
      return await attempt();
    } catch (error) {
      if (!isQkdError(error, 'configuration-locked', 'configuration-modified')) throw error;
      const rest = patience.lockWaitSeconds * 1000 - (performance.now() - started);
      if (rest <= 0 || !patience.isOpen()) throw await named(patience, error);
      patience.log.write(tries === 1 ? 'NOTICE' : 'DEBUG', 'netconf', 'waiting for the configuration', { tries, reason: error.message });
      await pause(Math.min(rest, patience.lockPollSeconds * 1000 * (1 + Math.random() / 4)));
    }
  }
}

/** The error with how long we waited and, where the router's refusal did not say, who holds the configuration. */
async function named(patience: Patience, error: QkdError): Promise<QkdError> {
  const waited = `${error.message} (waited ${patience.lockWaitSeconds} s)`;
  const details = { hint: error.hint, cause: error.cause ?? error };
  if (/\(pid \d/.test(error.message) || !patience.isOpen()) return new QkdError(error.code, waited, details);
  try {
    const holders = await getConfigurationDatabaseStatus(patience.rpc);
    if (holders.length === 0) return new QkdError(error.code, waited, details);
    const hint = error.code === 'configuration-locked' ? unlockHint(holders) : error.hint;
    return new QkdError(error.code, `${waited}; in configuration mode: ${describeHolders(holders)}`, { ...details, hint });
  } catch {
    // A router that does not tell is no reason to lose the first error.
    return new QkdError(error.code, waited, details);
  }
}
