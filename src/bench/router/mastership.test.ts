// A router with two routing engines: what each has for itself, what a commit shares, and what a switchover changes.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { element, elementWith, textAt } from '../../xml.ts';
import { dialSsh, dialUnix } from './clients/bench-client.ts';
import { engineNames, initialConfiguration, qkdUser } from './initial-configuration.ts';
import { startRouter, type BenchEngine, type BenchRouter } from './start-router.ts';

const MKA_CHAIN = [
  `set security authentication-key-chains key-chain CA key 0 key-name ${'12'.repeat(32)} start-time 2000-01-01.00:00:00`,
  `set security authentication-key-chains key-chain CA key 0 secret ${'34'.repeat(32)}`,
  'set security macsec connectivity-association CA cipher-suite gcm-aes-xpn-256 security-mode static-cak pre-shared-key-chain CA',
  'set security macsec interfaces et-0/0/1 connectivity-association CA',
];
const password = `pass-${Math.random()}`;
let dir: string;
let router: BenchRouter;

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'qkd-engines-'));
  const users = [qkdUser({ password })];
  const initial = [...initialConfiguration('mx1', users), ...engineNames('mx1'), ...MKA_CHAIN];
  router = await startRouter({ name: 'mx1', dir: join(dir, 'mx1'), users, initial, routingEngines: 2, engineHosts: ['127.0.0.2', '127.0.0.3'] });
});

afterAll(async () => {
  await router.close();
  rmSync(dir, { recursive: true, force: true });
});

beforeEach(() => router.faults.clear());

const engine = (slot: number): BenchEngine => router.engines[slot] as BenchEngine;
const nameOf = ({ mgd }: Pick<BenchEngine, 'mgd'>): string | undefined => textAt(mgd.committed(), 'system/host-name');
const place = ({ mgd }: Pick<BenchEngine, 'mgd'>): string | undefined => textAt(mgd.committed(), 'system/location/building');

async function ask(slot: number, name: string, ...content: Parameters<typeof element>[1][]): Promise<string> {
  const session = engine(slot).mgd.openSession({ name: 'qkd', loginClass: 'super-user' });
  const said = await session.execute(element(name, ...content));
  session.close();
  return said;
}

async function commit(slot: number, building: string, ...how: string[]): Promise<string> {
  const session = engine(slot).mgd.openSession({ name: 'qkd', loginClass: 'super-user' });
  await session.execute(element('open-configuration', element('private')));
  await session.execute(elementWith('load-configuration', { action: 'set', format: 'text' }, element('configuration-set', `set system location building ${building}`)));
  const said = await session.execute(element('commit-configuration', ...how.map((one) => element(one))));
  session.close();
  return said;
}

/** Fingerprint of the host key that answers at an address. */
async function hostKeyAt(host: string): Promise<string> {
  let found = '';
  const client = await dialSsh({ host, port: router.sshPort, username: 'qkd', password, hostHash: 'sha256', hostVerifier: (hash: string) => ((found = hash), true) });
  client.end();
  return `SHA256:${Buffer.from(found, 'hex').toString('base64').replace(/=+$/, '')}`;
}

describe('each engine', () => {
  it('has its own name, host key and files', async () => {
    expect(router.engines.map(nameOf)).toEqual(['mx1-re0', 'mx1-re1']);
    const keys = router.engines.map(({ hostKeyFingerprint }) => hostKeyFingerprint);
    expect(new Set(keys).size).toBe(2);
    expect(await Promise.all(['127.0.0.2', '127.0.0.3', '127.0.0.1'].map(hostKeyAt))).toEqual([...keys, keys[0]]);
    writeFileSync(join(engine(1).root, 'var/tmp/only-here'), 'x');
    expect(await ask(1, 'file-list', element('path', '/var/tmp'))).toContain('only-here');
    expect(await ask(0, 'file-list', element('path', '/var/tmp'))).not.toContain('only-here');
    expect(await ask(0, 'file-list', element('path', 're1:/var/tmp'))).toContain('only-here');
    expect(await ask(0, 'get-sha256-checksum-information', element('path', 're1:/var/tmp/only-here'))).toContain('<checksum>');
  });

  it('tells which one it is: MKA works on the master alone', async () => {
    const own = element('routing-instance', '__juniper_private1__');
    expect([(await ask(0, 'get-mka-session-information')).includes('et-0/0/1'), (await ask(1, 'get-mka-session-information')).includes('et-0/0/1')]).toEqual([true, false]);
    expect([await ask(0, 'get-interface-information', own), await ask(1, 'get-interface-information', own)]).toEqual([expect.stringContaining('128.0.0.1/'), expect.stringContaining('128.0.0.6/')]);
    expect(await ask(1, 'get-route-engine-information')).toMatch(/<slot>0<\/slot>\s*<mastership-state>master[\s\S]*<slot>1<\/slot>\s*<mastership-state>backup/);
  });
});

describe('a commit', () => {
  it('stays on its engine unless it is to be synchronized', async () => {
    await commit(0, 'own');
    expect(router.engines.map(place)).toEqual(['own', undefined]);
    const said = await commit(0, 'both', 'synchronize');
    expect(said).toMatch(/<name>re0<\/name>\n<commit-check-success\/>[\s\S]*<name>re1<\/name>\n<commit-success\/>[\s\S]*<name>re0<\/name>\n<commit-success\/>/);
    expect(router.engines.map(place)).toEqual(['both', 'both']);
  });

  it('is refused on both when the other has uncommitted changes; by force they are lost', async () => {
    const theirs = engine(1).mgd.openSession({ name: 'noc', loginClass: 'super-user' });
    await theirs.execute(elementWith('load-configuration', { action: 'set', format: 'text' }, element('configuration-set', 'set snmp location theirs')));
    const refused = await commit(0, 'refused', 'synchronize');
    expect(refused).toMatch(/<name>re1<\/name>\n<rpc-error>[\s\S]*configuration database modified[\s\S]*remote commit-configuration failed on re1/);
    expect(router.engines.map(place)).not.toContain('refused');
    await commit(0, 'forced', 'force-synchronize');
    expect(router.engines.map(place)).toEqual(['forced', 'forced']);
    expect(textAt(engine(1).mgd.committed(), 'snmp/location')).toBeUndefined();
    theirs.close();
  });

  it('is refused on both when the other would not check out', async () => {
    const session = engine(0).mgd.openSession({ name: 'qkd', loginClass: 'super-user' });
    writeFileSync(join(engine(0).root, 'var/db/scripts/event/here.py'), '');
    await session.execute(elementWith('load-configuration', { action: 'set', format: 'text' }, element('configuration-set', 'set event-options event-script file here.py python-script-user qkd')));
    expect(await session.execute(element('commit-configuration', element('synchronize')))).toMatch(/<name>re1<\/name>\n<rpc-error>[\s\S]*here\.py/);
    await session.execute(element('discard-changes'));
    session.close();
  });
});

describe('a switchover', () => {
  it('ends sessions, brings the new master to the router\'s addresses, and back', async () => {
    const [inside, outside] = [await dialUnix(router.mgdSocket), await dialSsh({ host: '127.0.0.1', port: router.sshPort, username: 'qkd', password })];
    const gone = new Promise<void>((resolve) => void outside.once('close', () => resolve()));
    await router.faults.set({ kind: 'switchover' });
    await Promise.all([inside.ended(), gone]);
    expect([router.masterSlot(), nameOf(router), await hostKeyAt('127.0.0.1')]).toEqual([1, 'mx1-re1', engine(1).hostKeyFingerprint]);
    const again = await dialUnix(router.mgdSocket);
    expect(await again.rpc('<get-system-information/>')).toContain('<host-name>mx1-re1</host-name>');
    again.stream.destroy();
    expect((await ask(1, 'get-mka-session-information')).includes('et-0/0/1')).toBe(true);
    await router.faults.clear();
    expect([router.masterSlot(), nameOf(router)]).toEqual([0, 'mx1-re0']);
  });

  it('is refused by a router with one engine', async () => {
    const single = await startRouter({ name: 'mx2', dir: join(dir, 'mx2'), users: [qkdUser({ password })] });
    await expect(single.faults.set({ kind: 'switchover' })).rejects.toThrow('switchover: mx2 has one routing engine');
    expect(single.faults.list()).toEqual([]);
    await single.close();
  });
});
