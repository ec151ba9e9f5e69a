// The jobs that scripts/bench runs to their end, each on benches of its own in a temporary folder: the main job,
// the phases of the timers, crashes, the same rounds against real routers. They print as they go, then what failed,
// and last the number of checks.

import { accessSync, constants, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { KmeUsageError } from '../kme/kme-folder.ts';
import { type OtherKmes, otherKmes } from '../kme/other-kmes.ts';
import type { Checks } from './checks.ts';
import type { Method } from './inventories.ts';
import { runCrashes } from './crashes.ts';
import { intervalFor } from './key-chain-rounds.ts';
import { type LabOptions, startLab } from './lab.ts';
import { UsageError } from './left-running.ts';
import { runMainJob } from './main-job.ts';
import { runFaultyFleetJob, runFleetJob } from '../fleet/fleet-job.ts';
import { type PhasesJob, type PhasesResult, runPhases, USUAL_PHASES } from './phases.ts';
import { runOnRealRouters } from './real-routers.ts';
import { tableHead } from './table.ts';
import { KME_NAMES, linksOf, routersOf } from './topology.ts';

export type Shape = Required<Pick<LabOptions, 'routers' | 'topology' | 'method' | 'clockOffsets' | 'platform'>> & Pick<LabOptions, 'kmes'>;

export type JobRequest =
  /** By both methods: with the usual phases at the same time. */
  | { readonly kind: 'main'; readonly shape: Shape; readonly methods: readonly Method[]; readonly rotations: number }
  | { readonly kind: 'phases'; readonly phases: readonly number[]; readonly rotations: number; readonly kmes?: OtherKmes }
  | { readonly kind: 'crashes' }
  /** One run of the program off-box over many routers. */
  | { readonly kind: 'fleet'; readonly routers: number; readonly faulty: boolean }
  | { readonly kind: 'real-routers'; readonly inventory: string; readonly rotations: number };

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

/** What every job gets: its folder, which is removed afterwards, where it prints, and what ends it. */
interface JobPlace {
  readonly folder: string;
  readonly artifact: string;
  readonly print: (line: string) => void;
  readonly signal: AbortSignal;
}

/** Runs one job; resolves to the exit status. Rejects with UsageError for an inventory that cannot be read, and when it is ended. */
export async function runJob(request: JobRequest, own: BenchProcess): Promise<number> {
  if (request.kind === 'real-routers') return closing(own, await onRealRouters(request, own));
  const folder = mkdtempSync(join(tmpdir(), 'qkd-macsec-bench-'));
  const place = { folder, artifact: own.artifact, print: (line: string) => own.print(`${line}\n`), signal: own.signal };
  try {
    if (request.kind === 'crashes') return closing(own, await runCrashes({ ...place, every: 1, offset: 1, parallel: availableParallelism() + 1 }));
    if (request.kind === 'fleet') return closing(own, await fleetJob(request, place));
    const interval = await intervalFor(own.artifact, own.signal);
    return closing(own, request.kind === 'main' ? await mainJob(request, interval, place) : await phasesJob(request, interval, place));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Compared with a fleet a tenth as large, three times; where that is too small to tell, with itself. */
function fleetJob({ routers, faulty }: JobRequest & { kind: 'fleet' }, place: JobPlace): Promise<Checks> {
  const job = { ...place, routers, compared: { routers: Math.max(2, Math.round(routers / 20) * 2), runs: 3 } };
  return faulty ? runFaultyFleetJob(job) : runFleetJob(job);
}

async function mainJob(request: JobRequest & { kind: 'main' }, interval: number, place: JobPlace): Promise<Checks> {
  const { shape, methods, rotations } = request;
  const beside = new AbortController();
  const signal = AbortSignal.any([place.signal, beside.signal]);
  const usual = { ...inside(place, 'phases'), signal, print: () => undefined, phases: USUAL_PHASES, interval, rotations, kmes: shape.kmes };
  const phases = methods.length < 2 || shape.kmes !== undefined ? undefined : runPhases(usual);
  // Judged below; a failure of the main part must not leave this one unwatched.
  phases?.catch(() => undefined);
  try {
    const main = inside(place, 'main');
    const lab = await startLab({ ...shape, folder: main.folder, artifact: place.artifact });
    try {
      const checks = await runMainJob({ ...main, lab, methods, rotations, interval });
      // Afterwards on KMEs that run elsewhere: mx1 and mx2 are SAEs of both parts.
      const apart = methods.length > 1 && shape.kmes !== undefined ? await phasesElsewhere(usual, shape.kmes) : await phases;
      if (typeof apart === 'string') place.print(`\ntimers apart: left out: ${apart}`);
      if (apart === undefined || typeof apart === 'string') return checks;
      place.print('');
      for (const line of apart.lines) place.print(line);
      checks.add(apart.checks, 'timers apart');
      return checks;
    } finally {
      await lab.close();
    }
  } finally {
    beside.abort(new Error('the main part has failed'));
    await phases?.catch(() => undefined);
  }
}

/** On KMEs that run elsewhere; without certificates for so many routers the reason, as text. */
async function phasesElsewhere(usual: PhasesJob, kmes: OtherKmes): Promise<PhasesResult | string> {
  try {
    otherKmes(kmes, KME_NAMES, routersOf(linksOf('pairs', 2 * usual.phases.length)));
  } catch (error) {
    if (error instanceof KmeUsageError) return error.message;
    throw error;
  }
  return runPhases(usual);
}

async function phasesJob(request: JobRequest & { kind: 'phases' }, interval: number, place: JobPlace): Promise<Checks> {
  place.print(tableHead());
  const { checks, lines } = await runPhases({ ...place, ...request, interval });
  place.print('');
  for (const line of lines) place.print(line);
  return checks;
}

function inside(place: JobPlace, name: string): JobPlace {
  const folder = join(place.folder, name);
  mkdirSync(folder, { mode: 0o700 });
  return { ...place, folder };
}

function onRealRouters({ inventory, rotations }: JobRequest & { kind: 'real-routers' }, own: BenchProcess): Promise<Checks> {
  try {
    accessSync(inventory, constants.R_OK);
  } catch (error) {
    throw new UsageError(`cannot read inventory ${inventory}: ${(error as NodeJS.ErrnoException).code}`);
  }
  return runOnRealRouters({ artifact: own.artifact, inventory, rotations, print: (line) => own.print(`${line}\n`) });
}

function closing(own: BenchProcess, checks: Checks): number {
  for (const failure of checks.failures) own.print(`FAILED ${failure}\n`);
  own.print(`${checks.closingLine()}\n`);
  return checks.failures.length === 0 ? 0 : 1;
}
