// Mutations of an answer's JSON before it is written: members that are missing, of another type, doubled or foreign,
// IDs and keys that break a rule.

import type { Random } from '../simulation/random.ts';
import type { PlannedAnswer } from './planned-answer.ts';
import { seededBytes } from './seeded-bytes.ts';

type Loose = Record<string, unknown>;
type Mutation = (answer: PlannedAnswer, random: Random) => void;

/** Values that no member of ours may have, nor stand beside it unseen. */
function oddValue(random: Random): unknown {
  return random.pick<unknown>([null, true, 0, -1, 1e308, '', 'x', [], {}, [[]], { keys: [] }, 'a'.repeat(5000), Number.MAX_SAFE_INTEGER, '\u0000', '\ud800']);
}

const BAD_IDS = ['', '.', '..', '../x', 'a/b', 'a%2fb', 'a b', 'a\nb', 'a\0', 'a;b', '<a>', 'a"b', "a'b", '\ufeffa', 'ä', 'x'.repeat(129), 'x'.repeat(10_240)] as const;

function entries({ json }: PlannedAnswer): Loose[] {
  const list = (json as { keys?: unknown }).keys;
  return Array.isArray(list) ? list.filter((entry): entry is Loose => typeof entry === 'object' && entry !== null) : [];
}

function anEntry(answer: PlannedAnswer, random: Random): Loose {
  const list = entries(answer);
  return list[random.integer(0, Math.max(0, list.length - 1))] ?? {};
}

function bytesOf(entry: Loose): Buffer {
  return Buffer.from(String(entry['key'] ?? ''), 'base64');
}

/** Of keys: each leaves an answer that has to be refused. */
const WRONG_KEYS: Record<string, Mutation> = {
  'key too short': (answer, random) => setKey(anEntry(answer, random), (bytes) => bytes.subarray(0, random.integer(0, bytes.length - 1))),
  'key too long': (answer, random) => setKey(anEntry(answer, random), (bytes) => Buffer.concat([bytes, seededBytes(random, random.integer(1, 100))])),
  'key of zeros': (answer, random) => setKey(anEntry(answer, random), (bytes) => Buffer.alloc(bytes.length)),
  'key of ones': (answer, random) => setKey(anEntry(answer, random), (bytes) => Buffer.alloc(bytes.length, 255)),
  'key with white space': (answer, random) => void (anEntry(answer, random)['key'] += random.pick([' ', '\n', '\t', '\r\n'])),
  'key of another type': (answer, random) => void (anEntry(answer, random)['key'] = random.pick<unknown>([null, 1, true, [], {}, [1, 2]])),
  'no key': (answer, random) => void delete anEntry(answer, random)['key'],
  'bad key_ID': (answer, random) => void (anEntry(answer, random)['key_ID'] = random.pick(BAD_IDS)),
  'key_ID of another type': (answer, random) => void (anEntry(answer, random)['key_ID'] = random.pick<unknown>([null, 1, true, [], {}])),
  'no key_ID': (answer, random) => void delete anEntry(answer, random)['key_ID'],
  'no keys': (answer) => void ((answer.json as Loose)['keys'] = []),
  'keys of another type': (answer, random) => void ((answer.json as Loose)['keys'] = random.pick<unknown>([null, 'x', 1, {}, { 0: entries(answer)[0] }])),
  'keys in a list': (answer) => void (answer.json = [answer.json]),
  'capital keys': (answer) => void (answer.json = { Keys: (answer.json as Loose)['keys'] }),
  'an entry twice': (answer) => void entries(answer).slice(0, 1).forEach((entry) => ((answer.json as Loose)['keys'] = [...entries(answer), entry])),
};

/** Of anything: what comes out may be right or wrong. */
const ANYTHING: Record<string, Mutation> = {
  'a member of another type': (answer, random) => void changeSomewhere(answer.json, random, (object, name) => (object[name] = oddValue(random))),
  'a member away': (answer, random) => void changeSomewhere(answer.json, random, (object, name) => delete object[name]),
  'foreign members': (answer, random) => void changeSomewhere(answer.json, random, (object) => (object[random.pick(['x', '', 'keys', 'constructor', 'toString', 'key_IDs', 'ключ'])] = oddValue(random))),
  'a foreign key': (answer, random) => void ((answer.json as Loose)['keys'] = [...entries(answer), { key_ID: `foreign-${seededBytes(random, 4).toString('hex')}`, key: seededBytes(random, answer.asked.size / 8).toString('base64') }]),
  'another key_ID': (answer, random) => void (anEntry(answer, random)['key_ID'] = `other-${seededBytes(random, 4).toString('hex')}`),
  'upper case key_ID': (answer, random) => changeText(anEntry(answer, random), 'key_ID', (text) => text.toUpperCase()),
  'URL alphabet': (answer, random) => changeText(anEntry(answer, random), 'key', (text) => text.replaceAll('+', '-').replaceAll('/', '_')),
  'no padding': (answer, random) => changeText(anEntry(answer, random), 'key', (text) => text.replace(/=+$/, '')),
  'ID and key exchanged': (answer, random) => exchange(anEntry(answer, random)),
  'everything else': (answer, random) => void (answer.json = oddValue(random)),
};

function setKey(entry: Loose, change: (bytes: Buffer) => Buffer): void {
  entry['key'] = change(bytesOf(entry)).toString('base64');
}

function changeText(entry: Loose, name: string, change: (text: string) => string): void {
  entry[name] = change(String(entry[name]));
}

function exchange(entry: Loose): void {
  [entry['key'], entry['key_ID']] = [entry['key_ID'], entry['key']];
}

/** Some object of the tree, and some member of it. */
function changeSomewhere(json: unknown, random: Random, change: (object: Loose, name: string) => void): void {
  const objects: Loose[] = [];
  const collect = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    if (!Array.isArray(value)) objects.push(value as Loose);
    Object.values(value).forEach(collect);
  };
  collect(json);
  const object = objects[random.integer(0, Math.max(0, objects.length - 1))];
  if (object === undefined) return;
  const names = Object.keys(object);
  change(object, names[random.integer(0, Math.max(0, names.length - 1))] ?? 'x');
}

/** One mutation of the JSON. */
export function mutateJson(answer: PlannedAnswer, random: Random): void {
  // An earlier mutation may have left no object to change.
  if (typeof answer.json !== 'object' || answer.json === null || Array.isArray(answer.json)) return;
  const wrong = answer.asked.call !== 'status' && answer.asked.encoding === 'base64' && random.chance(0.5);
  const table = wrong ? WRONG_KEYS : ANYTHING;
  const names = Object.keys(table) as [string, ...string[]];
  const name = random.pick(names);
  table[name]?.(answer, random);
  answer.mutations.push(name);
  // An entry that comes twice is, to dec_keys, only a key too many, and is refused all the same as one ID twice.
  if (wrong) answer.mustRefuse = true;
}
