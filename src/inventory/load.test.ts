// Inventories that are accepted: the shipped examples, and what the program does when they are silent.

import { chmodSync, cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { InventoryContext } from './defaults.ts';
import type { Inventory } from './inventory.ts';
import { loadInventory, readInventory } from './load.ts';

const FIXTURES = fileURLToPath(new URL('../../fixtures/inventory/', import.meta.url));

let folder: string;
let warnings: string[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'qkd-inventory-'));
  warnings = [];
});
afterEach(() => rmSync(folder, { recursive: true }));

function context(change: Partial<InventoryContext> = {}): InventoryContext {
  const environment = { QKD_PASSWORD: 'p', QKD_PASSPHRASE: 'q', QKD_FIRST_CAK: '0123456789abcdef'.repeat(4), QKD_CA_PASSWORD: 'r' };
  return { mode: 'offbox', cwd: '/cwd', environment, userName: 'eve', userHome: '/home/eve', warn: (message) => warnings.push(message), ...change };
}

const fixture = (name: string): string => readFileSync(join(FIXTURES, name), 'utf8');

function minimal(change: (json: Record<string, never>) => void = () => undefined): string {
  const json = JSON.parse(fixture('minimal.json')) as Record<string, never>;
  change(json);
  return JSON.stringify(json);
}

const load = (text: string, change: Partial<InventoryContext> = {}): Inventory => loadInventory({ text, file: '/inv/inventory.json' }, context(change));

/** A copy of the full example, with the private files that it names. */
function fullExample(): string {
  cpSync(join(FIXTURES, 'full-example.json'), join(folder, 'inventory.json'));
  for (const [name, text] of [['id_ed25519', 'key'], ['ca-password', 's3\r\n'], ['root-password-hash', '$6$salt$hash\n']] as const) writeFileSync(join(folder, name), text, { mode: 0o600 });
  return join(folder, 'inventory.json');
}

describe('the full example', () => {
  it('is accepted without a warning and says what the defaults are', () => {
    const full = readInventory(fullExample(), context());
    expect(warnings).toEqual([]);
    const { netconf, ...system } = full.system;
    const defaults = load(minimal()).system;
    expect({ ...system, kme: { ...system.kme, retention: undefined }, eventOptions: undefined }).toEqual({ ...defaults, netconf: undefined, eventOptions: undefined });
    expect(system.kme.retention).toBe(900);
    expect({ ...netconf, mgdSocket: undefined }).toEqual(defaults.netconf);
    expect(full.system.eventOptions.startTime).toBe('2026-11-22.00:00');
  });

  it('gives secrets from files and environment variables, without their line ends', () => {
    const { login, caServer, devices, links } = readInventory(fullExample(), context());
    expect(login.password?.revealText()).toBe('p');
    expect(login.passphrase?.revealText()).toBe('q');
    expect(login.privateKeyFile).toBe(join(folder, 'id_ed25519'));
    expect(caServer?.password?.revealText()).toBe('s3');
    expect(devices.get('mx1')?.rootEncryptedPassword?.revealText()).toBe('$6$salt$hash');
    expect(links[0]?.initialKey?.cak.revealHex()).toBe('0123456789abcdef'.repeat(4));
  });

  it('gives devices and links as written', () => {
    const { devices, links } = readInventory(fullExample(), context());
    expect(devices.get('mx1')).toMatchObject({
      addresses: ['192.0.2.1', '198.51.100.1'],
      port: 22,
      saeId: 'mx1',
      kme: {
        endpoints: [{ name: 'kme1.example.net:8443', url: 'https://kme1.example.net:8443', serverName: 'kme1.example.net', address: '192.0.2.21', pair: 'east' }],
        caFile: join(folder, 'certs/kme-ca.crt'),
        spki: ['d6qzRu9zOECb90Uez27xWltNsj0e1Md7GkYYkVoZWmM='],
        extensionOptional: [{ abc_relay: { preferred: 'short' } }],
      },
    });
    expect(devices.get('mx1')?.hostKeys).toHaveLength(2);
    expect(devices.get('mx2')?.kme.endpoints.map(({ name, address, pair }) => [name, address, pair])).toEqual([
      ['kme2.example.net:8443', '192.0.2.22', 'east'],
      ['kme4.example.net:8443', undefined, 'west'],
    ]);
    expect(links.map((link) => [link.name, link.method, link.cipherSuite])).toEqual([
      ['mx1-mx2', 'key-chain', 'gcm-aes-xpn-256'],
      ['mx1-mx3', 'pre-shared-key', 'gcm-aes-xpn-128'],
    ]);
  });

  it('has every key of the schema, but for other ways to give a secret', () => {
    const used = new Set<string>();
    const collect = (value: unknown): void => {
      if (typeof value !== 'object' || value === null) return;
      for (const [key, inner] of Object.entries(value)) {
        used.add(key);
        collect(inner);
      }
    };
    collect(JSON.parse(fixture('full-example.json')));
    const known = new Set<string>();
    const schema = readFileSync(fileURLToPath(new URL('inventory.schema.json', import.meta.url)), 'utf8');
    JSON.parse(schema, (member, value: unknown) => {
      if (member === 'properties') for (const key of Object.keys(value as object)) known.add(key);
      return value;
    });
    const others = ['password', 'password_file', 'passphrase_file', 'ca_pass', 'ca_pass_env', 'root_enc_pass', 'root_enc_pass_env', 'cak_file'];
    expect([...known].filter((key) => !used.has(key)).sort()).toEqual(others.sort());
  });
});

describe('defaults', () => {
  it('off-box: folders below the current one, known_hosts of the user', () => {
    const { paths, system, login } = load(minimal());
    expect(paths).toEqual({
      home: '/cwd/qkd-macsec',
      certificates: '/cwd/qkd-macsec/certs',
      records: '/cwd/qkd-macsec/records',
      logs: '/cwd/qkd-macsec/logs',
      record: '/cwd/qkd-macsec/records/{}_last_key.json',
      peerRecord: '/var/home/qkd/qkd-macsec/records/{}_last_key.json',
      recordMode: 0o600,
    });
    expect(system.ssh).toEqual({ attempts: 3, delay: 5, timeout: 10, pace: 50, hostKeyPolicy: 'strict', knownHostsFile: '/home/eve/.ssh/known_hosts' });
    expect(login).toMatchObject({ username: 'qkd', privateKeyFile: undefined, passphrase: undefined });
    expect(warnings).toEqual([]);
  });

  it("on-box: folders in the login user's home, pinned host keys only", () => {
    const { paths, system } = load(minimal(), { mode: 'onbox' });
    expect(paths).toMatchObject({ home: '/var/home/qkd/qkd-macsec', record: '/var/home/qkd/qkd-macsec/records/{}_last_key.json' });
    expect(system.ssh.knownHostsFile).toBeUndefined();
    expect(system.netconf.mgdCommand).toEqual(['/usr/sbin/cli', 'xml-mode', 'netconf', 'need-trailer']);
  });

  it('on-box, accept-new: host keys are kept in the home folder', () => {
    const text = minimal((json) => Object.assign(json, { system: { ssh: { host_key_policy: 'accept-new' } } }));
    expect(load(text, { mode: 'onbox' }).system.ssh).toMatchObject({ hostKeyPolicy: 'accept-new', knownHostsFile: '/var/home/qkd/qkd-macsec/known_hosts' });
  });

  it('the login name is that of the user that runs the program', () => {
    const text = minimal((json) => Object.assign(json, { secrets: { password_env: 'QKD_PASSWORD' } }));
    const { login, paths } = load(text, { mode: 'onbox' });
    expect([login.username, paths.home]).toEqual(['eve', '/var/home/eve/qkd-macsec']);
  });

  it('a device: SAE ID, certificate and key carry its name', () => {
    const device = load(minimal()).devices.get('mx1');
    expect(device).toEqual({
      name: 'mx1',
      addresses: ['192.0.2.1'],
      port: undefined,
      hostKeys: [],
      routingEngines: [],
      saeId: 'mx1',
      platform: undefined,
      rootEncryptedPassword: undefined,
      kme: {
        endpoints: [{ name: 'kme1.example.net', url: 'https://kme1.example.net', serverName: undefined, address: undefined, pair: undefined }],
        caFile: '/cwd/qkd-macsec/certs/kme-ca.crt',
        certificateFile: '/cwd/qkd-macsec/certs/mx1.crt',
        keyFile: '/cwd/qkd-macsec/certs/mx1.key',
        spki: [],
        minTls: '1.2',
        status: 'advice',
        keySize: undefined,
        extensionMandatory: [],
        extensionOptional: [],
        quirks: {
          request: 'get',
          sendNumber: true,
          sendSize: true,
          keysPerRequest: undefined,
          keysMember: 'keys',
          keyIdMember: 'key_ID',
          keyMember: 'key',
          keyEncoding: 'base64',
          contentTypes: [],
          unknownKeyStatus: [],
          noStockStatus: [],
        },
      },
    });
  });

  it('a link: key-chain, gcm-aes-xpn-256, the original CKN prefix, no initial key', () => {
    expect(load(minimal()).links[0]).toMatchObject({ method: 'key-chain', cipherSuite: 'gcm-aes-xpn-256', cknPrefix: 'abcd1234abcd5678abcd1234abcd5678', initialKey: undefined });
  });

  it('the lead follows the interval', () => {
    const text = minimal((json) => Object.assign(json, { system: { rotation: { interval: 300 } } }));
    expect(load(text).system.rotation).toMatchObject({ interval: 300, lead: 1020, margin: 30 });
  });
});

describe('paths', () => {
  it("relative ones begin in the inventory's folder, ~ is the user's home", () => {
    const paths = { home: 'h', logs: '/var/log/qkd', certificates: '~/c', record: '../{}.json', peer_record: 'records/{}.json' };
    expect(load(minimal((json) => Object.assign(json, { paths }))).paths).toEqual({
      home: '/inv/h',
      certificates: '/home/eve/c',
      records: '/inv/h/records',
      logs: '/var/log/qkd',
      recordMode: 0o600,
      record: '/{}.json',
      peerRecord: 'records/{}.json',
    });
  });
});

describe('spelling', () => {
  it('hexadecimal in lower case, no slash at the end of a URL, no padding on a fingerprint', () => {
    const text = minimal((json: Record<string, never>) => {
      const { devices, links } = json as unknown as { devices: { mx1: Record<string, unknown> & { kme: Record<string, string> } }; links: Record<string, unknown>[] };
      devices.mx1.kme['url'] = 'https://KME1/path/';
      devices.mx1['host_key'] = `SHA256:${'A'.repeat(43)}=`;
      Object.assign(links[0] as object, { ckn_prefix: 'ABCDEF00'.repeat(4), method: 'pre-shared-key' });
    });
    const { devices, links } = load(text);
    expect(devices.get('mx1')).toMatchObject({ kme: { endpoints: [{ name: 'kme1', url: 'https://KME1/path' }] }, hostKeys: [`SHA256:${'A'.repeat(43)}`] });
    expect(links[0]?.cknPrefix).toBe('abcdef00'.repeat(4));
  });

  it('a byte order mark and comments everywhere are skipped', () => {
    const text = minimal((json) => Object.assign(json, { '//': ['any', { form: 1 }] }));
    const commented = text.replaceAll('{"ip"', '{"//":0,"ip"').replace('"devices":{', '"devices":{"//":"routers",');
    expect([...load(`\ufeff${commented}`).devices.keys()]).toEqual(['mx1', 'mx2']);
  });

  it('a device without links is fine', () => {
    const text = minimal((json) => Object.assign((json as unknown as { devices: object }).devices, { spare: { ip: 'spare.example.net', kme: { url: 'https://kme' } } }));
    expect(load(text).devices.has('spare')).toBe(true);
  });
});

describe('secrets in the inventory itself', () => {
  const inline = (): string =>
    minimal((json) => {
      const { links } = json as unknown as { links: object[] };
      Object.assign(json, { secrets: { username: 'qkd', password: 'Pa55-inline' }, ca_server: { ca_pass: 'C0-inline' } });
      Object.assign(links[0] as object, { initial_key: { ckn: 'AB'.repeat(32), cak: '0123456789abcdef'.repeat(4) } });
    });

  it('work, with one warning that names them and shows none', () => {
    const inventory = load(inline());
    expect(inventory.login.password?.revealText()).toBe('Pa55-inline');
    expect(inventory.caServer?.password?.revealText()).toBe('C0-inline');
    expect(inventory.links[0]?.initialKey?.ckn).toBe('ab'.repeat(32));
    expect(warnings).toEqual([
      'inventory /inv/inventory.json holds secrets in clear: secrets.password, ca_server.ca_pass, links[0].initial_key.cak; a file or an environment variable keeps them out of it',
    ]);
    expect(JSON.stringify({ ...inventory, devices: [...inventory.devices.values()] })).not.toMatch(/inline|0123456789abcdef/);
  });

  it('are worth another word when others can read the file', () => {
    const file = join(folder, 'inventory.json');
    writeFileSync(file, inline());
    chmodSync(file, 0o644);
    readInventory(file, context());
    expect(warnings).toEqual([expect.stringContaining(`is open to others (run: chmod 600 ${file})`)]);
  });
});

describe('doubtful rotation times', () => {
  it.each([
    [{ lead: 1000 }, 'system.rotation: lead 1000 s is shorter than 3 x interval + 4 x margin (1920 s): ends whose timers are not aligned may miss keys'],
    [{ ring: 4 }, 'system.rotation: ring 4 is smaller than the 6 keys that lead 1920 s and interval 600 s may need at once'],
    [{ wait: 600 }, 'system.rotation: wait 600 s is not shorter than interval 600 s: a run may still wait when the next one starts'],
    [{ poll: 130 }, 'system.rotation: poll 130 s is longer than wait 120 s: a run looks at the other end once'],
  ])('%j: a warning', (rotation, warning) => {
    load(minimal((json) => Object.assign(json, { system: { rotation } })));
    expect(warnings).toEqual([warning]);
  });

  it('do not matter without key chains', () => {
    load(minimal((json) => {
      const { links } = json as unknown as { links: object[] };
      Object.assign(json, { system: { rotation: { lead: 10 } } });
      Object.assign(links[0] as object, { method: 'pre-shared-key' });
    }));
    expect(warnings).toEqual([]);
  });
});
