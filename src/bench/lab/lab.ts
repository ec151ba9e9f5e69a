// A whole bench on loopback: a KME pair with mutual TLS, routers in pairs with a cable between them, the
// files that each router would have (inventory, certificates, SSH key, a launcher that runs the artifact
// "on" it) and the management host's inventory. Used by scripts/bench and by tests.

import { chmod, copyFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import ssh2 from 'ssh2';
import { type KmePair, startKmePair } from '../kme/start-kme-pair.ts';
import { type Pki, makePki } from '../pki/pki.ts';
import { Wire } from '../router/mka/wire.ts';
import type { Link } from '../router/mka/link.ts';
import { initialConfiguration } from '../router/initial-configuration.ts';
import { type BenchRouter, startRouter } from '../router/start-router.ts';
import { type LabRouter, type LabSystem, offBoxInventory, onBoxInventory } from './inventories.ts';
import { INTERFACE, KME_NAMES, LOGIN, type Pair, ROUTER_HOME, pairsOf, peerOf } from './topology.ts';

/** The launcher that the event policy names; the bench starts the artifact by a shell script instead. */
const EVENT_SCRIPT = new URL('../../../junos-config/qkd-macsec.py', import.meta.url);

export interface LabOptions {
  /** Existing, empty folder for everything the bench writes. */
  readonly folder: string;
  /** An even number. */
  readonly routers: number;
  /** The bundled program. */
  readonly artifact: string;
  /** Overrides in the `system` part of every inventory. */
  readonly system?: LabSystem;
  /** MKA hello time in milliseconds; 2000 unless told. */
  readonly hello?: number;
  /** Milliseconds that a commit takes. */
  readonly commitDelay?: number;
}

export interface Lab {
  readonly pairs: readonly Pair[];
  readonly routers: ReadonlyMap<string, LabSite>;
  readonly kmes: KmePair;
  /** Off-box inventory. */
  readonly inventory: string;
  readonly artifact: string;
  /** The cable of a link. */
  cable(link: string): Link;
  close(): Promise<void>;
}

export interface LabSite {
  readonly router: BenchRouter;
  /** Home folder of the program on this router, as a path of this machine. */
  readonly home: string;
  /** Command that runs the artifact on this router. */
  readonly launcher: string;
  readonly privateKeyFile: string;
  readonly password: string;
}

/** Starts everything; resolves when all listen. */
export async function startLab(options: LabOptions): Promise<Lab> {
  const pairs = pairsOf(options.routers);
  const names = pairs.flatMap((pair) => [pair.master, pair.slave]);
  const pki = await makePki(join(options.folder, 'pki'), { kmes: [...KME_NAMES], saes: names, now: Date.now() });
  const kmes = await startKmePair({ pki, kmes: [{ name: KME_NAMES[0], saeIds: pairs.map((pair) => pair.master) }, { name: KME_NAMES[1], saeIds: pairs.map((pair) => pair.slave) }] });
  const keys = new Map(['operator', ...names].map((name) => [name, ssh2.utils.generateKeyPairSync('ed25519', { comment: `${name}@bench` })]));
  const wire = new Wire(options.hello === undefined ? {} : { hello: options.hello });
  const password = randomPassword();
  const routers = new Map<string, BenchRouter>();
  for (const name of names) {
    const publicKeys = ['operator', peerOf(pairs, name)].map((owner) => (keys.get(owner) as { public: string }).public);
    const users = [{ name: LOGIN, loginClass: 'super-user', password, publicKeys }] as const;
    routers.set(name, await startRouter({ name, dir: join(options.folder, name), users, initial: initialConfiguration(name, users), commitDelay: options.commitDelay ?? 0 }));
  }
  const cables = new Map(pairs.map((pair) => [pair.link, wire.join(must(routers, pair.master), INTERFACE, must(routers, pair.slave), INTERFACE)]));
  const files = await writeFiles(options, { pairs, pki, kmes, keys, routers });
  return {
    pairs,
    kmes,
    cable: (link) => must(cables, link),
    inventory: files.inventory,
    artifact: options.artifact,
    routers: new Map(names.map((name) => [name, { router: must(routers, name), password, ...must(files.sites, name) }])),
    close: async () => {
      wire.close();
      await Promise.all([...[...routers.values()].map((router) => router.close()), kmes.close()]);
    },
  };
}

interface Parts {
  readonly pairs: readonly Pair[];
  readonly pki: Pki;
  readonly kmes: KmePair;
  readonly keys: ReadonlyMap<string, { private: string; public: string }>;
  readonly routers: ReadonlyMap<string, BenchRouter>;
}

async function writeFiles(options: LabOptions, parts: Parts) {
  const system = options.system ?? {};
  const described = parts.pairs.flatMap((pair) => [describeRouter(parts, pair.master, 0), describeRouter(parts, pair.slave, 1)]);
  const sites = new Map<string, Pick<LabSite, 'home' | 'launcher' | 'privateKeyFile'>>();
  for (const pair of parts.pairs) {
    for (const name of [pair.master, pair.slave]) sites.set(name, await writeRouterFiles(options, parts, { name, pair, system, described }));
  }
  const operatorKey = join(options.folder, 'id_ed25519');
  await writePrivate(operatorKey, must(parts.keys, 'operator').private);
  const inventory = join(options.folder, 'inventory.json');
  const home = join(options.folder, 'offbox');
  await writeJson(inventory, offBoxInventory(described, parts.pairs, { home, certificates: parts.pki.folder, privateKeyFile: operatorKey, system }));
  return { inventory, sites: new Map([...sites].map(([name, site]) => [name, { ...site, privateKeyFile: operatorKey }])) };
}

function describeRouter(parts: Parts, name: string, kme: 0 | 1): LabRouter {
  const router = must(parts.routers, name);
  const served = parts.kmes.kme(KME_NAMES[kme]);
  return { name, sshPort: router.sshPort, hostKey: router.hostKeyFingerprint, kme: { url: served.url, caFile: served.caFile } };
}

async function writeRouterFiles(options: LabOptions, parts: Parts, given: { name: string; pair: Pair; system: LabSystem; described: readonly LabRouter[] }) {
  const { name, pair, system, described } = given;
  const router = must(parts.routers, name);
  const home = join(router.root, ROUTER_HOME);
  await mkdir(join(home, 'certs'), { recursive: true, mode: 0o700 });
  const { certificateFile, keyFile } = must(parts.pki.saes, name);
  await copyFile(certificateFile, join(home, 'certs', `${name}.crt`));
  await copyFile(keyFile, join(home, 'certs', `${name}.key`));
  await chmod(join(home, 'certs', `${name}.key`), 0o600);
  await copyFile(parts.pki.kmeCa.certificateFile, join(home, 'certs', 'kme-ca.crt'));
  await writePrivate(join(home, 'id_ed25519'), must(parts.keys, name).private);
  await writeJson(join(home, 'inventory.json'), onBoxInventory(described, pair, { home, cli: router.cliPath, system }));
  for (const kind of ['event', 'op']) {
    await mkdir(join(router.root, 'var/db/scripts', kind), { recursive: true });
    await copyFile(EVENT_SCRIPT, join(router.root, 'var/db/scripts', kind, 'qkd-macsec.py'));
  }
  const launcher = join(options.folder, name, 'launcher');
  await writeFile(launcher, launcherScript({ home, artifact: options.artifact, node: process.execPath }), { mode: 0o755 });
  return { home, launcher, privateKeyFile: join(home, 'id_ed25519') };
}

/** What the event script does on a router: become the artifact, with the hardening flag. */
function launcherScript(given: { home: string; artifact: string; node: string }): string {
  const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
  return `#!/bin/sh\nexec ${quoted(given.node)} --disallow-code-generation-from-strings ${quoted(given.artifact)} --onbox --inventory ${quoted(join(given.home, 'inventory.json'))} "$@"\n`;
}

function randomPassword(): string {
  return Buffer.from(crypto.getRandomValues(new Uint8Array(18))).toString('base64url');
}

async function writePrivate(path: string, text: string): Promise<void> {
  await writeFile(path, text, { mode: 0o600 });
}

async function writeJson(path: string, value: object): Promise<void> {
  await writeFile(path, `${JSON.stringify(value, undefined, 2)}\n`, { mode: 0o600 });
}

function must<K, V>(map: ReadonlyMap<K, V>, key: K): V {
  const value = map.get(key);
  if (value === undefined) throw new Error(`bench: no ${String(key)}`);
  return value;
}
