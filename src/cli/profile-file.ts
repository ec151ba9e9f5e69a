// What becomes of a run's spans (src/profile.ts): --profile writes each as one JSON object a line, -v prints what
// they add up to.

import { closeSync, constants, openSync } from 'node:fs';
import { fileError } from '../atomic-file.ts';
import type { Span, SpanListener } from '../profile.ts';
import { inColumns } from './columns.ts';
import { writtenTo } from './standard-output.ts';

/** A pipe that nobody reads is refused: to wait for its reader would keep the run from its work, and from any signal. */
const REPLACE = constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC | constants.O_NONBLOCK;

/** Bytes that are collected before they are written. */
const CHUNK = 65_536;

export interface ProfileFile extends SpanListener {
  /** Writes the rest. Throws `file`, also for a line that could not be written before. */
  close(): void;
}

/** Replaces the file. Throws `file` when it cannot be written. */
export function profileFile(path: string): ProfileFile {
  let file: number;
  try {
    file = openSync(path, REPLACE, 0o600);
  } catch (error) {
    throw fileError('write profile', path, error);
  }
  let text = '';
  let failure: NodeJS.ErrnoException | undefined;
  const write = (): void => {
    failure ??= writtenTo(text, file);
    text = '';
  };
  return {
    ended: ({ name, device = null, link = null, start, ms }) => {
      text += `${JSON.stringify({ name, device, link, start: new Date(start).toISOString(), ms: rounded(ms) })}\n`;
      if (text.length > CHUNK) write();
    },
    close: () => {
      write();
      closeSync(file);
      if (failure !== undefined) throw fileError('write profile', path, failure);
    },
  };
}

interface Sum {
  count: number;
  ms: number;
  longest: Span;
}

/** Adds spans up by name. */
export class TimeTable implements SpanListener {
  readonly #sums = new Map<string, Sum>();

  ended(span: Span): void {
    const sum = this.#sums.get(span.name);
    if (sum === undefined) {
      this.#sums.set(span.name, { count: 1, ms: span.ms, longest: span });
      return;
    }
    sum.count += 1;
    sum.ms += span.ms;
    if (span.ms > sum.longest.ms) sum.longest = span;
  }

  /** One line for each name, the longest sum first. Spans of the same name may lie at the same time. */
  lines(): string[] {
    const head = ['time', 'spans', 'seconds', 'mean ms', 'longest ms', 'where'];
    const sums = [...this.#sums].sort(([, a], [, b]) => b.ms - a.ms);
    const rows = sums.map(([name, { count, ms, longest }]) => [name, String(count), (ms / 1000).toFixed(2), (ms / count).toFixed(1), longest.ms.toFixed(1), [longest.device, longest.link].filter(Boolean).join(' ')]);
    return inColumns([head, ...rows], [1, 2, 3, 4]);
  }
}

function rounded(ms: number): number {
  return Math.round(ms * 100) / 100;
}
