// What a run prints on standard output: a table for people or one JSON document for machines (design
// section 6). Errors go to standard error, one line each with a hint.

import type { QkdError } from '../errors.ts';
import type { LinkReport } from '../workflow/report.ts';
import type { CertificateOutcome } from './certificates-when-due.ts';
import { inColumns } from './columns.ts';

export interface RunResult {
  /** This and `mode` are undefined when the command line could not be understood. */
  readonly command: string | undefined;
  readonly mode: 'onbox' | 'offbox' | undefined;
  /** Milliseconds since 1970 UTC. */
  readonly startedAt: number;
  readonly finishedAt: number;
  readonly links: readonly LinkReport[];
  /** The certificate step of `run`, by device; undefined: the command has none. */
  readonly certificates?: readonly CertificateOutcome[] | undefined;
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
    ...(report.seconds === undefined ? {} : { seconds: report.seconds }),
    ...(report.drawn === undefined ? {} : { drawn: report.drawn }),
    ...(report.difference === undefined ? {} : { difference: report.difference }),
    error: report.error === undefined ? null : errorMembers(report.error),
  }));
  const { command = null, mode = null } = result;
  const error = result.error === undefined ? {} : { error: errorMembers(result.error) };
  const certificates = result.certificates === undefined ? {} : { certificates: result.certificates.map(certificateMembers) };
  return `${JSON.stringify({ command, mode, started_at: utc(result.startedAt), finished_at: utc(result.finishedAt), links, ...certificates, ...error })}\n`;
}

function certificateMembers({ device, verdict, action, error }: CertificateOutcome): object {
  return { device, verdict: verdict ?? null, action, error: error === undefined ? null : errorMembers(error) };
}

function errorMembers(error: QkdError): object {
  return { code: error.code, message: error.message, hint: error.hint ?? null };
}

/** On-box one row for each link and what happened; off-box the ends of all links, and totals. Then what --dry-run would change. */
export function table(result: RunResult): string {
  const differences = result.links.filter((r) => r.difference).map((r) => `\n${r.device} ${r.link}:\n${r.difference?.trimEnd()}`);
  const rows = result.mode === 'offbox' ? fleetRows(result) : ownRows(result);
  return `${[...rows, ...differences].join('\n')}\n`;
}

function ownRows({ links }: RunResult): string[] {
  const head = ['link', 'device', 'role', 'outcome', 'key_ID', 'MKA', 'what happened'];
  return inColumns([head, ...links.map((r) => [r.link, r.device, r.role, r.outcome, r.keyId ?? '-', r.mka ?? '-', r.error?.message ?? r.reason])]);
}

/** A failure's text stands on standard error, with its hint. */
function fleetRows(result: RunResult): string[] {
  const head = ['device', 'link', 'role', 'outcome', 'key_ID', 'next start', 'seconds', 'what happened'];
  const rows = result.links.map((r) => [r.device, r.link, r.role, r.outcome, r.keyId ?? '-', toTheSecond(r.startTime), r.seconds?.toFixed(1) ?? '-', r.error?.code ?? r.reason]);
  return [...inColumns([head, ...rows]), '', totals(result)];
}

/** `2 links, 4 ends: 2 rotated, 1 confirmed, 1 failed; 3.1 s` */
function totals({ links, startedAt, finishedAt }: RunResult): string {
  const counts = new Map<string, number>();
  for (const { outcome } of links) counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
  const outcomes = [...counts].map(([outcome, count]) => `${count} ${outcome}`).join(', ');
  const seconds = ((finishedAt - startedAt) / 1000).toFixed(1);
  return `${counted(new Set(links.map(({ link }) => link)).size, 'link')}, ${counted(links.length, 'end')}${outcomes === '' ? '' : `: ${outcomes}`}; ${seconds} s`;
}

function counted(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`;
}

/** To the second, in UTC; the document has milliseconds. */
function toTheSecond(time: string | undefined): string {
  return time === undefined ? '-' : `${time.slice(0, 19)}Z`;
}

/** What failed, once where several links of a device failed alike: where, and the error. */
export function failures(links: readonly LinkReport[]): { where: string; error: QkdError }[] {
  const groups = new Map<string, { links: string[]; device: string; error: QkdError }>();
  for (const { link, device, error } of links) {
    if (error === undefined) continue;
    const key = `${device}\n${error.message}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { links: [link], device, error });
    else group.links.push(link);
  }
  return [...groups.values()].map(({ links: [first = '', ...more], device, error }) => ({ where: `${first}${more.length === 0 ? '' : ` and ${more.length} more`} on ${device}`, error }));
}

/** Milliseconds since 1970 UTC to "2026-11-22T16:00:00.000Z". */
export function utc(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
