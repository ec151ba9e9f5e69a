// One attempt of one call: our certificate, the exchange, and the answer sorted into a body (200 and JSON), a
// refusal of the KME, or a broken connection. Shared by enc-keys.ts and dec-keys.ts, which read the body.

import type { SecureContext } from 'node:tls';
import { oneLine, QkdError } from '../errors.ts';
import type { Log } from '../log.ts';
import { retryAfterSeconds } from './attempts.ts';
import type { Attempt } from './attempts.ts';
import { refusalOf } from './http-errors.ts';
import type { Again } from './http-errors.ts';
import { exchange } from './https-exchange.ts';
import type { HttpsAnswer } from './https-exchange.ts';
import { requestPath } from './kme-address.ts';
import type { KmeAddress, KmeCall } from './kme-address.ts';

export interface KmeConnection {
  readonly address: KmeAddress;
  readonly tls: SecureContext;
  readonly log: Log;
}

export interface KmeRequest {
  readonly call: KmeCall;
  /** The SAE at the other side. */
  readonly saeId: string;
  /** Query of a GET, without `?`. */
  readonly query?: string;
  /** Body of a POST; undefined makes the request a GET. */
  readonly body?: object;
}

/** Sends `request` once and gives `read` the body of a 200 answer, which is overwritten afterwards. */
export async function attempt<T>(kme: KmeConnection, request: KmeRequest, timeout: number, read: (body: Buffer) => T): Promise<Attempt<T>> {
  const path = requestPath(kme.address, request.saeId, request.call) + (request.query === undefined ? '' : `?${request.query}`);
  const body = request.body === undefined ? undefined : JSON.stringify(request.body);
  const method = body === undefined ? 'GET' : 'POST';
  kme.log.write('DEBUG', 'kme', 'request', { kme: kme.address.name, method, path });
  const end = performance.now() + timeout * 1000;
  const result = await exchange({ address: kme.address, tls: kme.tls, method, path, body, timeout });
  if (result.answer === undefined) {
    const closed = result.closedUnanswered && (await refusesEveryone(kme, request, (end - performance.now()) / 1000));
    const again: Again = closed ? 'never' : repeatable(result.error, result.sent, request.call);
    return { failed: { error: closed ? refusedCertificate(result.error) : result.error, again } };
  }
  const { answer } = result;
  kme.log.write('DEBUG', 'kme', 'answer', { kme: kme.address.name, call: request.call, status: answer.status, bytes: answer.body.length });
  try {
    return accept(answer, request.call, read);
  } finally {
    answer.body.fill(0);
  }
}

function accept<T>(answer: HttpsAnswer, call: KmeCall, read: (body: Buffer) => T): Attempt<T> {
  if (answer.status !== 200) return { failed: { ...refusalOf(answer, call), wait: retryAfterSeconds(answer) } };
  try {
    // A few KMEs send no type at all; the strict reading of the body decides then.
    if (answer.contentType !== '' && !/^application\/(?:[\w.+-]+\+)?json *(?:;|$)/.test(answer.contentType)) {
      throw new QkdError('kme-answer', `answered with ${oneLine(answer.contentType, 80)} instead of JSON`, { hint: 'check the KME url' });
    }
    if (answer.body.length === 0) throw new QkdError('kme-answer', 'answered with an empty body', { hint: 'check the KME url' });
    return { value: read(answer.body) };
  } catch (error) {
    if (error instanceof QkdError) return { failed: { error, again: 'never' } };
    throw error;
  }
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
async function refusesEveryone(kme: KmeConnection, request: KmeRequest, timeout: number): Promise<boolean> {
  if (timeout <= 0) return false;
  const path = requestPath(kme.address, request.saeId, 'status');
  const result = await exchange({ address: kme.address, tls: kme.tls, method: 'GET', path, timeout });
  result.answer?.body.fill(0);
  return result.answer === undefined && (result.closedUnanswered || result.error.code === 'kme-refused-us');
}

function refusedCertificate(error: QkdError): QkdError {
  const hint = 'check that the KME trusts the CA of our client certificate and that the certificate is current';
  const message = 'the KME closes every connection after the handshake, as one does that refuses our certificate';
  return new QkdError('kme-refused-us', message, { hint, cause: error });
}
