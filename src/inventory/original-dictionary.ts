// The original system's dictionary, accepted as it is: one link of method pre-shared-key between
// qkd_roles.master and its slaves, device entries at the top level, SAE IDs that are the device names,
// and that system's file names. Converted to the shape of inventory.schema.json; the rest is load.ts.

import { QkdError, oneLine } from '../errors.ts';
import { type JsonObject, type JsonValue, isJsonObject } from '../json.ts';
import type { InventoryContext } from './defaults.ts';
import type { DeviceJson, EndJson, InventoryJson, LoginJson, PathsJson, SystemJson } from './inventory-json.ts';
import { nearestName } from './nearest-name.ts';

/** Where the original keeps key IDs, its own and the other routers': a far end that still runs it looks there. */
const ORIGINAL_RECORD = '/var/home/admin/{}last_key.json';

const KNOWN_KEYS = ['system', 'paths', 'secrets', 'CA_server', 'qkd_roles'] as const;

/** The dictionary after original-dictionary.schema.json has accepted it. */
export interface OriginalJson {
  readonly system?: SystemJson & { readonly maxthreads?: number };
  readonly paths?: PathsJson;
  readonly secrets: LoginJson;
  readonly CA_server: {
    readonly CA_cert?: { readonly fetch?: boolean; readonly generate?: boolean };
    readonly c_a: string;
    readonly ca_server_ip?: string;
    readonly ca_port?: number;
    readonly ca_host_key?: string | readonly string[];
    readonly ca_user?: string;
    readonly ca_private_key_file?: string;
    readonly ca_pass?: string;
    readonly ca_pass_file?: string;
    readonly ca_pass_env?: string;
    readonly ca_path?: string;
    readonly ca_cert_name?: string;
    readonly ca_key_name?: string;
  };
  readonly qkd_roles: { readonly master: string; readonly slave: string; readonly additional_slave_SAE_IDs?: readonly string[] };
}

interface OriginalDevice {
  readonly ip: string;
  readonly port?: number;
  readonly host_key?: string | readonly string[];
  readonly root_enc_pass?: string;
  readonly interfaces: readonly string[];
  readonly kme: { readonly kme_name: string; readonly kme_ip?: string };
}

/** True for a document in the original system's shape. */
export function isOriginalDictionary(document: JsonObject): boolean {
  return 'qkd_roles' in document || ('CA_server' in document && !('links' in document));
}

/**
 * Refuses top-level members that are neither a known key nor a device: there the schema could only say
 * that a device is incomplete. Throws `inventory`.
 */
export function checkTopLevel(document: JsonObject): void {
  const roles = isJsonObject(document['qkd_roles']) ? Object.values(document['qkd_roles']).flat() : [];
  const devices = roles.filter((name) => typeof name === 'string');
  for (const [key, value] of Object.entries(document)) {
    const isDevice = devices.includes(key) || (isJsonObject(value) && 'ip' in value);
    if (key === '//' || isDevice || (KNOWN_KEYS as readonly string[]).includes(key)) continue;
    const nearest = nearestName(key, [...KNOWN_KEYS, ...devices]);
    const advice = nearest === undefined ? `known keys are ${KNOWN_KEYS.join(', ')} and the devices of qkd_roles` : `nearest known key is "${nearest}"`;
    throw new QkdError('inventory', `unknown key ${JSON.stringify(oneLine(key, 60))}; ${advice}`);
  }
}

/** The same content in our shape. Throws `inventory` when a role names no device. */
export function convertOriginalDictionary(original: OriginalJson, mode: InventoryContext['mode']): InventoryJson {
  const { CA_server, qkd_roles, secrets } = original;
  const { c_a, CA_cert, ...caServer } = CA_server;
  const entries = deviceEntries(original);
  const end = (role: string, name: string): EndJson => {
    const entry = entries.get(name);
    if (entry === undefined) throw unknownDevice(role, name, entries.keys());
    return { device: name, interfaces: entry.interfaces };
  };
  const additional = qkd_roles.additional_slave_SAE_IDs ?? [];
  return {
    system: systemJson(original),
    paths: { ...(mode === 'onbox' ? { record: ORIGINAL_RECORD } : {}), peer_record: ORIGINAL_RECORD, ...original.paths },
    secrets,
    ca_server: { ...caServer, ...(CA_cert === undefined ? {} : { ca_cert: CA_cert }) },
    devices: Object.fromEntries([...entries].map(([name, entry]) => [name, deviceJson(entry)])),
    links: [
      {
        name: `${qkd_roles.master}-${qkd_roles.slave}`,
        connectivity_association: c_a,
        method: 'pre-shared-key',
        master: end('qkd_roles.master', qkd_roles.master),
        slaves: [end('qkd_roles.slave', qkd_roles.slave), ...additional.map((name, n) => end(`qkd_roles.additional_slave_SAE_IDs[${n}]`, name))],
      },
    ],
  };
}

/** "links[0].master.device: unknown device "mx9"; nearest known device is "mx1"". */
export function unknownDevice(path: string, name: string, known: Iterable<string>): QkdError {
  const names = [...known];
  const nearest = nearestName(name, names);
  const advice = nearest === undefined ? `known devices are ${names.slice(0, 10).join(', ') || 'none'}` : `nearest known device is "${nearest}"`;
  return new QkdError('inventory', `${path}: unknown device ${JSON.stringify(oneLine(name, 80))}; ${advice}`);
}

function deviceEntries(original: OriginalJson): Map<string, OriginalDevice> {
  const members = Object.entries(original as unknown as Record<string, JsonValue>);
  const devices = members.filter(([key]) => key !== '//' && !(KNOWN_KEYS as readonly string[]).includes(key));
  return new Map(devices.map(([name, entry]) => [name, entry as unknown as OriginalDevice]));
}

function systemJson({ system = {} }: OriginalJson): SystemJson {
  const { maxthreads, ...ours } = system;
  return {
    ...ours,
    ...(maxthreads === undefined ? {} : { max_threads: maxthreads }),
    // Its system took any host key: the first one seen is kept.
    ssh: { host_key_policy: 'accept-new', ...ours.ssh },
  };
}

function deviceJson({ ip, port, host_key, root_enc_pass = '', kme }: OriginalDevice): DeviceJson {
  const url = kme.kme_name.startsWith('https://') ? kme.kme_name : `https://${kme.kme_name}`;
  return {
    ip,
    ...(port === undefined ? {} : { port }),
    ...(host_key === undefined ? {} : { host_key }),
    ...(root_enc_pass === '' ? {} : { root_enc_pass }),
    kme: { url, ...(kme.kme_ip === undefined ? {} : { address: kme.kme_ip }) },
  };
}
