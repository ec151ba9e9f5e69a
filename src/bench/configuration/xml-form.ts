// XML form: reads a <configuration> element into a change (operation, delete, replace, inactive, insert
// and rename attributes), and writes a configuration as elements. Namespaces are the caller's business.

import { elementWith } from '../../xml.ts';
import type { XmlElement } from '../../xml.ts';
import { change } from './change.ts';
import type { Change, Finding, Operation } from './change.ts';
import { CONFIGURATION } from './schema.ts';
import type { Statement } from './statement.ts';
import { pathWords } from './tree.ts';
import type { ConfigurationNode } from './tree.ts';
import { storedValue } from './value-types.ts';
import type { RouterTime } from './value-types.ts';

export interface XmlReading {
  readonly time: RouterTime;
  readonly findings: Finding[];
  /** Operation of elements without one of their own. */
  readonly operation: Operation;
  /** `replace="replace"` counts only in loads with action replace. */
  readonly replaces: boolean;
}

/** The change that a <configuration> element asks for. What is refused becomes a finding and is left out. */
export function readXml(root: XmlElement, reading: XmlReading): Change {
  const read = change(CONFIGURATION, { operation: operationOf(root, reading.operation, reading) });
  readChildren(root, read, [], { ...reading, operation: below(read.operation) });
  return read;
}

/** Inside something that is replaced or created, everything is simply new. */
function below(operation: Operation): Operation {
  return operation === 'replace' || operation === 'create' ? 'merge' : operation;
}

function readChildren(from: XmlElement, into: Change, path: readonly string[], reading: XmlReading): void {
  const text = String(from.text);
  if (text !== '') refuse(reading, path, text, 'syntax error', 'bad-element');
  const isKey = (element: XmlElement): boolean => into.statement.kind === 'list' && element.name === 'name';
  for (const element of from.children) {
    if (isKey(element)) continue;
    const statement = into.statement.child(element.name);
    if (statement === undefined) refuse(reading, path, element.name, 'syntax error', 'unknown-element');
    else readElement(element, statement, { into, path, reading });
  }
}

function refuse(reading: XmlReading, path: readonly string[], badElement: string, message: string, tag?: string): void {
  reading.findings.push({ severity: 'error', message, path, badElement, ...(tag === undefined ? {} : { tag }) });
}

interface Place {
  readonly into: Change;
  readonly path: readonly string[];
  readonly reading: XmlReading;
}

function readElement(element: XmlElement, statement: Statement, place: Place): void {
  const { into, path, reading } = place;
  const operation = operationOf(element, reading.operation, reading);
  const partial = operation === 'delete' || operation === 'remove';
  const isValue = statement.kind === 'leaf' || statement.kind === 'leaf-list';
  const written = statement.kind === 'list' ? keyText(element) : isValue ? String(element.text) : undefined;
  if (statement.kind === 'flag' && String(element.text) !== '') return refuse(reading, path, element.name, 'syntax error');
  const needs = statement.kind !== 'container' && statement.kind !== 'flag';
  const isMissing = needs && (written === undefined || (written === '' && statement.kind !== 'list'));
  if (isMissing && !partial) return refuse(reading, path, element.name, 'missing argument', 'missing-element');
  const stored = isMissing || written === undefined ? undefined : valueFor(statement, written, place);
  if (!isMissing && needs && stored === undefined) return;
  const read = change(statement, {
    key: statement.kind === 'leaf' ? undefined : stored,
    value: statement.kind === 'leaf' ? stored : undefined,
    operation,
    inactive: inactiveOf(element),
  });
  position(element, read);
  into.children.push(read);
  if (statement.kind === 'container' || statement.kind === 'list') {
    readChildren(element, read, [...path, ...pathWords(read)], { ...reading, operation: below(operation) });
  }
}

function keyText(element: XmlElement): string | undefined {
  const name = element.children.find((child) => child.name === 'name');
  return name === undefined ? undefined : String(name.text);
}

function valueFor(statement: Statement, text: string, place: Place): string | undefined {
  const stored = statement.type === undefined ? { value: text } : storedValue(statement.name, statement.type, text, place.reading.time);
  if ('value' in stored) return stored.value;
  refuse(place.reading, place.path, stored.refusal === 'syntax error' ? text : statement.name, stored.refusal, 'invalid-value');
  return undefined;
}

const OPERATIONS = new Set(['merge', 'replace', 'create', 'delete', 'remove']);

function operationOf(element: XmlElement, inherited: Operation, reading: XmlReading): Operation {
  const { operation, delete: deletes, replace } = element.attributes;
  if (deletes !== undefined) return 'delete';
  if (replace !== undefined && reading.replaces) return 'replace';
  return operation !== undefined && OPERATIONS.has(operation) ? (operation as Operation) : inherited;
}

function inactiveOf(element: XmlElement): boolean | undefined {
  if (element.attributes['inactive'] === 'inactive') return true;
  return element.attributes['active'] === 'active' ? false : undefined;
}

function position(element: XmlElement, read: Change): void {
  const { insert, rename, name, key } = element.attributes;
  const beside = name ?? key?.replace(/^.*=\s*'?|'?\]?$/g, '');
  if (insert === 'first' || insert === 'last' || insert === 'before' || insert === 'after') read.insert = { where: insert, key: beside };
  if (rename === 'rename' && name !== undefined) read.rename = name;
}

/** How a node's value is written; undefined leaves the element empty. */
export type XmlValue = (node: ConfigurationNode) => string | undefined;

/** Attributes beside `inactive`: what get-configuration marks when asked to. */
export type XmlMarks = (node: ConfigurationNode) => Record<string, string>;

/** The configuration as a <configuration> element without namespace. */
export function toXml(node: ConfigurationNode, value: XmlValue = (one) => one.value, marks: XmlMarks = () => ({})): XmlElement {
  const attributes: Record<string, string> = { ...(node.inactive ? { inactive: 'inactive' } : {}), ...marks(node) };
  if (node.statement.kind === 'leaf-list') return elementWith(node.statement.name, attributes, node.key);
  const key = node.key === undefined ? undefined : elementWith('name', {}, node.key);
  return elementWith(node.statement.name, attributes, value(node), key, node.children.map((child) => toXml(child, value, marks)));
}
