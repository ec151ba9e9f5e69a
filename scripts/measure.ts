// Measures the artifact on this machine against build/budgets.ts: start-up, memory, size, and what an on-box run costs
// (measure-on-box.ts). Start-up is `--help` by `node -e 0`, medians of runs that take turns. On a busy machine the
// clock shows how long a process waited, on an idle one the processors show what other threads did for it: the smaller
// of the two ratios counts, and one over its budget is measured once more first.

import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { IDLE_RATIO_BUDGET, MEMORY_BUDGET, ROTATION_MEMORY_RATIO_BUDGET, SIZE_BUDGET, START_UP_RATIO_BUDGET } from '../build/budgets.ts';
import { type OnBoxCost, type Ran, type Taken, medians, node, onBoxCost } from './measure-on-box.ts';

const ARTIFACT = fileURLToPath(new URL('../dist/qkd-macsec.js', import.meta.url));

interface StartUp {
  readonly help: Taken;
  readonly bare: Taken;
  /** Peak resident bytes of `--help`. */
  readonly peakBytes: number;
}

/** `runs` turns of both kinds; one turn before that fills the disk cache. */
async function startUp(runs: number): Promise<StartUp> {
  const folder = mkdtempSync(join(tmpdir(), 'qkd-macsec-measure-'));
  try {
    const usage = join(folder, 'usage');
    const turns: { bare: Ran; help: Ran }[] = [];
    for (let turn = 0; turn <= runs; turn += 1) turns.push({ bare: await node(['-e', '0'], usage), help: await node([ARTIFACT, '--help'], usage) });
    const counted = turns.slice(1);
    const [bare, help] = [counted.map((turn) => turn.bare), counted.map((turn) => turn.help)];
    return { bare: medians(bare), help: medians(help), peakBytes: Math.max(...help.map(({ peakBytes }) => peakBytes)) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function ratio(long: Taken, short: Taken, without = 0): number {
  return Math.min((long.wall - without) / short.wall, long.processor / short.processor);
}

const startUpRatio = ({ help, bare }: StartUp): number => ratio(help, bare);
const idleRatio = ({ idle, roundTrips, bare }: OnBoxCost): number => ratio(idle, bare, roundTrips);

const memoryRatio = ({ rotationPeak, barePeak }: OnBoxCost): number => rotationPeak / barePeak;

async function main(runs: number): Promise<boolean> {
  if (!existsSync(ARTIFACT)) throw new Error('dist/qkd-macsec.js is not there: npm run build');
  let start = await startUp(runs);
  if (startUpRatio(start) > START_UP_RATIO_BUDGET) start = await startUp(runs);
  let box = await onBoxCost(ARTIFACT, runs);
  if (idleRatio(box) > IDLE_RATIO_BUDGET || memoryRatio(box) > ROTATION_MEMORY_RATIO_BUDGET) box = await onBoxCost(ARTIFACT, runs);
  const size = statSync(ARTIFACT).size;
  const rows: [boolean, string][] = [
    [startUpRatio(start) <= START_UP_RATIO_BUDGET, `start-up  ${startUpRatio(start).toFixed(2)} of ${START_UP_RATIO_BUDGET} (--help ${shown(start.help)}, node -e 0 ${shown(start.bare)}, medians of ${runs})`],
    [idleRatio(box) <= IDLE_RATIO_BUDGET, `idle run  ${idleRatio(box).toFixed(2)} of ${IDLE_RATIO_BUDGET} (on-box, nothing to do ${shown(box.idle)}, of which ${box.requests} requests and a login ${box.roundTrips.toFixed(0)} ms; node -e 0 ${shown(box.bare)})`],
    [start.peakBytes <= MEMORY_BUDGET, `memory    ${mebi(start.peakBytes)} of ${mebi(MEMORY_BUDGET)} MiB`],
    [memoryRatio(box) <= ROTATION_MEMORY_RATIO_BUDGET, `rotation  ${memoryRatio(box).toFixed(2)} of ${ROTATION_MEMORY_RATIO_BUDGET} times the memory of node -e 0 (${mebi(box.rotationPeak)} and ${mebi(box.barePeak)} MiB at their peaks)`],
    [size <= SIZE_BUDGET, `size      ${kilo(size)} of ${kilo(SIZE_BUDGET)} KB`],
  ];
  for (const [within, line] of rows) console.log(`${within ? 'ok  ' : 'OVER'} ${line}`);
  return rows.every(([within]) => within);
}

const shown = ({ wall, processor }: Taken): string => `${wall.toFixed(0)} ms, processor ${processor.toFixed(0)} ms`;
const mebi = (bytes: number): string => (bytes / 1024 / 1024).toFixed(0);
const kilo = (bytes: number): string => (bytes / 1000).toFixed(0);

async function command(): Promise<void> {
  const runs = Number(process.argv[2] ?? 20);
  if (!Number.isInteger(runs) || runs < 1) throw new Error('usage: scripts/measure [RUNS]');
  process.exitCode = (await main(runs)) ? 0 : 1;
}

command().catch((error: unknown) => {
  console.error(`measure: ${(error as Error).message}`);
  process.exitCode = 1;
});
