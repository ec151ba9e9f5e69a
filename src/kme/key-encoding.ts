// How a KME writes a key's bits: base64 as RFC 4648 section 4 has it, or what the inventory says of a KME that does
// otherwise. Each reading takes only what one encoder would have written. Buffer.from(text, 'base64') never fails: it
// skips what it does not know, takes the URL alphabet and missing padding, and so makes keys out of noise.

import type { KmeQuirks } from '../inventory/inventory.ts';

const ALPHABET = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
const URL_ALPHABET = /^[A-Za-z0-9_-]*={0,2}$/;
const HEX = /^(?:[0-9A-Fa-f]{2})*$/;

/** The bytes, allocated by themselves so that the caller can wipe them; undefined when `text` is not in that encoding. */
export function decodeKey(text: string, encoding: KmeQuirks['keyEncoding']): Buffer | undefined {
  switch (encoding) {
    case 'base64':
      return canonicalBase64(text);
    case 'base64-unpadded':
      return canonicalBase64(padded(text));
    case 'base64url':
      return URL_ALPHABET.test(text) ? canonicalBase64(padded(text).replaceAll('-', '+').replaceAll('_', '/')) : undefined;
    case 'hex':
      return HEX.test(text) ? written(text, 'hex', text.length / 2) : undefined;
  }
}

function canonicalBase64(text: string): Buffer | undefined {
  if (!ALPHABET.test(text)) return undefined;
  const bytes = written(text, 'base64', (text.length / 4) * 3 - (text.match(/=+$/)?.[0].length ?? 0));
  // Bits behind the last byte must be zero (RFC 4648 section 3.5): else two texts would mean one key.
  return bytes.toString('base64') === text ? bytes : undefined;
}

/** Not in Node's shared pool. */
function written(text: string, encoding: 'base64' | 'hex', length: number): Buffer {
  const bytes = Buffer.alloc(length);
  bytes.write(text, encoding);
  return bytes;
}

function padded(text: string): string {
  return text.includes('=') ? text : text.padEnd(Math.ceil(text.length / 4) * 4, '=');
}
