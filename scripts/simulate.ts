// The campaigns of src/bench/simulation from the command line: many seeds on all cores with a table at the
// end, one seed with its timeline, or the deliberate faults that the invariants must catch.

import { fork } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { type Campaign, addSeed, caughtMutants, emptyCampaign, merge, table, timeline } from '../src/bench/simulation/campaign.ts';

const HELP = `Usage: scripts/simulate [--runs N] [--seed S] [--seeds A-B] [--mutants]

  --runs N      N schedules, from seed 1 or from --seed on (default 2000)
  --seeds A-B   the schedules of these seeds
  --seed S      alone: replays one seed and prints its timeline
  --mutants     breaks the protocol on purpose, one fault at a time; each must be caught
  -h, --help    this text

A schedule is a simulated link in virtual time; the seed decides what befalls it. The table shows, for each
kind of world: key changes of the whole link, keys drawn for each, how often and how long one end was alone
on a key, time without an MKA session though the line was up, and the longest time from the end of the faults
until a new key was confirmed by all ends.
Exit status: 0 every invariant held, 1 one was violated or a deliberate fault survived, 2 wrong arguments.
`;

/** Seeds that a process simulates between two reports. */
const PORTION = 50;
const MUTANT_SEEDS = 600;
/** First argument of the processes that do the portions. */
const PART = 'part';

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

/** A process of its own: a portion at a time, each asked for by its first and last seed. */
function work(): void {
  process.on('message', ({ first, last }: Range) => {
    const part = emptyCampaign();
    for (let seed = first; seed <= last; seed++) addSeed(part, seed);
    process.send?.(part);
  });
}

/** Hands out portions to one process a core until all seeds are done. */
async function simulateAll({ first, last }: Range): Promise<Campaign> {
  const campaign = emptyCampaign();
  let next = first;
  let done = 0;
  const portion = (): Range | undefined => {
    if (next > last) return undefined;
    const range = { first: next, last: Math.min(next + PORTION - 1, last) };
    next = range.last + 1;
    return range;
  };
  const take = (part: Campaign): void => {
    merge(campaign, part);
    for (const { schedules } of Object.values(part.tallies)) done += schedules;
    if (process.stderr.isTTY) process.stderr.write(`\r${done} of ${last - first + 1} schedules, ${campaign.violations.length} violations `);
  };
  const processes = Math.min(availableParallelism(), Math.ceil((last - first + 1) / PORTION));
  await Promise.all(Array.from({ length: processes }, () => employ(portion, take)));
  return campaign;
}

function employ(portion: () => Range | undefined, take: (part: Campaign) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = fork(fileURLToPath(import.meta.url), [PART]);
    const give = (): void => {
      const range = portion();
      if (range === undefined) child.disconnect();
      else child.send(range);
    };
    child.on('message', (part) => {
      take(part as Campaign);
      give();
    });
    child.once('error', reject);
    child.once('exit', (status) => (status === 0 ? resolve() : reject(new Error(`a part of the simulation ended with status ${status ?? 'none'}`))));
    give();
  });
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

function mutants(): number {
  let survivors = 0;
  for (const { fault, seed, violation } of caughtMutants(MUTANT_SEEDS)) {
    if (seed === undefined) survivors++;
    console.log(seed === undefined ? `SURVIVED  ${fault}` : `caught    ${fault}: seed ${seed}: ${violation ?? ''}`);
  }
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

if (process.argv[2] === PART && process.send !== undefined) work();
else {
  const failed = (error: unknown): number => {
    process.stderr.write(`simulate: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    return 1;
  };
  void main().catch(failed).then((status) => (process.exitCode = status));
}
