// Runs an artifact as a router would find it: the file alone in an empty folder, no node_modules above it,
// an empty environment. Bounded in time and output; the folder is removed in every case.

import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

export interface Run {
  readonly nodeFlags: readonly string[];
  readonly args: readonly string[];
}

/** Output of a run that ended with status 0. Throws Error with the first line of stderr otherwise. */
export async function runArtifact(code: Uint8Array, run: Run): Promise<{ stdout: string; stderr: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'qkd-macsec-run-'));
  const file = join(folder, 'qkd-macsec.js');
  try {
    await writeFile(file, code);
    return await promisify(execFile)(process.execPath, [...run.nodeFlags, file, ...run.args], { cwd: folder, env: {}, timeout: 30_000, maxBuffer: 1 << 20 });
  } catch (error) {
    throw new Error(`node ${[...run.nodeFlags, 'qkd-macsec.js', ...run.args].join(' ')}: ${firstLine(error)}`, { cause: error });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The line that names the error, rather than the source line that Node prints above it. */
function firstLine(error: unknown): string {
  const { stderr = '', message = '' } = error as { stderr?: string; message?: string };
  const lines = stderr.split('\n').filter((line) => line.trim() !== '');
  return lines.find((line) => /^\w*Error\b/.test(line)) ?? lines[0] ?? message;
}
