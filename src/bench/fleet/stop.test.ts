// The program off-box, a process of its own, told to stop by signals while links are under way: no link begins any
// more, those under way come to their end, what is left is said; a second signal ends it at once; the next run goes on.

import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeArtifact } from '../../../build/artifact.ts';
import { type BenchFleet, startFleet } from './fleet.ts';
import { runProgram } from './program-run.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

let [folder, artifact]: [string, string] = ['', ''];
let fleet: BenchFleet;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'qkd-stop-'));
  artifact = join(folder, 'qkd-macsec.js');
  writeFileSync(artifact, (await makeArtifact({ root: ROOT, entry: 'src/main.ts', version: '0.0.0', commit: 'stop' })).code);
  fleet = await startFleet({ folder, routers: 8, processes: 1, system: { rotation: { wait: 30, poll: 1 }, ssh: { attempts: 1, delay: 0, timeout: 30 }, netconf: { rpc_timeout: 120 } } });
}, 60_000);
afterAll(async () => {
  await fleet?.close();
  rmSync(folder, { recursive: true, force: true });
});

interface Running {
  readonly child: ChildProcessByStdio<null, Readable, Readable>;
  readonly said: { output: string; errors: string };
  /** Resolves when standard error shows this; rejects when the program ends before. */
  until(pattern: RegExp): Promise<void>;
  readonly ended: Promise<number | null>;
}

function start(...options: string[]): Running {
  const child = spawn(process.execPath, [artifact, '--offbox', '-i', fleet.inventory, ...options], { stdio: ['ignore', 'pipe', 'pipe'] });
  const said = { output: '', errors: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (said.output += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said.errors += text));
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const until = (pattern: RegExp): Promise<void> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        if (pattern.test(said.errors)) resolve();
      };
      child.stderr.on('data', look);
      void ended.then((status) => reject(new Error(`ended with ${status} before ${pattern}: ${said.errors}`)));
      look();
    });
  return { child, said, until, ended };
}

const slow = (milliseconds: number): Promise<void> => fleet.break(new Map(fleet.routers.map(({ name }) => [name, { kind: 'slow-reply', milliseconds }])));

test('stopped once: what is under way comes to its end, nothing else begins, and what is left is said', async () => {
  await slow(150);
  const run = start('-t', '1', '-vv');
  await run.until(/NOTICE {2}key installed/);
  run.child.kill('SIGINT');
  expect(await run.ended).toBe(130);
  const [, all, left] = /^error: ended by SIGINT: ((\d) of 4 links not begun, 0 cut short)$/m.exec(run.said.errors) ?? [];
  expect(run.said.errors).toMatch(/^stopping: what is under way comes to its end; once more stops at once$/m);
  expect(run.said.errors).toMatch(/^hint: run again: /m);
  expect(Number(left), all).toBeGreaterThan(0);
  expect(run.said.output.match(/not begun: the run was stopped/g)).toHaveLength(2 * Number(left));
  const keys = await fleet.keys();
  const begun = fleet.links.filter(({ master, slaves }) => [master, ...slaves].some((end) => (keys.get(end.router) ?? []).length > 0));
  expect(begun).toHaveLength(4 - Number(left));
  for (const { name, master, slaves } of begun) for (const end of slaves) expect(keys.get(end.router), name).toEqual(keys.get(master.router));
}, 120_000);

test('stopped twice: ends at once, in the middle of an exchange', async () => {
  await slow(60_000);
  const run = start('-vvvv');
  await run.until(/netconf request/);
  run.child.kill('SIGINT');
  await run.until(/^stopping: /m);
  const from = performance.now();
  run.child.kill('SIGINT');
  expect(await run.ended).toBe(130);
  expect(performance.now() - from).toBeLessThan(20_000);
}, 120_000);

test('the next run goes on from the routers: no lock is in the way, and every link has its keys', async () => {
  await fleet.mend();
  const ran = await runProgram([artifact, '--offbox', '-i', fleet.inventory], folder, 120);
  expect([ran.status, ran.standardError]).toEqual([0, '']);
  const keys = await fleet.keys();
  for (const { name, master, slaves } of fleet.links) for (const end of slaves) expect([(keys.get(end.router) ?? []).length > 0, keys.get(end.router)], name).toEqual([true, keys.get(master.router)]);
}, 120_000);
