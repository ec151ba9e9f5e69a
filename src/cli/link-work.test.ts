// Links of a fleet as a run prepares them: how long the ends of one wait for each other, however late it begins.

import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { loadInventory } from '../inventory/load.ts';
import { noLog } from '../log.ts';
import type { LinkEndWork, Run } from '../workflow/link-end.ts';
import type { Invocation } from './arguments.ts';
import { offBoxLinks } from './link-work.ts';
import type { World } from './world.ts';

const STARTED = Date.parse('2026-11-22T00:00:00Z');
const FILE = new URL('../../fixtures/inventory/minimal.json', import.meta.url);

/** An end of a link in a run that began at STARTED; `now` is its clock. */
function preparedEnd(clock: { now: number }): LinkEndWork {
  const context = { mode: 'offbox', cwd: '/', environment: { QKD_PASSWORD: 'p', P: 'p' }, userName: 'u', userHome: '/', warn: () => undefined } as const;
  const text = readFileSync(FILE, 'utf8').replace(/"private_key_file": *"[^"]*"/, '"password_env": "P"');
  const inventory = loadInventory({ file: '/inventory.json', text }, context);
  const run = { id: '1', startedAt: STARTED, settings: inventory.system, log: noLog, dryRun: false, scriptUser: undefined, clock: { now: () => clock.now, sleep: () => Promise.resolve() } } as Run;
  const { links } = offBoxLinks({} as World, inventory, { devices: [], links: [] } as Partial<Invocation> as Invocation, run);
  return links[0]?.[0] as LinkEndWork;
}

test('the ends of a link that begins late wait for each other as long as those of the first one', () => {
  const clock = { now: STARTED };
  const [first, late] = [preparedEnd(clock), preparedEnd(clock)];
  const { wait } = first.run.settings.rotation;
  expect(wait).toBe(120);
  clock.now += 300_000;
  // From its first look on, and no longer for looking again.
  expect(late.run.settings.rotation.wait).toBe(wait + 300);
  clock.now += 60_000;
  expect([first, late].map((end) => end.run.settings.rotation.wait)).toEqual([wait, wait + 300]);
  expect(late.run.startedAt).toBe(STARTED);
});
