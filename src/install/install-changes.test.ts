// Upgrades and what can come in between, on two bench routers that are installed: a release in the other slot, transfers
// and commits that fail, a run that goes on, colleagues, another inventory, a login without the right.

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runScript, type ScriptEnd } from '../bench/router/scripts/run-script.ts';
import type { BenchRouter } from '../bench/router/start-router.ts';
import { at, element, serialise, type XmlElement } from '../xml.ts';
import { type InstallBed, startInstallBed } from './test-install-bed.ts';

const missing = !existsSync('/usr/bin/python3') && process.env['CI'] === undefined;
const HOME = 'var/home/qkd/qkd-macsec';

let bed: InstallBed;

const file = (router: string, path: string): string => join(bed.router(router).root, path);
const read = (router: string, path: string): string => readFileSync(file(router, path), 'utf8');
const security = (router: BenchRouter): string => serialise(at(router.mgd.committed(), 'security') as XmlElement);
const event = (router: string, ...words: [string, string][]): Promise<ScriptEnd> => runScript(bed.router(router), 'event', { file: 'qkd-macsec.py', arguments: words });

describe.skipIf(missing)('changes of an installation with python3', { timeout: 60_000 }, () => {
  beforeAll(async () => {
    bed = await startInstallBed();
    expect((await bed.install('--no-doctor')).status).toBe(0);
  }, 60_000);
  afterAll(() => bed.close());

  describe('upgrade', () => {
    test('goes to the other slot and leaves the release before it; rollback goes back, and forth again', async () => {
      const older = readFileSync(bed.artifact);
      writeFileSync(bed.artifact, Buffer.concat([older, Buffer.from('// 1.1.0\n')]));
      const upgrade = await bed.install('--no-doctor');
      expect([upgrade.status, upgrade.errors]).toEqual([0, '']);
      expect(upgrade.output).toContain('mx1: copied /var/home/qkd/qkd-macsec/b/qkd-macsec.js (0644, qkd)\n');
      expect(read('mx1', 'var/db/scripts/op/qkd-macsec.conf')).toContain('artifact /var/home/qkd/qkd-macsec/b/qkd-macsec.js\n');
      expect(readFileSync(file('mx1', `${HOME}/a/qkd-macsec.js`)).equals(older)).toBe(true);
      expect((await event('mx1')).status).toBe(0);
      for (const slot of ['a', 'b']) {
        const rollback = await bed.install('rollback');
        expect([rollback.status, rollback.output]).toEqual([0, expect.stringMatching(/\nmx2: doctor: /)]);
        expect(read('mx1', 'var/db/scripts/event/qkd-macsec.conf')).toContain(`/${slot}/qkd-macsec.js\n`);
        expect((await event('mx1')).status).toBe(0);
      }
      writeFileSync(bed.artifact, older);
      expect((await bed.install('--no-doctor')).status).toBe(0);
    });

    test("the operator's own lines of the settings stay", async () => {
      const conf = file('mx1', 'var/db/scripts/event/qkd-macsec.conf');
      writeFileSync(conf, `${readFileSync(conf, 'utf8')}flags --max-old-space-size=64\n`);
      writeFileSync(bed.artifact, Buffer.concat([readFileSync(bed.artifact), Buffer.from('// 1.2.0\n')]));
      expect((await bed.install('--no-doctor')).status).toBe(0);
      expect(readFileSync(conf, 'utf8')).toContain('\nflags --max-old-space-size=64\n');
    });

    test('a transfer that breaks is named, and the release in use goes on', async () => {
      writeFileSync(bed.artifact, Buffer.concat([readFileSync(bed.artifact), Buffer.from('// 1.3.0\n')]));
      await bed.router('mx1').faults.set({ kind: 'disk-full', times: 1 });
      const { status, errors } = await bed.install('--no-doctor', '--device', 'mx1');
      expect(status).toBe(1);
      expect(errors).toMatch(/^error: mx1: .*qkd-macsec\.js.*No space left on device\nhint: [a-z].*\n$/);
      expect((await event('mx1')).status).toBe(0);
      expect((await bed.install('--no-doctor', '--device', 'mx1')).status).toBe(0);
    });
  });

  test('a file that did not arrive whole is named by its checksum, and the release in use goes on', async () => {
    writeFileSync(bed.artifact, Buffer.concat([readFileSync(bed.artifact), Buffer.from('// 1.3.1\n')]));
    const before = read('mx1', 'var/db/scripts/event/qkd-macsec.conf');
    await bed.router('mx1').faults.set({ kind: 'damaged-file', times: 1 });
    const { status, errors } = await bed.install('--no-doctor', '--device', 'mx1');
    expect([status, errors]).toEqual([1, expect.stringMatching(/^error: mx1: \S+qkd-macsec\.js: the router's checksum is not that of what was copied\nhint: check the space on the router/)]);
    expect(read('mx1', 'var/db/scripts/event/qkd-macsec.conf')).toBe(before);
    expect((await event('mx1')).status).toBe(0);
    expect((await bed.install('--no-doctor', '--device', 'mx1')).status).toBe(0);
  });

  test('an upgrade in the middle of a run disturbs neither', async () => {
    writeFileSync(bed.artifact, Buffer.concat([readFileSync(bed.artifact), Buffer.from('// 1.3.2\n')]));
    const runs = Promise.all([event('mx1', ['json', 'yes']), event('mx2', ['json', 'yes'])]);
    const upgrade = await bed.install('--no-doctor');
    expect([upgrade.status, upgrade.errors]).toEqual([0, '']);
    for (const run of await runs) expect([run.status, run.standardError]).toEqual([0, '']);
    for (const run of [await event('mx1'), await event('mx2')]) expect([run.status, run.standardError]).toEqual([0, '']);
  });

  test('what somebody else is doing on the router is waited for, named, and left alone', async () => {
    bed.writeInventory(({ system }) => void (system['netconf'] = { lock_wait: 0.2 }));
    const edit = (): void => writeFileSync(bed.artifact, Buffer.concat([readFileSync(bed.artifact), Buffer.from('// again\n')]));
    const launcher = join(bed.junosConfig, 'qkd-macsec.py');
    const rows = [['dirty-candidate', 'the shared candidate holds uncommitted changes', 'commit or roll back what'], ['lock-held', 'configuration locked by', 'ask admin to leave configuration mode']] as const;
    for (const [kind, said, hint] of rows) {
      edit();
      writeFileSync(launcher, `${readFileSync(launcher, 'utf8')}# ${kind}\n`);
      await bed.router('mx1').faults.set({ kind });
      const { status, errors } = await bed.install('--no-doctor', '--device', 'mx1');
      await bed.router('mx1').faults.clear();
      expect([status, errors]).toEqual([1, expect.stringMatching(new RegExp(`^error: mx1: .*${said}.*\\nhint: ${hint}`))]);
      expect((await event('mx1')).status).toBe(0);
    }
    expect((await bed.install('--no-doctor')).status).toBe(0);
  });

  test('a link that the inventory gains or loses is an inventory on its routers, and nothing else there', async () => {
    const before = [...bed.routers.values()].map(security);
    const told = ['mx1', 'mx2'].map((name) => `${name}: copied /var/home/qkd/qkd-macsec/inventory.json (0600, qkd)\n`).join('');
    const second = { name: 'second', connectivity_association: 'CA_two', method: 'key-chain', master: { device: 'mx1', interfaces: ['et-0/0/2'] }, slaves: [{ device: 'mx2', interfaces: ['et-0/0/2'] }] };
    bed.writeInventory(({ links }) => void links.push(second));
    expect(await bed.install('--no-doctor')).toEqual({ status: 0, output: told, errors: '' });
    // Its first configuration is more than the script's user may write: said as such, without a key for it.
    const drawn = bed.kmes.deliveredCount();
    const run = await event('mx1', ['link', 'second']);
    expect([run.status, run.standardError]).toEqual([1, 'error: second on mx1: initial configuration: router mx1: load-configuration: permission denied\nhint: run qkd-macsec --offbox init on the management host, as a user who may\n']);
    expect(bed.kmes.deliveredCount()).toBe(drawn);
    bed.writeInventory(({ links }) => void links.pop());
    expect(await bed.install('--no-doctor')).toEqual({ status: 0, output: told, errors: '' });
    expect([...bed.routers.values()].map(security)).toEqual(before);
  });

  test('a commit that is refused leaves the launcher that the configuration names and the release in use: the timer goes on', async () => {
    const launcher = join(bed.junosConfig, 'qkd-macsec.py');
    const scripts = (): string[] => ['event', 'op'].flatMap((kind) => ['py', 'conf'].map((type) => read('mx1', `var/db/scripts/${kind}/qkd-macsec.${type}`)));
    const before = scripts();
    writeFileSync(launcher, `${readFileSync(launcher, 'utf8')}# 1.4.0\n`);
    writeFileSync(bed.artifact, Buffer.concat([readFileSync(bed.artifact), Buffer.from('// 1.4.0\n')]));
    await bed.router('mx1').faults.set({ kind: 'refuse-commit', times: 1 });
    const { status, errors } = await bed.install('--no-doctor', '--device', 'mx1');
    expect([status, errors]).toEqual([1, expect.stringMatching(/^error: mx1: timer and op command: .*\nhint: .*\n$/)]);
    expect(scripts()).toEqual(before);
    expect((await event('mx1')).status).toBe(0);
    expect((await bed.install('--no-doctor')).status).toBe(0);
    expect((await event('mx1')).status).toBe(0);
  });

  test.each([['install'], ['rollback'], ['uninstall'], ['install', '--dry-run']])('%s under other user names than before is refused: it would leave keys behind', async (...argv) => {
    const before = serialise(bed.router('mx1').mgd.committed());
    for (const [option, was] of [['--script-user', 'qkd'], ['--peer-user', 'qkd-peer']] as const) {
      const { status, output, errors } = await bed.install(...argv, '--device', 'mx1', option, 'other');
      expect([status, output, errors]).toEqual([1, '', `error: mx1: installed with ${option} ${was}, not other\nhint: give ${option} ${was}; to change it, uninstall with the old name first\n`]);
    }
    expect(serialise(bed.router('mx1').mgd.committed())).toBe(before);
    expect(existsSync(file('mx1', 'var/home/other'))).toBe(false);
  });

  test('a release that does not start is named when it is taken back', async () => {
    writeFileSync(bed.artifact, Buffer.concat([readFileSync(bed.artifact), Buffer.from('// 1.5.0\n')]));
    expect((await bed.install('--no-doctor', '--device', 'mx1')).status).toBe(0);
    const slot = /artifact \S+\/([ab])\//.exec(read('mx1', 'var/db/scripts/op/qkd-macsec.conf'))?.[1] === 'a' ? 'b' : 'a';
    writeFileSync(file('mx1', `${HOME}/${slot}/qkd-macsec.js`), 'process.exit(7);\n');
    const { status, errors } = await bed.install('rollback', '--device', 'mx1');
    expect([status, errors]).toEqual([1, expect.stringMatching(/^error: mx1: doctor does not run there: it printed nothing\nhint: try on mx1: op qkd-macsec command doctor\n$/)]);
    expect((await bed.install('--no-doctor')).status).toBe(0);
  });

  test('uninstall by a machine that the script user does not let in is refused: private keys would stay', async () => {
    const [key] = /\S+ \S+/.exec(readFileSync(join(bed.folder, 'id_ed25519.pub'), 'utf8')) ?? [];
    const session = bed.router('mx1').mgd.openSession({ name: 'admin', loginClass: 'super-user' });
    const line = `delete system login user qkd authentication ssh-ed25519 "${key} qkd-operator"`;
    await session.execute({ ...element('load-configuration', element('configuration-set', line)), attributes: { action: 'set', format: 'text' } });
    expect(await session.execute(element('commit-configuration'))).not.toContain('rpc-error');
    session.close();
    const { status, errors } = await bed.install('uninstall', '--device', 'mx1');
    expect([status, errors]).toEqual([1, "error: mx1: user qkd refuses this machine's key: its files, private keys among them, would stay on mx1\nhint: run install, which lets this machine in, and then uninstall again\n"]);
    expect(existsSync(file('mx1', `${HOME}/id_ed25519`))).toBe(true);
    expect((await bed.install('--no-doctor', '--device', 'mx1')).status).toBe(0);
  });

  test('an inventory whose login may not configure is refused in one line, nothing is changed', async () => {
    const session = bed.router('mx1').mgd.openSession({ name: 'admin', loginClass: 'super-user' });
    const key = readFileSync(join(bed.folder, 'id_ed25519.pub'), 'utf8').trim();
    await session.execute({ ...element('load-configuration', element('configuration-set', `set system login user looker class read-only authentication ssh-ed25519 "${key}"`)), attributes: { action: 'set', format: 'text' } });
    await session.execute(element('commit-configuration'));
    session.close();
    bed.writeInventory(({ secrets }) => void (secrets['username'] = 'looker'));
    const refused = await bed.install('--no-doctor', '--device', 'mx1');
    bed.writeInventory(({ secrets }) => void (secrets['username'] = 'nobody-here'));
    const unknown = await bed.install('--no-doctor', '--device', 'mx1');
    bed.writeInventory(({ secrets }) => void (secrets['username'] = 'admin'));
    expect([refused.status, refused.output, refused.errors]).toEqual([1, '', expect.stringMatching(/^error: mx1: users: .*permission denied\nhint: /)]);
    expect([unknown.status, unknown.output, unknown.errors]).toEqual([1, '', expect.stringMatching(/^error: mx1: .*refuses the login.*\nhint: /)]);
  });
});
