// The parts of a fleet: stable when links are added, moving little when parts are, and even.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isOwnDevice, recordOfLink, shardIndex, shardOf } from './shard.ts';
import type { Inventory } from './inventory.ts';

const NAMES = Array.from({ length: 2000 }, (_, n) => `mx${n}-mx${n + 1}`);

test('a link stays in its part for ever', () => {
  expect(['mx1-mx2', 'mx3-mx4', 'lon-par', 'star', 'a'].map((name) => [shardIndex(name, 1), shardIndex(name, 4), shardIndex(name, 16)])).toMatchInlineSnapshot(`
    [
      [
        1,
        4,
        10,
      ],
      [
        1,
        2,
        2,
      ],
      [
        1,
        2,
        2,
      ],
      [
        1,
        2,
        12,
      ],
      [
        1,
        3,
        11,
      ],
    ]
  `);
});

test('every part from 1 to N gets about its share', () => {
  const sizes = new Map<number, number>();
  for (const name of NAMES) sizes.set(shardIndex(name, 8), (sizes.get(shardIndex(name, 8)) ?? 0) + 1);
  expect([...sizes.keys()].sort()).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  expect(Math.min(...sizes.values())).toBeGreaterThan(2000 / 8 / 1.4);
  expect(Math.max(...sizes.values())).toBeLessThan((2000 / 8) * 1.4);
});

test('one part more takes its share from the others, and moves nothing else', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1 }), fc.integer({ min: 1, max: 500 }), (name, count) => {
      const [before, after] = [shardIndex(name, count), shardIndex(name, count + 1)];
      expect(before).toBeGreaterThanOrEqual(1);
      expect(before).toBeLessThanOrEqual(count);
      expect([before, count + 1]).toContain(after);
    }),
  );
});

describe('shardOf', () => {
  const paths = { home: '/h', certificates: '/h/certs', records: '/h/records', logs: '/h/logs', record: '/h/records/{}_last_key.json', peerRecord: '', recordMode: 0o600 };
  const inventory = { paths, links: NAMES.map((name) => ({ name })) } as unknown as Inventory;

  test('the parts together are the whole, and each has its own folder', () => {
    const parts = [1, 2, 3].map((index) => shardOf(inventory, { index, count: 3 }));
    expect(parts.flatMap(({ links }) => links.map(({ name }) => name)).sort()).toEqual([...NAMES].sort());
    expect(parts[1]?.paths).toMatchObject({ home: '/h/shard-2-of-3', logs: '/h/logs/shard-2-of-3', certificates: '/h/certs', record: paths.record });
  });

  test('one part looks after the certificate of a device: one that has a link of it', () => {
    const star = { links: ['a', 'b', 'c', 'd'].map((end) => ({ name: `hub-${end}`, master: { device: 'hub' }, slaves: [{ device: end }] })) } as unknown as Inventory;
    for (const device of ['hub', 'a', 'b', 'c', 'd', 'without-link']) {
      const owners = [1, 2, 3].filter((index) => isOwnDevice(star, device, { index, count: 3 }));
      expect(owners, device).toHaveLength(1);
      if (device !== 'without-link') expect(star.links.some((link) => link.name.includes(device) && shardIndex(link.name, 3) === owners[0]), device).toBe(true);
    }
    expect(isOwnDevice(star, 'hub', { index: shardIndex('hub-a', 3), count: 3 })).toBe(true);
  });

  test('a record is kept by link, whatever the number of parts', () => {
    expect(recordOfLink(paths.record, 'mx1-mx2')).toBe('/h/records/mx1-mx2/{}_last_key.json');
    expect(recordOfLink('/r/{}/last_key.json', 'a')).toBe('/r/{}/a/last_key.json');
  });
});
