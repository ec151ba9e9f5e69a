// Puts together what the certificates of one device need: its files, the CA, the KME to prove a new certificate at, and
// off-box the copy on the router. Which of it is used is decided by the commands and by certificates-when-due.ts.

import type { X509Certificate } from 'node:crypto';
import { authorityFiles, knownAuthorities } from '../certificates/authority-files.ts';
import type { KmeQuestion } from '../certificates/kme-proof.ts';
import { placesOf } from '../certificates/pair-store.ts';
import type { RenewalPorts, RenewalSubject } from '../certificates/renewal.ts';
import type { Clock } from '../clock.ts';
import { QkdError } from '../errors.ts';
import { grouped } from '../grouped.ts';
import { ownLinks } from '../inventory/device-view.ts';
import type { Device, Inventory } from '../inventory/inventory.ts';
import { kmeClient } from '../kme/client.ts';
import type { Log } from '../log.ts';
import type { RouterFiles } from '../workflow/ports.ts';
import type { SigningAuthorities } from './certificate-authority.ts';
import { connectionsTo } from './router-connections.ts';
import { filesOn } from './router-files.ts';

export interface CertificateWorld {
  readonly inventory: Inventory;
  readonly mode: 'onbox' | 'offbox';
  readonly clock: Clock;
  readonly log: Log;
  readonly authorities: SigningAuthorities | undefined;
  /** A router's files over a connection that is shared; undefined: over one of their own. */
  readonly files?: ((device: string) => RouterFiles | undefined) | undefined;
}

export interface CertificateWork {
  readonly world: CertificateWorld;
  readonly device: Device;
  readonly subject: RenewalSubject;
  readonly ports: RenewalPorts;
}

/** Nothing is read or connected yet. */
export function certificateWork(world: CertificateWorld, device: Device): CertificateWork {
  const { inventory, clock, log, authorities } = world;
  const { certificateFile, keyFile } = device.kme;
  return {
    world,
    device,
    subject: { device: device.name, saeId: device.saeId, files: { certificateFile, keyFile } },
    ports: {
      now: () => clock.now(),
      log,
      settings: inventory.system.certificates,
      known: () => knownTo(inventory, device),
      authorities: authorities?.get,
      askKmes: kmeQuestions(world, device),
    },
  };
}

/** Off-box every device's pair is replaced here; on-box the same names in one inventory are files of several routers. Throws `certificate`. */
export function checkOwnFiles({ world: { inventory, mode }, device: { name }, subject: { files } }: CertificateWork): void {
  const places = placesOf(files);
  if (placesOf(authorityFiles(inventory.paths.certificates)).some((path) => places.includes(path))) throw new QkdError('certificate', `${files.certificateFile} has the name of the CA's file`, { hint: `give devices.${name}.kme cert_file and key_file of other names` });
  if (mode === 'onbox') return;
  const other = places.flatMap((path) => devicesAt(inventory).get(path) ?? []).find((another) => another !== name);
  if (other === undefined) return;
  throw new QkdError('certificate', `${files.certificateFile} and its key cannot be replaced: ${other} has files of the same name`, { hint: `give devices.${name}.kme and devices.${other}.kme cert_file and key_file of their own` });
}

/** Which devices have files at a path, made when first asked for: a fleet asks once for each of its routers. */
const DEVICES_AT = new WeakMap<Inventory['devices'], ReadonlyMap<string, readonly string[]>>();

function devicesAt({ devices }: Inventory): ReadonlyMap<string, readonly string[]> {
  const known = DEVICES_AT.get(devices);
  if (known !== undefined) return known;
  const places = [...devices.values()].flatMap(({ name, kme }) => placesOf(kme).map((path) => ({ path, name })));
  const found = new Map([...grouped(places, ({ path }) => path)].map(([path, there]) => [path, there.map(({ name }) => name)]));
  DEVICES_AT.set(devices, found);
  return found;
}

/** The original system has one CA file for both directions: what verifies the KME need not have signed us. */
async function knownTo({ paths, caServer }: Inventory, device: Device): Promise<readonly X509Certificate[] | undefined> {
  const signsNothing = caServer === undefined || (!caServer.fetch && !caServer.generate);
  if (signsNothing && device.kme.caFile === authorityFiles(paths.certificates).certificateFile) return undefined;
  return knownAuthorities(paths.certificates);
}

/** One status call at each KME about another end of the device's first link; a device without a link has nobody to ask about. */
function kmeQuestions({ inventory, clock, log }: CertificateWorld, device: Device): KmeQuestion[] {
  const link = ownLinks(inventory, device.name)[0]?.link;
  const other = [link?.master, ...(link?.slaves ?? [])].find((end) => end !== undefined && end.device !== device.name)?.device;
  if (other === undefined) return [];
  const saeId = inventory.devices.get(other)?.saeId ?? other;
  return device.kme.endpoints.map((endpoint) => (files) => kmeClient({ ...device.kme, ...files, endpoints: [endpoint] }, inventory.system.kme, log, { now: () => clock.now() }).status(saeId));
}

/**
 * `use` with the files of the router: one entry, or one for each routing engine where the inventory names both. Over the
 * connection that a run shares, if it reaches the engine that is meant; connections of its own are closed afterwards.
 */
export async function withRouterFiles<T>({ world, device }: CertificateWork, use: (engines: readonly RouterFiles[]) => Promise<T>): Promise<T> {
  const shared = device.routingEngines.length === 0 ? world.files?.(device.name) : undefined;
  if (shared !== undefined) return use([shared]);
  const ends = device.routingEngines.length === 0 ? [device] : device.routingEngines.map((address) => ({ ...device, addresses: [address] }));
  const connections = ends.map((end) => connectionsTo(world.inventory, end, { log: world.log, silenceIsFinal: true }));
  try {
    return await use(ends.map((end, place) => filesOn(world.inventory, end, connections[place] as (typeof connections)[number])));
  } finally {
    await Promise.all(connections.map((one) => one.close()));
  }
}
