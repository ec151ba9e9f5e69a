// Starts the finished artifact the ways a router starts it and checks what it says of itself. The first
// flag set is what the launcher always gives; --jitless is for kernels that refuse writable executable
// pages, and for Node 24 under a script's 128 MB data limit.

import type { ArtifactInputs } from './artifact.ts';
import { runArtifact } from './run-artifact.ts';
import { evaluatedPackages } from './start-up-probe.ts';

const FLAG_SETS: readonly (readonly string[])[] = [
  ['--disallow-code-generation-from-strings'],
  ['--jitless', '--disallow-code-generation-from-strings'],
];

/** One line for each start that fails, prints the wrong thing or loads a package. */
export async function selfTestProblems(code: Uint8Array, inputs: ArtifactInputs): Promise<string[]> {
  const checks = FLAG_SETS.flatMap((nodeFlags) => [
    said(code, { nodeFlags, args: ['--version'] }, [inputs.version, inputs.commit]),
    said(code, { nodeFlags, args: ['--help'] }, ['qkd-macsec', '--inventory']),
  ]);
  return (await Promise.all([...checks, loadsNothing(inputs)])).flat();
}

async function said(code: Uint8Array, run: { nodeFlags: readonly string[]; args: readonly string[] }, words: readonly string[]): Promise<string[]> {
  try {
    const { stdout } = await runArtifact(code, run);
    const missing = words.filter((word) => !stdout.includes(word));
    return missing.map((word) => `self test: node ${run.nodeFlags.join(' ')} ... ${run.args.join(' ')} does not print ${word}`);
  } catch (error) {
    return [`self test: ${(error as Error).message}`];
  }
}

async function loadsNothing(inputs: ArtifactInputs): Promise<string[]> {
  try {
    const packages = await evaluatedPackages(inputs, ['--help']);
    return packages.map((name) => `start-up: --help evaluates ${name}: load it when it is first needed`);
  } catch (error) {
    return [`start-up: ${(error as Error).message}`];
  }
}
