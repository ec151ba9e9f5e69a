// One bench KME: ETSI GS QKD 014 V1.1.1 over mutual TLS, strict by default. The caller is the common name of the client
// certificate and nothing else. Keys live in the store that the KMEs of a group share; faults change answers.

import { readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { Server } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { SecureContextOptions, TLSSocket } from 'node:tls';
import type { KmeCall } from '../../kme/kme-address.ts';
import type { Authority, PairFiles } from '../pki/pki.ts';
import { answerFor } from './answer.ts';
import type { Group } from './answer.ts';
import { Faults } from './faults.ts';
import type { FaultKind } from './faults.ts';
import { RefusedRequest } from './key-request.ts';
import { send } from './send.ts';

const MAX_BODY_BYTES = 64 * 1024;
const REQUEST_TIMEOUT = 10_000;
/** Faults that stand in for the whole answer. */
const USES_NO_KEY: readonly FaultKind['fault'][] = ['answer', 'hang', 'key-gone', 'key-expired', 'stock-empty'];

export interface KmeSetup {
  readonly name: string;
  /** SAEs that this KME serves. */
  readonly saeIds: readonly string[];
  readonly server: PairFiles;
  /** PEM file: who may sign the KME's certificate, for clients. */
  readonly caFile: string;
  /** Signs SAE certificates. */
  readonly clientCa: Pick<Authority, 'certificateFile'>;
  /** Whom a KME trusts that refuses our certificate. */
  readonly foreignCaFile: string;
  /** 0: any free port. */
  readonly port?: number;
  /** TLS versions, for clients that must cope with one only. */
  readonly tls?: Pick<SecureContextOptions, 'minVersion' | 'maxVersion'>;
}

export interface BenchKme {
  readonly name: string;
  readonly url: string;
  readonly port: number;
  readonly caFile: string;
  readonly faults: Faults;
  /** Requests that got as far as HTTP, newest last: method and target. */
  readonly requests: readonly string[];
  /** Shows another certificate from the next connection on. */
  present(server: PairFiles): void;
  close(): Promise<void>;
}

/** Starts a KME on 127.0.0.1. */
export async function startKme(setup: KmeSetup, group: Group): Promise<BenchKme> {
  const requests: string[] = [];
  let shown = setup.server;
  const context = (): SecureContextOptions => secureContext(setup, shown, faults.has('refuse-certificate'));
  const faults = new Faults(() => {
    server.setSecureContext(context());
    return address.set(!faults.has('down'));
  });
  const server: Server = createServer(
    { ...secureContext(setup, shown, false), requestCert: true, rejectUnauthorized: true, requestTimeout: REQUEST_TIMEOUT, headersTimeout: REQUEST_TIMEOUT },
    (request, response) => {
      requests.push(`${request.method} ${request.url}`);
      void serve({ setup, group, faults }, request, response).catch(() => response.destroy());
    },
  );
  server.on('secureConnection', (socket: TLSSocket) => {
    if (faults.has('resumption-broken') && socket.isSessionReused()) socket.destroy();
  });
  const address = await KmeAddress.listen(server, setup.port ?? 0);
  const { port } = address;
  return {
    name: setup.name,
    url: `https://127.0.0.1:${port}`,
    port,
    caFile: setup.caFile,
    faults,
    requests,
    present: (next) => {
      shown = next;
      server.setSecureContext(context());
    },
    close: () => address.set(false),
  };
}

/** The KME's port, at which it can stop listening and begin again. */
class KmeAddress {
  readonly port: number;
  readonly #server: Server;
  readonly #sockets: ReadonlySet<Socket>;
  #on = true;
  #turn: Promise<void> = Promise.resolve();

  static async listen(server: Server, wanted: number): Promise<KmeAddress> {
    // Node's closeAllConnections leaves those alone whose handshake is not done.
    const sockets = new Set<Socket>();
    server.maxConnections = 256;
    server.on('connection', (socket: Socket) => {
      sockets.add(socket);
      socket.once('close', () => sockets.delete(socket));
    });
    await listening(server, wanted);
    return new KmeAddress(server, sockets);
  }

  private constructor(server: Server, sockets: ReadonlySet<Socket>) {
    this.#server = server;
    this.#sockets = sockets;
    this.port = (server.address() as AddressInfo).port;
  }

  /** Listens or not; changes follow one another. */
  set(on: boolean): Promise<void> {
    this.#turn = this.#turn
      .catch(() => undefined)
      .then(async () => {
        if (on !== this.#on) await (on ? listening(this.#server, this.port) : this.#close());
        this.#on = on;
      });
    return this.#turn;
  }

  #close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }
}

function listening(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve();
    });
  });
}

function secureContext(setup: KmeSetup, shown: PairFiles, refusing: boolean): SecureContextOptions {
  return {
    minVersion: 'TLSv1.2',
    ...setup.tls,
    cert: readFileSync(shown.certificateFile),
    key: readFileSync(shown.keyFile),
    ca: readFileSync(refusing ? setup.foreignCaFile : setup.clientCa.certificateFile),
  };
}

interface Serving {
  readonly setup: KmeSetup;
  readonly group: Group;
  readonly faults: Faults;
}

async function serve({ setup, group, faults }: Serving, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const caller = callerOf(request.socket as TLSSocket, setup);
  if (caller === undefined) return send(response, { status: 401 });
  const target = targetOf(request.url ?? '');
  if (target === undefined) return send(response, { status: 404, json: { message: 'no such resource' } });
  const allowed = target.call === 'status' ? ['GET'] : ['GET', 'POST'];
  const method = request.method ?? '';
  if (!allowed.includes(method)) {
    return send(response, { status: 405, json: { message: 'method not allowed' }, headers: { Allow: allowed.join(', ') } });
  }
  const body = await bodyOf(request);
  if (body === undefined) return send(response, { status: 413, json: { message: 'request is too large' }, headers: { Connection: 'close' } });

  const raw = { method, query: target.query, contentType: request.headers['content-type'] ?? '', body };
  const fault = faults.take(target.call);
  const usesNoKey = fault !== undefined && USES_NO_KEY.includes(fault.fault);
  try {
    const otherSae = decodeSaeId(target.saeId);
    const json = usesNoKey ? {} : answerFor(group, { kme: setup.name, caller, otherSae, call: target.call, raw });
    await send(response, { status: 200, json }, fault);
  } catch (error) {
    if (!(error instanceof RefusedRequest)) throw error;
    // The standard gives 401 no body (clause 5.1, table 2).
    await send(response, error.status === 401 ? { status: 401 } : { status: error.status, json: { message: error.message } });
  }
}

/** The SAE ID of a verified client certificate, when it has exactly one common name and is registered here. */
function callerOf(socket: TLSSocket, setup: KmeSetup): string | undefined {
  const name: unknown = socket.authorized ? socket.getPeerCertificate().subject?.CN : undefined;
  return typeof name === 'string' && setup.saeIds.includes(name) ? name : undefined;
}

interface Target {
  readonly saeId: string;
  readonly call: KmeCall;
  readonly query: URLSearchParams;
}

function targetOf(url: string): Target | undefined {
  const match = /^\/api\/v1\/keys\/([^/?#]+)\/(status|enc_keys|dec_keys)(?:\?([^#]*))?$/.exec(url);
  if (match === null) return undefined;
  const [, saeId = '', call, query = ''] = match;
  return { saeId, call: call as KmeCall, query: new URLSearchParams(query) };
}

function decodeSaeId(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new RefusedRequest(400, 'SAE ID is not percent-encoded UTF-8');
  }
}

/** Undefined when it is too large. */
async function bodyOf(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > MAX_BODY_BYTES) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
