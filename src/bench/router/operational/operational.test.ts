import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { at, childrenOf, textAt, type XmlElement } from '../../../xml.ts';
import { dialUnix, type RawNetconf } from '../clients/bench-client.ts';
import { initialConfiguration, qkdUser } from '../initial-configuration.ts';
import { Wire } from '../mka/wire.ts';
import { parseRequest } from '../netconf/parse-request.ts';
import { startRouter, type BenchRouter } from '../start-router.ts';

const CKN = 'ab'.repeat(32);
const OLD = '12'.repeat(32);
const CAK = 'cd'.repeat(32);

let dir: string;
let routers: BenchRouter[];
let clients: RawNetconf[];
let now = Date.UTC(2026, 10, 22, 12);
const wire = new Wire({ now: () => now });

function macsec(name: string): string[] {
  const ca = 'set security macsec connectivity-association CA_basic';
  return [
    ...initialConfiguration(name),
    `${ca} cipher-suite gcm-aes-xpn-256`,
    `${ca} security-mode static-cak`,
    `${ca} pre-shared-key ckn ${OLD}`,
    `${ca} pre-shared-key cak ${CAK}`,
    'set security macsec interfaces et-0/0/1 connectivity-association CA_basic',
    'set security macsec interfaces et-0/0/2 connectivity-association CA_basic',
    `set security authentication-key-chains key-chain QKD key 0 key-name ${OLD}`,
    `set security authentication-key-chains key-chain QKD key 0 secret ${CAK}`,
    'set security authentication-key-chains key-chain QKD key 0 start-time "2026-11-22.11:00:00 +0000"',
    `set security authentication-key-chains key-chain QKD key 3 key-name ${CKN}`,
    `set security authentication-key-chains key-chain QKD key 3 secret ${CAK}`,
    'set security authentication-key-chains key-chain QKD key 3 start-time "2026-11-22.12:30:00 +0000"',
  ];
}

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'qkd-show-'));
  const clock = { now: () => now };
  const start = (name: string, routingEngines: 1 | 2): Promise<BenchRouter> =>
    startRouter({ name, dir: join(dir, name), users: [qkdUser({})], initial: macsec(name), clock, routingEngines, platform: { evolved: name === 'mx2' } });
  routers = [await start('mx1', 1), await start('mx2', 2)];
  wire.join(...routers.slice(0, 2).map((router) => ({ router, interfaceName: 'et-0/0/1' })));
  clients = await Promise.all(routers.map((router) => dialUnix(router.mgdSocket)));
  now += 10_000;
});

afterAll(async () => {
  wire.close();
  for (const client of clients) client.stream.destroy();
  await Promise.all(routers.map((router) => router.close()));
  await rm(dir, { recursive: true, force: true });
});

async function ask(body: string, router = 0): Promise<XmlElement> {
  const { root } = parseRequest(await (clients[router] as RawNetconf).rpc(body));
  return root;
}

async function show(command: string, router = 0): Promise<string> {
  return textAt(await ask(`<command format="text">show ${command}</command>`, router), 'output') ?? '';
}

describe('show security mka sessions', () => {
  it('brief: one group an interface, the unplugged one without peer and with a zero key identifier', async () => {
    const reply = at(await ask('<get-mka-session-information/>'), 'mka-session-information');
    expect(reply?.attributes['xmlns']).toBe('http://xml.juniper.net/junos/24.4R1/junos-dot1xd');
    expect(childrenOf(reply, 'interface-name').map((node) => node.text)).toEqual(['et-0/0/1', 'et-0/0/2']);
    expect(childrenOf(reply, 'interface-state').map((node) => node.text)).toEqual(['Secured - Primary', 'Unsecured']);
    expect(childrenOf(reply, 'cak-name').map((node) => node.text)).toEqual([OLD.toUpperCase(), OLD.toUpperCase()]);
    expect(childrenOf(reply, 'latest-sak-key-identifier')[1]?.text).toBe('000000000000000000000000/0');
    expect(childrenOf(reply, 'session-peer-list')).toHaveLength(1);
    expect(textAt(reply, 'session-peer-list/peer-status')).toBe('live');
  });

  it('both ends agree on the key and see each other', async () => {
    const [a, b] = await Promise.all([0, 1].map((router) => ask('<get-mka-session-interface-information><interface-name>et-0/0/1</interface-name></get-mka-session-interface-information>', router)));
    const leaf = (reply: XmlElement | undefined, path: string): string | undefined => textAt(reply, `mka-session-information/${path}`);
    expect(leaf(a, 'latest-sak-key-identifier')).toBe(leaf(b, 'latest-sak-key-identifier'));
    expect(leaf(a, 'session-peer-list/member-identifier')).toBe(leaf(b, 'member-identifier'));
    expect(leaf(a, 'session-peer-list/sci')).toBe(leaf(b, 'sci'));
    expect([leaf(a, 'key-server'), leaf(b, 'key-server')].sort()).toEqual(['no', 'yes']);
  });

  it('text as on an ACX7348', async () => {
    const text = await show('security mka sessions interface et-0/0/1');
    expect(text).toMatch(/^Interface name: et-0\/0\/1\n {5}Interface State: Secured - Primary\n {5}Member identifier: [0-9A-F]{24}\n {5}CAK name: (12){32}\n {5}CAK type: primary\n {5}Security mode: static\n {5}MKA suspended: 0\(s\)/);
    expect(text).toMatch(/Latest SAK AN: 0 +Latest SAK KI: [0-9A-F]{24}\/1\n {5}Previous SAK AN: 0 +Previous SAK KI: 0{24}\/0/);
    expect(text).toMatch(/Peer list\n {10}1\. Member identifier: [0-9A-F]{24} \(live\)\n {13}Message number: \d+ +Hold time: 6000 \(ms\)/);
  });

  it('after a replacement at one end: preceding, and both CAKs in detail and summary', async () => {
    const from = now;
    const change = `<load-configuration action="set" format="text"><configuration-set>set security macsec connectivity-association CA_basic pre-shared-key ckn ${CKN}</configuration-set></load-configuration>`;
    await ask(change);
    await ask('<commit-configuration/>');
    const detail = at(await ask('<get-mka-session-information><detail/></get-mka-session-information>'), 'mka-session-information');
    expect(textAt(detail, 'interface-state')).toBe('Secured - Preceding');
    expect(textAt(detail, 'session-live/cak-type')).toBe('preceding');
    expect(childrenOf(detail, 'session-cak').map((cak) => [textAt(cak, 'cak-name'), textAt(cak, 'cak-status')])[0]).toEqual([CKN.toUpperCase(), 'in-progress']);
    expect(await show('security mka sessions summary')).toMatch(/et-0\/0\/1 +[0-9A-F]{24} +primary +in-progress[\s\S]*et-0\/0\/1 +[0-9A-F]{24} +preceding +live/);
    expect(await show('security mka sessions detail')).toMatch(/Interface state: Secured - Preceding[\s\S]*CAK list: \(2\)/);
    await ask(change, 1);
    await ask('<commit-configuration/>', 1);
    now += 2000;
    expect(await show('security mka sessions', 1)).toMatch(/Interface State: Secured - Primary[\s\S]*CAK name: (AB){32}/);
    expect(wire.links[0]?.wasEverDown(from)).toBe(false);
  });

  it('an interface without MACsec is an error', async () => {
    expect(textAt(await ask('<get-mka-session-information><interface-name>et-0/0/3</interface-name></get-mka-session-information>'), 'rpc-error/error-severity')).toBe('error');
  });
});

describe('show log, pipes and zones', () => {
  it('commits and MKA events are in the log, keys are not', async () => {
    const log = await show('log messages');
    expect(log).toMatch(/^Nov 22 12:00:\d\d {2}mx1 mgd\[\d+\]: UI_COMMIT_COMPLETED/m);
    expect(log).toMatch(/mx1 secure-dot1xd\[\d+\]: DOT1XD_MACSEC_SC_CAK_ACTIVATED: ifd: et-0\/0\/1 sci-out:[0-9A-F]{16} sci-in:[0-9A-F]{16} ckn: (AB){32}$/m);
    expect(log.toLowerCase()).not.toContain(CAK);
    expect((await show('log messages | match UI_COMMIT | last 1')).trim().split('\n')).toHaveLength(1);
    expect(textAt(await ask('<get-log><filename>../../etc/passwd</filename></get-log>'), 'rpc-error/error-message')).toContain('could not resolve file');
  });

  it('filters work on text, an unknown one is a syntax error', async () => {
    expect(await show('version | match model')).toBe('Model: mx304');
    expect(await show('configuration | display set | match host-name')).toBe('set system host-name mx1');
    expect(await show('configuration | compare rollback 0')).toBe('');
    expect(textAt(await ask('<command>show version | resolve</command>'), 'rpc-error/error-info/bad-element')).toBe('resolve');
    expect(at(await ask('<command format="xml">show security mka sessions | display xml rpc</command>'), 'rpc/get-mka-session-information')).toBeDefined();
  });

  it("times are told in the router's own zone, by its own clock and NTP state", async () => {
    const change = async (line: string): Promise<void> => {
      await ask(`<load-configuration action="set" format="text"><configuration-set>${line}</configuration-set></load-configuration>`);
      await ask('<commit-configuration/>');
    };
    const { faults } = routers[0] as BenchRouter;
    await change('set system time-zone Europe/Berlin');
    await faults.set({ kind: 'clock-offset', seconds: -3600 });
    await faults.set({ kind: 'ntp-unsynchronised' });
    expect(await show('system uptime')).toMatch(/^Current time: 2026-11-22 12:00:\d\d CET\nTime Source: {2}LOCAL CLOCK\nSystem booted: 2026-11-22 13:00:00 CET/);
    const reply = at(await ask('<get-system-uptime-information/>'), 'system-uptime-information/current-time/date-time');
    expect(reply?.attributes['seconds']).toBe(String(Math.floor(now / 1000) - 3600));
    await faults.clear();
    await change('delete system time-zone');
    expect(await show('system uptime')).toMatch(/^Current time: 2026-11-22 12:00:\d\d UTC\nTime Source: {2}NTP CLOCK/);
  });
});

describe('other operational RPCs', () => {
  it('macsec connections: a flat sequence, channels only where the link is up', async () => {
    const reply = at(await ask('<get-macsec-connection-information/>'), 'macsec-connection-information');
    expect(reply?.children.map((node) => node.name)).toEqual([
      'macsec-interface-common-information', 'create-time', 'outbound-secure-channel', 'inbound-secure-channel', 'macsec-interface-common-information',
    ]);
    expect(textAt(reply, 'outbound-secure-channel/outbound-secure-association/association-number-status')).toBe('inuse');
    expect(textAt(reply, 'macsec-interface-common-information/cipher-suite')).toBe('GCM-AES-XPN-256');
  });

  it('keychain: active and next key', async () => {
    const chain = at(await ask('<get-hakr-keychain-information><detail/></get-hakr-keychain-information>'), 'hakr-keychain-information/hakr-keychain');
    expect([textAt(chain, 'hakr-keychain-active-send-key'), textAt(chain, 'hakr-keychain-next-send-key')]).toEqual(['0', '3']);
    expect(childrenOf(chain, 'hakr-keys')).toHaveLength(2);
  });

  it('version: bare with one routing engine, wrapped with two', async () => {
    expect(textAt(await ask('<get-software-information/>'), 'software-information/junos-version')).toBe('24.4R1.9');
    const items = childrenOf(at(await ask('<get-software-information/>', 1), 'multi-routing-engine-results'), 'multi-routing-engine-item');
    expect(items.map((item) => [textAt(item, 're-name'), textAt(item, 'software-information/os-name')])).toEqual([['re0', 'junos-evo'], ['re1', 'junos-evo']]);
  });

  it('routing engines: two with mastership', async () => {
    const engines = childrenOf(at(await ask('<get-route-engine-information/>', 1), 'route-engine-information'), 'route-engine');
    expect(engines.map((engine) => [textAt(engine, 'slot'), textAt(engine, 'mastership-state')])).toEqual([['0', 'master'], ['1', 'backup']]);
  });

  it("uptime: the router's own clock, and its source", async () => {
    const reply = at(await ask('<get-system-uptime-information/>'), 'system-uptime-information');
    expect(textAt(reply, 'current-time/date-time')).toMatch(/^2026-11-22 12:00:\d\d UTC$/);
    expect(textAt(reply, 'time-source')).toBe('NTP CLOCK');
  });

  it('every RPC has a text form, and json is refused', async () => {
    for (const rpc of ['mka-statistics', 'macsec-statistics', 'macsec-connection-information', 'hakr-keychain-information', 'system-information', 'system-uptime-information', 'route-engine-information', 'chassis-inventory', 'interface-information']) {
      expect(textAt(await ask(`<get-${rpc} format="text"/>`), 'output')).toMatch(/: /);
      expect(textAt(await ask(`<get-${rpc} format="json"/>`), 'rpc-error/error-message')).toContain('json');
    }
  });

  it('files: shown and listed inside the router only', async () => {
    const { root } = routers[0] as BenchRouter;
    await writeFile(join(root, 'var/home/qkd/note'), 'a <note>\u0000');
    expect(textAt(await ask('<file-show><filename>note</filename></file-show>'), 'file-content')).toBe('a <note>');
    expect(textAt(await ask('<file-show><filename>/../../../etc/passwd</filename></file-show>'), 'rpc-error/error-message')).toContain('No such file');
    const list = at(await ask('<file-list><path>~</path></file-list>'), 'directory-list');
    expect(list?.attributes['root-path']).toBe('/var/home/qkd/');
    expect(textAt(list, 'directory/file-information/file-name')).toBe('note');
  });

  it.each(['bridge mac-table count', 'security mka sessions nonsense', 'security mka sessions interface', ''])('show %s is a syntax error', async (command) => {
    expect(textAt(await ask(`<command>show ${command}</command>`), 'rpc-error/error-message')).toContain('syntax error');
  });

  it('show configuration in every form', async () => {
    expect(await show('configuration system host-name')).toMatch(/^system \{\n +host-name mx1;\n\}$/m);
    expect(await show('configuration system host-name | display set | no-more')).toBe('set system host-name mx1');
    expect(textAt(await ask('<command>show configuration system host-name</command>'), 'configuration/system/host-name')).toBe('mx1');
    expect(textAt(await ask('<command format="xml">show configuration system host-name | display set</command>'), 'configuration-information/configuration-output')).toBe('set system host-name mx1');
  });
});
