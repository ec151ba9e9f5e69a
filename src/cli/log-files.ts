// Where log lines go: standard error by verbosity; on-box a file (INFO and above) that is rotated at
// 10 MB with 5 kept; with --trace everything into trace.log. Writes are synchronous, because the process
// lives for seconds and its last line matters most. A log that cannot be written never stops a rotation.

import { appendFileSync, chmodSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { makeFolder } from '../atomic-file.ts';
import { LOG_LEVELS, type Log, type LogFields, type LogLevel } from '../log.ts';
import { oneLine } from '../errors.ts';

const MAX_BYTES = 10_000_000;
const KEPT = 5;

export interface LogPlan {
  /** 0 to 4: how many levels above ERROR reach standard error. */
  readonly verbosity: number;
  /** Folder of log files; undefined: no files. */
  readonly folder: string | undefined;
  readonly file: boolean;
  readonly trace: boolean;
  readonly now: () => number;
  readonly standardError: (line: string) => void;
}

/**
 * The run's log, and the same without standard error: for what is printed there in another form.
 */
export function openLog(plan: LogPlan): { log: Log; files: Log } {
  const files: Sink[] = [];
  if (plan.folder !== undefined && plan.file) files.push({ level: 'INFO', write: fileSink(join(plan.folder, 'qkd-macsec.log'), plan) });
  if (plan.folder !== undefined && plan.trace) files.push({ level: 'DEBUG', write: fileSink(join(plan.folder, 'trace.log'), plan) });
  const terminal: Sink = { level: LOG_LEVELS[Math.min(plan.verbosity, LOG_LEVELS.length - 1)] ?? 'ERROR', write: plan.standardError };
  return { log: logTo([terminal, ...files], plan.now), files: logTo(files, plan.now) };
}

interface Sink {
  /** The last level that is written. */
  readonly level: LogLevel;
  readonly write: (line: string) => void;
}

function logTo(sinks: readonly Sink[], now: () => number): Log {
  const last = Math.max(...sinks.map((sink) => LOG_LEVELS.indexOf(sink.level)));
  return {
    keeps: (level) => LOG_LEVELS.indexOf(level) <= last,
    write: (level, area, message, fields) => {
      const wanted = sinks.filter((sink) => LOG_LEVELS.indexOf(level) <= LOG_LEVELS.indexOf(sink.level));
      if (wanted.length === 0) return;
      const line = logLine(now(), level, { area, message, fields });
      for (const sink of wanted) sink.write(line);
    },
  };
}

/** `2026-11-22T10:00:00.000Z NOTICE  key installed link=mx1-mx2 device=mx1`, one line, no control characters. */
export function logLine(now: number, level: LogLevel, event: { area: string; message: string; fields?: LogFields | undefined }): string {
  const fields = Object.entries(event.fields ?? {})
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${key}=${quoted(String(value))}`)
    .join('');
  return `${new Date(now).toISOString()} ${level.padEnd(7)} ${event.area} ${oneLine(event.message, 500)}${fields}`;
}

function quoted(value: string): string {
  const flat = oneLine(value, 500);
  return /^[^\s"=]+$/.test(flat) ? flat : JSON.stringify(flat);
}

function fileSink(file: string, plan: LogPlan): (line: string) => void {
  let failed = false;
  return (line) => {
    try {
      rotate(file);
      appendFileSync(file, `${line}\n`, { mode: 0o600 });
    } catch (error) {
      if (!failed) plan.standardError(`log file ${file}: ${(error as Error).message}; going on without it`);
      failed = true;
    }
  };
}

/** Makes the folder and file at first use, and moves a full file to .1, .1 to .2, and so on. */
function rotate(file: string): void {
  const size = statSync(file, { throwIfNoEntry: false })?.size;
  if (size === undefined) {
    makeFolder(join(file, '..'), 0o700);
    appendFileSync(file, '', { mode: 0o600 });
    chmodSync(file, 0o600);
  }
  if (size === undefined || size < MAX_BYTES) return;
  for (let n = KEPT; n >= 1; n -= 1) {
    const from = n === 1 ? file : `${file}.${n - 1}`;
    if (statSync(from, { throwIfNoEntry: false }) !== undefined) renameSync(from, `${file}.${n}`);
  }
}
