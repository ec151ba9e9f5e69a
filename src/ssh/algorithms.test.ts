// Which algorithms really go over the wire: a raw TCP server reads our SSH_MSG_KEXINIT. A list that a package
// default slips into would show here.

import { createServer } from 'node:net';
import { expect, test } from 'vitest';

import { noLog } from '../log.ts';
import { Secret } from '../secret.ts';
import { connectSsh } from './connect.ts';
import { listen, settings } from './test-peers.ts';

/** The name-lists of an SSH_MSG_KEXINIT packet (RFC 4253 section 7.1) that follows the identification line. */
function nameLists(received: Buffer): string[][] | undefined {
  const packet = received.subarray(received.indexOf('\r\n') + 2);
  if (!received.includes('\r\n') || packet.length < 4 || packet.length < 4 + packet.readUInt32BE(0)) return undefined;
  const lists: string[][] = [];
  let at = 4 + 1 + 1 + 16; // packet length, padding length, message number, cookie
  for (let i = 0; i < 10; i += 1) {
    const length = packet.readUInt32BE(at);
    lists.push(packet.toString('latin1', at + 4, at + 4 + length).split(',').filter(Boolean));
    at += 4 + length;
  }
  return lists;
}

test('what goes over the wire offers no SHA-1, no CBC, no DSA, no chacha20 and no compression', async () => {
  let lists: string[][] | undefined;
  const server = createServer((socket) => {
    const pieces: Buffer[] = [];
    socket.write('SSH-2.0-OpenSSH_9.2\r\n');
    socket.on('data', (piece: Buffer) => {
      pieces.push(piece);
      lists ??= nameLists(Buffer.concat(pieces));
      if (lists !== undefined) socket.destroy();
    });
  });
  const peer = await listen(server);
  try {
    const target = { addresses: ['127.0.0.1'], port: peer.port, username: 'qkd', password: Secret.ofText('x'), hostKeys: [] };
    await expect(connectSsh(target, settings(), { log: noLog })).rejects.toMatchObject({ code: 'ssh-unreachable' });
    const [keyExchange, hostKey, cipherOut, cipherIn, macOut, macIn, ...rest] = lists ?? [];
    expect(keyExchange).toEqual([
      'curve25519-sha256',
      'curve25519-sha256@libssh.org',
      'ecdh-sha2-nistp256',
      'ecdh-sha2-nistp384',
      'ecdh-sha2-nistp521',
      'diffie-hellman-group16-sha512',
      'diffie-hellman-group14-sha256',
      'ext-info-c',
      'kex-strict-c-v00@openssh.com',
    ]);
    expect(hostKey).toEqual(['ssh-ed25519', 'ecdsa-sha2-nistp256', 'ecdsa-sha2-nistp384', 'ecdsa-sha2-nistp521', 'rsa-sha2-512', 'rsa-sha2-256']);
    expect(cipherOut).toEqual(['aes256-gcm@openssh.com', 'aes128-gcm@openssh.com', 'aes256-ctr', 'aes192-ctr', 'aes128-ctr']);
    expect(cipherIn).toEqual(cipherOut);
    expect(macOut).toEqual(['hmac-sha2-256-etm@openssh.com', 'hmac-sha2-512-etm@openssh.com']);
    expect(macIn).toEqual(macOut);
    expect(rest).toEqual([['none'], ['none'], [], []]);
    expect((lists ?? []).flat().join(' ')).not.toMatch(/sha1|ssh-rsa|ssh-dss|cbc|chacha|md5/);
  } finally {
    await peer.close();
  }
});
