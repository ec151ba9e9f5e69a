// A thousand rotations through the bench's KME pair under random faults.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { startKmePair } from '../kme/start-kme-pair.ts';
import { makePki } from '../pki/pki.ts';
import { rotateWithFaults } from './rotations.ts';

it('1,000 rotations with random faults: never a wrong, short, reused or mismatched key, and every drawn key accounted for', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'qkd-rotations-'));
  const pki = await makePki(folder, { kmes: ['a', 'b'], saes: ['m', 's'] });
  const pair = await startKmePair({ pki, kmes: [{ name: 'a', saeIds: ['m'] }, { name: 'b', saeIds: ['s'] }] });
  try {
    const { installed, issued, received, lost, failed, complaints } = await rotateWithFaults({ pki, pair }, { seed: 7, rotations: 1000 });
    expect(complaints).toEqual([]);
    expect(installed).toBeGreaterThan(500);
    expect(failed.size).toBeGreaterThan(2);
    expect(received).toBeGreaterThanOrEqual(installed);
    // A lost answer may or may not have cost a key; no key is missing from the count.
    expect(issued).toBeGreaterThanOrEqual(received);
    expect(issued).toBeLessThanOrEqual(received + lost);
  } finally {
    await pair.close();
    rmSync(folder, { recursive: true, force: true });
  }
}, 240_000);
