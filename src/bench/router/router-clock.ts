// A router's own clock: the bench's time plus an offset that can be changed while it runs. Whoever works
// things out from the clock (MKA follows start times) is told before and after each change.

import type { ClockChange } from './mka/wire.ts';

export class RouterClock {
  readonly #time: () => number;
  readonly #usual: number;
  readonly #watching: ClockChange[] = [];
  #offset: number;

  /** `time` in milliseconds since 1970 UTC, `offset` in milliseconds. */
  constructor(time: () => number, offset: number) {
    this.#time = time;
    this.#usual = offset;
    this.#offset = offset;
  }

  now(): number {
    return this.#time() + this.#offset;
  }

  watch(change: ClockChange): void {
    this.#watching.push(change);
  }

  /** Sets the offset; undefined brings back the one from the start. */
  setOffset(offset: number | undefined): void {
    const next = offset ?? this.#usual;
    if (next === this.#offset) return;
    for (const { before } of this.#watching) before();
    this.#offset = next;
    for (const { after } of this.#watching) after();
  }
}
