// Base64 as RFC 4648 section 4 writes it, and nothing else. Buffer.from(text, 'base64') never fails: it
// skips what it does not know, takes the URL alphabet and missing padding, and so makes keys out of noise.

const ALPHABET = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** The bytes, or undefined when `text` is not what an encoder would have written for them. */
export function decodeCanonicalBase64(text: string): Buffer | undefined {
  if (!ALPHABET.test(text)) return undefined;
  // Allocated by itself, not in Node's shared pool: the caller wipes it.
  const bytes = Buffer.alloc((text.length / 4) * 3 - (text.match(/=+$/)?.[0].length ?? 0));
  bytes.write(text, 'base64');
  // Bits behind the last byte must be zero (RFC 4648 section 3.5): else two texts would mean one key.
  return bytes.toString('base64') === text ? bytes : undefined;
}
