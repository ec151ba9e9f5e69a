// Changes to a configuration: what every load format (XML, text, set) is read into, and how a change is
// applied. Follows RFC 6241 7.2 for operations and Junos where it is milder: deleting what is not there
// is a warning, and the rest of the load goes on.

import type { Statement } from './statement.ts';
import { emptyNode, findChild, isVoid, keepingUnchanged, pathWords, sameIdentity, sameValue, withChild, withoutChildren } from './tree.ts';
import type { ConfigurationNode } from './tree.ts';

export type Operation = 'merge' | 'replace' | 'create' | 'delete' | 'remove' | 'none';

export interface Change {
  readonly statement: Statement;
  /** Undefined in a delete of all entries of a list. */
  readonly key: string | undefined;
  readonly value: string | undefined;
  operation: Operation;
  /** Undefined: stays as it is. */
  inactive: boolean | undefined;
  /** Moves a list entry: first, last, or beside the entry of that key. */
  insert?: { readonly where: 'first' | 'last' | 'before' | 'after'; readonly key?: string | undefined };
  /** New key of a list entry. */
  rename?: string;
  readonly children: Change[];
}

/** What a load has to say about one statement. */
export interface Finding {
  readonly severity: 'error' | 'warning';
  readonly message: string;
  /** Words of the hierarchy: `security macsec`. */
  readonly path: readonly string[];
  readonly badElement?: string;
  /** RFC 6241 error-tag. */
  readonly tag?: string;
}

export function change(statement: Statement, more: Partial<Change> = {}): Change {
  return { statement, key: undefined, value: undefined, operation: 'merge', inactive: undefined, children: [], ...more };
}

/** Applies the children of `root` (the change of <configuration>) to a configuration. */
export function applyChange(configuration: ConfigurationNode, root: Change, findings: Finding[]): ConfigurationNode {
  if (root.operation === 'delete' || root.operation === 'remove') return emptyNode(configuration.statement, undefined);
  const base = root.operation === 'replace' ? emptyNode(configuration.statement, undefined) : configuration;
  return keepingUnchanged(configuration, applyBelow(base, root.children, [], findings));
}

function applyBelow(parent: ConfigurationNode, changes: readonly Change[], path: readonly string[], findings: Finding[]): ConfigurationNode {
  return changes.reduce((node, one) => applyOne(node, one, path, findings), parent);
}

function applyOne(parent: ConfigurationNode, one: Change, path: readonly string[], findings: Finding[]): ConfigurationNode {
  const existing = findChild(parent, one);
  const badElement = one.key ?? one.statement.name;
  const warn = (): void => void findings.push({ severity: 'warning', message: 'statement not found', path, badElement });
  if (one.operation === 'delete' || one.operation === 'remove') {
    const after = withoutChildren(parent, (child) => isDeletedBy(child, one));
    if (after === parent && one.operation === 'delete') warn();
    return after;
  }
  if (one.operation === 'create' && existing !== undefined) {
    findings.push({ severity: 'error', tag: 'data-exists', message: 'statement already exists', path, badElement });
    return parent;
  }
  if (one.operation === 'none' && existing === undefined && (one.inactive !== undefined || one.insert !== undefined || one.rename !== undefined)) {
    warn();
    return parent;
  }
  const base = existing === undefined || one.operation === 'replace' ? emptyNode(one.statement, one.key) : existing;
  const changed = applyBelow(valued(base, one), one.children, [...path, ...pathWords(one)], findings);
  if (isVoid(changed) || (existing === undefined && one.operation === 'none' && changed.children.length === 0)) {
    return existing === undefined ? parent : withoutChildren(parent, (child) => child === existing);
  }
  return moved(withChild(parent, keepingUnchanged(existing, changed)), one, changed);
}

function isDeletedBy(child: ConfigurationNode, one: Change): boolean {
  if (one.key === undefined && child.statement.name === one.statement.name) {
    return one.value === undefined || sameValue(child.statement, child.value, one.value);
  }
  return sameIdentity(child, one);
}

function valued(base: ConfigurationNode, one: Change): ConfigurationNode {
  const value = one.value === undefined || sameValue(base.statement, base.value, one.value) ? base.value : one.value;
  const inactive = one.inactive ?? base.inactive;
  return value === base.value && inactive === base.inactive ? base : { ...base, value, inactive };
}

function moved(parent: ConfigurationNode, one: Change, node: ConfigurationNode): ConfigurationNode {
  const here = parent.children.findIndex((child) => sameIdentity(child, node));
  const entry = parent.children[here] as ConfigurationNode;
  if (one.rename !== undefined) return { ...parent, children: parent.children.with(here, { ...entry, key: one.rename }) };
  if (one.insert === undefined) return parent;
  const { where, key } = one.insert;
  const rest = parent.children.toSpliced(here, 1);
  const like = (child: ConfigurationNode): boolean => child.statement.name === node.statement.name && (key === undefined || child.key === key);
  const beside = where === 'first' || where === 'before' ? rest.findIndex(like) : rest.findLastIndex(like) + 1;
  if (beside < 0) return parent;
  return { ...parent, children: rest.toSpliced(beside, 0, entry) };
}
