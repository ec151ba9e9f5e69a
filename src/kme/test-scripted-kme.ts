// KMEs that say exactly what a test wants, over real mutual TLS, with a PKI for them and for one SAE.

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:https';
import type { ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SecureContextOptions } from 'node:tls';
import { afterAll, beforeAll, beforeEach } from 'vitest';
import { makePki } from '../bench/pki/pki.ts';
import type { PairFiles, Pki } from '../bench/pki/pki.ts';
import type { KmeEndpoint, KmeSettings, KmeTimes } from '../inventory/inventory.ts';
import type { Log } from '../log.ts';
import type { KeySource } from '../workflow/ports.ts';
import { kmeClient } from './client.ts';
import { endpoint, kmeSettings } from './test-settings.ts';

export interface Said {
  readonly status?: number;
  readonly type?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string | Buffer | object;
  /** Written by hand instead. */
  readonly raw?: (response: ServerResponse) => void;
}

export interface ScriptedKme {
  readonly url: string;
  /** `GET /path?query` or `POST /path {body}`, in order. */
  readonly requests: readonly string[];
  /** Client certificates' common names, in order. */
  readonly callers: readonly string[];
  /** Sets what is said: by the function, or one after the other, the last one for ever. */
  say(...answers: (Said | ((request: string) => Said))[]): void;
  close(): Promise<void>;
}

export interface ScriptedBed {
  readonly pki: Pki;
  readonly sae: PairFiles;
  /** Every line that clients have logged. */
  readonly lines: string[];
  kme(server?: PairFiles, tls?: SecureContextOptions): Promise<ScriptedKme>;
  client(endpoints: readonly (ScriptedKme | KmeEndpoint)[], more?: Partial<KmeSettings>, times?: Partial<KmeTimes>): KeySource;
  close(): Promise<void>;
}

export const KEY = Buffer.from('2b7e151628aed2a6abf7158809cf4f3c762e7160f38b4da56a784d9045190cfe', 'hex');
export const KEY_ID = 'eb54c2cc-4419-bf37-4910-79dcf59d9c4a';

/** A Key container with these keys, the usual one unless given. */
export function container(...keys: object[]): object {
  return { keys: keys.length === 0 ? [{ key_ID: KEY_ID, key: KEY.toString('base64') }] : keys };
}

/** A Status with nothing wrong for SAE "sae" and slave "peer". */
export function goodStatus(more: object = {}): object {
  return {
    source_KME_ID: 'KME-A', target_KME_ID: 'KME-B', master_SAE_ID: 'sae', slave_SAE_ID: 'peer', key_size: 256,
    stored_key_count: 25_000, max_key_count: 100_000, max_key_per_request: 128, max_key_size: 1024, min_key_size: 64, max_SAE_ID_count: 2, ...more,
  };
}

export async function scriptedBed(): Promise<ScriptedBed> {
  const folder = mkdtempSync(join(tmpdir(), 'qkd-scripted-'));
  const pki = await makePki(folder, { kmes: ['kme', 'other'], saes: ['sae', 'peer'] });
  const lines: string[] = [];
  const log: Log = { write: (level, area, message, fields) => void lines.push(`${level} ${area} ${message} ${JSON.stringify(fields ?? {})}`) };
  const open: ScriptedKme[] = [];
  const sae = pki.saes.get('sae') as PairFiles;
  return {
    pki,
    sae,
    lines,
    kme: async (server = pki.kmes.get('kme') as PairFiles, tls = {}) => {
      const started = await startScripted(server, pki, tls);
      open.push(started);
      return started;
    },
    client: (endpoints, more = {}, times = {}) => {
      const at = endpoints.map((one) => ('requests' in one ? endpoint(one.url) : one));
      const settings = kmeSettings(at, { caFile: pki.kmeCa.certificateFile, ...sae }, more);
      return kmeClient(settings, { attemptTimeout: 20, deadline: 30, propagationAttempts: 3, ...times }, log, { firstPause: 0.01, saeId: 'sae' });
    },
    close: async () => {
      await Promise.all(open.map((kme) => kme.close()));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** One bed for all tests of a file, closed after them; for each of them a KME that has said nothing yet, and no lines. */
export function kmeForEachTest(take: (bed: ScriptedBed, kme: ScriptedKme) => unknown): void {
  let bed: ScriptedBed;
  beforeAll(async () => void (bed = await scriptedBed()));
  beforeEach(async () => {
    bed.lines.length = 0;
    take(bed, await bed.kme());
  });
  afterAll(() => bed.close());
}

async function startScripted(files: PairFiles, pki: Pki, tls: SecureContextOptions): Promise<ScriptedKme> {
  const requests: string[] = [];
  const callers: string[] = [];
  let script: (Said | ((request: string) => Said))[] = [];
  const sockets = new Set<Socket>();
  const secure = { cert: readFileSync(files.certificateFile), key: readFileSync(files.keyFile), ca: readFileSync(pki.clientCa.certificateFile) };
  const server = createServer({ ...secure, requestCert: true, rejectUnauthorized: true, ...tls }, (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString();
      const line = `${request.method} ${request.url}${body === '' ? '' : ` ${body}`}`;
      requests.push(line);
      callers.push(String((request.socket as unknown as { getPeerCertificate(): { subject: { CN: string } } }).getPeerCertificate().subject.CN));
      const next = (script.length > 1 ? script.shift() : script[0]) ?? { status: 500 };
      answer(response, typeof next === 'function' ? next(line) : next);
    });
    response.on('error', () => undefined);
  });
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
  });
  server.on('tlsClientError', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    callers,
    say: (...answers) => (script = answers),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

function answer(response: ServerResponse, { status = 200, type = 'application/json', headers = {}, body, raw }: Said): void {
  if (raw !== undefined) return raw(response);
  const bytes = body === undefined ? Buffer.alloc(0) : Buffer.isBuffer(body) ? body : Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
  response.writeHead(status, { ...(bytes.length === 0 || type === '' ? {} : { 'Content-Type': type }), ...headers });
  response.end(bytes);
}
