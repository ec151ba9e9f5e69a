// A strict reader for the XML that clients send: one element, well-formed, no DOCTYPE, bounded depth and
// number of nodes. Anything else is a MalformedXml, answered with <rpc-error>. mgd's own parser is as
// unforgiving; a lenient one here would hide faults of the clients under test. Namespaces are read off
// (XmlElement has local names); the attributes of the root stay as written, because mgd echoes them.

import type { XmlElement } from '../../../xml.ts';

export class MalformedXml extends Error {}

export interface ParsedRequest {
  readonly root: XmlElement;
  /** Attributes of the root with their prefixes, in order, decoded. */
  readonly written: readonly (readonly [string, string])[];
}

const DEEPEST = 64;
const MOST_NODES = 200_000;
const NAME = '[A-Za-z_][\\w.-]*(?::[A-Za-z_][\\w.-]*)?';
const SKIP = /(?:\s+|<!--(?:(?!--)[\s\S])*-->|<\?[\s\S]*?\?>)/y;
const OPEN = new RegExp(`<(${NAME})((?:\\s+${NAME}\\s*=\\s*(?:"[^"<]*"|'[^'<]*'))*)\\s*(/?)>`, 'y');
const CLOSE = new RegExp(`</(${NAME})\\s*>`, 'y');
const ATTRIBUTE = new RegExp(`(${NAME})\\s*=\\s*(?:"([^"]*)"|'([^']*)')`, 'g');
const CDATA = /<!\[CDATA\[([\s\S]*?)\]\]>/y;
const TEXT = /[^<]+/y;
const NAMED: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

interface Building {
  readonly qualified: string;
  readonly attributes: Record<string, string>;
  readonly children: XmlElement[];
  text: string;
}

/** Reads one document. Throws MalformedXml; the message never repeats the document. */
export function parseRequest(xml: string): ParsedRequest {
  const cursor = { xml, at: 0 };
  skip(cursor);
  const open: Building[] = [];
  let written: [string, string][] = [];
  for (let nodes = 0; nodes < MOST_NODES; nodes += 1) {
    const start = take(cursor, OPEN);
    const here = open.at(-1);
    if (start !== undefined) {
      const attributes = readAttributes(start[2] ?? '');
      if (here === undefined) written = attributes;
      if (open.length >= DEEPEST) throw new MalformedXml('too many levels of elements');
      open.push({ qualified: start[1] as string, attributes: localAttributes(attributes), children: [], text: '' });
      if (start[3] !== '/') continue;
    } else if (!closes(cursor, here)) continue;
    const done = finish(open.pop() as Building);
    const parent = open.at(-1);
    if (parent === undefined) return ended(cursor, { root: done, written });
    parent.children.push(done);
  }
  throw new MalformedXml('too many elements');
}

/** Takes what is not a start tag; true when it was the end tag of the open element. */
function closes(cursor: Cursor, here: Building | undefined): boolean {
  if (here === undefined) throw new MalformedXml('no element found');
  const end = take(cursor, CLOSE);
  if (end !== undefined) {
    if (end[1] !== here.qualified) throw new MalformedXml('mismatched end tag');
    return true;
  }
  const cdata = take(cursor, CDATA);
  if (cdata !== undefined) here.text += cdata[1] ?? '';
  else if (!skipOne(cursor)) {
    const text = take(cursor, TEXT);
    if (text === undefined) throw new MalformedXml('unexpected markup or end of document');
    here.text += decode(text[0]);
  } else if (/\s/.test(cursor.xml[cursor.at - 1] ?? '')) here.text += ' ';
  return false;
}

function ended(cursor: Cursor, parsed: ParsedRequest): ParsedRequest {
  skip(cursor);
  if (cursor.at !== cursor.xml.length) throw new MalformedXml('text after the document');
  return parsed;
}

interface Cursor {
  readonly xml: string;
  at: number;
}

function take(cursor: Cursor, pattern: RegExp): RegExpExecArray | undefined {
  pattern.lastIndex = cursor.at;
  const match = pattern.exec(cursor.xml);
  if (match === null) return undefined;
  cursor.at = pattern.lastIndex;
  return match;
}

function skipOne(cursor: Cursor): boolean {
  return take(cursor, SKIP) !== undefined;
}

function skip(cursor: Cursor): void {
  while (skipOne(cursor));
}

function readAttributes(text: string): [string, string][] {
  const found = [...text.matchAll(ATTRIBUTE)].map((match): [string, string] => [match[1] as string, decode(match[2] ?? match[3] ?? '')]);
  if (new Set(found.map(([name]) => name)).size !== found.length) throw new MalformedXml('duplicate attribute');
  return found;
}

function localAttributes(attributes: readonly (readonly [string, string])[]): Record<string, string> {
  const named = attributes.filter(([name]) => !name.startsWith('xmlns:')).map(([name, value]) => [local(name), value]);
  return Object.fromEntries(named);
}

function local(qualified: string): string {
  return qualified.slice(qualified.indexOf(':') + 1);
}

function finish(node: Building): XmlElement {
  return { name: local(node.qualified), attributes: node.attributes, children: node.children, text: node.text.trim() };
}

function decode(text: string): string {
  // XML 1.0 2.2: no control characters but tab, line feed and carriage return, also not as references.
  const decoded = text.replace(/&(#x[0-9a-fA-F]{1,6}|#[0-9]{1,7}|[a-z]{2,4}|)(;?)/g, (_, name: string, end: string) => {
    if (end !== ';') throw new MalformedXml('unescaped ampersand');
    return name.startsWith('#') ? character(name) : entity(name);
  });
  if (/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/.test(decoded)) throw new MalformedXml('control character');
  return decoded;
}

function character(reference: string): string {
  const code = reference[1] === 'x' ? parseInt(reference.slice(2), 16) : parseInt(reference.slice(1), 10);
  if (code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) throw new MalformedXml('character reference out of range');
  return String.fromCodePoint(code);
}

function entity(name: string): string {
  const value = NAMED[name];
  if (value === undefined) throw new MalformedXml('unknown entity');
  return value;
}
