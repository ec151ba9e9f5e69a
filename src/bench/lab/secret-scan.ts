// Looks for key bytes where none may be: every file below some folders, and any captured output, is
// searched for each key raw, in hex (either case) and in base64 (its part that does not depend on what
// stands before it).

import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Names of files or texts that hold a key; empty when clean. */
export function keysFoundIn(folders: readonly string[], texts: ReadonlyMap<string, string>, keys: readonly Buffer[]): string[] {
  const needles = keys.flatMap(spellings);
  const holds = (content: Buffer): boolean => needles.some((needle) => content.includes(needle));
  const files = folders.flatMap(filesBelow).filter((file) => holds(readFileSync(file)));
  return [...files, ...[...texts].filter(([, text]) => holds(Buffer.from(text))).map(([name]) => name)];
}

function spellings(key: Buffer): Buffer[] {
  const hex = key.toString('hex');
  const base64 = [0, 1, 2].map((shift) => key.subarray(shift, shift + 3 * Math.floor((key.length - shift) / 3)).toString('base64'));
  return [key, Buffer.from(hex), Buffer.from(hex.toUpperCase()), ...base64.map((text) => Buffer.from(text))];
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return filesBelow(path);
    return entry.isFile() && statSync(path).size < 64 * 1024 * 1024 ? [path] : [];
  });
}
