// A configuration as an immutable tree. Nodes are shared between the committed configuration, candidates
// and rollbacks, so a copy costs nothing and an unchanged branch is the same object. Values are in the
// stored form (secrets as `$9$`). Changing a tree is change.ts.

import { sameSecret } from './obfuscation.ts';
import { CONFIGURATION } from './schema.ts';
import type { Statement } from './statement.ts';
import { isSecretType } from './value-types.ts';

export interface ConfigurationNode {
  readonly statement: Statement;
  /** A list entry's key, or a leaf-list entry's value. */
  readonly key: string | undefined;
  /** A leaf's value. */
  readonly value: string | undefined;
  readonly inactive: boolean;
  readonly children: readonly ConfigurationNode[];
  /** In a view with groups applied: the group that this node comes from. */
  readonly group?: string;
}

export const EMPTY_CONFIGURATION: ConfigurationNode = emptyNode(CONFIGURATION, undefined);

export function emptyNode(statement: Statement, key: string | undefined): ConfigurationNode {
  return { statement, key, value: undefined, inactive: false, children: [] };
}

/** True when both stand in the same place: same statement, same key. */
export function sameIdentity(a: Pick<ConfigurationNode, 'statement' | 'key'>, b: Pick<ConfigurationNode, 'statement' | 'key'>): boolean {
  return a.statement.name === b.statement.name && a.key === b.key;
}

/** A container that holds nothing and means nothing when empty disappears, as in Junos; so does a leaf without a value. */
export function isVoid(node: ConfigurationNode): boolean {
  const kind = node.statement.kind;
  if (kind === 'leaf') return node.value === undefined;
  return kind === 'container' && node.statement.presence !== true && node.children.length === 0;
}

export function findChild(parent: ConfigurationNode | undefined, like: Pick<ConfigurationNode, 'statement' | 'key'>): ConfigurationNode | undefined {
  return parent?.children.find((child) => sameIdentity(child, like));
}

/** Follows names and keys: `descendant(root, 'security', 'macsec', ['connectivity-association', 'CA'])`. */
export function descendant(root: ConfigurationNode | undefined, ...path: (string | readonly [string, string])[]): ConfigurationNode | undefined {
  return path.reduce<ConfigurationNode | undefined>((here, step) => {
    const [name, key] = typeof step === 'string' ? [step, undefined] : step;
    return here?.children.find((child) => child.statement.name === name && (key === undefined || child.key === key));
  }, root);
}

/** All children of that name. */
export function entries(parent: ConfigurationNode | undefined, name: string): readonly ConfigurationNode[] {
  return parent?.children.filter((child) => child.statement.name === name) ?? [];
}

/** A child leaf's value. */
export function valueOf(parent: ConfigurationNode | undefined, name: string): string | undefined {
  return descendant(parent, name)?.value;
}

/** Two values of one statement that mean the same, whatever the salt of their `$9$` texts. */
export function sameValue(statement: Statement, a: string | undefined, b: string | undefined): boolean {
  return a === b || (statement.type?.is === 'secret' && a !== undefined && b !== undefined && sameSecret(a, b));
}

export function sameConfiguration(a: ConfigurationNode, b: ConfigurationNode): boolean {
  if (a === b) return true;
  if (!sameIdentity(a, b) || a.inactive !== b.inactive || a.children.length !== b.children.length) return false;
  if (!sameValue(a.statement, a.value, b.value)) return false;
  return a.children.every((child, index) => sameConfiguration(child, b.children[index] as ConfigurationNode));
}

/** The node with one child put in, in the schema's order, or in place of the child of the same identity. */
export function withChild(parent: ConfigurationNode, child: ConfigurationNode): ConfigurationNode {
  const at = parent.children.findIndex((other) => sameIdentity(other, child));
  if (at >= 0) return parent.children[at] === child ? parent : { ...parent, children: parent.children.with(at, child) };
  const after = parent.children.findLastIndex((other) => other.statement.order <= child.statement.order);
  return { ...parent, children: parent.children.toSpliced(after + 1, 0, child) };
}

export function withoutChildren(parent: ConfigurationNode, leaves: (child: ConfigurationNode) => boolean): ConfigurationNode {
  const children = parent.children.filter((child) => !leaves(child));
  return children.length === parent.children.length ? parent : { ...parent, children };
}

/** `fresh`, with every branch that says the same as in `old` taken from `old` (so `$9$` texts stay). */
export function keepingUnchanged(old: ConfigurationNode | undefined, fresh: ConfigurationNode): ConfigurationNode {
  if (old === undefined || old === fresh) return fresh;
  if (sameConfiguration(old, fresh)) return old;
  const value = sameValue(fresh.statement, old.value, fresh.value) ? old.value : fresh.value;
  return { ...fresh, value, children: fresh.children.map((child) => keepingUnchanged(findChild(old, child), child)) };
}

/** The words that stand for a node in a path or a statement: its name (when written), its key. */
export function pathWords(node: Pick<ConfigurationNode, 'statement' | 'key'>): string[] {
  const key = node.key === undefined ? [] : [node.key];
  return node.statement.elided === true ? key : [node.statement.name, ...key];
}

/** True when the value or key must not be shown to everybody. */
export function isSecret(node: ConfigurationNode): boolean {
  return isSecretType(node.statement.type) && node.statement.kind === 'leaf';
}
