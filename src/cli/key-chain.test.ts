// Method key-chain by the whole program on the bench, in virtual time: real adapters, real sockets, the
// simulated routers' own key chains and MKA. Hours of rotation pass in seconds, because every wait moves
// the clock instead of the hands of the wall. The protocol itself is proven by the simulator; this proves
// that the program carries it out.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Lab, startLab } from '../bench/lab/lab.ts';
import { type XmlElement, at, childrenOf, textAt } from '../xml.ts';
import { commandLine } from './command-line.ts';

const MINUTE = 60_000;
const LINK = 'mx1-mx2';

let folder: string;
let lab: Lab;
let clock: number;

async function start(options: Partial<Parameters<typeof startLab>[0]> = {}): Promise<void> {
  lab = await startLab({ folder, routers: 2, artifact: join(folder, 'not-built'), method: 'key-chain', now: () => clock, system: { rotation: { wait: 20, poll: 5 }, ssh: { attempts: 1, delay: 0, timeout: 3 }, kme: { attempt_timeout: 2, deadline: 1 } }, ...options });
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'qkd-chain-'));
  clock = Math.floor(Date.now() / MINUTE) * MINUTE;
});
afterEach(async () => {
  await lab.close();
  rmSync(folder, { recursive: true, force: true });
});

interface Ran {
  readonly status: number;
  readonly errors: readonly string[];
  readonly rpcs: readonly string[];
  readonly link: { outcome: string; reason: string; key_id: string | null; ckn: string | null; start_time: string | null; error: { code: string } | null };
}

async function run(name: string, ...argv: string[]): Promise<Ran> {
  const [errors, output]: [string[], string[]] = [[], []];
  const status = await commandLine({
    argv: ['--onbox', '-i', inventoryOf(name), '--json', '-vvvv', ...argv],
    environment: {},
    folder,
    user: { name: 'qkd', home: folder },
    pid: process.pid,
    version: '0.0.0 test',
    clock: { now: () => clock, sleep: async (ms, signal) => (signal === undefined ? void (clock += Math.max(0, ms)) : new Promise(() => undefined)) },
    standardOutput: (text) => output.push(text),
    standardError: (line) => errors.push(line),
  });
  const document = JSON.parse(output.join('')) as { links: Ran['link'][] };
  const rpcs = errors.flatMap((line) => / netconf request rpc=([a-z-]+)/.exec(line)?.[1] ?? []);
  return { status, errors, rpcs, link: document.links[0] as Ran['link'] };
}

function inventoryOf(name: string): string {
  return join(lab.routers.get(name)?.home ?? '', 'inventory.json');
}

/** Changes one link member in both routers' inventories. */
function setMethod(name: string, method: string): void {
  const inventory = JSON.parse(readFileSync(inventoryOf(name), 'utf8')) as { links: { method: string }[] };
  for (const link of inventory.links) link.method = method;
  writeFileSync(inventoryOf(name), JSON.stringify(inventory), { mode: 0o600 });
}

/** One tick of ten minutes: the master, then the slave, minutes later. */
async function tick(phase = 4 * MINUTE, before: (name: string) => void = () => undefined): Promise<{ master: Ran; slave: Ran }> {
  const began = clock;
  before('mx1');
  const master = await run('mx1');
  clock = Math.max(clock, began + phase);
  before('mx2');
  const slave = await run('mx2');
  clock = Math.max(clock, began + 10 * MINUTE);
  return { master, slave };
}

interface ChainKey {
  readonly ckn: string | undefined;
  readonly secret: string | undefined;
  readonly startTime: string | undefined;
}

/** In order of start time; the slots of the two ends need not be the same. */
function chainOf(name: string): ChainKey[] {
  const committed = lab.routers.get(name)?.router.mgd.committed() as XmlElement;
  const chain = childrenOf(at(committed, 'security/authentication-key-chains'), 'key-chain')[0];
  return childrenOf(chain, 'key').map((key) => ({ ckn: textAt(key, 'key-name'), secret: textAt(key, 'secret'), startTime: textAt(key, 'start-time') })).sort((a, b) => (a.startTime ?? '').localeCompare(b.startTime ?? '', 'en', { numeric: true }));
}

const live = () => lab.cable(LINK).live()?.ckn.toLowerCase();

describe('unaligned ticks', () => {
  test('rotate once an interval, both ends with the same chains, never without a common key', async () => {
    await start();
    await tick();
    clock += 2 * MINUTE;
    const up = clock;
    const used = new Set<string | undefined>();
    for (let n = 0; n < 12; n += 1) {
      const { master, slave } = await tick();
      expect([master.status, slave.status], [...master.errors, ...slave.errors].filter((l) => /ERROR|WARN/.test(l)).join('\n')).toEqual([0, 0]);
      expect(chainOf('mx1').map((key) => key.secret)).toHaveLength(chainOf('mx2').length);
      used.add(live());
    }
    // The first key lasts until the first lead of 32 minutes is over; from then on one key an interval.
    expect(used.size).toBeGreaterThanOrEqual(8);
    expect(lab.cable(LINK).wasEverDown(up)).toBe(false);
    expect(chainOf('mx1')).toEqual(chainOf('mx2'));
    expect(chainOf('mx1').length).toBeLessThanOrEqual(8);
  }, 60_000);

  test('a tick with nothing to do makes no commit and at most three RPCs; a rotation one commit per end', async () => {
    await start();
    for (let n = 0; n < 4; n += 1) await tick();
    const { master, slave } = await tick(MINUTE);
    clock -= 8 * MINUTE; // the master confirms and the slave reads it: then there is nothing left to do
    for (const name of ['mx1', 'mx2', 'mx1']) await run(name);
    clock += MINUTE;
    for (const name of ['mx1', 'mx2']) {
      const idle = await run(name);
      expect(idle.status, idle.errors.filter((line) => /ERROR|WARN/.test(line)).join('\n')).toBe(0);
      expect(idle.rpcs.filter((rpc) => !['close-session'].includes(rpc)).length, idle.errors.filter((line) => / plan /.test(line)).join('\n')).toBeLessThanOrEqual(3);
      expect(idle.rpcs).not.toContain('commit-configuration');
    }
    for (const end of [master, slave]) expect(end.rpcs.filter((rpc) => rpc === 'commit-configuration')).toHaveLength(1);
  }, 60_000);
});

describe('rebuilt from the configuration', () => {
  test.each(['records', 'logs', 'everything but inventory and keys'])('losing the %s between any two runs of a router changes nothing', async (what) => {
    await start();
    for (let n = 0; n < 3; n += 1) await tick();
    const up = clock;
    for (let n = 0; n < 6; n += 1) {
      const { master, slave } = await tick(4 * MINUTE, (name) => {
        for (const part of what.startsWith('every') ? ['records', 'logs', 'run.lock'] : [what]) rmSync(join(lab.routers.get(name)?.home ?? '', part), { recursive: true, force: true });
      });
      expect([master.status, slave.status]).toEqual([0, 0]);
    }
    expect(lab.cable(LINK).wasEverDown(up)).toBe(false);
    expect(chainOf('mx1')).toEqual(chainOf('mx2'));
    expect(chainOf('mx1').length).toBeGreaterThanOrEqual(6);
  }, 60_000);
});

describe('moving a live link', () => {
  test('from pre-shared-key to key-chain and back, one end a tick before the other, without losing the common key', async () => {
    await start({ method: 'pre-shared-key' });
    await tick();
    clock += MINUTE;
    const up = clock;
    expect(live()).toBeDefined();
    setMethod('mx1', 'key-chain');
    expect((await run('mx1')).status).toBe(0);
    clock += 10 * MINUTE;
    setMethod('mx2', 'key-chain');
    for (let n = 0; n < 6; n += 1) await tick();
    expect(chainOf('mx1')).toEqual(chainOf('mx2'));
    const onChain = live();
    setMethod('mx2', 'pre-shared-key');
    await tick();
    setMethod('mx1', 'pre-shared-key');
    for (let n = 0; n < 8; n += 1) await tick();
    expect(live()).toBeDefined();
    expect(live()).not.toBe(onChain);
    expect(live()).toMatch(/^abcd1234abcd5678/);
    expect(lab.cable(LINK).wasEverDown(up)).toBe(false);
  }, 60_000);
});

describe('faults', () => {
  test('a slave whose KME is dead for an hour: keys are withdrawn, the link stays on its last key, and it recovers by itself', async () => {
    await start();
    for (let n = 0; n < 5; n += 1) await tick();
    const up = clock;
    lab.kmes.kmes[1]?.faults.set({ fault: 'answer', status: 503, times: 'always' });
    for (let n = 0; n < 6; n += 1) expect((await tick()).slave.status).toBe(1);
    lab.kmes.kmes[1]?.faults.clear();
    for (let n = 0; n < 6; n += 1) await tick();
    expect(lab.cable(LINK).wasEverDown(up)).toBe(false);
    expect(chainOf('mx1').map((k) => k.ckn).sort()).toEqual(chainOf('mx2').map((k) => k.ckn).sort());
  }, 90_000);

  test('a key that the slave\'s KME has lost is refused by name and withdrawn by the master', async () => {
    await start();
    for (let n = 0; n < 4; n += 1) await tick();
    const up = clock;
    const master = await run('mx1');
    const drawn = master.link.key_id;
    lab.kmes.kmes[1]?.faults.set({ fault: 'key-gone', times: 'always' });
    clock += 4 * MINUTE;
    await run('mx2');
    lab.kmes.kmes[1]?.faults.clear();
    clock += 6 * MINUTE;
    await run('mx1');
    expect(chainOf('mx1').map((key) => key.ckn?.slice(0, 32))).not.toContain(drawn?.replaceAll('-', ''));
    expect(lab.cable(LINK).wasEverDown(up)).toBe(false);
  }, 60_000);

  test('a router whose clock is off refuses to rotate, by name', async () => {
    await start({ clockOffsets: new Map([['mx2', 30]]) });
    await tick();
    const { slave } = await tick();
    expect(slave).toMatchObject({ status: 1, link: { error: { code: 'clock' } } });
  }, 30_000);
});
