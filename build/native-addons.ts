// esbuild plugin: keeps machine code out of the artifact. ssh2 tries to load a compiled addon and the
// cpu-features package, and falls back to plain JavaScript when either throws: here both always throw,
// so the bytes do not depend on whether a compiler was at hand. Its Poly1305 is WebAssembly, which
// `node --jitless` does not have; it is replaced by a stub that lets the package load and refuses use.
// src/ssh offers AES-GCM and AES-CTR only, so the stub is never reached.

import type { Plugin } from 'esbuild';

const ADDON = /(\.node|^cpu-features)$/;
const POLY1305 = /[\\/]ssh2[\\/]lib[\\/]protocol[\\/]crypto[\\/]poly1305\.js$/;

const ADDON_STUB = `throw new Error('qkd-macsec carries no native addons');\n`;

/** Same shape as the Emscripten module that ssh2 awaits: _malloc at load, cwrap for each use. */
const POLY1305_STUB = `module.exports = async () => ({
  _malloc: () => 0,
  cwrap: () => () => {
    throw new Error('chacha20-poly1305 is not part of qkd-macsec');
  },
});
`;

/** Replaces `*.node`, `cpu-features` and ssh2's poly1305.js. */
export function nativeAddons(): Plugin {
  return {
    name: 'native-addons',
    setup(build) {
      build.onResolve({ filter: ADDON }, (args) => ({ path: args.path, namespace: 'native-addon' }));
      build.onLoad({ filter: /.*/, namespace: 'native-addon' }, () => ({ contents: ADDON_STUB, loader: 'js' }));
      build.onLoad({ filter: POLY1305 }, () => ({ contents: POLY1305_STUB, loader: 'js' }));
    },
  };
}
