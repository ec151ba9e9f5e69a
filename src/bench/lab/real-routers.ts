// The bench's rounds against real routers (vJunos, cRPD, hardware) of an inventory: the artifact runs
// off-box, and what it reports is checked. A real router shows no CAK, so agreement is judged by CKN and
// by the MKA sessions.

import { type ArtifactLink, runArtifact } from './artifact-process.ts';
import { type Checks, makeChecks } from './checks.ts';

export interface RealRouters {
  readonly artifact: string;
  readonly inventory: string;
  readonly rotations: number;
  readonly print: (line: string) => void;
}

/** Runs a first round and `rotations` more; one line per link and round. */
export async function runOnRealRouters(job: RealRouters): Promise<Checks> {
  const checks = makeChecks();
  const last = new Map<string, string | null>();
  for (let round = 0; round <= job.rotations; round += 1) {
    const run = await runArtifact([process.execPath, job.artifact, '--offbox', '--inventory', job.inventory, 'run', '--json'], 900);
    checks.check(`round ${round}: exits 0`, run.status === 0, run.standardError.trim());
    for (const [link, ends] of byLink(run.links)) {
      const [first] = ends;
      const ckn = first?.ckn ?? null;
      checks.check(`round ${round} ${link}: one CKN on all ends`, ckn !== null && ends.every((end) => end.ckn === ckn), ends.map((end) => `${end.device} ${end.ckn ?? end.error?.message ?? 'none'}`).join(', '));
      checks.check(`round ${round} ${link}: a new key`, ckn !== last.get(link));
      last.set(link, ckn);
      job.print(`round ${round}  ${link}  key_ID ${first?.key_id ?? '-'}  MKA ${ends.map((end) => `${end.device}: ${end.mka ?? '-'}`).join(', ')}  ${run.seconds.toFixed(1)} s`);
    }
    checks.check(`round ${round}: links were worked on`, run.links.length > 0, run.standardError.trim());
  }
  return checks;
}

function byLink(links: readonly ArtifactLink[]): Map<string, ArtifactLink[]> {
  const found = new Map<string, ArtifactLink[]>();
  for (const link of links) found.set(link.link, [...(found.get(link.link) ?? []), link]);
  return found;
}
