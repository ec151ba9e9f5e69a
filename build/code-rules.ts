// What the artifact's code must not do: build code from strings (it runs under
// --disallow-code-generation-from-strings; only the loader of parts.ts compiles text, that of the file itself)
// and load modules whose name is computed or that are not in the file. Read from the finished text, so that it
// holds for packages too.

const RULES: readonly { readonly what: string; readonly pattern: RegExp }[] = [
  { what: 'require of a computed name', pattern: /(?<![\w$.])require\((?!["'`])/g },
  { what: 'dynamic import', pattern: /(?<![\w$.])import\(/g },
  { what: 'code from a string', pattern: /(?<![\w$.])(?:eval|Function)\(|node:vm|["']vm["']|(?<![\w$])_compile\(/g },
];

/** JSDoc that esbuild keeps inside classes names types as import('...'). */
const COMMENT = /^\s*(?:\/?\*|\/\/)/;
const LOADER = 'const { compileFunction } = require("node:vm");';

/** One line for each forbidden call, with the module and the line of the artifact where it stands. */
export function codeProblems(code: string): string[] {
  const problems: string[] = [];
  let module = 'start of the artifact';
  code.split('\n').forEach((line, index) => {
    module = /^\/\/ (\S+\.\w+)$/.exec(line)?.[1] ?? module;
    if (COMMENT.test(line) || line === LOADER) return;
    for (const { what, pattern } of RULES) {
      if (line.search(pattern) >= 0) problems.push(`code: ${module}: ${what} (line ${index + 1})`);
    }
  });
  return problems;
}
