// doctor on a router with two routing engines, installed on both: on the master, on the backup and from the management
// host it sees which file is missing or old on which engine before a switchover makes that a link without rotation.

import { existsSync, readFileSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { runScript } from '../bench/router/scripts/run-script.ts';
import { commandLine } from '../cli/command-line.ts';
import { type InstallBed, startInstallBed } from './test-install-bed.ts';

const missing = !existsSync('/usr/bin/python3') && process.env['CI'] === undefined;
const HOME = 'var/home/qkd/qkd-macsec';

interface Finding {
  readonly check: string;
  readonly verdict: string;
  readonly evidence: string;
  readonly remedy: string | null;
}

describe.skipIf(missing)('doctor of two routing engines with python3', { timeout: 60_000 }, () => {
  let bed: InstallBed;
  const spoilt = new Map<string, Buffer>();

  beforeAll(async () => {
    bed = await startInstallBed({ engines: { addresses: true } });
    expect((await bed.install('--no-doctor')).status).toBe(0);
  }, 60_000);
  afterEach(() => {
    for (const [file, content] of spoilt) writeFileSync(file, content, { mode: file.endsWith('.key') ? 0o600 : 0o644 });
    spoilt.clear();
  });
  afterAll(() => bed.close());

  /** Takes a file of re1 away, or makes it another one; mended after the test. */
  function spoil(path: string, content?: string): void {
    const file = join(bed.router('mx1').engines[1]?.root ?? '', path);
    spoilt.set(file, readFileSync(file));
    if (content === undefined) unlinkSync(file);
    else writeFileSync(file, content);
  }

  /** By the installed program on that engine, or off-box. Without the paths of this machine. */
  async function findings(where: 0 | 1 | 'offbox', check: string): Promise<string[]> {
    const found = where === 'offbox' ? await offBox() : await onBox(where);
    const root = bed.router('mx1').engines[0]?.root.replace(/re0\/root$/, '') ?? '';
    return found.filter((finding) => finding.check === check).map(({ verdict, evidence, remedy }) => `${verdict}: ${evidence.replaceAll(root, '').replaceAll(/re[01]\/root/g, '')}${remedy === null ? '' : ` -> ${remedy}`}`);
  }

  async function onBox(slot: 0 | 1): Promise<Finding[]> {
    return ((await run(slot, 'doctor')) as { findings: Finding[] }).findings;
  }

  async function run(slot: 0 | 1, command: 'doctor' | 'status'): Promise<unknown> {
    const engine = bed.router('mx1').engines[slot];
    if (engine === undefined) throw new Error('no engine');
    const { standardOutput } = await runScript(engine, 'op', { file: 'qkd-macsec.py', arguments: [['command', command], ['json', 'yes']] });
    return JSON.parse(standardOutput);
  }

  async function offBox(): Promise<Finding[]> {
    let output = '';
    await commandLine({
      argv: ['--offbox', '-i', bed.inventory, 'doctor', '--json', '--device', 'mx1'],
      environment: {}, folder: bed.folder, user: { name: 'operator', home: bed.folder }, pid: process.pid, version: 'bed', artifact: bed.artifact,
      clock: { now: () => Date.now(), sleep: async () => undefined },
      standardOutput: (text) => (output += text), standardError: () => undefined,
    });
    return (JSON.parse(output) as { findings: Finding[] }).findings;
  }

  const OWN = [`/${HOME}/a/qkd-macsec.js`, `/${HOME}/certs/mx1.crt`];

  test.each([0, 1] as const)('on-box, on re%d: program, certificate and key are the same on both', async (slot) => {
    expect(await findings(slot, 'engine-files')).toEqual([...OWN, `/${HOME}/certs/mx1.key`].map((file) => `ok: ${file} is the same on re0 and re1`));
    const scripts = ['event', 'op'].flatMap((kind) => ['re0', 're1'].map((engine) => `ok: ${engine}:/var/db/scripts/${kind}/qkd-macsec.py is there, with the configured checksum`));
    expect(await findings(slot, 'script-files')).toEqual(scripts);
  });

  test('off-box: what is installed is the same on both; a release that was never there is not missed', async () => {
    const settings = ['event', 'op'].map((kind) => `/var/db/scripts/${kind}/qkd-macsec.conf`);
    expect(await findings('offbox', 'engine-files')).toEqual([...settings, ...OWN].map((file) => `ok: ${file} is the same on re0 and re1`));
    expect((await findings('offbox', 'script-files')).map((line) => line.slice(0, 7))).toEqual(['ok: re0', 'ok: re1', 'ok: re0', 'ok: re1']);
  });

  test.each([0, 'offbox'] as const)('a certificate that is only on one is a fault, seen from %s', async (where) => {
    spoil(`${HOME}/certs/mx1.crt`);
    expect(await findings(where, 'engine-files')).toContain(`fault: /${HOME}/certs/mx1.crt is not on re1: as master it could not rotate -> copy it to every routing engine: scripts/install does`);
  });

  test.each([0, 'offbox'] as const)('an old program on the other engine is a fault, seen from %s', async (where) => {
    spoil(`${HOME}/a/qkd-macsec.js`, '// 0.9.0\n');
    expect(await findings(where, 'engine-files')).toContain(`fault: /${HOME}/a/qkd-macsec.js is not the same on re0 and re1 -> copy it to every routing engine: scripts/install does`);
  });

  test.each(['event', 'op'] as const)('a changed and a missing %s script are named with their engine', async (kind) => {
    spoil(`var/db/scripts/${kind}/qkd-macsec.py`, '# changed\n');
    expect((await findings('offbox', 'script-files')).join('\n')).toMatch(new RegExp(`^fault: re1:/var/db/scripts/${kind}/qkd-macsec\\.py has sha-256 \\w{12}\\.\\.\\., the configuration says \\w{12}\\.\\.\\. -> find out who changed it`, 'm'));
    rmSync(join(bed.router('mx1').engines[1]?.root ?? '', `var/db/scripts/${kind}/qkd-macsec.py`));
    expect((await findings(0, 'script-files')).join('\n')).toMatch(new RegExp(`^fault: re1:/var/db/scripts/${kind}/qkd-macsec\\.py: .*No such file.* -> copy it to every routing engine`, 'm'));
  });

  test('asked for on the backup, it says so of what only the master shows, and status finds no fault there', async () => {
    expect(await findings(1, 'macsec')).toEqual(['not checked: this is the backup routing engine: MACsec is shown on the master']);
    const { links } = (await run(1, 'status')) as { links: { problems: { severity: string; text: string }[] }[] };
    const told = links.flatMap(({ problems }) => problems);
    expect(told[0]).toMatchObject({ severity: 'note', text: "this is the backup routing engine: MKA and the rotation are the master's" });
    expect(told.filter(({ severity }) => severity === 'fault')).toEqual([]);
  });

  test('an installation asks the one on the engine that is master', async () => {
    await bed.router('mx1').faults.set({ kind: 'switchover' });
    const { status, output, errors } = await bed.install('--device', 'mx1');
    await bed.router('mx1').faults.clear();
    expect([status, errors]).toEqual([0, '']);
    expect(output).toMatch(/^mx1: nothing to do\nmx1: doctor: 1 warning, 2 not checked, \d+ ok\n/);
  });

  test('a new install mends it: only what differs is copied', async () => {
    spoil(`${HOME}/certs/mx1.key`, 'old\n');
    expect(await findings(0, 'engine-files')).toContain(`fault: /${HOME}/certs/mx1.key is not the same on re0 and re1 -> copy it to every routing engine: scripts/install does`);
    expect((await bed.install('--no-doctor', '--device', 'mx1')).output).toBe(`mx1 re1: copied /${HOME}/certs/mx1.key (0600, qkd)\n`);
    expect((await findings(0, 'engine-files')).filter((line) => !line.startsWith('ok: '))).toEqual([]);
  });
});
