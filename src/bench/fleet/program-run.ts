// Runs the artifact off-box over a whole fleet and measures it from outside: wall time, processor time, peak memory
// as the kernel counted them for that process alone, and where its time went by its own --profile.

import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ArtifactLink } from '../lab/artifact-process.ts';

export interface ProgramRun {
  readonly status: number | null;
  readonly links: readonly ArtifactLink[];
  readonly standardError: string;
  readonly seconds: number;
  /** Of the processors, user and system together. */
  readonly processorSeconds: number;
  /** The part of it from the first connection on: without start-up. */
  readonly workSeconds: number;
  readonly peakBytes: number;
  readonly spans: readonly { readonly name: string; readonly device?: string; readonly link?: string; readonly start: string; readonly ms: number }[];
}

/** Written at exit by the process itself; it sees the same numbers as its parent's wait4. */
const USAGE = `const { Socket } = require('node:net');
const cpu = () => { const { user, system } = process.cpuUsage(); return user + system; };
const { connect } = Socket.prototype;
let begun;
Socket.prototype.connect = function (...given) {
  begun ??= cpu();
  return connect.apply(this, given);
};
process.on('exit', () => {
  const whole = cpu();
  require('node:fs').writeFileSync(process.env.QKD_BENCH_USAGE, JSON.stringify({ maxRSS: process.resourceUsage().maxRSS, cpu: whole, work: whole - (begun ?? whole) }));
});`;

/** `folder`: for what the run leaves beside its results. */
export async function runProgram(program: readonly string[], folder: string, limitSeconds = 1800): Promise<ProgramRun> {
  const preload = join(folder, 'usage.cjs');
  const usageFile = join(folder, 'usage.json');
  const profileFile = join(folder, 'profile.jsonl');
  writeFileSync(preload, USAGE);
  const from = performance.now();
  const child = spawn(process.execPath, ['--require', preload, ...program, '--json', '--profile', profileFile], { env: { ...process.env, QKD_BENCH_USAGE: usageFile }, stdio: ['ignore', 'pipe', 'pipe'] });
  const timer = setTimeout(() => child.kill('SIGKILL'), limitSeconds * 1000);
  let [output, standardError] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (standardError += text));
  const status = await new Promise<number | null>((resolve, reject) => child.once('error', reject).once('close', resolve));
  clearTimeout(timer);
  const seconds = (performance.now() - from) / 1000;
  const usage = JSON.parse(readFileSync(usageFile, 'utf8')) as { maxRSS: number; cpu: number; work: number };
  const spans = readFileSync(profileFile, 'utf8').split('\n').filter(Boolean).map((line) => JSON.parse(line) as ProgramRun['spans'][number]);
  return { status, links: (JSON.parse(output) as { links: ArtifactLink[] }).links, standardError, seconds, processorSeconds: usage.cpu / 1e6, workSeconds: usage.work / 1e6, peakBytes: usage.maxRSS * 1024, spans };
}
