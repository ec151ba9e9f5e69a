import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { element, elementWith, type XmlContent } from '../../../xml.ts';
import type { MgdUser } from '../../mgd/mgd.ts';
import { loginNamed } from '../logins.ts';
import { startRouter, type BenchRouter } from '../start-router.ts';

const ADMIN: MgdUser = { name: 'admin', loginClass: 'super-user' };
const SCRIPT = 'import sys\nprint(sys.argv[1:])\nsys.exit(3)\n';

let folder: string;
let router: BenchRouter;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'qkd-file-rpcs-'));
  router = await startRouter({ name: 'mx1', dir: join(folder, 'mx1'), users: [ADMIN] });
  await configure(
    'set system login class half permissions [ view configure ]',
    'set system login class half allow-commands "(op shown|file delete /var/home).*"',
    'set system login class half deny-commands "show.*"',
    'set system login user half class half',
    'set system login user other class half',
  );
  writeFileSync(join(router.root, 'var/home/half/own'), 'own', { mode: 0o600 });
  writeFileSync(join(router.root, 'var/home/other/shut'), 'shut', { mode: 0o600 });
  writeFileSync(join(router.root, 'var/db/scripts/op/shown.py'), SCRIPT);
});

afterAll(async () => {
  await router.close();
  rmSync(folder, { recursive: true, force: true });
});

async function ask(user: MgdUser, name: string, ...content: XmlContent[]): Promise<string> {
  const session = router.mgd.openSession(user);
  const said = await session.execute(element(name, ...content));
  session.close();
  return said;
}

async function configure(...lines: string[]): Promise<void> {
  const session = router.mgd.openSession(ADMIN);
  expect(await session.execute(elementWith('load-configuration', { action: 'set', format: 'text' }, element('configuration-set', lines.join('\n'))))).not.toContain('rpc-error');
  expect(await session.execute(element('commit-configuration'))).toContain('commit-success');
  session.close();
}

const half = (): MgdUser => loginNamed('half', [], router.mgd.committed()) as MgdUser;
const path = (text: string): XmlContent => element('path', text);

describe('files', () => {
  it('have a home for each user of the configuration, and a checksum for those who may read them', async () => {
    expect(existsSync(join(router.root, 'var/home/other'))).toBe(true);
    const wanted = createHash('sha256').update('shut').digest('hex');
    expect(await ask(ADMIN, 'get-sha256-checksum-information', path('/var/home/other/shut'))).toContain(`<checksum>${wanted}</checksum>`);
    expect(await ask(ADMIN, 'get-sha256-checksum-information', path('/var/home/none'))).toContain('No such file or directory');
  });

  it('a class of the configuration has its flags and allowed commands, less what it is denied', async () => {
    expect(await ask(half(), 'get-sha256-checksum-information', path('/var/home/half/own'))).toContain('permission denied');
    expect(await ask(half(), 'get-system-information')).toContain('permission denied');
    expect(await ask(half(), 'get-log')).toContain('permission denied');
    expect(await ask(half(), 'open-configuration', element('private'))).not.toContain('permission denied');
    expect(await ask(half(), 'load-configuration', element('configuration', element('system', element('location'))))).toContain('permission denied');
  });

  it('are deleted by who may write them, and only then', async () => {
    expect(await ask(half(), 'file-delete', path('/var/home/other/shut'))).toContain('Permission denied');
    expect(await ask(half(), 'file-delete', path('/var/db/scripts/op/shown.py'))).toContain('permission denied');
    expect(await ask(half(), 'file-delete', path('/var/home/half/own'))).toBe('');
    expect(await ask(ADMIN, 'file-delete', path('/var/home/half/own'))).toContain('No such file or directory');
    expect(existsSync(join(router.root, 'var/home/half/own'))).toBe(false);
  });
});

describe.skipIf(!existsSync('/usr/bin/python3') && process.env['CI'] === undefined)('op with python3', () => {
  const op = (user: MgdUser, script: string): Promise<string> => ask(user, 'op-script', element('script', script), element('argument', element('name', 'link'), element('value', 'a b')));

  it('runs a configured script with its arguments for who may, and gives its output', async () => {
    expect(await op(ADMIN, 'shown')).toContain('op script shown.py is not configured');
    await configure('set system scripts op file shown.py');
    expect(await op(half(), 'shown')).toBe('<output>\n[&apos;--link&apos;, &apos;a b&apos;]\n</output>');
    expect(await op(half(), 'other')).toContain('permission denied');
  });

  it('does not run one whose checksum is another, or that is not there', async () => {
    await configure(`set system scripts op file shown.py checksum sha-256 ${'0'.repeat(64)}`, 'set system scripts op file gone.py');
    expect(await op(ADMIN, 'shown')).toContain('checksum mismatch for op script shown.py');
    expect(await op(ADMIN, 'gone')).toContain('op script missing : ');
  });
});
