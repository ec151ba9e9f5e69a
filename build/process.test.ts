// The artifact as a process among others: signals, a reader that stops reading, a disk that is full. The
// router's mgd is a program that says nothing, so that a run is in the middle of its work for long enough.

import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { makeArtifact } from './artifact.ts';
import { PROJECT } from './sample-project.ts';

let folder: string;
let home: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'qkd-process-'));
  home = join(folder, 'home');
  const { code } = await makeArtifact({ root: PROJECT, entry: 'src/main.ts', version: '0.0.0', commit: 'test' });
  writeFileSync(join(folder, 'qkd-macsec.js'), code);
  writeFileSync(join(folder, 'password'), 'x', { mode: 0o600 });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));
beforeEach(() => {
  rmSync(home, { recursive: true, force: true });
  mkdirSync(home);
});

function inventory(mgdCommand: readonly string[]): void {
  const device = { ip: '192.0.2.1', kme: { url: 'https://kme.invalid' } };
  const end = (name: string): object => ({ device: name, interfaces: ['et-0/0/1'] });
  const link = { name: 'mx1-mx2', connectivity_association: 'CA', method: 'pre-shared-key', master: end('mx1'), slaves: [end('mx2')] };
  const system = { netconf: { mgd_command: mgdCommand, rpc_timeout: 30 } };
  const secrets = { username: 'qkd', password_file: 'password' };
  writeFileSync(join(folder, 'inventory.json'), JSON.stringify({ system, paths: { home }, secrets, devices: { mx1: device, mx2: device }, links: [link] }), { mode: 0o600 });
}

/** `shell` with `run` standing for the artifact and its usual arguments. */
function start(shell: string): ChildProcess {
  const run = `'${process.execPath}' '${join(folder, 'qkd-macsec.js')}' --onbox -i '${join(folder, 'inventory.json')}'`;
  return spawn('/bin/sh', ['-c', shell.replaceAll('RUN', run)], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
}

async function ended(child: ChildProcess): Promise<{ status: number | null; output: string; errors: string }> {
  let [output, errors] = ['', ''];
  child.stdout?.on('data', (text: Buffer) => (output += text.toString()));
  child.stderr?.on('data', (text: Buffer) => (errors += text.toString()));
  const status = await new Promise<number | null>((done) => child.once('close', done));
  return { status, output, errors };
}

async function locked(): Promise<void> {
  for (let waited = 0; waited < 200 && !existsSync(join(home, 'run.lock')); waited += 1) await sleep(25);
  expect(existsSync(join(home, 'run.lock'))).toBe(true);
}

describe('a run that is ended', () => {
  it.each([['SIGTERM', 143], ['SIGINT', 130], ['SIGHUP', 129]] as const)('by %s says so, gives its lock back and leaves nothing', async (signal, status) => {
    inventory(['/bin/sleep', '30']);
    const child = start('exec RUN');
    const end = ended(child);
    await locked();
    child.kill(signal);
    expect(await end).toEqual({ status, output: '', errors: `error: ended by ${signal}\nhint: run again: the next run continues from the router's configuration\n` });
    expect(readdirSync(home).filter((name) => name.startsWith('run.lock'))).toEqual([]);
  });

  it('by SIGKILL holds up no later one', async () => {
    inventory(['/bin/sleep', '30']);
    const child = start('exec RUN');
    const end = ended(child);
    await locked();
    child.kill('SIGKILL');
    await end;
    inventory(['/bin/false']);
    expect(await ended(start('exec RUN'))).toMatchObject({ status: 1, errors: expect.stringContaining('mgd') as string });
    expect(readdirSync(home).filter((name) => name.startsWith('run.lock'))).toEqual([]);
  });
});

describe('output', () => {
  it('that nobody reads ends no run', async () => {
    inventory(['/bin/false']);
    const ran = await ended(start('{ RUN -vvvv; echo status $? >&3; } 3>&1 >/dev/null 2>&1 | cat; { RUN -vvvv 2>&1; echo status $? >&3; } 3>&2 | true'));
    expect(`${ran.output}${ran.errors}`.match(/status \d+/g)).toEqual(['status 1', 'status 1']);
    expect(readdirSync(home).filter((name) => name.startsWith('run.lock'))).toEqual([]);
  });

  it.skipIf(!existsSync('/dev/full'))('that cannot be written is a failure', async () => {
    const ran = await ended(start('RUN --version >/dev/full'));
    expect(ran).toMatchObject({ status: 1, errors: expect.stringMatching(/^error: results not written: .*no space left/) as string });
  });
});

it('a disk that takes no byte is one clear line, and no draft of the lock stays', async () => {
  inventory(['/bin/false']);
  // The pipe keeps the limit on file sizes away from the output.
  const ran = await ended(start("trap '' XFSZ; ulimit -f 0; RUN --json; echo status $?"));
  expect(ran.output).toMatch(/"code":"file".*\nstatus 1\n$/s);
  expect(ran.errors).toMatch(/^error: cannot write run lock .*run\.lock: file too large\nhint: raise the limit/);
  expect(readdirSync(home)).toEqual([]);
});
