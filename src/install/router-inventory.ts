// One router's part of the inventory: its own links, the routers at their other ends with what is needed to reach and
// to know them, its own KME, and no secret of anybody. What the router's program needs beside it (certificates, its
// SSH key) lies in files of fixed names next to it.

import { QkdError } from '../errors.ts';
import type { DeviceJson, InventoryJson, KmeJson, LinkJson } from '../inventory/inventory-json.ts';

export interface RouterUsers {
  /** Runs the program on the router. */
  readonly script: string;
  /** Fetches key-ID records. */
  readonly peer: string;
}

/** The text of inventory.json for `device`; the same input gives the same bytes. Throws inventory. */
export function routerInventory(inventory: InventoryJson, device: string, users: RouterUsers): string {
  const links = linksOf(inventory, device);
  const known = new Set(links.flatMap(endsOf));
  const devices = Object.entries(inventory.devices).filter(([name]) => known.has(name));
  for (const [name, other] of devices) if (name !== device) requireHostKey(inventory, name, other);
  const document = {
    system: systemOf(inventory),
    paths: { home: '.', record_mode: '0644', peer_record: `/var/home/${users.script}/qkd-macsec/records/{}_last_key.json` },
    secrets: { username: users.script, peer_username: users.peer, private_key_file: 'id_ed25519' },
    devices: Object.fromEntries(devices.map(([name, entry]) => [name, name === device ? ownDevice(entry) : otherDevice(entry)])),
    links: links.map(({ initial_key: _, ...link }) => link),
  };
  return `${JSON.stringify(withoutComments(document), undefined, 2)}\n`;
}

/** Names of the routers at the other ends of the links of `device`. */
export function peersOf(inventory: InventoryJson, device: string): string[] {
  return [...new Set(linksOf(inventory, device).flatMap(endsOf))].filter((name) => name !== device);
}

function linksOf({ links }: InventoryJson, device: string): LinkJson[] {
  return links.filter((link) => endsOf(link).includes(device));
}

function endsOf({ master, slaves }: LinkJson): string[] {
  return [master, ...slaves].map((end) => end.device);
}

/** The initial configuration, with its first key and root password, is committed from the management host. */
function ownDevice({ root_enc_pass: _a, root_enc_pass_file: _b, root_enc_pass_env: _c, routing_engines: _d, kme, ...device }: DeviceJson): object {
  return { ...device, kme: withoutFiles(kme) };
}

/** The KMEs of both ends have to fit each other (pairs, key size): this router's program checks that too. */
function otherDevice({ ip, port, host_key, sae_id, kme }: DeviceJson): object {
  return { ip, port, host_key, sae_id, kme: withoutFiles(kme) };
}

/** Certificates lie at their usual place. */
function withoutFiles({ ca_file: _a, cert_file: _b, key_file: _c, ...kme }: KmeJson): object {
  return kme;
}

function systemOf({ system = {} }: InventoryJson): object {
  const { max_threads: _a, ssh = {}, ...rest } = system;
  const { known_hosts_file: _b, ...ssh_rest } = ssh;
  return { ...rest, ssh: ssh_rest };
}

function requireHostKey({ system }: InventoryJson, name: string, device: DeviceJson): void {
  if (device.host_key !== undefined || system?.ssh?.host_key_policy === 'accept-new') return;
  throw new QkdError('inventory', `devices.${name}.host_key is missing: the routers check each other's host key against it`, { hint: `add what ssh-keyscan and ssh-keygen -lf - say of ${name}` });
}

function withoutComments(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutComments);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).filter(([key]) => key !== '//').map(([key, one]) => [key, withoutComments(one)]));
}
