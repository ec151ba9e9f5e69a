// The installed program as a user of its own, where this machine lets us have one (root): the kernel refuses what the
// router's would, the environment is empty and the umask what somebody set. Another operator gets one clear line.

import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runScript, type ScriptEnd, type ScriptKind } from '../bench/router/scripts/run-script.ts';
import { type UnixUser, giveHome, unixUsers } from '../bench/router/scripts/unix-user.ts';
import { type InstallBed, startInstallBed } from './test-install-bed.ts';

const HOME = 'var/home/qkd/qkd-macsec';
const [scriptUser, operator] = unixUsers();
const ci = process.env['CI'] !== undefined;
const why = scriptUser === undefined || operator === undefined ? (process.getuid?.() === 0 ? 'no unprivileged users' : 'needs root') : !existsSync('/usr/bin/python3') ? 'no python3' : undefined;
const missing = why === 'needs root' || (why !== undefined && !ci);

describe.skipIf(missing)(`as a user of its own${missing ? ` (${why})` : ''}`, { timeout: 60_000 }, () => {
  let bed: InstallBed;
  let node = process.execPath;

  beforeAll(async () => {
    bed = await startInstallBed();
    if (scriptUser === undefined) throw new Error(why);
    expect((await bed.install('--no-doctor')).status).toBe(0);
    for (const router of bed.routers.values()) giveHome(router, 'qkd', scriptUser, bed.folder);
    // Whoever runs the tests may keep Node where nobody else can reach it.
    if (spawnSync(node, ['--version'], { uid: scriptUser.uid, gid: scriptUser.gid }).status !== 0) {
      node = join(bed.folder, 'node');
      copyFileSync(process.execPath, node);
      chmodSync(node, 0o755);
      for (const { cliPath } of bed.routers.values()) writeFileSync(cliPath, readFileSync(cliPath, 'utf8').replaceAll(process.execPath, node));
    }
  }, 60_000);
  afterAll(() => bed.close());

  const script = (router: string, kind: ScriptKind, options: { words?: [string, string][]; as?: UnixUser | undefined; environment?: Record<string, string>; umask?: string } = {}): Promise<ScriptEnd> =>
    runScript(bed.router(router), kind, { file: 'qkd-macsec.py', arguments: options.words ?? [], node, as: options.as ?? (scriptUser as UnixUser), environment: options.environment ?? {}, ...(options.umask !== undefined && { umask: options.umask }) });

  test('rotates with no environment at all, whatever the umask: what is secret is its alone, the record is open to the peer', async () => {
    const ends = await Promise.all([script('mx1', 'event', { words: [['json', 'yes']], umask: '077' }), script('mx2', 'event', { words: [['json', 'yes']], umask: '000' })]);
    for (const end of ends) expect([end.status, end.standardError]).toEqual([0, '']);
    await Promise.all([script('mx1', 'event', { umask: '077' }), script('mx2', 'event', { umask: '000', environment: { HOME: '/nonexistent', PATH: '/nowhere' } })]);
    const again = await script('mx1', 'event', { words: [['json', 'yes']], umask: '077' });
    const { links } = JSON.parse(again.standardOutput) as { links: { key_id: string | null; error: unknown }[] };
    expect(links).toMatchObject([{ key_id: expect.stringMatching(/^[0-9a-f-]{36}$/), error: null }]);
    for (const name of ['mx1', 'mx2']) {
      const home = join(bed.router(name).root, HOME);
      const files = readdirSync(home, { recursive: true, encoding: 'utf8' }).filter((path) => statSync(join(home, path)).isFile());
      const rights = Object.fromEntries(files.map((path) => [path, (statSync(join(home, path)).mode & 0o777).toString(8)]));
      expect([name, rights]).toEqual([name, expect.objectContaining({ 'alarms.json': '600', 'last-run.json': '600', 'logs/qkd-macsec.log': '600', [`records/${name}_last_key.json`]: '644', [`certs/${name}.key`]: '600', id_ed25519: '600', 'inventory.json': '600' })]);
      for (const path of files) expect([path, statSync(join(home, path)).uid]).toEqual([path, scriptUser?.uid]);
    }
  });

  test('status and doctor work for it, without HOME and PATH', async () => {
    const status = await script('mx1', 'op', { words: [['command', 'status'], ['json', 'yes']] });
    expect([status.standardError, JSON.parse(status.standardOutput)]).toEqual(['', expect.objectContaining({ ok: true })]);
    const doctor = await script('mx1', 'op', { words: [['command', 'doctor'], ['json', 'yes']] });
    const { findings } = JSON.parse(doctor.standardOutput) as { findings: { verdict: string }[] };
    expect(findings.filter(({ verdict }) => verdict === 'fault')).toEqual([]);
  });

  test('another operator is told in one line which user to log in as, and nothing of the inventory', async () => {
    const { status, standardOutput, standardError } = await script('mx1', 'op', { words: [['command', 'status']], as: operator });
    expect([status, standardOutput]).toEqual([2, '']);
    expect(standardError).toMatch(new RegExp(`^qkd-macsec: runs as ${operator?.name}, but program and keys are those of another user \\(\\S+/a/qkd-macsec\\.js\\): log in as ${scriptUser?.name}, as in: ssh ${scriptUser?.name}@ROUTER op qkd-macsec command status\\n$`));
  });

  test('a key that an operator copied there as another user is named, with what to do', async () => {
    const key = join(bed.router('mx1').root, HOME, 'certs/mx1.key');
    const text = readFileSync(key);
    spawnSync('chown', ['root', key]);
    const { status, standardOutput } = await script('mx1', 'event', { words: [['json', 'yes']] });
    spawnSync('chown', [String(scriptUser?.uid), key]);
    expect(readFileSync(key).equals(text)).toBe(true);
    expect([status, standardOutput]).toEqual([2, expect.stringMatching(/"message":"[^"]*client key: cannot read [^"]*mx1\.key: permission denied","hint":"check the name .* and who may read it"/)]);
  });
});
