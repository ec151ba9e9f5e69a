// The initial configuration by the whole program on the bench: which first key the ends get, what is
// configured beside it, that a second time changes nothing, and that no end is left alone with a key.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type CommittedKey, committedKey } from '../bench/lab/committed-key.ts';
import { type Lab, startLab } from '../bench/lab/lab.ts';
import { at, childrenOf, element, serialise, textAt } from '../xml.ts';
import { command } from './test-command.ts';

let folder: string;
let lab: Lab;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'qkd-init-'));
  lab = await startLab({ folder, routers: 2, artifact: join(folder, 'not-built'), method: 'pre-shared-key', hello: 40, system: { rotation: { wait: 1, poll: 1 }, ssh: { attempts: 1, delay: 0, timeout: 2 } } });
});
afterEach(async () => {
  await lab.close();
  rmSync(folder, { recursive: true, force: true });
});

async function run(argv: readonly string[], environment: Record<string, string> = {}) {
  const { status, output, errors } = await command({ argv, environment, folder });
  return { status, errors, links: (JSON.parse(output) as { links: { device: string; outcome: string; error: { message: string } | null }[] }).links };
}

const offBox = (...argv: string[]) => run(['--offbox', '-i', lab.inventory, '--json', ...argv]);
const committed = (name: string) => lab.routers.get(name)?.router.mgd.committed();
const keyOf = (name: string): CommittedKey | undefined => committedKey(committed(name));

async function commitLogs(name: string): Promise<string[]> {
  const session = lab.routers.get(name)?.router.mgd.openSession({ name: 'operator', loginClass: 'super-user' });
  const history = (await session?.execute(element('get-commit-information'))) ?? '';
  session?.close();
  return [...history.matchAll(/<log>([^<]*)<\/log>/g)].map(([, log]) => log ?? '').filter((log) => log.startsWith('qkd-macsec'));
}

describe('off-box', () => {
  test('every end of a new link gets the same random key, in commits that are confirmed', async () => {
    expect(await offBox('init')).toMatchObject({ status: 0, links: [{ outcome: 'installed' }, { outcome: 'installed' }] });
    expect(keyOf('mx1')).toBeDefined();
    expect(keyOf('mx1')).toEqual(keyOf('mx2'));
    expect(lab.kmes.deliveredCount()).toBe(0);
    expect(await commitLogs('mx1')).toEqual([expect.stringMatching(/ init confirmed link mx1-mx2 run /), expect.stringMatching(/ init link mx1-mx2 run /)]);
    expect(at(committed('mx1'), 'event-options')).toBeUndefined();
  });

  test('a second time nothing is committed, and the key stays', async () => {
    await offBox('init');
    const [key, logs] = [keyOf('mx1'), await commitLogs('mx1')];
    expect(await offBox('init')).toMatchObject({ status: 0, links: [{ outcome: 'unchanged' }, { outcome: 'unchanged' }] });
    expect([keyOf('mx1'), await commitLogs('mx1')]).toEqual([key, logs]);
  });

  test('when one end cannot be reached, the other end is not confirmed and says why', async () => {
    await lab.routers.get('mx2')?.router.faults.set({ kind: 'refuse-login' });
    const ran = await offBox('init');
    expect(ran.status).toBe(1);
    expect(ran.links.map((link) => link.outcome)).not.toContain('installed');
    expect(await commitLogs('mx1')).not.toContainEqual(expect.stringContaining('init confirmed'));
  });
});

describe('on-box', () => {
  const inventoryOf = (name: string): string => join(lab.routers.get(name)?.home ?? '', 'inventory.json');
  const onRouter = (name: string, environment: Record<string, string> = {}) => run(['--onbox', '-i', inventoryOf(name), '--json', 'init'], environment);

  test('the initial key of the inventory, by environment, is the first one on both ends', async () => {
    const first = { ckn: 'c0ffee'.padEnd(64, '1'), cak: `${'5a3c'.repeat(15)}0123` };
    for (const name of ['mx1', 'mx2']) {
      const inventory = JSON.parse(readFileSync(inventoryOf(name), 'utf8')) as { links: object[] };
      inventory.links = inventory.links.map((link) => ({ ...link, initial_key: { ckn: first.ckn, cak_env: 'FIRST_CAK' } }));
      writeFileSync(inventoryOf(name), JSON.stringify(inventory), { mode: 0o600 });
      expect(await onRouter(name, { FIRST_CAK: first.cak })).toMatchObject({ status: 0, links: [{ outcome: 'installed' }] });
    }
    expect([keyOf('mx1'), keyOf('mx2')]).toEqual([first, first]);
  });

  test('the timer, policy and script that start the program are configured with it', async () => {
    await onRouter('mx1');
    const events = at(committed('mx1'), 'event-options');
    expect(textAt(events, 'generate-event/time-interval')).toBe('600');
    expect(textAt(events, 'policy/then/event-script/name')).toBe('qkd-macsec.py');
    expect(textAt(events, 'event-script/file/python-script-user')).toBe('qkd');
    const [interfaces] = childrenOf(at(committed('mx1'), 'security/macsec'), 'interfaces');
    expect(interfaces && serialise(interfaces)).toMatch(/<name>kme-port<\/name><value>\d+<\/value>/);
  });
});
