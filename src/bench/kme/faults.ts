// The faults of one bench KME that are in force, chosen while it runs: for one request, for some, or until they are
// cleared. A fault that spoils the answer does so after the keys are used up, as a real fault would. Which faults there
// are is fault-kinds.ts.

import type { KmeCall } from './key-request.ts';
import { type ConnectionFault, type Fault, type FaultKind, isOfConnection } from './fault-kinds.ts';
import type { ProfileName } from './profiles.ts';

export { KME_FAULTS } from './fault-kinds.ts';
export type { Fault, FaultKind } from './fault-kinds.ts';

interface Armed {
  readonly id: number;
  readonly fault: FaultKind & { readonly call?: KmeCall };
  left: number;
}

export class Faults {
  #armed: Armed[] = [];
  #connection: { readonly id: number; readonly fault: ConnectionFault }[] = [];
  #nextId = 1;
  readonly #onConnectionChange: () => void | Promise<void>;

  /** `onConnectionChange` brings about what faults of connections and keys say. */
  constructor(onConnectionChange: () => void | Promise<void>) {
    this.#onConnectionChange = onConnectionChange;
  }

  /** Replaces every fault. The first that fits a request is taken. */
  set(...faults: Fault[]): void {
    this.#armed = [];
    this.#connection = [];
    for (const fault of faults) this.#add(fault);
    void this.#onConnectionChange();
  }

  /** One more fault; resolves to its id when it is in force. */
  async add(fault: Fault): Promise<number> {
    const id = this.#add(fault);
    try {
      await this.#onConnectionChange();
    } catch (error) {
      this.#remove(id);
      throw error;
    }
    return id;
  }

  /** Switches one fault off, or all of them; resolves when that is so. */
  async clear(id?: number): Promise<void> {
    this.#remove(id);
    await this.#onConnectionChange();
  }

  list(): { readonly id: number; readonly fault: object; readonly times: number | undefined }[] {
    const armed = this.#armed.filter(({ left }) => left > 0).map(({ id, fault, left }) => ({ id, fault: bare(fault), times: Number.isFinite(left) ? left : undefined }));
    return [...armed, ...this.#connection.map(({ id, fault }) => ({ id, fault, times: undefined }))];
  }

  /** The fault for this request, which counts as used. */
  take(call: KmeCall): FaultKind | undefined {
    const armed = this.#armed.find(({ fault, left }) => left > 0 && (fault.call === undefined || fault.call === call));
    if (armed !== undefined) armed.left -= 1;
    return armed?.fault;
  }

  /** The profile that the KME has taken on for good. */
  standingProfile(): ProfileName | undefined {
    const standing = this.#armed.find(({ fault, left }) => fault.fault === 'profile' && left === Number.POSITIVE_INFINITY && fault.call === undefined)?.fault;
    return standing?.fault === 'profile' ? standing.name : undefined;
  }

  has(fault: ConnectionFault['fault']): boolean {
    return this.find(fault) !== undefined;
  }

  /** The newest of that kind. */
  find<K extends ConnectionFault['fault']>(kind: K): Extract<ConnectionFault, { fault: K }> | undefined {
    return this.#connection.findLast(({ fault }) => fault.fault === kind)?.fault as Extract<ConnectionFault, { fault: K }> | undefined;
  }

  #add(fault: Fault): number {
    const id = this.#nextId++;
    if (isOfConnection(fault)) this.#connection.push({ id, fault });
    else this.#armed.push({ id, fault, left: fault.times === 'always' ? Number.POSITIVE_INFINITY : (fault.times ?? 1) });
    return id;
  }

  #remove(id: number | undefined): void {
    this.#armed = this.#armed.filter((one) => id !== undefined && one.id !== id);
    this.#connection = this.#connection.filter((one) => id !== undefined && one.id !== id);
  }
}

function bare(fault: object): object {
  const { times: _, ...rest } = fault as { times?: unknown };
  return rest;
}
