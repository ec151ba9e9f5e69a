// Reads a key-ID record with suspicion: it comes from another router, over SCP, and what it says decides
// which key is asked of the KME. Everything that version 2 (design section 6) does not define is refused,
// and so is a record of another device. The original script's bare shape, {"<device>": "<key_ID>"}, passes.

import { QkdError, oneLine } from '../errors.ts';
import { type JsonObject, type JsonValue, isJsonObject, parseJson } from '../json.ts';
import { MAX_RECORD_BYTES, RECORD_VERSION, type KeyIdRecord, type RecordedKey, type RecordedLink } from './record.ts';

const MAX_LINKS = 512;
const MAX_KEYS = 512;
const MAX_SLAVES = 64;
const MAX_KMES = 512;

/** ETSI GS QKD 014 wants a UUID; other KMEs' IDs pass when they are safe in a URL, a file and a log line. */
const KEY_ID = /^[A-Za-z0-9._:-]{1,128}$/;
const SAE_ID = /^[A-Za-z0-9_][A-Za-z0-9._~:@=+-]{0,127}$/;
const LINK_NAME = /^[A-Za-z0-9][A-Za-z0-9._:-]{0,127}$/;
const KME_NAME = /^[!-~]{1,256}$/;
const UTC_TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,3})?Z$/;

/** The record that `device` published. Throws `record` for anything else, naming the member that is wrong. */
export function parseRecord(text: string, device: string): KeyIdRecord {
  return recordOf(recordMembers(text), device);
}

/** First half of `parseRecord`: the text as a JSON object. Throws `record` when it is too long, damaged or none. */
export function recordMembers(text: string): JsonObject {
  if (Buffer.byteLength(text) > MAX_RECORD_BYTES) throw refusal(`longer than ${MAX_RECORD_BYTES} bytes`);
  let value: JsonValue;
  try {
    value = parseJson(text, 16);
  } catch (error) {
    if (error instanceof SyntaxError) throw refusal(`not JSON: ${error.message}`);
    throw error;
  }
  if (!isJsonObject(value)) throw refusal('not a JSON object');
  return value;
}

/** Second half of `parseRecord`: the members as the record of `device`. */
export function recordOf(members: JsonObject, device: string): KeyIdRecord {
  const bare = !Object.hasOwn(members, 'version');
  const known = bare ? [device] : [device, 'version', 'written_at', 'links'];
  const stranger = Object.keys(members).find((name) => !known.includes(name));
  if (stranger !== undefined) throw foreignMember(members, stranger, device);
  const newest = Object.hasOwn(members, device) ? keyId(members[device], device) : undefined;
  if (bare) return { device, newest, writtenAt: undefined, links: {} };
  if (members['version'] !== RECORD_VERSION) throw refusal(`version ${shown(members['version'])}, expected ${RECORD_VERSION}`);
  return { device, newest, writtenAt: utcTime(members['written_at'], 'written_at'), links: linksOf(members['links']) };
}

function foreignMember(members: JsonObject, stranger: string, device: string): QkdError {
  const looksLikeDevice = typeof members[stranger] === 'string' && stranger !== 'written_at';
  return refusal(looksLikeDevice ? `written by ${quoted(stranger)}, expected ${device}` : `unknown member ${quoted(stranger)}`);
}

function linksOf(value: JsonValue | undefined): Record<string, RecordedLink> {
  if (!isJsonObject(value)) throw refusal(`links: ${shown(value)}, expected an object`);
  const entries = Object.entries(value);
  if (entries.length > MAX_LINKS) throw refusal(`links: more than ${MAX_LINKS}`);
  return Object.fromEntries(
    entries.map(([name, link]) => {
      if (!LINK_NAME.test(name)) throw refusal(`links: ${quoted(name)} is no link name`);
      return [name, linkOf(link, `links.${name}`)];
    }),
  );
}

function linkOf(value: JsonValue, at: string): RecordedLink {
  const link = exactly(value, ['role', 'master_sae', 'slave_saes', 'keys'], ['source_kme', 'target_kmes', 'method'], at);
  const role = link['role'];
  if (role !== 'master' && role !== 'slave') throw refusal(`${at}.role: ${shown(role)}, expected master or slave`);
  const method = link['method'];
  if (method !== undefined && method !== 'key-chain' && method !== 'pre-shared-key') throw refusal(`${at}.method: ${shown(method)}, expected key-chain or pre-shared-key`);
  const slaves = listOf(link['slave_saes'], MAX_SLAVES, `${at}.slave_saes`).map((sae, n) => matching(sae, SAE_ID, 'an SAE ID', `${at}.slave_saes[${n}]`));
  if (slaves.length === 0) throw refusal(`${at}.slave_saes: an empty list`);
  const keys = listOf(link['keys'], MAX_KEYS, `${at}.keys`).map((key, n) => keyOf(key, `${at}.keys[${n}]`));
  if (new Set(keys.map((key) => key.key_ID.toLowerCase())).size !== keys.length) throw refusal(`${at}.keys: a key_ID appears twice`);
  return {
    role,
    master_sae: matching(link['master_sae'], SAE_ID, 'an SAE ID', `${at}.master_sae`),
    slave_saes: slaves,
    source_kme: undefined,
    ...kmesOf(link, at),
    method,
    keys,
  };
}

function keyOf(value: JsonValue, at: string): RecordedKey {
  const key = exactly(value, ['key_ID', 'start_time', 'confirmed', 'refused'], ['source_kme', 'target_kmes'], at);
  return {
    key_ID: keyId(key['key_ID'], `${at}.key_ID`),
    start_time: utcTime(key['start_time'], `${at}.start_time`),
    confirmed: truth(key['confirmed'], `${at}.confirmed`),
    refused: truth(key['refused'], `${at}.refused`),
    ...kmesOf(key, at),
  };
}

/** The KMEs that a link or a key names; members that are not there stay away. */
function kmesOf(value: JsonObject, at: string): Pick<RecordedKey, 'source_kme' | 'target_kmes'> {
  const { source_kme: source, target_kmes: targets } = value;
  return {
    ...(source === undefined ? {} : { source_kme: matching(source, KME_NAME, 'a KME name', `${at}.source_kme`) }),
    ...(targets === undefined ? {} : { target_kmes: listOf(targets, MAX_KMES, `${at}.target_kmes`).map((kme, n) => matching(kme, KME_NAME, 'a KME name', `${at}.target_kmes[${n}]`)) }),
  };
}

function exactly(value: JsonValue, required: readonly string[], optional: readonly string[], at: string): JsonObject {
  if (!isJsonObject(value)) throw refusal(`${at}: ${shown(value)}, expected an object`);
  const missing = required.find((name) => !Object.hasOwn(value, name));
  if (missing !== undefined) throw refusal(`${at}: member ${missing} is missing`);
  const stranger = Object.keys(value).find((name) => !required.includes(name) && !optional.includes(name));
  if (stranger !== undefined) throw refusal(`${at}: unknown member ${quoted(stranger)}`);
  return value;
}

function listOf(value: JsonValue | undefined, limit: number, at: string): JsonValue[] {
  if (!Array.isArray(value)) throw refusal(`${at}: ${shown(value)}, expected a list`);
  if (value.length > limit) throw refusal(`${at}: more than ${limit} entries`);
  return value;
}

function matching(value: JsonValue | undefined, pattern: RegExp, wanted: string, at: string): string {
  if (typeof value !== 'string' || !pattern.test(value)) throw refusal(`${at}: ${shown(value)}, expected ${wanted}`);
  return value;
}

/** White space around it is cut off, as the original does. */
function keyId(value: JsonValue | undefined, at: string): string {
  return matching(typeof value === 'string' ? value.trim() : value, KEY_ID, 'a key_ID', at);
}

function utcTime(value: JsonValue | undefined, at: string): string {
  const text = matching(value, UTC_TIME, 'a UTC time like 2026-11-22T00:00:00Z', at);
  const time = new Date(text);
  // Date accepts days that do not exist (30 February) by rolling over.
  const exists = !Number.isNaN(time.getTime()) && time.toISOString().slice(0, 19) === text.slice(0, 19);
  if (!exists) throw refusal(`${at}: ${quoted(text)} is no time that exists`);
  return text;
}

function truth(value: JsonValue | undefined, at: string): boolean {
  if (typeof value !== 'boolean') throw refusal(`${at}: ${shown(value)}, expected true or false`);
  return value;
}

function shown(value: JsonValue | undefined): string {
  if (value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (isJsonObject(value)) return 'an object';
  return typeof value === 'string' ? quoted(value) : String(value);
}

function quoted(text: string): string {
  return JSON.stringify(oneLine(text, 60));
}

function refusal(reason: string): QkdError {
  return new QkdError('record', `key-ID record: ${reason}`);
}
