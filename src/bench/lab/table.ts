// The bench's table: one row for each key on each link, with the moments that matter to an operator, in UTC.

import type { KeyTimes } from './key-watch.ts';

const HEADINGS = ['key', 'link', 'key_ID', 'CKN', 'master', 'slave', 'confirmed', 'known', 'T', 'in use', 'mismatch'] as const;
const WIDTHS = [7, 9, 38, 18, 10, 10, 11, 10, 10, 10, 8] as const;

export interface TableRow extends KeyTimes {
  /** `first`, a number, or `moved`. */
  readonly key: string;
  readonly link: string;
  readonly keyId: string | undefined;
  readonly ckn: string | undefined;
  /** Method key-chain: when the master published that all ends have the key. */
  readonly confirmed?: number | undefined;
  /** Method key-chain: when the last slave published that it knows that. */
  readonly known?: number | undefined;
  /** Method key-chain: the start time. */
  readonly starts?: number | undefined;
  /** Milliseconds in which the ends had different primary keys. */
  readonly mismatch: number;
}

/** What the columns are called. */
export function tableHead(): string {
  return tableLine(HEADINGS, WIDTHS);
}

/** What did not happen, or does not exist with the method, is `-`. */
export function tableRow(row: TableRow): string {
  const times = [row.master, row.slave, row.confirmed, row.known, row.starts, row.inUse].map(timeOfDay);
  const ckn = row.ckn === undefined ? '-' : `${row.ckn.slice(0, 4)}...${row.ckn.slice(-8)}`;
  return tableLine([row.key, row.link, row.keyId ?? '-', ckn, ...times, seconds(row.mismatch)], WIDTHS);
}

/** What the columns mean. */
export const LEGEND = `master, slave: when it was installed there (moved: when that end moved to the key chain); of several slaves the last
confirmed: when the master published that all ends have it; known: when the slave published that it knows; T: its start time
in use: since when MKA uses it at all ends; mismatch: for how long the ends' own keys differed (with pre-shared-key the
preceding key carries the link meanwhile); times in UTC
`;

/** Milliseconds as `0.4 s`. */
export function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}

/** A name longer than its column still ends before the next cell. */
export function tableLine(cells: readonly string[], widths: readonly number[]): string {
  return cells.map((cell, column) => `${cell.padEnd((widths[column] ?? 0) - 1)} `).join('').trimEnd();
}

function timeOfDay(at: number | undefined): string {
  return at === undefined ? '-' : new Date(at).toISOString().slice(11, 19);
}
