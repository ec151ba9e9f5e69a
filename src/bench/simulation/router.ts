// A simulated router: its clock, its configuration of the link, its disk. What it does with them is Junos's
// rule and nothing more: the key with the latest start time that has passed is the primary one.

import type { Method } from '../../inventory/inventory.ts';
import type { ChainKey, RecordView } from '../../rotation/observation.ts';

export interface ConfiguredKey {
  readonly keyId: string;
  readonly startTime: number;
}

/** The link in the router's record, and the method that it says it is on. */
export interface PublishedRecord extends RecordView {
  readonly method: Method;
}

/** An operator's own key: nothing tells its key_ID. */
export function isForeign(keyId: string): boolean {
  return keyId.startsWith('foreign');
}

export interface RouterClock {
  readonly ahead: number;
  readonly drift: number;
}

export class Router {
  readonly index: number;
  readonly name: string;
  readonly #slots = new Map<number, ConfiguredKey>();
  #chain: readonly ChainKey[] | undefined;
  /** Bound instead of the chain. */
  preSharedKey: string | undefined;
  /** The pre-shared-key before it: Junos keeps one, until all peers are live on the present one. */
  preceding: string | undefined;
  record: PublishedRecord | undefined;
  /** A copy of the record, minutes to hours old. */
  oldRecord: PublishedRecord | undefined;
  /** True time of the last commit. */
  changedAt = 0;
  /** A run holds the lock. */
  running = false;
  /** It is one that an unknown CKN has started. */
  repairing = false;
  /** The run that holds it was started by a forged CKN, and has given up no shared key for it yet. */
  mayBeMisled = false;
  /** CKNs on which the last look of a run has shown every other end live. */
  sawLive: readonly string[] = [];
  readonly #clock: RouterClock;
  readonly #epoch: number;

  constructor(index: number, clock: RouterClock, epoch: number) {
    this.index = index;
    this.name = index === 0 ? 'master' : `slave${index}`;
    this.#clock = clock;
    this.#epoch = epoch;
  }

  /** The slots as they are; `put` and `clear` change them. */
  get slots(): ReadonlyMap<number, ConfiguredKey> {
    return this.#slots;
  }

  put(slot: number, key: ConfiguredKey): void {
    this.#slots.set(slot, key);
    this.#chain = undefined;
  }

  clear(slot: number): void {
    this.#slots.delete(slot);
    this.#chain = undefined;
  }

  /** What this router's clock shows at a moment of true time. */
  local(moment: number): number {
    return moment + this.#clock.ahead + this.#clock.drift * (moment - this.#epoch);
  }

  /** When this router's clock shows `local`. */
  trueTime(local: number): number {
    return (local - this.#clock.ahead + this.#clock.drift * this.#epoch) / (1 + this.#clock.drift);
  }

  /** The key that MKA uses first. */
  primary(moment: number): string | undefined {
    if (this.preSharedKey !== undefined) return this.preSharedKey;
    const now = this.local(moment);
    let newest: ConfiguredKey | undefined;
    for (const key of this.slots.values()) {
      if (key.startTime <= now && (newest === undefined || key.startTime > newest.startTime)) newest = key;
    }
    return newest?.keyId;
  }

  /** True when MKA could use this key: it is configured and its start time has passed. */
  hasStarted(keyId: string, moment: number): boolean {
    if (this.preSharedKey !== undefined) return this.preSharedKey === keyId || this.preceding === keyId;
    const now = this.local(moment);
    for (const key of this.slots.values()) if (key.keyId === keyId && key.startTime <= now) return true;
    return false;
  }

  holds(keyId: string): boolean {
    if (this.preSharedKey === keyId) return true;
    for (const key of this.slots.values()) if (key.keyId === keyId) return true;
    return false;
  }

  /** As the planner sees it; the same array until the next commit, for runs look at it far more often. */
  chain(): readonly ChainKey[] {
    this.#chain ??= [...this.#slots].map(([slot, { keyId, startTime }]) => ({ slot, ckn: keyId, keyId: isForeign(keyId) ? undefined : keyId, startTime, inactive: false })).sort((a, b) => a.startTime - b.startTime);
    return this.#chain;
  }
}
