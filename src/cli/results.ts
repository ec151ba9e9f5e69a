// What a run prints on standard output: a table for people or one JSON document for machines (design
// section 6). Errors go to standard error, one line each with a hint.

import type { QkdError } from '../errors.ts';
import type { LinkReport } from '../workflow/report.ts';

export interface RunResult {
  /** This and `mode` are undefined when the command line could not be understood. */
  readonly command: string | undefined;
  readonly mode: 'onbox' | 'offbox' | undefined;
  /** Milliseconds since 1970 UTC. */
  readonly startedAt: number;
  readonly finishedAt: number;
  readonly links: readonly LinkReport[];
  /** What kept the run from working on any link. */
  readonly error?: QkdError | undefined;
}

/** The JSON document of --json, one line. */
export function jsonDocument(result: RunResult): string {
  const links = result.links.map((report) => ({
    link: report.link,
    device: report.device,
    role: report.role,
    outcome: report.outcome,
    reason: report.reason,
    key_id: report.keyId ?? null,
    ckn: report.ckn ?? null,
    start_time: report.startTime ?? null,
    mka: report.mka ?? null,
    ...(report.difference === undefined ? {} : { difference: report.difference }),
    error: report.error === undefined ? null : errorMembers(report.error),
  }));
  const { command = null, mode = null } = result;
  const error = result.error === undefined ? {} : { error: errorMembers(result.error) };
  return `${JSON.stringify({ command, mode, started_at: utc(result.startedAt), finished_at: utc(result.finishedAt), links, ...error })}\n`;
}

function errorMembers(error: QkdError): object {
  return { code: error.code, message: error.message, hint: error.hint ?? null };
}

/** One row per link and device, then what --dry-run would change. */
export function table(result: RunResult): string {
  const head = ['link', 'device', 'role', 'outcome', 'key_ID', 'MKA', 'what happened'];
  const rows = result.links.map((r) => [r.link, r.device, r.role, r.outcome, r.keyId ?? '-', r.mka ?? '-', r.error?.message ?? r.reason]);
  const widths = head.map((_, column) => Math.max(...[head, ...rows].map((row) => (row[column] ?? '').length)));
  const lines = [head, ...rows].map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ').trimEnd());
  const differences = result.links.filter((r) => r.difference).map((r) => `\n${r.device} ${r.link}:\n${r.difference?.trimEnd()}`);
  return `${[...lines, ...differences].join('\n')}\n`;
}

function utc(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
