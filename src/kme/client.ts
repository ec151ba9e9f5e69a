// The KME client: `KeySource` of workflow/ports.ts. Between calls it keeps only what it drew: counts, which KME gave
// which key, and fingerprints under a random key, so that a key that comes twice is seen. How calls are made is
// calls.ts, which is loaded with the first one: a run that needs no key never loads TLS.

import type { KmeSettings, KmeTimes } from '../inventory/inventory.ts';
import type { Log } from '../log.ts';
import type { KeySource } from '../workflow/ports.ts';
import type { Calls } from './calls.ts';
import { GivenKeys } from './given-keys.ts';
import { kmeAddress } from './kme-address.ts';

export interface KmeClientOptions {
  /** Milliseconds since 1970: lets our own certificate's dates be checked before it is shown. */
  readonly now?: () => number;
  /** Seconds before a call is first repeated; default 0.5. */
  readonly firstPause?: number;
  /** Our SAE ID in the inventory, to be compared with what a KME's status calls us. */
  readonly saeId?: string;
}

/**
 * The KMEs of one SAE. Calls throw the `kme-*` codes, `certificate` (our files), `deadline`; making the client throws
 * `inventory` on a URL that cannot be used. Nothing needs to be closed.
 */
export function kmeClient(settings: KmeSettings, times: KmeTimes, log: Log, options: KmeClientOptions = {}): KeySource {
  const addresses = settings.endpoints.map(kmeAddress);
  const given = new GivenKeys();
  let loaded: Promise<Calls> | undefined;
  const calls = (): Promise<Calls> => (loaded ??= import('./calls.ts').then((module) => module.kmeCalls({ settings, times, log, options, addresses, given })));
  return {
    name: addresses[0]?.name ?? '',
    encKeys: async (request) => (await calls()).encKeys(request),
    decKeys: async (request) => (await calls()).decKeys(request),
    status: async (otherSaeId) => (await calls()).status(otherSaeId),
    drawn: () => given.drawn(),
    sourceOf: (keyId) => given.sourceOf(keyId),
  };
}
