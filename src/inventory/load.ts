// From the inventory file's text to the checked Inventory: JSON, schema, secrets from where they are, then
// defaults and cross-checks. Both shapes, ours and the original dictionary, take this way. Nothing here
// reads the process: environment, user and folders come in the context.

import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { systemReason } from '../atomic-file.ts';
import { QkdError, within } from '../errors.ts';
import { type JsonObject, type JsonValue, isJsonObject, parseJson } from '../json.ts';
import { crossCheck } from './cross-checks.ts';
import { type InventoryContext, completePaths, completeSystem, resolvePath } from './defaults.ts';
import { deviceOf } from './device.ts';
import { type Validator, validateInventory, validateOriginalDictionary } from './generated/validators.js';
import type { CaServerJson, InventoryJson, LoginJson } from './inventory-json.ts';
import type { CaServer, Inventory, Login } from './inventory.ts';
import { linkOf } from './link.ts';
import { type OriginalJson, checkTopLevel, convertOriginalDictionary, isOriginalDictionary } from './original-dictionary.ts';
import { type Reading, readSecret } from './reading.ts';
import { checkPrivateFile } from './secret-source.ts';
import { type SchemaName, violationText } from './violations.ts';

export type { InventoryContext } from './defaults.ts';

const NOT_JSON = 'mend it there: JSON has double quotes, no comments, no comma before a closing bracket; json.dumps writes a Python dictionary as JSON';

const MAX_INVENTORY_BYTES = 8 * 1024 * 1024;

export interface InventorySource {
  readonly text: string;
  /** Path of the file: named in messages, and its folder is where relative file names begin. */
  readonly file: string;
  /** True when group or others may read the file: worth a word when passwords stand in it. */
  readonly openToOthers?: boolean;
}

/** Reads and checks an inventory file. Throws `inventory`; warnings go to `context.warn`. */
export function readInventory(file: string, context: InventoryContext): Inventory {
  const path = resolve(context.cwd, file);
  try {
    return loadInventory({ file: path, ...readBounded(path) }, context);
  } catch (error) {
    if (error instanceof QkdError) throw error;
    throw new QkdError('inventory', `cannot read inventory ${path}: ${systemReason(error)}`, { hint: 'name the right file with --inventory FILE, readable by this user', cause: error });
  }
}

/** Checks an inventory's text. Throws `inventory`; warnings go to `context.warn`. */
export function loadInventory(source: InventorySource, context: InventoryContext): Inventory {
  try {
    const document = jsonDocument(source.text);
    const original = isOriginalDictionary(document);
    if (original) checkTopLevel(document);
    checkSchema(original ? 'original-dictionary.schema.json' : 'inventory.schema.json', original ? validateOriginalDictionary : validateInventory, document);
    const json = original ? convertOriginalDictionary(document as unknown as OriginalJson, context.mode) : (document as unknown as InventoryJson);
    return inventoryOf(json, original, source, context);
  } catch (error) {
    throw withHint(within(`inventory ${source.file}`, error));
  }
}

/** Contradictions between members have no better advice than the schema's. */
function withHint(error: QkdError): QkdError {
  if (error.hint !== undefined || error.code !== 'inventory') return error;
  return new QkdError('inventory', error.message, { hint: 'mend that place; inventory.schema.json says what each key means', cause: error.cause });
}

function jsonDocument(text: string): JsonObject {
  let value: JsonValue;
  try {
    value = parseJson(text);
  } catch (error) {
    if (error instanceof SyntaxError) throw new QkdError('inventory', `not JSON: ${error.message}`, { hint: NOT_JSON, cause: error });
    throw error;
  }
  if (!isJsonObject(value)) throw new QkdError('inventory', 'the document is not a JSON object', { hint: NOT_JSON });
  return value;
}

function checkSchema(name: SchemaName, validate: Validator, document: JsonObject): void {
  if (validate(document)) return;
  throw new QkdError('inventory', violationText(name, document, validate.errors ?? []), { hint: `compare with ${name}` });
}

function inventoryOf(json: InventoryJson, original: boolean, source: InventorySource, context: InventoryContext): Inventory {
  const reading: Reading = { context, folder: dirname(resolve(context.cwd, source.file)), original, inline: [] };
  const login = loginOf(json.secrets, reading);
  const paths = completePaths(json.paths ?? {}, login.username, reading.folder, context);
  const devices = Object.entries(json.devices).filter(([name]) => name !== '//');
  const inventory: Inventory = {
    system: completeSystem(json.system ?? {}, { folder: reading.folder, home: paths.home, username: login.username }, context),
    paths,
    login,
    caServer: json.ca_server === undefined ? undefined : caServerOf(json.ca_server, reading),
    devices: new Map(devices.map(([name, device]) => [name, deviceOf(name, device, paths, reading)])),
    links: json.links.map((link, index) => linkOf(link, `links[${index}]`, reading)),
  };
  crossCheck(inventory, context.warn);
  warnOfInlineSecrets(reading, source);
  return inventory;
}

function loginOf(json: LoginJson, reading: Reading): Login {
  const { context, folder } = reading;
  const privateKeyFile = json.private_key_file === undefined ? undefined : resolvePath(context, folder, json.private_key_file);
  if (privateKeyFile !== undefined) checkPrivateFile('secrets.private_key_file', privateKeyFile);
  const password = readSecret('secrets.password', { inline: json.password, file: json.password_file, env: json.password_env }, reading);
  const passphrase = readSecret('secrets.passphrase', { inline: undefined, file: json.passphrase_file, env: json.passphrase_env }, reading);
  if (password === undefined && privateKeyFile === undefined) {
    throw new QkdError('inventory', 'secrets: neither a password nor private_key_file is given', { hint: 'set password_file, password_env or private_key_file' });
  }
  const username = json.username ?? context.userName;
  return { username, peerUsername: json.peer_username ?? username, password, privateKeyFile, passphrase };
}

function caServerOf(json: CaServerJson, reading: Reading): CaServer {
  const name = reading.original ? 'CA_server' : 'ca_server';
  const fetch = json.ca_cert?.fetch ?? false;
  const missing = (['ca_server_ip', 'ca_user', 'ca_path', 'ca_cert_name', 'ca_key_name'] as const).find((key) => json[key] === undefined);
  if (fetch && missing !== undefined) throw new QkdError('inventory', `${name}: key "${missing}" is missing, and the CA certificate is to be fetched`, { hint: 'give it, or set fetch to false' });
  return {
    fetch,
    generate: json.ca_cert?.generate ?? false,
    address: json.ca_server_ip,
    port: json.ca_port ?? 22,
    hostKeys: [json.ca_host_key ?? []].flat().map((key) => key.replace(/=$/, '')),
    user: json.ca_user,
    password: readSecret(`${name}.ca_pass`, { inline: json.ca_pass, file: json.ca_pass_file, env: json.ca_pass_env }, reading),
    privateKeyFile: caPrivateKeyFile(name, json, reading),
    commonName: json.ca_common_name ?? 'qkd-macsec CA',
    path: json.ca_path,
    certificateName: json.ca_cert_name,
    keyName: json.ca_key_name,
  };
}

function caPrivateKeyFile(name: string, { ca_private_key_file: given }: CaServerJson, { context, folder }: Reading): string | undefined {
  if (given === undefined) return undefined;
  const file = resolvePath(context, folder, given);
  checkPrivateFile(`${name}.ca_private_key_file`, file);
  return file;
}

function warnOfInlineSecrets({ inline, context }: Reading, { file, openToOthers = false }: InventorySource): void {
  if (inline.length === 0) return;
  const open = openToOthers ? ` and is open to others (run: chmod 600 ${file})` : '';
  context.warn(`inventory ${file} holds secrets in clear${open}: ${inline.join(', ')}; a file or an environment variable keeps them out of it`);
}

function readBounded(path: string): { text: string; openToOthers: boolean } {
  // Without O_NONBLOCK a FIFO would hold the run up.
  const descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const { mode, size } = fstatSync(descriptor);
    const refuse = (reason: string, hint: string): QkdError => new QkdError('inventory', `cannot read inventory ${path}: ${reason}`, { hint });
    if ((mode & constants.S_IFMT) !== constants.S_IFREG) throw refuse('not a plain file', 'name the JSON file itself with --inventory FILE');
    // It names commands that are run (netconf.mgd_command) and routers that are logged in to.
    if ((mode & constants.S_IWOTH) !== 0) throw refuse('everybody can change it', `run: chmod o-w ${path}`);
    if (size > MAX_INVENTORY_BYTES) throw refuse(`larger than ${MAX_INVENTORY_BYTES} bytes`, 'name the right file with --inventory FILE');
    const bytes = Buffer.alloc(size);
    const length = readSync(descriptor, bytes, 0, size, 0);
    try {
      return { text: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes.subarray(0, length)), openToOthers: (mode & 0o044) !== 0 };
    } catch (error) {
      throw new QkdError('inventory', `cannot read inventory ${path}: not UTF-8 text`, { hint: `convert it: iconv -t UTF-8 ${path}`, cause: error });
    }
  } finally {
    closeSync(descriptor);
  }
}
