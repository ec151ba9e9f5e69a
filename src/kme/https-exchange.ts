// One HTTP/1.1 exchange with a KME over mutual TLS, on a connection of its own: connect, verify the KME's
// certificate and name, send, read a bounded body, close. Nothing is reused: some KMEs answer a resumed TLS
// session with a fatal alert, and a resumed session would skip the check of the certificates. Proxies, redirects,
// compression and NODE_TLS_REJECT_UNAUTHORIZED have no part in it. What an answer means is left to the callers.

import { createHash, X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import type { ClientRequest, IncomingMessage } from 'node:http';
import { Agent, request as httpsRequest } from 'node:https';
import { checkServerIdentity as checkName } from 'node:tls';
import type { PeerCertificate, SecureContext } from 'node:tls';
import { oneLine, QkdError } from '../errors.ts';
import { brokenAnswer } from './broken-answer.ts';
import type { KmeAddress } from './kme-address.ts';
import { connectionError, wrongKey, wrongName } from './tls-errors.ts';

/** 128 keys of 1024 bits are about 27 KiB. */
export const MAX_ANSWER_BYTES = 64 * 1024;

export interface HttpsCall {
  readonly address: KmeAddress;
  readonly tls: SecureContext;
  /** Pins of which the KME's public key must fit one; empty: none. */
  readonly spki: readonly string[];
  readonly method: 'GET' | 'POST';
  readonly path: string;
  /** JSON text of a POST. */
  readonly body?: string | undefined;
  /** Seconds from the first packet to the last byte of the answer. */
  readonly timeout: number;
}

export interface HttpsAnswer {
  readonly status: number;
  /** Lower case, '' when there is none. */
  readonly contentType: string;
  readonly retryAfter: string | undefined;
  readonly date: string | undefined;
  /** May hold keys: to be overwritten after reading, never logged. */
  readonly body: Buffer;
}

export type Exchange =
  | { readonly answer: HttpsAnswer; readonly error?: undefined }
  | {
      readonly answer?: undefined;
      readonly error: QkdError;
      /** False only when not one byte of the request can have left: TLS was not yet established. */
      readonly sent: boolean;
      /** The KME closed an established connection without a word; refusing our certificate can look like that. */
      readonly closedUnanswered: boolean;
    };

interface Progress {
  sent: boolean;
  answering: boolean;
}

/** Carries out one exchange. Never throws; ends within `timeout`. */
export async function exchange(call: HttpsCall): Promise<Exchange> {
  const progress: Progress = { sent: false, answering: false };
  const expired = new AbortController();
  const timer = setTimeout(() => expired.abort(), call.timeout * 1000);
  let request: ClientRequest | undefined;
  try {
    request = send(call, progress);
    expired.signal.addEventListener('abort', () => request?.destroy(), { once: true });
    const [response] = (await once(request, 'response', { signal: expired.signal })) as [IncomingMessage];
    progress.answering = true;
    return { answer: await readAnswer(response) };
  } catch (error) {
    request?.destroy();
    return failure(error as Error, call, progress, expired.signal.aborted);
  } finally {
    clearTimeout(timer);
  }
}

function send(call: HttpsCall, progress: Progress): ClientRequest {
  const { address, body } = call;
  const request = httpsRequest({
    agent: new Agent({ keepAlive: false, maxCachedSessions: 0, secureContext: call.tls }),
    host: address.host,
    port: address.port,
    servername: address.serverName,
    rejectUnauthorized: true,
    checkServerIdentity: (_host, certificate) => checkServerIdentity(address.certificateName, call.spki, certificate),
    method: call.method,
    path: call.path,
    headers: {
      Host: address.name,
      Accept: 'application/json',
      'Accept-Encoding': 'identity',
      ...(body === undefined ? {} : { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) }),
    },
    maxHeaderSize: 16 * 1024,
    insecureHTTPParser: false,
  });
  // A socket may fail once more after its first error has been reported.
  request.on('error', () => undefined);
  request.once('socket', (socket) => socket.once('secureConnect', () => (progress.sent = true)));
  // Without a listener Node drops the connection and says nothing.
  request.once('upgrade', (_response, socket) => {
    socket.destroy();
    request.emit('error', brokenAnswer('answered 101 switching protocols, which was not asked for'));
  });
  request.end(body);
  return request;
}

/** What is wrong with a KME's certificate, apart from who signed it and when: its names, and its public key where some are pinned. */
export function checkServerIdentity(name: string, pins: readonly string[], certificate: PeerCertificate): Error | undefined {
  return checkServerName(name, certificate) ?? checkPublicKey(pins, certificate);
}

/** Node would fall back to the common name; RFC 9525 section 2 and every current TLS client do not. */
function checkServerName(name: string, certificate: PeerCertificate): Error | undefined {
  const names = certificate.subjectaltname;
  return names === undefined || checkName(name, certificate) !== undefined ? wrongName(name, names) : undefined;
}

/** The key of the KME's own certificate, as RFC 7469 section 2.4 pins it. */
function checkPublicKey(pins: readonly string[], certificate: PeerCertificate): Error | undefined {
  if (pins.length === 0) return undefined;
  const key = new X509Certificate(certificate.raw).publicKey.export({ type: 'spki', format: 'der' });
  const pin = createHash('sha256').update(key).digest('base64');
  return pins.includes(pin) ? undefined : wrongKey(pin);
}

async function readAnswer(response: IncomingMessage): Promise<HttpsAnswer> {
  const { headers, statusCode = 0 } = response;
  const encoding = headers['content-encoding'] ?? 'identity';
  if (encoding.toLowerCase() !== 'identity') throw brokenAnswer(`answered with content encoding ${oneLine(encoding, 40)}, which was not asked for`);
  if (Number(headers['content-length'] ?? 0) > MAX_ANSWER_BYTES) throw brokenAnswer(`answer is larger than ${MAX_ANSWER_BYTES} bytes`);
  return {
    status: statusCode,
    contentType: (headers['content-type'] ?? '').toLowerCase(),
    retryAfter: headers['retry-after'],
    date: headers.date,
    body: await readBody(response),
  };
}

async function readBody(response: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      length += chunk.length;
      if (length > MAX_ANSWER_BYTES) throw brokenAnswer(`answer is larger than ${MAX_ANSWER_BYTES} bytes`);
    }
    return Buffer.concat(chunks);
  } finally {
    for (const chunk of chunks) chunk.fill(0);
  }
}

function failure(error: NodeJS.ErrnoException, call: HttpsCall, progress: Progress, expired: boolean): Exchange {
  const { sent, answering } = progress;
  const closed = error.code === 'ECONNRESET' || error.code === 'EPIPE';
  return { error: explain(), sent, closedUnanswered: closed && sent && !answering };

  function explain(): QkdError {
    if (error instanceof QkdError) return error;
    if (expired) return timeoutError(call.timeout, sent);
    // The parser's error carries the packet it choked on, which may hold a key: no cause.
    if (error.code?.startsWith('HPE_')) return brokenAnswer(`answer is not HTTP: ${error.code}`);
    if (closed && answering) return new QkdError('kme-unreachable', 'connection lost in the middle of the answer', { hint: READ_LOG });
    if (closed && sent) return new QkdError('kme-unreachable', 'connection closed without an answer', { hint: READ_LOG });
    if (closed) return new QkdError('kme-unreachable', 'connection closed during the TLS handshake', { hint: READ_LOG, cause: error });
    return connectionError(error);
  }
}

const READ_LOG = 'check that the KME trusts our client certificate, then read the log of the KME';

function timeoutError(seconds: number, sent: boolean): QkdError {
  const limit = `${Number(seconds.toFixed(1))} s`;
  const hint = 'check the load of the KME, or raise system.kme.attempt_timeout in the inventory';
  if (sent) return new QkdError('deadline', `no complete answer within ${limit}`, { hint });
  return new QkdError('kme-unreachable', `no TLS connection within ${limit}`, { hint: 'check the KME address, port and route' });
}
