// get-configuration, get-config, get, and the rollback and rescue RPCs: which configuration, which part of
// it, in which form (junos.md 3.3). Users without the right to see secrets get `/* SECRET-DATA */`.

import { child, escapeXml, textAt } from '../../xml.ts';
import type { XmlElement } from '../../xml.ts';
import { compareLines } from '../configuration/compare.ts';
import { curlyLines } from '../configuration/curly-text.ts';
import { withGroupsApplied } from '../configuration/inheritance.ts';
import { setLines } from '../configuration/set-statements.ts';
import { dateText } from '../configuration/time-zone.ts';
import { EMPTY_CONFIGURATION, findChild, isSecret, sameConfiguration } from '../configuration/tree.ts';
import type { ConfigurationNode } from '../configuration/tree.ts';
import { toXml } from '../configuration/xml-form.ts';
import type { XmlMarks } from '../configuration/xml-form.ts';
import type { Database } from './database.ts';
import { candidateOf } from './editors.ts';
import type { Editor } from './editors.ts';
import { seesSecrets } from './permissions.ts';
import { select } from './subtree-filter.ts';
import { invalid, notSupported } from './texts.ts';

const XNM = 'http://xml.juniper.net/xnm/1.1/xnm';
const JUNOS = 'http://xml.juniper.net/junos/24.4R1/junos';

type Show = (node: ConfigurationNode) => string | undefined;

const noMarks: XmlMarks = () => ({});

function showTo(editor: Editor): Show {
  return seesSecrets(editor.user) ? (node) => node.value : (node) => (isSecret(node) && node.value !== undefined ? '/* SECRET-DATA */' : node.value);
}

/** <get-configuration> */
export function getConfiguration(database: Database, editor: Editor, request: XmlElement): string {
  const { compare, rollback, format = 'xml', inherit } = request.attributes;
  if (format === 'json') throw notSupported('configuration in JSON', 'json');
  if (!['xml', 'text', 'set'].includes(format)) throw invalid('syntax error', format, 'bad-attribute');
  const source = chosen(database, editor, request);
  if (compare !== undefined) return comparison(stored(database, rollback ?? '0'), source, showTo(editor));
  const base = rollback === undefined ? source : stored(database, rollback);
  const shown = filtered(inherit === undefined ? base : withGroupsApplied(base, database.slot), child(request, 'configuration'));
  return written(database, editor, shown, { format, isCommitted: base === database.committed, marks: marksFor(database, request, base) });
}

function chosen(database: Database, editor: Editor, request: XmlElement): ConfigurationNode {
  const { database: name = 'candidate' } = request.attributes;
  if (name !== 'candidate' && name !== 'committed') throw invalid('syntax error', name, 'bad-attribute');
  return name === 'committed' ? database.committed : candidateOf(database, editor);
}

function stored(database: Database, rollback: string): ConfigurationNode {
  const found = database.history.configuration(rollback);
  if (found === undefined) throw invalid(`could not open rollback configuration ${rollback}`, 'rollback');
  return found;
}

function filtered(configuration: ConfigurationNode, filter: XmlElement | undefined): ConfigurationNode {
  return filter === undefined ? configuration : (select(configuration, filter) ?? EMPTY_CONFIGURATION);
}

function comparison(from: ConfigurationNode, to: ConfigurationNode, show: Show): string {
  return output(joined(compareLines(from, to, show)));
}

function joined(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join('');
}

function output(text: string): string {
  return `<configuration-information>\n<configuration-output>\n${escapeXml(text)}</configuration-output>\n</configuration-information>\n`;
}

interface Form {
  readonly format: string;
  readonly isCommitted: boolean;
  readonly marks: XmlMarks;
}

/** `groups="groups"` marks what was inherited, `changed="changed"` what differs from the committed configuration. */
function marksFor(database: Database, request: XmlElement, base: ConfigurationNode): XmlMarks {
  const { groups, changed } = request.attributes;
  const differing = changed === undefined ? new Set<ConfigurationNode>() : differences(database.committed, base);
  return (node) => ({
    ...(groups !== undefined && node.group !== undefined ? { 'junos:group': node.group } : {}),
    ...(differing.has(node) ? { 'junos:changed': 'changed' } : {}),
  });
}

function differences(from: ConfigurationNode | undefined, to: ConfigurationNode): Set<ConfigurationNode> {
  if (from !== undefined && sameConfiguration(from, to)) return new Set();
  return new Set([to, ...to.children.flatMap((child) => [...differences(findChild(from, child), child)])]);
}

function written(database: Database, editor: Editor, shown: ConfigurationNode, form: Form): string {
  const show = showTo(editor);
  if (form.format === 'set') return `<configuration-set>\n${escapeXml(joined(setLines(shown, show)))}</configuration-set>\n`;
  if (form.format === 'text') {
    const text = joined([heading(database, form), ...curlyLines(shown, 0, show)]);
    return `<configuration-text xmlns="${XNM}">\n${escapeXml(text)}</configuration-text>\n`;
  }
  return configurationElement(database, shown, show, form);
}

function heading(database: Database, form: Form): string {
  const newest = database.history.entries[0];
  if (!form.isCommitted) return `## Last changed: ${dateText(database.changedAt, database.timeZone())}`;
  return `## Last commit: ${dateText(newest?.time ?? 0, database.timeZone())} by ${newest?.user}`;
}

/** <configuration> with the attributes that routers put on it. */
function configurationElement(database: Database, shown: ConfigurationNode, show: Show, form: Omit<Form, 'format'>): string {
  const { isCommitted } = form;
  const newest = database.history.entries[0];
  const [time, what] = isCommitted ? [newest?.time ?? 0, 'commit'] : [database.changedAt, 'changed'];
  const user = isCommitted ? ` junos:commit-user="${escapeXml(newest?.user ?? '')}"` : '';
  const stamp = ` junos:${what}-seconds="${Math.floor(time / 1000)}" junos:${what}-localtime="${dateText(time, database.timeZone())}"`;
  const attributes = ` xmlns="${XNM}" xmlns:junos="${JUNOS}"${stamp}${user}`;
  const inner = toXml(shown, show, form.marks).children.map((one) => indented(one, 1)).join('');
  return `<configuration${attributes}>\n${inner}</configuration>\n`;
}

function indented(element: XmlElement, depth: number): string {
  const margin = '    '.repeat(depth);
  const attributes = Object.entries(element.attributes).map(([name, value]) => ` ${name}="${escapeXml(value)}"`).join('');
  const text = escapeXml(String(element.text));
  const open = `${margin}<${element.name}${attributes}`;
  const close = `</${element.name}>\n`;
  if (element.children.length === 0) return text === '' ? `${open}/>\n` : `${open}>${text}${close}`;
  return `${open}>\n${element.children.map((one) => indented(one, depth + 1)).join('')}${margin}${close}`;
}

/** NETCONF <get-config>: groups as they are written, secrets as stored. */
export function getConfig(database: Database, editor: Editor, request: XmlElement): string {
  const source = child(request, 'source')?.children[0]?.name;
  if (source !== 'running' && source !== 'candidate') throw invalid('syntax error', source ?? 'source');
  const configuration = source === 'running' ? database.committed : candidateOf(database, editor);
  return data(database, editor, configuration, child(request, 'filter'));
}

/** NETCONF <get>: the running configuration; this router keeps no state data outside its own RPCs. */
export function get(database: Database, editor: Editor, request: XmlElement): string {
  return data(database, editor, database.committed, child(request, 'filter'));
}

function data(database: Database, editor: Editor, configuration: ConfigurationNode, filter: XmlElement | undefined): string {
  const { type, source } = filter?.attributes ?? {};
  if (type === 'xpath' && source !== undefined) throw notSupported('an xpath filter', 'filter');
  // A filter may hold <configuration> or, as some clients send it, a top-level statement by itself.
  const bare = filter === undefined || filter.children.length === 0 ? undefined : { ...filter, name: 'configuration', text: '' };
  const shown = filtered(configuration, child(filter, 'configuration') ?? bare);
  const form = { isCommitted: configuration === database.committed, marks: noMarks };
  return `<data>\n${configurationElement(database, shown, showTo(editor), form)}</data>\n`;
}

/** <get-rollback-information>: one stored configuration, or the difference of two. */
export function getRollbackInformation(database: Database, editor: Editor, request: XmlElement): string {
  const to = stored(database, textAt(request, 'rollback') ?? '0');
  const compare = textAt(request, 'compare');
  const show = showTo(editor);
  const inner = compare === undefined ? output(joined(curlyLines(to, 0, show))) : comparison(stored(database, compare), to, show);
  return `<rollback-information>\n<ok/>\n${inner}</rollback-information>\n`;
}

/** <get-rescue-information> */
export function getRescueInformation(database: Database, editor: Editor, request: XmlElement): string {
  if (database.rescue === undefined) throw invalid('could not open rescue configuration', 'rescue', 'operation-failed');
  const isText = (request.attributes['format'] ?? textAt(request, 'format')) === 'text';
  const show = showTo(editor);
  const xml = (rescue: ConfigurationNode): string => configurationElement(database, rescue, show, { isCommitted: true, marks: noMarks });
  const inner = isText ? output(joined(curlyLines(database.rescue, 0, show))) : xml(database.rescue);
  return `<rescue-information>\n${inner}</rescue-information>\n`;
}
