// The folder of KMEs that run on their own (scripts/kme): `pki` with certificates that are made once and used again,
// kme.json for those who ask where the KMEs are, kme.env, and the control socket. Certificates that somebody else made
// work as well, under the original's names.

import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { isIP } from 'node:net';
import { join } from 'node:path';
import { LOOPBACK_NAMES, makePki, type PairFiles } from '../pki/pki.ts';
import { originalName, writeOriginalNames } from './original-environment.ts';
import type { KmeSetup } from './kme.ts';
import { setupsOf } from './start-kme-pair.ts';

/** What an operator can put right at once: the command line, a folder, a file. */
export class KmeUsageError extends Error {}

export interface WantedKme {
  readonly name: string;
  readonly port: number;
  readonly saeIds: readonly string[];
}

export interface Certificates {
  readonly folder: string;
  readonly setups: readonly KmeSetup[];
  /** False when those that were there are used. */
  readonly areNew: boolean;
}

/** Unfinished files of a process that was killed included. */
const OWN_FILES = /^(?:pki|kme(?:_\d+)?\.env|kme\.json|kme\.sock|\.kme.*\.tmp)$/;

/** Makes `folder` ready. Throws KmeUsageError when it holds other files. */
export function prepareKmeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const foreign = readdirSync(folder).find((name) => !OWN_FILES.test(name));
    if (foreign !== undefined) throw new KmeUsageError(`${folder} holds other files (${foreign}); name an empty folder or one that does not exist`);
  } catch (error) {
    throw error instanceof KmeUsageError ? error : new KmeUsageError(`cannot use ${folder}: ${(error as Error).message}`);
  }
}

/**
 * Certificates for the KMEs and their SAEs: those in `pki` when given, else those in `folder/pki`, made new when there are
 * none. `names` go into new KME certificates beside the loopback names. Throws KmeUsageError when a file is missing.
 */
export async function certificatesFor(kmes: readonly WantedKme[], { folder, pki, names }: { folder: string; pki: string | undefined; names: readonly string[] }): Promise<Certificates> {
  const own = join(folder, 'pki');
  if (pki !== undefined) return { folder: pki, setups: await setupsFrom(pki, kmes, folder), areNew: false };
  if (existsSync(join(own, 'root.crt'))) return { folder: own, setups: await setupsFrom(own, kmes, folder), areNew: false };
  rmSync(own, { recursive: true, force: true });
  const dns = [...(LOOPBACK_NAMES.dns ?? []), ...names.filter((name) => isIP(name) === 0)];
  const ip = [...(LOOPBACK_NAMES.ip ?? []), ...names.filter((name) => isIP(name) !== 0)];
  const made = await makePki(own, { kmes: kmes.map(({ name }) => name), saes: kmes.flatMap(({ saeIds }) => saeIds), names: { dns, ip } });
  await writeOriginalNames(own, [...made.kmes.values()], made);
  const caFile = join(own, 'root.crt');
  return { folder: own, setups: (await setupsOf(made, kmes)).map((setup) => ({ ...setup, caFile })), areNew: true };
}

async function setupsFrom(pki: string, kmes: readonly WantedKme[], folder: string): Promise<KmeSetup[]> {
  const caFile = existing(pki, 'root.crt');
  const clientCaFile = existsSync(join(pki, 'client-ca.crt')) ? join(pki, 'client-ca.crt') : caFile;
  const foreign = join(folder, 'pki', 'foreign');
  const { clientCa } = await makePki(foreign, { kmes: [], saes: [] });
  return kmes.map(({ name, port, saeIds }, index) => {
    const server = existsSync(join(pki, `${name}.crt`)) ? pairOf(pki, name) : pairOf(pki, originalName(index));
    return { name, port, saeIds, server, caFile, clientCaFile, foreignCaFile: clientCa.certificateFile };
  });
}

function pairOf(folder: string, name: string): PairFiles {
  return { certificateFile: existing(folder, `${name}.crt`), keyFile: existing(folder, `${name}.key`) };
}

function existing(folder: string, name: string): string {
  const file = join(folder, name);
  try {
    readFileSync(file);
  } catch (error) {
    throw new KmeUsageError(`cannot read ${file}: ${(error as NodeJS.ErrnoException).code}; remove ${folder} to have certificates made anew, or put the file there`);
  }
  return file;
}
