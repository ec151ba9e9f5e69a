// Reading key_IDs back out of CKNs: what makes the router's configuration the only state that counts
// (design section 4). Pure text work; deriving CKN and CAK needs hashes and is workflow/key-material.ts.

const UUID_HEX = /^[0-9a-f]{32}$/;
const CKN_HEX = /^[0-9a-f]{64}$/;

/** The 32 hex digits of a key_ID of the form 8-4-4-4-12 in lower case; undefined for any other form. */
export function keyIdHex(keyId: string): string | undefined {
  const match = /^([0-9a-f]{8})-([0-9a-f]{4})-([0-9a-f]{4})-([0-9a-f]{4})-([0-9a-f]{12})$/i.exec(keyId);
  return match?.slice(1).join('').toLowerCase();
}

/** 32 hex digits as 8-4-4-4-12, lower case; undefined when they are not 32 hex digits. */
export function keyIdOfHex(hex: string): string | undefined {
  const digits = hex.toLowerCase();
  if (!UUID_HEX.test(digits)) return undefined;
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/**
 * The key_ID in a CKN of method pre-shared-key (prefix, then the key_ID's 32 hex digits); undefined when
 * the CKN is someone else's: another prefix, another length, an initial key.
 */
export function keyIdOfPreSharedKeyCkn(ckn: string, prefix: string): string | undefined {
  const digits = ckn.toLowerCase();
  if (!CKN_HEX.test(digits) || !digits.startsWith(prefix.toLowerCase())) return undefined;
  return keyIdOfHex(digits.slice(32));
}

/** CKNs are equal when they are the same bytes once Junos has filled them with zeros to 32 bytes. */
export function sameCkn(a: string, b: string): boolean {
  return a.toLowerCase().padEnd(64, '0') === b.toLowerCase().padEnd(64, '0');
}
