// Measures the artifact on a bench of two routers, as a router's event policy runs it: what a run with nothing to do
// takes beside the bare round trips of the same requests, and the peak memory of a run that rotates. Memory is what the
// operating system counted; times are medians of runs that take turns with `node -e 0`.

import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ssh2 from 'ssh2';
import { startLab } from '../src/bench/lab/lab.ts';
import type { Lab, LabSite } from '../src/bench/lab/lab.ts';
import { LOGIN } from '../src/bench/lab/topology.ts';

export interface OnBoxCost {
  /** Medians. */
  readonly idle: Taken;
  readonly bare: Taken;
  /** Median in milliseconds: so many requests over a socket to the same mgd, and a login to the other router with one command, from a process that runs already. */
  readonly roundTrips: number;
  readonly requests: number;
  /** Peak resident bytes: of a rotation, the larger of both ends; of `node -e 0`. */
  readonly rotationPeak: number;
  readonly barePeak: number;
}

/** Milliseconds that a process took: by the clock, and of the processors. */
export interface Taken {
  readonly wall: number;
  readonly processor: number;
}

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
  const child = spawn(process.execPath, ['--require', `${usage}.cjs`, ...argv], { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, QKD_USAGE: usage } });
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

/** Brings up a bench and measures `artifact` on it. */
export async function onBoxCost(artifact: string, runs: number): Promise<OnBoxCost> {
  const folder = mkdtempSync(join(tmpdir(), 'qkd-macsec-on-box-'));
  let lab: Lab | undefined;
  try {
    lab = await startLab({ folder, routers: 2, artifact, method: 'key-chain', hello: 50, system: { rotation: { wait: 60, poll: 0.2 } } });
    const sites = [...lab.routers.values()];
    const rotationPeak = await rotations(artifact, sites, folder);
    return { ...(await idleRuns(artifact, { site: sites[0] as LabSite, peer: sites[1] as LabSite, folder, runs })), rotationPeak, barePeak: (await node(['-e', '0'], join(folder, 'bare'))).peakBytes };
  } finally {
    await lab?.close();
    rmSync(folder, { recursive: true, force: true });
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
  const turns = { idle: [] as Taken[], bare: [] as Taken[], roundTrips: [] as number[] };
  for (let turn = 0; turn < runs; turn += 1) {
    turns.bare.push(await node(['-e', '0'], usage));
    turns.idle.push(await node(onBox(artifact, inventory), usage));
    turns.roundTrips.push((await roundTrips(site.router.mgdSocket, requests)) + (await recordPull(peer)));
  }
  return { idle: medians(turns.idle), bare: medians(turns.bare), roundTrips: median(turns.roundTrips), requests };
}

const HELLO = '<hello xmlns="urn:ietf:params:xml:ns:netconf:base:1.0"><capabilities><capability>urn:ietf:params:netconf:base:1.0</capability></capabilities></hello>]]>]]>';
const REQUEST = '<get-configuration database="committed" inherit="inherit" format="xml"/>';

/** Milliseconds of hello, so many requests one after the other, and close-session. */
function roundTrips(socket: string, requests: number): Promise<number> {
  const from = performance.now();
  return new Promise((resolve, reject) => {
    const mgd = connect(socket);
    let [text, answers] = ['', 0];
    const ask = (body: string): boolean => mgd.write(`<rpc message-id="${answers}" xmlns="urn:ietf:params:xml:ns:netconf:base:1.0">${body}</rpc>]]>]]>`);
    mgd.on('error', reject);
    mgd.on('close', () => reject(new Error('the bench ended a session')));
    mgd.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
      const ends = text.split(']]>]]>').length - 1;
      if (ends === answers) return;
      answers = ends;
      if (answers <= requests) return void ask(REQUEST);
      if (answers === requests + 1) return void ask('<close-session/>');
      resolve(performance.now() - from);
      mgd.destroy();
    });
    mgd.write(HELLO);
  });
}

/** Milliseconds of a login to the router and the first answer of its scp, by which the other end's record comes. */
function recordPull({ router, privateKeyFile }: LabSite): Promise<number> {
  const from = performance.now();
  const client = new ssh2.Client();
  return new Promise((resolve, reject) => {
    client.on('error', reject).on('ready', () =>
      client.exec('scp -f /var/home/none', (error, channel) => {
        if (error !== undefined && error !== null) return reject(error);
        channel.on('data', () => undefined).on('close', () => {
          resolve(performance.now() - from);
          client.end();
        });
        channel.end('\0');
      }),
    );
    client.connect({ host: '127.0.0.1', port: router.sshPort, username: LOGIN, privateKey: readFileSync(privateKeyFile), hostVerifier: () => true });
  });
}

export function medians(taken: readonly Taken[]): Taken {
  return { wall: median(taken.map(({ wall }) => wall)), processor: median(taken.map(({ processor }) => processor)) };
}

/** The middle one; of an even number the upper. */
function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
