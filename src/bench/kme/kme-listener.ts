// The port of a bench KME: HTTPS with client certificates, bounded in connections, handshake and request time. It can
// stop listening and begin again at the same port, and change its TLS settings while it listens.

import type { RequestListener } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { SecureContextOptions, TLSSocket } from 'node:tls';

export interface ListenerSettings {
  readonly isOn: boolean;
  /** Clients without a trusted certificate are served too, and told apart by `authorized`. */
  readonly certificateOptional: boolean;
  readonly context: SecureContextOptions;
}

export interface ListenerLimits {
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  /** Milliseconds for a TLS handshake, and for a request to arrive. */
  readonly patience: number;
  readonly maxConnections: number;
}

export interface ListenerParts {
  readonly limits: ListenerLimits;
  /** What is wanted now. */
  readonly settings: () => ListenerSettings;
  readonly serve: RequestListener;
  readonly onSecureConnection: (socket: TLSSocket) => void;
}

export class KmeListener {
  readonly port: number;
  readonly #parts: ListenerParts;
  // Node's closeAllConnections leaves those alone whose handshake is not done.
  readonly #sockets = new Set<Socket>();
  #server: Server | undefined;
  #certificateOptional: boolean;
  #turn: Promise<void> = Promise.resolve();

  /** Listens when it resolves. Rejects when the port is taken. */
  static async open(parts: ListenerParts): Promise<KmeListener> {
    const { limits, settings } = parts;
    const sockets = new Set<Socket>();
    const { certificateOptional } = settings();
    const server = await listen(parts, sockets, limits.port);
    return new KmeListener(parts, { server, sockets, certificateOptional });
  }

  private constructor(parts: ListenerParts, { server, sockets, certificateOptional }: { server: Server; sockets: Set<Socket>; certificateOptional: boolean }) {
    this.#parts = parts;
    this.#server = server;
    this.#sockets = sockets;
    this.#certificateOptional = certificateOptional;
    this.port = (server.address() as AddressInfo).port;
  }

  /** Brings about what is wanted now: certificates and TLS versions at once, the rest when it resolves. Changes follow one another. */
  apply(): Promise<void> {
    this.#server?.setSecureContext(this.#parts.settings().context);
    return this.#inTurn(async () => {
      const { isOn, certificateOptional } = this.#parts.settings();
      if (this.#server !== undefined && (!isOn || certificateOptional !== this.#certificateOptional)) await this.#close();
      if (this.#server !== undefined || !isOn) return;
      this.#certificateOptional = certificateOptional;
      this.#server = await listen(this.#parts, this.#sockets, this.port);
    });
  }

  close(): Promise<void> {
    return this.#inTurn(() => this.#close());
  }

  #inTurn(step: () => Promise<void>): Promise<void> {
    this.#turn = this.#turn.catch(() => undefined).then(step);
    return this.#turn;
  }

  async #close(): Promise<void> {
    const server = this.#server;
    if (server === undefined) return;
    this.#server = undefined;
    for (const socket of this.#sockets) socket.destroy();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  }
}

async function listen({ limits, settings, serve, onSecureConnection }: ListenerParts, sockets: Set<Socket>, port: number): Promise<Server> {
  const { certificateOptional, context } = settings();
  const { patience, maxConnections, host } = limits;
  const times = { requestTimeout: patience, headersTimeout: patience, handshakeTimeout: patience, connectionsCheckingInterval: Math.min(patience, 1000) };
  const server = createServer({ ...context, ...times, requestCert: true, rejectUnauthorized: !certificateOptional }, serve);
  server.maxConnections = maxConnections;
  server.on('secureConnection', onSecureConnection);
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
  return server;
}
