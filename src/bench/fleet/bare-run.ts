// Runs bare-client.ts over a fleet.

import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { writeJson } from '../lab/router-home.ts';
import { LOGIN } from '../lab/topology.ts';
import type { BareResult, BareRouter, BareWork } from './bare-client.ts';
import type { BenchFleet } from './fleet.ts';

const CLIENT = fileURLToPath(new URL('./bare-client.ts', import.meta.url));

/** How this project's sources run as a process of their own. */
export const LOADER = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;

export interface BareRun {
  readonly folder: string;
  readonly atOnce: number;
  /** Makes the calls of a rotation as well. */
  readonly rotates?: boolean;
}

export async function runBareClient(fleet: BenchFleet, { folder, atOnce, rotates = false }: BareRun): Promise<BareResult> {
  const file = join(folder, 'bare.json');
  const others = new Map(fleet.links.flatMap(({ master, slaves }) => [[master.router, slaves[0]?.router], ...slaves.map(({ router }) => [router, master.router])] as [string, string][]));
  const routers = fleet.routers.map(({ name, sshPort, hostKeys, kme, certificateFile, keyFile }): BareRouter => {
    const asks = { ...kme, certificateFile, keyFile, path: `/api/v1/keys/${others.get(name)}/status`, record: join(folder, `${name}.record`) };
    return { name, sshPort, hostKeys, ...(rotates && { kme: asks }) };
  });
  await writeJson(file, { routers, username: LOGIN, privateKeyFile: fleet.privateKeyFile, atOnce } satisfies BareWork);
  const { stdout } = await promisify(execFile)(process.execPath, ['--import', LOADER, CLIENT, file], { timeout: 600_000 });
  return JSON.parse(stdout) as BareResult;
}
