// status (ETSI GS QKD 014 clauses 5.1 and 6.1): what a KME says of its keys for another SAE. It has no effect at the
// KME. Many KMEs fill it with zeros or leave members out, so nothing here refuses more than a text that is no JSON
// object: what was understood is handed on, and what was not stands in `doubts`, for judge-status.ts and doctor.

import { oneLine } from '../errors.ts';
import type { KmeStatus } from '../workflow/ports.ts';
import type { Attempt } from './attempts.ts';
import { answerJson, brokenAnswer } from './broken-answer.ts';
import { attempt } from './kme-exchange.ts';
import type { KmeConnection } from './kme-exchange.ts';
import { isJsonObject } from './strict-json.ts';
import type { JsonObject } from './strict-json.ts';

/** One status request about `saeId`, `timeout` in seconds. */
export function status(kme: KmeConnection, saeId: string, timeout: number): Promise<Attempt<KmeStatus>> {
  return attempt(kme, kme.wire.status(saeId), timeout, (body) => kme.wire.readStatus(body));
}

/** Reads a Status object. Throws `kme-answer` when the text is not one JSON object. */
export function readStatus(body: Uint8Array): KmeStatus {
  const json = answerJson(body);
  if (!isJsonObject(json)) throw brokenAnswer('the status is not a JSON object');
  const doubts: string[] = [];
  const answer: KmeStatus = {
    sourceKmeId: text(json, 'source_KME_ID', doubts),
    targetKmeId: text(json, 'target_KME_ID', doubts),
    masterSaeId: text(json, 'master_SAE_ID', doubts),
    slaveSaeId: text(json, 'slave_SAE_ID', doubts),
    keySize: count(json, 'key_size', doubts),
    storedKeyCount: count(json, 'stored_key_count', doubts),
    maxKeyCount: count(json, 'max_key_count', doubts),
    maxKeyPerRequest: count(json, 'max_key_per_request', doubts),
    maxKeySize: count(json, 'max_key_size', doubts),
    minKeySize: count(json, 'min_key_size', doubts),
    maxSaeIdCount: count(json, 'max_SAE_ID_count', doubts),
    doubts,
  };
  return answer;
}

/** An ID as the KME wrote it, made safe to print. */
function text(json: JsonObject, member: string, doubts: string[]): string | undefined {
  const value = json[member];
  if (typeof value === 'string' && value !== '') return oneLine(value, 128);
  doubts.push(value === undefined || value === null ? `${member} is missing` : `${member} is not a name`);
  return undefined;
}

function count(json: JsonObject, member: string, doubts: string[]): number | undefined {
  const value = json[member];
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value;
  doubts.push(value === undefined || value === null ? `${member} is missing` : `${member} is not a count`);
  return undefined;
}
