// The bench's command line: the main job by default, a bench that is left running with `up`, `fault` and
// `down`, or the same rounds against real routers with --inventory. scripts/bench.ts runs it as a process.

import { accessSync, constants, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { faultHelp } from '../fault-fields.ts';
import { KME_FAULTS } from '../kme/faults.ts';
import { ask } from './control.ts';
import type { Method } from './inventories.ts';
import { type LabOptions, startLab } from './lab.ts';
import { controlPath, endBench, prepareFolder, serveBench, shellWord, startInBackground, UsageError } from './left-running.ts';
import { runMainJob } from './main-job.ts';
import { runOnRealRouters } from './real-routers.ts';
import { LEGEND } from './table.ts';
import { linksOf, routersOf, TOPOLOGIES, type Topology } from './topology.ts';
import { ROUTER_FAULTS } from '../router/faults/fault.ts';

const HELP = `usage: scripts/bench [--method METHOD] [--rotations N] [SHAPE]
                                                       main job: rotate keys, check, print a table; first by
                                                       pre-shared-key, then, moved live, by key-chain
       scripts/bench up --dir DIR [--method METHOD] [SHAPE]
                                                       leave a bench running; writes DIR/bench.json
       scripts/bench fault --dir DIR NAME JSON         switch a fault of a router or KME on
       scripts/bench fault --dir DIR NAME list         those that are on, with their numbers
       scripts/bench fault --dir DIR NAME clear [N]    switch one off, or all
       scripts/bench fault --help                      the faults there are
       scripts/bench down --dir DIR                    end it
       scripts/bench --inventory FILE [--rotations N]  the same rounds against the routers of an inventory

SHAPE: --routers N                      default 2
       --topology pairs|chain|star      pairs: a link each; chain: the middle ones have two links; star: one
                                        link, mx1 its master, all others slaves; default pairs
       --clock-offset NAME=SECONDS      a router's clock ahead (negative: behind); repeatable
METHOD: pre-shared-key or key-chain, of every link; up: pre-shared-key unless told; main job: both unless told
--rotations N: keys after the first, by each method; default 3

${LEGEND}`;

const FAULT_HELP = `usage: scripts/bench fault --dir DIR NAME '{"kind": KIND, FIELD: VALUE, ...}'
Fields in brackets may be left out. Every fault lasts until it is cleared; "times": N switches it off after N
uses, where a fault has uses (not: down, unreachable, fibre-cut, clock-offset, ntp-unsynchronised, refuse-certificate,
resumption-broken). "call": status|enc_keys|dec_keys limits a KME's fault to one call.

routers:
${faultHelp(ROUTER_FAULTS).map((line) => `  ${line}\n`).join('')}
KMEs:
${faultHelp(KME_FAULTS).map((line) => `  ${line}\n`).join('')}`;

const METHODS: readonly Method[] = ['pre-shared-key', 'key-chain'];

const OPTIONS = {
  dir: { type: 'string' },
  routers: { type: 'string' },
  topology: { type: 'string' },
  method: { type: 'string' },
  'clock-offset': { type: 'string', multiple: true },
  rotations: { type: 'string' },
  inventory: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const;

/** What the command line needs of the process it runs in. */
export interface BenchProcess {
  /** The bundled program. */
  readonly artifact: string;
  /** Starts this command line as a process of its own; the words of a command are added. */
  readonly self: readonly string[];
  /** Ends the command: nothing is left behind. */
  readonly signal: AbortSignal;
  readonly print: (text: string) => void;
}

type Values = ReturnType<typeof readArguments>['values'];
type Shape = Required<Pick<LabOptions, 'routers' | 'topology' | 'method' | 'clockOffsets'>>;

const COMMANDS: Readonly<Record<string, { readonly takes: readonly (keyof Values)[]; run(values: Values, words: readonly string[], own: BenchProcess): Promise<number> }>> = {
  job: { takes: ['routers', 'topology', 'method', 'clock-offset', 'rotations', 'inventory'], run: job },
  up: { takes: ['dir', 'routers', 'topology', 'method', 'clock-offset'], run: up },
  serve: { takes: ['dir', 'routers', 'topology', 'method', 'clock-offset'], run: serve },
  fault: { takes: ['dir'], run: fault },
  down: { takes: ['dir'], run: down },
};

/** Carries out one command line; resolves to the exit status. Rejects with UsageError or RangeError for status 2, any other error for 1. */
export async function benchCommand(argv: readonly string[], own: BenchProcess): Promise<number> {
  const { values, positionals } = readArguments(argv);
  const [name = 'job', ...words] = positionals;
  if (values.help) return said(own, name === 'fault' ? FAULT_HELP : HELP);
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (command === undefined || (name === 'job' && positionals.length > 0)) throw new UsageError(`unknown command ${JSON.stringify(name)}; scripts/bench --help`);
  if (name !== 'fault' && words[0] !== undefined) throw new UsageError(`unexpected argument ${JSON.stringify(words[0])}`);
  const foreign = (Object.keys(values) as (keyof Values)[]).find((option) => !command.takes.includes(option));
  if (foreign !== undefined) throw new UsageError(`--${foreign} does not go with ${name === 'job' ? 'the main job' : name}`);
  return command.run(values, words, own);
}

function readArguments(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], allowPositionals: true, options: OPTIONS });
  } catch (error) {
    throw new UsageError((error as Error).message.split('\n')[0]);
  }
}

async function job(values: Values, _: readonly string[], own: BenchProcess): Promise<number> {
  const rotations = whole('--rotations', values.rotations ?? '3');
  if (values.inventory !== undefined) return onRealRouters(values, rotations, own);
  const shape = shapeOf(values);
  const methods = values.method === undefined ? METHODS : [shape.method];
  const folder = mkdtempSync(join(tmpdir(), 'qkd-macsec-bench-'));
  try {
    const lab = await startLab({ ...shape, folder, artifact: own.artifact });
    try {
      return closing(own, await runMainJob({ lab, folder, methods, rotations, print: (line) => own.print(`${line}\n`), signal: own.signal }));
    } finally {
      await lab.close();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function onRealRouters(values: Values, rotations: number, own: BenchProcess): Promise<number> {
  const foreign = (Object.keys(values) as (keyof Values)[]).find((option) => option !== 'inventory' && option !== 'rotations');
  if (foreign !== undefined) throw new UsageError(`--${foreign} does not go with --inventory`);
  const inventory = resolve(values.inventory ?? '');
  try {
    accessSync(inventory, constants.R_OK);
  } catch (error) {
    throw new UsageError(`cannot read inventory ${inventory}: ${(error as NodeJS.ErrnoException).code}`);
  }
  return closing(own, await runOnRealRouters({ artifact: own.artifact, inventory, rotations, print: (line) => own.print(`${line}\n`) }));
}

function closing(own: BenchProcess, checks: { failures: readonly string[]; closingLine(): string }): number {
  for (const failure of checks.failures) own.print(`FAILED ${failure}\n`);
  own.print(`${checks.closingLine()}\n`);
  return checks.failures.length === 0 ? 0 : 1;
}

async function up(values: Values, _: readonly string[], own: BenchProcess): Promise<number> {
  const folder = folderOf(values);
  const { routers, topology, method, clockOffsets } = shapeOf(values);
  prepareFolder(folder);
  const offsets = [...clockOffsets].flatMap(([name, seconds]) => [`--clock-offset=${name}=${seconds}`]);
  const words = ['serve', '--dir', folder, '--routers', String(routers), '--topology', topology, '--method', method, ...offsets];
  await startInBackground(folder, [...own.self, ...words], own.signal);
  const launchers = routersOf(linksOf(topology, routers)).slice(0, 2).map((name) => `${shellWord(join(folder, name, 'launcher'))} run`);
  return said(own, `bench is up: ${join(folder, 'bench.json')}\nnext: ${launchers.join('; ')}\nend it: scripts/bench down --dir ${shellWord(folder)}\n`);
}

/** The bench of `up`, in this process. */
async function serve(values: Values, _: readonly string[], own: BenchProcess): Promise<number> {
  await serveBench({ ...shapeOf(values), folder: folderOf(values), artifact: own.artifact }, own.signal);
  return 0;
}

async function fault(values: Values, [target, what, ...more]: readonly string[], own: BenchProcess): Promise<number> {
  const folder = folderOf(values);
  if (target === undefined || what === undefined) throw new UsageError('fault needs NAME and one of JSON, list, clear; scripts/bench fault --help');
  const [number, extra] = what === 'clear' ? more : [undefined, more[0]];
  if (extra !== undefined) throw new UsageError(`unexpected argument ${JSON.stringify(extra)}`);
  const command = what === 'list' ? { list: true } : what === 'clear' ? { clear: number === undefined ? 'all' : whole('fault', number) } : { set: jsonOf(what) };
  const answer = await ask(controlPath(folder), { target, ...command });
  if (!answer.ok) throw new UsageError(answer.error);
  if (answer.faults !== undefined) return said(own, answer.faults.map((one) => `${JSON.stringify(one)}\n`).join(''));
  return said(own, answer.id === undefined ? `${target}: ${number === undefined ? 'no faults' : `fault ${number} is off`}\n` : `${target}: fault ${answer.id} is on\n`);
}

async function down(values: Values, _: readonly string[], own: BenchProcess): Promise<number> {
  const folder = folderOf(values);
  const outcome = await endBench(folder);
  return said(own, outcome === 'ended' ? `bench in ${folder} has ended\n` : `bench in ${folder} did not end and was killed\n`);
}

function folderOf({ dir }: Values): string {
  if (dir === undefined || dir === '') throw new UsageError('--dir DIR is missing');
  return resolve(dir);
}

/** Checks that it makes a bench, too. */
function shapeOf(values: Values): Shape {
  const routers = whole('--routers', values.routers ?? '2');
  const topology = oneOf<Topology>('--topology', values.topology ?? 'pairs', TOPOLOGIES);
  const method = oneOf<Method>('--method', values.method ?? 'pre-shared-key', METHODS);
  const names = routersOf(linksOf(topology, routers));
  const clockOffsets = new Map((values['clock-offset'] ?? []).map((text): [string, number] => {
    const [, name = '', seconds] = /^(\w+)=(-?\d{1,9})$/.exec(text) ?? [];
    if (!names.includes(name)) throw new UsageError(`--clock-offset ${JSON.stringify(text)} is not ROUTER=SECONDS for one of ${names[0]} to ${names.at(-1)}`);
    return [name, Number(seconds)];
  }));
  return { routers, topology, method, clockOffsets };
}

function oneOf<T extends string>(option: string, text: string, known: readonly T[]): T {
  const found = known.find((one) => one === text);
  if (found === undefined) throw new UsageError(`${option} ${JSON.stringify(text)} is not one of ${known.join(', ')}`);
  return found;
}

function whole(option: string, text: string): number {
  if (!/^\d{1,6}$/.test(text)) throw new UsageError(`${option} ${JSON.stringify(text)} is not a whole number`);
  return Number(text);
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new UsageError(`${JSON.stringify(text)} is not JSON, list or clear; scripts/bench fault --help`);
  }
}

function said(own: BenchProcess, text: string): number {
  own.print(text);
  return 0;
}
