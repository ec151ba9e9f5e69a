// The installer's command line: which routers, which verb, what was done, exit status. Routers are worked on side by
// side; one that fails stops none of the others. scripts/install.ts runs it as a process.

import { dirname, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { QkdError, asQkdError, within } from '../errors.ts';
import { parseJson } from '../json.ts';
import type { InventoryJson } from '../inventory/inventory-json.ts';
import type { Device, Inventory } from '../inventory/inventory.ts';
import { readInventory } from '../inventory/load.ts';
import type { Log } from '../log.ts';
import { publicKeyOf } from '../ssh/public-key.ts';
import { completeRouter, knownPublicKey, prepareRouter } from './install-router.ts';
import { Installation, type Job } from './installation.ts';
import { readLocal, readRelease } from './release.ts';
import { rollbackRouter } from './rollback-router.ts';
import { type Opinion, runDoctor } from './router-doctor.ts';
import { peersOf } from './router-inventory.ts';
import { uninstallRouter } from './uninstall-router.ts';

const HELP = `usage: scripts/install [install | rollback | uninstall] --inventory FILE [options]

Puts qkd-macsec on the routers of an inventory, from this machine.

commands
  install     install or upgrade (default): users, files, timer, op command; then the
              program's own checks on the router; nothing that is there is done again
  rollback    back to the release before the last upgrade; then the same checks
  uninstall   takes timer, files and users away; every link stays on its last key

options
  -i, --inventory FILE    the inventory of this machine; its login must be super-user
      --device NAME       only this router; repeatable
      --script-user NAME  runs the program on the router; default qkd
      --peer-user NAME    lets the other routers fetch the record; default qkd-peer
      --no-doctor         without the checks at the end
      --dry-run           show what would be done; change nothing
  -h, --help              this text

exit status: 0 done, or nothing to do; 1 a router failed, or doctor finds a fault there (all else is
done then); 2 the command line or the inventory is wrong.
`;

const VERBS = ['install', 'rollback', 'uninstall'] as const;
type Verb = (typeof VERBS)[number];

export interface InstallWorld {
  readonly argv: readonly string[];
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly folder: string;
  readonly user: { readonly name: string; readonly home: string };
  /** This checkout's artifact and folder junos-config. */
  readonly checkout: { readonly artifact: string; readonly junosConfig: string };
  readonly log: Log;
  readonly standardOutput: (text: string) => void;
  readonly standardError: (line: string) => void;
}

interface Invocation {
  readonly verb: Verb;
  readonly inventory: string;
  readonly devices: readonly string[];
  readonly users: { readonly script: string; readonly peer: string };
  readonly dryRun: boolean;
  readonly doctor: boolean;
}

/** Runs it. Resolves to the exit status; never rejects. */
export async function installCommand(world: InstallWorld): Promise<0 | 1 | 2> {
  try {
    const invocation = readInvocation(world.argv);
    if (invocation === undefined) {
      world.standardOutput(HELP);
      return 0;
    }
    const job = await jobOf(world, invocation);
    const installations = chosen(job.inventory, invocation.devices).map((device) => new Installation(job, device));
    try {
      return (await work(world, invocation, installations)) ? 0 : 1;
    } finally {
      await Promise.all(installations.map((one) => one.close()));
    }
  } catch (cause) {
    const error = asQkdError('install', cause);
    printError(world, error);
    return ['invocation', 'inventory'].includes(error.code) ? 2 : 1;
  }
}

function readInvocation(argv: readonly string[]): Invocation | undefined {
  const options = {
    inventory: { type: 'string', short: 'i' },
    device: { type: 'string', multiple: true },
    'script-user': { type: 'string' },
    'peer-user': { type: 'string' },
    'no-doctor': { type: 'boolean' },
    'dry-run': { type: 'boolean' },
    help: { type: 'boolean', short: 'h' },
  } as const;
  const { values, positionals } = parsed(() => parseArgs({ args: [...argv], options, allowPositionals: true }));
  if (values.help) return undefined;
  const [word = 'install', extra] = positionals;
  const verb = VERBS.find((one) => one === word);
  if (verb === undefined) throw wrong(`unknown command ${JSON.stringify(word)}; commands are ${VERBS.join(', ')}`);
  if (extra !== undefined) throw wrong(`unexpected argument ${JSON.stringify(extra)} after ${verb}`);
  if (values.inventory === undefined || values.inventory === '') throw wrong('--inventory FILE is missing');
  return {
    verb,
    inventory: values.inventory,
    devices: values.device ?? [],
    users: { script: userName('--script-user', values['script-user'] ?? 'qkd'), peer: userName('--peer-user', values['peer-user'] ?? 'qkd-peer') },
    dryRun: values['dry-run'] ?? false,
    doctor: values['no-doctor'] !== true && values['dry-run'] !== true,
  };
}

function parsed<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    const [first = ''] = (error as Error).message.split(/[.\n]/);
    throw wrong(first.charAt(0).toLowerCase() + first.slice(1));
  }
}

function userName(option: string, name: string): string {
  if (['root', 'nobody'].includes(name)) throw wrong(`${option} ${name}: Junos takes neither root nor nobody for this`);
  if (/^[A-Za-z_][\w-]{0,31}$/.test(name)) return name;
  throw wrong(`${option} ${JSON.stringify(name)} is not a user name of letters, digits, _ and -`);
}

async function jobOf(world: InstallWorld, { inventory: file, users, dryRun }: Invocation): Promise<Job> {
  const path = resolve(world.folder, file);
  const warn = (message: string): void => world.standardError(`warning: ${message}`);
  const inventory = readInventory(path, { mode: 'offbox', cwd: world.folder, environment: world.environment, userName: world.user.name, userHome: world.user.home, warn });
  const document = parseJson(readLocal(path).toString('utf8')) as unknown as InventoryJson;
  if (!('devices' in document)) throw new QkdError('inventory', `inventory ${path}: the original script's dictionary cannot be installed`, { hint: 'write an inventory of this program, see README' });
  const { username, privateKeyFile, passphrase } = inventory.login;
  if (privateKeyFile === undefined) throw new QkdError('inventory', 'secrets.private_key_file is missing: the installer logs in with it as the script user too', { hint: `make a key pair, let ${username} log in with it, and name it in ${dirname(path)}` });
  if ([users.script, users.peer].includes(username) || users.script === users.peer) {
    throw new QkdError('invocation', `${username} is the login of this machine, and would become a user with fewer rights`, { hint: 'name other users with --script-user and --peer-user, or log in as another user (secrets.username)' });
  }
  return { inventory, document, release: readRelease(world.checkout), users, operatorKey: await publicKeyOf(privateKeyFile, passphrase), dryRun, log: world.log };
}

/** Routers that have a link; the named ones. */
function chosen(inventory: Inventory, names: readonly string[]): Device[] {
  const linked = new Set(inventory.links.flatMap(({ master, slaves }) => [master, ...slaves].map((end) => end.device)));
  const foreign = names.find((name) => !linked.has(name));
  if (foreign !== undefined) throw wrong(`--device ${foreign}: no device with a link has this name; there are ${[...linked].join(', ')}`);
  return [...inventory.devices.values()].filter(({ name }) => linked.has(name) && (names.length === 0 || names.includes(name)));
}

async function work(world: InstallWorld, invocation: Invocation, installations: readonly Installation[]): Promise<boolean> {
  const failed = new Map<Installation, QkdError>();
  const parallel = installations[0]?.job.inventory.system.maxThreads ?? 1;
  const each = async (step: (one: Installation) => Promise<void>): Promise<void> => {
    await inParts(parallel, installations.filter((one) => !failed.has(one)), (one) => step(one).catch((error: unknown) => void failed.set(one, withName(one, error))));
  };
  const opinions = new Map<Installation, Opinion>();
  if (invocation.verb === 'install') {
    await install(installations, each);
  } else await each(invocation.verb === 'rollback' ? rollbackRouter : uninstallRouter);
  // The release before may not know what the inventory has now.
  if (invocation.doctor && invocation.verb !== 'uninstall') await each(async (one) => askDoctor(one, opinions));
  for (const one of installations) {
    const opinion = opinions.get(one);
    const nothing = one.changed || (failed.has(one) && opinion === undefined) ? [] : [`${one.name}: nothing to do`];
    const lines = [...one.done, ...nothing, ...(opinion?.lines ?? [])];
    if (lines.length > 0) world.standardOutput(`${lines.join('\n')}\n`);
    const error = failed.get(one);
    if (error !== undefined) printError(world, error);
  }
  return failed.size === 0;
}

/** So many at once: hundreds of logins in the same second would keep each other from being ready in time. */
async function inParts<T>(size: number, items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  for (let first = 0; first < items.length; first += size) await Promise.all(items.slice(first, first + size).map(work));
}

/** A router with a fault is installed, and does not count as done: whoever scripts this must be told. */
async function askDoctor(one: Installation, opinions: Map<Installation, Opinion>): Promise<void> {
  const opinion = await runDoctor(one);
  opinions.set(one, opinion);
  if (opinion.faults === 0) return;
  throw new QkdError('link', `${one.name}: installed, but doctor finds ${opinion.faults === 1 ? 'a fault' : `${opinion.faults} faults`} there`, { hint: 'do what the remedies say, then run install again' });
}

async function install(installations: readonly Installation[], each: (step: (one: Installation) => Promise<void>) => Promise<void>): Promise<void> {
  const keys = new Map<string, string | undefined>();
  const selected = installations.map((one) => one.name);
  await each(async (one) => void keys.set(one.name, await prepareRouter(one)));
  const [first] = installations;
  if (first === undefined) return;
  const others = new Set(selected.flatMap((name) => peersOf(first.job.document, name)).filter((name) => !selected.includes(name)));
  await inParts(first.job.inventory.system.maxThreads, [...others], async (name) => void keys.set(name, await keyOfOther(first.job, name)));
  await each(async (one) => {
    const peers = peersOf(one.job.document, one.name);
    await completeRouter(one, new Map(peers.map((peer) => [peer, keys.get(peer)])));
    for (const peer of peers) if (others.has(peer) && one.hasNewKey) one.say(`${one.name}: has a new SSH key that ${peer} does not know yet: run install for ${peer} too`);
  });
}

/** The public key of a router that is not being installed; undefined when it has none or cannot be reached. */
async function keyOfOther(job: Job, name: string): Promise<string | undefined> {
  const device = job.inventory.devices.get(name);
  if (device === undefined) return undefined;
  const other = new Installation(job, device);
  try {
    return await knownPublicKey(other);
  } catch (error) {
    job.log.write('WARNING', 'install', asQkdError('install', error).message, { router: name });
    return undefined;
  } finally {
    await other.close();
  }
}

function withName({ name }: Installation, error: unknown): QkdError {
  const known = asQkdError('install', error);
  return known.message.startsWith(name) ? known : within(name, known);
}

function printError(world: InstallWorld, error: QkdError): void {
  world.standardError(`error: ${error.message}`);
  if (error.hint !== undefined) world.standardError(`hint: ${error.hint}`);
}

function wrong(message: string): QkdError {
  return new QkdError('invocation', message, { hint: 'see scripts/install --help' });
}
