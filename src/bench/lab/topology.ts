// Who is who in the bench: routers mx1, mx2, ... in pairs, one MACsec link a pair, two KMEs. Odd routers
// are masters and ask kme1, even ones are slaves and ask kme2.

export interface Pair {
  readonly link: string;
  readonly master: string;
  readonly slave: string;
}

export const LOGIN = 'qkd';
export const INTERFACE = 'et-0/0/1';
export const ASSOCIATION = 'CA_basic';
export const KME_NAMES = ['kme1', 'kme2'] as const;
/** Home folder of the program on every router, as the router sees it. */
export const ROUTER_HOME = `/var/home/${LOGIN}/qkd-macsec`;

/** The links of `routers` routers. Throws RangeError unless it is an even number from 2 to 1000. */
export function pairsOf(routers: number): Pair[] {
  if (!Number.isInteger(routers) || routers < 2 || routers > 1000 || routers % 2 !== 0) throw new RangeError('--routers must be an even number from 2 to 1000');
  return Array.from({ length: routers / 2 }, (_, i) => {
    const [master, slave] = [`mx${2 * i + 1}`, `mx${2 * i + 2}`] as const;
    return { link: `${master}-${slave}`, master, slave };
  });
}

/** The other end of a router's link. */
export function peerOf(pairs: readonly Pair[], router: string): string {
  const pair = pairs.find((p) => p.master === router || p.slave === router);
  if (pair === undefined) throw new RangeError(`no router ${router}`);
  return pair.master === router ? pair.slave : pair.master;
}
