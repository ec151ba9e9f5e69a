// JSON (RFC 8259) that a KME wrote: UTF-8 only, no byte order mark, a bounded depth; the reader itself,
// which refuses a member that appears twice, is src/json.ts. Refusals say where, and quote nothing of the
// text: it may hold key material.

import { type JsonObject, type JsonValue, isJsonObject, parseJson } from '../json.ts';

export { isJsonObject };
export type Json = JsonValue;
export type { JsonObject };

/** Deeper than any answer of ETSI GS QKD 014 with vendor extensions. */
const MAX_DEPTH = 32;

/** Why a text is not acceptable JSON. */
export class JsonRefusal extends Error {}

/** Reads one JSON value. Throws JsonRefusal. */
export function parseStrictJson(bytes: Uint8Array): Json {
  const text = decodeUtf8(bytes);
  if (text.startsWith('\ufeff')) throw new JsonRefusal('not JSON: a byte order mark');
  try {
    return parseJson(text, MAX_DEPTH);
  } catch (error) {
    const reason = (error as Error).message.replace(/, found .*$/, '').replace(/member ".*" appears/, 'a member appears');
    throw new JsonRefusal(`not JSON: ${reason}`);
  }
}

function decodeUtf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new JsonRefusal('not UTF-8');
  }
}
