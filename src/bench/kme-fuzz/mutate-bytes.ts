// Mutations of an answer's body after it was written: bits, pieces, encodings, doubled members, depth.

import type { Random } from '../simulation/random.ts';
import type { PlannedAnswer } from './planned-answer.ts';
import { seededBytes } from './seeded-bytes.ts';

interface Mutation {
  readonly change: (body: Buffer, random: Random) => Buffer;
  /** What comes out has to be refused. */
  readonly wrong?: boolean;
}

const place = (body: Buffer, random: Random): number => random.integer(0, Math.max(0, body.length - 1));
const text = (change: (text: string, random: Random) => string) => (body: Buffer, random: Random) => Buffer.from(change(body.toString('latin1'), random), 'latin1');

const MUTATIONS: Readonly<Record<string, Mutation>> = {
  'a bit': { change: (body, random) => flip(Buffer.from(body), place(body, random), 1 << random.integer(0, 7)) },
  'some bytes': { change: (body, random) => twist(Buffer.from(body), place(body, random), seededBytes(random, 4)) },
  'a piece away': { change: (body, random) => without(body, place(body, random), random.integer(1, 12)) },
  'a piece twice': { change: (body, random) => twice(body, place(body, random), random.integer(1, 40)) },
  'bytes put in': { change: (body, random) => insert(body, place(body, random), seededBytes(random, random.integer(1, 8))) },
  'cut off': { change: (body, random) => body.subarray(0, Math.min(body.length - 1, place(body, random))), wrong: true },
  'something behind': { change: (body, random) => Buffer.concat([body, Buffer.from(random.pick(['x', '{}', '\0', ',', body.toString('latin1')]))]), wrong: true },
  'byte order mark': { change: (body) => Buffer.concat([Buffer.from('\ufeff'), body]), wrong: true },
  'UTF-16': { change: (body, random) => (random.chance(0.5) ? Buffer.from(body.toString(), 'utf16le') : Buffer.from(body.toString(), 'utf16le').swap16()), wrong: true },
  'a member twice': { change: text((json) => json.replace(/("key":"[^"]*")/, '$1,$1')) },
  'key_ID twice, once another': { change: text((json) => json.replace(/("key_ID":)("[^"]*")/, '$1"zzz",$1$2')) },
  'a prototype': { change: text((json) => json.replace('{', '{"__proto__":{"keys":1},"constructor":{"prototype":{"polluted":true}},')) },
  'white space': { change: text((json, random) => json.replaceAll(',', random.pick([' ,', ',\n', '\t,\r\n']))) },
  'comma at the end': { change: text((json) => json.replace(/\}(?=[^}]*$)/, ',}')), wrong: true },
  'single quotes': { change: text((json) => json.replaceAll('"', "'")), wrong: true },
  'depth': { change: text((json, random) => json.replace('{', `{"deep":${'['.repeat(random.integer(40, 9000))}`)), wrong: true },
  'nothing': { change: () => Buffer.alloc(0), wrong: true },
  'noise': { change: (_body, random) => seededBytes(random, random.integer(1, 2000)) },
  'too much': { change: (body, random) => Buffer.concat([body, Buffer.alloc(random.integer(65_536, 300_000), 0x20)]), wrong: true },
};

function flip(body: Buffer, at: number, mask: number): Buffer {
  if (body.length > 0) body[at] = (body[at] ?? 0) ^ mask;
  return body;
}

function twist(body: Buffer, at: number, bytes: Buffer): Buffer {
  bytes.copy(body, at);
  return body;
}

function without(body: Buffer, at: number, length: number): Buffer {
  return Buffer.concat([body.subarray(0, at), body.subarray(at + length)]);
}

function twice(body: Buffer, at: number, length: number): Buffer {
  return insert(body, at, body.subarray(at, at + length));
}

function insert(body: Buffer, at: number, what: Buffer): Buffer {
  return Buffer.concat([body.subarray(0, at), what, body.subarray(at)]);
}

/** One mutation of the body. */
export function mutateBytes(answer: PlannedAnswer, random: Random): void {
  const name = random.pick(Object.keys(MUTATIONS) as [string, ...string[]]);
  const mutation = MUTATIONS[name];
  if (mutation === undefined) return;
  answer.body = mutation.change(answer.body, random);
  answer.mutations.push(name);
  if (mutation.wrong === true) answer.mustRefuse = true;
}
