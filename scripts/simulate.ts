// The campaigns of src/bench/simulation from the command line: many seeds on all cores with a table at the
// end, one seed with its timeline, or the deliberate faults that the invariants must catch.

import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { build } from 'esbuild';
import { type Campaign, type CaughtMutant, FAULTS, emptyCampaign, merge, table, timeline } from '../src/bench/simulation/campaign.ts';
import type { Portion, PortionDone } from '../src/bench/simulation/portion.ts';

const HELP = `Usage: scripts/simulate [--runs N] [--seed S] [--seeds A-B] [--mutants]

  --runs N      N schedules, from seed 1 or from --seed on (default 2000)
  --seeds A-B   the schedules of these seeds
  --seed S      alone: replays one seed and prints its timeline
  --mutants     breaks the protocol on purpose, one fault at a time; each must be caught
  -h, --help    this text

A schedule is a simulated link in virtual time; the seed decides what befalls it. The table shows, for each
kind of world: key changes of the whole link, keys drawn for each, how often and how long one end was alone
on a key, time without an MKA session though the line was up (method pre-shared-key without a preceding key has such a
time at every change), shared keys given up for a forged CKN, and the longest time from the end of the faults
until a new key was confirmed by all ends.
Exit status: 0 every invariant held, 1 one was violated or a deliberate fault survived, 2 wrong arguments.
`;

/** Seeds that a thread simulates between two reports. */
const PORTION = 50;
const MUTANT_SEEDS = 3000;

interface Range {
  readonly first: number;
  readonly last: number;
}

function wrongArguments(text: string): never {
  process.stderr.write(`simulate: ${text}\n${HELP.split('\n')[0] ?? ''}\n`);
  process.exit(2);
}

function count(name: string, text: string): number {
  if (!/^\d{1,9}$/.test(text)) wrongArguments(`--${name} ${text}: not a whole number below 1000000000`);
  return Number(text);
}

function range(seeds: string): Range {
  const [, first = '', last = ''] = /^(\d{1,9})-(\d{1,9})$/.exec(seeds) ?? [];
  if (first === '' || Number(first) > Number(last)) wrongArguments(`--seeds ${seeds}: not a range A-B`);
  return { first: Number(first), last: Number(last) };
}

/** Gives each portion to the next idle one of as many threads as there are cores; `take` gets what each came to. */
async function onAllCores(portions: Iterator<Portion, undefined>, take: (done: PortionDone) => void): Promise<void> {
  // One file of plain JavaScript: tsx's way of loading modules one by one makes every call across files slower.
  const entryPoints = [fileURLToPath(new URL('../src/bench/simulation/portion.ts', import.meta.url))];
  const { outputFiles } = await build({ entryPoints, bundle: true, write: false, platform: 'node', format: 'cjs', target: 'node20', logLevel: 'warning' });
  const code = outputFiles[0]?.text ?? '';
  await Promise.all(Array.from({ length: availableParallelism() }, () => employ(code, portions, take)));
}

function employ(code: string, portions: Iterator<Portion, undefined>, take: (done: PortionDone) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(code, { eval: true });
    const give = (): void => {
      const next = portions.next();
      if (next.done === true) void worker.terminate();
      else worker.postMessage(next.value);
    };
    worker.on('message', (done: PortionDone) => {
      take(done);
      give();
    });
    worker.once('error', reject);
    worker.once('exit', () => resolve());
    give();
  });
}

function* seedPortions({ first, last }: Range): Generator<Portion, undefined> {
  for (let next = first; next <= last; next += PORTION) yield { kind: 'seeds', first: next, last: Math.min(next + PORTION - 1, last) };
  return undefined;
}

function* mutantPortions(): Generator<Portion, undefined> {
  for (const fault of FAULTS) yield { kind: 'mutant', fault, seeds: MUTANT_SEEDS };
  return undefined;
}

async function simulateAll(range: Range): Promise<Campaign> {
  const campaign = emptyCampaign();
  let done = 0;
  await onAllCores(seedPortions(range), (finished) => {
    if (finished.kind !== 'seeds') return;
    merge(campaign, finished.part);
    for (const { schedules } of Object.values(finished.part.tallies)) done += schedules;
    if (process.stderr.isTTY) process.stderr.write(`\r${done} of ${range.last - range.first + 1} schedules, ${campaign.violations.length} violations `);
  });
  return campaign;
}

async function many(range: Range): Promise<number> {
  const started = process.hrtime.bigint();
  const campaign = await simulateAll(range);
  if (process.stderr.isTTY) process.stderr.write('\r\u001b[K');
  const seconds = Number(process.hrtime.bigint() - started) / 1e9;
  console.log(table(campaign));
  console.log(`${range.last - range.first + 1} schedules, seeds ${range.first} to ${range.last}, in ${seconds.toFixed(1)} s`);
  const seeds = new Map(campaign.violations.map((violation) => [violation.seed, violation]).reverse() as [number, Campaign['violations'][number]][]);
  for (const { seed, family, text } of [...seeds.values()].reverse()) console.log(`seed ${seed} (${family}): ${text}; replay: scripts/simulate --seed ${seed}`);
  return campaign.violations.length > 0 ? 1 : 0;
}

function replay(seed: number): number {
  const { family, lines, violations } = timeline(seed);
  console.log(`seed ${seed}: ${family}; seconds since the start, who, what; + confirmed, ! refused`);
  for (const line of lines) console.log(line);
  for (const text of violations) console.log(`violated: ${text}`);
  console.log(violations.length === 0 ? 'every invariant held' : `${violations.length} violated`);
  return violations.length > 0 ? 1 : 0;
}

async function mutants(): Promise<number> {
  const found = new Map<string, CaughtMutant>();
  await onAllCores(mutantPortions(), (done) => void (done.kind === 'mutant' && found.set(done.fault, done)));
  const all = FAULTS.map((fault) => found.get(fault) ?? { fault, seed: undefined, violation: undefined });
  for (const { fault, seed, violation } of all) console.log(seed === undefined ? `SURVIVED  ${fault}` : `caught    ${fault}: seed ${seed}: ${violation ?? ''}`);
  const survivors = all.filter(({ seed }) => seed === undefined).length;
  console.log(survivors === 0 ? 'every deliberate fault was caught' : `${survivors} survived`);
  return survivors > 0 ? 1 : 0;
}

function parsed(): { runs?: string; seed?: string; seeds?: string; mutants?: boolean; help?: boolean } {
  try {
    const text = { type: 'string' } as const;
    return parseArgs({ options: { runs: text, seed: text, seeds: text, mutants: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } } }).values;
  } catch (error) {
    return wrongArguments(error instanceof Error ? error.message : String(error));
  }
}

async function main(): Promise<number> {
  const { runs, seed, seeds, mutants: deliberate, help } = parsed();
  if (help === true) {
    process.stdout.write(HELP);
    return 0;
  }
  if (deliberate === true) return mutants();
  if (seeds !== undefined) return many(range(seeds));
  if (seed !== undefined && runs === undefined) return replay(count('seed', seed));
  const first = seed === undefined ? 1 : count('seed', seed);
  const number = count('runs', runs ?? '2000');
  if (number === 0) wrongArguments('--runs 0: nothing to do');
  return many({ first, last: first + number - 1 });
}

const failed = (error: unknown): number => {
  process.stderr.write(`simulate: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  return 1;
};
void main().catch(failed).then((status) => (process.exitCode = status));
