// Starts two bench KMEs that share keys, one for each end of a link. Stock, delays and limits are the pair's; faults
// are each KME's own.

import type { Pki } from '../pki/pki.ts';
import type { Limits } from './key-request.ts';
import { parseFaults } from './faults.ts';
import { KeyStore } from './key-store.ts';
import type { KeyStoreOptions } from './key-store.ts';
import { startKme } from './kme.ts';
import type { BenchKme, KmeSetup } from './kme.ts';

export interface KmePairOptions {
  /** Made with these KME names and SAE IDs (pki.ts). */
  readonly pki: Pki;
  /** The two KMEs; each has a certificate in the PKI. A KME serves every SAE of the PKI unless told which. */
  readonly kmes: readonly ({ readonly name: string } & Partial<Pick<KmeSetup, 'saeIds' | 'port' | 'tls'>>)[];
  readonly store?: Partial<KeyStoreOptions>;
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
  /** Keys that can be drawn from now on; undefined: without end. */
  restock(stock: number | undefined): void;
  /** Replaces the faults of each KME that is named: `{"kme-a": [{"fault": "hang"}]}`. Throws TypeError. */
  applyFaults(json: unknown): void;
  close(): Promise<void>;
}

const LIMITS: Limits = { keySize: 256, minKeySize: 64, maxKeySize: 1024, maxKeyPerRequest: 128, maxSaeIdCount: 8 };

/** Starts every KME on a port of 127.0.0.1. */
export async function startKmePair(options: KmePairOptions): Promise<KmePair> {
  const store = new KeyStore({ propagationDelay: 0, retention: 3600, stock: undefined, now: Date.now, ...options.store });
  const { pki } = options;
  const foreign = await pki.authority('foreign-ca', 'bench CA that signs nobody');
  const setups = options.kmes.map(({ name, ...own }): KmeSetup => {
    const server = pki.kmes.get(name);
    if (server === undefined) throw new TypeError(`the PKI has no certificate for KME ${name}`);
    const trust = { caFile: pki.kmeCa.certificateFile, clientCa: pki.clientCa, foreignCaFile: foreign.certificateFile };
    return { name, server, ...trust, saeIds: [...pki.saes.keys()], ...own };
  });
  const group = { store, limits: { ...LIMITS, ...options.limits }, members: setups };
  const [first, second, ...others] = setups;
  if (first === undefined || second === undefined || others.length > 0) throw new TypeError('a pair has two KMEs');
  const kmes = [await startKme(first, group), await startKme(second, group)] as const;
  const byName = (name: string): BenchKme => {
    const found = kmes.find((kme) => kme.name === name);
    if (found === undefined) throw new TypeError(`no KME ${name} on this bench`);
    return found;
  };
  return {
    kmes,
    kme: byName,
    deliveredCount: () => store.delivered,
    issuedKeys: () => store.issuedKeys(),
    restock: (stock) => store.restock(stock),
    applyFaults: (json) => {
      for (const [name, faults] of parseFaults(json)) byName(name).faults.set(...faults);
    },
    close: async () => {
      await Promise.all(kmes.map((kme) => kme.close()));
    },
  };
}
