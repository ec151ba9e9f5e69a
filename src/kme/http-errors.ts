// Answers that are not 200: whose fault, and is it worth asking again? The standard knows 400, 401 and 503 only
// (ETSI GS QKD 014 clause 5); KMEs in the field also send 403, 404, 429, 5xx and redirects, with bodies that are
// empty, HTML or another JSON. Texts are matched loosely, since their wording is the KME's own.

import { STATUS_CODES } from 'node:http';
import { oneLine, QkdError } from '../errors.ts';
import type { ErrorCode } from '../errors.ts';
import type { KmeQuirks } from '../inventory/inventory.ts';
import type { HttpsAnswer } from './https-exchange.ts';
import { isJsonObject, parseStrictJson } from './strict-json.ts';
import type { Json } from './strict-json.ts';
import type { KmeCall } from './wire.ts';

/**
 * never: repeating is useless or would use up a key; later: the KME cannot serve now; propagation: the key may
 * still be on its way from the master's KME, which the standard does not tell from a key that never was.
 */
export type Again = 'never' | 'later' | 'propagation';

export interface Refusal {
  readonly error: QkdError;
  readonly again: Again;
}

export type StatusQuirks = Pick<KmeQuirks, 'unknownKeyStatus' | 'noStockStatus'>;

const EXPIRED = /\bexpired\b/i;
const NOT_FOUND = /not[ _-]?found|unknown key|no such key|does(?: not|n't) exist|not available on/i;
const ABOUT_KEY = /\bkeys?\b|key[ _-]?id/i;
const ABOUT_SAE = /\bSAE\b/i;
const NO_STOCK = /not enough|insufficient|exhausted|deplet|no (?:more )?keys? (?:is |are )?(?:available|left)|out of keys|key_bits_available/i;
const CERTIFICATE = /\bcertificate\b/i;
const NEEDS_CERTIFICATE = /ssl certificate|client certificate/i;

/** What an answer other than 200 to `call` means. */
export function refusalOf(answer: HttpsAnswer, call: KmeCall, quirks: StatusQuirks): Refusal {
  const { status } = answer;
  const { text, standard } = answerText(answer);
  const reason = (STATUS_CODES[status] ?? 'unknown status').toLowerCase();
  const make = (code: ErrorCode, again: Again, hint?: string): Refusal => ({
    error: new QkdError(code, `${status} ${reason}${text === '' ? '' : `: ${text}`}`, { hint }),
    again,
  });
  const keyIs = call === 'dec_keys' ? keyFate(answer, { text, standard }, quirks) : undefined;
  if (keyIs === 'gone') return make('kme-key-gone', 'never', GONE);
  if (keyIs === 'unknown') return make('kme-key-gone', 'propagation', GONE);
  if (keyIs === 'perhaps unknown') return make('kme-request', 'propagation', PERHAPS);
  if (call === 'enc_keys' && quirks.noStockStatus.includes(status)) return make('kme-unavailable', 'later', STOCK);
  if (status === 401 || status === 403 || (status < 500 && NEEDS_CERTIFICATE.test(text))) return make('kme-refused-us', 'never', REGISTER);
  if (status < 500 && status >= 400 && NO_STOCK.test(text)) return make('kme-unavailable', 'later', STOCK);
  if (status === 503 || status === 429) return make('kme-unavailable', 'later', STOCK);
  if (status >= 500) return make('kme-unavailable', 'later', 'read the log of the KME');
  if (status >= 300 && status < 400) return make('kme-request', 'never', 'correct the KME url: redirects are not followed');
  if (status === 404 || status === 405) return make('kme-request', 'never', 'check the KME url, its path prefix and the SAE IDs');
  if (status >= 400) return make('kme-request', 'never', 'check the SAE IDs and the key size against what the KME offers');
  return make('kme-answer', 'never', 'report this to the operator of the KME: only 200 is an answer (ETSI GS QKD 014 clause 5)');
}

/**
 * What an answer to dec_keys says of the key; undefined when it is about something else. A 404 without a word about a
 * key may come from a wrong URL: it is asked again, but no reason to give the key up.
 */
function keyFate(answer: HttpsAnswer, { text, standard }: AnswerText, quirks: StatusQuirks): 'gone' | 'unknown' | 'perhaps unknown' | undefined {
  const { status } = answer;
  if (quirks.unknownKeyStatus.includes(status)) return 'unknown';
  if (status < 400 || status >= 500) return undefined;
  if (status === 410 || (EXPIRED.test(text) && !CERTIFICATE.test(text))) return 'gone';
  if (isHtml(answer) || ![400, 401, 404].includes(status)) return undefined;
  const aboutKey = ABOUT_KEY.test(text) || (standard && !ABOUT_SAE.test(text));
  if (NOT_FOUND.test(text) && aboutKey) return 'unknown';
  return status === 404 && !ABOUT_SAE.test(text) ? 'perhaps unknown' : undefined;
}

const GONE = 'wait for the next rotation: the master asks for a new key; when this repeats, compare the retention time of the KME with the rotation interval';
const PERHAPS = 'check the KME url and its path prefix; if this KME means an unknown key by it, add 404 to kme.quirks.unknown_key_status';
const REGISTER = 'check that the KME knows our SAE ID (the common name of our certificate) and allows it this peer';
const STOCK = 'check the stock and the QKD link of the KME';

function isHtml(answer: HttpsAnswer): boolean {
  return answer.contentType.includes('html') || /^\s*</.test(answer.body.subarray(0, 64).toString('latin1'));
}

interface AnswerText {
  /** The KME's own words as one safe line; '' when there are none. */
  readonly text: string;
  /** It is the standard's Error object (clause 6.5), so it comes from the KME itself and not from something before it. */
  readonly standard: boolean;
}

function answerText(answer: HttpsAnswer): AnswerText {
  if (answer.body.length === 0) return { text: '', standard: false };
  const text = answer.body.toString('utf8');
  if (isHtml(answer)) {
    const title = /<title>([^<]*)<\/title>/i.exec(text)?.[1] ?? '';
    return { text: quotable(title === '' ? 'a page of HTML' : `a page of HTML: ${title}`), standard: false };
  }
  let json: Json;
  try {
    json = parseStrictJson(answer.body);
  } catch {
    // Broken JSON may be a broken Key container.
    return { text: text.includes('{') ? 'text that is no JSON' : quotable(text), standard: false };
  }
  return { text: quotable(jsonText(json)), standard: isJsonObject(json) && typeof json['message'] === 'string' };
}

const UUID = /^[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$/;

/** One safe line; a word that could be key material in base64 or hexadecimal, as key_IDs are not, is left out. */
function quotable(text: string): string {
  const masked = text.replace(/[A-Za-z0-9+/_=-]{16,}/g, (word) => {
    const mixed = /[0-9]/.test(word) && (word.length >= 22 || (/[A-Z]/.test(word) && /[a-z]/.test(word)));
    return mixed && !UUID.test(word) ? '[left out]' : word;
  });
  return oneLine(masked);
}

// `message` is the standard's; the other members are those of KMEs and gateways in the field, RFC 9457 among them.
function jsonText(json: Json): string {
  if (typeof json === 'string') return json;
  if (!isJsonObject(json)) return 'JSON without a message';
  const texts = ['message', 'error', 'title', 'detail', 'description']
    .map((member) => json[member])
    .filter((value): value is string => typeof value === 'string' && value !== '');
  // QuKayDee says in `details` alone that the stock, not the request, is the reason.
  const details = JSON.stringify(json['details'] ?? null);
  if (details.includes('key_bits_available')) texts.push('key_bits_available is too low');
  return texts.length === 0 ? 'JSON without a message' : texts.join(': ');
}
