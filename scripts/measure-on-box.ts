// Measures the artifact on a bench of two routers, as a router's event policy runs it: what a run with nothing to do
// takes beside a bare program that makes the same round trips (bare-round-trips.ts), and the peak memory of a run that
// rotates. Memory is what the operating system counted; times are medians of runs that take turns with `node -e 0`.

import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { startLab } from '../src/bench/lab/lab.ts';
import type { Lab, LabSite } from '../src/bench/lab/lab.ts';
import { LOGIN } from '../src/bench/lab/topology.ts';

export interface OnBoxCost {
  /** Medians. */
  readonly idle: Taken;
  readonly bare: Taken;
  /** The bare program: so many requests to the same mgd, a login to the other router and its record. */
  readonly roundTrips: Taken;
  readonly requests: number;
  /** Peak resident bytes, medians: of a rotation, the larger of both ends; of `node -e 0`. */
  readonly rotationPeak: number;
  readonly barePeak: number;
}

/** Milliseconds that a process took: by the clock, and of the processors. */
export interface Taken {
  readonly wall: number;
  readonly processor: number;
}

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const LABS = 3;

/**
 * What the processes get of our environment. Not NODE_EXTRA_CA_CERTS: with it Node 20 reads a machine's CA certificates
 * before it runs anything, and `node -e 0` takes more than twice its time.
 */
const ENVIRONMENT = { PATH: process.env['PATH'], NODE_PATH: join(ROOT, 'node_modules') };

const USAGE = `process.on('exit', () => {
  const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
  require('node:fs').writeFileSync(process.env.QKD_USAGE, JSON.stringify({ maxRSS, cpu: userCPUTime + systemCPUTime }));
});`;

export interface Ran extends Taken {
  readonly peakBytes: number;
  readonly output: string;
}

/** Runs node; what it used is written by the process itself, beside `usage`. Rejects when it fails. */
export function node(argv: readonly string[], usage: string): Promise<Ran> {
  writeFileSync(`${usage}.cjs`, USAGE);
  const from = performance.now();
  const child = spawn(process.execPath, ['--require', `${usage}.cjs`, ...argv], { stdio: ['ignore', 'pipe', 'pipe'], env: { ...ENVIRONMENT, QKD_USAGE: usage } });
  const timer = setTimeout(() => child.kill('SIGKILL'), 120_000);
  let [output, errors] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', () => clearTimeout(timer));
    child.once('close', (status) => {
      const wall = performance.now() - from;
      if (status !== 0) return reject(new Error(`node ${argv.join(' ')}: status ${status}: ${errors.split('\n')[0] ?? ''}`));
      const { maxRSS, cpu } = JSON.parse(readFileSync(usage, 'utf8')) as { maxRSS: number; cpu: number };
      resolve({ wall, processor: cpu / 1000, peakBytes: maxRSS * 1024, output });
    });
  });
}

/** Brings up benches, one after the other, and measures `artifact` on them. */
export async function onBoxCost(artifact: string, runs: number): Promise<OnBoxCost> {
  const folder = mkdtempSync(join(tmpdir(), 'qkd-macsec-on-box-'));
  try {
    const barePeaks: number[] = [];
    const rotationPeaks: number[] = [];
    for (let lab = 1; lab < LABS; lab += 1) rotationPeaks.push(await onBench(folder, artifact, (sites) => rotations(artifact, sites, folder)));
    const idle = await onBench(folder, artifact, async (sites) => {
      rotationPeaks.push(await rotations(artifact, sites, folder));
      return idleRuns(artifact, { site: sites[0] as LabSite, peer: sites[1] as LabSite, folder, runs });
    });
    for (let run = 0; run < LABS; run += 1) barePeaks.push((await node(['-e', '0'], join(folder, 'bare'))).peakBytes);
    return { ...idle, rotationPeak: median(rotationPeaks), barePeak: median(barePeaks) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function onBench<T>(parent: string, artifact: string, measured: (sites: readonly LabSite[]) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(parent, 'bench-'));
  const lab: Lab = await startLab({ folder, routers: 2, artifact, method: 'key-chain', hello: 50, system: { rotation: { wait: 60 } } });
  try {
    return await measured([...lab.routers.values()]);
  } finally {
    await lab.close();
  }
}

/** The first run brings the link up, the second rotates: the larger peak of its two ends. */
async function rotations(artifact: string, sites: readonly LabSite[], folder: string): Promise<number> {
  const both = (): Promise<Ran[]> => Promise.all(sites.map((site, index) => node(onBox(artifact, inventoryOf(site)), join(folder, `rotation-${index}`))));
  await both();
  return Math.max(...(await both()).map(({ peakBytes }) => peakBytes));
}

const onBox = (artifact: string, inventory: string, ...more: string[]): string[] => [artifact, '--onbox', '-i', inventory, 'run', '--json', ...more];

/** The router's inventory with its mgd at the socket: a child process of the bench would be measured too. */
function inventoryOf({ home, router }: LabSite): string {
  const inventory = JSON.parse(readFileSync(join(home, 'inventory.json'), 'utf8')) as { system: { netconf?: Record<string, unknown> } };
  inventory.system.netconf = { ...inventory.system.netconf, mgd_socket: router.mgdSocket };
  delete inventory.system.netconf['mgd_command'];
  const changed = join(home, 'measured.json');
  writeFileSync(changed, JSON.stringify(inventory), { mode: 0o600 });
  return changed;
}

async function idleRuns(artifact: string, { site, peer, folder, runs }: { site: LabSite; peer: LabSite; folder: string; runs: number }): Promise<Pick<OnBoxCost, 'idle' | 'bare' | 'roundTrips' | 'requests'>> {
  const inventory = inventoryOf(site);
  const profile = join(folder, 'profile.jsonl');
  const usage = join(folder, 'idle');
  const { output } = await node(onBox(artifact, inventory, '--profile', profile), usage);
  const outcomes = (JSON.parse(output) as { links: { outcome: string }[] }).links.map(({ outcome }) => outcome);
  if (outcomes.some((outcome) => !['unchanged', 'confirmed', 'waiting'].includes(outcome))) throw new Error(`a run that should have nothing to do: ${outcomes.join(', ')}`);
  const requests = readFileSync(profile, 'utf8').split('\n').filter((line) => line.includes('"name":"rpc"')).length;
  const exchange = await bareProgram(folder, [site.router.mgdSocket, String(requests), String(peer.router.sshPort), LOGIN, site.privateKeyFile, recordOf(inventory, 'mx2')]);
  const turns = { idle: [] as Taken[], bare: [] as Taken[], roundTrips: [] as Taken[] };
  for (let turn = 0; turn < runs; turn += 1) {
    turns.bare.push(await node(['-e', '0'], usage));
    turns.roundTrips.push(await node(exchange, usage));
    turns.idle.push(await node(onBox(artifact, inventory), usage));
  }
  return { idle: medians(turns.idle), bare: medians(turns.bare), roundTrips: medians(turns.roundTrips), requests };
}

/** Where the inventory says that the other end's record is. */
function recordOf(inventory: string, device: string): string {
  const { paths } = JSON.parse(readFileSync(inventory, 'utf8')) as { paths: { peer_record: string } };
  return paths.peer_record.replaceAll('{}', device);
}

/** The words after `node` that run it. ssh2 is loaded from its package, as a program of somebody else would. */
async function bareProgram(folder: string, words: readonly string[]): Promise<string[]> {
  const outfile = join(folder, 'bare-round-trips.cjs');
  await build({ absWorkingDir: ROOT, entryPoints: ['scripts/bare-round-trips.ts'], outfile, bundle: true, platform: 'node', target: 'node20', format: 'cjs', external: ['ssh2'], logLevel: 'silent' });
  return [outfile, ...words];
}

export function medians(taken: readonly Taken[]): Taken {
  return { wall: median(taken.map(({ wall }) => wall)), processor: median(taken.map(({ processor }) => processor)) };
}

/** The middle one; of an even number the upper. */
function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
