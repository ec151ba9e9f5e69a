// Brings the changes of a private candidate into what others have committed meanwhile. Where both changed
// the same leaf, the private candidate wins (Junos reports such conflicts on the CLI; over NETCONF the
// last commit wins). Everything else keeps both changes.

import { findChild, keepingUnchanged, sameConfiguration, withChild, withoutChildren } from './tree.ts';
import type { ConfigurationNode } from './tree.ts';

/** `theirs` with the changes that lead from `base` to `mine`. */
export function mergeChanges(base: ConfigurationNode, mine: ConfigurationNode, theirs: ConfigurationNode): ConfigurationNode {
  if (sameConfiguration(base, mine)) return theirs;
  if (sameConfiguration(base, theirs)) return mine;
  const value = base.value === mine.value ? theirs.value : mine.value;
  const inactive = base.inactive === mine.inactive ? theirs.inactive : mine.inactive;
  const isDeleted = (child: ConfigurationNode): boolean => findChild(base, child) !== undefined && findChild(mine, child) === undefined;
  const kept = withoutChildren({ ...theirs, value, inactive }, isDeleted);
  return keepingUnchanged(theirs, mine.children.reduce((into, child) => mergeChild(into, child, base), kept));
}

function mergeChild(into: ConfigurationNode, child: ConfigurationNode, base: ConfigurationNode): ConfigurationNode {
  const before = findChild(base, child);
  const other = findChild(into, child);
  if (before !== undefined && sameConfiguration(before, child)) return into;
  if (other === undefined) return withChild(into, child);
  return withChild(into, before === undefined ? union(child, other) : mergeChanges(before, child, other));
}

/** Both sides added the same statement. */
function union(mine: ConfigurationNode, theirs: ConfigurationNode): ConfigurationNode {
  return mine.children.reduce<ConfigurationNode>((into, child) => {
    const other = findChild(into, child);
    return withChild(into, other === undefined ? child : union(child, other));
  }, { ...theirs, value: mine.value, inactive: mine.inactive });
}
