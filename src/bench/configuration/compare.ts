// The output of `show | compare`: what leads from one configuration to another, hierarchy by hierarchy,
// with secrets in their stored `$9$` form and marked (junos.md 1.2). The lines that Junos adds to show the
// neighbours of an inserted list entry are left out.

import { editPath, headed, nodeLines, siblings } from './curly-text.ts';
import type { Show } from './curly-text.ts';
import type { Statement } from './statement.ts';
import { entries, findChild, pathWords, sameConfiguration, sameValue } from './tree.ts';
import type { ConfigurationNode } from './tree.ts';

/** Lines of the difference; empty when there is none. */
export function compareLines(from: ConfigurationNode, to: ConfigurationNode, show: Show = (node) => node.value): string[] {
  return compareBelow({ from, to, path: [], depth: 0 }, show);
}

/** Two states of one hierarchy level. */
interface Level {
  readonly from: ConfigurationNode;
  readonly to: ConfigurationNode;
  readonly path: readonly string[];
  /** XML elements on the way here, <configuration> not counted. */
  readonly depth: number;
}

/** Spaces between the mark and a statement: as many as its key or, without one, its element is deep; at least two. */
function margin(level: Level, statement: Statement): number {
  const isKeyed = statement.kind === 'list' || statement.joined === true;
  return Math.max(2, level.depth + 1 + (isKeyed ? 1 : 0));
}

function compareBelow(level: Level, show: Show): string[] {
  const { from, to, path } = level;
  if (sameConfiguration(from, to)) return [];
  const here: string[] = [];
  const sections: string[] = [];
  for (const name of new Set([...from.children, ...to.children].map((child) => child.statement.name))) {
    const gone = entries(from, name).filter((child) => isReplaced(child, findChild(to, child)));
    const come = entries(to, name).filter((child) => isReplaced(child, findChild(from, child)));
    const isInBraces = (gone[0] ?? come[0])?.statement.grouped === true && entries(from, name).length > 0 && entries(to, name).length > 0;
    if (isInBraces) {
      const entry = (mark: string) => (child: ConfigurationNode) => nodeLines(child, margin(level, child.statement), show).map((line) => mark + line);
      sections.push(editPath([...path, name]), ...gone.flatMap(entry('-')), ...come.flatMap(entry('+')));
    } else {
      const whole = (mark: string, nodes: readonly ConfigurationNode[]): string[] => {
        const indent = nodes[0] === undefined ? 0 : margin(level, nodes[0].statement);
        return siblings(nodes, indent, show).map((line) => mark + line);
      };
      here.push(...whole('-', gone), ...whole('+', come));
    }
  }
  for (const child of to.children) {
    const before = findChild(from, child);
    if (before === undefined || isReplaced(child, before)) continue;
    if (before.inactive !== child.inactive) here.push(activation(child, level, show));
    const isJoined = child.statement.joined === true;
    sections.push(...(isJoined ? compareJoined(child, before, level, show) : compareBelow(inside(child, before, level), show)));
  }
  return [...(here.length > 0 ? [editPath(path), ...here] : []), ...sections];
}

function inside(to: ConfigurationNode, from: ConfigurationNode, level: Level): Level {
  return { from, to, path: [...level.path, ...pathWords(to)], depth: level.depth + 1 };
}

/** `family` and its like stand on the line of each of their children. */
function compareJoined(to: ConfigurationNode, from: ConfigurationNode, level: Level, show: Show): string[] {
  const name = to.statement.name;
  const indent = margin(level, to.statement) + 1;
  const whole = (mark: string) => (child: ConfigurationNode) => headed(name, nodeLines(child, indent, show), false).map((line) => mark + line);
  const gone = from.children.filter((child) => findChild(to, child) === undefined).flatMap(whole('-'));
  const come = to.children.filter((child) => findChild(from, child) === undefined).flatMap(whole('+'));
  const both = to.children.flatMap((child) => {
    const before = findChild(from, child);
    const path = [...level.path, name, ...pathWords(child)];
    return before === undefined ? [] : compareBelow({ from: before, to: child, path, depth: level.depth + 2 }, show);
  });
  return [...(gone.length + come.length > 0 ? [editPath(level.path), ...gone, ...come] : []), ...both];
}

/** True for what is shown with - and +: it is on one side only, or a leaf with another value. */
function isReplaced(child: ConfigurationNode, other: ConfigurationNode | undefined): boolean {
  if (other === undefined) return true;
  const { kind, oneLine } = child.statement;
  if (kind === 'leaf') return !sameValue(child.statement, child.value, other.value);
  return oneLine === true && !sameConfiguration({ ...child, inactive: other.inactive }, other);
}

/** `!   inactive: et-0/0/1 { ... }` */
function activation(node: ConfigurationNode, level: Level, show: Show): string {
  return `!${' '.repeat(margin(level, node.statement))}${node.inactive ? 'inactive' : 'active'}: ${headOf(node, show)}`;
}

function headOf(node: ConfigurationNode, show: Show): string {
  const head = nodeLines({ ...node, inactive: false, children: [] }, 0, show)[0] ?? '';
  return node.children.length === 0 ? head : head.replace(/;$/, ' { ... }');
}
