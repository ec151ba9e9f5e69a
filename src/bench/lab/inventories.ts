// The inventories of the bench: one for the management host with every router, and one for each router
// with only its own link and its own SSH key.

import type { Pair } from './topology.ts';
import { ASSOCIATION, INTERFACE, LOGIN, ROUTER_HOME } from './topology.ts';

export interface LabRouter {
  readonly name: string;
  readonly sshPort: number;
  /** `SHA256:...` */
  readonly hostKey: string;
  readonly kme: { readonly url: string; readonly caFile: string };
}

/** Parts of `system` that a bench sets otherwise than the defaults, in the inventory's own words. */
export interface LabSystem {
  readonly rotation?: object;
  readonly ssh?: object;
  readonly netconf?: object;
  readonly kme?: object;
}

/** Runs wait half a minute for the other end and look once a second; loopback needs no patience with SSH. */
const USUAL = { rotation: { wait: 30, poll: 1 }, ssh: { attempts: 2, delay: 1 } };

/** The management host's inventory: every device and link, records and logs below `home`. */
export function offBoxInventory(routers: readonly LabRouter[], pairs: readonly Pair[], given: { home: string; certificates: string; privateKeyFile: string; system: LabSystem }): object {
  return {
    system: { ...USUAL, max_threads: Math.min(routers.length, 64), ...given.system },
    paths: { home: given.home, certificates: given.certificates },
    secrets: { username: LOGIN, private_key_file: given.privateKeyFile },
    devices: Object.fromEntries(routers.map((router) => [router.name, deviceEntry(router)])),
    links: pairs.map(linkEntry),
  };
}

/** One router's own inventory; `home` is where its home folder really lies, `cli` its way to mgd. */
export function onBoxInventory(routers: readonly LabRouter[], pair: Pair, given: { home: string; cli: string; system: LabSystem }): object {
  const own = routers.filter((router) => router.name === pair.master || router.name === pair.slave);
  return {
    system: { ...USUAL, ...given.system, netconf: { mgd_command: [given.cli, 'xml-mode', 'netconf', 'need-trailer'], ...given.system.netconf } },
    paths: { home: given.home, peer_record: `${ROUTER_HOME}/records/{}_last_key.json` },
    secrets: { username: LOGIN, private_key_file: 'id_ed25519' },
    devices: Object.fromEntries(own.map((router) => [router.name, deviceEntry({ ...router, kme: { ...router.kme, caFile: 'certs/kme-ca.crt' } })])),
    links: [linkEntry(pair)],
  };
}

function deviceEntry(router: LabRouter): object {
  return { ip: '127.0.0.1', port: router.sshPort, host_key: router.hostKey, kme: { url: router.kme.url, ca_file: router.kme.caFile } };
}

function linkEntry(pair: Pair): object {
  const end = (device: string): object => ({ device, interfaces: [INTERFACE] });
  return { name: pair.link, connectivity_association: ASSOCIATION, method: 'pre-shared-key', master: end(pair.master), slaves: [end(pair.slave)] };
}
