// Answers that are not 200: whose fault, and is it worth asking again? The standard knows 400, 401 and 503 only
// (ETSI GS QKD 014 clause 5); KMEs in the field also send 403, 404, 429, 5xx and redirects, with bodies that are
// empty, HTML or another JSON. Texts are matched loosely, since their wording is the KME's own.

import { STATUS_CODES } from 'node:http';
import { oneLine, QkdError } from '../errors.ts';
import type { ErrorCode } from '../errors.ts';
import type { HttpsAnswer } from './https-exchange.ts';
import type { KmeCall } from './kme-address.ts';
import { isJsonObject, parseStrictJson } from './strict-json.ts';
import type { Json } from './strict-json.ts';

/**
 * never: repeating is useless or would use up a key; later: the KME cannot serve now; propagation: the key may
 * still be on its way from the master's KME, which the standard does not tell from a key that never was.
 */
export type Again = 'never' | 'later' | 'propagation';

export interface Refusal {
  readonly error: QkdError;
  readonly again: Again;
}

const EXPIRED = /\bexpired\b/i;
const NOT_FOUND = /not[ _-]?found|unknown key|no such key|does(?: not|n't) exist|not available on/i;
const NO_STOCK = /not enough|insufficient|exhausted|deplet|no (?:more )?keys? (?:is |are )?(?:available|left)|out of keys|key_bits_available/i;
const NEEDS_CERTIFICATE = /ssl certificate|client certificate/i;

/** What an answer other than 200 to `call` means. */
export function refusalOf(answer: HttpsAnswer, call: KmeCall): Refusal {
  const { status } = answer;
  const text = answerText(answer);
  const reason = (STATUS_CODES[status] ?? 'unknown status').toLowerCase();
  const make = (code: ErrorCode, again: Again, hint?: string): Refusal => ({
    error: new QkdError(code, `${status} ${reason}${text === '' ? '' : `: ${text}`}`, { hint }),
    again,
  });
  const page = isHtml(answer);

  if (call === 'dec_keys' && status >= 400 && status < 500) {
    if (status === 410 || EXPIRED.test(text)) return make('kme-key-gone', 'never', GONE);
    const named = NOT_FOUND.test(text) && !page;
    if ((named && [400, 401, 404].includes(status)) || (status === 404 && text !== '' && !page)) {
      return make('kme-key-gone', 'propagation', GONE);
    }
  }
  if (status === 401 || status === 403 || (status < 500 && NEEDS_CERTIFICATE.test(text))) return make('kme-refused-us', 'never', REGISTER);
  if (status < 500 && status >= 400 && NO_STOCK.test(text)) return make('kme-unavailable', 'later', STOCK);
  if (status === 503 || status === 429) return make('kme-unavailable', 'later', STOCK);
  // An error behind a proxy may hide that the KME did hand out a key: only dec_keys may ask again.
  if (status >= 500) return make('kme-unavailable', call === 'enc_keys' ? 'never' : 'later', 'read the log of the KME');
  if (status >= 300 && status < 400) return make('kme-request', 'never', 'correct the KME url: redirects are not followed');
  if (status === 404 || status === 405) return make('kme-request', 'never', 'check the KME url, its path prefix and the SAE IDs');
  if (status >= 400) return make('kme-request', 'never', 'check the SAE IDs and the key size against what the KME offers');
  return make('kme-answer', 'never', 'report this to the operator of the KME: only 200 is an answer (ETSI GS QKD 014 clause 5)');
}

const GONE = 'wait for the next rotation: the master asks for a new key; when this repeats, compare the retention time of the KME with the rotation interval';
const REGISTER = 'check that the KME knows our SAE ID (the common name of our certificate) and allows it this peer';
const STOCK = 'check the stock and the QKD link of the KME';

function isHtml(answer: HttpsAnswer): boolean {
  return answer.contentType.includes('html') || /^\s*</.test(answer.body.subarray(0, 64).toString('latin1'));
}

/** The KME's own words as one safe line; '' when there are none. */
function answerText(answer: HttpsAnswer): string {
  if (answer.body.length === 0) return '';
  const text = answer.body.toString('utf8');
  if (isHtml(answer)) {
    const title = /<title>([^<]*)<\/title>/i.exec(text)?.[1] ?? '';
    return oneLine(title === '' ? 'a page of HTML' : `a page of HTML: ${title}`);
  }
  let json: Json;
  try {
    json = parseStrictJson(answer.body);
  } catch {
    return oneLine(text);
  }
  return oneLine(jsonText(json));
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
