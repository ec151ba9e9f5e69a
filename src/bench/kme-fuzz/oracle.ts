// Judges what the client made of an answer, by rules of its own: nothing here shares code with the client. A key may
// come out only if it stands in the bytes that were sent, under its ID, with exactly the bits that were asked for.

import { isQkdError } from '../../errors.ts';
import type { KmeKey } from '../../workflow/ports.ts';
import type { PlannedAnswer } from './planned-answer.ts';

export type Outcome = { readonly keys: readonly KmeKey[] } | { readonly status: unknown } | { readonly error: unknown };

/** Codes with which a call may fail because of a KME's answer. */
const CODES = ['kme-unreachable', 'kme-refused-us', 'kme-request', 'kme-unavailable', 'kme-key-gone', 'kme-answer', 'deadline'] as const;
const SAFE_ID = /^(?!\.{1,2}$)[A-Za-z0-9._:-]{1,128}$/;

/** What is wrong with the outcome; undefined: nothing. `said` is everything that was logged meanwhile. */
export function complaintAbout(answer: PlannedAnswer, outcome: Outcome, said: string): string | undefined {
  const leak = leaked(answer, 'error' in outcome ? `${said}${String(outcome.error)}` : said);
  if (leak !== undefined) return leak;
  if ('error' in outcome) return complaintAboutError(answer, outcome.error);
  if (answer.mustRefuse && answer.mutations.length === 1) return 'accepted, though it breaks a rule';
  return 'keys' in outcome ? complaintAboutKeys(answer, outcome.keys) : undefined;
}

function complaintAboutError(answer: PlannedAnswer, error: unknown): string | undefined {
  if (!isQkdError(error)) return `not an error of ours: ${String(error)}`;
  if (!(CODES as readonly string[]).includes(error.code)) return `code ${error.code}`;
  if (/[\u0000-\u001f\u007f-\u009f]/.test(error.message)) return 'a message with control characters';
  if (error.message.length > 500) return `a message of ${error.message.length} characters`;
  // A machine that is busy may be late; anything else must not keep a right answer out.
  const late = error.code === 'deadline' || error.code === 'kme-unreachable';
  return answer.mutations.length === 0 && !late ? `refused, though nothing is wrong: ${error.message}` : undefined;
}

function complaintAboutKeys(answer: PlannedAnswer, keys: readonly KmeKey[]): string | undefined {
  const { asked } = answer;
  if (keys.length !== asked.number) return `${keys.length} keys instead of ${asked.number}`;
  if (asked.call === 'dec_keys' && keys.some(({ keyId }, index) => keyId !== asked.keyIds[index])) return 'other key_IDs than asked for';
  if (new Set(keys.map(({ keyId }) => keyId.toLowerCase())).size !== keys.length) return 'one key_ID twice';
  if (new Set(keys.map(({ key }) => key.revealHex())).size !== keys.length) return 'one key twice';
  return keys.map((key) => complaintAboutKey(answer, key)).find((complaint) => complaint !== undefined);
}

function complaintAboutKey(answer: PlannedAnswer, { keyId, key }: KmeKey): string | undefined {
  const bytes = key.revealBytes();
  if (!SAFE_ID.test(keyId)) return 'an unsafe key_ID';
  if (bytes.length * 8 !== answer.asked.size) return `a key of ${bytes.length * 8} bits`;
  if (bytes.every((byte) => byte === 0) || bytes.every((byte) => byte === 255)) return 'a key of one repeated bit';
  const object = answer.body.toString('utf8').match(/\{[^{}]*\}/g)?.find((one) => one.includes(JSON.stringify(keyId)) && writings(bytes, answer).some((text) => asHex(one, answer).includes(`"${text}"`)));
  return object === undefined && !standsInJson(answer, keyId, bytes) ? 'a key that was not sent' : undefined;
}

/** An object that has objects inside it is not found by its braces. */
function standsInJson(answer: PlannedAnswer, keyId: string, bytes: Buffer): boolean {
  try {
    const { keys } = JSON.parse(answer.body.toString('utf8')) as { keys: { key_ID: unknown; key: unknown }[] };
    return keys.some((one) => one.key_ID === keyId && writings(bytes, answer).includes(asHex(String(one.key), answer)));
  } catch {
    return false;
  }
}

/** Hexadecimal digits mean the same in either case, one by one; other texts stay as they are. */
function asHex(text: string, { asked }: PlannedAnswer): string {
  return asked.encoding === 'hex' ? text.toLowerCase() : text;
}

function writings(bytes: Buffer, { asked }: PlannedAnswer): string[] {
  const base64 = bytes.toString('base64');
  if (asked.encoding === 'base64') return [base64];
  if (asked.encoding === 'base64-unpadded') return [base64, base64.replace(/=+$/, '')];
  if (asked.encoding === 'base64url') return [bytes.toString('base64url'), base64.replaceAll('+', '-').replaceAll('/', '_')];
  return [bytes.toString('hex')];
}

/** Long enough to be no accident, short enough to find a part of a key. */
const TRACE = 14;

function leaked({ json, mutations }: PlannedAnswer, said: string): string | undefined {
  // Mutations that put a key where the ID belongs make it an ID, and IDs may be told.
  if (mutations.includes('ID and key exchanged')) return undefined;
  const { keys } = (json ?? {}) as { keys?: unknown };
  if (!Array.isArray(keys)) return undefined;
  const secrets = keys.map((one) => (one as { key?: unknown } | null)?.key).filter((key): key is string => typeof key === 'string' && key.length >= 40 && !/^(.)\1*$/.test(key));
  return secrets.some((key) => said.includes(key.slice(2, 2 + TRACE)) || said.includes(Buffer.from(key, 'base64').toString('hex').slice(2, 2 + TRACE))) ? 'key material in a log line or error' : undefined;
}
