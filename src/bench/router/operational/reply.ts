// How operational RPCs answer: XML in the release's namespace, or with format="text" the CLI's words in
// <output>. An RPC gives both forms as values; this file chooses and writes.

import { element, serialise, type XmlElement } from '../../../xml.ts';
import { rpcError } from '../netconf/rpc-error.ts';

export interface OperationalReply {
  readonly xml: XmlElement;
  /** As `show` prints it; an outline of the XML when left out. */
  readonly text?: () => string;
}

/** "http://xml.juniper.net/junos/24.4R1/junos-chassis"; `part` '' for the bare one. */
export function junosNamespace(release: string, part: string): string {
  return `http://xml.juniper.net/junos/${release}/junos${part === '' ? '' : `-${part}`}`;
}

/** The reply's inner text in the format that the request asked for. */
export function writeReply(request: XmlElement, reply: OperationalReply): string {
  const format = request.attributes['format'] ?? 'xml';
  if (format === 'xml') return serialise(reply.xml);
  if (format !== 'text') return rpcError('operation-not-supported', `unsupported output format: ${format}`, { badElement: request.name });
  return serialise(element('output', `\n${reply.text?.() ?? outline(reply.xml, 0)}`));
}

function outline(node: XmlElement, depth: number): string {
  const indent = '  '.repeat(depth);
  if (node.children.length === 0) return `${indent}${title(node.name)}: ${String(node.text)}\n`;
  return `${indent}${title(node.name)}\n${node.children.map((child) => outline(child, depth + 1)).join('')}`;
}

function title(name: string): string {
  const words = name.replace(/-/g, ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** "00:03:58", or "2w1d 01:10:58" from a day on. */
export function timeLength(seconds: number): string {
  const days = Math.floor(seconds / 86_400);
  const clock = [Math.floor(seconds / 3600) % 24, Math.floor(seconds / 60) % 60, seconds % 60].map((part) => String(part).padStart(2, '0')).join(':');
  const weeks = Math.floor(days / 7);
  return days === 0 ? clock : `${weeks > 0 ? `${weeks}w` : ''}${days % 7}d ${clock}`;
}
