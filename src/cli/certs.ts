// The command certs: check, renew, ca and export. This file owns what they share: mode, inventory, devices, the run lock
// for those that change something, and the result as a table or one JSON document. Each action is a file of its own.

import { join } from 'node:path';
import { asQkdError, QkdError } from '../errors.ts';
import type { Device, Inventory } from '../inventory/inventory.ts';
import { isOwnDevice } from '../inventory/shard.ts';
import type { Log } from '../log.ts';
import type { CertsAction, Invocation } from './arguments.ts';
import { certsCa } from './certs-ca.ts';
import { certsCheck } from './certs-check.ts';
import { certsExport } from './certs-export.ts';
import { certsRenew } from './certs-renew.ts';
import { inventoryFor } from './inventory-file.ts';
import { openLog } from './log-files.ts';
import { isRouter } from './on-box.ts';
import { utc } from './results.ts';
import { takeRunLock } from './run-lock.ts';
import { chosenDevices, chosenLinks, ownDevice } from './scope.ts';
import type { World } from './world.ts';

/** What every action works with. */
export interface CertsRun {
  readonly world: World;
  readonly invocation: Invocation;
  readonly mode: 'onbox' | 'offbox';
  readonly inventory: Inventory;
  readonly devices: readonly Device[];
  readonly log: Log;
  /** Devices worked on at once. */
  readonly limit: number;
}

/** What an action found or did. */
export interface CertsResult {
  /** Members of the JSON document. */
  readonly members: object;
  /** For people. */
  readonly text: string;
  /** What is wrong, each told on standard error; any makes the exit status 1. */
  readonly errors: readonly QkdError[];
  /** What the operator has to see to, although all is in order. */
  readonly warnings?: readonly QkdError[];
}

const ACTIONS: Readonly<Record<CertsAction, (run: CertsRun) => Promise<CertsResult>>> = { check: certsCheck, renew: certsRenew, ca: certsCa, export: certsExport };
const CHANGING: readonly CertsAction[] = ['renew', 'ca'];

/** Runs the command. Resolves to the exit status; with --json there is a document in every case. */
export async function certsCommand(world: World, invocation: Invocation): Promise<number> {
  const mode = invocation.mode ?? (isRouter() ? 'onbox' : 'offbox');
  const startedAt = world.clock.now();
  const document = (members: object): string =>
    `${JSON.stringify({ command: `certs ${invocation.action ?? ''}`, mode, started_at: utc(startedAt), finished_at: utc(world.clock.now()), ...members })}\n`;
  try {
    const { members, text, errors, warnings = [] } = await perform(world, invocation, mode);
    world.standardOutput(invocation.json ? document(members) : text);
    for (const [word, problems] of [['warning', warnings], ['error', errors]] as const) {
      for (const { message, hint } of problems) {
        world.standardError(`${word}: ${message}`);
        if (hint !== undefined) world.standardError(`hint: ${hint}`);
      }
    }
    return errors.length > 0 ? 1 : 0;
  } catch (cause) {
    const { code, message, hint = null } = asQkdError('certs', cause);
    if (invocation.json) world.standardOutput(document({ error: { code, message, hint } }));
    throw cause;
  }
}

async function perform(world: World, invocation: Invocation, mode: CertsRun['mode']): Promise<CertsResult> {
  const { action } = invocation;
  if (action === undefined) throw new QkdError('invocation', 'certs needs an action', { hint: 'see qkd-macsec --help' });
  const inventory = inventoryFor(world, invocation, mode);
  const { log } = openLog({ verbosity: invocation.verbosity, folder: inventory.paths.logs, file: mode === 'onbox', trace: invocation.trace, now: () => world.clock.now(), standardError: world.standardError });
  const changes = CHANGING.includes(action) && !invocation.dryRun;
  const longestRun = 2 * inventory.system.rotation.interval * 900;
  const release = changes ? takeRunLock({ file: join(inventory.paths.home, 'run.lock'), pid: world.pid, now: world.clock.now(), longestRun }) : undefined;
  try {
    const devices = await devicesOf(inventory, invocation, { mode, log });
    return await ACTIONS[action]({ world, invocation, mode, inventory, devices, log, limit: invocation.threads ?? inventory.system.maxThreads });
  } finally {
    release?.();
  }
}

/** On-box the router's own device; off-box those of --device, of --link and of this process's --shard. */
async function devicesOf(inventory: Inventory, invocation: Invocation, { mode, log }: { mode: CertsRun['mode']; log: Log }): Promise<readonly Device[]> {
  const devices = onLinks(mode === 'onbox' ? [await routerItself(inventory, invocation, log)] : chosenDevices(inventory, invocation), inventory, invocation);
  const { shard } = invocation;
  return shard === undefined || mode === 'onbox' ? devices : devices.filter(({ name }) => isOwnDevice(inventory, name, shard));
}

async function routerItself(inventory: Inventory, invocation: Invocation, log: Log): Promise<Device> {
  const { device, opened } = await ownDevice(inventory, invocation, log);
  await opened?.session.close();
  return device;
}

/** Those that are ends of the links of --link; all without one. Throws invocation. */
function onLinks(devices: readonly Device[], inventory: Inventory, invocation: Invocation): readonly Device[] {
  const links = chosenLinks(inventory, invocation);
  if (invocation.links.length === 0) return devices;
  const ends = new Set(links.flatMap(({ master, slaves }) => [master, ...slaves]).map(({ device }) => device));
  const found = devices.filter(({ name }) => ends.has(name));
  if (found.length > 0) return found;
  throw new QkdError('invocation', `${devices.map(({ name }) => name).join(', ')} is no end of --link ${invocation.links.join(', ')}`, { hint: `name one of: ${[...ends].slice(0, 8).join(', ')}` });
}
