// Why a bench KME refuses a request, and what the refusal looks like on the wire. The standard's own sentences where
// it has some (ETSI GS QKD 014 clauses 5 and 6.5); status and form are the profile's, because no two KMEs agree.

import type { Profile } from './profiles.ts';

export type Reason =
  | 'bad-request' | 'body-missing' | 'content-type' | 'duplicate-member' | 'unknown-parameter'
  | 'number' | 'number-limit' | 'size' | 'size-octets' | 'not-a-number'
  | 'additional-slaves' | 'extension-mandatory' | 'unknown-slave' | 'same-sae' | 'unknown-caller'
  | 'not-entitled' | 'master' | 'not-found' | 'some-not-found' | 'fetched' | 'expired' | 'letter-case'
  | 'stock-empty' | 'store-failed';

/** JSON with message (the standard's), with message and details, with title and description, with detail; HTML; text; no body. */
export type Form = 'message' | 'details' | 'title' | 'detail' | 'html' | 'text' | 'none';

const NOT_FOUND = 'one or more keys specified are not found on KME';

const SENTENCES: Readonly<Partial<Record<Reason, string>>> = {
  'size-octets': 'size shall be a multiple of 8',
  'extension-mandatory': 'not all extension_mandatory parameters are supported',
  'not-found': NOT_FOUND,
  'some-not-found': NOT_FOUND,
  fetched: NOT_FOUND,
  expired: NOT_FOUND,
  'letter-case': NOT_FOUND,
  'stock-empty': 'not enough keys available',
  'store-failed': 'the key store cannot be reached',
};

/** A request that is not answered 200; no key was used up. `message` is for reasons that the standard has no sentence for. */
export class RefusedRequest extends Error {
  readonly reason: Reason;

  constructor(reason: Reason, message: string = SENTENCES[reason] ?? 'bad request format') {
    super(message);
    this.reason = reason;
  }
}

export interface RefusalAnswer {
  readonly status: number;
  /** '' goes with an empty body. */
  readonly contentType: string;
  readonly body: string;
}

/** What a KME of this profile answers; undefined: nothing, ever. */
export function refusalAnswer(profile: Profile, { reason, message }: RefusedRequest): RefusalAnswer | undefined {
  const refusal = profile.refusals[reason];
  if (refusal === 'hang') return undefined;
  const details = reason === 'stock-empty' ? [{ key_bits_requested: profile.limits.keySize }, { key_bits_available: 0 }] : [];
  return { status: refusal.status, ...bodyOf(refusal.form ?? profile.form, { message: profile.messages[reason] ?? message, status: refusal.status, details }) };
}

/** A page as a web server in front of a KME writes it. */
export function htmlPage(title: string): string {
  return `<html><head><title>${title}</title></head><body><center><h1>${title}</h1></center><hr></body></html>\r\n`;
}

function bodyOf(form: Form, { message, status, details }: { message: string; status: number; details: readonly object[] }): Omit<RefusalAnswer, 'status'> {
  const json = (value: object): Omit<RefusalAnswer, 'status'> => ({ contentType: 'application/json', body: JSON.stringify(value) });
  switch (form) {
    case 'message':
      return json({ message });
    case 'details':
      return json({ message, details });
    case 'title':
      return json({ title: `${status}`, description: message });
    case 'detail':
      return json({ detail: status === 422 ? [message] : message });
    case 'html':
      return { contentType: 'text/html', body: htmlPage(`${status} ${message}`) };
    case 'text':
      return { contentType: 'text/plain; charset=utf-8', body: `${message}\n` };
    case 'none':
      return { contentType: '', body: '' };
  }
}
