// The keyless, reversible `$9$` form in which Junos stores secrets that it must know in clear. Each
// character is written as gaps between neighbours in a fixed alphabet; the first character is a salt that
// also says how many filler characters follow. It hides a secret from a glance, from nobody else.

import { randomInt } from 'node:crypto';

const FAMILIES = ['QzF3n6/9CAtpu0O', 'B1IREhcSyrleKvMW8LXx', '7N-dVbwsY2g4oaJZGUDj', 'iHkq.mPf5T'];
const ALPHABET = FAMILIES.join('');
const WEIGHTS: readonly (readonly number[])[] = [[1, 4, 32], [1, 16, 32], [1, 8, 32], [1, 64], [1, 32], [1, 4, 16, 128], [1, 32, 64]];
const MAGIC = '$9$';

function position(character: string): number {
  return ALPHABET.indexOf(character);
}

function fillersAfter(salt: string): number {
  return FAMILIES.length - 1 - FAMILIES.findIndex((family) => family.includes(salt));
}

function randomCharacter(): string {
  return ALPHABET.charAt(randomInt(ALPHABET.length));
}

function weightsAt(index: number): readonly number[] {
  return WEIGHTS[index % WEIGHTS.length] as readonly number[];
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
  const written = text.slice(MAGIC.length);
  if (!text.startsWith(MAGIC) || written === '' || [...written].some((c) => position(c) < 0)) return undefined;
  const salt = written.charAt(0);
  const body = written.slice(1 + fillersAfter(salt));
  const bytes: number[] = [];
  let previous = position(salt);
  for (let at = 0; at < body.length; ) {
    const weights = weightsAt(bytes.length);
    if (at + weights.length > body.length) return undefined;
    let byte = 0;
    for (const weight of weights) {
      const here = position(body.charAt(at));
      byte += ((here - previous - 1 + ALPHABET.length) % ALPHABET.length) * weight;
      previous = here;
      at += 1;
    }
    bytes.push(byte % 256);
  }
  return Buffer.from(bytes).toString('latin1');
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
