// A project of one entry file in a temporary folder, for the tests of the build: same packages (a link to
// the real node_modules), other sources.

import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ArtifactInputs } from './artifact.ts';

export const PROJECT = fileURLToPath(new URL('..', import.meta.url));

export interface SampleProject {
  readonly inputs: ArtifactInputs;
  remove(): void;
}

/** Writes `sources` (path below the project, text); src/main.ts is the entry. */
export function sampleProject(sources: Readonly<Record<string, string>>): SampleProject {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'qkd-macsec-build-')));
  for (const [path, text] of Object.entries(sources)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  symlinkSync(join(PROJECT, 'node_modules'), join(root, 'node_modules'));
  return {
    inputs: { root, entry: 'src/main.ts', version: '9.8.7', commit: '0123456789ab' },
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}
