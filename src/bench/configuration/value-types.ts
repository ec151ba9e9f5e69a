// The value types of the schema and the texts with which Junos refuses a value (junos.md 1.2, 3.4).
// `storedValue` also brings a value into the form that the router keeps: secrets obfuscated, start
// times normalised. Which statement has which type is the schema's business.

import { isIP, isIPv6 } from 'node:net';

import { obfuscate, plainSecret } from './obfuscation.ts';
import { normalisedStartTime } from './start-time.ts';

export type ValueType =
  | { readonly is: 'string'; readonly min?: number; readonly max?: number; readonly pattern?: RegExp; readonly refusal?: string }
  | { readonly is: 'secret'; readonly max: number; readonly pattern?: RegExp; readonly refusal?: string }
  | { readonly is: 'hash' }
  | { readonly is: 'integer'; readonly min: number; readonly max: number }
  | { readonly is: 'choice'; readonly of: readonly string[] }
  | { readonly is: 'address' }
  | { readonly is: 'prefix'; readonly bare?: true }
  | { readonly is: 'start-time' };

/** What a value is stored against: the router's clock and time zone. */
export interface RouterTime {
  /** Milliseconds since 1970 UTC. */
  readonly now: number;
  /** IANA name. */
  readonly timeZone: string;
  /** Start times are taken and shown without a zone. */
  readonly withoutZone?: boolean;
}

export type StoredValue = { readonly value: string } | { readonly refusal: string };

/** Types whose values are shown with `## SECRET-DATA`. */
export function isSecretType(type: ValueType | undefined): boolean {
  return type?.is === 'secret' || type?.is === 'hash';
}

/** The form in which Junos keeps `text` for the statement `name`, or its refusal text. */
export function storedValue(name: string, type: ValueType, text: string, time: RouterTime): StoredValue {
  // Wildcards of configuration groups and script variables pass every type (YANG: pattern "<.*>|$.*").
  if (/^<.*>$/.test(text)) return { value: text };
  switch (type.is) {
    case 'string':
      return textRefusal(name, type, text) ?? { value: text };
    case 'secret':
      return storedSecret(name, type, text);
    case 'hash':
      return { value: text };
    case 'integer':
      return integer(type, text);
    case 'choice':
      return type.of.includes(text) ? { value: text } : { refusal: 'syntax error' };
    case 'address':
      return isIP(text) !== 0 ? { value: text } : { refusal: `invalid ip address or hostname: ${text}` };
    case 'prefix':
      return prefix(text, type.bare === true);
    case 'start-time':
      return normalisedStartTime(text, time) ?? { refusal: `Invalid time: '${text}'` };
  }
}

function textRefusal(name: string, type: { min?: number; max?: number; pattern?: RegExp; refusal?: string }, text: string, given = text): StoredValue | undefined {
  const min = type.min ?? 0;
  const max = type.max ?? 65_535;
  if (text.length < min || text.length > max) return { refusal: `Length ${text.length} is not within range (${min}..${max})` };
  if (type.pattern !== undefined && !type.pattern.test(text)) return { refusal: `${name}: '${given}': ${type.refusal ?? 'invalid value'}` };
  return undefined;
}

function storedSecret(name: string, type: { max: number; pattern?: RegExp; refusal?: string }, text: string): StoredValue {
  const plain = plainSecret(text);
  if (plain === undefined) return { refusal: 'invalid encrypted value' };
  // Named as it was given: what a $9$ text hides may be anything, also what XML cannot carry.
  const refused = textRefusal(name, { ...type, min: 1 }, plain, text);
  if (refused !== undefined) return refused;
  return { value: text.startsWith('$9$') ? text : obfuscate(plain) };
}

function integer(type: { min: number; max: number }, text: string): StoredValue {
  if (!/^-?\d{1,20}$/.test(text)) return { refusal: `Invalid numeric value: '${text}'` };
  const value = Number(text);
  if (value < type.min || value > type.max) return { refusal: `Value ${text} is not within range (${type.min}..${type.max})` };
  return { value: String(value) };
}

function prefix(text: string, bare: boolean): StoredValue {
  const [address = '', length, ...rest] = text.split('/');
  const longest = isIPv6(address) ? 128 : 32;
  const fits = length === undefined ? bare : /^\d{1,3}$/.test(length) && Number(length) <= longest;
  return rest.length === 0 && isIP(address) !== 0 && fits ? { value: text } : { refusal: `invalid ip address or hostname: ${text}` };
}
