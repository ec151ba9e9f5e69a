// Repeats a call to a KME, with growing pauses, inside one overall deadline. What may be repeated is decided
// by the attempt itself (enc-keys.ts, dec-keys.ts): enc_keys uses a key up each time it reaches the KME.

import { setTimeout as pause } from 'node:timers/promises';
import type { KmeTimes } from '../inventory/inventory.ts';
import { QkdError } from '../errors.ts';
import type { HttpsAnswer } from './https-exchange.ts';
import type { Refusal } from './http-errors.ts';

export interface FailedAttempt extends Refusal {
  /** Seconds that the KME asks us to wait (Retry-After). */
  readonly wait?: number | undefined;
}

export type Attempt<T> = { readonly value: T; readonly failed?: undefined } | { readonly value?: undefined; readonly failed: FailedAttempt };

export interface AttemptOptions {
  readonly times: KmeTimes;
  /** Seconds before the second attempt; each later pause is twice as long, 5 at most. */
  readonly firstPause: number;
  /** Told before each pause. */
  readonly onRepeat: (error: QkdError, seconds: number) => void;
}

/** A key that the master already has reaches the other KME within seconds, or not at all. */
const PROPAGATION_ATTEMPTS = 6;
const LONGEST_PAUSE = 5;

/** Runs `attempt` (given its time limit in seconds) until it yields a value; throws its last error otherwise. */
export async function repeatedly<T>(options: AttemptOptions, attempt: (timeout: number) => Promise<Attempt<T>>): Promise<T> {
  const { times, firstPause, onRepeat } = options;
  const end = performance.now() + times.deadline * 1000;
  const secondsLeft = (): number => (end - performance.now()) / 1000;
  let unknownKey = 0;
  for (let count = 1; ; count++) {
    const result = await attempt(Math.max(0.001, Math.min(times.attemptTimeout, secondsLeft())));
    if (result.failed === undefined) return result.value;
    const { error, again, wait } = result.failed;
    if (again === 'propagation') unknownKey += 1;
    if (again === 'never' || unknownKey >= PROPAGATION_ATTEMPTS) throw afterAttempts(error, count);
    // Spread, since every router of a network asks at the same tick.
    const grown = Math.min(firstPause * 2 ** (count - 1), LONGEST_PAUSE) * (0.75 + Math.random() / 2);
    const seconds = Math.max(grown, wait ?? 0);
    if (seconds >= secondsLeft()) throw afterAttempts(error, count);
    onRepeat(error, seconds);
    await pause(seconds * 1000);
  }
}

function afterAttempts(error: QkdError, count: number): QkdError {
  if (count === 1) return error;
  return new QkdError(error.code, `${error.message} (${count} attempts)`, { hint: error.hint, cause: error.cause });
}

/** Retry-After in seconds: a number, or a date seen from the answer's own Date (RFC 9110 section 10.2.3). */
export function retryAfterSeconds(answer: Pick<HttpsAnswer, 'retryAfter' | 'date'>): number | undefined {
  const { retryAfter, date } = answer;
  if (retryAfter === undefined) return undefined;
  if (/^[0-9]{1,9}$/.test(retryAfter)) return Number(retryAfter);
  const seconds = (Date.parse(retryAfter) - Date.parse(date ?? '')) / 1000;
  return seconds > 0 ? seconds : undefined;
}
