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

/** Shortens every `*.schema.json`. */
export function schemaProse(): Plugin {
  return {
    name: 'schema-prose',
    setup(build) {
      build.onLoad({ filter: /\.schema\.json$/ }, async ({ path }) => ({ contents: withoutProse(await readFile(path, 'utf8')), loader: 'json' }));
    },
  };
}
