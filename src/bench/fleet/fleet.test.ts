// The program off-box over a small fleet in processes of its own: three of twelve routers are dead, refuse commits or
// show another host key; they cost their own links only, and each is named. Then what a stop, a shard and the files
// that a run leaves look like.

import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeArtifact } from '../../../build/artifact.ts';
import { runBareClient } from './bare-run.ts';
import { type BenchFleet, startFleet } from './fleet.ts';
import { type ProgramRun, runProgram } from './program-run.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

let [folder, artifact]: [string, string] = ['', ''];
let fleet: BenchFleet;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'qkd-fleet-'));
  artifact = join(folder, 'qkd-macsec.js');
  writeFileSync(artifact, (await makeArtifact({ root: ROOT, entry: 'src/main.ts', version: '0.0.0', commit: 'fleet' })).code);
  fleet = await startFleet({ folder, routers: 12, system: { rotation: { wait: 5, poll: 1 }, ssh: { attempts: 1, delay: 0, timeout: 10, pace: 200 } } });
  expect(await run('init')).toMatchObject({ status: 0, standardError: '' });
}, 60_000);
afterAll(async () => {
  await fleet?.close();
  rmSync(folder, { recursive: true, force: true });
});

const run = (...argv: string[]): Promise<ProgramRun> => runProgram([artifact, '--offbox', '-i', fleet.inventory, ...argv], folder, 120);
const outcomes = ({ links }: ProgramRun): string[] => [...new Set(links.map(({ outcome }) => outcome))].sort();
const of = ({ links }: ProgramRun, device: string) => links.find((end) => end.device === device);

test('a faulty router costs its own link, and is named with what to do', async () => {
  await fleet.break(new Map([['mx1', { kind: 'down' }], ['mx4', { kind: 'refuse-commit' }], ['mx6', { kind: 'changed-host-key' }]]));
  const ran = await run('rotate', '-t', '4');
  expect(ran.status).toBe(1);
  expect([of(ran, 'mx1'), of(ran, 'mx4'), of(ran, 'mx6')]).toMatchObject([
    { outcome: 'failed', error: { code: 'ssh-unreachable', message: expect.stringMatching(/router mx1: ssh .*connection refused/), hint: expect.stringMatching(/^check /) } },
    { outcome: 'failed', error: { code: expect.stringMatching(/commit-failed|load-failed/), message: expect.stringContaining('router mx4: ') } },
    { outcome: 'failed', error: { code: 'ssh-host-key', message: expect.stringContaining('router mx6: ssh ') } },
  ]);
  const others = ran.links.filter(({ link }) => !['mx1-mx2', 'mx3-mx4', 'mx5-mx6'].includes(link));
  expect(others).toHaveLength(6);
  expect(others.map(({ error }) => error?.message)).toEqual(others.map(() => undefined));
  for (const line of ['mx1-mx2 on mx1', 'mx3-mx4 on mx4', 'mx5-mx6 on mx6']) expect(ran.standardError).toContain(`error: ${line}: `);
  await fleet.mend();
}, 60_000);

test('mended, the next run goes on by itself, and the ends of a link share their keys', async () => {
  const metrics = join(folder, 'qkd.prom');
  const ran = await run('--metrics', metrics);
  expect([ran.status, ran.standardError]).toEqual([0, '']);
  expect(ran.links).toHaveLength(12);
  const keys = await fleet.keys();
  for (const { name, master, slaves } of fleet.links) {
    const [one = [], other = []] = [keys.get(master.router), keys.get(slaves[0]?.router ?? '')];
    expect(one.filter((key) => other.includes(key)).length, name).toBeGreaterThan(0);
    // The key that mx4 drew and could not commit is gone from its KME: that link agrees on the next one.
    if (name !== 'mx3-mx4') expect([one.length, other], name).toEqual([2, one]);
  }
  for (const name of ['connect', 'hello', 'rpc', 'commit', 'kme', 'wait', 'initial configuration', 'rotation']) expect(ran.spans.some((span) => span.name === name), name).toBe(true);
  expect(readFileSync(metrics, 'utf8')).toMatch(/^qkd_macsec_run_success 1$/m);
}, 60_000);

test('the parts of a fleet together are the fleet, each with its own lock', async () => {
  const parts = await Promise.all(['1/2', '2/2'].map((part) => runProgram([artifact, '--offbox', '-i', fleet.inventory, '--shard', part], mkdtempSync(join(folder, 'part-')), 120)));
  expect(parts.map(({ status }) => status)).toEqual([0, 0]);
  expect(parts.flatMap(({ links }) => links.map(({ link, device }) => `${link} ${device}`)).sort()).toEqual(fleet.links.flatMap(({ name, master, slaves }) => [master, ...slaves].map(({ router }) => `${name} ${router}`)).sort());
}, 60_000);

test('one connection a router and run', async () => {
  const ran = await run('--dry-run');
  expect(outcomes(ran)).toEqual(['unchanged']);
  expect(ran.workSeconds).toBeGreaterThan(0);
  expect(ran.workSeconds).toBeLessThan(ran.processorSeconds);
  expect(ran.spans.filter(({ name }) => name === 'connect').map(({ device }) => device).sort()).toEqual(fleet.routers.map(({ name }) => name).sort());
}, 60_000);

test('a bare login to every router, to compare with', async () => {
  const { seconds, processorSeconds } = await runBareClient(fleet, { folder, atOnce: 4 });
  expect(seconds).toBeGreaterThan(0);
  expect(processorSeconds).toBeGreaterThan(0);
  const strange = fleet.routers.slice(0, 1).map((router) => ({ ...router, hostKeys: ['SHA256:strange'] }));
  await expect(runBareClient({ ...fleet, routers: strange }, { folder, atOnce: 4 })).rejects.toThrow();
}, 60_000);

test('the calls of a rotation and nothing else, to compare with', async () => {
  const chain = async (name: string): Promise<string[]> => [...((await fleet.keys()).get(name) ?? [])];
  const before = await chain('mx1');
  const { processorSeconds } = await runBareClient(fleet, { folder, atOnce: 4, rotates: true });
  expect(processorSeconds).toBeGreaterThan(0);
  expect((await chain('mx1')).length).toBe(before.length + 1);
  expect(readdirSync(folder).filter((file) => file.endsWith('.record'))).toHaveLength(fleet.routers.length);
  const [first] = fleet.routers;
  const stranger = { ...first!, certificateFile: fleet.routers[1]!.certificateFile };
  await expect(runBareClient({ ...fleet, routers: [stranger] }, { folder, atOnce: 1, rotates: true })).rejects.toThrow(/key values mismatch/);
}, 60_000);
