// The installer against two bench routers over real SSH: what lies where afterwards, who can read it, that the program
// works through the launcher as the event policy and the CLI start it, and what an uninstall leaves.

import { existsSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { runScript, type ScriptEnd } from '../bench/router/scripts/run-script.ts';
import type { BenchRouter } from '../bench/router/start-router.ts';
import { noLog } from '../log.ts';
import { openNetconfSession } from '../netconf/session.ts';
import { netconfOverSsh } from '../netconf/transport/ssh.ts';
import { connectSsh } from '../ssh/connect.ts';
import type { SshConnection } from '../ssh/connection.ts';
import { scpGet } from '../ssh/scp-get.ts';
import { at, element, serialise, textAt, type XmlElement } from '../xml.ts';
import { type InstallBed, startInstallBed } from './test-install-bed.ts';

const missing = !existsSync('/usr/bin/python3') && process.env['CI'] === undefined;
const HOME = 'var/home/qkd/qkd-macsec';
const SSH = { attempts: 1, delay: 0, timeout: 10, hostKeyPolicy: 'strict', knownHostsFile: undefined, pace: 0 } as const;

let bed: InstallBed;
let commits = 0;
const opened: SshConnection[] = [];

beforeAll(async () => {
  bed = await startInstallBed();
  for (const router of bed.routers.values()) router.mgd.onCommit(() => (commits += 1));
}, 60_000);
afterEach(() => opened.splice(0).forEach((connection) => connection.close()));
afterAll(() => bed.close());

const file = (router: string, path: string): string => join(bed.router(router).root, path);
const read = (router: string, path: string): string => readFileSync(file(router, path), 'utf8');
const security = (router: BenchRouter): string => serialise(at(router.mgd.committed(), 'security') as XmlElement);

/** All files of a router below a folder: mode and owner by path. */
function filesBelow(router: string, folder: string): Record<string, string> {
  const { root } = bed.router(router);
  const names = readdirSync(join(root, folder), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const rights = names.map(({ parentPath, name }): [string, string] => [join(parentPath, name).slice(root.length + 1), (statSync(join(parentPath, name)).mode & 0o777).toString(8)]);
  return Object.fromEntries(rights.sort());
}

/** Logs in to `to` as `username` with the SSH key that `from` got. */
async function login(from: string, to: string, username: string): Promise<SshConnection> {
  const { sshPort, hostKeyFingerprint } = bed.router(to);
  const key = join(bed.folder, `key-of-${from}`);
  writeFileSync(key, read(from, `${HOME}/id_ed25519`), { mode: 0o600 });
  const connection = await connectSsh({ addresses: ['127.0.0.1'], port: sshPort, username, privateKey: { file: key }, hostKeys: [hostKeyFingerprint] }, SSH, { log: noLog });
  opened.push(connection);
  return connection;
}

const event = (router: string, ...words: [string, string][]): Promise<ScriptEnd> => runScript(bed.router(router), 'event', { file: 'qkd-macsec.py', arguments: words });

describe.skipIf(missing)('install with python3', { timeout: 60_000 }, () => {
  test('--dry-run shows files and statements, and changes nothing', async () => {
    const before = [...bed.routers.values()].map((router) => serialise(router.mgd.committed()));
    const { status, output, errors } = await bed.install('--dry-run');
    expect([status, errors, commits]).toEqual([0, '', 0]);
    expect(output).toContain('mx1: would make an SSH key pair: /var/home/qkd/qkd-macsec/id_ed25519\n');
    for (const path of ['inventory.json', 'certs/mx1.key']) expect(output).toContain(`mx1: would copy /var/home/qkd/qkd-macsec/${path} (0600, qkd)\n`);
    expect(output).toContain('mx1: would copy /var/home/qkd/qkd-macsec/a/qkd-macsec.js (0644, qkd)\n');
    expect(output).toContain('mx1: would let mx2 in with the SSH key that it gets\n');
    expect(output).toContain('+    user qkd-peer {\n');
    expect([...bed.routers.values()].map((router) => serialise(router.mgd.committed()))).toEqual(before);
    expect(filesBelow('mx1', 'var/db/scripts')).toEqual({});
    expect(existsSync(file('mx1', 'var/home/qkd'))).toBe(false);
  });

  test('puts every file in its place, open to whom it must be, whole and owned by the right user', async () => {
    const { status, output, errors } = await bed.install('--no-doctor');
    expect([status, errors]).toEqual([0, '']);
    expect(output).toContain('mx2: copied /var/home/qkd/qkd-macsec/id_ed25519 (0600, qkd)\n');
    expect(filesBelow('mx1', 'var/home/qkd')).toEqual({
      [`${HOME}/a/qkd-macsec.js`]: '644',
      [`${HOME}/a/qkd-macsec.js.sha256`]: '644',
      [`${HOME}/a/qkd-macsec.py`]: '644',
      [`${HOME}/certs/kme-ca.crt`]: '644',
      [`${HOME}/certs/mx1.crt`]: '644',
      [`${HOME}/certs/mx1.key`]: '600',
      [`${HOME}/id_ed25519`]: '600',
      [`${HOME}/id_ed25519.pub`]: '644',
      [`${HOME}/inventory.json`]: '600',
    });
    expect(filesBelow('mx1', 'var/db/scripts')).toEqual(Object.fromEntries(['event', 'op'].flatMap((kind) => [[`var/db/scripts/${kind}/qkd-macsec.conf`, '644'], [`var/db/scripts/${kind}/qkd-macsec.py`, '755']])));
    const { rights, root } = { rights: bed.router('mx1').fileRights, root: bed.router('mx1').root };
    for (const path of Object.keys(filesBelow('mx1', 'var/home/qkd'))) expect([path, rights.ownerOf(join(root, path))]).toEqual([path, 'qkd']);
    expect(rights.ownerOf(join(root, 'var/db/scripts/event/qkd-macsec.py'))).toBe('admin');
    expect(readFileSync(file('mx1', `${HOME}/a/qkd-macsec.js`)).equals(readFileSync(bed.artifact))).toBe(true);
  });

  test.each([[], ['--dry-run']])('a second time there is nothing to do: no commit, no file %s', async (...more) => {
    const before = [commits, filesBelow('mx1', 'var'), read('mx1', `${HOME}/id_ed25519`)];
    const { status, output } = await bed.install('--no-doctor', ...more);
    expect([status, output]).toEqual([0, 'mx1: nothing to do\nmx2: nothing to do\n']);
    expect([commits, filesBelow('mx1', 'var'), read('mx1', `${HOME}/id_ed25519`)]).toEqual(before);
  });

  describe('least secrets', () => {
    test('each router has its own SSH key, and neither the management host nor another router has it', () => {
      const keys = ['mx1', 'mx2'].map((name) => read(name, `${HOME}/id_ed25519`));
      expect(new Set([...keys, readFileSync(join(bed.folder, 'id_ed25519'), 'utf8')]).size).toBe(3);
      const stored = readdirSync(bed.folder).filter((name) => !bed.routers.has(name) && statSync(join(bed.folder, name)).isFile() && !name.startsWith('key-of-')).map((name) => readFileSync(join(bed.folder, name), 'utf8'));
      for (const key of keys) for (const text of stored) expect(text).not.toContain(key.split('\n')[3]);
    });

    test("a router's inventory names its own links and no secret of the fleet", () => {
      const inventory = JSON.parse(read('mx1', `${HOME}/inventory.json`)) as Record<string, Record<string, unknown>>;
      expect(inventory['secrets']).toEqual({ username: 'qkd', peer_username: 'qkd-peer', private_key_file: 'id_ed25519' });
      expect(Object.keys(inventory['devices'] ?? {})).toEqual(['mx1', 'mx2']);
      expect(read('mx1', `${HOME}/inventory.json`)).not.toMatch(/admin|operator|cert_file|key_file.*pki/);
    });

    test('the other end lets it in for its record, and for nothing else', async () => {
      await event('mx2');
      const connection = await login('mx1', 'mx2', 'qkd-peer');
      const get = (path: string): Promise<string> => scpGet(connection, `/${path}`, { maxBytes: 100_000, timeoutSeconds: 5 }).then(({ content }) => content.toString(), (error: Error) => error.message);
      expect(JSON.parse(await get(`${HOME}/records/mx2_last_key.json`))).toMatchObject({ version: 2 });
      for (const path of [`${HOME}/id_ed25519`, `${HOME}/inventory.json`, `${HOME}/certs/mx2.key`, `${HOME}/logs/qkd-macsec.log`]) expect(await get(path)).toMatch(/Permission denied$/);
      const session = await openNetconfSession(await netconfOverSsh(async () => connection, [22]), { log: noLog, rpcTimeoutSeconds: 5, commitTimeoutSeconds: 5, lockWaitSeconds: 0 });
      for (const rpc of ['get-configuration', 'get-system-information', 'open-configuration', 'op-script']) await expect(session.rpc(element(rpc))).rejects.toThrow(/permission denied/);
      await session.close();
    });

    test('a router whose key is not configured is not let in, nor is the script user by the key of another router', async () => {
      await expect(login('mx1', 'mx1', 'qkd-peer')).rejects.toThrow(/the router refuses the login/);
      await expect(login('mx1', 'mx2', 'qkd')).rejects.toThrow(/the router refuses the login/);
    });

    test('the key of a router that is no longer a peer is taken out, keys of other people stay', async () => {
      const session = bed.router('mx1').mgd.openSession({ name: 'admin', loginClass: 'super-user' });
      const set = (line: string): Promise<string> => session.execute({ ...element('load-configuration', element('configuration-set', line)), attributes: { action: 'set', format: 'text' } });
      const [foreign, stale] = ['somebody', 'qkd-macsec@mx9'].map((comment) => `${read('mx2', `${HOME}/id_ed25519.pub`).split(' ').slice(0, 2).join(' ').replace(/.{6}$/, 'AAAAAA')} ${comment}`);
      for (const key of [foreign, stale]) await set(`set system login user qkd-peer authentication ssh-ed25519 "${key}"`);
      await session.execute(element('commit-configuration'));
      session.close();
      expect((await bed.install('--no-doctor', '--device', 'mx1')).status).toBe(0);
      const text = serialise(bed.router('mx1').mgd.committed());
      expect([text.includes('somebody'), text.includes('qkd-macsec@mx9'), text.includes('qkd-macsec@mx2')]).toEqual([true, false, true]);
      // One that cannot be asked now keeps the key by which it is let in.
      await bed.router('mx2').faults.set({ kind: 'unreachable' });
      const again = await bed.install('--no-doctor', '--device', 'mx1');
      await bed.router('mx2').faults.clear();
      expect(again).toEqual({ status: 0, output: 'mx1: nothing to do\n', errors: '' });
    });
  });

  test('the event policy rotates the key: with the rights of its class, a data limit of 128 MB, and either style of arguments', async () => {
    const master = await event('mx1', ['json', 'yes']);
    const slave = await runScript(bed.router('mx2'), 'event', { file: 'qkd-macsec.py', arguments: [['command', 'run']], hyphens: '-' });
    const again = await event('mx1');
    for (const end of [master, slave, again]) expect([end.status, end.standardError]).toEqual([0, '']);
    expect((JSON.parse(master.standardOutput) as { links: unknown[] }).links).toHaveLength(1);
    const keys = [...bed.routers.values()].map((router) => /<key>(?:(?!<\/key>).)*<name>1<\/name>.*?<key-name>(\w+)</.exec(security(router))?.[1]);
    expect(keys[0]).toMatch(/^[0-9a-f]{64}$/);
    expect(keys[1]).toBe(keys[0]);
  });

  test('with --jitless, for a kernel that refuses just-in-time code, it rotates in the same 128 MB', async () => {
    const ends = await Promise.all(['mx1', 'mx2'].map((name) => runScript(bed.router(name), 'event', { file: 'qkd-macsec.py', arguments: [['json', 'yes']], settings: ['flags --jitless'] })));
    // Node 20 and 22 say a word of their own.
    for (const end of ends) expect([end.status, end.standardError]).toEqual([0, expect.stringMatching(/^(Warning: disabling flag --expose_wasm due to conflicting flags\n)?$/)]);
    const [first] = (JSON.parse(ends[0]?.standardOutput ?? '') as { links: { key_id: string | null }[] }).links;
    expect(first?.key_id).toMatch(/^[0-9a-f-]{36}$/);
  });

  test('`op qkd-macsec` runs it as the CLI does, by RPC', async () => {
    const { sshPort, hostKeyFingerprint } = bed.router('mx1');
    const target = { addresses: ['127.0.0.1'], port: sshPort, username: 'qkd', privateKey: { file: join(bed.folder, 'id_ed25519') }, hostKeys: [hostKeyFingerprint] };
    const session = await openNetconfSession(await netconfOverSsh(() => connectSsh(target, SSH, { log: noLog }), [22]), { log: noLog, rpcTimeoutSeconds: 30, commitTimeoutSeconds: 5, lockWaitSeconds: 0 });
    const op = async (...pairs: [string, string][]): Promise<string> => textAt(await session.rpc(element('op-script', element('script', 'qkd-macsec'), pairs.map(([name, value]) => element('argument', element('name', name), element('value', value))))), 'output') ?? '';
    expect(await op(['command', 'rotate'], ['link', 'mx1-mx2'], ['dry-run', 'yes'])).toMatch(/^link +device/);
    expect(await op(['version', 'yes'])).toBe('qkd-macsec 1.0.0 bed');
    expect(await op(['comand', 'status'])).toContain('qkd-macsec: unknown argument comand');
    await session.close();
  });

  test('uninstall leaves the link on its key, no file with a secret, no user; a second time there is nothing to do', async () => {
    const before = [...bed.routers.values()].map(security);
    const shown = await bed.install('uninstall', '--dry-run', '--device', 'mx1');
    for (const path of [`/${HOME}/id_ed25519`, '/var/db/scripts/op/qkd-macsec.py']) expect(shown.output).toMatch(new RegExp(`^mx1: would delete .*${path}(, |$)`, 'm'));
    expect(read('mx1', `${HOME}/id_ed25519`)).not.toBe('');
    const { status, errors } = await bed.install('uninstall');
    expect([status, errors]).toEqual([0, '']);
    expect([...bed.routers.values()].map(security)).toEqual(before);
    expect(filesBelow('mx1', HOME)).toEqual({});
    expect(filesBelow('mx1', 'var/db/scripts')).toEqual({});
    expect(serialise(bed.router('mx1').mgd.committed())).not.toMatch(/qkd-macsec|qkd-peer|every10mins/);
    for (const more of [[], ['--dry-run']]) expect((await bed.install('uninstall', ...more)).output).toBe('mx1: nothing to do\nmx2: nothing to do\n');
  });

  test('uninstall takes nothing from an operator who uses what it brought, nor what lies beside it', async () => {
    expect((await bed.install('--no-doctor')).status).toBe(0);
    writeFileSync(file('mx1', 'var/db/scripts/event/mine.py'), '#\n');
    writeFileSync(file('mx1', 'var/home/qkd/notes.txt'), 'mine\n');
    const lines = ['set system login user noc class qkd-rotation', 'set event-options policy mine events every10mins', 'set event-options policy mine then event-script mine.py', 'set event-options event-script file mine.py'];
    const session = bed.router('mx1').mgd.openSession({ name: 'admin', loginClass: 'super-user' });
    await session.execute({ ...element('load-configuration', element('configuration-set', lines.join('\n'))), attributes: { action: 'set', format: 'text' } });
    expect(await session.execute(element('commit-configuration'))).not.toContain('rpc-error');
    session.close();
    const { status, output, errors } = await bed.install('uninstall', '--device', 'mx1');
    expect([status, errors]).toEqual([0, '']);
    expect(output).toContain('mx1: kept system login class qkd-rotation: user noc uses it\nmx1: kept event-options generate-event every10mins: policy mine uses it\n');
    const left = serialise(bed.router('mx1').mgd.committed());
    expect(left).not.toMatch(/qkd-macsec\.py|qkd-peer|qkd-record|<name>qkd</);
    for (const kept of ['<name>noc</name><class>qkd-rotation</class>', '<name>mine</name><events>every10mins</events>', '<generate-event><name>every10mins</name>']) expect(left).toContain(kept);
    expect([read('mx1', 'var/db/scripts/event/mine.py'), read('mx1', 'var/home/qkd/notes.txt')]).toEqual(['#\n', 'mine\n']);
    expect((await bed.install('uninstall', '--device', 'mx1')).output).toBe('mx1: nothing to do\n');
    expect((await bed.install('uninstall')).status).toBe(0);
  });

  test.each([['install'], ['install', '--dry-run'], ['uninstall']])('%s leaves the user of somebody else alone who has the name of ours', async (...argv) => {
    const session = bed.router('mx2').mgd.openSession({ name: 'admin', loginClass: 'super-user' });
    await session.execute({ ...element('load-configuration', element('configuration-set', 'set system login user noc class super-user')), attributes: { action: 'set', format: 'text' } });
    await session.execute(element('commit-configuration'));
    session.close();
    const before = serialise(bed.router('mx2').mgd.committed());
    const { status, output, errors } = await bed.install(...argv, '--device', 'mx2', '--script-user', 'noc');
    const installing = [1, '', 'error: mx2: user noc is there already, with class super-user, and would get class qkd-rotation\nhint: give --script-user a name of its own, or delete that user first\n'];
    expect([status, output, errors]).toEqual(argv[0] === 'install' ? installing : [0, 'mx2: nothing to do\n', '']);
    expect(serialise(bed.router('mx2').mgd.committed())).toBe(before);
  });

  const refused: [string, string[], number, RegExp][] = [
    ['an unknown command', ['instal'], 2, /^error: unknown command "instal"; commands are install, rollback, uninstall\nhint: see scripts\/install --help\n$/],
    ['an unknown router', ['--device', 'mx9'], 2, /^error: --device mx9: no device with a link has this name; there are mx1, mx2\n/],
    ['an unknown option', ['--force'], 2, /^error: unknown option '--force'/],
    ["the operator's own login as script user", ['--script-user', 'admin'], 2, /^error: admin is the login of this machine, and would become a user with fewer rights\n/],
    ['root as script user', ['--script-user', 'root'], 2, /^error: --script-user root: Junos takes neither root nor nobody for this\n/],
    ['a user name that is none', ['--peer-user', 'a b'], 2, /^error: --peer-user "a b" is not a user name/],
    ['a rollback of nothing', ['rollback'], 1, /^error: mx1: nothing is installed that could be taken back\nhint: run install\n/],
  ];
  test.each(refused)('refused: %s', async (_name, argv, status, expected) => {
    const result = await bed.install(...argv);
    expect([result.status, result.errors]).toEqual([status, expect.stringMatching(expected)]);
  });
});

describe('a router with two routing engines', { timeout: 60_000 }, () => {
  let dual: InstallBed | undefined;
  afterEach(() => dual?.close());

  test('whose addresses are not given is refused before anything is done', async () => {
    dual = await startInstallBed({ engines: { addresses: false } });
    const { status, errors } = await dual.install('--no-doctor', '--device', 'mx1');
    expect([status, errors]).toEqual([1, expect.stringMatching(/^error: mx1 has two routing engines, and devices\.mx1\.routing_engines is not given\nhint: give the addresses of re0 and re1: both need the files\n$/)]);
    expect(serialise(dual.router('mx1').mgd.committed())).not.toContain('qkd-macsec');
  });

  test('gets the same files and SSH key on both; uninstall takes them from both', async () => {
    dual = await startInstallBed({ engines: { addresses: true } });
    const { status, output, errors } = await dual.install('--no-doctor');
    expect([status, errors]).toEqual([0, '']);
    expect(output).toContain('mx1 re1: copied /var/home/qkd/qkd-macsec/a/qkd-macsec.js (0644, qkd)\n');
    const roots = dual.router('mx1').engines.map(({ root }) => root);
    for (const path of [`${HOME}/id_ed25519`, `${HOME}/inventory.json`, `${HOME}/certs/mx1.key`, 'var/db/scripts/event/qkd-macsec.py', 'var/db/scripts/op/qkd-macsec.conf']) {
      const [first, second] = roots.map((root) => readFileSync(join(root, path), 'utf8'));
      expect([path, second]).toEqual([path, first]);
    }
    expect((await dual.install('--no-doctor')).output).toBe('mx1: nothing to do\nmx2: nothing to do\n');
    expect((await dual.install('uninstall')).status).toBe(0);
    for (const root of roots) expect(existsSync(join(root, HOME, 'id_ed25519'))).toBe(false);
  });
});
