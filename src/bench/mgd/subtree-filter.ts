// Subtree filters (RFC 6241 6.2) as get-configuration and get-config use them. Namespaces are ignored, as
// Junos does for its own configuration; `recurse="false"` asks for the names of list entries only.

import type { XmlElement } from '../../xml.ts';
import { plainSecret } from '../configuration/obfuscation.ts';
import type { ConfigurationNode } from '../configuration/tree.ts';

/** The part of `node` that `filter` (an element of the same name) selects; undefined when it selects nothing. */
export function select(node: ConfigurationNode, filter: XmlElement): ConfigurationNode | undefined {
  const text = String(filter.text);
  if (node.statement.kind === 'leaf') return text === '' || text === node.value || text === plain(node) ? node : undefined;
  if (node.statement.kind === 'leaf-list') return text === '' || text === node.key ? node : undefined;
  if (filter.attributes['recurse'] === 'false') return { ...node, children: [] };
  const key = node.statement.kind === 'list' ? filter.children.find((child) => child.name === 'name') : undefined;
  if (key !== undefined && String(key.text) !== '' && String(key.text) !== node.key) return undefined;
  const rest = filter.children.filter((child) => child !== key);
  if (!rest.every((child) => contentMatches(node, child))) return undefined;
  const selecting = rest.filter((child) => !isContentMatch(child));
  if (selecting.length === 0) return key !== undefined && String(key.text) === '' ? { ...node, children: [] } : node;
  const children = node.children.flatMap((child) => selectChild(child, rest));
  return children.length === 0 ? undefined : { ...node, children };
}

function selectChild(child: ConfigurationNode, filters: readonly XmlElement[]): ConfigurationNode[] {
  const selected = filters.filter((filter) => filter.name === child.statement.name).flatMap((filter) => select(child, filter) ?? []);
  return selected.length === 0 ? [] : [selected.reduce(union)];
}

function union(a: ConfigurationNode, b: ConfigurationNode): ConfigurationNode {
  const wanted = new Set([...a.children, ...b.children].map((child) => `${child.statement.name} ${child.key ?? ''}`));
  const pick = (name: string): ConfigurationNode => {
    const [one, other] = [a, b].map((node) => node.children.find((child) => `${child.statement.name} ${child.key ?? ''}` === name));
    return one !== undefined && other !== undefined ? union(one, other) : ((one ?? other) as ConfigurationNode);
  };
  return { ...a, children: [...wanted].map(pick) };
}

function isContentMatch(filter: XmlElement): boolean {
  return filter.children.length === 0 && String(filter.text) !== '';
}

function contentMatches(node: ConfigurationNode, filter: XmlElement): boolean {
  return !isContentMatch(filter) || node.children.some((child) => child.statement.name === filter.name && select(child, filter) !== undefined);
}

function plain(node: ConfigurationNode): string | undefined {
  return node.value === undefined ? undefined : plainSecret(node.value);
}
