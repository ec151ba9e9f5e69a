// A router's own SSH key pair, made here in memory and put on the router: an Ed25519 key in OpenSSH's private key
// form (PROTOCOL.key of OpenSSH: no cipher, one key) and its public line. Nothing is written on this machine.

import { type KeyObject, createPrivateKey, createPublicKey, generateKeyPairSync, randomBytes } from 'node:crypto';
import { Secret } from '../secret.ts';

export interface SshKeyPair {
  /** Content of a private key file. */
  readonly privateKey: Secret;
  /** `ssh-ed25519 AAAA... comment` */
  readonly publicKey: string;
}

const TYPE = 'ssh-ed25519';
/** The private part is filled up to a multiple of this. */
const BLOCK = 8;
const LINE = 70;

/** A new pair. `comment` is one word. */
export function newSshKeyPair(comment: string): SshKeyPair {
  return sshKeyPairOf(generateKeyPairSync('ed25519').privateKey, comment);
}

/** The pair of an Ed25519 key. Throws TypeError for another kind of key or a comment that is not one word. */
export function sshKeyPairOf(key: KeyObject, comment: string): SshKeyPair {
  if (key.asymmetricKeyType !== 'ed25519') throw new TypeError('not an Ed25519 key');
  if (!/^[\w.@-]{1,100}$/.test(comment)) throw new TypeError('the comment is not one word');
  const seed = raw(key.export({ format: 'jwk' }).d);
  const publicKey = raw(createPublicKey(createPrivateKey(key.export({ format: 'pem', type: 'pkcs8' }))).export({ format: 'jwk' }).x);
  const shown = Buffer.concat([field(TYPE), field(publicKey)]);
  const check = randomBytes(4);
  const secret = Buffer.concat([check, check, shown, field(Buffer.concat([seed, publicKey])), field(comment)]);
  const padding = Buffer.from(Array.from({ length: (BLOCK - (secret.length % BLOCK)) % BLOCK }, (_, index) => index + 1));
  const one = Buffer.from([0, 0, 0, 1]);
  const file = Buffer.concat([Buffer.from('openssh-key-v1\0'), field('none'), field('none'), field(''), one, field(shown), field(Buffer.concat([secret, padding]))]);
  const lines = file.toString('base64').match(new RegExp(`.{1,${LINE}}`, 'g')) ?? [];
  const label = 'OPENSSH PRIVATE KEY';
  return {
    privateKey: Secret.ofText([`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join('\n')),
    publicKey: `${TYPE} ${shown.toString('base64')} ${comment}`,
  };
}

function raw(member: string | undefined): Buffer {
  return Buffer.from(member ?? '', 'base64url');
}

function field(content: string | Buffer): Buffer {
  const bytes = Buffer.from(content as string);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}
