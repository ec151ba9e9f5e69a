// esbuild plugin: of a JSON Schema, the artifact needs what messages are made from (names, titles, types,
// limits). The checking is done by the compiled validators, and descriptions are for readers of the file.

import { readFile } from 'node:fs/promises';
import type { Plugin } from 'esbuild';

const NOT_IN_MESSAGES = ['$schema', '$id', 'description', 'pattern', 'required', 'minItems', 'maxItems'];

/** The schema's text without what no message uses. A property that has one of the names is an object and stays. */
export function withoutProse(schema: string): string {
  const unused = (member: string, value: unknown): boolean => NOT_IN_MESSAGES.includes(member) && (Array.isArray(value) || typeof value !== 'object');
  return JSON.stringify(JSON.parse(schema, (member, value: unknown) => (unused(member, value) ? undefined : value)));
}

/** A module whose default is what `json` says, parsed when it is first looked at: only messages need it. */
export function readLater(json: string): string {
  const members = Object.keys(JSON.parse(json) as object).map((name) => JSON.stringify(name));
  return [
    `const json = ${JSON.stringify(json)};`,
    'let value;',
    'const read = () => (value ??= JSON.parse(json));',
    `export default {\n${members.map((name) => `  get ${name}() {\n    return read()[${name}];\n  }`).join(',\n')}\n};\n`,
  ].join('\n');
}

/** Shortens every `*.schema.json`. */
export function schemaProse(): Plugin {
  return {
    name: 'schema-prose',
    setup(build) {
      build.onLoad({ filter: /\.schema\.json$/ }, async ({ path }) => ({ contents: readLater(withoutProse(await readFile(path, 'utf8'))), loader: 'js' }));
    },
  };
}
