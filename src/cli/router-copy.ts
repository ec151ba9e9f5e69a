// The copy of a device's pair in a router's own certificate folder, which a run on that routing engine uses. Got over
// SCP; put under `.new` names, key first, so that the pair in service there never changes half: the engine's next run
// checks both files and takes them as one (certificates/offered-pair.ts). Where it has no pair yet the files get their
// own names at once. SCP and not `file copy`: it sets the key's mode. The CA's certificate goes along, its key never.

import type { CertificateWork } from './certificate-work.ts';
import { AUTHORITY_CERTIFICATE, knownAuthorities } from '../certificates/authority-files.ts';
import { offeredFiles } from '../certificates/offered-pair.ts';
import { certificatesAlone, type Pair, pairOf, type PairFiles } from '../certificates/pair-files.ts';
import { QkdError } from '../errors.ts';
import type { Inventory } from '../inventory/inventory.ts';
import type { RouterFiles } from '../workflow/ports.ts';

const MAX_BYTES = 256 * 1024;

export interface RouterCopy {
  /** Undefined: the router has no whole pair. */
  readonly pair: Pair | undefined;
  /** Where it was found, for messages. */
  readonly place: PairFiles;
  /** Neither file is there: what is put is the first. */
  readonly isEmpty: boolean;
  /** It has been laid beside and is not in service yet. */
  readonly isWaiting: boolean;
}

/** File names of a device on its router. */
export function routerPaths(inventory: Inventory, device: string): PairFiles {
  const folder = inventory.system.certificates.routerFolder.replace(/\/+$/, '');
  return { certificateFile: `${folder}/${device}.crt`, keyFile: `${folder}/${device}.key` };
}

/** The pair that waits to be taken, or else the one in service. Throws ssh-*, scp, and `certificate` for one that cannot be used. */
export async function getFromRouter(work: CertificateWork, files: RouterFiles): Promise<RouterCopy> {
  return (await getWaiting(work, files)) ?? getInService(work, files);
}

/** Undefined: none waits. Throws as `getFromRouter`. */
export async function getWaiting({ world, device }: CertificateWork, files: RouterFiles): Promise<RouterCopy | undefined> {
  const place = offeredFiles(routerPaths(world.inventory, device.name));
  const { certificate, key } = await read(files, place);
  return certificate === undefined || key === undefined ? undefined : { pair: pairOf(place, certificate, key), place, isEmpty: false, isWaiting: true };
}

/** Throws as `getFromRouter`. */
export async function getInService({ world, device }: CertificateWork, files: RouterFiles): Promise<RouterCopy> {
  const place = routerPaths(world.inventory, device.name);
  const { certificate, key } = await read(files, place);
  const pair = certificate === undefined || key === undefined ? undefined : pairOf(place, certificate, key);
  return { pair, place, isEmpty: certificate === undefined && key === undefined, isWaiting: false };
}

async function read(files: RouterFiles, { certificateFile, keyFile }: PairFiles) {
  return { certificate: await files.get(certificateFile, MAX_BYTES), key: await files.get(keyFile, MAX_BYTES) };
}

/** Puts a pair on the router, with modes 0600 and 0644. Resolves to the certificate's file there. Throws ssh-*, scp. */
export async function putOnRouter({ world, device }: CertificateWork, files: RouterFiles, given: { pair: Pair; isEmpty: boolean }): Promise<string> {
  const inService = routerPaths(world.inventory, device.name);
  const { certificateFile, keyFile } = given.isEmpty ? inService : offeredFiles(inService);
  // The CA first: a run there that comes in between must know who signed the pair.
  await putAuthorities(world.inventory, files, inService.certificateFile);
  await files.put(keyFile, given.pair.keyText, 0o600);
  await files.put(certificateFile, certificatesAlone(given.pair), 0o644);
  world.log.write('NOTICE', 'certificates', 'certificate put on the router', { device: device.name, file: certificateFile });
  return certificateFile;
}

/** What was put belongs to our login: a program that runs as another user can neither read its key nor put it in service. */
export function otherOwner({ world: { inventory } }: CertificateWork): QkdError | undefined {
  const { routerFolder } = inventory.system.certificates;
  const [, owner] = /^\/var\/home\/([^/]+)\//.exec(routerFolder) ?? [];
  const { username } = inventory.login;
  if (owner === undefined || owner === username) return undefined;
  return new QkdError('certificate', `the files in ${routerFolder} were put there as ${username}, whose key file ${owner} cannot read`, {
    hint: `log in as ${owner} for certificates (secrets.username), or chown the .new files on the router`,
  });
}

async function putAuthorities(inventory: Inventory, files: RouterFiles, beside: string): Promise<void> {
  const known = await knownAuthorities(inventory.paths.certificates);
  if (known === undefined) return;
  const file = beside.replace(/[^/]*$/, AUTHORITY_CERTIFICATE);
  const there = await files.get(file, MAX_BYTES);
  const text = Buffer.from(known.map(String).join(''));
  if (there?.equals(text) !== true) await files.put(there === undefined ? file : `${file}.new`, text, 0o644);
}
