// How the one file is made: esbuild's settings and nothing else. CommonJS, because ssh2 needs __dirname and
// because `await import('package')` of a bundled package becomes a lazy call in that format; unminified,
// because operators read it and an uncaught error must not print a 12 KB line to the router's log.

import { join } from 'node:path';
import { type Metafile, type Plugin, build } from 'esbuild';
import { nativeAddons } from './native-addons.ts';
import { schemaProse } from './schema-prose.ts';
import { unusedParts } from './unused-parts.ts';

export interface ArtifactInputs {
  /** The project's folder, absolute. Nothing of this path gets into the bytes. */
  readonly root: string;
  /** Path of the entry below `root`. */
  readonly entry: string;
  readonly version: string;
  readonly commit: string;
  /** Extra plugins, for probes. */
  readonly plugins?: readonly Plugin[];
  /** Extra code in front, for probes. */
  readonly preamble?: string;
}

export interface Artifact {
  readonly code: Buffer;
  readonly metafile: Metafile;
  /** Comments that packages mark as legal, taken out of the code. */
  readonly legalComments: string;
}

/** Bundles in memory. Throws esbuild's own error, and an Error for a warning: none is expected. */
export async function makeArtifact(inputs: ArtifactInputs): Promise<Artifact> {
  const { root, version, commit } = inputs;
  const result = await build({
    absWorkingDir: root,
    entryPoints: [inputs.entry],
    outfile: 'dist/qkd-macsec.js',
    write: false,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    minify: false,
    keepNames: true,
    charset: 'ascii',
    // A node_modules that is a link keeps its place in the bundle's comments.
    preserveSymlinks: true,
    legalComments: 'external',
    metafile: true,
    logLevel: 'silent',
    banner: { js: `#!/usr/bin/env node\n// qkd-macsec ${version} (${commit}). Apache-2.0; packages inside: LICENSES.txt.\n${inputs.preamble ?? ''}` },
    define: { QKD_MACSEC_VERSION: JSON.stringify(version), QKD_MACSEC_COMMIT: JSON.stringify(commit) },
    plugins: [nativeAddons(), unusedParts(), schemaProse(), ...(inputs.plugins ?? [])],
  });
  const [warning] = result.warnings;
  if (warning !== undefined) throw new Error(`esbuild: ${warning.location?.file ?? inputs.entry}: ${warning.text}`);
  const output = (suffix: string): Buffer => {
    const file = result.outputFiles.find(({ path }) => path === join(root, `dist/qkd-macsec.js${suffix}`));
    return Buffer.from(file?.contents ?? []);
  };
  return { code: inOneByte(output('')), legalComments: output('.LEGAL.txt').toString('utf8'), metafile: result.metafile };
}

/**
 * esbuild escapes what is not ASCII but in comments. One character beyond Latin-1 anywhere, and V8 keeps two bytes for
 * each of the whole file, and takes longer to scan it.
 */
function inOneByte(code: Buffer): Buffer {
  return Buffer.from(code.toString('utf8').replace(/[^\x00-\x7f]/g, '?'));
}
