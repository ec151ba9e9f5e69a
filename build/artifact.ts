// How the one file is made: esbuild's settings, and its output files put together (parts.ts). esbuild splits at every
// `await import()`, which needs ES modules; the one file is CommonJS. Unminified, because operators read it and an
// uncaught error must not print a 12 KB line to the router's log.

import { type BuildResult, type Metafile, type Plugin, build } from 'esbuild';
import { nativeAddons } from './native-addons.ts';
import { type Chunk, inOneFile } from './parts.ts';
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
    entryPoints: { [ENTRY]: inputs.entry },
    outdir: 'dist',
    write: false,
    bundle: true,
    splitting: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    minify: false,
    charset: 'ascii',
    // A node_modules that is a link keeps its place in the bundle's comments.
    preserveSymlinks: true,
    legalComments: 'external',
    metafile: true,
    logLevel: 'silent',
    define: { QKD_MACSEC_VERSION: JSON.stringify(version), QKD_MACSEC_COMMIT: JSON.stringify(commit) },
    plugins: [nativeAddons(), unusedParts(), schemaProse(), ...(inputs.plugins ?? [])],
  });
  const [warning] = result.warnings;
  if (warning !== undefined) throw new Error(`esbuild: ${warning.location?.file ?? inputs.entry}: ${warning.text}`);
  const legalComments = result.outputFiles.filter(({ path }) => path.endsWith('.LEGAL.txt')).map(({ text }) => text);
  return { code: inOneByte(Buffer.from(oneFile(result, inputs))), legalComments: legalComments.join('\n'), metafile: result.metafile };
}

const ENTRY = 'qkd-macsec';

function oneFile({ outputFiles, metafile }: BuildResult<{ metafile: true; write: false }>, { version, commit, preamble = '' }: ArtifactInputs): string {
  const banner = `#!/usr/bin/env node\n// qkd-macsec ${version} (${commit}). Apache-2.0; packages inside: LICENSES.txt.\n${preamble}\n`;
  const chunks = Object.entries(metafile.outputs).filter(([path]) => path.endsWith('.js')).map(([path, output]): Chunk => {
    const [first = 'esbuild'] = Object.keys(output.inputs);
    const code = outputFiles.find((file) => file.path.endsWith(`/${path}`))?.text ?? '';
    return { path: path.replace(/^dist/, '.'), name: output.entryPoint ?? `shared ${first}`, code };
  });
  const isStart = ({ path }: Chunk): boolean => path === `./${ENTRY}.js`;
  const start = chunks.find(isStart) as Chunk;
  return banner + inOneFile(start, chunks.filter((chunk) => !isStart(chunk)), banner.split('\n').length - 1);
}

/**
 * esbuild escapes what is not ASCII but in comments. One character beyond Latin-1 anywhere, and V8 keeps two bytes for
 * each of the whole file, and takes longer to scan it.
 */
function inOneByte(code: Buffer): Buffer {
  return Buffer.from(code.toString('utf8').replace(/[^\x00-\x7f]/g, '?'));
}
