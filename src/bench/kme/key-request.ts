// Reads what an SAE asks a bench KME for (ETSI GS QKD 014 clauses 5 and 6.2 to 6.4), strictly: whatever the standard
// does not define is refused with 400, so that a client that only works with lenient KMEs fails here first.

import { isJsonObject, JsonRefusal, parseStrictJson } from '../../kme/strict-json.ts';
import type { Json, JsonObject } from '../../kme/strict-json.ts';

/** An answer other than 200. */
export class RefusedRequest extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** What a KME can do; sizes in bits. */
export interface Limits {
  readonly keySize: number;
  readonly minKeySize: number;
  readonly maxKeySize: number;
  readonly maxKeyPerRequest: number;
  readonly maxSaeIdCount: number;
}

export interface RawRequest {
  readonly method: string;
  readonly query: URLSearchParams;
  readonly contentType: string;
  readonly body: Buffer;
}

export interface EncRequest {
  readonly number: number;
  readonly size: number;
  readonly additionalSlaves: readonly string[];
}

/** Key request: query of a GET or body of a POST. Throws RefusedRequest. */
export function readEncRequest(raw: RawRequest, limits: Limits): EncRequest {
  const members = raw.method === 'GET' ? queryNumbers(raw) : bodyMembers(raw);
  allowOnly(Object.keys(members), ['number', 'size', 'additional_slave_SAE_IDs', 'extension_mandatory', 'extension_optional']);
  const number = members['number'] ?? 1;
  const size = members['size'] ?? limits.keySize;
  if ('number' in members && members['number'] === null) throw bad('number shall be an integer');
  if ('size' in members && members['size'] === null) throw bad('size shall be an integer');
  if (!isInteger(number) || number < 1) throw bad('number shall be a positive integer');
  if (number > limits.maxKeyPerRequest) throw bad(`number shall not be greater than ${limits.maxKeyPerRequest}`);
  if (!isInteger(size) || size < 1) throw bad('size shall be a positive integer');
  if (size % 8 !== 0) throw bad('size shall be a multiple of 8');
  if (size < limits.minKeySize || size > limits.maxKeySize) throw bad(`size shall be between ${limits.minKeySize} and ${limits.maxKeySize}`);
  checkExtensions(members);
  return { number, size, additionalSlaves: additionalSlaves(members['additional_slave_SAE_IDs'], limits) };
}

/** Key IDs: query of a GET or body of a POST. Throws RefusedRequest. */
export function readDecRequest(raw: RawRequest): string[] {
  if (raw.method === 'GET') {
    refuseBody(raw);
    allowOnly([...raw.query.keys()], ['key_ID']);
    return uniqueIds(raw.query.getAll('key_ID'));
  }
  const members = bodyMembers(raw);
  allowOnly(Object.keys(members), ['key_IDs', 'key_IDs_extension']);
  const list = members['key_IDs'];
  if (!Array.isArray(list)) throw bad('key_IDs shall be an array');
  const ids = list.map((item) => (isJsonObject(item) ? item['key_ID'] : undefined));
  if (!ids.every((id) => typeof id === 'string')) throw bad('key_IDs shall hold objects with a key_ID');
  return uniqueIds(ids);
}

function uniqueIds(ids: readonly string[]): string[] {
  if (ids.length === 0 || ids.includes('')) throw bad('key_ID is missing');
  if (new Set(ids.map((id) => id.toLowerCase())).size < ids.length) throw bad('key_ID given twice');
  return [...ids];
}

/** Status takes nothing. */
export function checkStatusRequest(raw: RawRequest): void {
  refuseBody(raw);
  allowOnly([...raw.query.keys()], []);
}

function queryNumbers(raw: RawRequest): Record<string, Json> {
  refuseBody(raw);
  const names = [...raw.query.keys()];
  allowOnly(names, ['number', 'size']);
  if (new Set(names).size < names.length) throw bad('query parameter given twice');
  return Object.fromEntries([...raw.query].map(([name, value]) => [name, /^[0-9]{1,9}$/.test(value) ? Number(value) : value]));
}

function bodyMembers(raw: RawRequest): JsonObject {
  if ([...raw.query].length > 0) throw bad('POST takes no query');
  if (raw.body.length === 0) return {};
  if (!/^application\/json\s*(?:;|$)/i.test(raw.contentType)) throw new RefusedRequest(415, 'content type shall be application/json');
  try {
    const json = parseStrictJson(raw.body);
    if (isJsonObject(json)) return json;
  } catch (error) {
    if (!(error instanceof JsonRefusal)) throw error;
    throw bad(`bad request format: ${error.message}`);
  }
  throw bad('bad request format: not an object');
}

function refuseBody(raw: RawRequest): void {
  if (raw.body.length > 0) throw bad('GET takes no body');
}

function allowOnly(names: readonly string[], allowed: readonly string[]): void {
  const unknown = names.find((name) => !allowed.includes(name));
  if (unknown !== undefined) throw bad('unknown parameter');
}

function checkExtensions(members: Readonly<Record<string, Json>>): void {
  const { extension_mandatory: mandatory = [], extension_optional: optional = [] } = members;
  if (!Array.isArray(mandatory) || !Array.isArray(optional)) throw bad('extensions shall be arrays');
  if (mandatory.length > 0) throw bad('not all extension_mandatory parameters are supported');
}

function additionalSlaves(value: Json | undefined, limits: Limits): string[] {
  if (value === undefined) return [];
  if (!Array.isArray(value) || value.length === 0 || !value.every((id) => typeof id === 'string')) {
    throw bad('additional_slave_SAE_IDs shall be an array of SAE IDs');
  }
  if (value.length > limits.maxSaeIdCount) throw bad(`additional_slave_SAE_IDs shall not hold more than ${limits.maxSaeIdCount} SAE IDs`);
  return value;
}

function isInteger(value: Json): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value);
}

function bad(message: string): RefusedRequest {
  return new RefusedRequest(400, message);
}
