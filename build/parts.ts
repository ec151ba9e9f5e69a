// One file out of esbuild's many: the start is code, and every other part stands in a comment and is compiled when a
// run first needs it. V8 reads each function of a script before it runs the first line, but skips a comment: --help
// costs the start alone, and an on-box run no doctor and no CA. The text of a part is what V8 keeps of the running
// file (Function.prototype.toString, ECMA-262 section 20.2.3.5): nothing is read again, and a part cannot be of
// another version than the start. Line numbers in stack traces are those of the file.

/** One of esbuild's output files, an ES module. */
export interface Chunk {
  /** As other chunks import it: `./chunk-ABCD.js`. */
  readonly path: string;
  /** As it is called in the file. */
  readonly name: string;
  readonly code: string;
}

/** What ends a comment, and how it is written in a part. */
const [END, WRITTEN] = ['*/', '*@/'];

const HEAD = `"use strict";

// The start of the program is at the end of this file. What follows are its parts, each in a comment, where Node does
// not read it before it is needed: __part() then compiles it. In a part, ${WRITTEN} ends a comment.
const { compileFunction } = require("node:vm");
const loaded = new Map();
function __part(name) {
  const before = loaded.get(name);
  if (before !== undefined) return before.exports;
  const [lines, comment] = parts[name];
  const text = comment.toString();
  const code = text.slice(text.indexOf("/*") + 2, text.lastIndexOf("*/")).replaceAll("${WRITTEN}", "*/");
  const part = { exports: {} };
  loaded.set(name, part);
  try {
    compileFunction(code, ["exports", "module", "__part", "__later", "require"], { filename: __filename, lineOffset: lines })(part.exports, part, __part, __later, require);
  } catch (error) {
    loaded.delete(name);
    throw error;
  }
  return part.exports;
}
async function __later(name) {
  return __part(name);
}

const parts = {
`;

interface Part {
  readonly name: string;
  /** Body of a function of `exports`, `module`, `__part`, `__later` and `require`. */
  readonly code: string;
}

/** The one file's code, without what a banner puts in front of it: `bannerLines` lines. Throws Error for code that cannot be a part. */
export function inOneFile(start: Chunk, others: readonly Chunk[], bannerLines: number): string {
  const names = new Map(others.map(({ path, name }) => [path, name]));
  const [own, ...more] = partsOf(start, names);
  const parts = [...others.flatMap((chunk) => partsOf(chunk, names)), ...more];
  if (new Set(parts.map(({ name }) => name)).size !== parts.length) throw new Error('parts: two have one name');
  let text = HEAD;
  for (const { name, code } of parts) {
    if (code.includes(WRITTEN)) throw new Error(`parts: ${name} contains ${WRITTEN}`);
    const lines = bannerLines + text.split('\n').length - 1;
    text += `${JSON.stringify(name)}: [${lines}, () => {/*"use strict";\n${withLineComments(code).replaceAll(END, WRITTEN)}*/}],\n\n`;
  }
  return `${text}};\n\n${own?.code ?? ''}`;
}

/** Comments that stand alone, without the mark that ends one: a part in which nothing is to be put back is not copied. */
function withLineComments(code: string): string {
  return code
    .replaceAll('/* @__PURE__ */ ', '')
    .replace(/^( *)\/\*([^]*?)\*\/$/gm, (_, indent: string, text: string) => text.split('\n').map((line) => `${indent}// ${line.replace(/^[ *]+/, '')}`.trimEnd()).join('\n'));
}

const COMMON_JS = /^var (require_[\w$]+) = __commonJS\(\{\n {2}"([^"]+)"\((?:exports(?:, module)?)?\) \{\n([^]*?)\n {2}\}\n\}\);\n/gm;

/** The chunk itself, then the CommonJS modules in it: a wrapper function around each would be read twice. */
function partsOf(chunk: Chunk, names: ReadonlyMap<string, string>): Part[] {
  const modules = [...chunk.code.matchAll(COMMON_JS)].map(([, variable = '', path = '', code = '']) => ({ variable, name: `commonjs ${path}`, code }));
  const loaded = new Map(modules.map(({ variable, name }) => [`${variable}()`, `__part(${JSON.stringify(name)})`]));
  const withLoads = (code: string): string => withoutRequireShim(code.replace(/\brequire_[\w$]+\(\)/g, (call) => loaded.get(call) ?? call));
  const own = asFunctionBody({ ...chunk, code: withLoads(chunk.code.replace(COMMON_JS, '')) }, names);
  const parts = [{ name: chunk.name, code: own }, ...modules.map(({ name, code }) => ({ name, code: `${withLoads(code)}\n` }))];
  const [left] = parts.flatMap(({ code }) => /\brequire_[\w$]+(?=[,()]|$)|__commonJS\(/m.exec(code) ?? []);
  if (left !== undefined) throw new Error(`parts: ${chunk.name}: not understood: ${left}`);
  return parts;
}

const MEMBERS = /\{[^{}]*\}/.source;
const IMPORT = new RegExp(`^import (?:(${MEMBERS}|[\\w$]+|\\* as [\\w$]+) from )?"([^"]+)";$`, 'gm');
const EXPORT = new RegExp(`^export (?:(${MEMBERS})|default (.+));$`, 'gm');
const AS = /([\w$]+) as ([\w$]+)/g;
const IMPORT_LATER = /(?<![\w$.])import\("(\.\/[^"]+)"\)/g;

/** The ES module as the body of such a function. */
function asFunctionBody({ name, code }: Chunk, names: ReadonlyMap<string, string>): string {
  const source = (path: string): string => (names.has(path) ? `__part(${JSON.stringify(names.get(path))})` : `require(${JSON.stringify(path)})`);
  checkExports(name, code);
  const body = code
    .replace(IMPORT, (_, taken: string | undefined, path: string) => {
      if (taken === undefined) return `${source(path)};`;
      return LATE.includes(path) && isOnlyCalled(taken, code) ? calledLate(taken, path) : `const ${bindings(taken, names.has(path))} = ${source(path)};`;
    })
    .replace(EXPORT, (_, members: string | undefined, value: string) => (members === undefined ? `exports.default = ${value};` : `Object.assign(exports, ${members.replace(AS, '$2: $1')});`))
    .replace(IMPORT_LATER, (whole, path: string) => (names.has(path) ? `__later(${JSON.stringify(names.get(path))})` : whole));
  const [left] = /^(?:import\b(?!\()|export\b).*/m.exec(body) ?? [];
  if (left !== undefined) throw new Error(`parts: ${name}: not understood: ${left}`);
  return body;
}

/** Modules of Node that a run with nothing to do does not use; each costs a hundredth of its time to load. */
const LATE = ['node:child_process', 'node:http', 'node:https'];

/** Functions that are looked up when they are first called. */
function calledLate(taken: string, path: string): string {
  return [...taken.matchAll(/([\w$]+)(?: as ([\w$]+))?(?=[ ,}\n])/g)].map(([, name = '', as = name]) => `let ${as} = (...given) => (${as} = require("${path}").${name})(...given);`).join(' ');
}

function isOnlyCalled(taken: string, code: string): boolean {
  if (!taken.startsWith('{')) return false;
  const count = (pattern: string): number => code.match(new RegExp(pattern, 'g'))?.length ?? 0;
  return [...taken.matchAll(/([\w$]+)(?=,|\s*\})/g)].every(([, name = '']) => count(`(?<![\\w$.])${name}(?![\\w$])`) === count(`(?<![\\w$.]|new )${name}\\(`) + 1);
}

/** What an import takes, as a destructuring; the default of a module of Node is that module. */
function bindings(taken: string, ofPart: boolean): string {
  if (taken.startsWith('{')) return taken.replace(AS, '$1: $2');
  if (taken.startsWith('* as ')) return taken.slice('* as '.length);
  return ofPart ? `{ default: ${taken} }` : taken;
}

/** Exports are handed over once, when the part has run: none may get its value later. */
function checkExports(name: string, code: string): void {
  for (const [, members = ''] of code.matchAll(EXPORT)) {
    for (const [, member = ''] of members.matchAll(/([\w$]+)(?: as [\w$]+)?,?\n/g)) {
      const declared = new RegExp(`^(?:var|let)(?: [\\w$]+,)* ${member.replaceAll('$', '\\$')}\\b(?! =)|^let ${member.replaceAll('$', '\\$')}\\b`, 'm');
      if (declared.test(code)) throw new Error(`parts: ${name}: ${member} is exported before it has its value`);
    }
  }
}

/** In an ES module esbuild looks for require(); a part has it. */
function withoutRequireShim(code: string): string {
  return code
    .replace(/^var __require = [^]*?^\}\);\n/m, '')
    .replace(/^ {2}__(?:require|commonJS),?\n/gm, '')
    .replaceAll('__require(', 'require(');
}
