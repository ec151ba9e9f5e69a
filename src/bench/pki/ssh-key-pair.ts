// SSH key pairs for benches and tests, made at run time. ssh2's generator drops leading zero bytes of an
// Ed25519 or ECDSA key, so that one pair in 128 cannot be used: such a one is drawn again.

import ssh2 from 'ssh2';

export interface SshKeyPair {
  /** OpenSSH private key file. */
  readonly private: string;
  /** `<type> <base64> [comment]` */
  readonly public: string;
}

export type SshKeyType = 'ed25519' | 'ecdsa' | 'rsa';

export interface SshKeyOptions {
  readonly comment?: string;
  readonly passphrase?: string;
}

/** A pair that OpenSSH and ssh2 can read: Ed25519, P-256 or RSA 2048. */
export function sshKeyPair(type: SshKeyType = 'ed25519', { comment, passphrase }: SshKeyOptions = {}): SshKeyPair {
  const size = { ed25519: {}, ecdsa: { bits: 256 }, rsa: { bits: 2048 } }[type];
  const encryption = passphrase === undefined ? {} : { passphrase, cipher: 'aes256-ctr', rounds: 2 };
  for (;;) {
    const pair = ssh2.utils.generateKeyPairSync(type as 'rsa', { ...size, ...encryption, ...(comment === undefined ? {} : { comment }) } as { bits: number });
    if (isUsable(pair, passphrase)) return pair;
  }
}

function isUsable(pair: SshKeyPair, passphrase: string | undefined): boolean {
  const [own, shown] = [ssh2.utils.parseKey(pair.private, passphrase), ssh2.utils.parseKey(pair.public)];
  if (own instanceof Error || shown instanceof Error) return false;
  const signature: unknown = own.sign('proof');
  return Buffer.isBuffer(signature) && shown.verify('proof', signature) === true;
}
