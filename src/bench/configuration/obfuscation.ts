// Writes the keyless, reversible `$9$` form in which Junos stores secrets that it must know in clear; how it
// is built and read is junos/obfuscated-secret.ts. It hides a secret from a glance, from nobody else.

import { randomInt } from 'node:crypto';
import { ALPHABET, MAGIC, fillersAfter, obfuscatedBytes, weightsAt } from '../../junos/obfuscated-secret.ts';

function position(character: string): number {
  return ALPHABET.indexOf(character);
}

function randomCharacter(): string {
  return ALPHABET.charAt(randomInt(ALPHABET.length));
}

/** `$9$` text of a Latin-1 secret; different at every call. */
export function obfuscate(secret: string): string {
  const salt = randomCharacter();
  let written = salt;
  for (let filler = 0; filler < fillersAfter(salt); filler += 1) written += randomCharacter();
  let previous = position(salt);
  [...Buffer.from(secret, 'latin1')].forEach((byte, index) => {
    for (const gap of gapsOf(byte, weightsAt(index))) {
      previous = (previous + gap + 1) % ALPHABET.length;
      written += ALPHABET.charAt(previous);
    }
  });
  return MAGIC + written;
}

function gapsOf(byte: number, weights: readonly number[]): number[] {
  let rest = byte;
  return weights
    .toReversed()
    .map((weight) => {
      const gap = Math.floor(rest / weight);
      rest %= weight;
      return gap;
    })
    .toReversed();
}

/** The secret behind a `$9$` text; undefined when it is not one. */
export function reveal(text: string): string | undefined {
  return obfuscatedBytes(text)?.toString('latin1');
}

/** A secret as it was meant, whether given plain or as `$9$`; undefined when the `$9$` text is damaged. */
export function plainSecret(text: string): string | undefined {
  return text.startsWith(MAGIC) ? reveal(text) : text;
}

/** True when two stored values mean the same: equal, or `$9$` texts of one secret. */
export function sameSecret(a: string, b: string): boolean {
  if (a === b) return true;
  return a.startsWith(MAGIC) && b.startsWith(MAGIC) && reveal(a) !== undefined && reveal(a) === reveal(b);
}
