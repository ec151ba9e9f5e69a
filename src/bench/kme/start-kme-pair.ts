// Starts two bench KMEs that share keys, one for each end of a link. Stock, delays and limits are the pair's; faults
// are each KME's own.

import type { PairFiles, Pki } from '../pki/pki.ts';
import { serverVariants } from '../pki/wrong-certificates.ts';
import type { Group } from './answer.ts';
import type { CertificateKind } from './fault-kinds.ts';
import { parseFaults } from './fault-kinds.ts';
import type { KeyStore, KeyStoreOptions } from './key-store.ts';
import { startKme } from './kme.ts';
import type { BenchKme, KmeSetup } from './kme.ts';
import { MemoryKeyStore } from './memory-store.ts';
import { type KeyMaker, randomKeys } from './new-keys.ts';
import type { Limits } from './profiles.ts';

type OwnSetup = Partial<Pick<KmeSetup, 'saeIds' | 'host' | 'port' | 'tls' | 'profile' | 'patience' | 'maxConnections' | 'log'>>;

export interface StoreOptions extends KeyStoreOptions {
  /** Milliseconds until the other KME knows a key. */
  readonly propagationDelay: number;
  /** Names new keys; random UUIDs unless told. */
  readonly newKeyId?: () => string;
}

export interface KmePairOptions {
  /** Made with these KME names and SAE IDs (pki.ts). */
  readonly pki: Pki;
  /** The two KMEs; each has a certificate in the PKI. A KME serves every SAE of the PKI unless told which. */
  readonly kmes: readonly ({ readonly name: string } & OwnSetup)[];
  readonly store?: Partial<StoreOptions>;
  /** In place of a store in memory; the pair closes it. */
  readonly keyStore?: KeyStore;
  /** In place of random keys. */
  readonly keys?: KeyMaker;
  readonly limits?: Partial<Limits>;
}

export interface KmePair {
  readonly kmes: readonly [BenchKme, BenchKme];
  /** The KME of that name. Throws when there is none. */
  kme(name: string): BenchKme;
  /** Keys handed out so far, to masters and slaves together. */
  deliveredCount(): number;
  /** Copies of all keys ever made, for a search for leaks. */
  issuedKeys(): Buffer[];
  /** Keys that can be drawn from now on; undefined: without end. `fillRate`: keys a second that come in. */
  restock(stock: number | undefined, fillRate?: number): Promise<void>;
  /** Replaces the faults of each KME that is named: `{"kme-a": [{"fault": "hang"}]}`. Throws TypeError. */
  applyFaults(json: unknown): void;
  close(): Promise<void>;
}

/** Starts both KMEs; a port of 127.0.0.1 unless told. */
export async function startKmePair(options: KmePairOptions): Promise<KmePair> {
  const { pki, limits } = options;
  const { propagationDelay = 0, newKeyId, ...given } = options.store ?? {};
  const storeOptions = { retention: 3600, now: Date.now, ...given };
  const store = options.keyStore ?? new MemoryKeyStore(storeOptions);
  const issued: Buffer[] = [];
  let delivered = 0;
  const group: Group = {
    store,
    keys: options.keys ?? randomKeys(newKeyId),
    propagationDelay,
    ...(storeOptions.capacity === undefined ? {} : { capacity: storeOptions.capacity }),
    onDelivery: (keys, isNew) => {
      delivered += keys.length;
      if (isNew) for (const { bytes } of keys) issued.push(bytes);
    },
  };
  const [first, second, ...others] = await setupsOf(pki, options.kmes);
  if (first === undefined || second === undefined || others.length > 0) throw new TypeError('a pair has two KMEs');
  const common = { now: storeOptions.now, ...(limits === undefined ? {} : { limits }) };
  const kmes = await startBoth([{ ...common, ...first }, { ...common, ...second }], group);
  const byName = (name: string): BenchKme => {
    const found = kmes.find((kme) => kme.name === name);
    if (found === undefined) throw new TypeError(`no KME ${name} on this bench`);
    return found;
  };
  return {
    kmes,
    kme: byName,
    deliveredCount: () => delivered,
    issuedKeys: () => issued.map((bytes) => Buffer.from(bytes)),
    restock: (stock, fillRate) => store.restock({ ...(stock === undefined ? {} : { stock }), ...(fillRate === undefined ? {} : { fillRate }) }),
    applyFaults: (json) => {
      for (const [name, faults] of parseFaults(json)) byName(name).faults.set(...faults);
    },
    close: async () => {
      await Promise.all(kmes.map((kme) => kme.close()));
      await store.close();
    },
  };
}

async function startBoth([first, second]: readonly [KmeSetup, KmeSetup], group: Group): Promise<readonly [BenchKme, BenchKme]> {
  const one = await startKme(first, group);
  try {
    return [one, await startKme(second, group)];
  } catch (error) {
    await one.close();
    throw error;
  }
}

/** What KMEs need of a PKI that was made for them. Throws TypeError for a KME without a certificate. */
export async function setupsOf(pki: Pki, kmes: KmePairOptions['kmes']): Promise<KmeSetup[]> {
  const foreign = await pki.authority('foreign-ca', 'bench CA that signs nobody');
  const trust = { caFile: pki.kmeCa.certificateFile, clientCaFile: pki.clientCa.certificateFile, foreignCaFile: foreign.certificateFile };
  return kmes.map(({ name, ...own }) => {
    const server = pki.kmes.get(name);
    if (server === undefined) throw new TypeError(`the PKI has no certificate for KME ${name}`);
    return { name, server, ...trust, saeIds: [...pki.saes.keys()], otherCertificate: (kind) => otherCertificate(pki, name, kind), ...own };
  });
}

async function otherCertificate(pki: Pki, name: string, kind: CertificateKind): Promise<PairFiles> {
  if (kind !== 'renewed') return (await serverVariants(pki))[kind];
  return pki.issue(pki.kmeCa, { file: `${name}-renewed`, kind: 'server', commonName: name, alternativeNames: pki.names });
}
