// Which SSH algorithms we offer, in order of preference. No SHA-1 anywhere (RFC 8332, RFC 9142), no CBC, and no
// chacha20-poly1305: ssh2 implements that one in WebAssembly, which the shipped file leaves out. AES-GCM, or AES-CTR
// with an encrypt-then-MAC, serves routers. This SSH is classical, not post-quantum: ssh2 has no such key exchange.

const KEY_EXCHANGE = [
  'curve25519-sha256',
  'curve25519-sha256@libssh.org',
  'ecdh-sha2-nistp256',
  'ecdh-sha2-nistp384',
  'ecdh-sha2-nistp521',
  'diffie-hellman-group16-sha512',
  'diffie-hellman-group14-sha256',
] as const;

const CIPHERS = ['aes256-gcm@openssh.com', 'aes128-gcm@openssh.com', 'aes256-ctr', 'aes192-ctr', 'aes128-ctr'] as const;

const MACS = ['hmac-sha2-256-etm@openssh.com', 'hmac-sha2-512-etm@openssh.com'] as const;

/** The host key types we accept, as they are written in known_hosts; the preferred first. */
export const HOST_KEY_TYPES = [
  'ssh-ed25519',
  'ecdsa-sha2-nistp256',
  'ecdsa-sha2-nistp384',
  'ecdsa-sha2-nistp521',
  'ssh-rsa',
] as const;

export type HostKeyType = (typeof HOST_KEY_TYPES)[number];

/** An RSA key (type ssh-rsa) signs with SHA-2 only (RFC 8332). */
function signaturesOf(type: HostKeyType) {
  return type === 'ssh-rsa' ? (['rsa-sha2-512', 'rsa-sha2-256'] as const) : ([type] as const);
}

/** What we offer to a server whose host keys of these types are acceptable, the preferred first. */
export function algorithmsFor(hostKeyTypes: readonly HostKeyType[]) {
  return {
    kex: [...KEY_EXCHANGE],
    serverHostKey: hostKeyTypes.flatMap((type) => [...signaturesOf(type)]),
    cipher: [...CIPHERS],
    hmac: [...MACS],
    compress: ['none' as const],
  };
}

/**
 * Every accepted type, those that known_hosts holds for this server first: a server with several host keys then
 * shows the one we know, and a second type does not look like a changed key (as OpenSSH does).
 */
export function preferKnown(known: readonly string[]): HostKeyType[] {
  const held = HOST_KEY_TYPES.filter((type) => known.includes(type));
  return [...held, ...HOST_KEY_TYPES.filter((type) => !held.includes(type))];
}
