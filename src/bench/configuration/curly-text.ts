// Curly-brace text, the form of `show configuration`: reads it into a change (with the tags replace:,
// delete:, inactive:, active:, protect:), and writes a configuration in it.

import { change } from './change.ts';
import type { Change, Finding } from './change.ts';
import { CONFIGURATION } from './schema.ts';
import { readStatement, Refused } from './statement-words.ts';
import type { Position, Reading } from './statement-words.ts';
import { isSecret } from './tree.ts';
import type { ConfigurationNode } from './tree.ts';
import type { RouterTime } from './value-types.ts';
import { quoted, UnterminatedText, words } from './words.ts';
import type { Word } from './words.ts';

const TAGS = ['replace:', 'delete:', 'inactive:', 'active:', 'protect:', 'unprotect:'];
const DEEPEST = 64;

/** The change that a text asks for. Statements that are refused become findings; the rest stands. */
export function readCurlyText(text: string, time: RouterTime, findings: Finding[]): Change {
  const root = change(CONFIGURATION);
  try {
    const all = words(text);
    const end = readBlock({ block: root, path: [] }, all, 0, { findings, time, depth: 0 });
    if (end < all.length) findings.push({ severity: 'error', message: 'syntax error', path: [], badElement: '}' });
  } catch (error) {
    if (!(error instanceof UnterminatedText)) throw error;
    findings.push({ severity: 'error', message: 'syntax error', path: [], badElement: error.message });
  }
  return root;
}

interface Run {
  readonly findings: Finding[];
  readonly time: RouterTime;
  readonly depth: number;
}

/** Reads statements up to the closing brace or the end; returns where it stopped. */
function readBlock(position: Position, all: readonly Word[], start: number, run: Run): number {
  let at = start;
  while (at < all.length && !isMark(all[at], '}')) {
    const end = all.findIndex((word, index) => index >= at && (isMark(word, ';') || isMark(word, '{') || isMark(word, '}')));
    if (end < 0 || isMark(all[end], '}')) {
      run.findings.push({ severity: 'error', message: 'syntax error', path: position.path, badElement: all[end]?.text ?? all.at(-1)?.text ?? '' });
      return end < 0 ? all.length : end;
    }
    if (end === at) run.findings.push({ severity: 'error', message: 'syntax error', path: position.path, badElement: all[end]?.text ?? '' });
    const opens = isMark(all[end], '{');
    const inside = end === at ? undefined : readOne(position, all.slice(at, end), opens, run);
    at = end + 1;
    if (!opens) continue;
    if (inside === undefined || run.depth >= DEEPEST) at = skipBlock(all, at);
    else at = readBlock(inside, all, at, { ...run, depth: run.depth + 1 });
    if (!isMark(all[at], '}')) run.findings.push({ severity: 'error', message: 'syntax error', path: position.path, badElement: 'missing }' });
    at += 1;
  }
  return at;
}

function isMark(word: Word | undefined, mark: string): boolean {
  return word !== undefined && !word.quoted && word.text === mark;
}

function skipBlock(all: readonly Word[], start: number): number {
  let depth = 1;
  let at = start;
  for (; at < all.length; at += 1) {
    if (isMark(all[at], '{')) depth += 1;
    if (isMark(all[at], '}')) depth -= 1;
    if (depth === 0) break;
  }
  return at;
}

/** One statement's words; the position inside its braces, undefined when it was refused. */
function readOne(position: Position, tagged: readonly Word[], opens: boolean, run: Run): Position | undefined {
  const tags = tagged.slice(0, tagged.findIndex((word) => word.quoted || !TAGS.includes(word.text))).map((word) => word.text);
  const own = tagged.slice(tags.length);
  const deletes = tags.includes('delete:');
  const reading: Reading = { time: run.time, partial: deletes, onTheWay: 'merge' };
  try {
    const { position: reached, last } = readStatement(position, own, reading);
    const marked = last === position.block ? undefined : last;
    if (marked !== undefined) {
      if (deletes) marked.operation = 'delete';
      if (tags.includes('replace:')) marked.operation = 'replace';
      if (tags.includes('inactive:')) marked.inactive = true;
      if (tags.includes('active:')) marked.inactive = false;
    }
    if (!opens && reached.list !== undefined && !deletes) throw new Refused('missing argument', position.path, own.at(-1)?.text ?? '');
    return reached;
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    run.findings.push(error.finding);
    return undefined;
  }
}

/** Shows a node's value; undefined for a node without one. */
export type Show = (node: ConfigurationNode) => string | undefined;

/** Lines of a configuration below `root`, indented by `indent` spaces. */
export function curlyLines(root: ConfigurationNode, indent = 0, show: Show = (node) => node.value): string[] {
  return siblings(root.children, indent, show);
}

/** Lines of some siblings: leaf-lists in brackets, grouped lists in one pair of braces. */
export function siblings(nodes: readonly ConfigurationNode[], indent: number, show: Show): string[] {
  return nodes.flatMap((node, index) => {
    const { kind, grouped, name } = node.statement;
    const isFirst = nodes[index - 1]?.statement.name !== name;
    const together = nodes.filter((other) => other.statement.name === name);
    if (kind === 'leaf-list' && together.every((other) => !other.inactive)) return isFirst ? [leafListLine(together, indent)] : [];
    if (node.statement.joined === true) return node.children.flatMap((below) => headed(name, nodeLines(below, indent, show), node.inactive));
    if (kind === 'list' && grouped === true) return isFirst ? braces(name, together.flatMap((one) => nodeLines(one, indent + 4, show)), indent) : [];
    return nodeLines(node, indent, show);
  });
}

function leafListLine(together: readonly ConfigurationNode[], indent: number): string {
  const values = together.map((one) => quoted(one.key ?? ''));
  return `${' '.repeat(indent)}${together[0]?.statement.name} ${values.length === 1 ? values[0] : `[ ${values.join(' ')} ]`};`;
}

/** `family inet {`: the name of a joined container in front of a child's first line. */
export function headed(name: string, lines: readonly string[], inactive: boolean): string[] {
  return lines.map((line, index) => (index === 0 ? line.replace(/^( *)/, `$1${inactive ? 'inactive: ' : ''}${name} `) : line));
}

function braces(head: string, inner: readonly string[], indent: number): string[] {
  const margin = ' '.repeat(indent);
  return [`${margin}${head} {`, ...inner, `${margin}}`];
}

/** Lines of one node. */
export function nodeLines(node: ConfigurationNode, indent: number, show: Show): string[] {
  const head = `${node.inactive ? 'inactive: ' : ''}${headWords(node, show).join(' ')}`;
  const margin = ' '.repeat(indent);
  if (node.statement.oneLine === true || node.children.length === 0) {
    const all = [head, ...node.children.flatMap((child) => headWords(child, show))];
    return [`${margin}${all.join(' ')};${secretMark(node)}`];
  }
  return braces(head, siblings(node.children, indent + 4, show), indent);
}

function headWords(node: ConfigurationNode, show: Show): string[] {
  const value = show(node);
  const shown = value === undefined ? [] : [isSecret(node) ? `"${value}"` : quoted(value)];
  const name = node.statement.elided === true || (node.statement.grouped === true && node.statement.kind === 'list') ? [] : [node.statement.name];
  return [...name, ...(node.key === undefined ? [] : [quoted(node.key)]), ...shown];
}

function secretMark(node: ConfigurationNode): string {
  const secret = isSecret(node) || (node.statement.oneLine === true && (node.children.some(isSecret) || /^ssh-/.test(node.statement.name)));
  return secret ? ' ## SECRET-DATA' : '';
}

/** `[edit security macsec]` */
export function editPath(path: readonly string[]): string {
  return `[${['edit', ...path].join(' ')}]`;
}

