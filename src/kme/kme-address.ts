// Where a KME is reached (ETSI GS QKD 014 clause 5): base URL with port, path prefix or IPv6 literal, and the name
// that its certificate must carry. Paths below the prefix are edition-1.ts.

import { isIP } from 'node:net';
import { QkdError } from '../errors.ts';
import type { KmeEndpoint } from '../inventory/inventory.ts';

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
export function kmeAddress(endpoint: Pick<KmeEndpoint, 'url' | 'serverName' | 'address'>): KmeAddress {
  const url = parseUrl(endpoint.url);
  const urlHost = withoutBrackets(url.hostname);
  const certificateName = endpoint.serverName ?? urlHost;
  return {
    name: url.host,
    host: withoutBrackets(endpoint.address ?? urlHost),
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
