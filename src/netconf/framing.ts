// NETCONF message framing over a byte stream: the end-of-message sequence (RFC 6242 section 4.3) that every
// session starts with, and chunked framing (section 4.2) when both hellos offer base:1.1. Pure; whole
// messages come out as bytes, so that a UTF-8 character split between two reads is never broken.

import type { QkdError } from '../errors.ts';
import { protocolError } from './protocol-error.ts';

export type Framing = 'end-of-message' | 'chunked';

/** Longest message that is accepted, in bytes. */
export const MAX_MESSAGE_BYTES = 16 * 1024 * 1024;

const END_OF_MESSAGE = Buffer.from(']]>]]>');
const LINE_FEED = 0x0a;
const HASH = 0x23;
/** RFC 6242: chunk-size is at most 4294967295, ten digits. */
const MAX_SIZE_DIGITS = 10;

/** One message as it goes over the wire. `text` is serialised XML, which cannot hold `]]>]]>`. */
export function encodeMessage(text: string, framing: Framing): Buffer {
  if (framing === 'chunked') {
    if (text === '') throw new TypeError('an empty message has no chunked form');
    return Buffer.from(`\n#${Buffer.byteLength(text)}\n${text}\n##\n`);
  }
  if (text.includes(']]>]]>')) throw new TypeError('the message holds the end-of-message sequence');
  return Buffer.from(`${text}]]>]]>`);
}

/** Growing buffer that is filled at the end and emptied at the front without moving bytes each time. */
class ByteQueue {
  #bytes = Buffer.alloc(4096);
  #start = 0;
  #end = 0;

  get length(): number {
    return this.#end - this.#start;
  }

  /** The queued bytes, valid until the next call that changes the queue. */
  view(): Buffer {
    return this.#bytes.subarray(this.#start, this.#end);
  }

  append(chunk: Buffer): void {
    if (this.#end + chunk.length > this.#bytes.length) {
      const needed = this.length + chunk.length;
      const target = needed * 2 <= this.#bytes.length ? this.#bytes : Buffer.alloc(needed * 2);
      this.view().copy(target);
      this.#end = this.length;
      this.#start = 0;
      this.#bytes = target;
    }
    this.#end += chunk.copy(this.#bytes, this.#end);
  }

  take(count: number): Buffer {
    const taken = Buffer.from(this.#bytes.subarray(this.#start, this.#start + count));
    this.drop(count);
    return taken;
  }

  drop(count: number): void {
    this.#start += count;
  }
}

/**
 * Splits a byte stream into messages: `push` what arrives, `next` until it is undefined. Both throw
 * netconf-protocol, after which the stream cannot be trusted any more.
 */
export class FrameDecoder {
  readonly #limit: number;
  readonly #waiting = new ByteQueue();
  #framing: Framing = 'end-of-message';
  #searched = 0;
  #message = new ByteQueue();
  #chunkLeft = 0;

  constructor(limit: number = MAX_MESSAGE_BYTES) {
    this.#limit = limit;
  }

  /** Everything after the last message that `next` returned is chunked. Called once, after the hellos. */
  useChunked(): void {
    this.#framing = 'chunked';
  }

  push(chunk: Buffer): void {
    this.#waiting.append(chunk);
    if (this.#waiting.length > this.#limit + END_OF_MESSAGE.length + MAX_SIZE_DIGITS) throw this.#tooLong();
  }

  /** The next whole message without its framing; undefined when more bytes are needed. */
  next(): Buffer | undefined {
    return this.#framing === 'chunked' ? this.#nextChunked() : this.#nextDelimited();
  }

  /** Bytes that belong to no finished message yet, for saying what arrived instead of a message. */
  rest(): Buffer {
    return Buffer.concat([this.#message.view(), this.#waiting.view()]);
  }

  #tooLong(): QkdError {
    return framingError(`message longer than ${this.#limit} bytes`);
  }

  #nextDelimited(): Buffer | undefined {
    const view = this.#waiting.view();
    const at = view.indexOf(END_OF_MESSAGE, Math.max(0, this.#searched - END_OF_MESSAGE.length + 1));
    if ((at < 0 ? view.length - END_OF_MESSAGE.length : at) > this.#limit) throw this.#tooLong();
    this.#searched = at < 0 ? view.length : 0;
    if (at < 0) return undefined;
    const message = this.#waiting.take(at);
    this.#waiting.drop(END_OF_MESSAGE.length);
    return message;
  }

  #nextChunked(): Buffer | undefined {
    for (;;) {
      if (this.#chunkLeft > 0) {
        const part = this.#waiting.take(Math.min(this.#chunkLeft, this.#waiting.length));
        this.#message.append(part);
        this.#chunkLeft -= part.length;
        if (this.#chunkLeft > 0) return undefined;
      }
      const header = readChunkHeader(this.#waiting.view());
      if (header === undefined) return undefined;
      this.#waiting.drop(header.length);
      if (header.size === 'end') return this.#finishMessage();
      if (this.#message.length + header.size > this.#limit) throw this.#tooLong();
      this.#chunkLeft = header.size;
    }
  }

  #finishMessage(): Buffer {
    if (this.#message.length === 0) throw framingError('end of chunks without a chunk');
    const message = this.#message.take(this.#message.length);
    this.#message = new ByteQueue();
    return message;
  }
}

interface ChunkHeader {
  readonly size: number | 'end';
  /** Bytes of the header itself. */
  readonly length: number;
}

/** `LF # size LF` or `LF # # LF`, refused at the first byte that is neither; undefined while it is incomplete. */
function readChunkHeader(bytes: Buffer): ChunkHeader | undefined {
  if (bytes.length > 0 && bytes[0] !== LINE_FEED) throw framingError('chunk does not start with a line feed');
  if (bytes.length > 1 && bytes[1] !== HASH) throw framingError('chunk header without #');
  if (bytes.length < 3) return undefined;
  if (bytes[2] === HASH) {
    if (bytes.length > 3 && bytes[3] !== LINE_FEED) throw framingError('end of chunks is not a line of its own');
    return bytes.length > 3 ? { size: 'end', length: 4 } : undefined;
  }
  const header = bytes.subarray(2, 2 + MAX_SIZE_DIGITS + 1).toString('latin1');
  if (!/^[1-9][0-9]{0,9}(?:\n|$)/.test(header)) throw framingError('chunk size is not one to ten digits without a leading zero');
  const end = header.indexOf('\n');
  return end < 0 ? undefined : { size: Number(header.slice(0, end)), length: 2 + end + 1 };
}

function framingError(reason: string): QkdError {
  return protocolError(`framing: ${reason}`);
}
