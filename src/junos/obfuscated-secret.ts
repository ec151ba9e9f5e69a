// The keyless, reversible `$9$` form in which Junos shows a stored secret: each character is written as gaps
// between neighbours in a fixed alphabet; the first character is a salt that also says how many filler
// characters follow. Read here to compare a key with the one that a router holds; `$8$` text (system
// master-password) is encrypted and stays unread. Pure.

import { Secret } from '../secret.ts';

const FAMILIES = ['QzF3n6/9CAtpu0O', 'B1IREhcSyrleKvMW8LXx', '7N-dVbwsY2g4oaJZGUDj', 'iHkq.mPf5T'];
export const ALPHABET = FAMILIES.join('');
const WEIGHTS: readonly (readonly number[])[] = [[1, 4, 32], [1, 16, 32], [1, 8, 32], [1, 64], [1, 32], [1, 4, 16, 128], [1, 32, 64]];
export const MAGIC = '$9$';

/** How many filler characters follow a salt. */
export function fillersAfter(salt: string): number {
  return FAMILIES.length - 1 - FAMILIES.findIndex((family) => family.includes(salt));
}

/** How the gaps of the byte at `index` count. */
export function weightsAt(index: number): readonly number[] {
  return WEIGHTS[index % WEIGHTS.length] as readonly number[];
}

/** The bytes behind a `$9$` text; undefined when it is not one, or damaged. */
export function obfuscatedBytes(text: string): Buffer | undefined {
  const written = text.slice(MAGIC.length);
  if (!text.startsWith(MAGIC) || written === '' || [...written].some((c) => !ALPHABET.includes(c))) return undefined;
  const salt = written.charAt(0);
  const body = written.slice(1 + fillersAfter(salt));
  const bytes: number[] = [];
  let previous = ALPHABET.indexOf(salt);
  for (let at = 0; at < body.length; ) {
    const weights = weightsAt(bytes.length);
    if (at + weights.length > body.length) return undefined;
    let byte = 0;
    for (const weight of weights) {
      const here = ALPHABET.indexOf(body.charAt(at));
      byte += ((here - previous - 1 + ALPHABET.length) % ALPHABET.length) * weight;
      previous = here;
      at += 1;
    }
    bytes.push(byte % 256);
  }
  return Buffer.from(bytes);
}

/**
 * Whether a secret as a router shows it is `secret` (hex digits, whatever case); undefined when the router
 * does not let us tell.
 */
export function isSameSecret(shown: Secret | undefined, secret: Secret): boolean | undefined {
  const bytes = shown === undefined ? undefined : obfuscatedBytes(shown.revealText());
  if (bytes === undefined) return undefined;
  const same = Secret.ofText(bytes.toString('latin1').toLowerCase()).equals(Secret.ofText(secret.revealText().toLowerCase()));
  bytes.fill(0);
  return same;
}
