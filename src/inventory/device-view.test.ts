// One router's view: its roles, and which device a host name means.

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { deviceOfHostName, ownLinks } from './device-view.ts';
import type { Inventory } from './inventory.ts';
import { loadInventory } from './load.ts';

function inventoryOf(names: readonly string[]): Inventory {
  const json = JSON.parse(readFileSync(fileURLToPath(new URL('../../fixtures/inventory/minimal.json', import.meta.url)), 'utf8')) as { devices: Record<string, unknown> };
  for (const name of names) json.devices[name] = { ip: '192.0.2.9', kme: { url: 'https://kme' } };
  const context = { mode: 'offbox', cwd: '/cwd', environment: { QKD_PASSWORD: 'p' }, userName: 'eve', userHome: '/home/eve', warn: () => undefined } as const;
  return loadInventory({ text: JSON.stringify(json), file: '/inv/inventory.json' }, context);
}

describe('ownLinks', () => {
  const inventory = inventoryOf(['spare']);
  it('gives master, slave and nothing', () => {
    const [link] = inventory.links;
    expect(ownLinks(inventory, 'mx1')).toEqual([{ link, role: 'master', own: link?.master }]);
    expect(ownLinks(inventory, 'mx2')).toEqual([{ link, role: 'slave', own: link?.slaves[0] }]);
    expect(ownLinks(inventory, 'spare')).toEqual([]);
  });
});

describe('deviceOfHostName', () => {
  const inventory = inventoryOf(['core-red1', 'edge-re0', 'pop.example.net']);
  it.each([
    ['mx1', 'mx1'],
    ['mx1-re0', 'mx1'],
    ['mx1-re1', 'mx1'],
    ['mx1.example.net', 'mx1'],
    ['mx1-re0.example.net', 'mx1'],
    ['mx1.example.net-re1', 'mx1'],
    ['core-red1', 'core-red1'],
    ['core-red1-re0', 'core-red1'],
    ['edge-re0', 'edge-re0'],
    ['pop.example.net', 'pop.example.net'],
    ['pop.example.net-re1', 'pop.example.net'],
    [' mx1\n', 'mx1'],
  ])('%s is %s', (hostName, device) => {
    expect(deviceOfHostName(inventory, hostName).name).toBe(device);
  });

  it.each([
    ['mx3', 'no device of the inventory has the host name "mx3"; nearest known device is "mx1"'],
    ['mx1-re2', 'no device of the inventory has the host name "mx1-re2"; it has mx1, mx2, core-red1, edge-re0, pop.example.net'],
    ['', 'no device of the inventory has the host name ""; it has mx1, mx2, core-red1, edge-re0, pop.example.net'],
  ])('%j is none', (hostName, message) => {
    expect(() => deviceOfHostName(inventory, hostName)).toThrow(expect.objectContaining({ code: 'inventory', message }));
  });
});
