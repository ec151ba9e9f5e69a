// What the last run did, for status: last-run.json in the home folder, one entry for each link end, written when
// a run is over. It holds nothing that is not in the run's own output, and losing it changes nothing else.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeFileAtomically } from '../atomic-file.ts';
import type { QkdError } from '../errors.ts';
import { type JsonObject, isJsonObject, parseJson } from '../json.ts';
import type { LinkReport } from '../workflow/report.ts';

const MAX_CHARACTERS = 16_000_000;

export interface RunError {
  readonly code: string;
  readonly message: string;
  readonly hint: string | null;
}

export interface LastEndRun {
  readonly link: string;
  readonly device: string;
  /** UTC, ISO 8601: when the run was over. */
  readonly at: string;
  readonly command: string;
  readonly outcome: string;
  readonly reason: string;
  readonly error: RunError | null;
}

export interface LastRun {
  readonly at: string;
  readonly command: string;
  /** What kept the run from working on any link. */
  readonly error: RunError | null;
  readonly ends: readonly LastEndRun[];
}

function lastRunFile(home: string): string {
  return join(home, 'last-run.json');
}

/** Undefined when no run has been, or its file cannot be understood. */
export function readLastRun(home: string): LastRun | undefined {
  try {
    const text = readFileSync(lastRunFile(home), 'utf8');
    const value = text.length > MAX_CHARACTERS ? undefined : parseJson(text);
    if (!isJsonObject(value) || value['version'] !== 1) return undefined;
    const { at, command, ends } = value;
    if (typeof at !== 'string' || typeof command !== 'string' || !Array.isArray(ends)) return undefined;
    return { at, command, error: errorOf(value['error']), ends: ends.flatMap((item) => (isJsonObject(item) ? endOf(item) : [])) };
  } catch {
    return undefined;
  }
}

function endOf(item: JsonObject): LastEndRun[] {
  const { link, device, at, command, outcome, reason } = item;
  if (typeof link !== 'string' || typeof device !== 'string' || typeof at !== 'string') return [];
  if (typeof command !== 'string' || typeof outcome !== 'string' || typeof reason !== 'string') return [];
  return [{ link, device, at, command, outcome, reason, error: errorOf(item['error']) }];
}

function errorOf(value: JsonObject[string] | undefined): RunError | null {
  if (!isJsonObject(value)) return null;
  const { code, message, hint } = value;
  return typeof code === 'string' && typeof message === 'string' ? { code, message, hint: typeof hint === 'string' ? hint : null } : null;
}

/**
 * Keeps the run's reports beside what earlier runs left of other link ends; `known` says which ends the inventory still has.
 * Throws `file`.
 */
export async function writeLastRun(home: string, run: { at: number; command: string; links: readonly LinkReport[]; error?: QkdError | undefined; known: (link: string, device: string) => boolean }): Promise<void> {
  const at = new Date(run.at).toISOString();
  const ends = run.links.map(({ link, device, outcome, reason, error }) => ({ link, device, at, command: run.command, outcome, reason, error: errorMembers(error) }));
  const mine = new Set(ends.map(({ link, device }) => `${link}\0${device}`));
  const others = (readLastRun(home)?.ends ?? []).filter(({ link, device }) => !mine.has(`${link}\0${device}`) && run.known(link, device));
  const content = { version: 1, at, command: run.command, error: errorMembers(run.error), ends: [...others, ...ends] };
  await writeFileAtomically(lastRunFile(home), `${JSON.stringify(content)}\n`, 0o600);
}

function errorMembers(error: QkdError | undefined): RunError | null {
  return error === undefined ? null : { code: error.code, message: error.message, hint: error.hint ?? null };
}
