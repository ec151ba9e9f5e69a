// The bench's main job: every router runs the artifact as its own process, round after round, and the
// bench checks from outside what an operator cares about: both ends on one new key each round, the link
// never without a common key, no key bytes in any file or output.

import type { CommittedKey } from './committed-key.ts';
import { committedKey } from './committed-key.ts';
import { type ArtifactRun, runArtifact } from './artifact-process.ts';
import { type Checks, makeChecks } from './checks.ts';
import type { Lab } from './lab.ts';
import { keysFoundIn } from './secret-scan.ts';
import type { Pair } from './topology.ts';

export interface MainJob {
  readonly lab: Lab;
  /** Folder that is searched for key bytes. */
  readonly folder: string;
  /** Rotations after the first key. */
  readonly rotations: number;
  readonly print: (line: string) => void;
}

const COLUMNS = [8, 10, 38, 18, 20, 9] as const;

/** Runs the job, prints the table and resolves to the closing line's verdicts. */
export async function runMainJob(job: MainJob): Promise<Checks> {
  const checks = makeChecks();
  const output = new Map<string, string>();
  const upSince = new Map<string, number>();
  job.print(row(['round', 'link', 'key_ID', 'CKN', 'MKA', 'seconds']));
  for (let round = 0; round <= job.rotations; round += 1) {
    const before = new Map(job.lab.pairs.map((pair) => [pair.link, keyOf(job.lab, pair.master)]));
    const runs = new Map(await Promise.all([...job.lab.routers].map(async ([name, site]) => [name, await runArtifact([site.launcher, 'run', '--json'])] as const)));
    for (const [name, run] of runs) output.set(`output of ${name}, round ${round}`, run.standardOutput + run.standardError);
    for (const pair of job.lab.pairs) await judgeRound(job, checks, { round, pair, runs, before: before.get(pair.link), upSince });
  }
  for (const pair of job.lab.pairs) {
    const since = upSince.get(pair.link);
    checks.check(`${pair.link}: never without a common active key`, since !== undefined && !job.lab.cable(pair.link).wasEverDown(since));
  }
  const found = keysFoundIn([job.folder], output, job.lab.kmes.issuedKeys());
  checks.check('no key bytes in any file or output', found.length === 0, found.join(', '));
  return checks;
}

async function judgeRound(job: MainJob, checks: Checks, given: { round: number; pair: Pair; runs: ReadonlyMap<string, ArtifactRun>; before: CommittedKey | undefined; upSince: Map<string, number> }): Promise<void> {
  const { round, pair, runs, before, upSince } = given;
  const what = `round ${round} ${pair.link}`;
  const [master, slave] = [runs.get(pair.master) as ArtifactRun, runs.get(pair.slave) as ArtifactRun];
  for (const [name, run] of [[pair.master, master], [pair.slave, slave]] as const) checks.check(`${what}: ${name} exits 0`, run.status === 0, run.standardError.trim());
  const [here, there] = [keyOf(job.lab, pair.master), keyOf(job.lab, pair.slave)];
  checks.check(`${what}: same CKN and CAK`, here !== undefined && here.ckn === there?.ckn && here.cak === there.cak);
  checks.check(`${what}: a new key`, here !== undefined && here.ckn !== before?.ckn && here.cak !== before?.cak);
  const keyIds = [master, slave].map((run) => run.links.find((link) => link.link === pair.link)?.key_id);
  checks.check(`${what}: both report one key_ID`, keyIds[0] !== undefined && keyIds[0] === keyIds[1], keyIds.join(' and '));
  const live = await untilLive(job.lab, pair, here?.ckn);
  checks.check(`${what}: MKA uses it`, live);
  if (live && !upSince.has(pair.link)) upSince.set(pair.link, Date.now());
  const seconds = Math.max(master.seconds, slave.seconds).toFixed(1);
  job.print(row([round === 0 ? 'first' : String(round), pair.link, keyIds[0] ?? '-', `${here?.ckn.slice(0, 4) ?? ''}...${here?.ckn.slice(-8) ?? ''}`, live ? 'Secured - Primary' : 'not live', seconds]));
}

function keyOf(lab: Lab, router: string): CommittedKey | undefined {
  return committedKey(lab.routers.get(router)?.router.mgd.committed());
}

/** MKA needs a hello time after the later of the two commits. */
async function untilLive(lab: Lab, pair: Pair, ckn: string | undefined): Promise<boolean> {
  for (let tries = 0; tries < 100; tries += 1) {
    const live = lab.cable(pair.link).live();
    if (live !== undefined && live.ckn.toLowerCase() === ckn) return true;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return false;
}

function row(cells: readonly string[]): string {
  return cells.map((cell, column) => cell.padEnd(COLUMNS[column] ?? 0)).join('').trimEnd();
}
