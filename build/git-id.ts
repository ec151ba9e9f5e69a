// The git id that --version prints. It depends on the commit and on the sources alone, not on the folder,
// so that two checkouts of one commit give the same bytes.

import { execFileSync } from 'node:child_process';
import { dirname } from 'node:path';

/** What decides the artifact's bytes; a change elsewhere (README, fixtures) does not make it dirty. */
const SOURCES = ['src', 'build', 'package.json', 'package-lock.json', 'tsconfig.json'];

/** The commit's first 12 digits, with `-dirty` when sources differ from it; `unknown` without git or a commit. */
export function gitId(root: string): string {
  try {
    const commit = git(root, 'rev-parse', 'HEAD').slice(0, 12);
    return git(root, 'status', '--porcelain', '--', ...SOURCES) === '' ? commit : `${commit}-dirty`;
  } catch {
    return 'unknown';
  }
}

/** Ceiling: a repository around the project is not the project's. Safe directory: CI may build another user's checkout. */
function git(root: string, ...args: string[]): string {
  const env = { ...process.env, GIT_CEILING_DIRECTORIES: dirname(root), GIT_OPTIONAL_LOCKS: '0' };
  return execFileSync('git', ['-c', `safe.directory=${root}`, ...args], { cwd: root, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
}
