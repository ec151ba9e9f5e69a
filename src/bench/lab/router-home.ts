// The files that a router of the bench would have: the program's home with inventory, certificates and SSH
// key, the event and op script, and the launcher that runs the artifact "on" the router.

import { chmod, copyFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Pki } from '../pki/pki.ts';
import type { BenchRouter } from '../router/start-router.ts';
import { type InventoryParts, onBoxInventory } from './inventories.ts';
import { ROUTER_HOME } from './topology.ts';

/** The launcher that the event policy names; the bench starts the artifact by a shell script instead. */
const EVENT_SCRIPT = new URL('../../../junos-config/qkd-macsec.py', import.meta.url);

export interface RouterHome {
  /** Home folder of the program on this router, as a path of this machine. */
  readonly home: string;
  /** Command that runs the artifact on this router. */
  readonly launcher: string;
}

export interface HomeParts {
  /** The router's folder in the bench. */
  readonly folder: string;
  readonly artifact: string;
  readonly pki: Pki;
  /** OpenSSH private key with which this router logs in to others. */
  readonly privateKey: string;
  /** With this router's own links only. */
  readonly inventory: InventoryParts;
}

/** Writes all of it. */
export async function writeRouterHome(router: BenchRouter, parts: HomeParts): Promise<RouterHome> {
  const { name } = router;
  const home = join(router.root, ROUTER_HOME);
  const { certificateFile, keyFile } = must(parts.pki.saes, name);
  await mkdir(join(home, 'certs'), { recursive: true, mode: 0o700 });
  await copyFile(certificateFile, join(home, 'certs', `${name}.crt`));
  await copyFile(keyFile, join(home, 'certs', `${name}.key`));
  await chmod(join(home, 'certs', `${name}.key`), 0o600);
  await copyFile(parts.pki.kmeCa.certificateFile, join(home, 'certs', 'kme-ca.crt'));
  await writePrivate(join(home, 'id_ed25519'), parts.privateKey);
  await writeJson(join(home, 'inventory.json'), onBoxInventory(parts.inventory, { home, cli: router.cliPath }));
  for (const kind of ['event', 'op']) await copyFile(EVENT_SCRIPT, join(router.root, 'var/db/scripts', kind, 'qkd-macsec.py'));
  const launcher = join(parts.folder, 'launcher');
  await writeFile(launcher, launcherScript({ home, artifact: parts.artifact, node: process.execPath }), { mode: 0o755 });
  return { home, launcher };
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
