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
  /** Standard output is a terminal: it may have colours. */
  readonly outputIsTerminal?: boolean | undefined;
  /** File of the program that runs. */
  readonly artifact?: string | undefined;
  /** Writes its last argument to syslog where no inventory names another program; null: nothing does. */
  readonly syslog?: readonly string[] | null | undefined;
  /** Aborts, with a signal's name as reason, when the program is to come to an end. */
  readonly stopping?: AbortSignal;
  /** Standard error when it is a terminal that can be drawn on. */
  readonly terminal?: Terminal | undefined;
  readonly standardOutput: (text: string) => void;
  /** One line, without its line break. */
  readonly standardError: (line: string) => void;
}

export interface Terminal {
  /** Width and height in characters now; undefined or 0: the terminal does not say. */
  columns(): number | undefined;
  rows(): number | undefined;
  write(text: string): void;
}
