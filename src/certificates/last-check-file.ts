// What is remembered of a device's last certificate check: one small JSON file a device, so that several processes
// need not share one. Lost or damaged it costs one extra check and nothing else.

import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { makeFolder, writeFileAtomically } from '../atomic-file.ts';
import { isJsonObject, parseJson } from '../json.ts';
import type { LastCheck } from './schedule.ts';

/** `<home>/certificate-checks/<device>.json` */
export function lastCheckFile(home: string, device: string): string {
  return join(home, 'certificate-checks', `${device}.json`);
}

/** The last check, or undefined for whatever cannot be understood. Never throws. */
export async function readLastCheck(file: string): Promise<LastCheck | undefined> {
  try {
    return parseLastCheck(await readFile(file, 'utf8'));
  } catch {
    return undefined;
  }
}

/** `{"checked_at": "<UTC>", "succeeded": true}`, exactly; undefined for anything else. */
export function parseLastCheck(text: string): LastCheck | undefined {
  if (text.length > 1024) return undefined;
  try {
    const value = parseJson(text);
    if (!isJsonObject(value) || Object.keys(value).length !== 2) return undefined;
    const { checked_at: checkedAt, succeeded } = value;
    if (typeof checkedAt !== 'string' || typeof succeeded !== 'boolean' || !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{3})?Z$/.test(checkedAt)) return undefined;
    const at = Date.parse(checkedAt);
    return Number.isNaN(at) ? undefined : { at, succeeded };
  } catch {
    return undefined;
  }
}

/** Replaces the file; makes its folder. Throws `file`. */
export async function writeLastCheck(file: string, { at, succeeded }: LastCheck): Promise<void> {
  makeFolder(dirname(file), 0o700);
  await writeFileAtomically(file, `${JSON.stringify({ checked_at: new Date(at).toISOString(), succeeded })}\n`);
}
