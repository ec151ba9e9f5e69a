// The whole program against the bench, in this process: the real adapters, real sockets, the simulated
// routers and KMEs. What must hold after every fault: exit status 1, one clear line, router and record as
// they were, and the next run succeeds by itself.

import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type CommittedKey, committedKey } from '../bench/lab/committed-key.ts';
import { type Lab, startLab } from '../bench/lab/lab.ts';
import { element, elementWith } from '../xml.ts';
import { command, type Printed } from './test-command.ts';

let folder: string;
let lab: Lab;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'qkd-run-'));
  lab = await startLab({
    folder,
    routers: 2,
    artifact: join(folder, 'not-built'),
    method: 'pre-shared-key',
    hello: 40,
    system: { rotation: { wait: 0.4, poll: 0.2 }, ssh: { attempts: 1, delay: 0, timeout: 2 }, kme: { attempt_timeout: 1, deadline: 2 }, netconf: { lock_wait: 1, rpc_timeout: 3, commit_timeout: 2 } },
  });
});
afterAll(async () => {
  await lab.close();
  rmSync(folder, { recursive: true, force: true });
});
afterEach(async () => {
  for (const { router } of lab.routers.values()) await router.faults.clear();
  for (const kme of lab.kmes.kmes) kme.faults.clear();
});

/** The key was drawn from the slave's KME and lost: the slave publishes that, and the master goes past it. */
async function goPast(): Promise<void> {
  expect((await onRouter('mx2')).status).toBe(1);
  expect((await onRouter('mx1')).status).toBe(0);
  expect((await onRouter('mx2')).status).toBe(0);
}

const run = (argv: readonly string[], environment: Record<string, string> = {}): Promise<Printed> => command({ argv, environment, folder });

function site(name: string) {
  const found = lab.routers.get(name);
  if (found === undefined) throw new Error(name);
  return found;
}

const onRouter = (name: string, ...argv: string[]): Promise<Printed> => run(['--onbox', '-i', join(site(name).home, 'inventory.json'), ...argv]);
const offBox = (...argv: string[]): Promise<Printed> => run(['--offbox', '-i', lab.inventory, ...argv]);
const keyOf = (name: string): CommittedKey | undefined => committedKey(site(name).router.mgd.committed());
const recordFile = (name: string): string => join(site(name).home, 'records', `${name}_last_key.json`);
const recordOf = (name: string): Record<string, unknown> => JSON.parse(readFileSync(recordFile(name), 'utf8')) as Record<string, unknown>;

/** Brings both routers to one live key, whatever the test before left behind. */
async function settle(): Promise<void> {
  expect(await onRouter('mx1')).toMatchObject({ status: 0 });
  expect(await onRouter('mx2')).toMatchObject({ status: 0 });
  await sleep(100);
}

describe('on the routers', () => {
  test('a first run configures and keys both ends, with the KME\'s key as the first one', async () => {
    await settle();
    const [here, there] = [keyOf('mx1'), keyOf('mx2')];
    expect(here).toBeDefined();
    expect(here).toEqual(there);
    expect(recordOf('mx2')).toMatchObject({ mx2: recordOf('mx1')['mx1'], version: 2 });
  });

  test('every further run brings a newer key', async () => {
    const before = keyOf('mx1');
    await settle();
    expect(keyOf('mx1')).toEqual(keyOf('mx2'));
    expect(keyOf('mx1')).not.toEqual(before);
  });

  test('a slave that finds no new key changes nothing and exits 0', async () => {
    const commits = site('mx2').router.mgd.committed();
    const ran = await onRouter('mx2', '--json');
    expect(ran.status).toBe(0);
    expect(JSON.parse(ran.output)).toMatchObject({ links: [{ outcome: 'unchanged' }] });
    expect(site('mx2').router.mgd.committed()).toEqual(commits);
  });

  test('a master whose slave has not followed keeps its key and waits', async () => {
    await settle();
    expect((await onRouter('mx1')).status).toBe(0);
    const before = keyOf('mx1');
    const ran = await onRouter('mx1', '--json');
    expect(JSON.parse(ran.output)).toMatchObject({ links: [{ outcome: 'waiting', key_id: expect.any(String) as string }] });
    expect(keyOf('mx1')).toEqual(before);
  });

  test('a lost record is written anew from the configuration', async () => {
    await settle();
    const before = recordOf('mx2')['mx2'];
    rmSync(join(site('mx2').home, 'records'), { recursive: true });
    expect((await onRouter('mx2')).status).toBe(0);
    expect(recordOf('mx2')['mx2']).toBe(before);
  });

  test('the JSON document has the fields of the contract', async () => {
    const ran = await onRouter('mx2', 'rotate', '--json');
    const document = JSON.parse(ran.output) as { links: object[] };
    expect(Object.keys(document)).toEqual(['command', 'mode', 'started_at', 'finished_at', 'links']);
    expect(Object.keys(document.links[0] ?? {})).toEqual(expect.arrayContaining(['link', 'device', 'role', 'outcome', 'key_id', 'ckn', 'start_time', 'error']));
  });

  test('a dry run shows the change without secrets and makes none', async () => {
    await settle();
    const [before, delivered] = [keyOf('mx1'), lab.kmes.deliveredCount()];
    const ran = await onRouter('mx1', 'rotate', '--dry-run');
    expect(ran.status).toBe(0);
    expect(ran.output).toContain('[secret]');
    expect(ran.output).not.toContain('$9$');
    expect(keyOf('mx1')).toEqual(before);
    expect(lab.kmes.deliveredCount()).toBe(delivered);
  });
});

describe('a fault leaves everything as it was, and the next run succeeds', () => {
  const kme = (index: 0 | 1, ...faults: Parameters<Lab['kmes']['kmes'][number]['faults']['set']>) => () => lab.kmes.kmes[index]?.faults.set(...faults);
  const router = (name: string, fault: Parameters<ReturnType<typeof site>['router']['faults']['set']>[0]) => () => site(name).router.faults.set(fault);

  test.each<[string, string, () => unknown, RegExp, boolean?]>([
    ['the KME refuses our certificate', 'mx1', kme(0, { fault: 'refuse-certificate' }), /KME .*refuse.* certificate/i],
    ['the KME is silent', 'mx1', kme(0, { fault: 'hang', times: 'always' }), /KME /],
    ['the KME answers with HTML', 'mx1', kme(0, { fault: 'html', times: 'always' }), /KME .*enc_keys/],
    ['the KME answers with half of the JSON', 'mx1', kme(0, { fault: 'garbage', times: 'always' }), /KME .*enc_keys/],
    ['the KME sends a short key', 'mx1', kme(0, { fault: 'key-length', bytes: 16, times: 'always' }), /KME .* has 128 bits instead of 256/],
    ['the KME has no keys left', 'mx1', kme(0, { fault: 'stock-empty', times: 'always' }), /KME .*enc_keys/],
    ['the KME drops the connection', 'mx1', kme(0, { fault: 'reset', times: 'always' }), /KME .*enc_keys/],
    ['the slave\'s KME is silent', 'mx2', kme(1, { fault: 'hang', times: 'always' }), /KME .*dec_keys/],
    ['the slave\'s KME sends another key', 'mx2', kme(1, { fault: 'other-key-id', times: 'always' }), /KME .*dec_keys/, true],
    ['someone holds the configuration lock', 'mx1', router('mx1', { kind: 'lock-held', user: 'operator' }), /operator/],
    ['someone left uncommitted changes', 'mx1', router('mx1', { kind: 'dirty-candidate', user: 'operator' }), /router mx1: /],
    ['the far router refuses SSH', 'mx2', router('mx1', { kind: 'refuse-login' }), /SCP from mx1: /],
    ['the far router is silent', 'mx2', router('mx1', { kind: 'hang', where: 'connect' }), /SCP from mx1: /],
    ['the far router has another host key', 'mx2', router('mx1', { kind: 'changed-host-key' }), /SCP from mx1: .*host key/],
    ['mgd drops the session before the commit', 'mx1', router('mx1', { kind: 'drop-session', when: 'before', rpc: 'load-configuration' }), /router mx1: /],
  ])('%s', async (_, name, arm, message, drawn) => {
    await settle();
    if (name === 'mx2') expect((await onRouter('mx1')).status).toBe(0);
    const before = { key: keyOf(name), record: readFileSync(recordFile(name), 'utf8') };
    await arm();
    const ran = await onRouter(name, '--json');
    expect(ran.errors.filter((line) => line.startsWith('error: '))).toEqual([expect.stringMatching(message)]);
    expect(ran.status).toBe(1);
    expect(JSON.parse(ran.output)).toMatchObject({ links: [{ outcome: 'failed', error: { message: expect.stringMatching(message) as string } }] });
    expect({ key: keyOf(name), record: readFileSync(recordFile(name), 'utf8') }).toEqual(before);
    await site(name).router.faults.clear();
    for (const each of lab.kmes.kmes) each.faults.clear();
    await site('mx1').router.faults.clear();
    if (drawn) await goPast();
    else expect(await onRouter(name)).toMatchObject({ status: 0 });
    await settle();
    expect(keyOf('mx1')).toEqual(keyOf('mx2'));
  }, 30_000);

  test('the records folder cannot be written: no key is drawn', async () => {
    await settle();
    const [before, delivered] = [keyOf('mx1'), lab.kmes.deliveredCount()];
    const records = join(site('mx1').home, 'records');
    const kept = readFileSync(recordFile('mx1'));
    rmSync(records, { recursive: true });
    writeFileSync(records, 'a file where the folder should be');
    const ran = await onRouter('mx1');
    expect(ran.status).toBe(1);
    expect(ran.errors[0]).toContain(records);
    expect([keyOf('mx1'), lab.kmes.deliveredCount()]).toEqual([before, delivered]);
    rmSync(records);
    mkdirSync(records, { mode: 0o700 });
    writeFileSync(recordFile('mx1'), kept, { mode: 0o600 });
    await settle();
  });
});

describe('commits whose answer does not come', () => {
  test('a commit that succeeded is found by reading back, and the run succeeds', async () => {
    await settle();
    const before = keyOf('mx1');
    await site('mx1').router.faults.set({ kind: 'drop-session', when: 'after', rpc: 'commit-configuration', times: 1 });
    const ran = await onRouter('mx1', '-v');
    expect(ran.status).toBe(0);
    expect(keyOf('mx1')).not.toEqual(before);
    expect(ran.errors.join('\n')).toContain('no answer to a commit; looking it up');
    expect((await onRouter('mx2')).status).toBe(0);
  });

  test('the known malformed commit reply is a success', async () => {
    await settle();
    await site('mx1').router.faults.set({ kind: 'malformed-commit-reply' });
    expect(await onRouter('mx1')).toMatchObject({ status: 0 });
  });
});

describe('a KME that delivers the same bytes twice', () => {
  test('is refused: the key in use is no new key', async () => {
    await settle();
    lab.kmes.kmes[0]?.faults.set({ fault: 'same-bytes', times: 'always' });
    lab.kmes.kmes[1]?.faults.set({ fault: 'same-bytes', times: 'always' });
    await settle();
    const before = keyOf('mx1');
    const ran = await onRouter('mx1');
    expect(ran).toMatchObject({ status: 1, errors: [expect.stringMatching(/the key of key_ID \S+ is in use already, as the pre-shared-key of connectivity association CA_basic$/) as string, expect.stringMatching(/^hint: /) as string] });
    expect(keyOf('mx1')).toEqual(before);
    for (const kme of lab.kmes.kmes) kme.faults.clear();
    await settle();
  });
});

describe('a key that the slave cannot get', () => {
  test('is published as refused, and the master goes past it at once', async () => {
    await settle();
    expect((await onRouter('mx1')).status).toBe(0);
    const lost = keyOf('mx1');
    lab.kmes.kmes[1]?.faults.set({ fault: 'key-gone', times: 'always' });
    expect(await onRouter('mx2')).toMatchObject({ status: 1 });
    lab.kmes.kmes[1]?.faults.clear();
    expect(await onRouter('mx1')).toMatchObject({ status: 0 });
    expect(keyOf('mx1')).not.toEqual(lost);
    expect(await onRouter('mx2')).toMatchObject({ status: 0 });
    expect(keyOf('mx1')).toEqual(keyOf('mx2'));
  });
});

/** An operator's own commit on a router. */
async function configure(name: string, ...lines: string[]): Promise<void> {
  const session = site(name).router.mgd.openSession({ name: 'operator', loginClass: 'super-user' });
  await session.execute(elementWith('load-configuration', { action: 'set', format: 'text' }, element('configuration-set', lines.join('\n'))));
  expect(await session.execute(element('commit-configuration'))).toContain('commit-success');
  session.close();
}

describe('what an operator did on the router', () => {
  test('an interface that is not bound any more is reported, and not bound again', async () => {
    await settle();
    const before = keyOf('mx1');
    await configure('mx1', 'delete security macsec interfaces et-0/0/1');
    const ran = await onRouter('mx1', '--json');
    expect(ran.status).toBe(1);
    expect(JSON.parse(ran.output)).toMatchObject({ links: [{ outcome: 'failed', error: { code: 'link', message: 'router mx1: et-0/0/1 not bound to connectivity association CA_basic' } }] });
    expect(keyOf('mx1')).toEqual(before);
    expect(await onRouter('mx1', 'init')).toMatchObject({ status: 0 });
    await sleep(200);
    await settle();
  });
});

describe('logins', () => {
  test('a refused login is tried once a run, however often the record is looked at', async () => {
    await settle();
    const { faults } = site('mx1').router;
    await faults.set({ kind: 'refuse-login', times: 100 });
    expect(await onRouter('mx2')).toMatchObject({ status: 1 });
    expect(100 - (faults.list()[0]?.times ?? 0)).toBe(1);
  });
});

describe('off-box', () => {
  test('one run rotates both ends over SSH', async () => {
    await settle();
    const before = keyOf('mx1');
    const ran = await offBox('--json');
    expect(ran).toMatchObject({ status: 0 });
    expect(JSON.parse(ran.output)).toMatchObject({ mode: 'offbox', links: [{ device: 'mx1', outcome: 'rotated' }, { device: 'mx2', outcome: 'installed' }] });
    expect(keyOf('mx1')).toEqual(keyOf('mx2'));
    expect(keyOf('mx1')).not.toEqual(before);
  });

  test('an unreachable router costs only its own end', async () => {
    await sleep(200);
    await site('mx2').router.faults.set({ kind: 'refuse-login' });
    const ran = await offBox('--json');
    expect(ran.status).toBe(1);
    expect(JSON.parse(ran.output)).toMatchObject({ links: [{ device: 'mx1' }, { device: 'mx2', outcome: 'failed', error: { code: expect.stringMatching(/^ssh-/) as string } }] });
  });
});

describe('refused before anything is touched', () => {
  test.each<[string, string[], number, RegExp]>([
    ['an unknown command', ['rotat'], 2, /unknown command "rotat"/],
    ['a missing inventory', ['--offbox', '-i', 'none.json'], 2, /none\.json/],
    ['a device that is not there', ['--offbox', '-i', 'inventory.json', '--device', 'mx3'], 2, /"mx3" is not in the inventory; did you mean mx/],
    ['a link that is not there', ['--offbox', '-i', 'inventory.json', '--link', 'mx1-mx3'], 2, /did you mean mx1-mx2/],
  ])('%s', async (_, argv, status, message) => {
    const ran = await run(argv);
    expect(ran.status).toBe(status);
    expect(ran.errors[0]).toMatch(message);
  });

  test('E06 a second run while the first holds the lock', async () => {
    const lock = join(site('mx1').home, 'run.lock');
    writeFileSync(lock, JSON.stringify({ pid: process.ppid, started_at: new Date().toISOString() }));
    const ran = await onRouter('mx1');
    rmSync(lock);
    expect(ran).toMatchObject({ status: 3, errors: [expect.stringContaining(`pid ${process.ppid}`) as string, expect.stringMatching(/^hint: /) as string] });
    expect(existsSync(lock)).toBe(false);
  });
});
