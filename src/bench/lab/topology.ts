// Who is who in the bench: routers mx1, mx2, ..., the MACsec links between them, and which of the two KMEs
// each router asks. Three shapes: pairs, one link each; a chain, whose middle routers have two links; a star,
// one link with one master and all others as slaves.

export interface LabEnd {
  readonly router: string;
  readonly interfaceName: string;
}

export interface LabLink {
  readonly name: string;
  readonly association: string;
  readonly master: LabEnd;
  readonly slaves: readonly LabEnd[];
}

export const TOPOLOGIES = ['pairs', 'chain', 'star'] as const;
export type Topology = (typeof TOPOLOGIES)[number];

export const LOGIN = 'qkd';
export const ASSOCIATION = 'CA_basic';
export const KME_NAMES = ['kme1', 'kme2'] as const;
/** Home folder of the program on every router, as the router sees it. */
export const ROUTER_HOME = `/var/home/${LOGIN}/qkd-macsec`;

const INTERFACE = 'et-0/0/1';
/** Towards the link's master, on a router in a chain. */
const UPSTREAM_INTERFACE = 'et-0/0/2';
const MOST_ROUTERS = 1000;
/** What the bench KMEs take as additional slaves of one key, and the first slave and the master. */
const MOST_IN_STAR = 10;

/** The links of `routers` routers. Throws RangeError when that number does not make the shape. */
export function linksOf(topology: Topology, routers: number): LabLink[] {
  if (!Number.isInteger(routers) || routers < 2 || routers > MOST_ROUTERS) throw new RangeError(`--routers must be a number from 2 to ${MOST_ROUTERS}`);
  const names = Array.from({ length: routers }, (_, i) => `mx${i + 1}`);
  if (topology === 'star') return [star(names)];
  if (topology === 'chain') return names.slice(1).map((slave, i) => twoEnds(names[i] as string, slave, { upstream: UPSTREAM_INTERFACE, isOneOfTwo: true }));
  if (routers % 2 !== 0) throw new RangeError('--routers must be an even number for --topology pairs');
  return names.flatMap((name, i) => (i % 2 === 0 ? [twoEnds(name, names[i + 1] as string, { upstream: INTERFACE, isOneOfTwo: false })] : []));
}

/** Routers that have two links need an association of its own for each. */
function twoEnds(master: string, slave: string, { upstream, isOneOfTwo }: { upstream: string; isOneOfTwo: boolean }): LabLink {
  const name = `${master}-${slave}`;
  return {
    name,
    association: isOneOfTwo ? `CA_${name}` : ASSOCIATION,
    master: { router: master, interfaceName: INTERFACE },
    slaves: [{ router: slave, interfaceName: upstream }],
  };
}

function star(names: readonly string[]): LabLink {
  if (names.length > MOST_IN_STAR) throw new RangeError(`--routers must not be more than ${MOST_IN_STAR} for --topology star`);
  const [master, ...slaves] = names.map((router) => ({ router, interfaceName: INTERFACE }));
  return { name: 'star', association: ASSOCIATION, master: master as LabEnd, slaves };
}

/** Master first. */
export function endsOf(link: LabLink): LabEnd[] {
  return [link.master, ...link.slaves];
}

/** Every router once, in order of their numbers. */
export function routersOf(links: readonly LabLink[]): string[] {
  return [...new Set(links.flatMap(endsOf).map(({ router }) => router))];
}

export function linksAt(links: readonly LabLink[], router: string): LabLink[] {
  return links.filter((link) => endsOf(link).some((end) => end.router === router));
}

/** Index in KME_NAMES: the two ends of a link ask different KMEs, the slaves of a star the same one. */
export function kmeOf(links: readonly LabLink[], router: string): 0 | 1 {
  const first = linksAt(links, router)[0];
  if (first !== undefined && first.slaves.length > 1) return first.master.router === router ? 0 : 1;
  return Number(router.slice(2)) % 2 === 1 ? 0 : 1;
}
