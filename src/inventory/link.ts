// One link of the inventory, complete. Hexadecimal names are kept in lower case, as Junos shows them.

import { QkdError } from '../errors.ts';
import { Secret } from '../secret.ts';
import type { LinkJson } from './inventory-json.ts';
import type { CipherSuite, Link, LinkEnd } from './inventory.ts';
import { type Reading, readSecret } from './reading.ts';

/** The original system's constant first half of a CKN; public by design, a CKN is a name. */
const ORIGINAL_CKN_PREFIX = 'abcd1234abcd5678abcd1234abcd5678';

/** The link at `path` ("links[0]") with every default filled in. Throws `inventory`. */
export function linkOf(json: LinkJson, path: string, reading: Reading): Link {
  const cipherSuite = json.cipher_suite ?? 'gcm-aes-xpn-256';
  return {
    name: json.name,
    connectivityAssociation: json.connectivity_association,
    method: json.method ?? 'key-chain',
    cipherSuite,
    cknPrefix: (json.ckn_prefix ?? ORIGINAL_CKN_PREFIX).toLowerCase(),
    keyChain: json.key_chain ?? json.connectivity_association,
    cak: json.cak ?? 'derived',
    initialKey: json.initial_key === undefined ? undefined : initialKey(json.initial_key, `${path}.initial_key`, { cipherSuite, reading }),
    master: endOf(json.master),
    slaves: json.slaves.map(endOf),
  };
}

function endOf({ device, interfaces }: LinkEnd): LinkEnd {
  return { device, interfaces };
}

interface Surroundings {
  readonly cipherSuite: CipherSuite;
  readonly reading: Reading;
}

function initialKey(json: NonNullable<LinkJson['initial_key']>, path: string, { cipherSuite, reading }: Surroundings): NonNullable<Link['initialKey']> {
  const digits = readSecret(`${path}.cak`, { inline: json.cak, file: json.cak_file, env: json.cak_env }, reading);
  if (digits === undefined) throw new QkdError('inventory', `${path}: key "cak" is missing`, { hint: 'set cak_file or cak_env, or leave initial_key out' });
  return { ckn: json.ckn.toLowerCase(), cak: cakOf(digits, `${path}.cak`, cipherSuite) };
}

/** The CAK's bytes from its hexadecimal digits (IEEE 802.1X: as long as the cipher suite's key). */
function cakOf(digits: Secret, path: string, cipherSuite: CipherSuite): Secret {
  const wanted = cipherSuite.endsWith('128') ? 32 : 64;
  const text = digits.revealText();
  if (text.length !== wanted || !/^[0-9A-Fa-f]+$/.test(text)) {
    throw new QkdError('inventory', `${path}: a text of ${text.length} characters, expected ${wanted} hexadecimal digits for ${cipherSuite}`);
  }
  // The original's bootstrap key and keys of one repeated byte are known to everyone.
  const lower = text.toLowerCase();
  const repeated = ORIGINAL_CKN_PREFIX.repeat(2).startsWith(lower) || /^(..)\1*$/.test(lower);
  if (repeated) throw new QkdError('inventory', `${path}: a well-known key`, { hint: 'make a random one: openssl rand -hex 32' });
  const cak = Secret.ofBytes(Buffer.from(text, 'hex'));
  digits.wipe();
  return cak;
}
