// The watches of earlier runs: alarms.json in the home folder. Lost or damaged, the alarms that still hold are
// raised once more; nothing else depends on it.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeFileAtomically } from '../atomic-file.ts';
import { isJsonObject, parseJson } from '../json.ts';
import { ALARM_TAGS, type ConditionName } from '../rotation/conditions.ts';
import type { Watch } from '../rotation/alarms.ts';

const MAX_CHARACTERS = 4_000_000;

function alarmFile(home: string): string {
  return join(home, 'alarms.json');
}

/** The watches; none when there is no file that can be understood. */
export function readWatches(home: string): Watch[] {
  try {
    const text = readFileSync(alarmFile(home), 'utf8');
    const value = text.length > MAX_CHARACTERS ? undefined : parseJson(text);
    const list = isJsonObject(value) && value['version'] === 1 ? value['watches'] : undefined;
    return Array.isArray(list) ? list.flatMap((item) => (isJsonObject(item) ? watchOf(item) : [])) : [];
  } catch {
    return [];
  }
}

function watchOf(item: Readonly<Record<string, unknown>>): Watch[] {
  const { name, subject, about, text, since, raised } = item;
  const known = typeof name === 'string' && Object.hasOwn(ALARM_TAGS, name);
  if (!known || typeof subject !== 'string' || typeof about !== 'string' || typeof text !== 'string') return [];
  if (typeof since !== 'number' || typeof raised !== 'boolean') return [];
  return [{ name: name as ConditionName, subject, about, text, since, raised }];
}

/** Throws `file`. */
export function writeWatches(home: string, watches: readonly Watch[]): Promise<void> {
  return writeFileAtomically(alarmFile(home), `${JSON.stringify({ version: 1, watches })}\n`, 0o600);
}
