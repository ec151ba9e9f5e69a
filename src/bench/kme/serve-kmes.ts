// KMEs in this process until a signal ends them: store, listeners, control socket, and the files that say where they
// are. What an operator wants to know first is printed when all listen.

import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { writeFileAtomically } from '../../atomic-file.ts';
import { askSocket, faultCommand, serveLines } from '../faults-socket.ts';
import { listenUnix, type UnixListener } from '../router/unix-socket.ts';
import type { Group } from './answer.ts';
import { faultyKme } from './faulty-kme.ts';
import { type BenchKme, startKme } from './kme.ts';
import { type Certificates, KmeUsageError } from './kme-folder.ts';
import type { KeyStore, KeyStoreOptions } from './key-store.ts';
import { MemoryKeyStore } from './memory-store.ts';
import { predictableKeys, randomKeys } from './new-keys.ts';
import { databaseOf, shellQuoted, writeEnvironments } from './original-environment.ts';
import { openPostgresStore } from './postgres-store.ts';
import type { Limits, ProfileName } from './profiles.ts';
import type { StockSetup } from './stock.ts';

export interface ServeOptions {
  readonly folder: string;
  readonly certificates: Certificates;
  readonly host: string;
  readonly profile: ProfileName;
  readonly limits: Partial<Limits>;
  /** Seconds. */
  readonly retention: number;
  /** Milliseconds. */
  readonly propagationDelay: number;
  readonly stock: StockSetup;
  readonly isQuiet: boolean;
  /** Keys that follow from it. */
  readonly seed?: string;
  /** PostgreSQL; memory without one. */
  readonly databaseUrl?: string;
}

export interface Serving {
  readonly signal: AbortSignal;
  readonly print: (text: string) => void;
  readonly warn: (text: string) => void;
}

/** Serves until `signal`; then nothing listens any more and kme.json is gone. Throws KmeUsageError when a port is taken. */
export async function serveKmes(options: ServeOptions, own: Serving): Promise<void> {
  const { folder } = options;
  const closing: (() => Promise<void>)[] = [];
  try {
    const kmes = await startAll(options, own, closing);
    const control = await serveControl(folder, kmes);
    closing.push(() => control.close());
    await writeFiles(options, kmes, control.path);
    closing.push(async () => rmSync(join(folder, 'kme.json'), { force: true }));
    own.print(told(options, kmes));
    if (!own.signal.aborted) await new Promise((ended) => own.signal.addEventListener('abort', ended));
  } finally {
    for (const close of closing.reverse()) await close();
  }
}

/** Throws KmeUsageError when KMEs run in the folder. */
export async function refuseSecond(folder: string): Promise<void> {
  const file = join(folder, 'kme.json');
  if (!existsSync(file)) return;
  const { control } = JSON.parse(readFileSync(file, 'utf8')) as { control: string };
  const answers = await askSocket(control, { list: true }).then(() => true, () => false);
  if (answers) throw new KmeUsageError(`KMEs run in ${folder} already`);
}

/** Adds to `closing` what has been started, also when the rest fails. */
async function startAll(options: ServeOptions, own: Serving, closing: (() => Promise<void>)[]): Promise<BenchKme[]> {
  const { seed, certificates, host, profile, limits, propagationDelay, stock } = options;
  if (seed !== undefined) own.warn('KEYS ARE NOT SECRET: --insecure-seed makes keys that everybody can compute\n');
  const store = await openStore(options);
  closing.push(() => store.close());
  const group: Group = { store, keys: seed === undefined ? randomKeys() : predictableKeys(seed), propagationDelay, ...(stock.capacity === undefined ? {} : { capacity: stock.capacity }) };
  const log = options.isQuiet ? {} : { log: (line: string): void => own.warn(`${new Date().toISOString()} ${line}\n`) };
  const kmes: BenchKme[] = [];
  for (const setup of certificates.setups) {
    const kme = await startKme({ ...setup, host, profile, limits, ...log }, group).catch((error: NodeJS.ErrnoException) => {
      throw error.syscall === 'listen' ? new KmeUsageError(`${setup.name} cannot listen at ${host} port ${setup.port ?? 0}: ${error.code}`) : error;
    });
    closing.push(() => kme.close());
    kmes.push(kme);
  }
  return kmes;
}

async function openStore({ databaseUrl, retention, stock }: ServeOptions): Promise<KeyStore> {
  const options: KeyStoreOptions = { retention, now: Date.now, ...stock };
  return databaseUrl === undefined ? new MemoryKeyStore(options) : openPostgresStore(databaseUrl, options);
}

function serveControl(folder: string, kmes: readonly BenchKme[]): Promise<UnixListener> {
  const answer = async (command: unknown): Promise<object> => {
    const { target } = (command ?? {}) as { target?: unknown };
    const kme = kmes.find(({ name }) => name === target);
    if (kme === undefined) throw new TypeError(`no KME ${JSON.stringify(target)} here: one of ${kmes.map(({ name }) => name).join(', ')}`);
    return faultCommand(command, faultyKme(kme.faults));
  };
  return listenUnix(folder, 'kme.sock', (socket) => void serveLines(socket, answer).catch(() => socket.destroy()));
}

async function writeFiles(options: ServeOptions, kmes: readonly BenchKme[], control: string): Promise<void> {
  const { folder, host, certificates } = options;
  const described = kmes.map(({ name, url, caFile }, index) => ({ name, url, ca_file: caFile, saes: certificates.setups[index]?.saeIds ?? [] }));
  await writeEnvironments(folder, { certificates: certificates.folder, kmes: kmes.map(({ port }) => ({ host, port })), database: databaseOf(options.databaseUrl) });
  await writeFileAtomically(join(folder, 'kme.json'), `${JSON.stringify({ kmes: described, certificates: certificates.folder, control }, undefined, 2)}\n`, 0o600);
}

function told({ folder, certificates, databaseUrl }: ServeOptions, kmes: readonly BenchKme[]): string {
  const [first, second] = certificates.setups.map(({ saeIds }) => saeIds);
  const [master, slave] = [first?.[0] ?? 'SAE', second?.[0] ?? first?.[1] ?? 'SAE'];
  const curl = (sae: string, at: BenchKme | undefined, target: string): string => `curl --cacert root.crt --cert ${shellQuoted(`${sae}.crt`)} --key ${shellQuoted(`${sae}.key`)} ${shellQuoted(`${at?.url}/api/v1/keys/${target}`)}`;
  const { host, port, name } = databaseOf(databaseUrl);
  const lines = [
    ...kmes.map(({ name: kme, url }, index) => `${kme}: ${url}, serves ${certificates.setups[index]?.saeIds.join(', ') || 'no SAE'}`),
    `keys are in ${databaseUrl === undefined ? 'memory' : `database ${name} at ${host}:${port}`}; certificates are in ${certificates.folder}`,
    `try: cd ${shellQuoted(certificates.folder)} && ${curl(master, kmes[0], `${encodeURIComponent(slave)}/enc_keys?size=256`)}`,
    `then, with its key_ID: ${curl(slave, kmes[1] ?? kmes[0], `${encodeURIComponent(master)}/dec_keys?key_ID=KEY_ID`)}`,
    `faults: scripts/kme fault --dir ${shellQuoted(folder)} ${kmes[0]?.name} list`,
    `environment of the reference implementation: ${join(folder, 'kme.env')}`,
  ];
  return `${lines.join('\n')}\n`;
}
