// The KME of one router, complete: where it is reached, how it is known, the files of our client certificate
// (ETSI GS QKD 014: an SAE proves its ID to the KME by mutual TLS), and where it differs from the standard.

import { join } from 'node:path';
import { QkdError } from '../errors.ts';
import { resolvePath } from './defaults.ts';
import type { KmeEndpointJson, KmeJson, KmeQuirksJson } from './inventory-json.ts';
import type { KmeEndpoint, KmeQuirks, KmeSettings, Paths } from './inventory.ts';
import type { Reading } from './reading.ts';
import { checkPrivateFileIfThere } from './secret-source.ts';

/** The KME of the device `name` with every default filled in. Throws `inventory`. */
export function kmeOf(name: string, json: KmeJson, { paths, reading }: { readonly paths: Paths; readonly reading: Reading }): KmeSettings {
  const device = reading.original ? name : `devices.${name}`;
  const path = `${device}.kme`;
  const file = (given: string | undefined, usual: string): string =>
    given === undefined ? join(paths.certificates, usual) : resolvePath(reading.context, reading.folder, given);
  const keyFile = file(json.key_file, `${name}.key`);
  // The certificates' own step may make it in this very run.
  checkPrivateFileIfThere(json.key_file === undefined ? `${device}: client key` : `${path}.key_file`, keyFile);
  return {
    endpoints: endpointsOf(path, json, reading),
    caFile: file(json.ca_file, usualCaFile(reading)),
    certificateFile: file(json.cert_file, `${name}.crt`),
    keyFile,
    // curl writes two slashes.
    spki: listOf(json.spki ?? []).map((pin) => pin.replace(/^sha256\/\/?(?=.{44}$)/, '')),
    minTls: json.min_tls ?? '1.2',
    status: json.status ?? 'advice',
    keySize: json.key_size,
    extensionMandatory: json.extension_mandatory ?? [],
    extensionOptional: json.extension_optional ?? [],
    quirks: quirksOf(json.quirks ?? {}),
  };
}

function endpointsOf(path: string, json: KmeJson, { original }: Reading): KmeEndpoint[] {
  const given = typeof json.url === 'string' ? [json.url] : json.url;
  if (json.address !== undefined && given.length > 1) {
    throw new QkdError('inventory', `${path}.address: there are ${given.length} URLs`, { hint: 'write each URL as an object with its own address' });
  }
  const endpoints = given.map((entry, index) => {
    const own: KmeEndpointJson = typeof entry === 'string' ? { url: entry } : entry;
    const at = original ? `${path}.kme_name` : `${path}.url${typeof json.url === 'string' ? '' : `[${index}]`}`;
    return endpointOf(at, own, json);
  });
  const twice = endpoints.find(({ name }, index) => endpoints.findIndex((other) => other.name === name) !== index);
  if (twice !== undefined) throw new QkdError('inventory', `${path}.url: ${twice.name} is named twice`);
  return endpoints;
}

function endpointOf(at: string, own: KmeEndpointJson, shared: KmeJson): KmeEndpoint {
  if (!URL.canParse(own.url)) throw new QkdError('inventory', `${at}: ${JSON.stringify(own.url)} is no URL`, { hint: 'check host name and port' });
  return {
    name: new URL(own.url).host,
    url: own.url.replace(/\/$/, ''),
    serverName: own.server_name ?? shared.server_name,
    address: own.address ?? shared.address,
    pair: own.pair ?? shared.pair,
  };
}

function quirksOf(json: KmeQuirksJson): KmeQuirks {
  return {
    request: json.request ?? 'get',
    sendNumber: json.send_number ?? true,
    sendSize: json.send_size ?? true,
    keysPerRequest: json.send_number === false ? 1 : json.keys_per_request,
    keysMember: json.keys_member ?? 'keys',
    keyIdMember: json.key_id_member ?? 'key_ID',
    keyMember: json.key_member ?? 'key',
    keyEncoding: json.key_encoding ?? 'base64',
    contentTypes: json.content_types ?? [],
    unknownKeyStatus: json.unknown_key_status ?? [],
    noStockStatus: json.no_stock_status ?? [],
  };
}

function usualCaFile({ original, context }: Reading): string {
  if (!original) return 'kme-ca.crt';
  return context.mode === 'onbox' ? 'client-root-ca.crt' : 'root.crt';
}

/** One or a list, as a list. */
export function listOf(value: string | readonly string[]): readonly string[] {
  return typeof value === 'string' ? [value] : value;
}
