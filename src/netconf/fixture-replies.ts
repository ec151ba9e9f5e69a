// For tests: the raw replies under fixtures/netconf, and the way a reply's bytes take through the client
// (framing, then XML, then meaning), fed in pieces of any size.

import { readFileSync, readdirSync } from 'node:fs';
import { FrameDecoder, encodeMessage, type Framing } from './framing.ts';

const ROOT = new URL('../../fixtures/netconf/', import.meta.url);

/** `<rpc>/<case>` of every fixture, sorted. */
export function fixtureNames(): string[] {
  return readdirSync(ROOT)
    .flatMap((rpc) => readdirSync(new URL(`${rpc}/`, ROOT)).map((file) => `${rpc}/${file}`))
    .sort();
}

/** The bytes as a router sent them, framing included. */
export function fixture(name: string): Buffer {
  return readFileSync(new URL(name, ROOT));
}

/** The message inside a fixture without its end-of-message sequence and what follows it. */
export function fixtureText(name: string): string {
  return fixture(name).toString('utf8').split(']]>]]>')[0] as string;
}

/** All messages that come out when `bytes` arrive in pieces of `size`. */
export function decodeInPieces(bytes: Buffer, size: number, framing: Framing = 'end-of-message'): string[] {
  const decoder = new FrameDecoder();
  if (framing === 'chunked') decoder.useChunked();
  const messages: string[] = [];
  for (let at = 0; at < bytes.length; at += size) {
    decoder.push(bytes.subarray(at, at + size));
    for (let message = decoder.next(); message !== undefined; message = decoder.next()) messages.push(message.toString('utf8'));
  }
  return messages;
}

/** The fixture's message in chunked framing. */
export function chunkedFixture(name: string): Buffer {
  return encodeMessage(fixtureText(name), 'chunked');
}
