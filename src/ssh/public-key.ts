// The public half of a private key file, as an authorized_keys line: what a router has to know to let its owner in.

import { parsePrivateKey, readPrivateKey } from './credentials.ts';
import type { Secret } from '../secret.ts';
import type { ParseKey } from './credentials.ts';

/** `ssh-ed25519 AAAA...`, without comment. Throws `file` when the key cannot be used. */
export async function publicKeyOf(file: string, passphrase: Secret | undefined): Promise<string> {
  const loaded = (await import('ssh2')) as typeof import('ssh2') & { default?: typeof import('ssh2') };
  const { utils } = loaded.default ?? loaded;
  const pem = readPrivateKey(file);
  try {
    const key = parsePrivateKey(file, pem, passphrase, utils.parseKey as ParseKey);
    return `${key.type} ${key.getPublicSSH().toString('base64')}`;
  } finally {
    pem.wipe();
  }
}
