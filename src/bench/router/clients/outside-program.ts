// Runs programs that are not ours (OpenSSH, Debian's Python clients) against a bench router, and says
// whether they are there: tests that need one skip by name, except under CI, where absence is a failure.

import { execFileSync, spawn } from 'node:child_process';

export interface Outcome {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs to the end, at most 60 s; never blocks the process, which is serving the other side. */
export function runProgram(program: string, args: readonly string[], input = ''): Promise<Outcome> {
  const child = spawn(program, args, { timeout: 60_000, stdio: ['pipe', 'pipe', 'pipe'] });
  const out: Record<'stdout' | 'stderr', Buffer[]> = { stdout: [], stderr: [] };
  child.stdout.on('data', (bytes: Buffer) => out.stdout.push(bytes));
  child.stderr.on('data', (bytes: Buffer) => out.stderr.push(bytes));
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (status) => {
      resolve({ status, stdout: Buffer.concat(out.stdout).toString('utf8'), stderr: Buffer.concat(out.stderr).toString('utf8') });
    });
  });
}

/** True when tests are to be left out: this command, which shows that their program is there, fails and this is not CI. */
export function isLeftOut(program: string, ...args: readonly string[]): boolean {
  try {
    execFileSync(program, args, { stdio: 'ignore', timeout: 30_000 });
    return false;
  } catch {
    return process.env['CI'] === undefined;
  }
}
