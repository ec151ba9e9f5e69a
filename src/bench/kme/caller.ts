// Who a client of a bench KME is: the one common name of a certificate that the KME's CA signed and that is in force
// now. Never a default, never what a resumed TLS session remembers beyond the certificate's end.

import type { TLSSocket } from 'node:tls';

interface Shown {
  readonly name: string | undefined;
  /** Milliseconds since 1970. */
  readonly until: number;
}

/** A connection's certificate does not change while it lasts. */
const shown = new WeakMap<TLSSocket, Shown>();

/** The SAE ID, 'unverified' without a trusted certificate, undefined when the certificate names no SAE of this KME. */
export function callerOf(socket: TLSSocket, saeIds: ReadonlySet<string>, now: number): { readonly sae: string } | 'unverified' | undefined {
  if (!socket.authorized) return 'unverified';
  const known = shown.get(socket) ?? readCertificate(socket);
  shown.set(socket, known);
  return known.name !== undefined && saeIds.has(known.name) && now <= known.until ? { sae: known.name } : undefined;
}

function readCertificate(socket: TLSSocket): Shown {
  const { subject, valid_to: until } = socket.getPeerCertificate();
  // Two common names come as an array, none as undefined.
  const name: unknown = (subject as { CN?: unknown } | undefined)?.CN;
  return { name: typeof name === 'string' ? name : undefined, until: Date.parse(until) };
}
