// The bench's main job: every router runs the artifact as its own process, round after round, and the
// bench checks from outside what an operator cares about: both ends on one new key each round, the link
// never without a common key, no key bytes in any file or output.

import { type ArtifactRun, runArtifact } from './artifact-process.ts';
import { type Checks, makeChecks } from './checks.ts';
import { type CommittedKey, committedKey } from './committed-key.ts';
import type { Lab } from './lab.ts';
import { keysFoundIn } from './secret-scan.ts';
import { endsOf, type LabLink } from './topology.ts';

export interface MainJob {
  readonly lab: Lab;
  /** Folder that is searched for key bytes. */
  readonly folder: string;
  /** Rotations after the first key. */
  readonly rotations: number;
  readonly print: (line: string) => void;
  /** Ends the job: programs that run are killed. */
  readonly signal: AbortSignal;
}

interface Round {
  readonly number: number;
  readonly link: LabLink;
  readonly runs: ReadonlyMap<string, ArtifactRun>;
  /** The key before this round. */
  readonly before: CommittedKey | undefined;
}

const COLUMNS = [8, 12, 38, 18, 20, 9] as const;
/** Seconds; a run waits for the other end at most half a minute. */
const LONGEST_RUN = 180;
/** MKA needs a hello time after the later of the commits, and a busy machine its time. */
const LONGEST_WAIT_FOR_MKA = 30_000;

/** Runs the job, prints the table and resolves to the closing line's verdicts. Rejects when it is ended from outside. */
export async function runMainJob(job: MainJob): Promise<Checks> {
  const { lab, signal } = job;
  const checks = makeChecks();
  const output = new Map<string, string>();
  const upSince = new Map<string, number>();
  job.print(row(['round', 'link', 'key_ID', 'CKN', 'MKA', 'seconds']));
  for (let number = 0; number <= job.rotations; number += 1) {
    const before = new Map(lab.links.map((link) => [link.name, keysOf(lab, link)[0]]));
    const runs = new Map(await Promise.all([...lab.routers].map(async ([name, site]) => [name, await runArtifact([site.launcher, 'run', '--json'], LONGEST_RUN, signal)] as const)));
    signal.throwIfAborted();
    for (const [name, run] of runs) {
      output.set(`output of ${name}, round ${number}`, run.standardOutput + run.standardError);
      checks.check(`round ${number}: ${name} exits 0`, run.status === 0, run.standardError.trim());
    }
    for (const link of lab.links) {
      const live = await judgeRound(job, checks, { number, link, runs, before: before.get(link.name) });
      if (live && !upSince.has(link.name)) upSince.set(link.name, Date.now());
    }
  }
  for (const { name } of lab.links) {
    const since = upSince.get(name);
    checks.check(`${name}: never without a common active key`, since !== undefined && !lab.cable(name).wasEverDown(since));
  }
  const found = keysFoundIn([job.folder], output, lab.kmes.issuedKeys());
  checks.check('no key bytes in any file or output', found.length === 0, found.join(', '));
  return checks;
}

/** One line of the table; true when the ends are live on their common key. */
async function judgeRound(job: MainJob, checks: Checks, { number, link, runs, before }: Round): Promise<boolean> {
  const what = `round ${number} ${link.name}`;
  const ends = endsOf(link).map(({ router }) => router);
  const keys = keysOf(job.lab, link);
  const [key] = keys;
  checks.check(`${what}: same CKN and CAK`, key !== undefined && keys.every((other) => other?.ckn === key.ckn && other.cak === key.cak));
  checks.check(`${what}: a new key`, key !== undefined && key.ckn !== before?.ckn && key.cak !== before?.cak);
  const keyIds = ends.map((router) => runs.get(router)?.links.find((one) => one.link === link.name)?.key_id ?? undefined);
  checks.check(`${what}: all report one key_ID`, keyIds[0] !== undefined && keyIds.every((keyId) => keyId === keyIds[0]), keyIds.join(' and '));
  const live = await untilLive(job, link, key?.ckn);
  checks.check(`${what}: MKA uses it`, live);
  const seconds = Math.max(...ends.map((router) => runs.get(router)?.seconds ?? 0)).toFixed(1);
  job.print(row([number === 0 ? 'first' : String(number), link.name, keyIds[0] ?? '-', `${key?.ckn.slice(0, 4) ?? ''}...${key?.ckn.slice(-8) ?? ''}`, live ? 'Secured - Primary' : 'not live', seconds]));
  return live;
}

/** What each end has committed, master first. */
function keysOf(lab: Lab, link: LabLink): (CommittedKey | undefined)[] {
  return endsOf(link).map(({ router }) => {
    const site = lab.routers.get(router);
    return site && committedKey(site.router.mgd.committed(), link.association, site.router.now());
  });
}

async function untilLive({ lab, signal }: MainJob, link: LabLink, ckn: string | undefined): Promise<boolean> {
  const cable = lab.cable(link.name);
  for (let waited = 0; waited < LONGEST_WAIT_FOR_MKA && ckn !== undefined; waited += 100) {
    const live = cable.live();
    if (live?.ckn.toLowerCase() === ckn && cable.history.at(-1)?.state === 'up') return true;
    await new Promise((resolve) => setTimeout(resolve, 100));
    signal.throwIfAborted();
  }
  return false;
}

function row(cells: readonly string[]): string {
  return cells.map((cell, column) => cell.padEnd(COLUMNS[column] ?? 0)).join('').trimEnd();
}
