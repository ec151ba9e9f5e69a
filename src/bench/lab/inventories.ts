// The inventories of the bench: one for the management host with every router, and one for each router
// with only its own links and its own SSH key. And what an operator changes in them later.

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFileAtomically } from '../../atomic-file.ts';
import { syslogCommand } from '../router/syslog-command.ts';
import { endsOf, LOGIN, ROUTER_HOME, type LabEnd, type LabLink } from './topology.ts';

export type Method = 'pre-shared-key' | 'key-chain';

export interface LabRouter {
  readonly name: string;
  readonly sshPort: number;
  /** `SHA256:...`, of each routing engine. */
  readonly hostKeys: readonly string[];
  readonly kme: { readonly url: string; readonly caFile: string };
}

/** Parts of `system` that a bench sets otherwise than the defaults, in the inventory's own words. */
export interface LabSystem {
  readonly rotation?: object;
  readonly ssh?: object;
  readonly netconf?: object;
  readonly kme?: object;
}

/** What every inventory of one bench has in common. */
export interface InventoryParts {
  readonly routers: readonly LabRouter[];
  readonly links: readonly LabLink[];
  readonly method: Method;
  readonly system: LabSystem;
  /** The routers make their certificates by a CA in their own folder. */
  readonly renewsCertificates?: boolean;
}

/** Runs wait half a minute for the other end and look once a second; loopback needs no patience with SSH. */
const USUAL = { rotation: { wait: 30, poll: 1 }, ssh: { attempts: 2, delay: 1 } };

/** The management host's inventory: every device and link, records and logs below `home`. */
export function offBoxInventory(parts: InventoryParts, given: { home: string; certificates: string; privateKeyFile: string }): object {
  const { routers, links, method, system } = parts;
  return {
    system: { ...USUAL, max_threads: Math.min(routers.length, 64), ...system },
    paths: { home: given.home, certificates: given.certificates },
    secrets: { username: LOGIN, private_key_file: given.privateKeyFile },
    devices: Object.fromEntries(routers.map((router) => [router.name, deviceEntry(router)])),
    links: links.map((link) => linkEntry(link, method)),
  };
}

/** One router's own inventory, of its own `links`; `home` is where its home folder really lies, `cli` its way to mgd, `messages` its syslog file. */
export function onBoxInventory(parts: InventoryParts, given: { home: string; cli: string; messages: string }): object {
  const { routers, links, method, system } = parts;
  const known = new Set(links.flatMap(endsOf).map(({ router }) => router));
  const own = routers.filter(({ name }) => known.has(name));
  return {
    system: { ...USUAL, alarms: { command: syslogCommand(given.messages) }, ...system, netconf: { mgd_command: [given.cli, 'xml-mode', 'netconf', 'need-trailer'], ...system.netconf } },
    paths: { home: given.home, peer_record: `${ROUTER_HOME}/records/{}_last_key.json` },
    secrets: { username: LOGIN, private_key_file: 'id_ed25519' },
    ...(parts.renewsCertificates === true ? { ca_server: { ca_cert: { generate: true } } } : {}),
    devices: Object.fromEntries(own.map((router) => [router.name, deviceEntry({ ...router, kme: { ...router.kme, caFile: 'certs/kme-ca.crt' } })])),
    links: links.map((link) => linkEntry(link, method)),
  };
}

function deviceEntry(router: LabRouter): object {
  return { ip: '127.0.0.1', port: router.sshPort, host_key: router.hostKeys.length === 1 ? router.hostKeys[0] : router.hostKeys, kme: { url: router.kme.url, ca_file: router.kme.caFile } };
}

function linkEntry(link: LabLink, method: Method): object {
  const end = ({ router, interfaceName }: LabEnd): object => ({ device: router, interfaces: [interfaceName] });
  return { name: link.name, connectivity_association: link.association, method, master: end(link.master), slaves: link.slaves.map(end) };
}

interface InventoryJson {
  readonly system: { rotation: object };
  readonly links: readonly { readonly name: string; method: Method }[];
}

/** Rotates one link of a router by `method` from its next run on; `home` holds the router's inventory. */
export function setMethod(home: string, link: string, method: Method): Promise<void> {
  return change(home, ({ links }) => {
    for (const one of links) if (one.name === link) one.method = method;
  });
}

/** Replaces a router's rotation times. */
export function setRotation(home: string, rotation: object): Promise<void> {
  return change(home, (inventory) => void (inventory.system.rotation = rotation));
}

async function change(home: string, edit: (inventory: InventoryJson) => void): Promise<void> {
  const file = join(home, 'inventory.json');
  const inventory = JSON.parse(await readFile(file, 'utf8')) as InventoryJson;
  edit(inventory);
  await writeFileAtomically(file, `${JSON.stringify(inventory, undefined, 2)}\n`, 0o600);
}
