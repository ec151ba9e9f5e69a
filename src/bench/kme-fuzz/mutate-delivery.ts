// Mutations of what is around an answer's body: status, headers, lengths and chunks, and when and how far it is sent.

import type { Random } from '../simulation/random.ts';
import type { PlannedAnswer } from './planned-answer.ts';
import { seededBytes } from './seeded-bytes.ts';

interface Mutation {
  readonly change: (answer: PlannedAnswer, random: Random) => void;
  /** What comes out has to be refused. */
  readonly wrong?: boolean;
  /** Drawn so much more often than the others; 1 unless given. Silence costs its time limit. */
  readonly weight?: number;
}

const STATUSES = [100, 199, 201, 202, 203, 204, 206, 226, 299, 300, 301, 302, 304, 307, 308, 400, 401, 402, 403, 404, 405, 409, 410, 412, 415, 418, 422, 429, 431, 451, 499, 500, 501, 502, 503, 504, 505, 511, 599, 0, 99, 600, 999] as const;

const set = (name: string, ...values: readonly [string, ...string[]]) => (answer: PlannedAnswer, random: Random): void => {
  answer.headers = [...answer.headers.filter((line) => !line.toLowerCase().startsWith(`${name.toLowerCase()}:`)), `${name}: ${random.pick(values)}`];
};

const HEADERS: Readonly<Record<string, Mutation>> = {
  'another status': { change: (answer, random) => void (answer.status = random.pick(STATUSES)), wrong: true, weight: 4 },
  'a JSON type': { change: set('Content-Type', 'application/json', 'application/json; charset=utf-8', 'application/problem+json', 'APPLICATION/JSON', 'application/json;') },
  'another type': { change: set('Content-Type', 'text/html', 'text/plain', 'application/octet-stream', 'multipart/mixed', 'application/jsonx', 'x/application/json', 'null'), wrong: true },
  'an odd type': { change: set('Content-Type', 'application', ';', ',', ' ', 'application/json, text/html', '\u00ff') },
  'no type': { change: (answer) => void (answer.headers = answer.headers.filter((line) => !line.startsWith('Content-Type'))) },
  'an encoding': { change: set('Content-Encoding', 'gzip', 'br', 'deflate', 'GZIP', 'identity, gzip', 'x'), wrong: true },
  'identity': { change: set('Content-Encoding', 'identity', 'IDENTITY') },
  'Retry-After': { change: set('Retry-After', '0', '5', '99999999999', '-1', 'soon', 'Sun, 22 Nov 2026 12:00:00 GMT', '1e9', '') },
  'a place to go': { change: set('Location', 'https://127.0.0.1:1/', '/', '//x', 'file:///etc/passwd', '') },
  'cookies': { change: set('Set-Cookie', 'a=b', `a=${'x'.repeat(4000)}`) },
  'many headers': { change: (answer, random) => void answer.headers.push(...Array.from({ length: random.integer(1, 300) }, (_, n) => `X-${n}: ${'y'.repeat(random.integer(0, 100))}`)) },
  'a header of noise': { change: (answer, random) => void answer.headers.push(seededBytes(random, random.integer(1, 60)).toString('latin1')) },
  'a folded header': { change: (answer) => void answer.headers.push('X-Folded: a\r\n b') },
  'an empty header': { change: (answer, random) => void answer.headers.push(random.pick([':', ': x', 'X', ' X: y', 'X : y'])) },
  'a second length': { change: (answer, random) => void answer.headers.push(`Content-Length: ${random.integer(0, 500)}`) },
  'a wrong length': { change: (answer, random) => void (answer.lengthError = random.pick([-1, 1, -20, 20, 1e5, 1e10])), wrong: true },
  'chunks': { change: (answer) => void (answer.chunked = 'right') },
  'wrong chunks': { change: (answer) => void (answer.chunked = 'wrong'), wrong: true },
  'chunks and a length': { change: (answer) => void answer.headers.push('Transfer-Encoding: chunked'), wrong: true },
  'interim answers': { change: (answer, random) => void (answer.preamble = 'HTTP/1.1 100 Continue\r\n\r\n'.repeat(random.integer(1, 50))) },
  'switching protocols': { change: (answer) => void (answer.preamble = 'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n'), wrong: true },
  'noise before it': { change: (answer, random) => void (answer.preamble = seededBytes(random, random.integer(1, 40)).toString('latin1')) },
};

const TIMING: Readonly<Record<string, Mutation>> = {
  'in pieces': { change: (answer, random) => void (answer.pieces = random.integer(2, 40)), weight: 8 },
  'cut off under way': { change: (answer) => void (answer.ending = 'cut'), wrong: true, weight: 4 },
  'reset under way': { change: (answer) => void (answer.ending = 'reset'), wrong: true, weight: 4 },
  'silence under way': { change: (answer) => void (answer.ending = 'silence'), wrong: true },
};

function mutate(table: Readonly<Record<string, Mutation>>, answer: PlannedAnswer, random: Random): void {
  const names = Object.entries(table).flatMap(([name, { weight = 1 }]) => Array.from({ length: weight }, () => name)) as [string, ...string[]];
  const name = random.pick(names);
  const mutation = table[name];
  if (mutation === undefined) return;
  mutation.change(answer, random);
  answer.mutations.push(name);
  if (mutation.wrong === true) answer.mustRefuse = true;
}

/** One mutation of status, headers or lengths. */
export function mutateHeaders(answer: PlannedAnswer, random: Random): void {
  mutate(HEADERS, answer, random);
}

/** One mutation of when and how far it is sent. */
export function mutateTiming(answer: PlannedAnswer, random: Random): void {
  mutate(TIMING, answer, random);
}

/** The answer's bytes on the wire. */
export function wireBytes(answer: PlannedAnswer): Buffer {
  const { body, chunked, lengthError, headers } = answer;
  const length = chunked === undefined ? [`Content-Length: ${Math.max(0, body.length + lengthError)}`] : ['Transfer-Encoding: chunked'];
  const head = `${answer.preamble}HTTP/1.1 ${answer.status} X\r\n${[...headers, ...length].join('\r\n')}\r\n\r\n`;
  return Buffer.concat([Buffer.from(head, 'latin1'), chunked === undefined ? body : inChunks(body, chunked)]);
}

function inChunks(body: Buffer, how: 'right' | 'wrong'): Buffer {
  const half = Math.ceil(body.length / 2);
  const parts = [body.subarray(0, half), body.subarray(half)].filter((part) => part.length > 0);
  const size = (part: Buffer): string => (how === 'right' ? part.length.toString(16) : `z${part.length}`);
  return Buffer.concat([...parts.flatMap((part) => [Buffer.from(`${size(part)}\r\n`), part, Buffer.from('\r\n')]), Buffer.from('0\r\n\r\n')]);
}
