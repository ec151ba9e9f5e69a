// The certificate that a KME shows, looked at on a connection of its own: for doctor, which tells what there is
// also when it is not trusted. Our own certificate is shown as in every call; nothing is asked of the KME.

import { X509Certificate } from 'node:crypto';
import { connect } from 'node:tls';
import { QkdError, oneLine } from '../errors.ts';
import type { KmeEndpoint, KmeSettings } from '../inventory/inventory.ts';
import { checkServerIdentity } from './https-exchange.ts';
import { kmeAddress } from './kme-address.ts';
import { ownTlsContext } from './own-certificate.ts';

export interface ServerCertificate {
  /** Distinguished names and alternative names, safe to print. */
  readonly subject: string;
  readonly issuer: string;
  readonly names: string;
  /** Milliseconds since 1970 UTC. */
  readonly until: number;
  /** "TLSv1.3". */
  readonly protocol: string;
  /** Undefined: trusted, for the name that we call it by, and with a pinned key where keys are pinned. */
  readonly mistrust: string | undefined;
  /** Connect and handshake, milliseconds. */
  readonly milliseconds: number;
}

/** Connects to one of the KMEs and looks, for `timeout` seconds at most. Throws kme-unreachable, certificate. */
export async function serverCertificate(settings: KmeSettings, endpoint: KmeEndpoint, timeout: number): Promise<ServerCertificate> {
  const { host, port, serverName, certificateName, name } = kmeAddress(endpoint);
  const secureContext = await ownTlsContext(settings, undefined);
  const began = performance.now();
  return new Promise((resolve, reject) => {
    // Node's own check of the name would take the address that we connect to, and a common name.
    const socket = connect({ host, port, servername: serverName, secureContext, rejectUnauthorized: false, checkServerIdentity: () => undefined });
    const timer = setTimeout(() => socket.destroy(new Error(`no TLS handshake within ${timeout} s`)), timeout * 1000);
    socket.once('close', () => clearTimeout(timer));
    socket.on('error', (error) => reject(new QkdError('kme-unreachable', `KME ${name}: ${oneLine(error.message)}`, { hint: 'check url, route and port, and TLS 1.2 or 1.3 on the KME' })));
    socket.once('secureConnect', () => {
      const certificate = socket.getPeerCertificate();
      const shown = new X509Certificate(certificate.raw);
      const authorization = socket.authorized ? undefined : oneLine(String(socket.authorizationError));
      resolve({
        subject: oneLine(shown.subject),
        issuer: oneLine(shown.issuer),
        names: oneLine(shown.subjectAltName ?? 'no alternative name'),
        until: Date.parse(shown.validTo),
        protocol: socket.getProtocol() ?? 'TLS',
        mistrust: authorization ?? checkServerIdentity(certificateName, settings.spki, certificate)?.message,
        milliseconds: Math.round(performance.now() - began),
      });
      socket.destroy();
    });
  });
}
