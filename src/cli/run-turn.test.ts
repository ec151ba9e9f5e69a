// The turn of a run that the timer starts while another run is under way: one that the router's syslog has started
// is waited for, any other is not.

import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { takeRunLock } from './run-lock.ts';
import { INTERVAL, KeyChainBed } from './test-key-chain-bed.ts';

let bed: KeyChainBed;
beforeEach(async () => {
  bed = new KeyChainBed();
  await bed.start();
});
afterEach(() => bed.close());

function lockedBy({ repair }: { repair: boolean }): () => void {
  return takeRunLock({ file: join(bed.router('mx1').home, 'run.lock'), pid: process.pid, now: bed.clock, longestRun: INTERVAL, repair });
}

const HEARD = `--heard-ckn=${'ab'.repeat(32)}`;

test('a tick waits for a run between two ticks, and then does its work', async () => {
  const release = lockedBy({ repair: true });
  const ran = await bed.run('mx1', [], { onLine: (line) => (line.includes('NOTICE  run waits for') ? release() : undefined) });
  expect([ran.status, ran.link?.outcome]).toEqual([0, 'installed']);
});

test('but not for ever: after a quarter of an interval it ends with status 3', async () => {
  const release = lockedBy({ repair: true });
  const ran = await bed.run('mx1');
  release();
  expect([ran.status, Math.floor(ran.took / 1000)]).toEqual([3, INTERVAL / 4000]);
});

test('neither does a tick wait for a tick, nor a run between two ticks for anything', async () => {
  for (const [repair, argv] of [[false, []], [false, [HEARD]], [true, [HEARD]]] as const) {
    const release = lockedBy({ repair });
    const ran = await bed.run('mx1', argv);
    release();
    expect([ran.status, ran.took], `${repair} ${argv.join(' ')}`).toEqual([3, 0]);
  }
});
