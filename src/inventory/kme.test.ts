// What the inventory says of KMEs, as the client gets it: endpoints, pins, and which pairs serve a link.

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { KmeSettings } from './inventory.ts';
import type { KmeJson } from './inventory-json.ts';
import { kmeRoutes } from './kme-pairs.ts';
import { loadInventory } from './load.ts';

const MINIMAL = readFileSync(fileURLToPath(new URL('../../fixtures/inventory/minimal.json', import.meta.url)), 'utf8');
const context = { mode: 'offbox', cwd: '/cwd', environment: { QKD_PASSWORD: 'p' }, userName: 'eve', userHome: '/home/eve', warn: () => undefined } as const;

function load(mx1: KmeJson, mx2: KmeJson): ReturnType<typeof loadInventory> {
  const json = JSON.parse(MINIMAL) as { devices: Record<string, { kme: KmeJson }> };
  for (const [name, kme] of Object.entries({ mx1, mx2 })) (json.devices[name] as { kme: KmeJson }).kme = kme;
  return loadInventory({ text: JSON.stringify(json), file: '/inv/inventory.json' }, context);
}

function kmeOfMx1(kme: KmeJson): KmeSettings {
  const found = load(kme, { url: 'https://kme2' }).devices.get('mx1');
  if (found === undefined) throw new Error('no mx1');
  return found.kme;
}

describe('several URLs of one router', () => {
  it('keep their order; each has its own settings, then those of the KME', () => {
    const { endpoints } = kmeOfMx1({ url: ['https://a:8443/', { url: 'https://192.0.2.2/p/', server_name: 'b', address: '192.0.2.3' }], server_name: 'kme' });
    expect(endpoints).toEqual([
      { name: 'a:8443', url: 'https://a:8443', serverName: 'kme', address: undefined, pair: undefined },
      { name: '192.0.2.2', url: 'https://192.0.2.2/p', serverName: 'b', address: '192.0.2.3', pair: undefined },
    ]);
  });
});

describe('pins of a public key', () => {
  it('with one slash (as in HPKP lists) or two (as curl writes them), also when the base64 begins with one', () => {
    const pin = `/${'A'.repeat(42)}=`;
    expect(kmeOfMx1({ url: 'https://a', spki: [`sha256/${'B'.repeat(43)}=`, `sha256//${'B'.repeat(43)}=`, `sha256/${pin}`, `sha256//${pin}`] }).spki).toEqual([`${'B'.repeat(43)}=`, `${'B'.repeat(43)}=`, pin, pin]);
  });
});

describe('quirks', () => {
  it('a KME that takes no number gives one key a request', () => {
    expect(kmeOfMx1({ url: 'https://a', quirks: { send_number: false, keys_per_request: 8 } }).quirks).toMatchObject({ sendNumber: false, keysPerRequest: 1 });
  });
});

describe('routes of a link', () => {
  it.each<[string, KmeJson['url'], KmeJson['url'], unknown]>([
    ['no pairs: every KME with every other', ['https://a', 'https://b'], ['https://c', 'https://d'], [{ source: 'a', targets: ['c', 'd'] }, { source: 'b', targets: ['c', 'd'] }]],
    [
      'two pairs',
      [{ url: 'https://a', pair: 'east' }, { url: 'https://b', pair: 'west' }],
      [{ url: 'https://c', pair: 'west' }, { url: 'https://d', pair: 'east' }, { url: 'https://e', pair: 'east' }],
      [{ source: 'a', targets: ['d', 'e'] }, { source: 'b', targets: ['c'] }],
    ],
    ['a pair that the slave is not in', [{ url: 'https://a', pair: 'east' }, { url: 'https://b', pair: 'west' }], [{ url: 'https://c', pair: 'west' }], [{ source: 'b', targets: ['c'] }]],
  ])('%s', (_name, mx1, mx2, routes) => {
    const { devices, links } = load({ url: mx1 }, { url: mx2 });
    expect(kmeRoutes(devices, links[0]!)).toEqual(routes);
  });
});
