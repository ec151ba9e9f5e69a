// XML text from a router to XmlElement, strictly: fast-xml-parser alone is lenient (it accepts unclosed
// and trailing text, turns hex into numbers, leaves numeric entities), so its validator runs first, every
// value stays a string and entities are decoded here, in one pass, so that `&amp;#66;` stays `&#66;`.
// XML 1.0 (fifth edition) section 2.2 lists the characters that are dropped: terminals and daemons put
// NULs into replies. Where the XML starts inside a message is the business of hello.ts and rpc-reply.ts.

import { oneLine, type QkdError } from '../errors.ts';
import type { XmlElement } from '../xml.ts';
import { protocolError } from './protocol-error.ts';
import { withoutSecretData } from './secret-data.ts';

/** Longest text that is parsed: the full configuration of a large router fits several times. */
export const MAX_XML_LENGTH = 16 * 1024 * 1024;
/** Deepest nesting; Junos configuration stays below 25. */
export const MAX_XML_DEPTH = 64;

type Library = typeof import('fast-xml-parser');
/** What fast-xml-parser makes with preserveOrder: one key is the name, ':@' holds the attributes. */
type OrderedNode = Readonly<Record<string, unknown>>;

const ATTRIBUTES = ':@';
const TEXT = '#text';
const CDATA = '#cdata';
const ROOT = 'document';
const NO_ATTRIBUTES: Record<string, string> = {};
const LOCAL_NAME = /^[A-Za-z_][\w.-]*$/;
const NOT_XML_CHARACTERS = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;

const OPTIONS = {
  preserveOrder: true,
  parseTagValue: false,
  parseAttributeValue: false,
  ignoreAttributes: false,
  attributeNamePrefix: '',
  processEntities: false,
  trimValues: false,
  cdataPropName: CDATA,
  ignoreDeclaration: true,
  ignorePiTags: true,
  // Nothing here asks for the path of a node, which it would otherwise spell out for each of them.
  jPath: false,
  // It lets one more through than it is told, which is our own root.
  maxNestedTags: MAX_XML_DEPTH,
  // The default renames <toString>; names are own properties here and read with Object.keys only.
  onDangerousProperty: (name: string) => name,
} as const;

/** Made with the first document: it keeps nothing of one when it takes the next. */
let parser: InstanceType<Library['XMLParser']> | undefined;

/**
 * Parses one document. Comments and processing instructions are dropped, prefixes removed, `xmlns`
 * kept as an attribute. Throws netconf-protocol; the message never quotes values.
 */
export async function parseXml(text: string): Promise<XmlElement> {
  if (text.length > MAX_XML_LENGTH) throw refusal(`longer than ${MAX_XML_LENGTH} characters`);
  const body = text.replace(NOT_XML_CHARACTERS, '').replace(/^\ufeff?\s*<\?xml\s[^>]*\?>/, '');
  if (/<!DOCTYPE/i.test(body)) throw refusal('a document type declaration is not allowed');
  // The validator does not check what follows a root that is one empty tag; inside our own root it does.
  const top = readOrdered(await import('fast-xml-parser'), `<${ROOT}>${body}</${ROOT}>`);
  const root = top.children[0];
  if (root === undefined || top.children.length !== 1 || top.text !== '') throw refusal('not exactly one root element');
  return root;
}

function refusal(reason: string): QkdError {
  return protocolError(`XML refused: ${reason}`);
}

function readOrdered(library: Library, written: string): XmlElement {
  const document = withoutIndentation(written);
  // What is wrong is told by the line of the text as it came.
  const verdict = library.XMLValidator.validate(document) === true || library.XMLValidator.validate(written);
  if (verdict !== true) throw refusal(`line ${verdict.err.line}: ${complaint(verdict.err.msg)}`);
  parser ??= new library.XMLParser(OPTIONS);
  let nodes: readonly OrderedNode[];
  try {
    nodes = parser.parse(document) as readonly OrderedNode[];
  } catch (error) {
    throw refusal(complaint(error instanceof Error ? error.message : String(error)));
  }
  return readElement(ROOT, nodes[0]?.[ROOT] as readonly OrderedNode[], {});
}

/**
 * Whitespace between two tags is no text here, and the library takes it character by character: of a router's reply
 * it is a third. Inside CDATA it may be text.
 */
function withoutIndentation(document: string): string {
  return document.includes('<![CDATA[') ? document : document.replace(/>[ \t\r\n]+</g, '><');
}

/** The library's words, without the root that we put around the text. */
function complaint(text: string): string {
  return oneLine(withoutSecretData(text.replace(` instead of closing tag '${ROOT}'`, '').replace(/\.$/, '')), 120);
}

function readElement(name: string, content: readonly OrderedNode[], attributes: Record<string, string>): XmlElement {
  const children: XmlElement[] = [];
  let text = '';
  for (const node of content) {
    const key = Object.keys(node).find((entry) => entry !== ATTRIBUTES) ?? TEXT;
    const value = node[key] ?? '';
    if (key === TEXT) text += decodeEntities(String(value));
    else if (key === CDATA) text += (value as readonly OrderedNode[]).map((part) => String(part[TEXT] ?? '')).join('');
    else children.push(readElement(localName(key), value as readonly OrderedNode[], readAttributes(node[ATTRIBUTES])));
  }
  return { name, attributes, children, text: text.trim() };
}

function readAttributes(written: unknown): Record<string, string> {
  if (written === undefined) return NO_ATTRIBUTES;
  const entries = Object.entries(written as Record<string, string>)
    .filter(([name]) => !name.startsWith('xmlns:'))
    .map(([name, value]) => [localName(name), decodeEntities(String(value))] as const);
  return Object.fromEntries(entries);
}

function localName(qualified: string): string {
  const name = qualified.slice(qualified.indexOf(':') + 1);
  if (!LOCAL_NAME.test(name)) throw refusal(`'${oneLine(withoutSecretData(qualified), 40)}' is not a name`);
  return name;
}

const NAMED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** The five predefined entities and character references; anything else, a bare `&` included, is refused. */
function decodeEntities(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(/&(?:#x([0-9a-fA-F]{1,8});|#([0-9]{1,8});|(amp|lt|gt|quot|apos);)?/g, (_, hex, decimal, name) => {
    if (name !== undefined) return NAMED[name] as string;
    if (hex === undefined && decimal === undefined) throw refusal('an entity that XML does not define');
    return character(hex === undefined ? Number.parseInt(decimal, 10) : Number.parseInt(hex, 16));
  });
}

function character(codePoint: number): string {
  if (codePoint > 0x10ffff || (codePoint >= 0xd800 && codePoint <= 0xdfff)) throw refusal('a reference to no character');
  return String.fromCodePoint(codePoint).replace(NOT_XML_CHARACTERS, '');
}
