// XML as plain values: elements to send and elements read. Pure; parsing text is netconf/parse-xml.ts.
// Names are local names (Junos puts a release-dependent namespace on every reply), order is kept
// (show security macsec connections is a flat sequence that only order can group), text is trimmed.
// A leaf to send may be a Secret: it is revealed only by `serialise`, never by `describe`.

import { Secret } from './secret.ts';

export interface XmlElement {
  /** Local name, no prefix. */
  readonly name: string;
  /** Local attribute names; `xmlns` declarations are kept as `xmlns`. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlElement[];
  /** Text directly inside the element, trimmed; '' when there is none. */
  readonly text: string | Secret;
}

export type XmlContent = XmlElement | string | Secret | undefined | false | readonly XmlContent[];

/** An element with children and/or text; undefined, false and nested lists are flattened away. */
export function element(name: string, ...content: XmlContent[]): XmlElement {
  return elementWith(name, {}, ...content);
}

/** Like `element`, with attributes. */
export function elementWith(name: string, attributes: Record<string, string>, ...content: XmlContent[]): XmlElement {
  const parts = flatten(content);
  const children = parts.filter((part): part is XmlElement => typeof part === 'object' && !(part instanceof Secret));
  const secret = parts.find((part) => part instanceof Secret);
  const text = secret ?? parts.filter((part) => typeof part === 'string').join('');
  return { name, attributes, children, text };
}

type Flat = XmlElement | string | Secret;

function flatten(content: readonly XmlContent[]): Flat[] {
  return content.flatMap((item): Flat[] => {
    if (item === undefined || item === false) return [];
    return Array.isArray(item) ? flatten(item as readonly XmlContent[]) : [item as Flat];
  });
}

const ESCAPES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' };

/** Text or an attribute value, safe inside XML. */
export function escapeXml(text: string): string {
  return text.replace(/[&<>"']/g, (c) => ESCAPES[c] as string);
}

/** The element as XML text with secrets in clear: for the wire only. */
export function serialise(node: XmlElement): string {
  return write(node, (secret) => secret.revealText());
}

/** The element as XML text with every secret as [secret]: for logs and --dry-run. */
export function describe(node: XmlElement): string {
  return write(node, String);
}

function write(node: XmlElement, reveal: (secret: Secret) => string): string {
  if (!/^[A-Za-z_][\w.:-]*$/.test(node.name)) throw new TypeError('not an XML element name');
  const attributes = Object.entries(node.attributes)
    .map(([key, value]) => ` ${key}="${escapeXml(value)}"`)
    .join('');
  const text = node.text instanceof Secret ? reveal(node.text) : node.text;
  const inner = escapeXml(text) + node.children.map((child) => write(child, reveal)).join('');
  return inner === '' ? `<${node.name}${attributes}/>` : `<${node.name}${attributes}>${inner}</${node.name}>`;
}

/** First child of that name. */
export function child(node: XmlElement | undefined, name: string): XmlElement | undefined {
  return node?.children.find((c) => c.name === name);
}

/** All children of that name, in order. */
export function childrenOf(node: XmlElement | undefined, name: string): XmlElement[] {
  return node?.children.filter((c) => c.name === name) ?? [];
}

/** Follows a path of child names ('security/macsec'). */
export function at(node: XmlElement | undefined, path: string): XmlElement | undefined {
  return path.split('/').reduce<XmlElement | undefined>((here, name) => child(here, name), node);
}

/** Text at a path; undefined when the element is not there, '' when it is empty. */
export function textAt(node: XmlElement | undefined, path: string): string | undefined {
  const found = at(node, path);
  return found === undefined ? undefined : String(found.text);
}

/** Every element of that name at any depth, in document order (the node itself included). */
export function descendants(node: XmlElement | undefined, name: string): XmlElement[] {
  if (node === undefined) return [];
  const below = node.children.flatMap((c) => descendants(c, name));
  return node.name === name ? [node, ...below] : below;
}
