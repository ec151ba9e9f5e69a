// Log levels and the Log port that every layer writes to. One line an event: area, message, key=value
// fields. Only plain values go in: callers name what may be said, and a Secret prints as [secret].
// Where lines end up (stderr, rotating file, trace file) is cli/log-files.ts.

/** The original system's levels, quietest first; `-v` raises the level one step each. */
export const LOG_LEVELS = ['ERROR', 'WARNING', 'NOTICE', 'INFO', 'DEBUG'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>;

export interface Log {
  /** Writes one event; never throws. */
  write(level: LogLevel, area: string, message: string, fields?: LogFields): void;
  /** False: an event of this level goes nowhere, and what it would say need not be made. */
  keeps?(level: LogLevel): boolean;
}

/** A log that keeps nothing. */
export const noLog: Log = { write: () => undefined, keeps: () => false };
