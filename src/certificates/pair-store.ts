// Replaces a certificate and its key as one. Both names in service are symbolic links into a folder of generations:
//   mx1.crt -> mx1.pairs/current/certificate.pem     mx1.pairs/current -> 20261122T160000Z-1f2e3d4c
//   mx1.key -> mx1.pairs/current/key.pem             mx1.crt.prev, mx1.key.prev -> mx1.pairs/previous/...
// One rename of `current` changes both, so a crash between any two steps leaves a whole pair, old or new. Plain files
// become generation one first, each replaced by a link to its own content. Two writers are kept apart by the run lock.

import { randomBytes } from 'node:crypto';
import { mkdir, open, readdir, readlink, rename, rm, stat, symlink } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { fileError, makeFolder, writeFileAtomically } from '../atomic-file.ts';
import { isQkdError } from '../errors.ts';
import { pemFault, readPemFile } from '../pem.ts';
import type { PairFiles } from './pair-files.ts';

const CERTIFICATE = 'certificate.pem';
const KEY = 'key.pem';
const GENERATION = /^\d{8}T\d{6}Z-[0-9a-f]{8}$/;

/** A generation that is complete on disk and not in service. */
export interface StagedPair {
  readonly files: PairFiles;
  /** Puts it in service; the former pair stays as `.prev`. Throws `file`; then the former pair is in service. */
  swapIn(): Promise<void>;
  /** Removes it, unless it is in service; never throws. */
  discard(): Promise<void>;
}

/** Texts of a certificate, perhaps with its issuers, and of its key. */
export interface PairTexts {
  readonly certificate: string | Uint8Array;
  readonly key: string | Uint8Array;
}

/**
 * Writes a pair beside the one in service. Besides it and the former one, the generations of these names in `keep` stay.
 * Throws `file`; then nothing is left over.
 */
export async function stagePair(inService: PairFiles, pair: PairTexts, now: number, keep: readonly string[] = []): Promise<StagedPair> {
  const store = storeOf(inService);
  if (inService.certificateFile === inService.keyFile) {
    throw pemFault(inService.keyFile, 'is named as certificate and as key', 'give cert_file and key_file names of their own: a certificate is for everybody, its key is not');
  }
  try {
    const generation = await writeGeneration(store, pair, now);
    const folder = join(store, generation);
    return {
      files: { certificateFile: join(folder, CERTIFICATE), keyFile: join(folder, KEY) },
      swapIn: () => guarded(store, () => swap(inService, store, generation, { now, keep })),
      discard: async () => {
        if ((await readlink(join(store, 'current')).catch(() => undefined)) === generation) return;
        await rm(folder, { recursive: true, force: true }).catch(() => undefined);
      },
    };
  } catch (error) {
    throw isQkdError(error) ? error : fileError('write in', store, error);
  }
}

/** Every generation on disk that is not in service, by name; also what a run that was killed has staged. */
export async function otherGenerations(inService: PairFiles): Promise<{ readonly name: string; readonly files: PairFiles }[]> {
  const store = storeOf(inService);
  const current = await readlink(join(store, 'current')).catch(() => undefined);
  const names = (await readdir(store).catch((): string[] => [])).filter((name) => GENERATION.test(name) && name !== current);
  return names.map((name) => ({ name, files: { certificateFile: join(store, name, CERTIFICATE), keyFile: join(store, name, KEY) } }));
}

/** Its files and the folder of its generations: two pairs that have one of these in common cannot both be replaced. */
export function placesOf(pair: PairFiles): readonly string[] {
  return [pair.certificateFile, pair.keyFile, storeOf(pair)];
}

/** Folder of generations: beside the certificate, named after it. */
function storeOf({ certificateFile }: PairFiles): string {
  return join(dirname(certificateFile), `${basename(certificateFile, extname(certificateFile))}.pairs`);
}

async function guarded(store: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    throw isQkdError(error) ? error : fileError('swap the pair in', store, error);
  }
}

async function writeGeneration(store: string, pair: PairTexts, now: number): Promise<string> {
  // The folder may be read by all, as certificates may; the key is open to its owner only.
  makeFolder(store, 0o755);
  const name = `${new Date(now).toISOString().replace(/[-:]|\.\d+/g, '')}-${randomBytes(4).toString('hex')}`;
  const folder = join(store, name);
  await mkdir(folder, { mode: 0o755 });
  try {
    await writeFileAtomically(join(folder, KEY), pair.key, 0o600);
    await writeFileAtomically(join(folder, CERTIFICATE), pair.certificate, 0o644);
    await syncFolder(store);
  } catch (error) {
    await rm(folder, { recursive: true, force: true }).catch(() => undefined);
    throw error;
  }
  return name;
}

async function swap(inService: PairFiles, store: string, generation: string, { now, keep }: { now: number; keep: readonly string[] }): Promise<void> {
  const links = serviceLinks(inService, store, 'current');
  const converted = await areLinks(links);
  const former = converted ? await readlink(join(store, 'current')) : await conserve(inService, store, now);
  if (former !== undefined) {
    if (!converted) {
      await point(store, 'current', former);
      await makeLinks(links);
    }
    await point(store, 'previous', former);
    await point(store, 'current', generation);
    await makeLinks(serviceLinks({ certificateFile: `${inService.certificateFile}.prev`, keyFile: `${inService.keyFile}.prev` }, store, 'previous'));
  } else {
    // There is no whole pair to keep: what is there alone goes first, so that it never stands beside a stranger.
    await point(store, 'current', generation);
    await makeLinks((await exists(inService.certificateFile)) ? links : [...links].reverse());
  }
  await removeOthers(store, [generation, former, ...keep]);
  await Promise.all([inService.certificateFile, inService.keyFile].map(removeStaleLinks));
}

interface Link {
  readonly path: string;
  readonly target: string;
}

/** Certificate first. */
function serviceLinks({ certificateFile, keyFile }: PairFiles, store: string, pointer: string): Link[] {
  // A relative path between two folders would be wrong where one of them is reached by a link.
  const link = (path: string, file: string): Link => ({ path, target: dirname(path) === dirname(store) ? join(basename(store), pointer, file) : join(store, pointer, file) });
  return [link(certificateFile, CERTIFICATE), link(keyFile, KEY)];
}

async function areLinks(links: readonly Link[]): Promise<boolean> {
  const found = await Promise.all(links.map(async ({ path, target }) => (await readlink(path).catch(() => undefined)) === target));
  return found.every(Boolean);
}

/** The pair in service as a generation; undefined when one of the files, or both, is not there. */
async function conserve(inService: PairFiles, store: string, now: number): Promise<string | undefined> {
  if (!(await exists(inService.certificateFile)) || !(await exists(inService.keyFile))) return undefined;
  const certificate = await readPemFile(inService.certificateFile, 'client certificate');
  const key = await readPemFile(inService.keyFile, 'private key');
  return writeGeneration(store, { certificate, key }, now);
}

async function makeLinks(links: readonly Link[]): Promise<void> {
  for (const { path, target } of links) {
    if ((await readlink(path).catch(() => undefined)) !== target) await replaceByLink(path, target);
  }
}

function point(store: string, pointer: 'current' | 'previous', generation: string): Promise<void> {
  return replaceByLink(join(store, pointer), generation);
}

async function replaceByLink(path: string, target: string): Promise<void> {
  const temporary = join(dirname(path), `.${basename(path)}.${randomBytes(8).toString('hex')}.tmp`);
  await symlink(target, temporary);
  try {
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw error;
  }
  await syncFolder(dirname(path));
}

/** Generations that nothing points to, and what a run that was killed left; a failure here harms nothing. */
async function removeOthers(store: string, keep: readonly (string | undefined)[]): Promise<void> {
  const names = await readdir(store).catch((): string[] => []);
  const old = names.filter((name) => (GENERATION.test(name) || name.endsWith('.tmp')) && !keep.includes(name));
  await Promise.all(old.map((name) => rm(join(store, name), { recursive: true, force: true }).catch(() => undefined)));
}

/** Of a run that was killed between making a link and renaming it. */
async function removeStaleLinks(path: string): Promise<void> {
  const names = await readdir(dirname(path)).catch((): string[] => []);
  const stale = names.filter((name) => name.startsWith(`.${basename(path)}.`) && /\.[0-9a-f]{16}\.tmp$/.test(name));
  await Promise.all(stale.map((name) => rm(join(dirname(path), name), { force: true }).catch(() => undefined)));
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
