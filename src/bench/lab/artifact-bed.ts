// A lab for black-box tests of the artifact: runs it as its own process on a router with one thing changed in
// that router's inventory, and tells from outside what the run said and what it left as it was.

import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type XmlElement, serialise } from '../../xml.ts';
import { type ArtifactRun, runArtifact } from './artifact-process.ts';
import type { LabSystem } from './inventories.ts';
import { type Lab, type LabSite, startLab } from './lab.ts';

/** The parts of a router's inventory that scenarios change. */
export interface InventoryJson {
  readonly system: Record<'rotation' | 'ssh' | 'netconf' | 'kme', object>;
  readonly secrets: Record<string, string>;
  readonly devices: Record<'mx1' | 'mx2', { kme: Record<string, string> } & Record<string, unknown>>;
  readonly links: { method: string }[];
}

export interface Bed {
  readonly folder: string;
  readonly lab: Lab;
  /** Standard output and error of every run so far, by a name. */
  readonly output: Map<string, string>;
  /** Runs the artifact on a router; `change` edits a copy of its inventory. */
  run(router: string, wish?: RunWish): Promise<ArtifactRun>;
  /** Runs it on both routers of the first link at the same time. */
  runBoth(wish?: RunWish): Promise<readonly [ArtifactRun, ArtifactRun]>;
  /** What a failed run must leave as it is: committed configuration, commits, records, lock. */
  state(router: string): string;
  site(router: string): LabSite;
  close(): Promise<void>;
}

export interface RunWish {
  readonly change?: (inventory: InventoryJson) => void;
  readonly arguments?: readonly string[];
  readonly limitSeconds?: number;
}

/** Starts a lab of two routers that run `code`, the bundled program, with short times that suit loopback. */
export async function startBed(code: Uint8Array): Promise<Bed> {
  const folder = mkdtempSync(join(tmpdir(), 'qkd-macsec-bed-'));
  const artifact = join(folder, 'qkd-macsec.js');
  writeFileSync(artifact, code, { mode: 0o755 });
  const lab = await startLab({ folder, routers: 2, artifact, method: 'pre-shared-key', hello: 20, system: SHORT }).catch((error: unknown) => {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  });
  const commits = watchCommits(lab);
  const output = new Map<string, string>();
  const site = (router: string): LabSite => {
    const found = lab.routers.get(router);
    if (found === undefined) throw new Error(`no router ${router}`);
    return found;
  };
  const run = async (router: string, wish: RunWish = {}): Promise<ArtifactRun> => {
    const argv = [process.execPath, '--disallow-code-generation-from-strings', artifact, '--onbox', '--inventory', inventoryOf(site(router), wish)];
    const done = await runArtifact([...argv, 'run', '--json', '--trace', ...(wish.arguments ?? [])], wish.limitSeconds ?? 60);
    output.set(`run ${output.size + 1} on ${router}`, done.standardOutput + done.standardError);
    return done;
  };
  return {
    folder,
    lab,
    output,
    site,
    run,
    runBoth: (wish) => Promise.all([run('mx1', wish), run('mx2', wish)]),
    state: (router) => stateOf(site(router), commits.get(router) ?? 0),
    close: async () => {
      await lab.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Long enough for a busy machine to answer in; scenarios that wait for an end shorten what they wait for. */
const SHORT: LabSystem = {
  rotation: { wait: 5, poll: 0.2 },
  ssh: { attempts: 2, delay: 0.1, timeout: 4 },
  netconf: { rpc_timeout: 5, commit_timeout: 5, lock_wait: 0.3 },
  kme: { attempt_timeout: 4, deadline: 4 },
};

function inventoryOf({ home }: LabSite, { change }: RunWish): string {
  const inventory = JSON.parse(readFileSync(join(home, 'inventory.json'), 'utf8')) as InventoryJson;
  for (const link of inventory.links) link.method = 'pre-shared-key';
  change?.(inventory);
  const changed = join(home, 'changed.json');
  writeFileSync(changed, JSON.stringify(inventory), { mode: 0o600 });
  return changed;
}

function watchCommits(lab: Lab): Map<string, number> {
  const commits = new Map<string, number>();
  for (const [name, { router }] of lab.routers) router.mgd.onCommit(() => void commits.set(name, (commits.get(name) ?? 0) + 1));
  return commits;
}

function stateOf({ router, home }: LabSite, commits: number): string {
  const records = join(home, 'records');
  const files = existsSync(records) ? readdirSync(records).map((name) => [name, readFileSync(join(records, name), 'utf8')]) : [];
  const committed = createHash('sha256').update(serialise(router.mgd.committed() as XmlElement)).digest('hex');
  return JSON.stringify({ commits, committed, files, locked: existsSync(join(home, 'run.lock')) });
}

/** What an operator reads: the one error line, without the link and device that it begins with, and its hint. Throws when standard error holds anything else. */
export function complaint(run: ArtifactRun): { readonly error: string; readonly hint: string } {
  const lines = run.standardError.split('\n');
  const [error = '', hint = '', end, ...more] = lines;
  if (!error.startsWith('error: ') || !/^hint: [a-z]/.test(hint) || end !== '' || more.length > 0) throw new Error(`not one error and one hint: ${run.standardError}`);
  const parts = error.slice('error: '.length).split(/: |; /);
  const twice = parts.find((part, index) => parts.indexOf(part) !== index && part.length > 3);
  if (twice !== undefined) throw new Error(`said twice, ${JSON.stringify(twice)}: ${error}`);
  const [failed] = run.links.filter((link) => link.error !== null);
  const where = failed === undefined ? 'error: ' : `error: ${failed.link} on ${failed.device}: `;
  if (!error.startsWith(where)) throw new Error(`does not say where: ${error}`);
  return { error: error.slice(where.length), hint: hint.slice('hint: '.length) };
}

/**
 * Good runs on both ends, after which both have the same key: a new one, or the present one when the slave had yet to
 * take it. A slave that took it while the master went on gets one run more. Throws when they do not agree.
 */
export async function converge(bed: Bed): Promise<void> {
  const runs = [...(await bed.runBoth())];
  const cknOf = (router: string): string | null | undefined => runs.findLast((run) => run.links[0]?.device === router)?.links[0]?.ckn;
  if (cknOf('mx1') !== cknOf('mx2')) runs.push(await bed.run('mx2'));
  const agreed = runs.every((run) => run.status === 0) && /^(?:rotated|confirmed)$/.test(runs[0]?.links[0]?.outcome ?? '') && cknOf('mx1') === cknOf('mx2');
  if (!agreed) throw new Error(`no common key: ${runs.map((run) => run.standardOutput + run.standardError).join('\n')}`);
}
