// Runs bare-client.ts over a fleet.

import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { writeJson } from '../lab/router-home.ts';
import { LOGIN } from '../lab/topology.ts';
import type { BareResult, BareWork } from './bare-client.ts';
import type { BenchFleet } from './fleet.ts';

const CLIENT = fileURLToPath(new URL('./bare-client.ts', import.meta.url));

/** How this project's sources run as a process of their own. */
export const LOADER = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;

export async function runBareClient(fleet: BenchFleet, { folder, atOnce }: { folder: string; atOnce: number }): Promise<BareResult> {
  const file = join(folder, 'bare.json');
  const work: BareWork = { routers: fleet.routers, username: LOGIN, privateKeyFile: fleet.privateKeyFile, atOnce };
  await writeJson(file, work);
  const { stdout } = await promisify(execFile)(process.execPath, ['--import', LOADER, CLIENT, file], { timeout: 600_000 });
  return JSON.parse(stdout) as BareResult;
}
