// A TLS server that answers each request with bytes made beforehand, in the pieces and with the ending that they are
// planned with. The peer's SAE ID in the request tells which: one that comes late, from a call that is over, gets none
// of another call's. A repetition is refused for good, but for an answer with nothing wrong, which may just be late.

import { readFileSync } from 'node:fs';
import type { AddressInfo, Socket } from 'node:net';
import { createServer } from 'node:tls';
import type { TLSSocket } from 'node:tls';
import type { Pki } from '../pki/pki.ts';
import { wireBytes } from './mutate-delivery.ts';
import type { PlannedAnswer } from './planned-answer.ts';

const REFUSED = 'HTTP/1.1 400 Bad Request\r\nContent-Length: 2\r\n\r\nno';

export interface FuzzServer {
  readonly port: number;
  /** The answer to the call about the SAE `peer`, the only one from now on. */
  plan(peer: string, answer: PlannedAnswer): void;
  close(): Promise<void>;
}

/** Starts one on 127.0.0.1 with the PKI's first KME certificate. */
export async function startFuzzServer(pki: Pki): Promise<FuzzServer> {
  const [files] = [...pki.kmes.values()];
  if (files === undefined) throw new TypeError('no KME in the PKI');
  let planned: { readonly peer: string; readonly answer: PlannedAnswer } | undefined;
  const sockets = new Set<Socket>();
  const tls = { cert: readFileSync(files.certificateFile), key: readFileSync(files.keyFile), ca: readFileSync(pki.clientCa.certificateFile), requestCert: true };
  const server = createServer(tls, (socket) => {
    socket.on('error', () => undefined);
    socket.once('data', (request: Buffer) => {
      const fits = planned !== undefined && request.includes(`/keys/${planned.peer}/`) ? planned.answer : undefined;
      if (fits !== undefined && fits.mutations.length > 0) planned = undefined;
      if (fits === undefined) socket.end(REFUSED);
      else void deliver(socket, fits).catch(() => socket.destroy());
    });
  });
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.once('close', () => sockets.delete(socket));
  });
  server.on('tlsClientError', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    plan: (peer, answer) => void (planned = { peer, answer }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

async function deliver(socket: TLSSocket, answer: PlannedAnswer): Promise<void> {
  const all = wireBytes(answer);
  const bytes = answer.ending === 'whole' ? all : all.subarray(0, Math.floor((all.length * (all.length % 97)) / 98));
  const step = Math.max(1, Math.ceil(bytes.length / answer.pieces));
  for (let at = 0; at < bytes.length && !socket.destroyed; at += step) {
    socket.write(bytes.subarray(at, at + step));
    if (answer.pieces > 1) await new Promise(setImmediate);
  }
  if (answer.ending === 'reset') socket.destroy();
  else if (answer.ending !== 'silence') socket.end();
}
