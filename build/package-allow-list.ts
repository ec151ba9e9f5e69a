// The packages whose code may be in the artifact, with exact versions: an operator who audits the file
// audits these. A package, version or file that is not in the table fails the build, so that nothing
// enters by way of somebody else's dependency. The licence texts are gathered by licences.ts.

import { readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { join } from 'node:path';
import type { Metafile } from 'esbuild';

export interface AllowedPackage {
  readonly version: string;
  /** SPDX; where a package offers a choice, the one we take. */
  readonly licence: string;
  /** Who holds the rights, for a package that ships no licence file. */
  readonly holder?: string;
  /** The only files of it that may be used; undefined: all. */
  readonly files?: readonly string[];
}

export const ALLOWED_PACKAGES: Readonly<Record<string, AllowedPackage>> = {
  // SSH: src/ssh.
  ssh2: { version: '1.17.0', licence: 'MIT' },
  asn1: { version: '0.2.6', licence: 'MIT' },
  'bcrypt-pbkdf': { version: '1.0.2', licence: 'BSD-3-Clause' },
  'safer-buffer': { version: '2.1.2', licence: 'MIT' },
  tweetnacl: { version: '0.14.5', licence: 'Unlicense' },
  // XML of NETCONF replies: src/netconf.
  'fast-xml-parser': { version: '5.12.1', licence: 'MIT' },
  '@nodable/entities': { version: '3.1.0', licence: 'MIT', holder: 'Amit Gupta' },
  'is-unsafe': { version: '2.0.3', licence: 'MIT' },
  'path-expression-matcher': { version: '1.6.2', licence: 'MIT' },
  strnum: { version: '2.5.1', licence: 'MIT' },
  // DER of certificate requests: src/certificates.
  'node-forge': { version: '1.4.3', licence: 'BSD-3-Clause' },
  // Called by the compiled validators; ajv itself works by generating code and stays out.
  ajv: { version: '8.20.0', licence: 'MIT', files: ['dist/runtime/ucs2length.js'] },
};

export interface BundledPackage {
  readonly name: string;
  readonly version: string;
  /** Path below the project, with forward slashes. */
  readonly folder: string;
  /** Paths below the package's folder. */
  readonly files: readonly string[];
}

const IN_PACKAGE = /^((?:.*\/)?node_modules\/((?:@[^/]+\/)?[^/]+))\/(.+)$/;

/** The packages that gave code to the bundle, by name. */
export function bundledPackages(metafile: Metafile, root: string): BundledPackage[] {
  const found = new Map<string, { name: string; files: string[] }>();
  for (const input of Object.keys(metafile.inputs)) {
    const [, folder, name, file] = IN_PACKAGE.exec(input) ?? [];
    if (folder === undefined || name === undefined || file === undefined) continue;
    const entry = found.get(folder) ?? { name, files: [] };
    entry.files.push(file);
    found.set(folder, entry);
  }
  return [...found]
    .map(([folder, { name, files }]) => ({ name, files, folder, version: versionIn(join(root, folder)) }))
    .sort((a, b) => (a.folder < b.folder ? -1 : 1));
}

function versionIn(folder: string): string {
  const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string };
  return version;
}

/** One line for each package, version or file that the table does not allow. */
export function packageProblems(packages: readonly BundledPackage[]): string[] {
  return packages.flatMap(({ name, version, files }) => {
    const allowed = ALLOWED_PACKAGES[name];
    if (allowed === undefined) return [`package: ${name} ${version} is not in build/package-allow-list.ts`];
    const wrongVersion = version === allowed.version ? [] : [`package: ${name} is ${version}, ${allowed.version} is allowed`];
    const wrongFiles = files.filter((file) => allowed.files !== undefined && !allowed.files.includes(file));
    return [...wrongVersion, ...wrongFiles.map((file) => `package: ${name}/${file} must not be in the artifact`)];
  });
}

/** One line for each input of our own that is for tests only, and for each import that a router could not resolve. */
export function inputProblems(metafile: Metafile): string[] {
  const inputs = Object.keys(metafile.inputs).filter((path) => /^src\/bench\/|\.test\.ts$|\/test-[\w-]+\.ts$|^(?:\.\.|\/)/.test(path));
  const imports = Object.values(metafile.outputs)
    .flatMap((output) => output.imports)
    .filter(({ external, path }) => external === true && !isBuiltin(path));
  return [
    ...inputs.map((path) => `input: ${path} must not be in the artifact`),
    ...imports.map(({ path }) => `import: ${path} is left outside of the artifact`),
  ];
}
