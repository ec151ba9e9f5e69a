// The campaign of src/bench/kme-fuzz from the command line, with the memory that it takes: what grew from the first
// tenth to the end would grow in a router, too.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { fuzz } from '../src/bench/kme-fuzz/fuzz.ts';
import { makePki } from '../src/bench/pki/pki.ts';

const HELP = `Usage: scripts/fuzz-kme [--runs N] [--seed S] [--lanes L]

  --runs N    answers, each wrong in up to four ways (default 10000)
  --seed S    of the first one; the next has S + 1 (default 1)
  --lanes L   how many at a time (default 4)
  -h, --help  this text

Every answer goes to the program's KME client over mutual TLS. Prints how many were accepted and refused, the longest
call, memory after each tenth, and what broke a rule, with the seed that replays it: --runs 1 --seed S.
Exit status: 0 nothing did, 1 something did or memory grew, 2 wrong arguments.
`;

/** Bytes by which the heap may differ between the first tenth and the end. */
const FLAT = 24 * 1024 * 1024;

function wrongArguments(text: string): never {
  process.stderr.write(`fuzz-kme: ${text}\n${HELP.split('\n')[0] ?? ''}\n`);
  process.exit(2);
}

function count(name: string, text: string | undefined, usual: number): number {
  if (text === undefined) return usual;
  if (!/^[1-9]\d{0,8}$/.test(text)) wrongArguments(`--${name} ${text}: not a whole number from 1 to 999999999`);
  return Number(text);
}

function options(): { runs: number; seed: number; lanes: number } {
  try {
    const { values } = parseArgs({ options: { runs: { type: 'string' }, seed: { type: 'string' }, lanes: { type: 'string' }, help: { type: 'boolean', short: 'h' } } });
    if (values.help === true) {
      process.stdout.write(HELP);
      process.exit(0);
    }
    return { runs: count('runs', values.runs, 10_000), seed: count('seed', values.seed, 1), lanes: count('lanes', values.lanes, 4) };
  } catch (error) {
    return wrongArguments((error as Error).message);
  }
}

function memory(): number {
  (globalThis as { gc?: () => void }).gc?.();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

const megabytes = (bytes: number): string => `${(bytes / 1024 / 1024).toFixed(1)} MB`;

async function main(): Promise<number> {
  const { runs, seed, lanes } = options();
  const escaped: string[] = [];
  process.on('unhandledRejection', (reason) => escaped.push(`unhandled rejection: ${String(reason)}`));
  process.on('uncaughtException', (error) => escaped.push(`uncaught exception: ${String(error)}`));
  const folder = mkdtempSync(join(tmpdir(), 'qkd-fuzz-'));
  const tenth = Math.ceil(runs / 10);
  const sizes: number[] = [];
  let told = 0;
  try {
    const pki = await makePki(folder, { kmes: ['kme'], saes: ['sae'] });
    const began = performance.now();
    const onProgress = (done: number): void => {
      if (done - told < tenth && done < runs) return;
      told = done;
      sizes.push(memory());
      process.stdout.write(`${done} answers, ${((performance.now() - began) / 1000).toFixed(0)} s, heap ${megabytes(sizes.at(-1) ?? 0)}\n`);
    };
    const result = await fuzz({ pki, seed, runs, lanes, onProgress });
    const grew = (sizes.at(-1) ?? 0) - (sizes[0] ?? 0);
    const refused = [...result.refused].sort(([a], [b]) => a.localeCompare(b)).map(([code, number]) => `${code} ${number}`);
    process.stdout.write(`${result.runs} answers from seed ${seed}: ${result.accepted} accepted; refused: ${refused.join(', ')}; longest call ${result.longest.toFixed(0)} ms\n`);
    const wrong = [...result.complaints, ...escaped, ...(grew > FLAT ? [`memory grew by ${megabytes(grew)}`] : [])];
    for (const line of wrong) process.stdout.write(`WRONG ${line}\n`);
    return wrong.length === 0 ? 0 : 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

void main().then((status) => (process.exitCode = status));
