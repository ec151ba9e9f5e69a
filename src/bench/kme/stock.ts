// How many keys a group of bench KMEs has in stock: QKD makes them at a steady rate up to a capacity, drawing takes
// them away. Pure; the stores keep the numbers.

/** Keys per second that QKD makes, and how many the KMEs can hold. */
export interface StockSetup {
  /** Keys at the start; undefined: without end. */
  readonly stock?: number;
  readonly fillRate?: number;
  readonly capacity?: number;
}

export interface Stock {
  /** May have a fraction; Infinity: without end. */
  readonly left: number;
  /** When `left` was true, milliseconds since 1970. */
  readonly since: number;
  readonly fillRate: number;
  readonly capacity: number;
}

export const CAPACITY = 100_000;

export function stockOf({ stock = Number.POSITIVE_INFINITY, fillRate = 0, capacity = CAPACITY }: StockSetup, now: number): Stock {
  return { left: Number.isFinite(stock) ? Math.min(stock, capacity) : stock, since: now, fillRate, capacity };
}

/** The stock at a later time; without QKD nothing comes in. */
export function stockAt(stock: Stock, now: number, hasQkd: boolean): Stock {
  const made = hasQkd ? (Math.max(0, now - stock.since) / 1000) * stock.fillRate : 0;
  return { ...stock, since: now, left: Number.isFinite(stock.left) ? Math.min(stock.capacity, stock.left + made) : stock.left };
}

/** What is left after `number` keys were drawn; undefined when there are not so many. */
export function drawnFrom(stock: Stock, number: number): Stock | undefined {
  return number > Math.floor(stock.left) ? undefined : { ...stock, left: stock.left - number };
}
