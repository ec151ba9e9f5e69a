// The KME client: `KeySource` of workflow/ports.ts over ETSI GS QKD 014 V1.1.1. It holds no state between calls:
// each reads the certificate files anew (they may have been renewed in this run) and uses connections of its own.
// Which answers are repeated is written in enc-keys.ts, dec-keys.ts and http-errors.ts.

import { inStep } from '../errors.ts';
import type { QkdError } from '../errors.ts';
import type { KmeSettings, KmeTimes } from '../inventory/inventory.ts';
import type { Log } from '../log.ts';
import type { DecKeysRequest, EncKeysRequest, KeySource, KmeKey } from '../workflow/ports.ts';
import { repeatedly } from './attempts.ts';
import type { Attempt } from './attempts.ts';
import { decKeys } from './dec-keys.ts';
import { encKeys } from './enc-keys.ts';
import { kmeAddress } from './kme-address.ts';
import type { KmeCall } from './kme-address.ts';
import type { KmeConnection } from './kme-exchange.ts';
import { ownTlsContext } from './own-certificate.ts';

export interface KmeClientOptions {
  /** Milliseconds since 1970: lets our own certificate's dates be checked before it is shown. */
  readonly now?: () => number;
  /** Seconds before a call is first repeated; default 0.5. */
  readonly firstPause?: number;
}

/**
 * The KME of one SAE. Calls throw the `kme-*` codes, `certificate` (our files), `deadline`; making the client throws
 * `inventory` on a URL that cannot be used. Nothing needs to be closed.
 */
export function kmeClient(settings: KmeSettings, times: KmeTimes, log: Log, options: KmeClientOptions = {}): KeySource {
  const address = kmeAddress(settings);

  async function perform(call: KmeCall, once: (kme: KmeConnection, timeout: number) => Promise<Attempt<KmeKey[]>>): Promise<KmeKey[]> {
    // Our own files are no fault of the KME's: they are read before its name stands in front.
    const tls = await inStep(`certificates for KME ${address.name}`, () => ownTlsContext(settings, options.now?.()));
    return inStep(`KME ${address.name}: ${call}`, async () => {
      const kme: KmeConnection = { address, tls, log };
      const onRepeat = (error: QkdError, seconds: number): void => {
        log.write('NOTICE', 'kme', 'will ask again', { kme: address.name, call, code: error.code, reason: error.message, seconds: Number(seconds.toFixed(2)) });
      };
      return repeatedly({ times, firstPause: options.firstPause ?? 0.5, onRepeat }, (timeout) => once(kme, timeout));
    });
  }

  return {
    name: address.name,
    encKeys: (request: EncKeysRequest) => perform('enc_keys', (kme, timeout) => encKeys(kme, request, timeout)),
    decKeys: (request: DecKeysRequest) => perform('dec_keys', (kme, timeout) => decKeys(kme, request, timeout)),
  };
}
