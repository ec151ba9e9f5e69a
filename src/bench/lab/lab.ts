// A whole bench on loopback: a KME pair with mutual TLS, routers with cables between them, the files that
// each router would have, and the management host's inventory. Used by scripts/bench and by tests.

import { dirname, join } from 'node:path';
import { databaseOf, databaseUrl, writeEnvironments, writeOriginalNames } from '../kme/original-environment.ts';
import { type OtherKmes, otherKmes } from '../kme/other-kmes.ts';
import { type KmePair, startKmePair } from '../kme/start-kme-pair.ts';
import { type Pki, makePki } from '../pki/pki.ts';
import { sshKeyPair } from '../pki/ssh-key-pair.ts';
import { engineNames, initialConfiguration } from '../router/initial-configuration.ts';
import type { MgdOptions } from '../mgd/mgd.ts';
import type { Link } from '../router/mka/link.ts';
import { Wire } from '../router/mka/wire.ts';
import type { RouterOptions, RouterUser } from '../router/router-options.ts';
import { type BenchEngine, type BenchRouter, startRouter } from '../router/start-router.ts';
import { type InventoryParts, type LabRouter, type LabSystem, type Method, offBoxInventory } from './inventories.ts';
import { must, type RouterHome, writeJson, writePrivate, writeRouterHome } from './router-home.ts';
import { endsOf, KME_NAMES, kmeOf, type LabLink, linksAt, linksOf, LOGIN, routersOf, type Topology } from './topology.ts';

export interface LabOptions {
  /** Existing, empty folder for everything the bench writes. */
  readonly folder: string;
  readonly routers: number;
  /** How they are joined; in pairs unless told. */
  readonly topology?: Topology;
  /** The bundled program. */
  readonly artifact: string;
  /** Of every link; `key-chain` unless told. */
  readonly method?: Method;
  /** Days that the client certificates have left; the routers then hold the bench's CA and renew them by it. A year, and no CA, unless told. */
  readonly certificateDays?: number;
  /** Seconds by which a router's clock is ahead, by router. */
  readonly clockOffsets?: ReadonlyMap<string, number>;
  /** Overrides in the `system` part of every inventory. */
  readonly system?: LabSystem;
  /** MKA hello time in milliseconds; 2000 unless told. */
  readonly hello?: number;
  /** Milliseconds that a commit takes. */
  readonly commitDelay?: number;
  /** What all routers have in common beyond that. */
  readonly platform?: Pick<RouterOptions, 'routingEngines' | 'engineHosts' | 'startTimesWithoutZone'>;
  /** False: both routing engines of a router have its host name, without -re0 and -re1. */
  readonly engineNames?: boolean;
  /** KMEs that run elsewhere, in place of a pair of this bench. */
  readonly kmes?: OtherKmes;
  /** Names new keys; random UUIDs unless told. */
  readonly newKeyId?: () => string;
  /** Clock of routers, MKA and KMEs, milliseconds since 1970 UTC; Date.now unless told. */
  readonly now?: () => number;
  /** Timers of that clock; setTimeout's unless told. */
  readonly after?: MgdOptions['after'];
  /**
   * Told of each answer that is about to reach a program: the RPC that this router has carried out, `scp` when a file of it
   * has been sent, `enc_keys`, `dec_keys` or `status` when the KME has answered it.
   */
  readonly onAnswer?: (router: string, what: string) => void;
}

export interface Lab {
  readonly links: readonly LabLink[];
  readonly routers: ReadonlyMap<string, LabSite>;
  readonly kmes: KmePair;
  /** For certificates that are wrong on purpose. */
  readonly pki: Pki;
  /** Off-box inventory. */
  readonly inventory: string;
  readonly artifact: string;
  /** The cable of a link. */
  cable(link: string): Link;
  close(): Promise<void>;
}

/** Home and launchers are re0's where there are two routing engines. */
export interface LabSite extends RouterHome {
  readonly router: BenchRouter;
  /** By slot. */
  readonly homes: readonly RouterHome[];
  readonly privateKeyFile: string;
  readonly password: string;
}

/** Starts everything; resolves when all listen. Throws RangeError for a number of routers that does not make the topology. */
export async function startLab(options: LabOptions): Promise<Lab> {
  const links = linksOf(options.topology ?? 'pairs', options.routers);
  const names = routersOf(links);
  const unknown = [...(options.clockOffsets ?? new Map<string, number>()).keys()].find((name) => !names.includes(name));
  if (unknown !== undefined) throw new RangeError(`no router ${unknown} on this bench`);
  const closing: (() => Promise<void>)[] = [];
  const close = async (): Promise<void> => {
    await Promise.all(closing.splice(0).map((one) => one()));
  };
  try {
    return { ...(await start(options, links, closing)), close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Adds to `closing` what has been started, also when the rest fails. */
async function start(options: LabOptions, links: readonly LabLink[], closing: (() => Promise<void>)[]): Promise<Omit<Lab, 'close'>> {
  const names = routersOf(links);
  const now = options.now ?? Date.now;
  const { pki, kmes } = options.kmes === undefined ? await ownKmes(options, links) : otherKmes(options.kmes, KME_NAMES, names);
  closing.push(() => kmes.close());
  const keys = new Map(['operator', ...names].map((name) => [name, sshKeyPair('ed25519', { comment: `${name}@bench` })]));
  const password = randomPassword();
  const routers = new Map<string, BenchRouter>();
  for (const name of names) {
    const peers = new Set(linksAt(links, name).flatMap(endsOf).map(({ router }) => router));
    // Between its routing engines a router logs in to itself.
    const publicKeys = ['operator', ...peers].filter((owner) => owner !== name || options.platform?.engineHosts !== undefined).map((owner) => must(keys, owner).public);
    const users = [{ name: LOGIN, loginClass: 'super-user', password, publicKeys }] as const;
    const clockOffset = (options.clockOffsets?.get(name) ?? 0) * 1000;
    const onAnswer = options.onAnswer && ((what: string): void => options.onAnswer?.(name, what));
    const router = await startRouter({ name, dir: join(options.folder, name), users, initial: initialOf(options, name, users), commitDelay: options.commitDelay ?? 0, clockOffset, clock: { now, after: options.after }, onAnswer, ...options.platform });
    routers.set(name, router);
    closing.push(() => router.close());
  }
  const wire = new Wire(options.hello === undefined ? { now } : { now, hello: options.hello });
  closing.push(async () => wire.close());
  const cables = new Map(links.map((link) => [link.name, wire.join(...endsOf(link).map(({ router, interfaceName }) => ({ router: must(routers, router), interfaceName })))]));
  const { inventory, privateKeyFile, homes } = await writeFiles(options, { links, pki, kmes, keys, routers });
  return {
    links,
    kmes,
    pki,
    cable: (link) => must(cables, link),
    inventory,
    artifact: options.artifact,
    routers: new Map(names.map((name) => [name, siteOf(must(routers, name), must(homes, name), { password, privateKeyFile })])),
  };
}

function siteOf(router: BenchRouter, homes: readonly RouterHome[], login: { password: string; privateKeyFile: string }): LabSite {
  const [first] = homes as [RouterHome];
  return { ...first, ...login, router, homes };
}

function initialOf({ platform, engineNames: named = true }: LabOptions, name: string, users: readonly RouterUser[]): string[] {
  return [...initialConfiguration(name, users), ...(platform?.routingEngines === 2 && named ? engineNames(name) : [])];
}

/** A KME pair of this bench, and its certificates. */
async function ownKmes(options: LabOptions, links: readonly LabLink[]): Promise<{ readonly pki: Pki; readonly kmes: KmePair }> {
  const { folder, newKeyId, now = Date.now } = options;
  const names = routersOf(links);
  const pki = await makePki(join(folder, 'pki'), { kmes: [...KME_NAMES], saes: names, now: Date.now(), ...(options.certificateDays !== undefined && { saeDays: options.certificateDays }) });
  const saesOf = (kme: number): string[] => names.filter((router) => kmeOf(links, router) === kme);
  const kmes = await startKmePair({ pki, kmes: KME_NAMES.map((name, index) => ({ name, saeIds: saesOf(index), log: (line) => tellAnswer(options, line) })), store: { now, ...(newKeyId && { newKeyId }) } });
  return { pki, kmes };
}

/** What it takes to start the reference implementation in place of the bench's KMEs. */
async function writeEnvironment(folder: string, pki: Pki, { kmes }: KmePair): Promise<void> {
  await writeOriginalNames(pki.folder, [...pki.kmes.values()], pki);
  await writeEnvironments(folder, { certificates: pki.folder, kmes: kmes.map(({ port }) => ({ host: '127.0.0.1', port })), database: databaseOf(databaseUrl(process.env)) });
}

/** A line of a KME's log names the SAE and the call. */
function tellAnswer({ onAnswer }: LabOptions, line: string): void {
  const [, router, call] = /^\S+ (\S+) .*\/(status|enc_keys|dec_keys)\b/.exec(line) ?? [];
  if (router !== undefined && call !== undefined) onAnswer?.(router, call);
}

interface Parts {
  readonly links: readonly LabLink[];
  readonly pki: Pki;
  readonly kmes: KmePair;
  readonly keys: ReadonlyMap<string, { private: string; public: string }>;
  readonly routers: ReadonlyMap<string, BenchRouter>;
}

async function writeFiles(options: LabOptions, { links, pki, kmes, keys, routers }: Parts) {
  const described = [...routers].map(([name, router]): LabRouter => {
    const { url, caFile } = kmes.kme(KME_NAMES[kmeOf(links, name)]);
    return { name, sshPort: router.sshPort, hostKeys: router.engines.map(({ hostKeyFingerprint }) => hostKeyFingerprint), kme: { url, caFile } };
  });
  const all: InventoryParts = { routers: described, links, method: options.method ?? 'key-chain', system: options.system ?? {}, renewsCertificates: options.certificateDays !== undefined };
  const homes = new Map<string, RouterHome[]>();
  for (const [name, router] of routers) {
    const inventory = { ...all, links: linksAt(links, name) };
    const write = (engine: BenchEngine): Promise<RouterHome> => writeRouterHome(engine, { name, folder: dirname(engine.root), artifact: options.artifact, pki, privateKey: must(keys, name).private, inventory });
    homes.set(name, await Promise.all(router.engines.map(write)));
  }
  if (options.kmes === undefined) await writeEnvironment(options.folder, pki, kmes);
  const privateKeyFile = join(options.folder, 'id_ed25519');
  await writePrivate(privateKeyFile, must(keys, 'operator').private);
  const inventory = join(options.folder, 'inventory.json');
  await writeJson(inventory, offBoxInventory(all, { home: join(options.folder, 'offbox'), certificates: pki.folder, privateKeyFile }));
  return { inventory, privateKeyFile, homes };
}

function randomPassword(): string {
  return Buffer.from(crypto.getRandomValues(new Uint8Array(18))).toString('base64url');
}
