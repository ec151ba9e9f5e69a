// NETCONF message framing on the server's side: the end-of-message mark of base:1.0 (RFC 6242 4.3) and
// chunks of base:1.1 (4.2). Bytes come in any pieces. `xml-mode netconf` without need-trailer also ends
// a message at </rpc> or </hello>, as shell scripts on routers rely on.

export type Framing = 'end-of-message' | 'chunked';

export class FramingError extends Error {}

const MARK = Buffer.from(']]>]]>');
const CHUNK_HEADER_LIMIT = 16;

export class FrameReader {
  framing: Framing = 'end-of-message';
  /** Set for `xml-mode netconf` without need-trailer. */
  readonly #trailerOptional: boolean;
  readonly #limit: number;
  /** Grows by doubling, so that a long message is not copied at every piece; #pending is its part in use. */
  #storage: Buffer = Buffer.alloc(0);
  #pending: Buffer = this.#storage;
  /** Where the search for the mark goes on. */
  #scanned = 0;
  #chunks: Buffer[] = [];
  #chunkBytes = 0;

  constructor(options: { limit: number; trailerOptional?: boolean }) {
    this.#limit = options.limit;
    this.#trailerOptional = options.trailerOptional ?? false;
  }

  push(bytes: Buffer): void {
    const before = this.#pending;
    const length = before.length + bytes.length;
    let start = before.byteOffset - this.#storage.byteOffset;
    if (start + length > this.#storage.length) {
      this.#storage = Buffer.allocUnsafeSlow(2 * length);
      start = 0;
      before.copy(this.#storage);
    }
    bytes.copy(this.#storage, start + before.length);
    this.#pending = this.#storage.subarray(start, start + length);
  }

  /** Bytes taken in and not yet given out. */
  get size(): number {
    return this.#pending.length;
  }

  /** The next whole message; undefined when more bytes are needed. Throws FramingError; then the session must end. */
  next(): string | undefined {
    return this.framing === 'chunked' ? this.#nextChunked() : this.#nextMarked();
  }

  /** What is left when the client has closed its side: a last message without mark, or ''. */
  rest(): string {
    const rest = this.framing === 'chunked' ? '' : this.#pending.toString('utf8').trim();
    this.#pending = this.#pending.subarray(this.#pending.length);
    return rest;
  }

  #nextMarked(): string | undefined {
    const mark = this.#pending.indexOf(MARK, Math.max(0, this.#scanned - MARK.length));
    const tag = this.#trailerOptional ? endTag(this.#pending) : -1;
    const byTag = tag !== -1 && (mark === -1 || tag < mark);
    const end = byTag ? tag : mark;
    if (end === -1) {
      this.#scanned = this.#pending.length;
      if (this.#pending.length > this.#limit) throw new FramingError('message too large');
      return undefined;
    }
    const message = this.#pending.subarray(0, end).toString('utf8');
    this.#pending = this.#pending.subarray(byTag ? end : end + MARK.length);
    this.#scanned = 0;
    if (message.length > this.#limit) throw new FramingError('message too large');
    return message;
  }

  #nextChunked(): string | undefined {
    for (;;) {
      const header = /^\n#(?:(#)|([1-9]\d{0,9}))\n/.exec(this.#pending.toString('latin1', 0, CHUNK_HEADER_LIMIT));
      if (header === null) return this.#awaitHeader();
      if (header[1] === '#') return this.#endOfChunks(header[0].length);
      const size = Number(header[2]);
      if (this.#chunkBytes + size > this.#limit) throw new FramingError('message too large');
      const from = header[0].length;
      if (this.#pending.length < from + size) return undefined;
      this.#chunks.push(this.#pending.subarray(from, from + size));
      this.#chunkBytes += size;
      this.#pending = this.#pending.subarray(from + size);
    }
  }

  #awaitHeader(): undefined {
    const start = this.#pending.toString('latin1', 0, CHUNK_HEADER_LIMIT);
    if (start.length >= CHUNK_HEADER_LIMIT || !/^(?:\n(?:#(?:#|[1-9]\d{0,9})?)?)?$/.test(start)) throw new FramingError('invalid chunk header');
    return undefined;
  }

  #endOfChunks(length: number): string {
    if (this.#chunks.length === 0) throw new FramingError('message without chunks');
    const message = Buffer.concat(this.#chunks).toString('utf8');
    this.#chunks = [];
    this.#chunkBytes = 0;
    this.#pending = this.#pending.subarray(length);
    return message;
  }
}

/** One message, framed. */
export function frame(message: string, framing: Framing): string {
  return framing === 'chunked' ? `\n#${Buffer.byteLength(message)}\n${message}\n##\n` : `${message}\n]]>]]>\n`;
}

function endTag(pending: Buffer): number {
  const match = /<\/(?:[A-Za-z_][\w.-]*:)?(?:rpc|hello)\s*>/.exec(pending.toString('latin1'));
  return match === null ? -1 : match.index + match[0].length;
}
