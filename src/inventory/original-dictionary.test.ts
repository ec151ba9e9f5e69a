// The original system's dictionary: accepted as it is, and what it then means.

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { Inventory } from './inventory.ts';
import { loadInventory } from './load.ts';

const TEXT = readFileSync(fileURLToPath(new URL('../../fixtures/inventory/original-dictionary.json', import.meta.url)), 'utf8');

function load(text: string, mode: 'onbox' | 'offbox' = 'offbox', warn: (message: string) => void = () => undefined): Inventory {
  const environment = { QKD_PASSWORD: 'p', QKD_CA_PASSWORD: 'r' };
  return loadInventory({ text, file: '/inv/inventory.json' }, { mode, cwd: '/cwd', environment, userName: 'eve', userHome: '/home/eve', warn });
}

function changed(change: (json: Record<string, Record<string, unknown>>) => void): string {
  const json = JSON.parse(TEXT) as Record<string, Record<string, unknown>>;
  change(json);
  return JSON.stringify(json);
}

describe('the original dictionary', () => {
  it('means one link of method pre-shared-key with every slave', () => {
    expect(load(TEXT).links).toEqual([
      {
        name: 'mx1-mx2',
        connectivityAssociation: 'CA_basic',
        method: 'pre-shared-key',
        cipherSuite: 'gcm-aes-xpn-256',
        cknPrefix: 'abcd1234abcd5678abcd1234abcd5678',
        keyChain: 'CA_basic',
        cak: 'derived',
        initialKey: undefined,
        master: { device: 'mx1', interfaces: ['et-0/0/1'] },
        slaves: [
          { device: 'mx2', interfaces: ['et-0/0/1', 'et-0/0/2'] },
          { device: 'mx3', interfaces: ['xe-1/0/3'] },
        ],
      },
    ]);
  });

  it('names devices that are their own SAE IDs, with a KME each', () => {
    const devices = [...load(TEXT).devices.values()];
    expect(devices.map(({ name, saeId, addresses, kme }) => [name, saeId, addresses, kme.endpoints[0]?.url, kme.endpoints[0]?.address])).toEqual([
      ['mx1', 'mx1', ['192.0.2.1'], 'https://kme1.example.net', '192.0.2.21'],
      ['mx2', 'mx2', ['192.0.2.2'], 'https://kme2.example.net:8443', '192.0.2.22'],
      ['mx3', 'mx3', ['192.0.2.3'], 'https://kme3.example.net', undefined],
    ]);
    expect(devices.map((device) => device.rootEncryptedPassword?.revealText().slice(0, 3))).toEqual(['$6$', undefined, undefined]);
  });

  it('carries settings, login and CA server', () => {
    const { system, login, caServer } = load(TEXT);
    expect(system).toMatchObject({ maxThreads: 2, eventOptions: { startTime: '2026-11-22.00:00:00' }, ssh: { hostKeyPolicy: 'accept-new' } });
    expect([login.username, login.password?.revealText()]).toEqual(['admin', 'p']);
    expect(caServer).toMatchObject({ fetch: false, generate: true, address: '192.0.2.10', user: 'ca', path: '/srv/qkd-ca/', certificateName: 'client-root-ca.crt', keyName: 'client-root-ca.key' });
    expect(caServer?.password?.revealText()).toBe('r');
  });

  it('on-box: files lie where the original script keeps and looks for them', () => {
    const { paths, devices, system } = load(TEXT, 'onbox');
    expect(paths).toMatchObject({ home: '/var/home/admin/qkd-macsec', record: '/var/home/admin/{}last_key.json', peerRecord: '/var/home/admin/{}last_key.json' });
    expect(devices.get('mx1')?.kme).toMatchObject({ caFile: '/var/home/admin/qkd-macsec/certs/client-root-ca.crt', certificateFile: '/var/home/admin/qkd-macsec/certs/mx1.crt' });
    expect(system.ssh.knownHostsFile).toBe('/var/home/admin/qkd-macsec/known_hosts');
  });

  it('off-box: records in our folder, the original CA file', () => {
    const { paths, devices } = load(TEXT);
    expect(paths).toMatchObject({ record: '/cwd/qkd-macsec/records/{}_last_key.json', peerRecord: '/var/home/admin/{}last_key.json' });
    expect(devices.get('mx1')?.kme.caFile).toBe('/cwd/qkd-macsec/certs/root.crt');
  });

  it('may say where files lie, as our own shape does', () => {
    const text = changed((json) => (json['paths'] = { home: 'h', record: 'r/{}.json', peer_record: '/r/{}.json' }));
    expect(load(text, 'onbox').paths).toMatchObject({ home: '/inv/h', record: '/inv/r/{}.json', peerRecord: '/r/{}.json' });
  });

  it('may set times, ports and host keys, as our own shape does', () => {
    const hostKey = `SHA256:${'A'.repeat(43)}`;
    const text = changed((json) => {
      Object.assign(json['system'] as object, { rotation: { wait: 7 }, ssh: { attempts: 1 }, netconf: { mgd_socket: '/m.sock' }, kme: { deadline: 9 } });
      Object.assign(json['mx1'] as object, { port: 8022, host_key: hostKey });
    });
    const { system, devices } = load(text, 'onbox');
    expect(system).toMatchObject({ maxThreads: 2, rotation: { wait: 7 }, ssh: { attempts: 1, hostKeyPolicy: 'accept-new' }, netconf: { mgdSocket: '/m.sock' }, kme: { deadline: 9 } });
    expect(devices.get('mx1')).toMatchObject({ port: 8022, hostKeys: [hostKey] });
    expect(load(changed((json) => Object.assign(json['system'] as object, { ssh: { host_key_policy: 'strict' } }))).system.ssh.hostKeyPolicy).toBe('strict');
  });

  it('works with its passwords in clear, with one warning', () => {
    const warnings: string[] = [];
    const text = changed((json) => {
      json['secrets'] = { username: 'admin', password: 'Geheim' };
      delete json['CA_server']?.['ca_pass_env'];
      Object.assign(json['CA_server'] as object, { ca_pass: 'Geheim2' });
    });
    expect(load(text, 'offbox', (message) => warnings.push(message)).login.password?.revealText()).toBe('Geheim');
    expect(warnings).toEqual(['inventory /inv/inventory.json holds secrets in clear: secrets.password, CA_server.ca_pass; a file or an environment variable keeps them out of it']);
  });

  it.each<[string, (json: Record<string, Record<string, unknown>>) => void, string]>([
    ['a misspelt key', (j) => (j['sytem'] = {}), 'unknown key "sytem"; nearest known key is "system"'],
    ['a key of our own shape', (j) => (j['rotation'] = {}), 'unknown key "rotation"; known keys are system, paths, secrets, CA_server, qkd_roles and the devices of qkd_roles'],
    ['a role without a device', (j) => Object.assign(j['qkd_roles'] as object, { slave: 'mx22' }), 'qkd_roles.slave: unknown device "mx22"; nearest known device is "mx2"'],
    ['an additional slave without a device', (j) => Object.assign(j['qkd_roles'] as object, { additional_slave_SAE_IDs: ['mx3', 'abc'] }), 'qkd_roles.additional_slave_SAE_IDs[1]: unknown device "abc"; known devices are mx1, mx2, mx3'],
    ['the master as slave', (j) => Object.assign(j['qkd_roles'] as object, { slave: 'mx1' }), 'link mx1-mx1: device mx1 is named twice'],
    ['a port that is none', (j) => Object.assign(j['mx1'] as object, { port: 0 }), 'mx1.port: 0, expected a whole number from 1 to 65535'],
    ['a misspelt time', (j) => Object.assign(j['system'] as object, { rotation: { wiat: 1 } }), 'system.rotation: unknown key "wiat"; nearest known key is "wait"'],
    ['no slave', (j) => delete j['qkd_roles']?.['slave'], 'qkd_roles: key "slave" is missing'],
    ['no roles', (j) => delete j['qkd_roles'], 'key "qkd_roles" is missing'],
    ['no connectivity association', (j) => delete j['CA_server']?.['c_a'], 'CA_server: key "c_a" is missing'],
    ['a misspelt key of the CA server', (j) => Object.assign(j['CA_server'] as object, { ca_cert: {} }), 'CA_server: unknown key "ca_cert"; nearest known key is "CA_cert"'],
    ['a misspelt key of a device', (j) => Object.assign(j['mx1'] as object, { root_pass: 'Geheim' }), 'mx1: unknown key "root_pass"; nearest known key is "root_enc_pass"'],
    ['a device without interfaces', (j) => delete j['mx1']?.['interfaces'], 'mx1: key "interfaces" is missing'],
    ['a KME over http', (j) => Object.assign(j['mx1'] as object, { kme: { kme_name: 'http://kme1' } }), 'mx1.kme.kme_name: "http://kme1", expected a URL like https://kme1, or a host name with or without port'],
  ])('refuses %s', (_case, change, reason) => {
    expect(() => load(changed(change))).toThrow(expect.objectContaining({ code: 'inventory', message: `inventory /inv/inventory.json: ${reason}` }));
  });

  it('is not taken for it when links are there', () => {
    expect(() => load('{"CA_server": {}, "secrets": {}, "devices": {}, "links": []}')).toThrow('unknown key "CA_server"; nearest known key is "ca_server"');
  });
});
