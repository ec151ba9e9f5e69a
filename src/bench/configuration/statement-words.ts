// Reads words along the schema: the one grammar behind set lines and the statements of curly text. A
// position is a block in which the next word must be a statement, or a list that still waits for its key.

import type { Change, Finding } from './change.ts';
import { change } from './change.ts';
import type { Statement } from './statement.ts';
import { pathWords } from './tree.ts';
import { storedValue } from './value-types.ts';
import type { RouterTime } from './value-types.ts';
import type { Word } from './words.ts';

/** A block, or (with `list`) a list inside it whose key is still to come. */
export interface Position {
  readonly block: Change;
  readonly list?: Statement;
  readonly path: readonly string[];
}

export interface Reading {
  readonly time: RouterTime;
  /** `delete` and its kin end at a name: values and keys may be missing. */
  readonly partial: boolean;
  /** Operation of the blocks on the way: `none` when only the last statement counts. */
  readonly onTheWay: 'merge' | 'none';
}

/** A refusal of the words; carries the finding. */
export class Refused extends Error {
  readonly finding: Finding;

  constructor(message: string, path: readonly string[], badElement: string, tag?: string) {
    super(message);
    this.finding = { severity: 'error', message, path, badElement, ...(tag === undefined ? {} : { tag }) };
  }
}

/** Where the words lead, and the last statement that they name (for `delete`, `deactivate`, ...). */
export interface Reached {
  readonly position: Position;
  readonly last: Change;
}

/** Reads all words from `start`; new changes hang below its block. Throws Refused. */
export function readStatement(start: Position, all: readonly Word[], reading: Reading): Reached {
  let position = start;
  let last = start.block;
  let at = 0;
  while (at < all.length) {
    const word = all[at] as Word;
    if (position.list !== undefined) {
      last = enter(position, position.list, keyOf(position, position.list, word, reading), reading);
      position = { block: last, path: [...position.path, ...pathWords(last)] };
      at += 1;
      continue;
    }
    const next = statementFor(position, word);
    if (next.statement.elided !== true) at += 1;
    if (next.statement.kind === 'list') {
      position = { block: position.block, list: next.statement, path: position.path };
    } else if (next.statement.kind === 'container') {
      last = enter(position, next.statement, undefined, reading);
      position = { block: last, path: [...position.path, ...pathWords(last)] };
    } else {
      const read = readValues(position, next.statement, all, at, reading);
      last = read.last;
      at = read.at;
    }
  }
  if (position.list !== undefined && reading.partial) last = enter(position, position.list, undefined, reading);
  return { position, last };
}

function statementFor(position: Position, word: Word): { statement: Statement } {
  const schema = position.block.statement;
  const named = word.quoted ? undefined : schema.child(word.text);
  if (named !== undefined && named.elided !== true) return { statement: named };
  const elided = schema.elidedChildren.find((child) => !position.block.children.some((other) => other.statement === child && child.kind === 'leaf'));
  if (elided !== undefined) return { statement: elided };
  throw new Refused('syntax error', position.path, word.text, 'unknown-element');
}

function keyOf(position: Position, list: Statement, word: Word, reading: Reading): string {
  if (!word.quoted && '{};[]'.includes(word.text)) throw new Refused('missing argument', position.path, list.name);
  return checked(position, list, word.text, reading);
}

function checked(position: Position, of: Statement, text: string, reading: Reading): string {
  const stored = of.type === undefined ? { value: text } : storedValue(of.name, of.type, text, reading.time);
  if ('refusal' in stored) throw new Refused(stored.refusal, position.path, stored.refusal === 'syntax error' ? text : of.name, 'invalid-value');
  return stored.value;
}

/** The change for a statement inside the position's block: found again, or added. */
function enter(position: Position, statement: Statement, key: string | undefined, reading: Reading): Change {
  const found = position.block.children.find((child) => child.statement === statement && child.key === key);
  if (found !== undefined) return found;
  const added = change(statement, { key, operation: reading.onTheWay });
  position.block.children.push(added);
  return added;
}

function readValues(position: Position, statement: Statement, all: readonly Word[], start: number, reading: Reading): { last: Change; at: number } {
  if (statement.kind === 'flag') return { last: enter(position, statement, undefined, reading), at: start };
  const first = all[start];
  if (first === undefined) {
    if (!reading.partial) throw new Refused('missing argument', position.path, statement.name);
    return { last: enter(position, statement, undefined, reading), at: start };
  }
  if (statement.kind === 'leaf-list') return readLeafList(position, statement, all, start, reading);
  const last = change(statement, { value: checked(position, statement, first.text, reading), operation: reading.onTheWay });
  const again = position.block.children.findIndex((child) => child.statement === statement);
  if (again >= 0) position.block.children.splice(again, 1);
  position.block.children.push(last);
  return { last, at: start + 1 };
}

function readLeafList(position: Position, statement: Statement, all: readonly Word[], start: number, reading: Reading): { last: Change; at: number } {
  const isBracket = (word: Word | undefined, bracket: string): boolean => word !== undefined && !word.quoted && word.text === bracket;
  if (!isBracket(all[start], '[')) {
    return { last: enter(position, statement, checked(position, statement, (all[start] as Word).text, reading), reading), at: start + 1 };
  }
  const end = all.findIndex((word, index) => index > start && isBracket(word, ']'));
  if (end < 0) throw new Refused('syntax error', position.path, '[');
  const items = all.slice(start + 1, end).map((word) => enter(position, statement, checked(position, statement, word.text, reading), reading));
  return { last: items.at(-1) ?? position.block, at: end + 1 };
}
