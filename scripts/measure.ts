// Measures the artifact on this machine against build/budgets.ts: start-up, memory, size, and what an on-box run costs
// (measure-on-box.ts). Start-up is `--help` by `node -e 0`, medians of runs that take turns. What counts is the time of
// the processors, of all threads: the clock shows besides how busy the machine is, and how long an on-box run waits for
// routers. On an idle machine both give the same start-up. What is over its budget is measured once more first. With --slack
// the budgets of time and memory are so many per cent larger: for a machine that is shared with others.

import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
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

const startUpRatio = ({ help, bare }: StartUp): number => help.processor / bare.processor;
const idleRatio = ({ idle, roundTrips, bare }: OnBoxCost): number => (idle.processor - roundTrips.processor) / bare.processor;

const memoryRatio = ({ rotationPeak, barePeak }: OnBoxCost): number => rotationPeak / barePeak;

async function main(runs: number, slack: number): Promise<boolean> {
  if (!existsSync(ARTIFACT)) throw new Error('dist/qkd-macsec.js is not there: npm run build');
  const [startUpBudget, idleBudget, rotationBudget] = [START_UP_RATIO_BUDGET, IDLE_RATIO_BUDGET, ROTATION_MEMORY_RATIO_BUDGET].map((budget) => Number((budget * (1 + slack / 100)).toFixed(2))) as [number, number, number];
  let start = await startUp(runs);
  if (startUpRatio(start) > startUpBudget) start = await startUp(runs);
  let box = await onBoxCost(ARTIFACT, runs);
  if (idleRatio(box) > idleBudget || memoryRatio(box) > rotationBudget) box = await onBoxCost(ARTIFACT, runs);
  const size = statSync(ARTIFACT).size;
  const rows: [boolean, string][] = [
    [startUpRatio(start) <= startUpBudget, `start-up  ${startUpRatio(start).toFixed(2)} of ${startUpBudget} (--help ${shown(start.help)}, node -e 0 ${shown(start.bare)}, medians of ${runs})`],
    [idleRatio(box) <= idleBudget, `idle run  ${idleRatio(box).toFixed(2)} of ${idleBudget} times node -e 0 beyond its round trips (processor: on-box, nothing to do ${box.idle.processor.toFixed(0)} ms, a bare program with the same ${box.requests} requests and login ${box.roundTrips.processor.toFixed(0)} ms, node -e 0 ${box.bare.processor.toFixed(0)} ms)`],
    [start.peakBytes <= MEMORY_BUDGET, `memory    ${mebi(start.peakBytes)} of ${mebi(MEMORY_BUDGET)} MiB`],
    [memoryRatio(box) <= rotationBudget, `rotation  ${memoryRatio(box).toFixed(2)} of ${rotationBudget} times the memory of node -e 0 (${mebi(box.rotationPeak)} and ${mebi(box.barePeak)} MiB at their peaks)`],
    [size <= SIZE_BUDGET, `size      ${kilo(size)} of ${kilo(SIZE_BUDGET)} KB`],
  ];
  for (const [within, line] of rows) console.log(`${within ? 'ok  ' : 'OVER'} ${line}`);
  return rows.every(([within]) => within);
}

const shown = ({ wall, processor }: Taken): string => `${processor.toFixed(0)} ms of the processors, ${wall.toFixed(0)} ms by the clock`;
const mebi = (bytes: number): string => (bytes / 1024 / 1024).toFixed(1);
const kilo = (bytes: number): string => (bytes / 1000).toFixed(0);

async function command(): Promise<void> {
  const { values, positionals } = parseArgs({ options: { slack: { type: 'string', default: '0' } }, allowPositionals: true });
  const [runs, slack] = [Number(positionals[0] ?? 20), Number(values.slack)];
  if (!Number.isInteger(runs) || runs < 1 || positionals.length > 1 || !Number.isInteger(slack) || slack < 0) throw new Error('usage: scripts/measure [RUNS] [--slack PERCENT]');
  process.exitCode = (await main(runs, slack)) ? 0 : 1;
}

command().catch((error: unknown) => {
  console.error(`measure: ${(error as Error).message}`);
  process.exitCode = 1;
});
