// doctor's checks of this program and this machine: Node and its memory, the program file against its checksum,
// the run lock and the last run, certificates on disk, names of KMEs.

import { createHash } from 'node:crypto';
import { lookup } from 'node:dns/promises';
import { existsSync, readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { basename, join } from 'node:path';
import { asQkdError, oneLine } from '../errors.ts';
import type { Device, Inventory } from '../inventory/inventory.ts';
import { kmeAddress } from '../kme/kme-address.ts';
import { ownTlsContext } from '../kme/own-certificate.ts';
import { judgeCertificate } from '../rotation/conditions.ts';
import { type Finding, failed } from '../workflow/doctor/finding.ts';
import { certificateEnd } from './certificate-end.ts';
import type { Look } from './look.ts';
import { lastRunIn } from './run-homes.ts';
import { lockHolder } from './run-lock.ts';
import type { World } from './world.ts';

const THIS = 'this machine';

/** Resident memory that a run has been seen to need, and room for one more of it. */
const LEAST_MEMORY = 128 * 1024 * 1024;

export function checkProgram(world: World, look: Look): Finding[] {
  return [node(), memory(), artifact(world), lock(world, look), lastRun(world, look)];
}

/** As the launcher has it. */
const OLDEST_NODE = 20;

export function node(version = process.versions.node): Finding {
  const common = { check: 'node', subject: THIS } as const;
  if (Number.parseInt(version, 10) >= OLDEST_NODE) return { ...common, verdict: 'ok', evidence: `Node v${version} on ${process.platform} ${process.arch}` };
  return { ...common, verdict: 'fault', evidence: `Node v${version}; ${OLDEST_NODE} or newer is needed`, remedy: 'install a newer Node, and name it in the launcher' };
}

/** Junos gives scripts a data segment of 128 MB unless max-datasize says otherwise; the kernel tells the limit. */
function memory(): Finding {
  const common = { check: 'memory', subject: THIS } as const;
  const limit = dataLimit() ?? constrained();
  const megabytes = (bytes: number): string => `${Math.round(bytes / 1024 / 1024)} MB`;
  const used = process.memoryUsage().rss;
  if (limit === undefined) return { ...common, verdict: 'ok', evidence: `no limit; ${megabytes(used)} in use` };
  if (limit >= LEAST_MEMORY) return { ...common, verdict: 'ok', evidence: `limit ${megabytes(limit)}; ${megabytes(used)} in use` };
  return { ...common, verdict: 'warning', evidence: `limit ${megabytes(limit)}; ${megabytes(LEAST_MEMORY)} are recommended`, remedy: 'set event-options event-script max-datasize 128m, and the same under system scripts op' };
}

function dataLimit(): number | undefined {
  try {
    const soft = /^Max data size\s+(\S+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1];
    return soft === undefined || soft === 'unlimited' ? undefined : Number(soft);
  } catch {
    return undefined;
  }
}

/** Of the container or control group. */
function constrained(): number | undefined {
  const bytes = process.constrainedMemory();
  return bytes === undefined || bytes === 0 || bytes > 2 ** 50 ? undefined : bytes;
}

/** The build writes FILE.sha256 beside the program; install copies both. */
function artifact({ artifact: file, version }: World): Finding {
  const common = { check: 'artifact', subject: THIS } as const;
  if (file === undefined || !existsSync(file)) return { ...common, verdict: 'not checked', evidence: 'this program does not run from a file' };
  const sum = createHash('sha256').update(readFileSync(file)).digest('hex');
  const told = `${file}, ${version}, sha-256 ${sum}`;
  if (!existsSync(`${file}.sha256`)) return { ...common, verdict: 'not checked', evidence: `${told}; no ${basename(file)}.sha256 beside it to compare with` };
  const known = /[0-9a-f]{64}/i.exec(readFileSync(`${file}.sha256`, 'utf8'))?.[0]?.toLowerCase();
  if (known === sum) return { ...common, verdict: 'ok', evidence: told };
  return { ...common, verdict: 'fault', evidence: `${told}; ${basename(file)}.sha256 says ${known ?? 'nothing'}`, remedy: 'find out who changed the file; then install it again' };
}

function lock(world: World, { inventory, homes }: Look): Finding {
  const now = world.clock.now();
  const budget = inventory.system.rotation.interval * 900;
  const holders = homes.flatMap((home) => lockHolder({ file: join(home, 'run.lock'), now, longestRun: 2 * budget }) ?? []);
  const [holder] = holders.sort((a, b) => Date.parse(a.started_at) - Date.parse(b.started_at));
  const common = { check: 'lock', subject: THIS } as const;
  if (holder === undefined) return { ...common, verdict: 'ok', evidence: 'no run is under way' };
  const seconds = Math.round((now - Date.parse(holder.started_at)) / 1000);
  const evidence = `held by pid ${holder.pid} for ${seconds} s`;
  if (seconds * 1000 <= budget) return { ...common, verdict: 'ok', evidence };
  return { ...common, verdict: 'fault', evidence: `${evidence}: no run may take longer than ${budget / 1000} s`, remedy: `end process ${holder.pid}; the lock then frees itself` };
}

function lastRun(world: World, { inventory, homes }: Look): Finding {
  const common = { check: 'last-run', subject: THIS } as const;
  const last = lastRunIn(homes);
  if (last === undefined) return { ...common, verdict: 'not checked', evidence: 'no run is known here' };
  const age = Math.round((world.clock.now() - Date.parse(last.at)) / 1000);
  const wrong = last.error ?? last.ends.find(({ error }) => error !== null)?.error ?? null;
  if (wrong !== null) return { ...common, verdict: 'warning', evidence: `${age} s ago: ${wrong.message}`, remedy: wrong.hint ?? 'see the log' };
  if (age > 2 * inventory.system.rotation.interval + 60) return { ...common, verdict: 'warning', evidence: `the last run was ${age} s ago, one is due every ${inventory.system.rotation.interval} s`, remedy: 'check what starts it: show configuration event-options; show log escript.log' };
  return { ...common, verdict: 'ok', evidence: `${age} s ago, without a failure` };
}

/** The client certificate as every KME call uses it: files, modes, key, dates. */
export async function checkCertificate(world: World, { inventory }: Look, device: Device): Promise<Finding> {
  const common = { check: 'certificate', subject: device.name } as const;
  try {
    await ownTlsContext(device.kme, world.clock.now());
  } catch (cause) {
    return failed('certificate', device.name, asQkdError('certificate', cause));
  }
  const { alarms } = inventory.system;
  const end = certificateEnd(device);
  const { condition } = judgeCertificate(device.name, end, { ...alarms, now: world.clock.now() });
  if (condition !== undefined) return { ...common, verdict: 'warning', evidence: condition.text, remedy: 'renew it: qkd-macsec certs renew' };
  return { ...common, verdict: 'ok', evidence: `${device.kme.certificateFile} is valid until ${new Date(end.until ?? 0).toISOString()}` };
}

/** A name that resolves late or not costs every call its time. */
export async function checkName(device: Device): Promise<Finding[]> {
  return Promise.all(
    device.kme.endpoints.map(async (endpoint): Promise<Finding> => {
      const { host, name } = kmeAddress(endpoint);
      const common = { check: 'dns', subject: `${device.name}, KME ${name}` } as const;
      if (isIP(host) !== 0) return { ...common, verdict: 'ok', evidence: `${host} is an address` };
      const began = performance.now();
      try {
        const { address } = await lookup(host);
        const took = Math.round(performance.now() - began);
        if (took < 2000) return { ...common, verdict: 'ok', evidence: `${host} is ${address}` };
        return { ...common, verdict: 'warning', evidence: `${host} is ${address}, found after ${took} ms`, remedy: 'set kme.address, or system static-host-mapping' };
      } catch (error) {
        return { ...common, verdict: 'fault', evidence: `${host} cannot be resolved: ${oneLine((error as NodeJS.ErrnoException).code ?? 'error')}`, remedy: 'set kme.address, or system static-host-mapping and name-server' };
      }
    }),
  );
}

/** How a device's host key is known. */
export function hostKeyTrust(inventory: Inventory): (device: string) => 'pinned' | 'known hosts' | 'first key is kept' | 'none' {
  const { hostKeyPolicy, knownHostsFile } = inventory.system.ssh;
  return (name) => {
    if ((inventory.devices.get(name)?.hostKeys.length ?? 0) > 0) return 'pinned';
    if (hostKeyPolicy === 'accept-new') return 'first key is kept';
    return knownHostsFile !== undefined && existsSync(knownHostsFile) ? 'known hosts' : 'none';
  };
}
