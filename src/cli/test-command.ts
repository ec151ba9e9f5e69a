// For tests: one command of the program in this process, with what it prints.

import { setTimeout as sleep } from 'node:timers/promises';
import { commandLine } from './command-line.ts';
import type { World } from './world.ts';

export interface Printed {
  readonly status: number;
  /** All of standard output. */
  readonly output: string;
  /** Lines of standard error. */
  readonly errors: readonly string[];
}

/** As user qkd with `folder` for a home, by the real clock unless told otherwise. */
export async function command(given: Pick<World, 'argv' | 'folder'> & Partial<Omit<World, 'standardOutput' | 'standardError'>>): Promise<Printed> {
  const [output, errors]: [string[], string[]] = [[], []];
  const status = await commandLine({
    environment: {},
    user: { name: 'qkd', home: given.folder },
    pid: process.pid,
    version: '0.0.0 test',
    syslog: null,
    clock: { now: () => Date.now(), sleep: async (ms, signal) => void (await sleep(Math.max(0, ms), undefined, signal ? { signal } : {})) },
    ...given,
    standardOutput: (text) => output.push(text),
    standardError: (line) => errors.push(line),
  });
  return { status, output: output.join(''), errors };
}
