// One HTTPS request over mutual TLS, without any of our client's rules: what tests ask a bench KME with.

import { readFileSync } from 'node:fs';
import type { IncomingHttpHeaders } from 'node:http';
import { Agent, request as httpsRequest } from 'node:https';
import type { PairFiles } from '../pki/pki.ts';

export interface PlainRequest {
  /** POST with a body, GET without, unless given. */
  readonly method?: string;
  readonly body?: string | object;
  /** Content type of the body; JSON unless given. */
  readonly type?: string;
  readonly pair?: PairFiles;
  /** For resumed TLS sessions; a fresh one unless given. */
  readonly agent?: Agent;
}

export interface PlainAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** The body when it is an object, else empty. */
  readonly json: { readonly message?: string; readonly keys?: readonly { readonly key_ID: string; readonly key: string }[] };
}

/** TLS options of a client with this certificate. */
export function tlsOf(files: PairFiles, caFile: string): { cert: Buffer; key: Buffer; ca: Buffer } {
  return { cert: readFileSync(files.certificateFile), key: readFileSync(files.keyFile), ca: readFileSync(caFile) };
}

type Target = { readonly port: number; readonly path: string; readonly caFile: string; readonly pair: PairFiles };

/** Sends one request to 127.0.0.1; rejects when the connection fails. */
export function plainRequest(asked: Target & PlainRequest): Promise<PlainAnswer> {
  const body = typeof asked.body === 'object' ? JSON.stringify(asked.body) : asked.body;
  const { port, path } = asked;
  const method = asked.method ?? (body === undefined ? 'GET' : 'POST');
  const headers = body === undefined ? {} : { 'Content-Type': asked.type ?? 'application/json', 'Content-Length': Buffer.byteLength(body) };
  const agent = asked.agent ?? new Agent({ keepAlive: false, maxCachedSessions: 0 });
  return new Promise((resolve, reject) => {
    const request = httpsRequest({ host: '127.0.0.1', port, path, method, headers, agent, ...tlsOf(asked.pair, asked.caFile) }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString();
        const json = text.startsWith('{') ? (JSON.parse(text) as PlainAnswer['json']) : {};
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text, json });
      });
    });
    request.on('error', reject);
    request.end(body);
  });
}
