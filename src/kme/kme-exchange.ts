// One attempt of one call at one KME: the exchange, and the answer sorted into a body (200 and JSON), a refusal of
// the KME, or a broken connection; what may be asked again; what may have used a key up. Shared by all three calls.

import type { SecureContext } from 'node:tls';
import { oneLine, QkdError } from '../errors.ts';
import type { KmeSettings } from '../inventory/inventory.ts';
import type { Log } from '../log.ts';
import { retryAfterSeconds } from './attempts.ts';
import type { Attempt } from './attempts.ts';
import { refusalOf } from './http-errors.ts';
import type { Again } from './http-errors.ts';
import { exchange } from './https-exchange.ts';
import type { HttpsAnswer } from './https-exchange.ts';
import type { KmeAddress } from './kme-address.ts';
import type { KmeCall, Wire, WireRequest } from './wire.ts';

/** One KME, ready to be asked. */
export interface KmeConnection {
  readonly address: KmeAddress;
  readonly tls: SecureContext;
  readonly settings: Pick<KmeSettings, 'spki' | 'quirks'>;
  readonly wire: Wire;
  readonly log: Log;
}

/** Sends `request` once and gives `read` the body of a 200 answer, which is overwritten afterwards; `timeout` in seconds. */
export async function attempt<T>(kme: KmeConnection, request: WireRequest, timeout: number, read: (body: Buffer) => T): Promise<Attempt<T>> {
  const { call, method } = request;
  const path = kme.address.prefix + request.target;
  kme.log.write('DEBUG', 'kme', 'request', { kme: kme.address.name, method, path });
  const end = performance.now() + timeout * 1000;
  const result = await exchange({ address: kme.address, tls: kme.tls, spki: kme.settings.spki, method, path, body: request.body, timeout });
  if (result.answer === undefined) {
    const { error, sent } = result;
    const secondsLeft = (end - performance.now()) / 1000;
    const mayHaveDrawn = sent && call === 'enc_keys';
    const refused = result.closedUnanswered && (await refusesEveryone(kme, request.otherSaeId, secondsLeft));
    // The refusal is a conclusion, not an answer: a KME that breaks down after it drew a key looks the same.
    if (refused) return { failed: { error: refusedCertificate(error), again: 'never', mayHaveDrawn, final: mayHaveDrawn } };
    return { failed: { error, again: repeatable(error, sent, call), mayHaveDrawn } };
  }
  const { answer } = result;
  kme.log.write('DEBUG', 'kme', 'answer', { kme: kme.address.name, call, status: answer.status, bytes: answer.body.length });
  try {
    return accept(kme, answer, call, read);
  } finally {
    answer.body.fill(0);
  }
}

function accept<T>(kme: KmeConnection, answer: HttpsAnswer, call: KmeCall, read: (body: Buffer) => T): Attempt<T> {
  const { quirks } = kme.settings;
  // Not 503, which says that none was given; any other error may come from something before a KME that did give one.
  const unclear = answer.status < 300 || (answer.status >= 500 && answer.status !== 503);
  if (answer.status !== 200) {
    return { failed: { ...refusalOf(answer, call, quirks), wait: retryAfterSeconds(answer), mayHaveDrawn: unclear && call === 'enc_keys' } };
  }
  try {
    checkContent(answer, quirks.contentTypes);
    return { value: read(answer.body) };
  } catch (error) {
    if (error instanceof QkdError) return { failed: { error, again: 'never', mayHaveDrawn: call === 'enc_keys' } };
    throw error;
  }
}

function checkContent({ contentType, body }: HttpsAnswer, others: readonly string[]): void {
  const [type = ''] = contentType.split(';', 1).map((text) => text.trim());
  // A few KMEs send no type at all; the strict reading of the body decides then.
  if (type !== '' && !/^application\/(?:[\w.+-]+\+)?json$/.test(type) && !others.includes(type)) {
    throw new QkdError('kme-answer', `answered with ${oneLine(contentType, 80)} instead of JSON`, { hint: 'check the KME url' });
  }
  if (body.length === 0) throw new QkdError('kme-answer', 'answered with an empty body', { hint: 'check the KME url' });
}

function repeatable(error: QkdError, sent: boolean, call: KmeCall): Again {
  if (error.code !== 'kme-unreachable' && error.code !== 'deadline') return 'never';
  // A key of an enc_keys whose answer is lost is lost too; asking again would use up another one.
  return sent && call === 'enc_keys' ? 'never' : 'later';
}

/**
 * A KME that checks client certificates only after the TLS 1.3 handshake may close without an alert, which looks like
 * a lost connection. A status request has no effect (clause 6.1) and tells the two apart: it is closed just the same.
 */
async function refusesEveryone(kme: KmeConnection, otherSaeId: string, timeout: number): Promise<boolean> {
  if (timeout <= 0) return false;
  const path = kme.address.prefix + kme.wire.status(otherSaeId).target;
  const result = await exchange({ address: kme.address, tls: kme.tls, spki: kme.settings.spki, method: 'GET', path, timeout });
  result.answer?.body.fill(0);
  return result.answer === undefined && (result.closedUnanswered || result.error.code === 'kme-refused-us');
}

function refusedCertificate(error: QkdError): QkdError {
  const hint = 'check that the KME trusts the CA of our client certificate and that the certificate is current';
  const message = 'the KME closes every connection after the handshake, as one does that refuses our certificate';
  return new QkdError('kme-refused-us', message, { hint, cause: error });
}
