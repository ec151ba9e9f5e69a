// Measures the artifact on this machine. Start-up is the median over runs of `--help`, divided by the median
// of `node -e 0`; the two kinds take turns, so that a busy machine slows both, and a ratio over the budget is
// measured once more before it counts. Memory is the peak that the operating system saw.

import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { MEMORY_BUDGET, SIZE_BUDGET, START_UP_RATIO_BUDGET } from '../build/budgets.ts';

const ARTIFACT = fileURLToPath(new URL('../dist/qkd-macsec.js', import.meta.url));
const PEAK = 'peak-kilobytes=';

interface StartUp {
  readonly help: number;
  readonly bare: number;
}

/** Runs node and returns stderr. Throws Error when it fails. */
function node(...args: string[]): string {
  const { status, stderr } = spawnSync(process.execPath, args, { stdio: ['ignore', 'ignore', 'pipe'], encoding: 'utf8', timeout: 60_000 });
  if (status !== 0) throw new Error(`node ${args.join(' ')}: status ${status}: ${stderr.split('\n')[0] ?? ''}`);
  return stderr;
}

function milliseconds(...args: string[]): number {
  const before = process.hrtime.bigint();
  node(...args);
  return Number(process.hrtime.bigint() - before) / 1e6;
}

/** Median milliseconds of both kinds over `runs` turns; one turn before that fills the disk cache. */
function startUp(runs: number): StartUp {
  const turn = (): StartUp => ({ bare: milliseconds('-e', '0'), help: milliseconds(ARTIFACT, '--help') });
  turn();
  const turns = Array.from({ length: runs }, turn);
  return { bare: median(turns.map(({ bare }) => bare)), help: median(turns.map(({ help }) => help)) };
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

const ratio = ({ help, bare }: StartUp): number => help / bare;

/** Peak resident bytes of one `--help`. */
function memory(): number {
  const folder = mkdtempSync(join(tmpdir(), 'qkd-macsec-measure-'));
  try {
    const preload = join(folder, 'peak.cjs');
    writeFileSync(preload, `process.on('exit', () => process.stderr.write('${PEAK}' + process.resourceUsage().maxRSS));`);
    const stderr = node('--require', preload, ARTIFACT, '--help');
    return Number(stderr.slice(stderr.lastIndexOf(PEAK) + PEAK.length)) * 1024;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function main(runs: number): boolean {
  if (!existsSync(ARTIFACT)) throw new Error('dist/qkd-macsec.js is not there: npm run build');
  let time = startUp(runs);
  if (ratio(time) > START_UP_RATIO_BUDGET) time = startUp(runs);
  const peak = memory();
  const size = statSync(ARTIFACT).size;
  const rows: [boolean, string][] = [
    [ratio(time) <= START_UP_RATIO_BUDGET, `start-up  ${ratio(time).toFixed(2)} of ${START_UP_RATIO_BUDGET} (--help ${time.help.toFixed(0)} ms, node -e 0 ${time.bare.toFixed(0)} ms, medians of ${runs})`],
    [peak <= MEMORY_BUDGET, `memory    ${mebi(peak)} of ${mebi(MEMORY_BUDGET)} MiB`],
    [size <= SIZE_BUDGET, `size      ${kilo(size)} of ${kilo(SIZE_BUDGET)} KB`],
  ];
  for (const [within, line] of rows) console.log(`${within ? 'ok  ' : 'OVER'} ${line}`);
  return rows.every(([within]) => within);
}

const mebi = (bytes: number): string => (bytes / 1024 / 1024).toFixed(0);
const kilo = (bytes: number): string => (bytes / 1000).toFixed(0);

try {
  const runs = Number(process.argv[2] ?? 20);
  if (!Number.isInteger(runs) || runs < 1) throw new Error('usage: scripts/measure [RUNS]');
  process.exitCode = main(runs) ? 0 : 1;
} catch (error) {
  console.error(`measure: ${(error as Error).message}`);
  process.exitCode = 1;
}
