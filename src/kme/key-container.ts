// Reads a Key container (ETSI GS QKD 014 clause 6.3), the answer of enc_keys and dec_keys. Only `keys`, `key_ID` and
// `key`, by the names that the inventory says, are looked at; extensions and unknown members are ignored, as the
// standard asks. A key that is not exactly what was asked for is refused, never padded and never truncated.

import type { KmeQuirks } from '../inventory/inventory.ts';
import { Secret } from '../secret.ts';
import type { KmeKey } from '../workflow/ports.ts';
import { answerJson, brokenAnswer } from './broken-answer.ts';
import { decodeKey } from './key-encoding.ts';
import { isJsonObject } from './strict-json.ts';
import type { Json } from './strict-json.ts';
import type { KeysAsked } from './wire.ts';

/** UUID by shape alone: KMEs in the field do not keep RFC 9562's version and variant bits. */
const UUID_SHAPE = /^[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$/;
/** Other IDs seen: letters, digits and separators that are harmless in a path, a file name, XML and a shell. */
const PLAIN_ID = /^[A-Za-z0-9._:-]{1,128}$/;

/** True for a key_ID that we send back and write into records and configurations. */
export function isKeyId(text: string): boolean {
  return UUID_SHAPE.test(text) || (PLAIN_ID.test(text) && text !== '.' && text !== '..');
}

/** Member names and encoding of an answer. */
export type ContainerForm = Pick<KmeQuirks, 'keysMember' | 'keyIdMember' | 'keyMember' | 'keyEncoding'>;

/**
 * The keys of an answer, in its order: as many as asked (or more, where that is allowed), each of the size asked, no
 * ID and no key twice. Throws `kme-answer`; no message quotes the answer.
 */
export function readKeyContainer(body: Uint8Array, asked: KeysAsked, form: ContainerForm): KmeKey[] {
  const container = answerJson(body);
  const list = memberOf(container, form.keysMember);
  if (!Array.isArray(list)) throw brokenAnswer(`no array "${form.keysMember}" in the answer`);
  if (list.length === 0) throw brokenAnswer('the KME returned no key');
  const fits = asked.mayHaveMore ? list.length >= asked.number : list.length === asked.number;
  if (!fits) throw brokenAnswer(`the KME returned ${list.length} keys instead of ${asked.number}`);
  const keys: KmeKey[] = [];
  try {
    for (const [index, item] of list.entries()) keys.push(readKey(item, `key ${index + 1}`, { size: asked.size, form }));
    refuseRepetition(keys);
  } catch (error) {
    for (const { key } of keys) key.wipe();
    throw error;
  }
  return keys;
}

function memberOf(json: Json, name: string): Json | undefined {
  return isJsonObject(json) && Object.hasOwn(json, name) ? json[name] : undefined;
}

function readKey(item: Json, position: string, { size, form }: { readonly size: number; readonly form: ContainerForm }): KmeKey {
  const keyId = memberOf(item, form.keyIdMember);
  if (typeof keyId !== 'string' || !isKeyId(keyId)) throw brokenAnswer(`${position} has no usable ${form.keyIdMember}`);
  // In an answer that is damaged, what stands as another ID may have a piece of the key in it.
  const which = UUID_SHAPE.test(keyId) ? `key ${keyId}` : position;
  const text = memberOf(item, form.keyMember);
  if (typeof text !== 'string' || text === '') throw brokenAnswer(`${which} has no key material`);
  const bytes = decodeKey(text, form.keyEncoding);
  if (bytes === undefined) throw brokenAnswer(`${which} is not ${ENCODINGS[form.keyEncoding]}`);
  const key = Secret.ofBytes(bytes);
  const wrong = faultOf(bytes, size);
  if (wrong !== undefined) {
    key.wipe();
    throw brokenAnswer(`${which} ${wrong}`);
  }
  return { keyId, key };
}

const ENCODINGS: Record<KmeQuirks['keyEncoding'], string> = {
  base64: 'canonical base64 (RFC 4648 section 4)',
  'base64-unpadded': 'canonical base64, with or without padding',
  base64url: 'canonical base64url (RFC 4648 section 5)',
  hex: 'hexadecimal',
};

function faultOf(bytes: Buffer, size: number): string | undefined {
  if (bytes.length * 8 !== size) return `has ${bytes.length * 8} bits instead of ${size}`;
  if (bytes.every((byte) => byte === 0x00)) return 'consists of zeros only';
  if (bytes.every((byte) => byte === 0xff)) return 'consists of ones only';
  return undefined;
}

function refuseRepetition(keys: readonly KmeKey[]): void {
  // In lower case: the CKN is made from the ID's hex digits, so two spellings are one ID to a router.
  const ids = new Set(keys.map(({ keyId }) => keyId.toLowerCase()));
  if (ids.size !== keys.length) throw brokenAnswer('the same key_ID twice in the answer');
  const repeated = keys.some((one, index) => keys.slice(index + 1).some((other) => one.key.equals(other.key)));
  if (repeated) throw brokenAnswer('the same key under two key_IDs in the answer');
}
