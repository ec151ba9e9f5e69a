// The ends of one link that this process works on at the same time. Where one waits for another, it is woken by what
// the other publishes instead of at the next look, and it stops waiting when the others have ended and cannot move
// any more. An end that another process works on (on-box, or a device left out) is waited for as ever.

import type { Clock } from '../clock.ts';
import { QkdError } from '../errors.ts';

/** Why a sleep ended early; made once, with its stack. */
const WOKEN = new Error('there is news');

/** Thrown out of a wait: the run is to stop, and nothing that this end waits for is under way. */
export class StoppedWaiting extends QkdError {
  constructor() {
    super('deadline', 'stopped while it waited for the other end', { hint: 'run again: the next run goes on from here' });
  }
}

interface Seat {
  /** What it has published. */
  published: number;
  /** What the others had published and how many had ended, when it last began to look. */
  seen: number;
  ended: boolean;
  wake: (() => void) | undefined;
}

export class Meeting {
  readonly #seats: ReadonlyMap<string, Seat>;
  /** Every end of the link is here. */
  readonly isComplete: boolean;
  readonly #stopping: AbortSignal | undefined;
  #ended = 0;

  constructor(devices: readonly string[], given: { complete: boolean; stopping: AbortSignal | undefined }) {
    this.#seats = new Map(devices.map((device): [string, Seat] => [device, { published: 0, seen: 0, ended: false, wake: undefined }]));
    this.isComplete = given.complete;
    this.#stopping = given.stopping;
  }

  /** `device` has published its record: whoever waits looks at it now. */
  published(device: string): void {
    const seat = this.#seat(device);
    seat.published += 1;
    this.#wakeOthers(seat);
  }

  /** `device` does nothing more in this run. */
  ended(device: string): void {
    const seat = this.#seat(device);
    seat.ended = true;
    this.#ended += 1;
    this.#wakeOthers(seat);
  }

  /** No other end can change anything in this run any more, and `device` has begun to look after that. */
  isAlone(device: string): boolean {
    const seat = this.#seat(device);
    return this.isComplete && this.#ended === this.#seats.size - (seat.ended ? 0 : 1) && this.#news(device) === seat.seen;
  }

  /** Sleeps so many milliseconds, or less when there is news. Throws StoppedWaiting. */
  async pause(device: string, milliseconds: number, clock: Clock): Promise<void> {
    const seat = this.#seat(device);
    if (this.#news(device) !== seat.seen) {
      seat.seen = this.#news(device);
      return;
    }
    const woken = new AbortController();
    const wake = (): void => woken.abort(WOKEN);
    seat.wake = wake;
    this.#stopping?.addEventListener('abort', wake);
    try {
      if (this.#isStandstill()) throw new StoppedWaiting();
      await clock.sleep(milliseconds, woken.signal);
    } catch (error) {
      if (!woken.signal.aborted || error instanceof StoppedWaiting) throw error;
    } finally {
      this.#stopping?.removeEventListener('abort', wake);
      seat.wake = undefined;
      seat.seen = this.#news(device);
    }
  }

  /** The run is to stop and every end that is still here waits: nobody will bring news. */
  #isStandstill(): boolean {
    return this.#stopping?.aborted === true && [...this.#seats.values()].every((seat) => seat.ended || seat.wake !== undefined);
  }

  #seat(device: string): Seat {
    const seat = this.#seats.get(device);
    if (seat === undefined) throw new QkdError('internal', `${device} has no part in this link`);
    return seat;
  }

  #others(device: string): Seat[] {
    return [...this.#seats].filter(([name]) => name !== device).map(([, seat]) => seat);
  }

  #news(device: string): number {
    return this.#others(device).reduce((sum, seat) => sum + seat.published + Number(seat.ended), 0);
  }

  #wakeOthers(seat: Seat): void {
    for (const other of this.#seats.values()) if (other !== seat) other.wake?.();
  }
}
