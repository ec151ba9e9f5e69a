// Reads an SCP client's bytes piece by piece: a line, a status byte, or a file's content. Every wait
// ends after the idle time, and a line has a limit.

import type { Readable } from 'node:stream';

export class ScpBroken extends Error {}

const LONGEST_LINE = 4096;

export class ByteSource {
  readonly #chunks: AsyncIterator<Buffer>;
  readonly #idle: number;
  #pending: Buffer = Buffer.alloc(0);

  constructor(stream: Readable, idle: number) {
    // At the client's end of file our own side stays open: the exit status is still to be sent.
    this.#chunks = stream.iterator({ destroyOnReturn: false }) as AsyncIterator<Buffer>;
    this.#idle = idle;
  }

  /** The next bytes, at most `most`; undefined at the end of the stream. */
  async some(most: number): Promise<Buffer | undefined> {
    if (this.#pending.length === 0) {
      const next = await this.#next();
      if (next === undefined) return undefined;
      this.#pending = next;
    }
    const taken = this.#pending.subarray(0, most);
    this.#pending = this.#pending.subarray(taken.length);
    return taken;
  }

  /** A line without its line feed; undefined at the end of the stream. */
  async line(): Promise<string | undefined> {
    const bytes: Buffer[] = [];
    for (let length = 0; length < LONGEST_LINE; length += 1) {
      const byte = await this.some(1);
      if (byte === undefined) return length === 0 ? undefined : Buffer.concat(bytes).toString('utf8');
      if (byte[0] === 0x0a) return Buffer.concat(bytes).toString('utf8');
      // A status of 0 stands alone, without line feed.
      if (length === 0 && byte[0] === 0) return '\0';
      bytes.push(byte);
    }
    throw new ScpBroken('protocol error: line too long');
  }

  async #next(): Promise<Buffer | undefined> {
    let timer: NodeJS.Timeout | undefined;
    const idle = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new ScpBroken('timed out')), this.#idle);
    });
    try {
      const result = await Promise.race([this.#chunks.next(), idle]);
      return result.done === true ? undefined : result.value;
    } finally {
      clearTimeout(timer);
    }
  }
}
