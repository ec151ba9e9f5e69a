// Takes secrets out of text that a router wrote. Junos marks secret leaves with `## SECRET-DATA` and shows
// them as `$9$` (reversible without a key) or `$8$` (AES under the master password); an error may quote the
// plain value that was loaded. The compare output keeps CKNs, which are no secret and which operators need.

const REPLACEMENT = '[secret]';
/** $9$ and $8$ obfuscation, and the crypt(3) hashes of login and root passwords. */
const ENCRYPTED = /\$(?:1|5|6|8|9|sha1|argon2\w*)\$[^\s"';<>]*/g;
/** A secret leaf followed by its value: `cak "..."`, `secret ...;`, `cak: '...'`. */
const SECRET_LEAF =
  /(?<![\w-])(cak|secret|password|encrypted-password|plain-text-password|passphrase|authentication-key|pre-shared-key ascii-text|pre-shared-key hexadecimal)\b(['"]?\s*[:=]?\s+|[:=]\s*)("[^"\n]*"?|'[^'\n]*'?|[^\s;{]+)/gi;
/** Long enough for the shortest key that MACsec takes in earnest; a CKN is lost too, which an error text can bear. */
const LONG_HEX = /\b(?:0x)?[0-9a-f]{16,}\b/gi;

/** An error or warning text without anything that may be key material. */
export function withoutSecretData(text: string): string {
  return withoutLeafValues(text).replace(LONG_HEX, REPLACEMENT);
}

/** The compare output (`[edit ...]`, `+`, `-` lines) with the value of every secret leaf replaced; CKNs stay. */
export function differenceWithoutSecretData(difference: string): string {
  return difference
    .split('\n')
    .map((line) => withoutLeafValues(/##\s*SECRET-DATA/.test(line) ? withoutMarkedValue(line) : line))
    .join('\n');
}

function withoutLeafValues(text: string): string {
  return text.replace(SECRET_LEAF, `$1$2${REPLACEMENT}`).replace(ENCRYPTED, REPLACEMENT);
}

/** On a line that Junos marks, the last word or quoted text before the semicolon is the secret, whatever the leaf. */
function withoutMarkedValue(line: string): string {
  return line.replace(/("[^"]*"|[^\s;]+)(\s*;?\s*##\s*SECRET-DATA.*)$/, `${REPLACEMENT}$2`).replace(/"[^"]*"/g, REPLACEMENT);
}
