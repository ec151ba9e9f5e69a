// One router of the inventory, complete: addresses, pinned host keys, SAE ID; its KME is kme.ts.

import { QkdError } from '../errors.ts';
import type { Secret } from '../secret.ts';
import type { DeviceJson } from './inventory-json.ts';
import type { Device, Paths } from './inventory.ts';
import { kmeOf, listOf } from './kme.ts';
import { type Reading, readSecret } from './reading.ts';

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
    routingEngines: json.routing_engines ?? [],
    saeId: json.sae_id ?? name,
    platform: json.platform,
    rootEncryptedPassword: rootPassword(path, json, reading),
    kme: kmeOf(name, json.kme, { paths, reading }),
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
