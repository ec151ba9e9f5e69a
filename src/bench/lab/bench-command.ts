// The bench's command line: the main job by default, a bench that is left running with `up`, `fault` and
// `down`, or the same rounds against real routers with --inventory. scripts/bench.ts runs it as a process.

import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { KmeUsageError } from '../kme/kme-folder.ts';
import { otherKmes, readKmeUrls } from '../kme/other-kmes.ts';
import { FAULT_HELP, HELP } from './bench-help.ts';
import { type BenchProcess, type JobRequest, runJob, type Shape } from './bench-jobs.ts';
import { ask } from './control.ts';
import type { Method } from './inventories.ts';
import { controlPath, endBench, prepareFolder, serveBench, shellWord, startInBackground, UsageError } from './left-running.ts';
import { USUAL_PHASES } from './phases.ts';
import { KME_NAMES, linksOf, routersOf, TOPOLOGIES, type Topology } from './topology.ts';

/** In the order in which the main job takes them. */
const METHODS: readonly [Method, Method] = ['pre-shared-key', 'key-chain'];

const OPTIONS = {
  dir: { type: 'string' },
  routers: { type: 'string' },
  topology: { type: 'string' },
  method: { type: 'string' },
  'clock-offset': { type: 'string', multiple: true },
  'routing-engines': { type: 'string' },
  rotations: { type: 'string' },
  phases: { type: 'boolean' },
  phase: { type: 'string', multiple: true },
  crashes: { type: 'boolean' },
  offbox: { type: 'boolean' },
  faulty: { type: 'boolean' },
  inventory: { type: 'string' },
  kme: { type: 'string' },
  pki: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const;

type Values = ReturnType<typeof readArguments>['values'];

const COMMANDS: Readonly<Record<string, { readonly takes: readonly (keyof Values)[]; run(values: Values, words: readonly string[], own: BenchProcess): Promise<number> }>> = {
  job: { takes: ['routers', 'topology', 'method', 'clock-offset', 'routing-engines', 'rotations', 'phases', 'phase', 'crashes', 'offbox', 'faulty', 'inventory', 'kme', 'pki'], run: job },
  up: { takes: ['dir', 'routers', 'topology', 'method', 'clock-offset', 'routing-engines', 'kme', 'pki'], run: up },
  serve: { takes: ['dir', 'routers', 'topology', 'method', 'clock-offset', 'routing-engines', 'kme', 'pki'], run: serve },
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
  return runJob(requestOf(values), own);
}

function requestOf(values: Values): JobRequest {
  const rotations = whole('--rotations', values.rotations ?? '3');
  if (values.inventory !== undefined) {
    onlyWith(values, 'inventory', 'rotations');
    return { kind: 'real-routers', inventory: resolve(values.inventory), rotations };
  }
  if (values.crashes !== undefined) {
    onlyWith(values, 'crashes');
    return { kind: 'crashes' };
  }
  if (values.offbox !== undefined || values.faulty !== undefined) {
    if (values.offbox === undefined) throw new UsageError('--faulty goes with --offbox');
    onlyWith(values, 'offbox', 'routers', 'faulty');
    const routers = whole('--routers', values.routers ?? '50');
    linksOf('pairs', routers);
    return { kind: 'fleet', routers, faulty: values.faulty === true };
  }
  if (values.phases === undefined && values.phase === undefined) {
    // Of three ends or more one is without the others' key while pre-shared-keys are replaced one after the other.
    const isStar = values.topology === 'star';
    const shape = shapeOf({ method: METHODS[isStar ? 1 : 0], ...values });
    return { kind: 'main', shape, methods: values.method === undefined && !isStar ? METHODS : [shape.method], rotations };
  }
  onlyWith(values, 'phases', 'phase', 'rotations', 'kme', 'pki');
  const phases = (values.phase ?? USUAL_PHASES.map(String)).map((text) => whole('--phase', text));
  const wrong = phases.find((phase) => phase > 99);
  if (wrong !== undefined) throw new UsageError(`--phase ${wrong} is not from 0 to 99 per cent of an interval`);
  return { kind: 'phases', phases, rotations, ...kmesOf(values, routersOf(linksOf('pairs', 2 * phases.length))) };
}

/** Refuses every option but these. */
function onlyWith(values: Values, option: keyof Values, ...others: (keyof Values)[]): void {
  const foreign = (Object.keys(values) as (keyof Values)[]).find((one) => one !== option && !others.includes(one));
  if (foreign !== undefined) throw new UsageError(`--${foreign} does not go with --${option}`);
}

async function up(values: Values, _: readonly string[], own: BenchProcess): Promise<number> {
  const folder = folderOf(values);
  const { routers, topology, method, clockOffsets, kmes, platform } = shapeOf(values);
  prepareFolder(folder);
  const offsets = [...clockOffsets].flatMap(([name, seconds]) => [`--clock-offset=${name}=${seconds}`]);
  const words = ['serve', '--dir', folder, '--routers', String(routers), '--topology', topology, '--method', method, '--routing-engines', String(platform.routingEngines), ...offsets, ...(kmes === undefined ? [] : ['--kme', kmes.urls.join(','), '--pki', kmes.pki])];
  await startInBackground(folder, [...own.self, ...words], own.signal);
  const launchers = routersOf(linksOf(topology, routers)).slice(0, 2).map((name) => `${shellWord(join(folder, name, platform.routingEngines === 2 ? 're0' : '', 'launcher'))} run`);
  return said(own, `bench is up: ${join(folder, 'bench.json')}\nnext: ${launchers.join(' & ')}; wait\nend it: scripts/bench down --dir ${shellWord(folder)}\n`);
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
  const method = oneOf<Method>('--method', values.method ?? 'key-chain', METHODS);
  const names = routersOf(linksOf(topology, routers));
  const clockOffsets = new Map((values['clock-offset'] ?? []).map((text): [string, number] => {
    const [, name = '', seconds] = /^(\w+)=(-?\d{1,9})$/.exec(text) ?? [];
    if (!names.includes(name)) throw new UsageError(`--clock-offset ${JSON.stringify(text)} is not ROUTER=SECONDS for one of ${names[0]} to ${names.at(-1)}`);
    return [name, Number(seconds)];
  }));
  const routingEngines = oneOf('--routing-engines', values['routing-engines'] ?? '1', ['1', '2']) === '2' ? 2 : 1;
  return { routers, topology, method, clockOffsets, platform: { routingEngines }, ...kmesOf(values, names) };
}

/** KMEs that run elsewhere; their certificates are looked at before anything starts. */
function kmesOf({ kme, pki }: Values, names: readonly string[]): Pick<Shape, 'kmes'> {
  if ((kme === undefined) !== (pki === undefined)) throw new UsageError('--kme URL,URL and --pki DIR go together');
  if (kme === undefined || pki === undefined) return {};
  try {
    const kmes = { urls: readKmeUrls(kme), pki: resolve(pki) };
    otherKmes(kmes, KME_NAMES, names);
    return { kmes };
  } catch (error) {
    throw error instanceof KmeUsageError ? new UsageError(error.message) : error;
  }
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
