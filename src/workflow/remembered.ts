// A value that is read when first asked for, shared by everyone who asks meanwhile, and read anew when it
// is too old or was forgotten. A reading that failed is not remembered.

export class Remembered<T> {
  readonly #maxAge: number;
  readonly #now: () => number;
  readonly #read: () => Promise<T>;
  #value: Promise<T> | undefined;
  #readAt = 0;

  /** `maxAge` in milliseconds, counted from the moment the reading was complete. */
  constructor(maxAge: number, now: () => number, read: () => Promise<T>) {
    this.#maxAge = maxAge;
    this.#now = now;
    this.#read = read;
  }

  get(): Promise<T> {
    if (this.#value === undefined || this.#now() - this.#readAt > this.#maxAge) this.#keep(this.#read());
    return this.#value as Promise<T>;
  }

  set(value: T): void {
    this.#keep(Promise.resolve(value));
  }

  forget(): void {
    this.#value = undefined;
  }

  #keep(value: Promise<T>): void {
    this.#value = value;
    this.#readAt = Number.POSITIVE_INFINITY;
    const settled = (): void => void (this.#value === value && (this.#readAt = this.#now()));
    value.then(settled, () => {
      if (this.#value === value) this.forget();
    });
  }
}
