// Set form: reads lines of `set`, `delete`, `activate`, `deactivate`, `rename`, `insert` and `edit`-free
// paths as the CLI accepts them, and writes a configuration as `display set` does.

import { change } from './change.ts';
import type { Change, Finding } from './change.ts';
import { CONFIGURATION } from './schema.ts';
import { readStatement, Refused } from './statement-words.ts';
import type { Reading } from './statement-words.ts';
import { isSecret, pathWords } from './tree.ts';
import type { ConfigurationNode } from './tree.ts';
import type { RouterTime } from './value-types.ts';
import { quoted, UnterminatedText, words } from './words.ts';
import type { Word } from './words.ts';

const MOST_WORDS = 512;

/** The change that one line asks for; undefined for an empty line or a comment. Refusals become findings. */
export function readSetLine(line: string, time: RouterTime, findings: Finding[]): Change | undefined {
  try {
    const all = words(line);
    if (all.length > MOST_WORDS) throw new Refused('statement is too long', [], all[0]?.text ?? '');
    return all.length === 0 ? undefined : readVerb(all, time);
  } catch (error) {
    if (error instanceof Refused) findings.push(error.finding);
    else if (error instanceof UnterminatedText) findings.push({ severity: 'error', message: 'syntax error', path: [], badElement: error.message });
    else throw error;
    return undefined;
  }
}

function readVerb(all: readonly Word[], time: RouterTime): Change {
  const verb = (all[0] as Word).text;
  const rest = all.slice(1);
  const root = change(CONFIGURATION, { operation: 'merge' });
  const start = { block: root, path: [] };
  const partial: Reading = { time, partial: true, onTheWay: 'none' };
  const target = (from: readonly Word[]): Change => {
    const { last } = readStatement(start, from, partial);
    if (last === root && from.length > 0) throw new Refused('syntax error', [], from[0]?.text ?? '');
    return last;
  };
  switch (verb) {
    case 'set':
      if (rest.length === 0) throw new Refused('syntax error', [], verb);
      endsWell(readStatement(start, rest, { time, partial: false, onTheWay: 'merge' }).position, rest);
      return root;
    case 'delete':
      target(rest).operation = 'delete';
      return root;
    case 'activate':
    case 'deactivate':
      if (rest.length === 0) throw new Refused('syntax error', [], verb);
      target(rest).inactive = verb === 'deactivate';
      return root;
    case 'rename':
    case 'insert':
      move(verb, rest, target);
      return root;
    default:
      throw new Refused('unknown command', [], verb);
  }
}

function endsWell(position: { readonly list?: { readonly name: string }; readonly path: readonly string[] }, rest: readonly Word[]): void {
  if (position.list !== undefined) throw new Refused('missing argument', position.path, rest.at(-1)?.text ?? '');
}

/** `rename A to B`, `insert A before|after B`: the last two words name the place. */
function move(verb: 'rename' | 'insert', rest: readonly Word[], target: (from: readonly Word[]) => Change): void {
  const preposition = rest.findLastIndex((word) => ['to', 'before', 'after'].includes(word.text) && !word.quoted);
  const key = rest.at(-1)?.text;
  const how = rest[preposition]?.text;
  const isComplete = preposition >= 1 && key !== undefined && preposition < rest.length - 1;
  if (!isComplete || (how === 'to') !== (verb === 'rename')) throw new Refused('syntax error', [], verb);
  const moved = target(rest.slice(0, preposition));
  if (moved.key === undefined) throw new Refused('syntax error', [], moved.statement.name);
  if (how === 'to') moved.rename = key;
  else moved.insert = { where: how as 'before' | 'after', key };
}

/** Set lines of a configuration, `deactivate` lines after the statement they concern. `show` masks values. */
export function setLines(root: ConfigurationNode, show: (node: ConfigurationNode) => string | undefined = (node) => node.value): string[] {
  return root.children.flatMap((child) => linesOf(child, ['set'], show));
}

function linesOf(node: ConfigurationNode, prefix: readonly string[], show: (node: ConfigurationNode) => string | undefined): string[] {
  const value = show(node);
  const own = [...prefix, ...pathWords(node).map(quoted)];
  const written = value === undefined ? own : [...own, isSecret(node) ? `"${value}"` : quoted(value)];
  const below = node.statement.oneLine === true ? oneLine(node, written, show) : node.children.flatMap((child) => linesOf(child, own, show));
  const lines = below.length > 0 ? below : [written.join(' ')];
  return node.inactive ? [...lines, ['deactivate', ...own.slice(1)].join(' ')] : lines;
}

/** Entries that text form writes on one line are one set line too when their children are values without names. */
function oneLine(node: ConfigurationNode, written: readonly string[], show: (node: ConfigurationNode) => string | undefined): string[] {
  return node.children.flatMap((child) => linesOf(child, written, show));
}
