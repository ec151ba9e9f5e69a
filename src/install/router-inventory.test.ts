import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import type { InventoryJson } from '../inventory/inventory-json.ts';
import { loadInventory } from '../inventory/load.ts';
import { peersOf, routerInventory } from './router-inventory.ts';

const FULL = JSON.parse(readFileSync(fileURLToPath(new URL('../../fixtures/inventory/full-example.json', import.meta.url)), 'utf8')) as InventoryJson;
const USERS = { script: 'qkd', peer: 'qkd-peer' };
const pinned: InventoryJson = { ...FULL, devices: Object.fromEntries(Object.entries(FULL.devices).map(([name, device]) => [name, { ...device, host_key: 'SHA256:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU' }])) };

describe('the inventory of one router', () => {
  const text = routerInventory(pinned, 'mx2', USERS);
  const document = JSON.parse(text) as InventoryJson;

  test('has its own links, with the routers at their other ends, and the same bytes each time', () => {
    expect(Object.keys(document.devices)).toEqual(['mx1', 'mx2']);
    expect(document.links.map(({ name }) => name)).toEqual(['mx1-mx2']);
    expect(peersOf(pinned, 'mx1')).toEqual(['mx2', 'mx3']);
    expect(routerInventory(pinned, 'mx2', USERS)).toBe(text);
  });

  test('holds nothing that is secret, of the fleet, of the management host, or a comment', () => {
    expect(text).not.toMatch(/password|passphrase|_env|root_enc|initial_key|ca_server|known_hosts|max_threads|"\/\/"|mx3|routing_engines|cert_file|(?<!private_)key_file|ca_file/);
  });

  test('of another router it tells how to reach and to know it, and of its KME what must fit', () => {
    expect(Object.keys(document.devices['mx1'] ?? {})).toEqual(['ip', 'port', 'host_key', 'sae_id', 'kme']);
    expect(document.devices['mx1']?.kme.url).toEqual(pinned.devices['mx1']?.kme.url);
    expect(document.devices['mx2']?.kme.key_size).toBe(pinned.devices['mx2']?.kme.key_size);
  });

  test('keeps every setting of the rotation', () => {
    expect(document.system?.rotation).toEqual(Object.fromEntries(Object.entries(FULL.system?.rotation ?? {}).filter(([key]) => key !== '//')));
  });

  test('is one that the program accepts on the router', () => {
    const context = { mode: 'onbox', cwd: '/', environment: {}, userName: 'qkd', userHome: '/var/home/qkd', warn: () => undefined } as const;
    const noKeyFile = text.replace('"private_key_file": "id_ed25519"', '"password_env": "NONE"');
    const { paths, login } = loadInventory({ text: noKeyFile, file: '/var/home/qkd/qkd-macsec/inventory.json' }, { ...context, environment: { NONE: 'x' } });
    expect([paths.home, paths.certificates, paths.record, paths.recordMode, login.peerUsername]).toEqual(['/var/home/qkd/qkd-macsec', '/var/home/qkd/qkd-macsec/certs', '/var/home/qkd/qkd-macsec/records/{}_last_key.json', 0o644, 'qkd-peer']);
    expect(paths.peerRecord).toBe('/var/home/qkd/qkd-macsec/records/{}_last_key.json');
  });

  test('another router without a pinned host key is refused, unless the first key that it shows is to be taken', () => {
    const open = { ...pinned, devices: { ...pinned.devices, mx1: { ...pinned.devices['mx1'], host_key: undefined } } } as unknown as InventoryJson;
    expect(() => routerInventory(open, 'mx2', USERS)).toThrow("devices.mx1.host_key is missing: the routers check each other's host key against it");
    expect(routerInventory({ ...open, system: { ssh: { host_key_policy: 'accept-new' } } }, 'mx2', USERS)).toContain('"accept-new"');
    expect(() => routerInventory(open, 'mx1', USERS)).not.toThrow();
  });
});
