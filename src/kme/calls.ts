// Makes the three calls: at which KMEs, with which certificate, repeated how (attempts.ts), and what is counted and
// logged of it. The certificate files are read anew for each call, since they may have been renewed in this run, and
// every exchange has a connection of its own.

import { inStep, within } from '../errors.ts';
import type { QkdError } from '../errors.ts';
import type { KmeSettings, KmeTimes } from '../inventory/inventory.ts';
import type { Log } from '../log.ts';
import type { DecKeysRequest, EncKeysRequest, KeySource, KmeKey } from '../workflow/ports.ts';
import { repeatedly } from './attempts.ts';
import type { Attempt, Repetition } from './attempts.ts';
import type { KmeClientOptions } from './client.ts';
import { checkDecKeysRequest, decKeys } from './dec-keys.ts';
import { edition1 } from './edition-1.ts';
import { checkAmount, encKeys } from './enc-keys.ts';
import type { GivenKeys } from './given-keys.ts';
import type { KmeAddress } from './kme-address.ts';
import type { KmeConnection } from './kme-exchange.ts';
import { ownTlsContext } from './own-certificate.ts';
import { status } from './status.ts';
import type { KmeCall } from './wire.ts';

export type Calls = Pick<KeySource, 'encKeys' | 'decKeys' | 'status'>;

export interface CallSurroundings {
  readonly settings: KmeSettings;
  readonly times: KmeTimes;
  readonly log: Log;
  readonly options: KmeClientOptions;
  /** Of settings.endpoints, in their order. */
  readonly addresses: readonly KmeAddress[];
  readonly given: GivenKeys;
}

/** Draws that a run may lose to answers that do not say what became of the key, before it leaves the stock alone. */
const MOST_LOST_DRAWS = 3;

/** A key or a status, and the KME that gave it. */
interface Got<T> {
  readonly value: T;
  readonly source: string;
}

/** The calls of one client. */
export function kmeCalls(around: CallSurroundings): Calls {
  // KMEs whose status was asked in this run, with the slave it was asked about.
  const consulted = new Set<string>();
  return {
    encKeys: (request) => drawKeys(around, request, consulted),
    decKeys: (request) => fetchKeys(around, request),
    status: async (otherSaeId) => (await perform(around, 'status', around.addresses, (kme, timeout) => status(kme, otherSaeId, timeout))).value,
  };
}

/** Draws in as many requests as the KME needs, within one deadline; at least one key, fewer than asked when a later request fails. */
async function drawKeys(around: CallSurroundings, request: EncKeysRequest, consulted: Set<string>): Promise<KmeKey[]> {
  const { settings, times, log, given } = around;
  checkAmount(request.number, request.size);
  const end = performance.now() + times.deadline * 1000;
  const keys: KmeKey[] = [];
  while (keys.length < request.number) {
    const number = Math.min(settings.quirks.keysPerRequest ?? request.number, request.number - keys.length);
    const deadline = Math.max(0.001, (end - performance.now()) / 1000);
    try {
      keys.push(...(await drawOnce({ ...around, times: { ...times, deadline } }, { ...request, number }, consulted)));
    } catch (error) {
      if (keys.length === 0) throw error;
      log.write('WARNING', 'kme', `${keys.length} keys instead of ${request.number}: ${(error as Error).message}`);
      break;
    }
  }
  const { received, lost } = given.drawn();
  log.write('INFO', 'kme', 'keys drawn', { kme: given.sourceOf(keys[0]?.keyId ?? ''), keys: keys.length, drawn: received, lost });
  return keys;
}

async function drawOnce(around: CallSurroundings, request: EncKeysRequest, consulted: Set<string>): Promise<KmeKey[]> {
  const { settings, options, addresses, log, given } = around;
  const { number, slaveSaeId, additionalSlaveSaeIds = [], onDrawn } = request;
  const wasted = (kme: string): number => {
    log.write('WARNING', 'kme', 'keys may be used up without a usable answer', { kme, keys: number });
    onDrawn?.(kme, { received: 0, lost: number });
    return given.countLost(number);
  };
  const { value, source } = await perform(around, 'enc_keys', among(addresses, request.kmes), async (kme, timeout) => {
    const { name } = kme.address;
    const topic = [name, slaveSaeId, ...additionalSlaveSaeIds].join('\0');
    const use = { mode: settings.status, ownSaeId: options.saeId, familiar: request.familiarKme === name || consulted.has(topic), onRead: () => void consulted.add(topic) };
    const result = await encKeys(kme, request, timeout, use);
    if (result.failed?.mayHaveDrawn !== true || wasted(name) < MOST_LOST_DRAWS) return result;
    return { failed: { ...result.failed, again: 'never' } };
  });
  try {
    given.takeDrawn(value, source);
  } catch (error) {
    wasted(source);
    throw within(`KME ${source}: enc_keys`, error);
  }
  onDrawn?.(source, { received: value.length, lost: 0 });
  return value;
}

async function fetchKeys(around: CallSurroundings, request: DecKeysRequest): Promise<KmeKey[]> {
  const at = among(around.addresses, request.kmes);
  await inStep(`KME ${at[0]?.name}: dec_keys`, async () => checkDecKeysRequest(request));
  const strict = around.settings.status === 'strict';
  const { value, source } = await perform(around, 'dec_keys', at, (kme, timeout) => decKeys(kme, request, timeout, strict));
  await inStep(`KME ${source}: dec_keys`, async () => around.given.takeFetched(value, source));
  return value;
}

/** The KMEs of these names; all of them when none is among ours. */
function among(addresses: readonly KmeAddress[], names: readonly string[] | undefined): readonly KmeAddress[] {
  const found = addresses.filter(({ name }) => names?.includes(name));
  return found.length === 0 ? addresses : found;
}

async function perform<T>(around: CallSurroundings, call: KmeCall, at: readonly KmeAddress[], once: (kme: KmeConnection, timeout: number) => Promise<Attempt<T>>): Promise<Got<T>> {
  const { settings, times, log, options } = around;
  // Our own files are no fault of the KME's: they are read before its name stands in front.
  const tls = await inStep(`certificates for KME ${at.map(({ name }) => name).join(', ')}`, () => ownTlsContext(settings, options.now?.()));
  const wire = edition1(settings);
  const onRepeat = ({ code, message }: QkdError, { from, to, seconds }: Repetition): void =>
    log.write('NOTICE', 'kme', 'will ask again', { kme: from, call, code, reason: message, ...(to === from ? {} : { at: to }), seconds: Number(seconds.toFixed(2)) });
  const contacts = at.map((address) => ({
    name: address.name,
    attempt: (timeout: number) =>
      inStep(`KME ${address.name}: ${call}`, async (): Promise<Attempt<Got<T>>> => {
        const { value, failed } = await once({ address, tls, settings, wire, log }, timeout);
        return failed === undefined ? { value: { value: value as T, source: address.name } } : { failed };
      }),
  }));
  return repeatedly({ call, times, firstPause: options.firstPause ?? 0.5, onRepeat }, contacts);
}
