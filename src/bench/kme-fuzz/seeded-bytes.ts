// Bytes that follow from a seed, so that a case can be replayed. Nothing secret is ever made with them.

import type { Random } from '../simulation/random.ts';

/** So many bytes. */
export function seededBytes(random: Random, length: number): Buffer {
  return Buffer.from(Array.from({ length }, () => random.integer(0, 255)));
}
