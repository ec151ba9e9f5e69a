// The set files of this folder as XML documents: the golden files below fixtures/golden, which CI holds
// against Juniper's published models. Also: every file explains itself and its placeholders, and what is
// set can be removed. The reader below knows just the statements that stand in these files.

import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { escapeXml } from '../src/xml.ts';

const FOLDER = fileURLToPath(new URL('.', import.meta.url));
const GOLDEN = fileURLToPath(new URL('../fixtures/golden/', import.meta.url));
const FILES = readdirSync(FOLDER).filter((name) => name.endsWith('.set'));

/** What a placeholder may stand for. */
const EXAMPLES: Readonly<Record<string, string>> = {
  '<sha-256>': '0'.repeat(64),
  '<interval>': '600',
  '<start-time>': '2026-11-22.00:00',
  '<script-user>': 'qkd',
  '<peer-user>': 'qkd-peer',
  '<operator-key>': '"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA operator"',
  '<peer-key>': '"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA mx2"',
};

/** Statements that are lists with one key, named by the path of words that lead there. */
const LISTS = new Set([
  'event-options generate-event',
  'event-options policy',
  'event-options policy within',
  'event-options policy then event-script',
  'event-options event-script file',
  'system scripts op file',
  'system login class',
  'system login user',
  'system login user authentication ssh-ed25519',
]);

interface Node {
  readonly name: string;
  text: string;
  readonly children: Node[];
}

const readLines = (file: string): string[] => readFileSync(`${FOLDER}${file}`, 'utf8').trimEnd().split('\n');

function words(line: string): string[] {
  const filled = line.replace(/<[\w-]+>/g, (name) => EXAMPLES[name] ?? name);
  return [...filled.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '');
}

function childOf(parent: Node, name: string, key?: string): Node {
  const same = (node: Node): boolean => node.name === name && (key === undefined || node.children[0]?.text === key);
  const found = parent.children.find(same) ?? { name, text: '', children: key === undefined ? [] : [{ name: 'name', text: key, children: [] }] };
  if (!parent.children.includes(found)) parent.children.push(found);
  return found;
}

/** Puts the words of one statement below `parent`; `path` is what leads there, without keys. */
function place(parent: Node, path: string, [word = '', ...rest]: string[]): void {
  const here = `${path} ${word}`.trim();
  if (LISTS.has(here)) {
    const [key, ...after] = rest;
    const entry = childOf(parent, word, key);
    if (after.length > 0) place(entry, here, after);
  } else if (here === 'event-options traceoptions file' && rest.length === 1) {
    childOf(parent, word).children.push({ name: 'filename', text: rest[0] ?? '', children: [] });
  } else if (here === 'event-options policy within trigger') {
    const [when = '', count = ''] = rest;
    childOf(parent, word).children.push({ name: when, text: '', children: [] }, { name: 'count', text: count, children: [] });
  } else if (rest[0] === '[') {
    for (const text of rest.slice(1, -1)) parent.children.push({ name: word, text, children: [] });
  } else if (rest.length < 2) {
    parent.children.push({ name: word, text: rest[0] ?? '', children: [] });
  } else {
    place(childOf(parent, word), here, rest);
  }
}

function render({ name, text, children }: Node, indent: string): string {
  if (children.length > 0) return `${indent}<${name}>\n${children.map((child) => render(child, `${indent}  `)).join('')}${indent}</${name}>\n`;
  return text === '' ? `${indent}<${name}/>\n` : `${indent}<${name}>${escapeXml(text)}</${name}>\n`;
}

function document(file: string): string {
  const root: Node = { name: 'configuration', text: '', children: [] };
  for (const line of readLines(file)) if (line.startsWith('set ')) place(root, '', words(line).slice(1));
  return render(root, '');
}

describe.each(FILES)('%s', (file) => {
  const lines = readLines(file);

  test('opens with what it is for, and holds only comments and statements', () => {
    expect(lines[0]).toMatch(/^# \S/);
    expect(lines.filter((line) => !/^(# ?|(set|delete) [^#]+$)/.test(line))).toEqual([]);
  });

  test('explains every placeholder', () => {
    const used = lines.flatMap((line) => (line.startsWith('#') ? [] : (line.match(/<[\w-]+>/g) ?? [])));
    for (const name of used) expect(lines).toContainEqual(expect.stringMatching(`^#   ${name} +\\S`));
    expect(used.filter((name) => !(name in EXAMPLES))).toEqual([]);
  });
});

test.each(FILES.filter((file) => file !== 'remove.set'))('%s is the golden document that CI checks', async (file) => {
  await expect(document(file)).toMatchFileSnapshot(`${GOLDEN}${file.replace('.set', '.xml')}`);
});

test('remove.set deletes only what the other files set', () => {
  const set = FILES.flatMap(readLines).filter((line) => line.startsWith('set '));
  const deleted = readLines('remove.set').filter((line) => line.startsWith('delete '));
  for (const line of deleted) expect(set.some((one) => one.startsWith(`${line.replace('delete', 'set')} `))).toBe(true);
});

test('init configures the same timer and policies as event-policy.set', () => {
  const policies = (file: string): string => {
    const text = readFileSync(`${GOLDEN}${file}`, 'utf8').replace(/>\s+</g, '><');
    return [...text.matchAll(/<generate-event>.*?<\/generate-event>|<policy>.*?<\/policy>/g)].join('\n');
  };
  expect(policies('initial-onbox.xml')).toBe(policies('event-policy.xml'));
  expect(policies('initial-onbox.xml').match(/<policy>/g)).toHaveLength(2);
});
