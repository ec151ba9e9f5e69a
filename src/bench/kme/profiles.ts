// How KMEs behave: the strict reading of ETSI GS QKD 014 V1.1.1 that the bench takes unless told, a lenient one, and
// six KMEs of the field that were measured on the same questions, each different from all others. A profile is only
// words and numbers; key-request.ts, fetch-rules.ts, answer.ts and refusals.ts act on it.

import type { Form, Reason } from './refusals.ts';

/** What a KME can do; sizes in bits. */
export interface Limits {
  readonly keySize: number;
  readonly minKeySize: number;
  readonly maxKeySize: number;
  readonly maxKeyPerRequest: number;
  readonly maxSaeIdCount: number;
}

/** What a KME takes that the standard does not allow; false everywhere is the strict reading. */
export interface Reading {
  /** POST enc_keys without a body means a request without members. */
  readonly emptyBody: boolean;
  readonly anyContentType: boolean;
  /** The last of equal members or parameters counts. */
  readonly duplicateMembers: boolean;
  readonly unknownMembers: boolean;
  readonly unknownParameters: boolean;
  /** A body with GET and a query with POST are passed over. */
  readonly strayParts: boolean;
  /** null stands for a member that is absent. */
  readonly nullIsAbsent: boolean;
  /** "256" is taken for 256. */
  readonly numbersAsText: boolean;
  /** GET enc_keys passes over number and size. */
  readonly getIgnored: boolean;
  /** Every key has the default size. */
  readonly sizeIgnored: boolean;
  /** A size that is no multiple of 8. */
  readonly oddSize: 'refused' | 'down' | 'up';
  /** Size 0 makes empty keys. */
  readonly sizeZero: boolean;
  /** A number below 1 makes an empty list. */
  readonly numberZero: boolean;
  readonly extensionMandatory: boolean;
  readonly unknownSlaves: boolean;
  readonly emptyIdList: boolean;
  /** An ID listed twice brings its key twice. */
  readonly duplicateIds: boolean;
}

/** Who gets which key, how often. */
export interface Delivery {
  /** As often as asked, not once. */
  readonly again: boolean;
  readonly toMaster: boolean;
  readonly toAnyone: boolean;
  /** key_IDs are compared without letter case, as a UUID is (RFC 9562 section 4). */
  readonly anyLetterCase: boolean;
  /** New keys of a pair of SAEs void those that nobody fetched yet. */
  readonly voidsEarlier: boolean;
}

/** What a refused request is answered with. `hang`: nothing at all. */
export type Refusal = 'hang' | { readonly status: number; readonly form?: Form };

export interface Profile {
  readonly about: string;
  readonly limits: Limits;
  readonly reading: Reading;
  readonly delivery: Delivery;
  /** Form of every refusal whose own entry names none. */
  readonly form: Form;
  readonly refusals: Readonly<Record<Reason, Refusal>>;
  readonly messages: Readonly<Partial<Record<Reason, string>>>;
  /** zeros: every count and limit 0; integer-target: target_KME_ID is the number 0; hidden-stock: stored_key_count 0. */
  readonly status: 'exact' | 'zeros' | 'integer-target' | 'hidden-stock';
  /** Members that the standard does not know, and optional ones as null. */
  readonly extraMembers: boolean;
  readonly keyOrder: 'asked' | 'stored';
  /** First eight digits of key_IDs; undefined: random UUIDs. */
  readonly keyIdStart?: string;
  /** Clients without a trusted certificate get as far as a page of HTML with status 400, as behind a proxy. */
  readonly certificateOptional: boolean;
  readonly minVersion: 'TLSv1.2' | 'TLSv1.3';
}

export const PROFILE_NAMES = ['strict', 'lenient', 'reference', 'next-door', 'popov', 'easy-kme', 'arnika', 'qukaydee'] as const;
export type ProfileName = (typeof PROFILE_NAMES)[number];

const NOTHING: Reading = {
  emptyBody: true, anyContentType: false, duplicateMembers: false, unknownMembers: false, unknownParameters: false, strayParts: false,
  nullIsAbsent: false, numbersAsText: false, getIgnored: false, sizeIgnored: false, oddSize: 'refused', sizeZero: false, numberZero: false,
  extensionMandatory: false, unknownSlaves: false, emptyIdList: false, duplicateIds: false,
};

/** What most KMEs pass over. */
const USUAL: Reading = { ...NOTHING, emptyBody: false, duplicateMembers: true, unknownMembers: true, unknownParameters: true, strayParts: true, nullIsAbsent: true, extensionMandatory: true };

const ONCE: Delivery = { again: false, toMaster: false, toAnyone: false, anyLetterCase: true, voidsEarlier: false };

const STRICT: Profile = {
  about: 'ETSI GS QKD 014 to the letter (default)',
  limits: { keySize: 256, minKeySize: 64, maxKeySize: 1024, maxKeyPerRequest: 128, maxSaeIdCount: 8 },
  reading: NOTHING,
  delivery: ONCE,
  form: 'message',
  refusals: {
    'bad-request': { status: 400 }, 'body-missing': { status: 400 }, 'content-type': { status: 415 }, 'duplicate-member': { status: 400 }, 'unknown-parameter': { status: 400 },
    number: { status: 400 }, 'number-limit': { status: 400 }, size: { status: 400 }, 'size-octets': { status: 400 }, 'not-a-number': { status: 400 },
    'additional-slaves': { status: 400 }, 'extension-mandatory': { status: 400 }, 'unknown-slave': { status: 400 }, 'same-sae': { status: 400 },
    // Clause 5.1 table 2 gives 401 no body.
    'not-entitled': { status: 401, form: 'none' }, master: { status: 401, form: 'none' }, 'unknown-caller': { status: 401, form: 'none' },
    'not-found': { status: 400 }, 'some-not-found': { status: 400 }, fetched: { status: 400 }, expired: { status: 400 }, 'letter-case': { status: 400 },
    'stock-empty': { status: 503 }, 'store-failed': { status: 503 },
  },
  messages: {},
  status: 'exact',
  extraMembers: false,
  keyOrder: 'asked',
  certificateOptional: false,
  minVersion: 'TLSv1.2',
};

const LENIENT: Profile = {
  ...STRICT,
  about: 'takes whatever it can make sense of; keys still once, and to their slaves only',
  reading: { ...USUAL, emptyBody: true, anyContentType: true, numbersAsText: true, oddSize: 'up' },
};

/** Only these refusals differ from those of the strict profile. */
function refusing(changed: Partial<Record<Reason, Refusal>>): Profile['refusals'] {
  return { ...STRICT.refusals, ...changed };
}

const NOT_GONE = { status: 401, form: 'none' } as const;

export const PROFILES: Readonly<Record<ProfileName, Profile>> = {
  strict: STRICT,
  lenient: LENIENT,
  reference: {
    ...STRICT,
    about: 'the open reference implementation: keys as often as asked, 1024 bits, status of zeros, TLS 1.3',
    limits: { keySize: 1024, minKeySize: 8, maxKeySize: 1_000_000, maxKeyPerRequest: 1000, maxSaeIdCount: 100 },
    reading: { ...USUAL, emptyBody: true, anyContentType: true, duplicateMembers: false, unknownSlaves: true, emptyIdList: true, duplicateIds: true },
    delivery: { ...ONCE, again: true },
    refusals: refusing({ 'number-limit': 'hang', master: { status: 400 }, 'stock-empty': { status: 500, form: 'none' }, 'store-failed': { status: 500, form: 'none' } }),
    messages: { number: "'number' must be greater than zero", size: "'size' must be greater than zero", 'size-octets': "'size' must be divisible by 8", 'bad-request': 'Malformed JSON supplied' },
    status: 'zeros',
    minVersion: 'TLSv1.3',
  },
  'next-door': {
    ...STRICT,
    about: 'next-door-key-simulator: GET passes over number and size, 401 for gone keys, newer keys void older ones',
    limits: { keySize: 256, minKeySize: 8, maxKeySize: 100_000, maxKeyPerRequest: 128, maxSaeIdCount: 8 },
    reading: { ...USUAL, getIgnored: true, oddSize: 'down', numberZero: true },
    delivery: { ...ONCE, anyLetterCase: false, voidsEarlier: true },
    refusals: refusing({ 'not-found': NOT_GONE, fetched: NOT_GONE, expired: NOT_GONE, 'not-entitled': { status: 401, form: 'html' }, 'body-missing': { status: 400, form: 'html' }, 'content-type': { status: 400 }, 'not-a-number': { status: 500, form: 'html' } }),
    keyOrder: 'stored',
  },
  popov: {
    ...STRICT,
    about: 'a-v-popov/etsi-qkd-rest: target_KME_ID is a number, errors have a title, 500 for unknown keys',
    limits: { keySize: 256, minKeySize: 0, maxKeySize: 100_000, maxKeyPerRequest: 1000, maxSaeIdCount: 8 },
    reading: { ...USUAL, unknownParameters: false, oddSize: 'up', sizeZero: true, numberZero: true, unknownSlaves: true },
    delivery: { ...ONCE, again: true, toMaster: true, anyLetterCase: false },
    form: 'title',
    refusals: refusing({ 'number-limit': 'hang', 'not-found': { status: 500 }, 'some-not-found': { status: 500 }, expired: { status: 500 }, 'letter-case': { status: 500 }, 'not-entitled': { status: 500 }, 'not-a-number': { status: 500 } }),
    status: 'integer-target',
  },
  'easy-kme': {
    ...STRICT,
    about: 'easy-kme: 256 bits whatever is asked, null and extra members, 401 for gone keys, a proxy in front',
    limits: { keySize: 256, minKeySize: 8, maxKeySize: 1024, maxKeyPerRequest: 128, maxSaeIdCount: 8 },
    reading: { ...USUAL, numbersAsText: true, sizeIgnored: true, extensionMandatory: false, unknownSlaves: true },
    delivery: { ...ONCE, again: true, anyLetterCase: false },
    form: 'detail',
    refusals: refusing({ 'number-limit': { status: 503 }, 'not-found': { status: 401 }, 'some-not-found': { status: 401 }, expired: { status: 401 }, 'letter-case': { status: 401 }, 'not-entitled': { status: 401 }, master: { status: 401 }, 'body-missing': { status: 422 }, 'content-type': { status: 422 } }),
    status: 'hidden-stock',
    extraMembers: true,
    certificateOptional: true,
  },
  arnika: {
    ...STRICT,
    about: 'the KME mock of arnika: one key of 256 bits, for anyone, 404 in plain text, a proxy in front',
    limits: { keySize: 256, minKeySize: 256, maxKeySize: 256, maxKeyPerRequest: 1, maxSaeIdCount: 0 },
    reading: { ...USUAL, anyContentType: true },
    delivery: { ...ONCE, again: true, toMaster: true, toAnyone: true, anyLetterCase: false },
    form: 'text',
    refusals: refusing({ 'not-found': { status: 404 }, expired: { status: 404 }, 'letter-case': { status: 404 }, 'unknown-slave': { status: 404 } }),
    keyIdStart: 'ffffffff',
    certificateOptional: true,
  },
  qukaydee: {
    ...STRICT,
    about: 'the hosted simulator QuKayDee: 404 for gone keys, 403 for expired ones, 400 for an empty stock',
    limits: { keySize: 512, minKeySize: 1, maxKeySize: 100_000, maxKeyPerRequest: 100, maxSaeIdCount: 9 },
    form: 'details',
    refusals: refusing({ 'not-found': { status: 404 }, 'some-not-found': { status: 404 }, fetched: { status: 404 }, 'not-entitled': { status: 404 }, master: { status: 404 }, 'unknown-slave': { status: 404 }, expired: { status: 403 }, 'stock-empty': { status: 400 } }),
    messages: { 'not-found': 'Key not found', 'some-not-found': 'Key not found', fetched: 'Key not found', expired: 'Key expired', 'stock-empty': 'Not enough key material available', 'extension-mandatory': 'Unknown mandatory extension' },
    certificateOptional: true,
  },
};
