// load-configuration, edit-config and discard-changes: reads the loaded document in its format, applies it
// to the session's candidate, and answers in Junos's shapes. As in Junos, statements that are refused are
// reported and left out while the rest of the load stays in the candidate.

import { child } from '../../xml.ts';
import type { XmlElement } from '../../xml.ts';
import { applyChange } from '../configuration/change.ts';
import type { Change, Finding, Operation } from '../configuration/change.ts';
import { readCurlyText } from '../configuration/curly-text.ts';
import { readSetLine } from '../configuration/set-statements.ts';
import { keepingUnchanged, sameConfiguration } from '../configuration/tree.ts';
import type { ConfigurationNode } from '../configuration/tree.ts';
import type { RouterTime } from '../configuration/value-types.ts';
import { MOST_TEXT } from '../configuration/words.ts';
import { readXml } from '../configuration/xml-form.ts';
import type { Database } from './database.ts';
import { candidateOf, discard, requireEditable, setCandidate } from './editors.ts';
import type { Editor } from './editors.ts';
import { findingError, invalid, notSupported } from './texts.ts';

const ACTIONS = ['merge', 'replace', 'override', 'update', 'set', 'patch'];

/** <load-configuration>: the inner text of the reply. */
export function loadConfiguration(database: Database, editor: Editor, request: XmlElement): string {
  requireEditable(database, editor);
  const { rollback, rescue, url, action = 'merge', format = 'xml' } = request.attributes;
  if (rollback !== undefined || rescue !== undefined) return loadStored(database, editor, rollback, rescue);
  if (url !== undefined) throw notSupported('load from a URL', 'url');
  if (!ACTIONS.includes(action)) throw invalid('syntax error', action, 'bad-attribute');
  if (action === 'patch') throw notSupported('load patch', 'patch');
  const isJson = format === 'json' || child(request, 'configuration-json') !== undefined;
  if (isJson) throw notSupported('configuration in JSON', 'configuration-json');
  const findings: Finding[] = [];
  const before = candidateOf(database, editor);
  change(database, editor, loaded(before, request, { action, findings, time: database.routerTime() }));
  return loadResults(findings);
}

function change(database: Database, editor: Editor, after: ConfigurationNode): void {
  const kept = editor.private === undefined && sameConfiguration(after, database.committed) ? database.committed : after;
  if (kept !== candidateOf(database, editor)) setCandidate(database, editor, kept);
}

function loadStored(database: Database, editor: Editor, rollback: string | undefined, rescue: string | undefined): string {
  const stored = rescue === undefined ? database.history.configuration(rollback ?? '') : database.rescue;
  if (stored === undefined && rescue !== undefined) throw invalid('could not open rescue configuration', 'rescue');
  if (stored === undefined) throw invalid(`could not open rollback configuration ${rollback}`, 'rollback');
  change(database, editor, keepingUnchanged(candidateOf(database, editor), stored));
  return results('<ok/>\n');
}

interface Load {
  readonly action: string;
  readonly findings: Finding[];
  readonly time: RouterTime;
}

function loaded(before: ConfigurationNode, request: XmlElement, load: Load): ConfigurationNode {
  const lines = child(request, 'configuration-set');
  if (lines !== undefined) return loadSet(before, String(lines.text), load);
  if (load.action === 'set') throw invalid('syntax error', 'configuration-set', 'missing-element');
  const text = child(request, 'configuration-text');
  if (text !== undefined) return applyChange(before, readText(String(text.text), load), load.findings);
  const document = child(request, 'configuration');
  if (document === undefined) throw invalid('syntax error', 'configuration', 'missing-element');
  const whole = load.action === 'override' || load.action === 'update';
  const { time, findings } = load;
  const operation = whole ? 'replace' : 'merge';
  return applyChange(before, readXml(document, { time, findings, operation, replaces: load.action === 'replace' }), findings);
}

function readText(text: string, load: Load): Change {
  limit(text, 'configuration-text');
  const read = readCurlyText(text, load.time, load.findings);
  if (load.action === 'override' || load.action === 'update') read.operation = 'replace';
  return read;
}

function limit(text: string, badElement: string): void {
  if (text.length > MOST_TEXT) throw invalid('configuration is too large', badElement, 'too-big');
}

function loadSet(before: ConfigurationNode, text: string, load: Load): ConfigurationNode {
  limit(text, 'configuration-set');
  return text.split('\n').reduce((configuration, line) => {
    const read = readSetLine(line, load.time, load.findings);
    return read === undefined ? configuration : applyChange(configuration, read, load.findings);
  }, before);
}

function loadResults(findings: readonly Finding[]): string {
  const errors = findings.filter((finding) => finding.severity === 'error').length;
  const texts = findings.map((finding) => findingError(finding, 'protocol')).join('');
  return results(texts + (errors > 0 ? `<load-error-count>${errors}</load-error-count>\n` : '<ok/>\n'));
}

function results(inner: string): string {
  return `<load-configuration-results>\n${inner}</load-configuration-results>\n`;
}

/** <edit-config> (RFC 6241 7.2): the inner text of the reply. */
export function editConfig(database: Database, editor: Editor, request: XmlElement): string {
  if (child(child(request, 'target'), 'candidate') === undefined) throw invalid('only the candidate configuration can be edited', 'target');
  requireEditable(database, editor);
  const findings: Finding[] = [];
  const before = candidateOf(database, editor);
  const after = edited(before, request, { action: 'merge', findings, time: database.routerTime() });
  const failed = findings.some((finding) => finding.severity === 'error');
  const option = String(child(request, 'error-option')?.text ?? 'stop-on-error');
  const testOnly = String(child(request, 'test-option')?.text ?? '') === 'test-only';
  if (!testOnly && !(failed && option === 'rollback-on-error')) change(database, editor, after);
  return findings.map((finding) => findingError(finding, 'protocol')).join('') + (failed ? '' : '<ok/>\n');
}

const DEFAULT_OPERATIONS: Readonly<Record<string, Operation>> = { merge: 'merge', replace: 'replace', none: 'none' };

function edited(before: ConfigurationNode, request: XmlElement, load: Load): ConfigurationNode {
  const named = String(child(request, 'default-operation')?.text ?? 'merge');
  const operation = DEFAULT_OPERATIONS[named];
  if (operation === undefined) throw invalid('syntax error', named);
  const text = child(child(request, 'config-text'), 'configuration-text');
  const lines = child(child(request, 'config-set'), 'configuration-set') ?? child(child(request, 'config'), 'configuration-set');
  if (lines !== undefined) return loadSet(before, String(lines.text), load);
  const action = operation === 'replace' ? 'override' : 'merge';
  if (text !== undefined) return applyChange(before, readText(String(text.text), { ...load, action }), load.findings);
  const document = child(child(request, 'config'), 'configuration');
  if (document === undefined) throw invalid('syntax error', 'configuration', 'missing-element');
  return applyChange(before, readXml(document, { time: load.time, findings: load.findings, operation, replaces: false }), load.findings);
}

/** <discard-changes/>: `rollback 0` of the session's candidate. */
export function discardChanges(database: Database, editor: Editor): string {
  requireEditable(database, editor);
  if (editor.private === undefined) discard(database);
  else editor.private = { base: database.committed, candidate: database.committed };
  return '<ok/>\n';
}
