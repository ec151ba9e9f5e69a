// Configuration groups: what `apply-groups` adds (display inheritance), and what is left for the daemons
// when inactive statements are taken out. Statements of the configuration win over those of a group, and
// earlier groups win over later ones. Keys in a group may be wildcards: `<et-*>`. The groups re0 and re1 apply on
// the routing engine of that name only.

import { entries, findChild, isVoid, withChild, withoutChildren } from './tree.ts';
import type { ConfigurationNode } from './tree.ts';

/** Slot of a routing engine: re0, which is the only one of most routers, or re1. */
export type EngineSlot = 0 | 1;

/** The configuration with groups applied, on re0 unless told; `groups` and apply-groups themselves are left out. */
export function withGroupsApplied(root: ConfigurationNode, slot: EngineSlot = 0): ConfigurationNode {
  const otherEngine = slot === 0 ? 're1' : 're0';
  const groups = new Map(entries(root, 'groups').filter((group) => !group.inactive && group.key !== otherEngine).map((group) => [group.key ?? '', group]));
  const expanded = expand(root, { path: [], sources: [], groups });
  return withoutChildren(expanded, (child) => child.statement.name === 'groups');
}

/** Without inactive statements, and without containers that say nothing when those are gone. */
export function activeOnly(node: ConfigurationNode): ConfigurationNode {
  const kept = node.children.filter((child) => !child.inactive).map(activeOnly).filter((child) => !isVoid(child));
  return kept.length === node.children.length && kept.every((child, index) => child === node.children[index]) ? node : { ...node, children: kept };
}

/** Groups applied, inactive statements gone. */
export function effective(root: ConfigurationNode, slot: EngineSlot = 0): ConfigurationNode {
  return withGroupsApplied(activeOnly(root), slot);
}

type Groups = ReadonlyMap<string, ConfigurationNode>;

interface Expansion {
  readonly path: readonly ConfigurationNode[];
  /** Branches of groups that apply here, most important first. */
  readonly sources: readonly Source[];
  readonly groups: Groups;
}

/** A branch of a group that applies somewhere. */
interface Source {
  readonly group: string;
  readonly branch: ConfigurationNode;
}

function expand(node: ConfigurationNode, place: Expansion): ConfigurationNode {
  const { path, sources, groups } = place;
  if (node.statement.name === 'groups') return node;
  const own = entries(node, 'apply-groups').filter((entry) => !entry.inactive);
  const except = new Set(entries(node, 'apply-groups-except').map((entry) => entry.key));
  const named = own.flatMap((entry) => groupBranch(entry.key ?? '', path, groups));
  const all = [...named, ...sources].filter((source) => !except.has(source.group));
  const merged = all.reduce(inherit, withoutChildren(node, isApplication));
  const below = (child: ConfigurationNode): Source[] => all.flatMap((source) => matching(source, child));
  const children = merged.children.map((child) => expand(child, { path: [...path, child], sources: below(child), groups }));
  return { ...merged, children };
}

function isApplication(child: ConfigurationNode): boolean {
  return child.statement.name === 'apply-groups' || child.statement.name === 'apply-groups-except';
}

/** What the group says at this place of the hierarchy. */
function groupBranch(group: string, path: readonly ConfigurationNode[], groups: Groups): Source[] {
  const top = groups.get(group);
  const start: Source[] = top === undefined ? [] : [{ group, branch: top }];
  return path.reduce((sources, step) => sources.flatMap((source) => matching(source, step)), start);
}

/** Adds the children of `source` that `node` lacks; branches that both have are met one level down. */
function inherit(node: ConfigurationNode, source: Source): ConfigurationNode {
  return source.branch.children.reduce((into, child) => {
    const isThere = child.statement.kind === 'leaf' ? entries(into, child.statement.name).length > 0 : findChild(into, child) !== undefined;
    return isApplication(child) || isWildcard(child.key) || isThere ? into : withChild(into, inherited(child, source.group));
  }, node);
}

/** A branch of a group as it appears in the configuration: marked, and without its wildcard entries. */
function inherited(node: ConfigurationNode, group: string): ConfigurationNode {
  return { ...node, group, children: node.children.filter((child) => !isWildcard(child.key)).map((child) => inherited(child, group)) };
}

function isWildcard(key: string | undefined): boolean {
  return key !== undefined && /^<.*>$/.test(key);
}

function matching(source: Source, child: ConfigurationNode): Source[] {
  const named = entries(source.branch, child.statement.name);
  const alike = named.filter((other) => other.key === child.key || matches(other.key, child.key));
  return alike.map((branch) => ({ group: source.group, branch }));
}

function matches(pattern: string | undefined, key: string | undefined): boolean {
  if (!isWildcard(pattern) || key === undefined) return false;
  const glob = (pattern as string).slice(1, -1);
  const source = [...glob].map((c) => (c === '*' ? '.*' : c === '?' ? '.' : c.replace(/[\\^$.|+()[\]{}]/g, '\\$&'))).join('');
  return new RegExp(`^${source}$`).test(key);
}
