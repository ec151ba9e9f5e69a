// The bench's command line: the main job by default, a bench that is left running with `up` and `down`,
// or the same rounds against real routers with --inventory. The bench itself is src/bench/lab.

import { spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { writeBenchFile } from '../src/bench/lab/bench-file.ts';
import { startLab } from '../src/bench/lab/lab.ts';
import { runMainJob } from '../src/bench/lab/main-job.ts';
import { runOnRealRouters } from '../src/bench/lab/real-routers.ts';

const HELP = `usage: scripts/bench [--rotations N] [--routers N]   main job: rotate keys, check, print a table
       scripts/bench up --dir DIR [--routers N]       leave a bench running; writes DIR/bench.json
       scripts/bench down --dir DIR                   end it
       scripts/bench --inventory FILE [--rotations N] the same rounds against the routers of an inventory
`;

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const ARTIFACT = join(ROOT, 'dist/qkd-macsec.js');

class UsageError extends Error {}

async function main(argv: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: { dir: { type: 'string' }, routers: { type: 'string', default: '2' }, rotations: { type: 'string', default: '3' }, inventory: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
  });
  const [command = 'job', extra] = positionals;
  if (values.help) return print(HELP);
  if (extra !== undefined) throw new UsageError(`unexpected argument ${JSON.stringify(extra)}`);
  const rotations = whole('--rotations', values.rotations);
  const routers = whole('--routers', values.routers);
  if (command === 'job' && values.inventory !== undefined) return closing(await runOnRealRouters({ artifact: ARTIFACT, inventory: resolve(values.inventory), rotations, print: console.log }));
  if (command === 'job') return mainJob(routers, rotations);
  if (values.dir === undefined) throw new UsageError(`${command} needs --dir DIR`);
  const folder = resolve(values.dir);
  if (command === 'up') return up(folder, routers);
  if (command === 'serve') return serve(folder, routers);
  if (command === 'down') return down(folder);
  throw new UsageError(`unknown command ${JSON.stringify(command)}`);
}

async function mainJob(routers: number, rotations: number): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'qkd-macsec-bench-'));
  const lab = await startLab({ folder, routers, artifact: ARTIFACT });
  try {
    return closing(await runMainJob({ lab, folder, rotations, print: console.log }));
  } finally {
    await lab.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

function closing(checks: { failures: readonly string[]; closingLine(): string }): number {
  for (const failure of checks.failures) console.log(`FAILED ${failure}`);
  console.log(checks.closingLine());
  return checks.failures.length === 0 ? 0 : 1;
}

/** Starts `serve` in the background and waits until it has written bench.json. */
async function up(folder: string, routers: number): Promise<number> {
  mkdirSync(folder, { recursive: true });
  if (runningPid(folder) !== undefined) throw new UsageError(`a bench runs in ${folder} already: scripts/bench down --dir ${folder}`);
  const foreign = readdirSync(folder).filter((name) => !existsSync(join(folder, 'bench.log')) && name !== 'bench.json');
  if (foreign.length > 0) throw new UsageError(`${folder} is not empty`);
  for (const name of readdirSync(folder)) rmSync(join(folder, name), { recursive: true, force: true });
  const log = openSync(join(folder, 'bench.log'), 'w', 0o600);
  const child = spawn(process.execPath, [...process.execArgv, fileURLToPath(import.meta.url), 'serve', '--dir', folder, '--routers', String(routers)], { detached: true, stdio: ['ignore', log, log] });
  closeSync(log);
  const ended = new Promise<boolean>((done) => child.once('exit', () => done(true)));
  for (let waited = 0; waited < 1200 && !existsSync(join(folder, 'bench.json')); waited += 1) {
    if (await Promise.race([ended, new Promise<boolean>((done) => setTimeout(() => done(false), 100))])) throw new Error(`the bench did not start: ${readFileSync(join(folder, 'bench.log'), 'utf8').trim()}`);
  }
  child.unref();
  return print(`bench is up: ${join(folder, 'bench.json')}\nnext: ${join(folder, 'mx1/launcher')} run; ${join(folder, 'mx2/launcher')} run\nend it: scripts/bench down --dir ${folder}\n`);
}

/** The bench itself, in this process, until SIGTERM or SIGINT. */
async function serve(folder: string, routers: number): Promise<number> {
  writeFileSync(join(folder, 'bench.pid'), `${process.pid}\n`, { mode: 0o600 });
  const lab = await startLab({ folder, routers, artifact: ARTIFACT });
  await writeBenchFile(join(folder, 'bench.json'), lab);
  await new Promise((ended) => {
    process.once('SIGTERM', ended);
    process.once('SIGINT', ended);
  });
  await lab.close();
  for (const name of ['bench.json', 'bench.pid']) rmSync(join(folder, name), { force: true });
  return 0;
}

async function down(folder: string): Promise<number> {
  const pid = runningPid(folder);
  if (pid === undefined) throw new UsageError(`no bench runs in ${folder}`);
  process.kill(pid, 'SIGTERM');
  for (let waited = 0; waited < 100; waited += 1) {
    if (runningPid(folder) === undefined) return print(`bench in ${folder} has ended\n`);
    await new Promise((done) => setTimeout(done, 100));
  }
  process.kill(pid, 'SIGKILL');
  return print(`bench in ${folder} was killed\n`);
}

function runningPid(folder: string): number | undefined {
  try {
    const pid = Number(readFileSync(join(folder, 'bench.pid'), 'utf8'));
    process.kill(pid, 0);
    return pid;
  } catch {
    return undefined;
  }
}

function whole(option: string, text: string): number {
  if (!/^\d{1,4}$/.test(text)) throw new UsageError(`${option} ${JSON.stringify(text)} is not a whole number`);
  return Number(text);
}

function print(text: string): number {
  process.stdout.write(text);
  return 0;
}

main(process.argv.slice(2)).then(
  (status) => process.exit(status),
  (error: Error) => {
    console.error(`bench: ${error.message}`);
    process.exit(error instanceof UsageError || error instanceof RangeError || 'code' in error ? 2 : 1);
  },
);
