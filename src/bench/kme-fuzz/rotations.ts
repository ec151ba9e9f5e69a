// Rotations of a master and a slave through the bench's KME pair, both clients real, with faults at either KME in
// half of them. What either end would install is compared: same CKN, same CAK, of the right length, never used before;
// and the keys that the master's KME gave out must be those that its client has counted, and no more than were wanted.

import { QkdError } from '../../errors.ts';
import type { Link } from '../../inventory/inventory.ts';
import { kmeClient } from '../../kme/client.ts';
import { endpoint, kmeSettings } from '../../kme/test-settings.ts';
import { keyChainCak, keyChainCkn } from '../../workflow/key-material.ts';
import type { KeySource, KmeKey } from '../../workflow/ports.ts';
import type { Fault } from '../kme/fault-kinds.ts';
import type { KmePair } from '../kme/start-kme-pair.ts';
import type { PairFiles, Pki } from '../pki/pki.ts';
import { Random } from '../simulation/random.ts';

export interface RotationsResult {
  readonly installed: number;
  /** Failures of either end by code. */
  readonly failed: ReadonlyMap<string, number>;
  /** Keys that the KMEs made, and what the master's clients counted of them. */
  readonly issued: number;
  readonly received: number;
  readonly lost: number;
  readonly complaints: readonly string[];
}

const SIZE = 256;
const CONTEXT = { link: { name: 'm-s', cipherSuite: 'gcm-aes-xpn-256', cak: 'derived' } as Link, masterSae: 'm', slaveSaes: ['s'] };
const TIMES = { attemptTimeout: 20, deadline: 20, propagationAttempts: 3 };
/** A run of the program draws a few keys; the next one begins with a new client. */
const ROTATIONS_PER_RUN = 3;
/** In this run both KMEs give the same bits under every key_ID: the first such key is a key like any other. */
const RUN_OF_SAME_BYTES = 7;

/**
 * Faults of one request each. Not silence, which only costs time, nor a KME that gives other bits under the right
 * key_ID: no client can see that, and the routers' MKA does (the first such key has no live peer).
 */
function aFault(random: Random): Fault {
  return random.pick<Fault>([
    { fault: 'reset' }, { fault: 'garbage' }, { fault: 'html' }, { fault: 'other-key-id' }, { fault: 'duplicate-key' },
    { fault: 'reorder' }, { fault: 'extra-fields' }, { fault: 'key-gone' }, { fault: 'gone-401' }, { fault: 'key-expired' }, { fault: 'stock-empty' },
    { fault: 'key-length', bytes: random.pick([0, 1, 16, 31, 33, 64, 128]) }, { fault: 'html-error', status: random.pick([400, 404, 500, 502, 503]) },
    { fault: 'slow', milliseconds: random.integer(1, 20) }, { fault: 'answer', status: random.pick([200, 204, 400, 401, 403, 404, 409, 429, 500, 503]), headers: { 'Retry-After': '0' } },
  ]);
}

interface Ends {
  readonly pki: Pki;
  /** KMEs a (of SAE m) and b (of SAE s). */
  readonly pair: KmePair;
}

/** Rotates so often, with the faults that `seed` makes. */
export async function rotateWithFaults(ends: Ends, options: { readonly seed: number; readonly rotations: number }): Promise<RotationsResult> {
  const random = new Random(options.seed);
  const failed = new Map<string, number>();
  const complaints: string[] = [];
  const used = new Set<string>();
  let [installed, received, lost] = [0, 0, 0];
  for (let done = 0; done < options.rotations; done += ROTATIONS_PER_RUN) {
    const [master, slave] = [client(ends, 'a', 'm'), client(ends, 'b', 's')];
    for (let n = 0; n < Math.min(ROTATIONS_PER_RUN, options.rotations - done); n++) {
      const isSame = done === RUN_OF_SAME_BYTES * ROTATIONS_PER_RUN;
      for (const kme of ends.pair.kmes) kme.faults.set(...(isSame ? [{ fault: 'same-bytes', times: 'always' } as const] : random.chance(0.3) ? Array.from({ length: random.integer(1, 3) }, () => aFault(random)) : []));
      const number = isSame ? 1 : random.integer(1, 3);
      const before = ends.pair.issuedKeys().length;
      try {
        await rotate(master, slave, { number, used, complaints });
        installed += number;
      } catch (error) {
        if (!(error instanceof QkdError) || error.code === 'internal') complaints.push(`rotation ${done + n}: ${String(error)}`);
        else failed.set(error.code, (failed.get(error.code) ?? 0) + 1);
      }
      const made = ends.pair.issuedKeys().length - before;
      if (made > number) complaints.push(`rotation ${done + n}: ${made} keys drawn for ${number}`);
    }
    received += master.drawn().received;
    lost += master.drawn().lost;
  }
  return { installed, failed, issued: ends.pair.issuedKeys().length, received, lost, complaints };
}

function client({ pki, pair }: Ends, kme: 'a' | 'b', sae: 'm' | 's'): KeySource {
  const { url, caFile } = pair.kme(kme);
  const log = { write: (): void => undefined };
  return kmeClient(kmeSettings([endpoint(url)], { caFile, ...(pki.saes.get(sae) as PairFiles) }, { status: 'advice' }), TIMES, log, { firstPause: 0.001, saeId: sae });
}

/** One rotation, of so many keys in one commit. What is wrong with what either end would install goes to `complaints`, also when the rotation fails. */
async function rotate(master: KeySource, slave: KeySource, { number, used, complaints }: { number: number; used: Set<string>; complaints: string[] }): Promise<void> {
  const drawn = await master.encKeys({ slaveSaeId: 's', number, size: SIZE });
  if (drawn.length !== number) complaints.push(`${drawn.length} keys drawn of ${number}`);
  for (const key of drawn) {
    if (key.key.length * 8 !== SIZE) complaints.push(`${key.keyId}: a key of ${key.key.length} bytes`);
    for (const name of [keyChainCkn(CONTEXT, key.keyId), key.key.revealHex()]) {
      if (used.has(name)) complaints.push(`${key.keyId}: used before`);
      used.add(name);
    }
  }
  const fetched = await slave.decKeys({ masterSaeId: 'm', keyIds: drawn.map(({ keyId }) => keyId), size: SIZE });
  const [here, there] = [drawn, fetched].map((keys) => keys.map(installable));
  if (JSON.stringify(here) !== JSON.stringify(there)) complaints.push(`${drawn.map(({ keyId }) => keyId).join()}: other CKNs or CAKs at the slave`);
}

function installable(key: KmeKey): { ckn: string; cak: string } {
  return { ckn: keyChainCkn(CONTEXT, key.keyId), cak: keyChainCak(CONTEXT, key).revealText() };
}
