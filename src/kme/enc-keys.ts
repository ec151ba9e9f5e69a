// enc_keys, "Get key" (ETSI GS QKD 014 clauses 5.2 and 6.2): the master draws new keys. Each call that reaches the
// KME may use keys up, so it is repeated only after a connection that was never established or an answer that says
// that no key was given, and never after an answer that was lost. The KME's status is asked before a KME is used for
// the first time (or always, where the inventory is strict), and to explain a refusal.

import { QkdError } from '../errors.ts';
import type { EncKeysRequest, KmeKey } from '../workflow/ports.ts';
import type { Attempt } from './attempts.ts';
import { attempt } from './kme-exchange.ts';
import type { KmeConnection } from './kme-exchange.ts';
import { judgeStatus } from './judge-status.ts';
import type { StatusUse } from './judge-status.ts';
import { status } from './status.ts';

/** One enc_keys, with the status request that may go before or behind it, in `timeout` seconds. */
export async function encKeys(kme: KmeConnection, request: EncKeysRequest, timeout: number, use: StatusUse): Promise<Attempt<KmeKey[]>> {
  const end = performance.now() + timeout * 1000;
  const secondsLeft = (): number => Math.max(0.001, (end - performance.now()) / 1000);
  const first = use.mode === 'strict' || (use.mode === 'advice' && !use.familiar);
  if (first) {
    const stop = await consult(kme, request, secondsLeft(), use);
    if (stop !== undefined) return { failed: stop };
  }
  const asked = { number: request.number, size: request.size, mayHaveMore: false };
  const drawn = await attempt(kme, kme.wire.encKeys(request), secondsLeft(), (body) => kme.wire.readKeys(body, asked));
  if (drawn.failed?.error.code !== 'kme-request' || first || use.mode === 'off') return drawn;
  // What the KME calls a bad request, its status may say in numbers.
  const why = await consult(kme, request, secondsLeft(), use);
  return why?.contradiction === true ? { failed: why } : drawn;
}

type Stop = NonNullable<Attempt<never>['failed']> & { readonly contradiction: boolean };

/** What in the status, or in the lack of one, speaks against drawing; undefined: nothing that counts in this mode. */
async function consult(kme: KmeConnection, request: EncKeysRequest, timeout: number, use: StatusUse): Promise<Stop | undefined> {
  const { value, failed } = await status(kme, request.slaveSaeId, timeout);
  if (value === undefined) return use.mode === 'strict' || isOfConnection(failed.error) ? { ...failed, contradiction: false } : ignored(kme, failed.error);
  use.onRead();
  try {
    for (const doubt of judgeStatus(value, request, use)) kme.log.write('WARNING', 'kme', `status: ${doubt}`, { kme: kme.address.name });
    return undefined;
  } catch (error) {
    if (!(error instanceof QkdError)) throw error;
    return { error, again: error.code === 'kme-unavailable' ? 'later' : 'never', contradiction: true };
  }
}

/** enc_keys would fail in the same way. */
function isOfConnection(error: QkdError): boolean {
  return error.code === 'kme-unreachable' || error.code === 'kme-identity' || error.code === 'kme-refused-us' || error.code === 'deadline';
}

function ignored(kme: KmeConnection, error: QkdError): undefined {
  kme.log.write('WARNING', 'kme', `no use of its status: ${error.message}`, { kme: kme.address.name });
  return undefined;
}

/** A number of keys and a size in bits that the interface can express in octets. Throws `internal`. */
export function checkAmount(number: number, size: number): void {
  if (!Number.isSafeInteger(number) || number < 1) throw new QkdError('internal', 'number of keys is not a positive integer');
  if (!Number.isSafeInteger(size) || size < 8 || size % 8 !== 0) throw new QkdError('internal', 'size is not a multiple of 8 bits');
}
