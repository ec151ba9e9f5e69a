// What main.ts gives to the command line: everything of the process that commands may use.

import type { Clock } from '../clock.ts';

export interface World {
  readonly argv: readonly string[];
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Current folder. */
  readonly folder: string;
  readonly user: { readonly name: string; readonly home: string };
  readonly pid: number;
  /** Version and git id. */
  readonly version: string;
  readonly clock: Clock;
  readonly standardOutput: (text: string) => void;
  /** One line, without its line break. */
  readonly standardError: (line: string) => void;
}
