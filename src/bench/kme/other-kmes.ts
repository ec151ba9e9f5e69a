// KMEs that somebody else runs, in place of a bench's own pair: scripts/kme, the reference implementation, real ones. The
// bench knows their addresses, and a folder with the certificates of its routers as SAEs and the CA of the KMEs; their
// keys, faults and certificates are not its business.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Authority, PairFiles, Pki } from '../pki/pki.ts';
import { Faults } from './faults.ts';
import type { BenchKme } from './kme.ts';
import { KmeUsageError } from './kme-folder.ts';
import type { KmePair } from './start-kme-pair.ts';

export interface OtherKmes {
  /** Base URLs: that of the first KME, that of the second. */
  readonly urls: readonly [string, string];
  /** Folder with root.crt (or kme-ca.crt), and SAE.crt and SAE.key for each SAE. */
  readonly pki: string;
}

/** Reads `URL,URL`. Throws KmeUsageError. */
export function readKmeUrls(text: string): OtherKmes['urls'] {
  const [first, second, ...more] = text.split(',');
  const isBase = (url: string | undefined): url is string => url !== undefined && URL.canParse(url) && /^https:$/.test(new URL(url).protocol) && new URL(url).search === '';
  if (!isBase(first) || !isBase(second) || more.length > 0) throw new KmeUsageError(`--kme ${JSON.stringify(text)} is not https://HOST:PORT,https://HOST:PORT`);
  return [first, second];
}

/** A pair and a PKI as a bench wants them. Throws KmeUsageError for a file that is missing. */
export function otherKmes({ urls, pki: folder }: OtherKmes, names: readonly [string, string], saes: readonly string[]): { readonly kmes: KmePair; readonly pki: Pki } {
  const caFile = existing(folder, existsSync(join(folder, 'root.crt')) ? 'root.crt' : 'kme-ca.crt');
  const refuse = (): never => {
    throw new TypeError('this KME is not of this bench: set faults and certificates where it runs');
  };
  const kme = (index: 0 | 1): BenchKme => {
    const url = urls[index].replace(/\/+$/, '');
    return { name: names[index], url, port: Number(new URL(url).port || 443), caFile, faults: new Faults(refuse), requests: [], present: refuse, close: async () => undefined };
  };
  const kmes = [kme(0), kme(1)] as const;
  const byName = (name: string): BenchKme => kmes.find((one) => one.name === name) ?? refuse();
  const pair = { kmes, kme: byName, deliveredCount: refuse, issuedKeys: () => [], restock: refuse, applyFaults: refuse, close: async () => undefined };
  const pairs = saes.map((sae): [string, PairFiles] => [sae, { certificateFile: existing(folder, `${sae}.crt`), keyFile: existing(folder, `${sae}.key`) }]);
  const ca = { certificateFile: caFile, keyFile: '' } as Authority;
  return { kmes: pair, pki: { folder, kmeCa: ca, clientCa: ca, kmes: new Map(), saes: new Map(pairs), names: {}, authority: refuse, issue: refuse } };
}

function existing(folder: string, name: string): string {
  const file = join(folder, name);
  try {
    readFileSync(file);
  } catch (error) {
    throw new KmeUsageError(`cannot read ${file}: ${(error as NodeJS.ErrnoException).code}; --pki wants root.crt, and a certificate and key for each router`);
  }
  return file;
}
