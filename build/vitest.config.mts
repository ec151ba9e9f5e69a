// vitest's settings. Many tests start servers and child processes, so the limits leave room for a slow
// machine and two files at a time are enough. The last reporter prints the lines that scripts/test ends with.

import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  root: fileURLToPath(new URL('..', import.meta.url)),
  test: {
    include: ['src', 'build', 'scripts', 'junos-config'].map((folder) => `${folder}/**/*.test.ts`),
    maxWorkers: 2,
    testTimeout: 20_000,
    hookTimeout: 30_000,
    teardownTimeout: 10_000,
    reporters: ['default', fileURLToPath(new URL('test-summary.ts', import.meta.url))],
  },
});
