import { describe, expect, it } from 'vitest';
import { endsOf, kmeOf, linksAt, linksOf, routersOf, type Topology } from './topology.ts';

describe('topologies', () => {
  it.each<[Topology, number, string[]]>([
    ['pairs', 4, ['mx1 et-0/0/1, mx2 et-0/0/1: CA_basic', 'mx3 et-0/0/1, mx4 et-0/0/1: CA_basic']],
    ['chain', 3, ['mx1 et-0/0/1, mx2 et-0/0/2: CA_mx1-mx2', 'mx2 et-0/0/1, mx3 et-0/0/2: CA_mx2-mx3']],
    ['star', 3, ['mx1 et-0/0/1, mx2 et-0/0/1, mx3 et-0/0/1: CA_basic']],
  ])('%s of %i', (topology, routers, expected) => {
    const links = linksOf(topology, routers);
    expect(links.map((link) => `${endsOf(link).map(({ router, interfaceName }) => `${router} ${interfaceName}`).join(', ')}: ${link.association}`)).toEqual(expected);
  });

  it.each<[Topology, number]>([['pairs', 2], ['pairs', 8], ['chain', 2], ['chain', 7], ['star', 2], ['star', 10]])('%s of %i: every router is there, with its own interfaces, and master and slaves ask different KMEs', (topology, routers) => {
    const links = linksOf(topology, routers);
    expect(routersOf(links)).toEqual(Array.from({ length: routers }, (_, i) => `mx${i + 1}`));
    for (const router of routersOf(links)) {
      const own = linksAt(links, router).flatMap(endsOf).filter((end) => end.router === router).map((end) => end.interfaceName);
      expect(new Set(own).size).toBe(own.length);
    }
    for (const link of links) for (const slave of link.slaves) expect(kmeOf(links, slave.router)).not.toBe(kmeOf(links, link.master.router));
  });

  it.each<[Topology, number, string]>([['pairs', 3, 'even'], ['pairs', 0, '2 to 1000'], ['chain', 1, '2 to 1000'], ['star', 11, 'more than 10'], ['pairs', 1002, '2 to 1000'], ['chain', 2.5, '2 to 1000']])('%s of %d is refused', (topology, routers, words) => {
    expect(() => linksOf(topology, routers)).toThrow(words);
  });
});
