// The files that a router of the bench would have: the program's home with inventory, certificates and SSH
// key, the event and op script, and the launcher that runs the artifact "on" the router.

import { existsSync } from 'node:fs';
import { chmod, copyFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Pki } from '../pki/pki.ts';
import type { BenchEngine } from '../router/start-router.ts';
import { type InventoryParts, onBoxInventory } from './inventories.ts';
import { ROUTER_HOME } from './topology.ts';

/** The launcher that the event policy names. */
const EVENT_SCRIPT = new URL('../../../junos-config/qkd-macsec.py', import.meta.url);

export interface RouterHome {
  /** Home folder of the program on this router, as a path of this machine. */
  readonly home: string;
  /** Command that runs the artifact on this router. */
  readonly launcher: string;
  /** Starts it as the router's event policy does: the launcher in Python, a data limit of 128 MB; words `--name value` may follow. The same as `launcher` where there is no Python. */
  readonly event: { readonly argv: readonly string[]; readonly json: readonly string[] };
}

export interface HomeParts {
  /** Of the router. */
  readonly name: string;
  /** The routing engine's folder in the bench. */
  readonly folder: string;
  readonly artifact: string;
  readonly pki: Pki;
  /** OpenSSH private key with which this router logs in to others. */
  readonly privateKey: string;
  /** With this router's own links only. */
  readonly inventory: InventoryParts;
}

/** Writes all of it, for one routing engine. */
export async function writeRouterHome(engine: BenchEngine, parts: HomeParts): Promise<RouterHome> {
  const { name } = parts;
  const home = join(engine.root, ROUTER_HOME);
  const { certificateFile, keyFile } = must(parts.pki.saes, name);
  await mkdir(join(home, 'certs'), { recursive: true, mode: 0o700 });
  await copyFile(certificateFile, join(home, 'certs', `${name}.crt`));
  await copyFile(keyFile, join(home, 'certs', `${name}.key`));
  await chmod(join(home, 'certs', `${name}.key`), 0o600);
  await copyFile(parts.pki.kmeCa.certificateFile, join(home, 'certs', 'kme-ca.crt'));
  if (parts.inventory.renewsCertificates === true) {
    const { clientCa } = parts.pki;
    await copyFile(clientCa.certificateFile, join(home, 'certs', 'client-root-ca.crt'));
    await copyFile(clientCa.keyFile, join(home, 'certs', 'client-root-ca.key'));
  }
  await writePrivate(join(home, 'id_ed25519'), parts.privateKey);
  await writeJson(join(home, 'inventory.json'), onBoxInventory(parts.inventory, { home, cli: engine.cliPath, messages: join(engine.root, 'var/log/messages') }));
  const settings = `node ${process.execPath}\nartifact ${parts.artifact}\ninventory ${join(home, 'inventory.json')}\n`;
  for (const kind of ['event', 'op']) {
    await copyFile(EVENT_SCRIPT, join(engine.root, 'var/db/scripts', kind, 'qkd-macsec.py'));
    await writePrivate(join(engine.root, 'var/db/scripts', kind, 'qkd-macsec.conf'), settings);
  }
  const launcher = join(parts.folder, 'launcher');
  await writeFile(launcher, launcherScript({ home, artifact: parts.artifact, node: process.execPath }), { mode: 0o755 });
  return { home, launcher, event: eventScript(launcher, join(engine.root, 'var/db/scripts/event/qkd-macsec.py')) };
}

const PYTHON = '/usr/bin/python3';
/** max-datasize of junos-config/event-policy.set, in KiB. */
const DATA_LIMIT = 128 * 1024;

function eventScript(launcher: string, script: string): RouterHome['event'] {
  if (!existsSync(PYTHON)) return { argv: [launcher, 'run'], json: ['--json'] };
  return { argv: ['/bin/sh', '-c', `ulimit -d ${DATA_LIMIT} && exec "$@"`, 'sh', PYTHON, script], json: ['--json', 'yes'] };
}

/** What the event script does on a router: become the artifact, with the hardening flag. */
function launcherScript(given: { home: string; artifact: string; node: string }): string {
  const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
  return `#!/bin/sh\nexec ${quoted(given.node)} --disallow-code-generation-from-strings ${quoted(given.artifact)} --onbox --inventory ${quoted(join(given.home, 'inventory.json'))} "$@"\n`;
}

/** Writes a file that only its owner may read. */
export async function writePrivate(path: string, text: string): Promise<void> {
  await writeFile(path, text, { mode: 0o600 });
}

/** The same, as JSON. */
export async function writeJson(path: string, value: object): Promise<void> {
  await writePrivate(path, `${JSON.stringify(value, undefined, 2)}\n`);
}

/** The entry of a map that cannot be missing; throws when it is. */
export function must<K, V>(map: ReadonlyMap<K, V>, key: K): V {
  const value = map.get(key);
  if (value === undefined) throw new Error(`bench: no ${String(key)}`);
  return value;
}
