// How an end of a link comes to its end: what it has published is on disk by then, or its report says that it is not.

import { expect, test } from 'vitest';
import { QkdError } from '../errors.ts';
import type { LinkEndWork } from './link-end.ts';
import { runLink } from './run-link.ts';

/** An end on a backup routing engine: it has nothing to do. */
function idleEnd(save: () => Promise<void>): LinkEndWork {
  const router = { lookAhead: () => undefined, seemsBackup: () => Promise.resolve(true) };
  return { run: {}, link: { name: 'mx1-mx2', method: 'key-chain' }, role: 'master', site: { device: { name: 'mx1' }, router, ownRecord: { save } } } as unknown as LinkEndWork;
}

test('the record is written before the report is there', async () => {
  let written = false;
  const save = async (): Promise<void> => {
    await new Promise((resolve) => setImmediate(resolve));
    written = true;
  };
  expect(await runLink([idleEnd(save)], 'rotate')).toMatchObject([{ outcome: 'unchanged' }]);
  expect(written).toBe(true);
});

test('an end whose record cannot be written has failed', async () => {
  const full = new QkdError('file', 'cannot write mx1_last_key.json: no space left on device');
  expect(await runLink([idleEnd(() => Promise.reject(full))], 'rotate')).toMatchObject([{ device: 'mx1', outcome: 'failed', error: full }]);
});
