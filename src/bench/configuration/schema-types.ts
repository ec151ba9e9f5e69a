// Value types and small blocks that several schema files share (YANG: junos-common-types).

import { flag, leaf, list } from './statement.ts';
import type { Block, Shape } from './statement.ts';
import type { ValueType } from './value-types.ts';

export const TEXT: ValueType = { is: 'string', min: 1, max: 4096 };
export const NAME: ValueType = { is: 'string', min: 1, max: 254 };
export const ADDRESS: ValueType = { is: 'address' };
export const PREFIX: ValueType = { is: 'prefix', bare: true };
export const SECRET: ValueType = { is: 'secret', max: 126 };
export const HASH: ValueType = { is: 'hash' };
export const START_TIME: ValueType = { is: 'start-time' };

export function text(min: number, max: number): ValueType {
  return { is: 'string', min, max };
}

export function integer(min: number, max: number): ValueType {
  return { is: 'integer', min, max };
}

export function choice(...of: string[]): ValueType {
  return { is: 'choice', of };
}

/** `flag a; flag b;`: statements without a value. */
export function flags(...names: string[]): Block {
  return Object.fromEntries(names.map((name) => [name, flag]));
}

/** traceoptions with the trace flags of one daemon. */
export function traceoptions(...traceFlags: string[]): Shape {
  return {
    kind: 'container',
    presence: true,
    children: {
      'no-remote-trace': flag,
      file: {
        kind: 'container',
        oneLine: true,
        children: {
          filename: leaf(text(1, 1024), { elided: true }),
          size: leaf(TEXT),
          files: leaf(integer(2, 1000)),
          ...flags('world-readable', 'no-world-readable'),
          match: leaf(TEXT),
        },
      },
      level: leaf(choice('error', 'warning', 'notice', 'info', 'verbose', 'all')),
      flag: list(choice(...traceFlags, 'all'), flags('detail', 'disable', 'send', 'receive')),
    },
  };
}
