// The bench's table: one row for each key on each link, with the moments that matter to an operator, in UTC.

import type { KeyTimes } from './key-watch.ts';

const HEADINGS = ['key', 'link', 'key_ID', 'CKN', 'master', 'slave', 'confirmed', 'starts', 'in use', 'gap'] as const;
const WIDTHS = [8, 10, 38, 18, 10, 10, 11, 10, 10, 6] as const;

export interface TableRow extends KeyTimes {
  /** `first`, a number, or `moved`. */
  readonly key: string;
  readonly link: string;
  readonly keyId: string | undefined;
  readonly ckn: string | undefined;
  /** Method key-chain: when the master published that all ends have the key. */
  readonly confirmed?: number | undefined;
  /** Method key-chain: the start time. */
  readonly starts?: number | undefined;
  /** Milliseconds in which the ends had different primary keys. */
  readonly gap: number;
}

/** What the columns are called. */
export function tableHead(): string {
  return line(HEADINGS);
}

/** What did not happen, or does not exist with the method, is `-`. */
export function tableRow(row: TableRow): string {
  const times = [row.master, row.slave, row.confirmed, row.starts, row.inUse].map(timeOfDay);
  const ckn = row.ckn === undefined ? '-' : `${row.ckn.slice(0, 4)}...${row.ckn.slice(-8)}`;
  return line([row.key, row.link, row.keyId ?? '-', ckn, ...times, `${(row.gap / 1000).toFixed(1)} s`]);
}

/** What the columns mean. */
export const LEGEND = `master, slave: when it was committed there (moved: when that end moved to the key chain); of several slaves the last
confirmed: when the master published that all ends have it; starts: its start time; in use: since when all ends use it; all in UTC
gap: for how long the ends' own keys differed; with pre-shared-key the preceding key carries the link meanwhile
`;

function timeOfDay(at: number | undefined): string {
  return at === undefined ? '-' : new Date(at).toISOString().slice(11, 19);
}

/** A name longer than its column still ends before the next cell. */
function line(cells: readonly string[]): string {
  return cells.map((cell, column) => `${cell.padEnd((WIDTHS[column] ?? 0) - 1)} `).join('').trimEnd();
}
