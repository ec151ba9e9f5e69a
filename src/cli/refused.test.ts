// What a run says that never comes to a router: one line, a hint, the exit status, and with --json a document.

import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { shardIndex } from '../inventory/shard.ts';
import { commandLine } from './command-line.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'qkd-refused-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function run(...argv: string[]): Promise<{ status: number; output: string; errors: string[] }> {
  const [output, errors]: [string[], string[]] = [[], []];
  const status = await commandLine({
    argv,
    environment: {},
    folder,
    user: { name: 'qkd', home: folder },
    pid: process.pid,
    version: '0.0.0',
    syslog: null,
    clock: { now: () => Date.UTC(2026, 10, 22), sleep: () => Promise.resolve() },
    standardOutput: (text) => output.push(text),
    standardError: (line) => errors.push(line),
  });
  return { status, output: output.join(''), errors };
}

function inventory(mgd: string[]): string {
  const file = join(folder, 'inventory.json');
  const device = { ip: '192.0.2.1', kme: { url: 'https://kme.invalid' } };
  const end = (name: string): object => ({ device: name, interfaces: ['et-0/0/1'] });
  const link = { name: 'mx1-mx2', connectivity_association: 'CA', method: 'pre-shared-key', master: end('mx1'), slaves: [end('mx2')] };
  const secrets = { username: 'qkd', password_file: 'password' };
  writeFileSync(join(folder, 'password'), 'x', { mode: 0o600 });
  writeFileSync(file, JSON.stringify({ system: { netconf: { mgd_command: mgd, rpc_timeout: 1 } }, paths: { home: 'home' }, secrets, devices: { mx1: device, mx2: device }, links: [link] }), { mode: 0o600 });
  return file;
}

describe('with --json there is one document, whatever happens', () => {
  test.each<[string, string[], object]>([
    ['an unknown option', ['--json', '--nosuch'], { command: null, mode: null, error: { code: 'invocation' } }],
    ['an unknown command', ['rotat', '--json'], { command: null, mode: null, error: { code: 'invocation' } }],
    ['a missing inventory', ['init', '--offbox', '--json', '-i', 'none.json'], { command: 'init', mode: 'offbox', error: { code: 'inventory' } }],
  ])('%s', async (_, argv, expected) => {
    const ran = await run(...argv);
    expect(ran.status).toBe(2);
    expect(JSON.parse(ran.output)).toMatchObject({ ...expected, started_at: '2026-11-22T00:00:00.000Z', links: [] });
    expect(ran.errors).toEqual([expect.stringMatching(/^error: /), expect.stringMatching(/^hint: /)]);
    expect(ran.output.trim()).not.toContain('\n');
  });

  test('an mgd that does not answer, on a router that cannot be asked for its name', async () => {
    const ran = await run('--onbox', '--json', '-i', inventory(['/bin/false']));
    expect(ran.status).toBe(1);
    const document = JSON.parse(ran.output) as { links: { error?: object }[]; error?: object };
    expect(document).toMatchObject({ command: 'run', mode: 'onbox' });
    expect(document.error ?? document.links[0]?.error).toMatchObject({ message: expect.stringContaining('mgd') as string });
    expect(existsSync(join(folder, 'home', 'run.lock'))).toBe(false);
  });
});

describe('without --json', () => {
  test('nothing is printed on standard output, and nothing is written', async () => {
    const ran = await run('--offbox', '-i', 'none.json');
    expect(ran).toMatchObject({ status: 2, output: '' });
    expect(existsSync(join(folder, 'qkd-macsec'))).toBe(false);
  });

  test('--trace shows where a fault of the program is, in frames only', async () => {
    const broken = { get: 1 } as unknown as string[];
    const quiet: string[] = [];
    const world = { argv: ['--trace', ...[]], environment: {}, folder: broken as unknown as string, user: { name: 'qkd', home: folder }, pid: 1, version: '0' };
    const status = await commandLine({ ...world, clock: { now: () => 0, sleep: () => Promise.resolve() }, standardOutput: () => undefined, standardError: (line) => quiet.push(line) });
    expect(status).toBe(1);
    expect(quiet.slice(0, 2)).toEqual([expect.stringMatching(/^error: /), expect.stringMatching(/^hint: /)]);
    expect(quiet.length).toBeGreaterThan(2);
    expect(quiet.slice(2).every((line) => /^\s+at /.test(line))).toBe(true);
  });
});

describe('what would be of no use is refused before anything is asked of a KME or a router', () => {
  test.each<[string, string[], number, RegExp, RegExp]>([
    ['a metrics file in no folder', ['--metrics', 'none/qkd.prom'], 1, /^error: .*cannot write metrics .*none\/qkd\.prom: no such file or directory$/, /^hint: check that the folder exists$/],
    ['a metrics file that is a folder', ['--metrics', '.'], 1, /^error: .*cannot write metrics .*: illegal operation on a directory$/, /./],
    ['a profile in no folder', ['--profile', 'none/p.jsonl'], 1, /^error: .*cannot write profile .*none\/p\.jsonl: no such file or directory$/, /^hint: check that the folder exists$/],
  ])('%s', async (_, options, status, error, hint) => {
    const ran = await run('--offbox', '-i', inventory(['/bin/false']), ...options);
    expect(ran.status).toBe(status);
    expect(ran.errors[0]).toMatch(error);
    if (ran.errors.length > 1) expect(ran.errors[1]).toMatch(hint);
    expect(ran.errors.length).toBeLessThanOrEqual(2);
    expect(existsSync(join(folder, 'home'))).toBe(false);
  });

  test('a link of another part, by the part that it is in', async () => {
    const [own, other] = shardIndex('mx1-mx2', 2) === 1 ? ['1/2', '2/2'] : ['2/2', '1/2'];
    const ran = await run('--offbox', '-i', inventory(['/bin/false']), '--link', 'mx1-mx2', '--shard', other);
    expect(ran).toMatchObject({ status: 2, errors: [`error: --link "mx1-mx2" is in part ${own}, not in ${other}`, `hint: say --shard ${own}, or leave the link away`] });
  });

  test('a part of the links on-box', async () => {
    const ran = await run('--onbox', '-i', inventory(['/bin/false']), '--shard', '1/2');
    expect(ran).toMatchObject({ status: 2, errors: ['error: --shard goes with --offbox: on-box a router works on its own links', 'hint: leave --shard away, or add --offbox'] });
  });
});
