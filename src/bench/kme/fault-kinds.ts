// The faults of a bench KME by kind, with their fields: what JSON may say, and what help texts show. What they do to a
// request is send.ts and serve.ts, to connections and keys kme.ts.

import type { KmeCall } from './key-request.ts';
import { checkFault, type FaultFields, type FaultTable } from '../fault-fields.ts';
import { PROFILE_NAMES, type ProfileName } from './profiles.ts';

export type FaultKind =
  /** Answer with this; no key is used up. */
  | { readonly fault: 'answer'; readonly status: number; readonly body?: string; readonly contentType?: string; readonly headers?: Readonly<Record<string, string>> }
  /** Take the request, never answer. */
  | { readonly fault: 'hang' }
  /** Answer later. */
  | { readonly fault: 'slow'; readonly milliseconds: number }
  /** Use the keys up, then close the connection without an answer. */
  | { readonly fault: 'reset' }
  /** Answer one byte at a time. */
  | { readonly fault: 'drip'; readonly milliseconds: number }
  /** Keys of another length. */
  | { readonly fault: 'key-length'; readonly bytes: number }
  /** Right keys under other IDs. */
  | { readonly fault: 'other-key-id' }
  /** Other IDs, always the same bytes. */
  | { readonly fault: 'same-bytes' }
  /** The first key twice, in place of the second if there is one. */
  | { readonly fault: 'duplicate-key' }
  /** Keys in the opposite order. */
  | { readonly fault: 'reorder' }
  /** null and unknown members at every level. */
  | { readonly fault: 'extra-fields' }
  /** 200 with a page of HTML. */
  | { readonly fault: 'html' }
  /** An error as a page of HTML. */
  | { readonly fault: 'html-error'; readonly status: number }
  /** 200 with half of the JSON. */
  | { readonly fault: 'garbage' }
  | { readonly fault: 'key-gone' }
  /** What is gone is answered with 401 and no body. */
  | { readonly fault: 'gone-401' }
  /** 403 "Key expired". */
  | { readonly fault: 'key-expired' }
  | { readonly fault: 'stock-empty' }
  /** Status whose counts and limits are 0. */
  | { readonly fault: 'zero-status' }
  /** Size of keys for which none is asked. */
  | { readonly fault: 'default-size'; readonly bits: number }
  /** Behave like another KME. */
  | { readonly fault: 'profile'; readonly name: ProfileName };

/** Of connections or of keys, until cleared. */
export type ConnectionFault =
  /** Nothing listens. */
  | { readonly fault: 'down' }
  /** No client certificate is trusted. */
  | { readonly fault: 'refuse-certificate' }
  /** A resumed TLS session is broken off. */
  | { readonly fault: 'resumption-broken' }
  /** TLS of one version only. */
  | { readonly fault: 'tls-version'; readonly version: '1.2' | '1.3' }
  /** Clients without a trusted certificate get a page of HTML with status 400. */
  | { readonly fault: 'certificate-optional' }
  /** The KME shows another certificate. */
  | { readonly fault: 'certificate'; readonly which: CertificateKind }
  /** The KME's clock is ahead by so many seconds (negative: behind). */
  | { readonly fault: 'clock-skew'; readonly seconds: number }
  /** No QKD, and new keys do not reach the other KME before it is cleared. */
  | { readonly fault: 'link-down' }
  /** New keys reach the other KME so much later. */
  | { readonly fault: 'sync-delay'; readonly milliseconds: number };

export const CERTIFICATE_KINDS = ['renewed', 'expired', 'notYetValid', 'otherCa', 'otherName', 'otherPurpose', 'selfSigned'] as const;
export type CertificateKind = (typeof CERTIFICATE_KINDS)[number];

/** `call` limits a fault to one call; `times` is 1 unless given. */
export type Fault = (FaultKind & { readonly call?: KmeCall; readonly times?: number | 'always' }) | ConnectionFault;

/** The kinds with their fields, for JSON and for help texts. */
export const KME_FAULTS: Readonly<Record<Fault['fault'], FaultFields>> = {
  down: { about: 'nothing listens' },
  answer: { about: 'answers with this; no key is used up', required: { status: 'number' }, optional: { body: 'string', contentType: 'string', headers: 'strings' } },
  hang: { about: 'takes the request, never answers' },
  slow: { about: 'answers later', required: { milliseconds: 'number' } },
  reset: { about: 'uses the keys up, then closes without an answer' },
  drip: { about: 'answers one byte at a time', required: { milliseconds: 'number' } },
  'key-length': { about: 'keys of another length', required: { bytes: 'number' } },
  'other-key-id': { about: 'right keys under other IDs' },
  'same-bytes': { about: 'every key has the same bytes' },
  'duplicate-key': { about: 'the first key twice' },
  reorder: { about: 'keys in the opposite order' },
  'extra-fields': { about: 'null and unknown members at every level' },
  html: { about: '200 with a page of HTML' },
  'html-error': { about: 'an error as a page of HTML', required: { status: 'number' } },
  garbage: { about: '200 with half of the JSON' },
  'key-gone': { about: 'the KME does not know the key' },
  'gone-401': { about: 'a key that is gone is answered with 401 and no body' },
  'key-expired': { about: '403: the key is too old' },
  'stock-empty': { about: 'no key left' },
  'zero-status': { about: 'a status whose counts and limits are 0' },
  'default-size': { about: 'size of keys when none is asked for', required: { bits: 'number' } },
  profile: { about: 'behaves like another KME', required: { name: PROFILE_NAMES } },
  'refuse-certificate': { about: 'no client certificate is trusted' },
  'certificate-optional': { about: '400 in HTML for clients without a certificate' },
  'resumption-broken': { about: 'a resumed TLS session is broken off' },
  'tls-version': { about: 'TLS of one version only', required: { version: ['1.2', '1.3'] } },
  certificate: { about: 'shows another certificate', required: { which: CERTIFICATE_KINDS } },
  'clock-skew': { about: 'the clock is ahead (negative: behind)', required: { seconds: 'integer' } },
  'link-down': { about: 'no QKD; new keys do not reach the other KME' },
  'sync-delay': { about: 'new keys reach the other KME later', required: { milliseconds: 'number' } },
};

/** Faults that last until cleared. */
export const CONNECTION_FAULTS: readonly string[] = [
  'down', 'refuse-certificate', 'resumption-broken', 'tls-version', 'certificate-optional', 'certificate', 'clock-skew', 'link-down', 'sync-delay',
] satisfies ConnectionFault['fault'][];

export function isOfConnection(fault: Fault): fault is ConnectionFault {
  return CONNECTION_FAULTS.includes(fault.fault);
}

const CALLS = ['status', 'enc_keys', 'dec_keys'] as const satisfies readonly KmeCall[];

const TABLE: FaultTable = Object.fromEntries(
  Object.entries(KME_FAULTS).map(([kind, fields]) => [kind, CONNECTION_FAULTS.includes(kind) ? fields : { ...fields, optional: { ...fields.optional, call: CALLS, times: 'number' } }]),
);

/** Checks a fault that came as JSON. Throws TypeError naming the field that is wrong. */
export function readKmeFault(value: unknown): Fault {
  const { times } = (value ?? {}) as { times?: unknown };
  const counted = times === 'always' ? { ...(value as object), times: 1 } : value;
  checkFault(counted, 'fault', TABLE);
  return value as Fault;
}

/** Faults by KME name, from JSON: `{"kme-a": [{"fault": "hang", "call": "dec_keys", "times": 2}]}`. Throws TypeError. */
export function parseFaults(json: unknown): Map<string, Fault[]> {
  if (typeof json !== 'object' || json === null) throw new TypeError('faults are not an object');
  return new Map(
    Object.entries(json).map(([kme, list]) => {
      if (!Array.isArray(list)) throw new TypeError(`faults of ${kme} are not an array`);
      return [kme, list.map(readKmeFault)];
    }),
  );
}
