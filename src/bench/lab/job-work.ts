// What the parts of the bench's main job (main-job.ts) share: the job itself, its verdicts, what the program
// has said so far, and a watch on the keys of every link.

import { type ArtifactRun, runArtifact } from './artifact-process.ts';
import { type Checks, makeChecks } from './checks.ts';
import type { Method } from './inventories.ts';
import { KeyWatch } from './key-watch.ts';
import type { Lab } from './lab.ts';
import { must } from './router-home.ts';

export interface MainJob {
  /** Started with the first of `methods`. */
  readonly lab: Lab;
  /** Folder that is searched for key bytes. */
  readonly folder: string;
  /** One after the other on the same links. */
  readonly methods: readonly Method[];
  /** Rotations by each method. */
  readonly rotations: number;
  /** Method key-chain: seconds from tick to tick. */
  readonly interval: number;
  readonly print: (line: string) => void;
  /** Ends the job: programs that run are killed. */
  readonly signal: AbortSignal;
}

export interface JobWork extends MainJob {
  readonly checks: Checks;
  /** Standard output and error of every run, by a name. */
  readonly output: Map<string, string>;
  /** By link. */
  readonly watches: ReadonlyMap<string, KeyWatch>;
}

/** Seconds; a run waits for the other end at most half a minute. */
const LONGEST_RUN = 180;

export function beginWork(job: MainJob): JobWork {
  const watches = new Map(job.lab.links.map(({ name }) => [name, new KeyWatch(job.lab.cable(name))]));
  return { ...job, checks: makeChecks(), output: new Map(), watches };
}

/** Runs the artifact on a router and checks its exit status; `when` says which run it is. Rejects when the job is ended. */
export async function runOn(work: JobWork, router: string, when: string): Promise<ArtifactRun> {
  const { argv, json } = must(work.lab.routers, router).event;
  const run = await runArtifact([...argv, ...json], LONGEST_RUN, work.signal);
  work.signal.throwIfAborted();
  work.output.set(`output of ${router}, ${when}`, run.standardOutput + run.standardError);
  work.checks.check(`${when}: ${router} exits 0`, run.status === 0, run.standardError.trim());
  return run;
}
