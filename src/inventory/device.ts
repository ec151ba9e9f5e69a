// One router of the inventory, complete: addresses, pinned host keys, SAE ID, KME and the files of its client
// certificate (ETSI GS QKD 014: an SAE proves its ID to the KME by mutual TLS).

import { join } from 'node:path';
import { QkdError } from '../errors.ts';
import type { Secret } from '../secret.ts';
import { resolvePath } from './defaults.ts';
import type { DeviceJson } from './inventory-json.ts';
import type { Device, KmeSettings, Paths } from './inventory.ts';
import { type Reading, readSecret } from './reading.ts';
import { checkPrivateFileIfThere } from './secret-source.ts';

/** crypt(3) forms, as the schema wants them of an inline value. */
const ENCRYPTED_PASSWORD = /^\$[0-9A-Za-z]{1,16}\$[!#-%(-;=?-~]{1,1000}$/;

/** The device `name` with every default filled in. Throws `inventory`. */
export function deviceOf(name: string, json: DeviceJson, paths: Paths, reading: Reading): Device {
  const path = reading.original ? name : `devices.${name}`;
  return {
    name,
    addresses: listOf(json.ip),
    port: json.port,
    hostKeys: json.host_key === undefined ? [] : listOf(json.host_key).map((key) => key.replace(/=$/, '')),
    saeId: json.sae_id ?? name,
    rootEncryptedPassword: rootPassword(path, json, reading),
    kme: kmeOf(path, name, json.kme, { paths, reading }),
  };
}

/** A hash may stand in the inventory without a warning: it stands in every router's configuration too. */
function rootPassword(path: string, json: DeviceJson, reading: Reading): Secret | undefined {
  const members = { inline: json.root_enc_pass, file: json.root_enc_pass_file, env: json.root_enc_pass_env };
  const secret = readSecret(`${path}.root_enc_pass`, members, { ...reading, inline: [] });
  if (secret !== undefined && !ENCRYPTED_PASSWORD.test(secret.revealText())) {
    throw new QkdError('inventory', `${path}.root_enc_pass: a text of ${secret.length} characters, expected an encrypted password like $6$salt$hash`);
  }
  return secret;
}

interface Surroundings {
  readonly paths: Paths;
  readonly reading: Reading;
}

function kmeOf(path: string, name: string, json: DeviceJson['kme'], { paths, reading }: Surroundings): KmeSettings {
  const file = (given: string | undefined, usual: string): string =>
    given === undefined ? join(paths.certificates, usual) : resolvePath(reading.context, reading.folder, given);
  const keyFile = file(json.key_file, `${name}.key`);
  // The certificates' own step may make it in this very run.
  checkPrivateFileIfThere(json.key_file === undefined ? `${path}: client key` : `${path}.kme.key_file`, keyFile);
  return {
    url: checkedUrl(reading.original ? `${path}.kme.kme_name` : `${path}.kme.url`, json.url),
    caFile: file(json.ca_file, usualCaFile(reading)),
    certificateFile: file(json.cert_file, `${name}.crt`),
    keyFile,
    serverName: json.server_name,
    address: json.address,
  };
}

function usualCaFile({ original, context }: Reading): string {
  if (!original) return 'kme-ca.crt';
  return context.mode === 'onbox' ? 'client-root-ca.crt' : 'root.crt';
}

function checkedUrl(path: string, url: string): string {
  if (!URL.canParse(url)) throw new QkdError('inventory', `${path}: ${JSON.stringify(url)} is no URL`, { hint: 'check host name and port' });
  return url.replace(/\/$/, '');
}

function listOf(value: string | readonly string[]): readonly string[] {
  return typeof value === 'string' ? [value] : value;
}
