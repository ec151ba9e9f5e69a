// The crash test on the bundled program, on a part of the scenarios and steps that changes from day to day;
// `scripts/bench --crashes` takes every one.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { makeArtifact } from '../../../build/artifact.ts';
import { SCENARIOS } from './crash-scenarios.ts';
import { runCrashes } from './crashes.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const EVERY = 8;
/** Of so many scenarios one. */
const SHARE = 5;

const folder = mkdtempSync(join(tmpdir(), 'qkd-crashes-'));
const artifact = join(folder, 'qkd-macsec.js');

beforeAll(async () => {
  const { code } = await makeArtifact({ root: ROOT, entry: 'src/main.ts', version: '0.0.0', commit: 'crashes' });
  writeFileSync(artifact, code, { mode: 0o755 });
}, 60_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('runs that die at any step leave the link up, and ordinary runs go on from there', { timeout: 600_000 }, async () => {
  const day = Math.floor(Date.now() / 86_400_000);
  const offset = 1 + (day % EVERY);
  const scenarios = SCENARIOS.filter((_, index) => index % SHARE === day % SHARE);
  const lines: string[] = [];
  const checks = await runCrashes({ folder, artifact, scenarios, every: EVERY, offset, parallel: 3, print: (line) => lines.push(line), signal: new AbortController().signal });
  expect(checks.failures, `step ${offset} and every ${EVERY}th\n${lines.join('\n')}`).toEqual([]);
});
