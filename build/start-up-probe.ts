// Shows which packages the program evaluates at a start: makes the artifact once more with a note at the
// head of every package file, runs it, and reads the notes. Packages are loaded when first needed; one
// import at the wrong place costs every run on the router tens of milliseconds and is seen here.

import { readFile } from 'node:fs/promises';
import type { Plugin, PluginBuild } from 'esbuild';
import { type ArtifactInputs, makeArtifact } from './artifact.ts';
import { runArtifact } from './run-artifact.ts';

/** Greedy, so that the innermost of nested packages is named. */
const PACKAGE_FILE = /.*[\\/]node_modules[\\/]((?:@[^\\/]+[\\/])?[^\\/]+)[\\/].*\.[cm]?js$/;

/** Printed on stderr at exit, so that it does not mix with the program's results. */
const MARK = 'evaluated packages: ';
const PREAMBLE = `process.on('exit', () => process.stderr.write('${MARK}' + [...(globalThis.evaluatedPackages ?? [])].sort() + '\\n'));`;

/** Names of the packages that a run with `args` evaluates. Throws when the run fails. */
export async function evaluatedPackages(inputs: ArtifactInputs, args: readonly string[]): Promise<string[]> {
  const { code } = await makeArtifact({ ...inputs, plugins: [notes()], preamble: PREAMBLE });
  const { stderr } = await runArtifact(code, { nodeFlags: [], args });
  const line = stderr.split('\n').find((text) => text.startsWith(MARK));
  if (line === undefined) throw new Error(`start-up: ${args.join(' ')}: the run ended without its exit event`);
  return line.slice(MARK.length).split(',').filter((name) => name !== '');
}

function notes(): Plugin {
  return { name: 'start-up-notes', setup: (build: PluginBuild) => build.onLoad({ filter: PACKAGE_FILE }, note) };
}

async function note({ path }: { path: string }): Promise<{ contents: string; loader: 'js' }> {
  const [, name] = PACKAGE_FILE.exec(path) ?? [];
  const source = await readFile(path, 'utf8');
  return { contents: `(globalThis.evaluatedPackages ??= new Set()).add(${JSON.stringify(name)});\n${source}`, loader: 'js' };
}
