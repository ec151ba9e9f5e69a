// Two bench routers on one link as an operator would find them before the installation: a super-user login, a link whose
// MACsec runs on a first key, KMEs, client certificates on the management host, and an inventory.

import { cpSync, mkdtempSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { makeArtifact } from '../../build/artifact.ts';
import { noLog } from '../log.ts';
import { type KmePair, startKmePair } from '../bench/kme/start-kme-pair.ts';
import type { MovedClock } from '../bench/lab/moved-clock.ts';
import { type Pki, makePki } from '../bench/pki/pki.ts';
import { sshKeyPair } from '../bench/pki/ssh-key-pair.ts';
import { initialConfiguration } from '../bench/router/initial-configuration.ts';
import type { Link } from '../bench/router/mka/link.ts';
import { Wire } from '../bench/router/mka/wire.ts';
import { type BenchRouter, startRouter } from '../bench/router/start-router.ts';
import { installCommand } from './install-command.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

export interface InstallBed {
  readonly folder: string;
  readonly routers: ReadonlyMap<string, BenchRouter>;
  readonly kmes: KmePair;
  readonly pki: Pki;
  readonly link: Link;
  readonly inventory: string;
  /** What is installed; tests may change both. */
  readonly artifact: string;
  readonly junosConfig: string;
  router(name: string): BenchRouter;
  /** The installer, with this bed's inventory, artifact and set files. */
  install(...argv: string[]): Promise<{ status: number; output: string; errors: string }>;
  /** Replaces parts of the inventory. */
  writeInventory(change: (inventory: BedInventory) => void): void;
  close(): Promise<void>;
}

export interface BedInventory {
  system: Record<string, object>;
  secrets: Record<string, string>;
  devices: Record<string, Record<string, unknown>>;
  links: Record<string, unknown>[];
}

export interface BedOptions {
  /** mx1 has two routing engines; `addresses`: and the inventory says where they are. */
  readonly engines?: { readonly addresses: boolean };
  /** Of routers, MKA and KMEs; the wall's unless told. */
  readonly clock?: MovedClock;
}

const CKN = 'ab'.repeat(32);
/** Addresses of re0 and re1 of mx1. */
const ENGINE_HOSTS = ['127.0.0.2', '127.0.0.3'] as const;

export async function startInstallBed(options: BedOptions = {}): Promise<InstallBed> {
  const folder = mkdtempSync(join(tmpdir(), 'qkd-install-'));
  const pki = await makePki(join(folder, 'pki'), { kmes: ['kme1', 'kme2'], saes: ['mx1', 'mx2'], now: Date.now() });
  const kmes = await startKmePair({ pki, kmes: [{ name: 'kme1', saeIds: ['mx1'] }, { name: 'kme2', saeIds: ['mx2'] }], ...(options.clock && { store: { now: options.clock.now } }) });
  const operator = sshKeyPair('ed25519', { comment: 'operator' });
  const privateKeyFile = join(folder, 'id_ed25519');
  writeFileSync(privateKeyFile, operator.private, { mode: 0o600 });
  writeFileSync(`${privateKeyFile}.pub`, operator.public);
  const users = [{ name: 'admin', loginClass: 'super-user', publicKeys: [operator.public] }];
  const first = Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString('hex');
  const start = (name: string): Promise<BenchRouter> =>
    startRouter({ name, dir: join(folder, name), users, localUser: 'qkd', ...(options.clock && { clock: options.clock }), initial: [...initialConfiguration(name, users), ...firstKey(first)], ...(name === 'mx1' && options.engines && { routingEngines: 2, engineHosts: ENGINE_HOSTS }) });
  const routers = new Map([['mx1', await start('mx1')], ['mx2', await start('mx2')]]);
  const router = (name: string): BenchRouter => routers.get(name) as BenchRouter;
  const wire = new Wire({ hello: 200, ...(options.clock && { now: options.clock.now }) });
  const link = wire.join({ router: router('mx1'), interfaceName: 'et-0/0/1' }, { router: router('mx2'), interfaceName: 'et-0/0/1' });
  const artifact = join(folder, 'qkd-macsec.js');
  writeFileSync(artifact, (await makeArtifact({ root: ROOT, entry: 'src/main.ts', version: '1.0.0', commit: 'bed' })).code);
  const inventory = join(folder, 'inventory.json');
  const junosConfig = join(folder, 'junos-config');
  cpSync(join(ROOT, 'junos-config'), junosConfig, { recursive: true });
  let document: BedInventory = {
    system: { rotation: { interval: 600, wait: 1, poll: 0.2 }, ssh: { attempts: 2, delay: 0.1, timeout: 10 } },
    secrets: { username: 'admin', private_key_file: privateKeyFile },
    devices: Object.fromEntries([...routers].map(([name, { sshPort, hostKeyFingerprint }], index) => [name, deviceEntry({ name, sshPort, hostKeyFingerprint }, kmes.kmes[index]?.url ?? '', pki.folder)])),
    links: [{ name: 'mx1-mx2', connectivity_association: 'CA_basic', method: 'key-chain', master: { device: 'mx1', interfaces: ['et-0/0/1'] }, slaves: [{ device: 'mx2', interfaces: ['et-0/0/1'] }] }],
  };
  if (options.engines?.addresses === true) Object.assign(document.devices['mx1'] ?? {}, { routing_engines: ENGINE_HOSTS, host_key: router('mx1').engines.map((engine) => engine.hostKeyFingerprint) });
  const write = (): void => writeFileSync(inventory, JSON.stringify(document), { mode: 0o600 });
  write();
  return {
    folder, routers, kmes, pki, link, inventory, artifact, junosConfig, router,
    install: (...argv) => install(argv, { folder, inventory, artifact, junosConfig }),
    writeInventory: (change) => {
      document = structuredClone(document);
      change(document);
      write();
    },
    close: async () => {
      await Promise.all([...routers.values()].map((one) => one.close()));
      wire.close();
      await kmes.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function firstKey(cak: string): string[] {
  const chain = 'set security authentication-key-chains key-chain CA_basic key 0';
  return [
    `${chain} key-name ${CKN}`,
    `${chain} secret ${cak}`,
    `${chain} start-time 2000-01-01.00:00:00`,
    'set security macsec connectivity-association CA_basic cipher-suite gcm-aes-xpn-256',
    'set security macsec connectivity-association CA_basic security-mode static-cak',
    'set security macsec connectivity-association CA_basic pre-shared-key-chain CA_basic',
    'set security macsec interfaces et-0/0/1 connectivity-association CA_basic',
  ];
}

function deviceEntry(router: { name: string; sshPort: number; hostKeyFingerprint: string }, url: string, certificates: string): Record<string, unknown> {
  const file = (name: string): string => join(certificates, name);
  return {
    ip: '127.0.0.1',
    port: router.sshPort,
    host_key: router.hostKeyFingerprint,
    kme: { url, ca_file: file('kme-ca.crt'), cert_file: file(`${router.name}.crt`), key_file: file(`${router.name}.key`) },
  };
}

async function install(argv: readonly string[], given: { folder: string; inventory: string; artifact: string; junosConfig: string }): Promise<{ status: number; output: string; errors: string }> {
  let [output, errors] = ['', ''];
  const status = await installCommand({
    argv: [...argv, '--inventory', given.inventory],
    environment: {},
    folder: given.folder,
    user: { name: 'operator', home: given.folder },
    checkout: { artifact: given.artifact, junosConfig: given.junosConfig },
    log: noLog,
    standardOutput: (text) => (output += text),
    standardError: (line) => (errors += `${line}\n`),
  });
  return { status, output, errors };
}
