// Where a KME is reached and under which paths (ETSI GS QKD 014 clauses 5.1 to 5.3): base URL with port,
// path prefix or IPv6 literal, the name its certificate must carry, percent-encoded SAE IDs.

import { isIP } from 'node:net';
import { QkdError } from '../errors.ts';
import type { KmeSettings } from '../inventory/inventory.ts';

export interface KmeAddress {
  /** Host and port as in the URL, for messages and the Host header. */
  readonly name: string;
  /** What to connect to: a host name or an address without brackets. */
  readonly host: string;
  readonly port: number;
  /** DNS name or IP address that the KME's certificate must be for. */
  readonly certificateName: string;
  /** Server name indication; '' when the name is an IP address (RFC 6066 section 3). */
  readonly serverName: string;
  /** Path prefix of the URL, without a slash at its end. */
  readonly prefix: string;
}

/** Reads the base URL. Throws `inventory`. */
export function kmeAddress(settings: Pick<KmeSettings, 'url' | 'serverName' | 'address'>): KmeAddress {
  const url = parseUrl(settings.url);
  const urlHost = withoutBrackets(url.hostname);
  const certificateName = settings.serverName ?? urlHost;
  return {
    name: url.host,
    host: withoutBrackets(settings.address ?? urlHost),
    port: url.port === '' ? 443 : Number(url.port),
    certificateName,
    serverName: isIP(certificateName) === 0 ? certificateName : '',
    prefix: url.pathname.replace(/\/+$/, ''),
  };
}

function parseUrl(text: string): URL {
  const hint = 'write the KME as https://host:port, with a path prefix if it has one';
  if (!URL.canParse(text)) throw new QkdError('inventory', 'KME url is not a URL', { hint });
  const url = new URL(text);
  if (url.protocol !== 'https:') throw new QkdError('inventory', 'KME url does not begin with https://', { hint });
  if (url.username !== '' || url.password !== '') throw new QkdError('inventory', 'KME url holds a user name', { hint });
  if (url.search !== '' || url.hash !== '') throw new QkdError('inventory', 'KME url holds a query or a fragment', { hint });
  return url;
}

function withoutBrackets(host: string): string {
  return host.replace(/^\[(.*)\]$/, '$1');
}

export type KmeCall = 'enc_keys' | 'dec_keys' | 'status';

/** Request target of a call about the SAE at the other side. Throws `inventory` on an ID that no path can carry. */
export function requestPath(address: KmeAddress, saeId: string, call: KmeCall): string {
  // Encoding leaves dots alone, and a proxy on the way would take '..' for a step up.
  if (saeId === '' || saeId === '.' || saeId === '..' || /\p{Surrogate}/u.test(saeId)) {
    throw new QkdError('inventory', 'SAE ID cannot be used in a URL', { hint: 'correct sae_id in the inventory' });
  }
  return `${address.prefix}/api/v1/keys/${encodeURIComponent(saeId)}/${call}`;
}
