// A bench that is left running in a folder: its process, how it is found again, started and ended. The
// folder holds bench.json (the contract), bench.pid, bench.control (path of the control socket), bench.log,
// and what lab.ts writes.

import { execFileSync, spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { writeBenchFile } from './bench-file.ts';
import { serveControl } from './control.ts';
import { type LabOptions, startLab } from './lab.ts';

/** What an operator can put right at once: the command line or the folder. */
export class UsageError extends Error {}

const OWN_FILES = /^(?:bench\.(?:json|pid|control|log|sock)|inventory\.json|kme(?:_\d+)?\.env|id_ed25519|pki|offbox|mx\d+)$/;
const LONGEST_START = 300_000;
const LONGEST_END = 20_000;

/** Process ID of the bench that runs in `folder`; a process that only has the same number does not count. */
export function runningPid(folder: string): number | undefined {
  try {
    const pid = Number(readFileSync(join(folder, 'bench.pid'), 'utf8'));
    if (!Number.isInteger(pid) || pid <= 1) return undefined;
    process.kill(pid, 0);
    const state = execFileSync('ps', ['-ww', '-o', 'stat=,args=', '-p', String(pid)], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
    return !/^\s*Z/.test(state) && state.includes(` serve --dir ${folder}`) ? pid : undefined;
  } catch {
    return undefined;
  }
}

/** Path of the control socket of the bench in `folder`. Throws UsageError when none runs there. */
export function controlPath(folder: string): string {
  if (runningPid(folder) === undefined) throw new UsageError(`no bench runs in ${folder}`);
  try {
    return readFileSync(join(folder, 'bench.control'), 'utf8').trim();
  } catch {
    throw new UsageError(`the bench in ${folder} is still starting`);
  }
}

/** Makes the folder ready for a new bench. Throws UsageError when it is in use or is not a bench's folder. */
export function prepareFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const names = readdirSync(folder);
    if (runningPid(folder) !== undefined) throw new UsageError(`a bench runs in ${folder} already; end it first: scripts/bench down --dir ${shellWord(folder)}`);
    const foreign = names.find((name) => !names.includes('bench.log') || !OWN_FILES.test(name));
    if (foreign !== undefined) throw new UsageError(`${folder} holds other files (${foreign}); name an empty folder or one that does not exist`);
    removeOwnFiles(folder);
  } catch (error) {
    throw error instanceof UsageError ? error : new UsageError(`cannot use ${folder}: ${(error as Error).message}`);
  }
}

function removeOwnFiles(folder: string): void {
  for (const name of readdirSync(folder)) if (OWN_FILES.test(name)) rmSync(join(folder, name), { recursive: true, force: true });
}

/**
 * Starts the bench's own process (`command` ends in the words of `serve`) and resolves when it has written bench.json.
 * When it ends, is too late, or `signal` says so, nothing is left behind and it rejects.
 */
export async function startInBackground(folder: string, command: readonly string[], signal: AbortSignal): Promise<void> {
  const log = openSync(join(folder, 'bench.log'), 'w', 0o600);
  const [program = '', ...rest] = command;
  const child = spawn(program, rest, { detached: true, stdio: ['ignore', log, log] });
  closeSync(log);
  let ended = false;
  child.once('error', () => (ended = true));
  child.once('exit', () => (ended = true));
  for (let waited = 0; !existsSync(join(folder, 'bench.json')); waited += 100) {
    if (ended || signal.aborted || waited >= LONGEST_START) {
      child.kill('SIGKILL');
      const said = readFileSync(join(folder, 'bench.log'), 'utf8').trim().split('\n').at(-1);
      removeOwnFiles(folder);
      throw new Error(`the bench did not start: ${signal.aborted ? 'interrupted' : ended ? said : 'it took too long'}`);
    }
    await delay(100);
  }
  child.unref();
}

/** The bench itself, in this process, until `signal` ends it. */
export async function serveBench(options: LabOptions, signal: AbortSignal): Promise<void> {
  const { folder } = options;
  writeFileSync(join(folder, 'bench.pid'), `${process.pid}\n`, { mode: 0o600 });
  const lab = await startLab(options);
  const control = await serveControl(lab, folder);
  writeFileSync(join(folder, 'bench.control'), `${control.path}\n`, { mode: 0o600 });
  await writeBenchFile(join(folder, 'bench.json'), lab);
  if (!signal.aborted) await new Promise((ended) => signal.addEventListener('abort', ended));
  await Promise.all([lab.close(), control.close()]);
}

/** Ends the bench in `folder`; its logs and the routers' files stay. Throws UsageError when none runs there. */
export async function endBench(folder: string): Promise<'ended' | 'killed'> {
  const pid = runningPid(folder);
  if (pid === undefined) {
    removeTraces(folder);
    throw new UsageError(`no bench runs in ${folder}`);
  }
  process.kill(pid, 'SIGTERM');
  let outcome: 'ended' | 'killed' = 'ended';
  for (let waited = 0; runningPid(folder) !== undefined; waited += 100) {
    if (waited === LONGEST_END) {
      process.kill(pid, 'SIGKILL');
      outcome = 'killed';
    }
    await delay(100);
  }
  removeTraces(folder);
  return outcome;
}

/** What says that a bench runs here; one that was killed leaves it behind. */
function removeTraces(folder: string): void {
  if (existsSync(join(folder, 'bench.pid'))) for (const name of ['bench.json', 'bench.pid', 'bench.control', 'bench.sock']) rmSync(join(folder, name), { force: true });
}

/** A word as a shell reads it back. */
export function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
