// Compiles the JSON Schemas to validators that need no package at run time: ajv standalone writes the
// code, lean-validators.ts shortens it, esbuild tidies it into one ES module. ajv and what it loads
// (fast-uri) stay at build time, and the result runs under --disallow-code-generation-from-strings.
// `tsx build/compile-schemas.ts` writes the files; with --check it fails when they are not current.

import { readFileSync, writeFileSync, existsSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { Ajv } from 'ajv';
import standalone from 'ajv/dist/standalone/index.js';
import { transform } from 'esbuild';
import { leanValidators } from './lean-validators.ts';

const ONE = 'qkd-macsec';
const ROOT = fileURLToPath(new URL('..', import.meta.url));

interface ValidatorModule {
  /** Without extension: `.js` and `.d.ts` are written. */
  readonly module: string;
  /** Exported function and the schema that it checks; the schemas may refer to each other by $id. */
  readonly validators: Readonly<Record<string, string>>;
}

const MODULES: readonly ValidatorModule[] = [
  {
    module: 'src/inventory/generated/validators',
    validators: {
      validateInventory: 'src/inventory/inventory.schema.json',
      validateOriginalDictionary: 'src/inventory/original-dictionary.schema.json',
    },
  },
];

/** Path, relative to the repository, and text of every generated file. */
export async function compileSchemas(): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  for (const { module, validators } of MODULES) {
    const sources = Object.values(validators).map(fileName);
    const head = `// Generated from ${sources.join(' and ')} by build/compile-schemas.ts: not to be edited.\n`;
    files.set(`${module}.js`, head + (await validatorCode(validators)));
    files.set(`${module}.d.ts`, head + declarations(Object.keys(validators)));
  }
  return files;
}

/** The generated files that are missing or differ from what the schemas give now. */
export async function staleFiles(): Promise<string[]> {
  const files = await compileSchemas();
  return [...files].filter(([path, text]) => !existsSync(join(ROOT, path)) || readFileSync(join(ROOT, path), 'utf8') !== text).map(([path]) => path);
}

async function validatorCode(validators: Readonly<Record<string, string>>): Promise<string> {
  // The plain class: what Ajv2020 adds (dynamic references, unevaluated members) our schemas do not use, and it doubles the code.
  const ajv = new Ajv({ strict: true, strictNumbers: false, allowUnionTypes: true, allErrors: true, messages: false, inlineRefs: false, code: { source: true, esm: true, lines: true } });
  ajv.addSchema(oneSchema(Object.values(validators)));
  const ids = Object.fromEntries(Object.entries(validators).map(([name, path]) => [name, `${ONE}#/$defs/${fileName(path)}`]));
  const generated = leanValidators(standalone(ajv, ids));
  // Our schemas avoid the keywords (minLength, format, uniqueItems) whose code calls back into ajv.
  if (/\brequire\(|\bimport\b/.test(generated)) throw new Error(`${Object.values(validators).join(', ')}: the validator would need ajv at run time`);
  const { code } = await transform(generated, { format: 'esm', target: 'node20', treeShaking: true, minifySyntax: true });
  return code;
}

/**
 * All schemas as definitions of one: definitions that several of them refer to are then compiled once. Schemas may
 * refer to definitions, their own or another's, whose names are unique.
 */
function oneSchema(paths: readonly string[]): { $id: string; $defs: object } {
  const schemas = paths.map((path) => [fileName(path), readSchema(path)] as const);
  const definitions = schemas.flatMap(([, { $defs = {} }]) => Object.entries($defs));
  if (new Set(definitions.map(([name]) => name)).size !== definitions.length) throw new Error(`${paths.join(', ')}: two definitions have one name`);
  return { $id: ONE, $defs: { ...Object.fromEntries(definitions), ...Object.fromEntries(schemas.map(([name, { $defs: _, $id: __, ...schema }]) => [name, schema])) } };
}

const fileName = (path: string): string => path.replace(/.*\//, '');

/** The schema without its prose, which ajv would copy into the code, and without the name of its dialect, which `Ajv` does not load. */
function readSchema(path: string): { readonly $id: string; readonly $defs?: object } {
  const prose = (member: string, value: unknown): boolean => ['$schema', 'description', 'title'].includes(member) && typeof value === 'string';
  const local = (member: string, value: unknown): unknown => (member === '$ref' && typeof value === 'string' ? value.replace(/^[^#]*/, '') : value);
  return JSON.parse(readFileSync(join(ROOT, path), 'utf8'), (member, value: unknown) => (prose(member, value) ? undefined : local(member, value))) as { $id: string };
}

function declarations(names: readonly string[]): string {
  const functions = names.map((name) => `export declare const ${name}: Validator;\n`).join('');
  return `
export interface Violation {
  /** JSON pointer to the value that is wrong. */
  readonly instancePath: string;
  readonly keyword: string;
  readonly params: Readonly<Record<string, unknown>>;
}

export interface Validator {
  (value: unknown): boolean;
  /** Of the last call. */
  errors: readonly Violation[] | null;
}

${functions}`;
}

async function main(argument: string | undefined): Promise<number> {
  if (argument === '--check') {
    const stale = await staleFiles();
    for (const path of stale) process.stderr.write(`${path} is not current: run npm run schemas\n`);
    return stale.length === 0 ? 0 : 1;
  }
  for (const [path, text] of await compileSchemas()) {
    mkdirSync(dirname(join(ROOT, path)), { recursive: true });
    writeFileSync(join(ROOT, path), text);
  }
  return 0;
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  main(process.argv[2]).then(
    (status) => (process.exitCode = status),
    (error: unknown) => {
      process.stderr.write(`${String(error)}\n`);
      process.exitCode = 1;
    },
  );
}
