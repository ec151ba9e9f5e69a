// Reads what an SAE asks a bench KME for (ETSI GS QKD 014 clauses 5 and 6.2 to 6.4). The strict profile refuses whatever
// the standard does not define, so that a client that only works with lenient KMEs fails here first.

import { isJsonObject, JsonRefusal, parseStrictJson } from '../../kme/strict-json.ts';
import type { Json, JsonObject } from '../../kme/strict-json.ts';
import type { Limits, Profile } from './profiles.ts';
import { RefusedRequest } from './refusals.ts';

/** Clauses 5.1 to 5.3, by the last word of the path. */
export type KmeCall = 'enc_keys' | 'dec_keys' | 'status';

export interface RawRequest {
  readonly method: string;
  readonly query: URLSearchParams;
  readonly contentType: string;
  readonly body: Buffer;
}

export interface EncRequest {
  readonly number: number;
  /** Bits; a multiple of 8. */
  readonly size: number;
  readonly additionalSlaves: readonly string[];
}

/** Key request: query of a GET or body of a POST. Throws RefusedRequest. */
export function readEncRequest(raw: RawRequest, profile: Profile): EncRequest {
  const { reading, limits } = profile;
  const members = withoutNulls(raw.method === 'GET' ? queryMembers(raw, profile) : bodyMembers(raw, profile), profile);
  if (!reading.unknownMembers) allowOnly(Object.keys(members), ['number', 'size', 'additional_slave_SAE_IDs', 'extension_mandatory', 'extension_optional']);
  const number = readNumber(members['number'] === undefined ? 1 : members['number'], profile);
  const size = readSize(members['size'] === undefined ? limits.keySize : members['size'], profile);
  checkExtensions(members, profile);
  return { number, size: reading.sizeIgnored ? limits.keySize : size, additionalSlaves: additionalSlaves(members['additional_slave_SAE_IDs'], limits) };
}

/** Key IDs: query of a GET or body of a POST. Throws RefusedRequest. */
export function readDecRequest(raw: RawRequest, profile: Profile): string[] {
  if (raw.method === 'GET') {
    refuseBody(raw, profile);
    if (!profile.reading.unknownParameters) allowOnly([...raw.query.keys()], ['key_ID']);
    const ids = raw.query.getAll('key_ID');
    if (ids.length === 0) throw new RefusedRequest('bad-request', 'key_ID is missing');
    return checkIds(ids, profile);
  }
  const members = withoutNulls(bodyMembers(raw, profile), profile);
  if (!profile.reading.unknownMembers) allowOnly(Object.keys(members), ['key_IDs', 'key_IDs_extension']);
  const list = members['key_IDs'];
  if (!Array.isArray(list)) throw new RefusedRequest('bad-request', 'key_IDs shall be an array');
  const ids = list.map((item) => (isJsonObject(item) ? item['key_ID'] : undefined));
  if (!ids.every((id) => typeof id === 'string')) throw new RefusedRequest('bad-request', 'key_IDs shall hold objects with a key_ID');
  return checkIds(ids, profile);
}

/** Status takes nothing. */
export function checkStatusRequest(raw: RawRequest, profile: Profile): void {
  refuseBody(raw, profile);
  if (!profile.reading.unknownParameters) allowOnly([...raw.query.keys()], []);
}

function checkIds(ids: readonly string[], { reading }: Profile): string[] {
  if ((ids.length === 0 && !reading.emptyIdList) || ids.includes('')) throw new RefusedRequest('bad-request', 'key_ID is missing');
  if (!reading.duplicateIds && new Set(ids.map((id) => id.toLowerCase())).size < ids.length) throw new RefusedRequest('bad-request', 'key_ID given twice');
  return [...ids];
}

function queryMembers(raw: RawRequest, profile: Profile): Record<string, Json> {
  const { reading } = profile;
  refuseBody(raw, profile);
  const names = [...raw.query.keys()];
  if (!reading.unknownParameters) allowOnly(names, ['number', 'size']);
  if (!reading.duplicateMembers && new Set(names).size < names.length) throw new RefusedRequest('duplicate-member', 'query parameter given twice');
  if (reading.getIgnored) return {};
  return Object.fromEntries([...raw.query].map(([name, value]) => [name, /^-?[0-9]{1,9}$/.test(value) ? Number(value) : value]));
}

function bodyMembers(raw: RawRequest, { reading }: Profile): JsonObject {
  if (!reading.strayParts && [...raw.query].length > 0) throw new RefusedRequest('bad-request', 'POST takes no query');
  if (raw.body.length === 0) {
    if (!reading.emptyBody) throw new RefusedRequest('body-missing', 'request has no body');
    return {};
  }
  if (!reading.anyContentType && !/^application\/json\s*(?:;|$)/i.test(raw.contentType)) throw new RefusedRequest('content-type', 'content type shall be application/json');
  try {
    const json = reading.duplicateMembers ? (JSON.parse(raw.body.toString()) as Json) : parseStrictJson(raw.body);
    if (isJsonObject(json)) return json;
  } catch (error) {
    if (error instanceof SyntaxError) throw new RefusedRequest('bad-request', 'bad request format: not JSON');
    if (!(error instanceof JsonRefusal)) throw error;
    throw new RefusedRequest(/twice/.test(error.message) ? 'duplicate-member' : 'bad-request', `bad request format: ${error.message}`);
  }
  throw new RefusedRequest('bad-request', 'bad request format: not an object');
}

function withoutNulls(members: JsonObject, { reading }: Profile): JsonObject {
  return reading.nullIsAbsent ? Object.fromEntries(Object.entries(members).filter(([, value]) => value !== null)) : members;
}

function refuseBody(raw: RawRequest, { reading }: Profile): void {
  if (!reading.strayParts && raw.body.length > 0) throw new RefusedRequest('bad-request', 'GET takes no body');
}

function allowOnly(names: readonly string[], allowed: readonly string[]): void {
  if (names.some((name) => !allowed.includes(name))) throw new RefusedRequest('unknown-parameter', 'unknown parameter');
}

/** How many keys: none at all where the profile makes an empty list of it. */
function readNumber(value: Json, { reading, limits }: Profile): number {
  const number = integerOf(value, 'number', reading.numbersAsText);
  if (number < 1 && reading.numberZero) return 0;
  if (number < 1) throw new RefusedRequest('number', 'number shall be a positive integer');
  if (number > limits.maxKeyPerRequest) throw new RefusedRequest('number-limit', `number shall not be greater than ${limits.maxKeyPerRequest}`);
  return number;
}

function readSize(value: Json, { reading, limits }: Profile): number {
  const size = integerOf(value, 'size', reading.numbersAsText);
  if (size < 0 || (size === 0 && !reading.sizeZero)) throw new RefusedRequest('size', 'size shall be a positive integer');
  if (size % 8 !== 0 && reading.oddSize === 'refused') throw new RefusedRequest('size-octets');
  if (size < limits.minKeySize || size > limits.maxKeySize) throw new RefusedRequest('size', `size shall be between ${limits.minKeySize} and ${limits.maxKeySize}`);
  return 8 * (reading.oddSize === 'down' ? Math.floor(size / 8) : Math.ceil(size / 8));
}

function integerOf(value: Json, name: string, fromText: boolean): number {
  const number = fromText && typeof value === 'string' && /^-?\d{1,9}$/.test(value) ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isSafeInteger(number)) throw new RefusedRequest('not-a-number', `${name} shall be an integer`);
  return number;
}

function checkExtensions(members: Readonly<Record<string, Json>>, { reading }: Profile): void {
  const { extension_mandatory: mandatory = [], extension_optional: optional = [] } = members;
  if (!Array.isArray(mandatory) || !Array.isArray(optional)) throw new RefusedRequest('bad-request', 'extensions shall be arrays');
  if (mandatory.length > 0 && !reading.extensionMandatory) throw new RefusedRequest('extension-mandatory');
}

function additionalSlaves(value: Json | undefined, limits: Limits): string[] {
  if (value === undefined) return [];
  if (!Array.isArray(value) || value.length === 0 || !value.every((id) => typeof id === 'string')) {
    throw new RefusedRequest('additional-slaves', 'additional_slave_SAE_IDs shall be an array of SAE IDs');
  }
  if (value.length > limits.maxSaeIdCount) throw new RefusedRequest('additional-slaves', `additional_slave_SAE_IDs shall not hold more than ${limits.maxSaeIdCount} SAE IDs`);
  return value;
}
