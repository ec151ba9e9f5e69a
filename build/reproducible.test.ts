// Two folders, the same bytes: an operator can build the artifact from the published commit and compare
// its SHA-256 with the one on the router.

import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { makeArtifact } from './artifact.ts';
import { gitId } from './git-id.ts';
import { PROJECT } from './sample-project.ts';

const folders: string[] = [];
afterEach(() => folders.splice(0).forEach((folder) => rmSync(folder, { recursive: true, force: true })));

function temporaryFolder(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'qkd-macsec-reproducible-')));
  folders.push(folder);
  return folder;
}

test('the artifact has the same bytes from another folder, and names neither', async () => {
  const copy = join(temporaryFolder(), 'a', 'copy');
  for (const path of ['src', 'package.json', 'tsconfig.json']) cpSync(join(PROJECT, path), join(copy, path), { recursive: true });
  symlinkSync(join(PROJECT, 'node_modules'), join(copy, 'node_modules'));
  const fixed = { entry: 'src/main.ts', version: '1.0.0', commit: '0123456789ab' };
  const here = await makeArtifact({ ...fixed, root: PROJECT });
  const there = await makeArtifact({ ...fixed, root: copy });
  expect(there.code.equals(here.code)).toBe(true);
  expect(there.legalComments).toBe(here.legalComments);
  expect(here.code.includes(PROJECT)).toBe(false);
  expect(here.code.includes(tmpdir())).toBe(false);
});

describe('git id', () => {
  const git = (folder: string, ...args: string[]): string =>
    execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.net', ...args], { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });

  function repository(): string {
    const folder = join(temporaryFolder(), 'one');
    mkdirSync(join(folder, 'src'), { recursive: true });
    writeFileSync(join(folder, 'src', 'main.ts'), 'export {};\n');
    git(folder, 'init', '--quiet');
    git(folder, 'add', '.');
    git(folder, 'commit', '--quiet', '-m', 'first');
    return folder;
  }

  test('is 12 digits of the commit, the same in a clone', () => {
    const folder = repository();
    const clone = join(temporaryFolder(), 'clone');
    git(folder, 'clone', '--quiet', folder, clone);
    expect(gitId(folder)).toMatch(/^[0-9a-f]{12}$/);
    expect(gitId(clone)).toBe(gitId(folder));
  });

  test('is dirty when a source differs from the commit, not when a document does', () => {
    const folder = repository();
    writeFileSync(join(folder, 'README.md'), 'changed\n');
    expect(gitId(folder)).toMatch(/^[0-9a-f]{12}$/);
    writeFileSync(join(folder, 'src', 'main.ts'), 'export const changed = 1;\n');
    expect(gitId(folder)).toMatch(/^[0-9a-f]{12}-dirty$/);
  });

  test('is unknown without git, even inside somebody else\'s repository', () => {
    const inside = join(repository(), 'unpacked');
    mkdirSync(inside);
    expect(gitId(inside)).toBe('unknown');
  });
});
