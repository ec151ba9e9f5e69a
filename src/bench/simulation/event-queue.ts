// Virtual time: a binary heap of things to do, in order of their moment and then of their making, so that a
// run is the same every time. Milliseconds since 1970 UTC, by a clock that no router can see.

interface Event {
  readonly at: number;
  readonly order: number;
  readonly act: () => void;
}

export class EventQueue {
  now: number;
  readonly #heap: Event[] = [];
  #made = 0;

  constructor(start: number) {
    this.now = start;
  }

  /** Runs `act` at that moment, or at once when it has passed. */
  at(moment: number, act: () => void): void {
    const event = { at: Math.max(moment, this.now), order: this.#made++, act };
    let index = this.#heap.push(event) - 1;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!before(event, this.#heap[parent])) break;
      this.#heap[index] = this.#heap[parent] ?? event;
      index = parent;
    }
    this.#heap[index] = event;
  }

  /** Everything up to and including that moment. */
  runUntil(end: number): void {
    for (let first = this.#heap[0]; first !== undefined && first.at <= end; first = this.#heap[0]) {
      this.#removeFirst();
      this.now = first.at;
      first.act();
    }
    this.now = end;
  }

  #removeFirst(): void {
    const last = this.#heap.pop();
    if (last === undefined || this.#heap.length === 0) return;
    let index = 0;
    for (;;) {
      let child = 2 * index + 1;
      if (child + 1 < this.#heap.length && before(this.#heap[child + 1], this.#heap[child])) child++;
      const least = this.#heap[child];
      if (least === undefined || !before(least, last)) break;
      this.#heap[index] = least;
      index = child;
    }
    this.#heap[index] = last;
  }
}

function before(a: Event | undefined, b: Event | undefined): boolean {
  if (a === undefined || b === undefined) return false;
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}
