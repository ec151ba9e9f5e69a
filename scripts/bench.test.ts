// The bench's command line, run as a process: refusals, a bench that is left running and what it tells of
// itself, faults, its end in good order and after kill -9, and a job that is ended by a signal.

import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { benchCommand } from '../src/bench/lab/bench-command.ts';
import { UsageError } from '../src/bench/lab/left-running.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "qkd bench's-"));
const benches: string[] = [];

afterAll(async () => {
  for (const dir of benches) await bench('down', '--dir', dir);
  rmSync(folder, { recursive: true, force: true });
});

interface Ran {
  readonly status: number | null;
  readonly output: string;
  readonly errors: string;
}

const SELF = [process.execPath, '--import', join(ROOT, 'node_modules/tsx/dist/loader.mjs'), join(ROOT, 'scripts/bench.ts')];

/** The command line in this process. */
async function bench(...argv: string[]): Promise<Ran> {
  let output = '';
  const own = { artifact: join(ROOT, 'dist/qkd-macsec.js'), self: SELF, signal: new AbortController().signal, print: (text: string) => void (output += text) };
  try {
    return { status: await benchCommand(argv, own), output, errors: '' };
  } catch (error) {
    const status = error instanceof UsageError || error instanceof RangeError ? 2 : 1;
    return { status, output, errors: `bench: ${(error as Error).message}\n` };
  }
}

/** The same as a process in `folder`; `signal` is sent when the output says so. */
function benchProcess(argv: readonly string[], ending?: { signal: NodeJS.Signals; when: (output: string) => boolean; temporary: string }): Promise<Ran> {
  const environment = { ...process.env, ...(ending === undefined ? {} : { TMPDIR: ending.temporary }) };
  const [program = '', ...rest] = [...SELF, ...argv];
  const child = spawn(program, rest, { cwd: folder, env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
  let [output, errors] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
    if (ending?.when(output)) child.kill(ending.signal);
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (status) => resolve({ status, output, errors }));
  });
}

interface BenchFile {
  readonly inventory: string;
  readonly artifact: string;
  readonly kmes: readonly { readonly url: string; readonly ca_file: string }[];
  readonly routers: readonly { readonly name: string; readonly host: string; readonly ssh_port: number; readonly private_key_file: string; readonly mgd_socket: string; readonly home: string; readonly launcher: string }[];
}

function benchFile(dir: string): BenchFile {
  return JSON.parse(readFileSync(join(dir, 'bench.json'), 'utf8')) as BenchFile;
}

async function up(name: string, ...more: string[]): Promise<string> {
  const dir = join(folder, name);
  const { status, errors } = await benchProcess(['up', '--dir', name, ...more]);
  expect({ status, errors }).toEqual({ status: 0, errors: '' });
  benches.push(dir);
  return dir;
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => (socket.destroy(), resolve(true)));
    socket.once('error', () => resolve(false));
  });
}

describe('refusals: exit 2, one line', () => {
  writeFileSync(join(folder, 'file'), '');
  mkdirSync(join(folder, 'mine'));
  writeFileSync(join(folder, 'mine', 'letter'), '');

  it.each<[string, string[], string]>([
    ['no folder', ['up'], '--dir DIR is missing'],
    ['an empty folder name', ['up', '--dir', ''], '--dir DIR is missing'],
    ['a file', ['up', '--dir', 'file'], 'cannot use'],
    ["somebody's folder", ['up', '--dir', 'mine'], 'holds other files (letter)'],
    ['an odd number of routers', ['up', '--dir', 'new', '--routers', '3'], 'even number'],
    ['no number of routers', ['--routers', 'two'], 'not a whole number'],
    ['an unknown method', ['--method', 'both'], 'not one of pre-shared-key, key-chain'],
    ['a method for routers of an inventory', ['--inventory', 'none.json', '--method', 'key-chain'], '--method does not go with --inventory'],
    ['an unknown topology', ['--topology', 'ring'], 'not one of pairs, chain, star'],
    ['three routing engines', ['--routing-engines', '3'], '--routing-engines "3" is not one of 1, 2'],
    ['a clock of a router that is not there', ['--clock-offset', 'mx9=1'], 'one of mx1 to mx2'],
    ['a phase beyond an interval', ['--phase', '100'], '--phase 100 is not from 0 to 99 per cent'],
    ['a phase that is no number', ['--phase', 'half'], '--phase "half" is not a whole number'],
    ['phases of another shape', ['--phases', '--routers', '4'], '--routers does not go with --phases'],
    ['crashes and phases', ['--crashes', '--phases'], '--phases does not go with --crashes'],
    ['phases that are left running', ['up', '--dir', 'new', '--phases'], '--phases does not go with up'],
    ['an unknown command', ['start'], 'unknown command "start"'],
    ['an unknown option', ['--verbose'], "Unknown option '--verbose'"],
    ['an option of another command', ['down', '--dir', 'new', '--rotations', '1'], '--rotations does not go with down'],
    ['nothing to end', ['down', '--dir', 'new'], 'no bench runs in'],
    ['no inventory', ['--inventory', 'none.json'], 'cannot read inventory'],
    ['a fault without a bench', ['fault', '--dir', 'new', 'mx1', 'list'], 'no bench runs in'],
    ['a fault that is no JSON', ['fault', '--dir', 'new', 'mx1', '{'], 'is not JSON, list or clear'],
  ])('%s', async (_, argv, words) => {
    const { status, output, errors } = await bench(...argv.map((word) => (['file', 'mine', 'new', 'none.json'].includes(word) ? join(folder, word) : word)));
    expect({ status, output }).toEqual({ status: 2, output: '' });
    expect(errors).toMatch(/^bench: [^\n]+\n$/);
    expect(errors).toContain(words);
    expect(existsSync(join(folder, 'new'))).toBe(false);
  });

  it('as a process', { timeout: 60_000 }, async () => {
    expect(await benchProcess(['up', '--dir', 'file'])).toMatchObject({ status: 2, output: '', errors: expect.stringMatching(/^bench: cannot use [^\n]+\n$/) as string });
  });
});

describe('a bench that is left running', { timeout: 120_000 }, () => {
  it('tells what the contract says, takes faults, ends', async () => {
    const dir = await up('lab', '--routers', '4', '--clock-offset', 'mx2=-3');
    const told = benchFile(dir);
    expect(Object.keys(told)).toEqual(['inventory', 'artifact', 'kmes', 'routers']);
    expect(Object.keys(told.kmes[0]!)).toEqual(['name', 'url', 'ca_file']);
    expect(told.routers.map(({ name }) => name)).toEqual(['mx1', 'mx2', 'mx3', 'mx4']);
    for (const router of told.routers) {
      expect(Object.keys(router)).toEqual(['name', 'host', 'ssh_port', 'username', 'password', 'private_key_file', 'host_key', 'mgd_socket', 'home', 'launcher']);
      for (const path of [router.private_key_file, router.mgd_socket, router.home, router.launcher]) expect(existsSync(path)).toBe(true);
    }
    const [mx1] = told.routers;
    const fault = (...words: string[]): Promise<Ran> => bench('fault', '--dir', dir, ...words);
    expect((await fault('mx1', '{"kind":"down"}')).output).toBe('mx1: fault 1 is on\n');
    expect(await listens(mx1!.ssh_port)).toBe(false);
    expect((await fault('mx1', 'list')).output).toBe('{"id":1,"fault":{"kind":"down"}}\n');
    expect((await fault('mx1', 'clear', '1')).output).toBe('mx1: fault 1 is off\n');
    expect(await listens(mx1!.ssh_port)).toBe(true);
    expect((await fault('kme2', '{"kind":"down"}')).status).toBe(0);
    expect(await listens(Number(new URL(told.kmes[1]!.url).port))).toBe(false);
    expect((await fault('kme2', 'clear')).output).toBe('kme2: no faults\n');
    expect(await fault('mx9', 'list')).toMatchObject({ status: 2, errors: expect.stringContaining('one of mx1, mx2, mx3, mx4, kme1, kme2') as string });
    expect(await bench('up', '--dir', dir)).toMatchObject({ status: 2, errors: expect.stringContaining('runs in') as string });
    const pid = Number(readFileSync(join(dir, 'bench.pid'), 'utf8'));
    expect((await bench('down', '--dir', dir)).status).toBe(0);
    // Where nobody fetches the exit status of orphans, an ended process is still listed, as a zombie.
    expect(spawnSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' }).stdout.trim()).toMatch(/^(?:Z.*)?$/);
    expect(await listens(mx1!.ssh_port)).toBe(false);
    expect(existsSync(join(dir, 'bench.json'))).toBe(false);
    expect((await bench('down', '--dir', dir)).status).toBe(2);
  });

  it('can be started again after kill -9, and a foreign process of its number is let alone', async () => {
    const dir = await up('killed');
    process.kill(Number(readFileSync(join(dir, 'bench.pid'), 'utf8')), 'SIGKILL');
    while ((await bench('down', '--dir', dir)).status === 0);
    expect(existsSync(join(dir, 'bench.json'))).toBe(false);
    writeFileSync(join(dir, 'bench.pid'), `${process.pid}\n`);
    expect((await bench('down', '--dir', dir)).status).toBe(2);
    await up('killed');
    expect(benchFile(dir).routers).toHaveLength(2);
  });
});

it('the main job leaves nothing behind when it is interrupted', { timeout: 120_000 }, async () => {
  const temporary = mkdtempSync(join(folder, 'tmp-'));
  const ran = await benchProcess(['--rotations', '9'], { signal: 'SIGINT', temporary, when: (output) => output.includes('key_ID') });
  expect(ran).toMatchObject({ status: 130, errors: 'bench: ended by SIGINT\n' });
  expect(readdirSync(temporary).filter((name) => name.startsWith('qkd'))).toEqual([]);
});
