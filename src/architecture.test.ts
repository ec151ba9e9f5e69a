// The house rules, each as a sentence: who may import whom (design section 3), where the process and the
// clock are touched, how a file opens and how long it is, and what must never be in the tree. A failure
// lists every place that breaks the sentence. Tests and their peers (x.test.ts, test-x.ts) are free to import
// anything and may be longer.

import { readFileSync, readdirSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { join, normalize, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const ADAPTER = { values: ['shared'], types: ['inventory', 'keyids', 'workflow'] };

/** Importing folder (below src) to the folders it may take values from, and those it may take types from as well. */
const ARROWS: Readonly<Record<string, { readonly values: readonly string[]; readonly types: readonly string[] }>> = {
  main: { values: ['cli', 'shared'], types: [] },
  cli: { values: ['shared', 'certificates', 'inventory', 'junos', 'keyids', 'kme', 'netconf', 'rotation', 'ssh', 'workflow'], types: [] },
  workflow: { values: ['shared', 'inventory', 'junos', 'keyids', 'rotation'], types: [] },
  rotation: { values: ['shared'], types: ['inventory', 'keyids'] },
  junos: { values: ['shared'], types: ['inventory', 'rotation', 'workflow'] },
  inventory: { values: ['shared'], types: [] },
  kme: ADAPTER,
  ssh: ADAPTER,
  keyids: ADAPTER,
  certificates: ADAPTER,
  netconf: { ...ADAPTER, values: ['shared', 'ssh'] },
  bench: { values: ['shared', 'certificates', 'inventory', 'junos', 'keyids', 'kme', 'netconf', 'rotation', 'ssh', 'workflow'], types: [] },
  install: { values: ['shared', 'inventory', 'netconf', 'ssh'], types: ['workflow'] },
  shared: { values: [], types: [] },
};

const PURE = ['rotation', 'junos'];
const HOME_OF_PACKAGE: Readonly<Record<string, string>> = { ssh2: 'ssh', 'fast-xml-parser': 'netconf', 'node-forge': 'certificates' };

interface Import {
  readonly file: SourceFile;
  readonly target: string;
  readonly kind: 'type' | 'value' | 'lazy';
}

interface SourceFile {
  /** Below the project, with forward slashes. */
  readonly path: string;
  readonly folder: string;
  readonly lines: readonly string[];
  /** Without lines that are comments. */
  readonly code: string;
}

const tree = filesBelow(ROOT);
const written = tree.filter((path) => /^(src|build|scripts|junos-config)\/.*\.m?ts$/.test(path) && !/\/generated\/|\.d\.ts$/.test(path)).map(readSource);
const nonTests = written.filter(({ path }) => !/\.test\.ts$|\/test-[\w-]+\.ts$/.test(path));
const sources = nonTests.filter(({ path }) => path.startsWith('src/'));
const product = sources.filter(({ folder }) => folder !== 'bench' && folder !== 'install');

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry): string[] => {
    if (['node_modules', '.git', 'dist', 'qkd-macsec'].includes(entry.name)) return [];
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return filesBelow(path);
    return entry.isFile() ? [relative(ROOT, path).replaceAll('\\', '/')] : [];
  });
}

function readSource(path: string): SourceFile {
  const lines = readFileSync(join(ROOT, path), 'utf8').split('\n');
  const code = lines.map((line) => (/^\s*(\/\/|\/?\*)/.test(line) ? '' : line)).join('\n');
  return { path, folder: folderOf(path), lines, code };
}

/** Files directly in src are shared by all, but for main. */
function folderOf(path: string): string {
  const [, first = '', second] = path.split('/');
  if (second !== undefined) return first;
  return first === 'main.ts' ? 'main' : 'shared';
}

function importsOf(file: SourceFile): Import[] {
  const fixed = [...file.code.matchAll(/^(?:import|export)\s+(type\s)?(?:[^;'"]*?\sfrom\s+)?'([^']+)'/gm)];
  const lazy = [...file.code.matchAll(/\b(import|require)\(\s*'([^']+)'/g)];
  return [
    ...fixed.map(([, type, target = '']): Import => ({ file, target, kind: type === undefined ? 'value' : 'type' })),
    ...lazy.map(([, , target = '']): Import => ({ file, target, kind: 'lazy' })),
  ];
}

const toPackage = ({ target }: Import): boolean => !target.startsWith('.') && !isBuiltin(target);
const packageOf = ({ target }: Import): string => /^(?:@[^/]+\/)?[^/]+/.exec(target)?.[0] ?? target;
const told = ({ file, target, kind }: Import): string => `${file.path}: ${kind === 'type' ? 'type from ' : ''}${target}`;

/** Paths with line numbers where the code matches. */
function places(files: readonly SourceFile[], pattern: RegExp): string[] {
  return files.flatMap(({ path, code }) => code.split('\n').flatMap((line, index) => (pattern.test(line) ? [`${path}:${index + 1}: ${line.trim()}`] : [])));
}

describe('imports', () => {
  const imports = sources.flatMap(importsOf);
  const own = imports.filter(({ target }) => target.startsWith('.'));

  test.each(Object.keys(ARROWS))('%s imports only what its arrows allow', (folder) => {
    const { values, types } = ARROWS[folder] ?? { values: [], types: [] };
    const broken = own.filter(({ file, target, kind }) => {
      const path = normalize(join(file.path, '..', target));
      const to = folderOf(path);
      const allowed = to === folder || values.includes(to) || (kind === 'type' && types.includes(to));
      return file.folder === folder && !(path.startsWith('src/') && allowed);
    });
    expect(broken.map(told)).toEqual([]);
  });

  test('every folder of src has its arrows', () => {
    expect([...new Set(sources.map(({ folder }) => folder))].filter((folder) => !(folder in ARROWS))).toEqual([]);
  });

  test('rotation and junos import no built-in and no package', () => {
    expect(imports.filter(({ file, target }) => PURE.includes(file.folder) && !target.startsWith('.')).map(told)).toEqual([]);
  });

  test('each package is imported in one folder, and no other package is imported', () => {
    const packages = product.flatMap(importsOf).filter(toPackage);
    expect(packages.filter((one) => HOME_OF_PACKAGE[packageOf(one)] !== one.file.folder).map(told)).toEqual([]);
  });

  test('packages are loaded when first needed', () => {
    expect(product.flatMap(importsOf).filter((one) => toPackage(one) && one.kind === 'value').map(told)).toEqual([]);
  });

  test('built-ins have the node: prefix and are imported at the top', () => {
    const builtIns = product.flatMap(importsOf).filter(({ target }) => isBuiltin(target));
    expect(builtIns.filter(({ target, kind }) => !target.startsWith('node:') || kind === 'lazy').map(told)).toEqual([]);
  });
});

describe('the process and the clock', () => {
  const others = product.filter(({ path }) => path !== 'src/main.ts');

  const rows: [string, RegExp][] = [
    ['only main.ts reads the command line and the environment and ends the process', /\bprocess\.(argv|env|exit|exitCode)\b/],
    ['only main.ts reads the clock', /\bDate\.now\b|\bnew Date\(\)/],
    ['nothing uses fetch, which knows no client certificate and needs WebAssembly', /(?<![\w.])fetch\(|\bglobalThis\.fetch\b/],
    ['nothing prints past the log and the report', /\bconsole\.\w+\(/],
  ];
  test.each(rows)('%s', (_sentence, pattern) => expect(places(others, pattern)).toEqual([]));

  test('main.ts has at most 40 lines', () => {
    expect(product.find(({ path }) => path === 'src/main.ts')?.lines.length).toBeLessThanOrEqual(41);
  });
});

describe('files', () => {
  test('each opens with one to six lines of prose', () => {
    const broken = nonTests.filter(({ lines }) => {
      const head = lines.slice(lines[0]?.startsWith('#!') ? 1 : 0);
      const length = head.findIndex((line) => !line.startsWith('// '));
      return length < 1 || length > 6;
    });
    expect(broken.map(({ path }) => path)).toEqual([]);
  });

  test('none is longer than 300 lines', () => {
    const long = nonTests.filter(({ lines }) => lines.length > 301);
    expect(long.map(({ path, lines }) => `${path}: ${lines.length - 1} lines`)).toEqual([]);
  });

  test('each is named for what it owns', () => {
    const vague = /(^|[-_/])(manager|helper|util|handler|service|data|info)s?([-_.]|$)/i;
    const names = tree.filter((path) => !path.startsWith('fixtures/')).map((path) => path.split('/').at(-1) ?? '');
    // SECRET-DATA is Junos's own mark on secret leaves.
    expect(names.filter((name) => vague.test(name) && !name.startsWith('secret-data.'))).toEqual([]);
  });

  test('no test replaces a module', () => {
    expect(places(written, /\bvi\.(mock|doMock|hoisted)\(/)).toEqual([]);
  });
});

describe('the tree', () => {
  const rows: [string, RegExp][] = [
    ['names no path of the machine it was written on', /(?<![\w.])\/(work|farm|tmp\/bash_jobs)\//],
    // Not its first line either, which scanners of repositories take for one; a pattern that looks for that line goes on otherwise.
    ['holds no private key', /BEGIN ([A-Z0-9]+ )*PRIVATE KEY( BLOCK)?-----(?![|/(])/],
    ['names no package registry', /registry\.[a-z.-]+\.[a-z]{2,}/],
  ];
  test.each(rows)('%s', (_sentence, pattern) => {
    expect(tree.filter((path) => pattern.test(readFileSync(join(ROOT, path), 'utf8')))).toEqual([]);
  });
});
