// An answer that breaks ETSI GS QKD 014: the one error for it, and the JSON of an answer with that error.

import { QkdError } from '../errors.ts';
import { JsonRefusal, parseStrictJson } from './strict-json.ts';
import type { Json } from './strict-json.ts';

/** `kme-answer`; `reason` quotes nothing of the answer: it may hold key material. */
export function brokenAnswer(reason: string): QkdError {
  return new QkdError('kme-answer', reason, { hint: 'report this to the operator of the KME: its answer breaks ETSI GS QKD 014' });
}

/** The JSON value of a body. Throws `kme-answer`. */
export function answerJson(body: Uint8Array): Json {
  try {
    return parseStrictJson(body);
  } catch (error) {
    if (error instanceof JsonRefusal) throw brokenAnswer(error.message);
    throw error;
  }
}
