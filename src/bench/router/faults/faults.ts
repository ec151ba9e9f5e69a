// The faults of one router that are switched on now. Each place that can go wrong asks `take` at the
// moment it matters; a counted fault is used up by that.

import { readFault, type Fault, type FaultKind, type FaultOf, type FaultSetting } from './fault.ts';

interface Entry {
  readonly id: number;
  readonly fault: Fault;
  left: number;
}

export interface ListedFault {
  readonly id: number;
  readonly fault: Fault;
  /** Uses left; undefined for a permanent fault. */
  readonly times: number | undefined;
}

export class Faults {
  #entries: Entry[] = [];
  #nextId = 1;
  readonly #listeners: (() => void | Promise<void>)[] = [];
  readonly #refusal: (fault: Fault) => string | undefined;

  /** `refusal`: why this router cannot have a fault. */
  constructor(refusal: (fault: Fault) => string | undefined = () => undefined) {
    this.#refusal = refusal;
  }

  /** Switches a fault on; resolves to its id once the router has taken it up. Throws TypeError for a malformed one. */
  async set(setting: FaultSetting): Promise<number> {
    const { times, ...fault } = readFault(setting);
    const refusal = this.#refusal(fault as Fault);
    if (refusal !== undefined) throw new TypeError(`${fault.kind}: ${refusal}`);
    const id = this.#nextId++;
    this.#entries.push({ id, fault: fault as Fault, left: times ?? Infinity });
    await this.#changed();
    return id;
  }

  /** Switches one fault off, or all of them. */
  async clear(id?: number): Promise<void> {
    this.#entries = id === undefined ? [] : this.#entries.filter((entry) => entry.id !== id);
    await this.#changed();
  }

  list(): ListedFault[] {
    return this.#entries.map(({ id, fault, left }) => ({ id, fault, times: left === Infinity ? undefined : left }));
  }

  /** The first fault of this kind that fits, without using it up. */
  find<K extends FaultKind>(kind: K, fits: (fault: FaultOf<K>) => boolean = () => true): FaultOf<K> | undefined {
    return this.#entry(kind, fits)?.fault as FaultOf<K> | undefined;
  }

  /** The same, and counts one use. */
  take<K extends FaultKind>(kind: K, fits: (fault: FaultOf<K>) => boolean = () => true): FaultOf<K> | undefined {
    const entry = this.#entry(kind, fits);
    if (entry === undefined) return undefined;
    entry.left -= 1;
    if (entry.left <= 0) {
      this.#entries = this.#entries.filter((other) => other !== entry);
      void this.#changed();
    }
    return entry.fault as FaultOf<K>;
  }

  /** Those who must act when a fault comes or goes, not only when they are asked. */
  onChange(listener: () => void | Promise<void>): void {
    this.#listeners.push(listener);
  }

  async #changed(): Promise<void> {
    for (const listener of this.#listeners) await listener();
  }

  #entry<K extends FaultKind>(kind: K, fits: (fault: FaultOf<K>) => boolean): Entry | undefined {
    return this.#entries.find((entry) => entry.fault.kind === kind && entry.left > 0 && fits(entry.fault as FaultOf<K>));
  }
}
