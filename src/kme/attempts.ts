// Repeats a call, at the KMEs that can answer it, inside one overall deadline: each in turn, then a growing pause,
// then again. What may be repeated, and whether another KME may be asked, is decided by the attempt itself
// (kme-exchange.ts, http-errors.ts): enc_keys uses a key up each time it reaches a KME.

import { setTimeout as pause } from 'node:timers/promises';
import type { KmeTimes } from '../inventory/inventory.ts';
import { QkdError } from '../errors.ts';
import type { HttpsAnswer } from './https-exchange.ts';
import type { Refusal } from './http-errors.ts';

export interface FailedAttempt extends Refusal {
  /** Seconds that the KME asks us to wait (Retry-After). */
  readonly wait?: number | undefined;
  /** The KME may have used up keys for it. */
  readonly mayHaveDrawn?: boolean;
  /** Nor may another KME be asked in this call. */
  readonly final?: boolean;
}

export type Attempt<T> = { readonly value: T; readonly failed?: undefined } | { readonly value?: undefined; readonly failed: FailedAttempt };

/** One KME, and how to try the call there; `timeout` in seconds. */
export interface Contact<T> {
  readonly name: string;
  attempt(timeout: number): Promise<Attempt<T>>;
}

export interface Repetition {
  readonly from: string;
  readonly to: string;
  readonly seconds: number;
}

export interface AttemptOptions {
  /** Name of the call, for messages. */
  readonly call: string;
  readonly times: KmeTimes;
  /** Seconds before the second round; each later pause is twice as long, 5 at most. */
  readonly firstPause: number;
  /** Told before each repetition: what failed at which KME, and which is asked after how many seconds. */
  readonly onRepeat: (error: QkdError, repetition: Repetition) => void;
}

const LONGEST_PAUSE = 5;
/** One of several KMEs that fails so is left alone for the rest of the call, and the others are asked. */
const FAULT_OF_ONE: readonly string[] = ['kme-identity', 'kme-refused-us', 'kme-key-gone'];

/** Asks the contacts, in order, until one gives a value; throws the error that says most otherwise. */
export async function repeatedly<T>(options: AttemptOptions, contacts: readonly Contact<T>[]): Promise<T> {
  const attempts = new Attempts(options, contacts);
  for (let round = 1; ; round++) {
    const done = await attempts.round();
    if (done !== undefined) return done.value;
    await attempts.pauseAfter(round);
  }
}

class Attempts<T> {
  readonly #options: AttemptOptions;
  readonly #end: number;
  /** Those still worth asking. */
  #open: readonly Contact<T>[];
  /** The last failure of each. */
  readonly #failures = new Map<string, FailedAttempt>();
  #count = 0;
  #unknownKey = 0;

  constructor(options: AttemptOptions, contacts: readonly Contact<T>[]) {
    this.#options = options;
    this.#end = performance.now() + options.times.deadline * 1000;
    this.#open = contacts;
  }

  /** Every open contact once; undefined when all failed in a way that lets the call go on. */
  async round(): Promise<{ readonly value: T } | undefined> {
    const { times, onRepeat } = this.#options;
    for (const [index, { name, attempt }] of this.#open.entries()) {
      // Those that come after it in this round keep their share of the time.
      const share = this.#secondsLeft() / (this.#open.length - index);
      const { value, failed } = await attempt(Math.max(0.001, Math.min(times.attemptTimeout, share)));
      this.#count += 1;
      if (failed === undefined) return { value: value as T };
      this.#failures.set(name, failed);
      const ends = failed.again === 'never' && (failed.final === true || !FAULT_OF_ONE.includes(failed.error.code));
      if (ends) throw this.#final(name, failed.error);
      const next = this.#open[index + 1];
      if (next !== undefined) onRepeat(failed.error, { from: name, to: next.name, seconds: 0 });
    }
    return undefined;
  }

  /** Waits for the next round; throws when there is no reason or no time for one. */
  async pauseAfter(round: number): Promise<void> {
    const { times, firstPause, onRepeat } = this.#options;
    this.#open = this.#open.filter(({ name }) => this.#failures.get(name)?.again !== 'never');
    const failures = this.#open.flatMap(({ name }) => this.#failures.get(name) ?? []);
    if (failures.every(({ again }) => again === 'propagation')) this.#unknownKey += 1;
    // Spread, since every router of a network asks at the same tick.
    const grown = Math.min(firstPause * 2 ** (round - 1), LONGEST_PAUSE) * (0.75 + Math.random() / 2);
    const seconds = Math.max(grown, Math.min(...failures.map(({ wait = 0 }) => wait)));
    const [first] = this.#open;
    const [name, telling] = this.#tellingFailure();
    if (first === undefined || this.#unknownKey >= times.propagationAttempts || seconds >= this.#secondsLeft()) throw this.#final(name, telling.error);
    onRepeat(telling.error, { from: name, to: first.name, seconds });
    await pause(seconds * 1000);
  }

  #secondsLeft(): number {
    return (this.#end - performance.now()) / 1000;
  }

  /** A key is gone when every KME that could have it says so; else what kept one from saying it is told. */
  #tellingFailure(): readonly [string, FailedAttempt] {
    const failures = [...this.#failures];
    const found = failures.find(([, { error }]) => error.code !== 'kme-key-gone') ?? failures.at(-1);
    if (found === undefined) throw new QkdError('internal', 'no KME to ask');
    return found;
  }

  #final(name: string, error: QkdError): QkdError {
    const times = this.#count === 1 ? '' : ` (${this.#count} attempts)`;
    return new QkdError(error.code, `KME ${name}: ${this.#options.call}: ${error.message}${times}`, { hint: error.hint, cause: error.cause });
  }
}

/** Retry-After in seconds: a number, or a date seen from the answer's own Date (RFC 9110 section 10.2.3). */
export function retryAfterSeconds(answer: Pick<HttpsAnswer, 'retryAfter' | 'date'>): number | undefined {
  const { retryAfter, date } = answer;
  if (retryAfter === undefined) return undefined;
  if (/^[0-9]{1,9}$/.test(retryAfter)) return Number(retryAfter);
  const seconds = (Date.parse(retryAfter) - Date.parse(date ?? '')) / 1000;
  return seconds > 0 ? seconds : undefined;
}
