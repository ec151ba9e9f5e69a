// How many routers are talked to at once. A router holds a slot while an exchange with it is under way (a login, an
// RPC, a commit) and never between two, so that nobody waits for a slot while holding one: a link with more ends than
// there are slots goes on, and no two links can block each other. A router that does not answer within its patience
// gives its slot to others; it counts again once it has answered in time.

/** Milliseconds after which an exchange is overdue. A commit on a classic router takes many seconds in good health. */
export const PATIENCE = { rpc: 3_000, commit: 30_000 } as const;
export type Exchange = keyof typeof PATIENCE;

/** How a router's exchanges get their turn. */
export type Talk = <T>(exchange: Exchange, work: () => Promise<T>) => Promise<T>;

interface Lane {
  /** Exchanges under way, or waiting for the slot. */
  talking: number;
  /** Resolves when the slot is had; undefined: neither had nor asked for. */
  turn: Promise<void> | undefined;
  holds: boolean;
  overdue: boolean;
  patience: number;
  /** When the router was last known to answer; performance.now(). */
  since: number;
  timer: NodeJS.Timeout | undefined;
}

export class RouterSlots {
  readonly #limit: number;
  readonly #patience: Readonly<Record<Exchange, number>>;
  readonly #lanes = new Map<string, Lane>();
  readonly #queue: (() => void)[] = [];
  #held = 0;
  #onChange: () => void = () => undefined;

  constructor(limit: number, patience: Readonly<Record<Exchange, number>> = PATIENCE) {
    this.#limit = limit;
    this.#patience = patience;
  }

  /** Called whenever a router becomes overdue or answers again. */
  onChange(listener: () => void): void {
    this.#onChange = listener;
  }

  isOverdue(router: string): boolean {
    return this.#lanes.get(router)?.overdue === true;
  }

  /** `talk` of one router. */
  talkTo(router: string): Talk {
    return (exchange, work) => this.#talk(router, this.#patience[exchange], work);
  }

  /** Nothing more is to come from or to this router. */
  forget(router: string): void {
    const lane = this.#lanes.get(router);
    if (lane?.talking === 0) this.#lanes.delete(router);
  }

  async #talk<T>(router: string, patience: number, work: () => Promise<T>): Promise<T> {
    const lane = this.#lane(router);
    lane.talking += 1;
    try {
      if (!lane.overdue) await (lane.turn ??= this.#acquire(lane));
      this.#watch(lane, patience);
      return await work();
    } finally {
      lane.talking -= 1;
      this.#ended(lane);
    }
  }

  #lane(router: string): Lane {
    const found = this.#lanes.get(router);
    if (found !== undefined) return found;
    const lane: Lane = { talking: 0, turn: undefined, holds: false, overdue: false, patience: 0, since: 0, timer: undefined };
    this.#lanes.set(router, lane);
    return lane;
  }

  async #acquire(lane: Lane): Promise<void> {
    if (this.#held < this.#limit) this.#held += 1;
    else await new Promise<void>((resolve) => this.#queue.push(resolve));
    lane.holds = true;
  }

  /** A slot that is given back goes to the first who waits. */
  #release(lane: Lane): void {
    lane.turn = undefined;
    if (!lane.holds) return;
    lane.holds = false;
    const next = this.#queue.shift();
    if (next === undefined) this.#held -= 1;
    else next();
  }

  /** Exchanges of one router queue behind each other: what counts is the time since it last answered any of them. */
  #watch(lane: Lane, patience: number): void {
    if (lane.timer === undefined) lane.since = performance.now();
    else if (patience <= lane.patience) return;
    lane.patience = Math.max(lane.patience, patience);
    this.#setTimer(lane);
  }

  #setTimer(lane: Lane): void {
    clearTimeout(lane.timer);
    lane.timer = setTimeout(() => {
      if (lane.overdue) return;
      lane.overdue = true;
      this.#release(lane);
      this.#onChange();
    }, lane.since + lane.patience - performance.now());
  }

  #ended(lane: Lane): void {
    const inTime = lane.timer === undefined || performance.now() - lane.since <= lane.patience;
    if (inTime && lane.overdue) {
      lane.overdue = false;
      this.#onChange();
    }
    lane.since = performance.now();
    if (lane.talking > 0) {
      this.#setTimer(lane);
      return;
    }
    clearTimeout(lane.timer);
    lane.timer = undefined;
    lane.patience = 0;
    this.#release(lane);
  }
}
