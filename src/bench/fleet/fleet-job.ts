// The bench's off-box job: rotates every link of a fleet by one run of the artifact, and checks what an operator of a
// thousand links would: everything rotated, time that grows with the fleet and not faster, work per router near that
// of a bare login, memory; with faults, that they cost their own links only and are named. Ratios, not seconds: the
// machine is shared.

import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type Checks, makeChecks } from '../lab/checks.ts';
import type { Fault } from '../router/faults/fault.ts';
import type { BareResult } from './bare-client.ts';
import { runBareClient } from './bare-run.ts';
import { type BenchFleet, type FleetOptions, startFleet } from './fleet.ts';
import { type ProgramRun, runProgram } from './program-run.ts';

export interface FleetJob {
  /** Existing, empty folder. */
  readonly folder: string;
  /** The bundled program. */
  readonly artifact: string;
  readonly routers: number;
  /** Routers of the smaller fleet that times are compared with; runs of it, of which the median counts. */
  readonly compared: { readonly routers: number; readonly runs: number };
  readonly print: (line: string) => void;
  readonly system?: FleetOptions['system'];
}

/** What must hold. */
export const BOUNDS = {
  /** Time of the fleet by that of the compared one, for each router that it has more. */
  growth: 1.1,
  /**
   * Work per router by that of a bare login: processor time of the two processes, each from its first connection on.
   * By the clock both numbers would hold what the simulated routers do meanwhile, on the same processors, and they do
   * much more for a rotation than for a login: the clock is printed beside it.
   */
  perRouter: 3,
  /** Time until every other link is rotated with faulty routers, by the time without. */
  faulty: 1.5,
} as const;

/** MKA comes up within three hello times of the first key. */
const MKA_UP = 7_000;

interface Measured {
  readonly run: ProgramRun;
  /** The means of a run before the program's and one after it: the machine is shared. */
  readonly bare: BareResult;
  /** A bare program that makes the calls of a rotation: what no program can be cheaper than. Of the large fleet only. */
  readonly calls: BareResult | undefined;
  readonly allRotated: boolean;
}

/** The clean job. */
export async function runFleetJob(job: FleetJob): Promise<Checks> {
  const checks = makeChecks();
  job.print(HEAD);
  const small: Measured[] = [];
  for (let n = 1; n <= job.compared.runs; n += 1) small.push(await measured(job, job.compared.routers, `small-${n}`));
  const large = await measured(job, job.routers, 'large', { calls: true });
  checks.check('every link rotated, both ends on the same keys', large.allRotated && small.every((one) => one.allRotated), large.run.standardError.slice(0, 500));
  const growth = large.run.seconds / median(small.map(({ run }) => run.seconds));
  const bound = (BOUNDS.growth * job.routers) / job.compared.routers;
  checks.check(`time for ${job.routers} routers at most ${bound.toFixed(1)} times that for ${job.compared.routers}`, growth <= bound, `${growth.toFixed(1)} times`);
  const perRouter = large.run.workSeconds / large.bare.processorSeconds;
  checks.check(`work per router at most ${BOUNDS.perRouter} times a bare login`, perRouter <= BOUNDS.perRouter, `${perRouter.toFixed(2)} times`);
  job.print(`${job.routers} routers by ${job.compared.routers}: ${growth.toFixed(1)} times the time; per router ${perRouter.toFixed(2)} times the work of a bare login, ${(large.run.seconds / large.bare.seconds).toFixed(2)} times by the clock`);
  job.print(`a bare program with the same calls and nothing else: ${((large.calls?.processorSeconds ?? Number.NaN) / large.bare.processorSeconds).toFixed(2)} times the work of a bare login`);
  splitOf(large.run).forEach(job.print);
  return checks;
}

/** The same fleet without and with faults. */
export async function runFaultyFleetJob(job: FleetJob): Promise<Checks> {
  const checks = makeChecks();
  job.print(HEAD);
  const clean = await measured(job, job.routers, 'clean');
  checks.check('without faults every link rotated', clean.allRotated, clean.run.standardError.slice(0, 500));
  const { fleet, close } = await initialised(job, job.routers, 'faulty');
  try {
    const faults = faultsFor(fleet.routers.map(({ name }) => name));
    await fleet.break(new Map([...faults].map(([name, { fault }]) => [name, fault])));
    const run = await runProgram([job.artifact, '--offbox', '-i', fleet.inventory, 'rotate'], join(job.folder, 'faulty'));
    const broken = new Set(fleet.links.filter((link) => [link.master, ...link.slaves].some((end) => faults.has(end.router))).map(({ name }) => name));
    const others = run.links.filter(({ link }) => !broken.has(link));
    job.print(row(`${job.routers} faulty`, run));
    checks.check(`all ${others.length / 2} other links rotated`, others.length > 0 && others.every(isRotated), others.filter((end) => !isRotated(end)).map(({ device }) => device).join(', '));
    const [ofFaulty, ofClean] = [lastEnd(run, broken), lastEnd(clean.run, broken)];
    checks.check(`other links at most ${BOUNDS.faulty} times the clean time`, ofFaulty / ofClean <= BOUNDS.faulty, `${(ofFaulty / ofClean).toFixed(2)} times`);
    job.print(`other links done after ${ofFaulty.toFixed(1)} s, ${(ofFaulty / ofClean).toFixed(2)} times the clean run's ${ofClean.toFixed(1)} s`);
    for (const [name, { code, kind }] of faults) checkNamed(checks, run, { name, code, kind });
  } finally {
    await close();
  }
  return checks;
}

interface Expected {
  readonly kind: string;
  readonly fault: Fault;
  /** Of the error that names it; undefined: it may rotate, late. */
  readonly code: string | undefined;
}

/** 10 % dead (every second one silent), 10 % slow, 5 % that refuse commits, 5 % with another host key, spread over the fleet. */
function faultsFor(names: readonly string[]): Map<string, Expected> {
  const expected = (share: number): Expected | undefined => {
    if (share < 5) return { kind: 'down', fault: { kind: 'down' }, code: 'ssh-unreachable' };
    if (share < 10) return { kind: 'silent', fault: { kind: 'hang', where: 'connect' }, code: 'ssh-unreachable' };
    if (share < 20) return { kind: 'slow', fault: { kind: 'slow-reply', milliseconds: 5_000 }, code: undefined };
    if (share < 25) return { kind: 'refusing commits', fault: { kind: 'refuse-commit' }, code: 'commit-failed' };
    return share < 30 ? { kind: 'changed host key', fault: { kind: 'changed-host-key' }, code: 'ssh-host-key' } : undefined;
  };
  // 61 is prime to the numbers of routers that are asked for: every share is met.
  const faults = names.map((name, index) => [name, expected((100 * ((index * 61) % names.length)) / names.length)] as const);
  return new Map(faults.flatMap(([name, fault]) => (fault === undefined ? [] : [[name, fault]])));
}

function checkNamed(checks: Checks, run: ProgramRun, { name, code, kind }: { name: string; code: string | undefined; kind: string }): void {
  const own = run.links.filter(({ device }) => device === name);
  if (code === undefined) return checks.check(`${name} (${kind}) is reported`, own.length > 0 && own.every((end) => end.error === null || end.error.hint !== null));
  const named = own.some(({ error }) => error?.code === code && error.message.includes(name) && error.hint !== null);
  checks.check(`${name} (${kind}) is named with ${code} and a hint`, named, own.map(({ error, outcome }) => error?.message ?? outcome).join('; '));
}

async function measured(job: FleetJob, routers: number, name: string, also: { calls: boolean } = { calls: false }): Promise<Measured> {
  const { fleet, close } = await initialised(job, routers, name);
  try {
    const folder = join(job.folder, name);
    const login = (): Promise<BareResult> => runBareClient(fleet, { folder, atOnce: Math.min(routers, 64) });
    const before = await login();
    const run = await runProgram([job.artifact, '--offbox', '-i', fleet.inventory, 'rotate'], folder);
    const bare = mean(before, await login());
    const keys = await fleet.keys();
    const calls = also.calls ? await runBareClient(fleet, { folder, atOnce: Math.min(routers, 64), rotates: true }) : undefined;
    const same = fleet.links.every((link) => link.slaves.every((end) => String(keys.get(end.router)) === String(keys.get(link.master.router))));
    job.print(row(String(routers), run, bare));
    return { run, bare, calls, allRotated: run.links.length === routers && run.links.every(isRotated) && same };
  } finally {
    await close();
  }
}

function mean(a: BareResult, b: BareResult): BareResult {
  return { seconds: (a.seconds + b.seconds) / 2, processorSeconds: (a.processorSeconds + b.processorSeconds) / 2 };
}

/** A fleet whose links are up on their first key. */
async function initialised(job: FleetJob, routers: number, name: string): Promise<{ fleet: BenchFleet; close: () => Promise<void> }> {
  const folder = join(job.folder, name);
  await mkdir(folder);
  const fleet = await startFleet({ folder, routers, ...(job.system && { system: job.system }) });
  const run = await runProgram([job.artifact, '--offbox', '-i', fleet.inventory, 'init'], folder);
  await pause(MKA_UP);
  if (run.status === 0) return { fleet, close: fleet.close };
  await fleet.close();
  throw new Error(`initial configuration of ${routers} routers: ${run.standardError.slice(0, 500)}`);
}

const isRotated = (end: ProgramRun['links'][number]): boolean => ['rotated', 'confirmed'].includes(end.outcome);

/** Seconds from the first span of the run until the last of the links that are not `left out` was done. */
function lastEnd({ spans }: ProgramRun, leftOut: ReadonlySet<string>): number {
  const rotations = spans.filter((span) => span.name === 'rotation' && span.link !== undefined && !leftOut.has(span.link));
  const first = Math.min(...spans.map((span) => Date.parse(span.start)));
  return (Math.max(...rotations.map((span) => Date.parse(span.start) + span.ms)) - first) / 1000;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

const HEAD = 'routers     seconds  processor s  peak MB  bare seconds  bare processor s';

function row(routers: string, run: ProgramRun, bare?: BareResult): string {
  const cells = [run.seconds.toFixed(1).padStart(7), run.processorSeconds.toFixed(1).padStart(11), (run.peakBytes / 1e6).toFixed(0).padStart(7)];
  const other = bare === undefined ? [] : [bare.seconds.toFixed(1).padStart(12), bare.processorSeconds.toFixed(1).padStart(16)];
  return [routers.padEnd(10), ...cells, ...other].join('  ');
}

/** Where the time went, by name; spans of many routers lie at the same time. */
function splitOf({ spans }: ProgramRun): string[] {
  const sums = new Map<string, { count: number; ms: number }>();
  for (const { name, ms } of spans) {
    const { count, ms: before } = sums.get(name) ?? { count: 0, ms: 0 };
    sums.set(name, { count: count + 1, ms: before + ms });
  }
  return [...sums].map(([name, { count, ms }]) => `${name.padEnd(10)}  ${String(count).padStart(7)} spans  ${(ms / 1000).toFixed(1).padStart(8)} s  ${(ms / count).toFixed(1).padStart(8)} ms each`);
}
