// The router's host key: ed25519, made when it starts, with its fingerprint as OpenSSH prints it.

import { createHash } from 'node:crypto';
import { sshKeyPair } from '../../pki/ssh-key-pair.ts';

export interface HostKey {
  /** OpenSSH private key text; lives in memory only. */
  readonly privateKey: string;
  /** "ssh-ed25519 AAAA…" */
  readonly publicKey: string;
  /** "SHA256:…" without padding. */
  readonly fingerprint: string;
}

/** A new host key. */
export function makeHostKey(): HostKey {
  const pair = sshKeyPair();
  const publicKey = pair.public.trim().split(' ').slice(0, 2).join(' ');
  const blob = Buffer.from(publicKey.split(' ')[1] as string, 'base64');
  const digest = createHash('sha256').update(blob).digest('base64').replace(/=+$/, '');
  return { privateKey: pair.private, publicKey, fingerprint: `SHA256:${digest}` };
}
