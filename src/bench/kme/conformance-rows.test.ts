// Every row of the conformance table for ETSI GS QKD 014 has a test that names it: C01 to C63 the client, K01 to K26 the
// bench's KMEs, E01 to E12 the whole, from end to end. Numbers that are missing here are not in the table.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

const rows = (letter: string, first: number, last: number): string[] => Array.from({ length: last - first + 1 }, (_, n) => `${letter}${String(first + n).padStart(2, '0')}`);
const ROWS = [...rows('C', 1, 15), ...rows('C', 20, 63), ...rows('K', 1, 26), ...rows('E', 1, 12)];

/** The row ids with which names of tests begin: in the text of each file, quoted texts of that form. */
function named(): Set<string> {
  const files = ['src', 'scripts'].flatMap((folder) => readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }).map((file) => join(ROOT, folder, file)));
  const texts = files.filter((file) => file.endsWith('.test.ts')).map((file) => readFileSync(file, 'utf8').replace(/^\s*\/\/.*$/gm, ''));
  return new Set(texts.flatMap((text) => [...text.matchAll(/(?<=['"`])(?:[CKE]\d\d )+/g)].flatMap(([ids]) => ids.trim().split(' '))));
}

test('every row of the table is named by a test', () => {
  const found = named();
  expect(ROWS).toHaveLength(97);
  expect(ROWS.filter((row) => !found.has(row))).toEqual([]);
});
