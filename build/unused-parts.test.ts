// What is left out of the packages is not missed: the XML reader in the artifact reads as the whole one does.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseXml } from '../src/netconf/parse-xml.ts';
import { makeArtifact } from './artifact.ts';
import { PROJECT } from './sample-project.ts';
import { readLater, withoutProse } from './schema-prose.ts';
import { edited } from './unused-parts.ts';

let folder: string;
let bundled: typeof parseXml;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'qkd-parts-'));
  const { code } = await makeArtifact({ root: PROJECT, entry: 'src/netconf/parse-xml.ts', version: '0', commit: '0' });
  writeFileSync(join(folder, 'parse-xml.cjs'), code);
  ({ parseXml: bundled } = createRequire(join(folder, 'x.cjs'))('./parse-xml.cjs') as { parseXml: typeof parseXml });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function outcome(parse: typeof parseXml, text: string): Promise<unknown> {
  return parse(text).catch((error: unknown) => (error as Error).message);
}

describe('the XML reader', () => {
  it.each([
    '<a/>',
    '<?xml version="1.0" encoding="us-ascii"?><a b="1" c=\'&quot;2\'>x &amp; y &#66;&#x43; &amp;#66; &lt;</a>',
    '<a><?xml version="1.1"?><b>0x10</b><c>1e5</c><d>007</d><e>true</e></a>',
    '<a><!-- <b> --><![CDATA[<x>&amp;]]>t</a>',
    '<a>&nbsp;&unknown;&euro;</a>',
    '<a xmlns="u" xmlns:n="v"><n:b n:c="d"/></a>',
    '<a><toString/><__proto__>x</__proto__><constructor/></a>',
    '<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>',
    '<a><!DOCTYPE b></a>',
    '<a><b></a>',
    '<a></a><b/>',
    'text',
    '',
    '<a b=1/>',
    `${'<a>'.repeat(70)}${'</a>'.repeat(70)}`,
  ])('%s', async (text) => {
    expect(await outcome(bundled, text)).toEqual(await outcome(parseXml, text));
  });
});

describe('schemas in the artifact', () => {
  it('keep what messages are made from, and properties of any name', () => {
    const schema = { $id: 'x', description: 'd', properties: { pattern: { title: 't', pattern: '^a$' }, required: { type: 'integer', minimum: 1 } }, required: ['pattern'] };
    expect(JSON.parse(withoutProse(JSON.stringify(schema)))).toEqual({ properties: { pattern: { title: 't' }, required: { type: 'integer', minimum: 1 } } });
  });

  it('are parsed when they are first looked at', async () => {
    const json = JSON.stringify({ type: 'object', $defs: { a: { title: "it's \u2028 `${x}`" } } });
    const { default: schema } = (await import(`data:text/javascript,${encodeURIComponent(readLater(json))}`)) as { default: unknown };
    expect(JSON.stringify(schema)).toBe(json);
  });
});

describe('a change of a file of a package', () => {
  it('is refused when the file is not as expected', () => {
    const change = { file: 'x.js', changes: [[/require\('dns'\)/g, 'undefined'] as const] };
    expect(edited("const dns = require('dns');", change)).toBe('const dns = undefined;');
    expect(() => edited('const dns = 1;', change)).toThrow(/^x\.js: require.* is not there once$/);
    expect(() => edited("require('dns'); require('dns');", change)).toThrow('is not there once');
  });
});
