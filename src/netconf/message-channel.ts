// Whole NETCONF messages over a transport: sends some, waits a bounded time for as many, which come in the order
// of the questions (RFC 6241 section 4.5). The first thing that goes wrong (timeout, broken framing, the other end
// gone) ends the channel for good and frees the transport, because whatever arrives after that could be taken for
// the answer to a later question.

import { QkdError } from '../errors.ts';
import { FrameDecoder, encodeMessage, type Framing } from './framing.ts';
import { protocolError } from './protocol-error.ts';
import type { NetconfTransport } from './transport/transport.ts';

const SLOW = 'check the load of the router, or raise system.netconf.rpc_timeout in the inventory';
const AGAIN = "run again; the router's messages log may say more";

interface Waiter {
  readonly resolve: (message: string) => void;
  readonly reject: (error: QkdError) => void;
  readonly timeoutSeconds: number;
}

export class MessageChannel {
  readonly #transport: NetconfTransport;
  readonly #decoder = new FrameDecoder();
  #framing: Framing = 'end-of-message';
  /** Who waits for a message, in order; the time of the first one runs. */
  readonly #waiters: Waiter[] = [];
  #timer: NodeJS.Timeout | undefined;
  #failure: QkdError | undefined;
  #released: Promise<void> | undefined;
  #ending = false;

  constructor(transport: NetconfTransport) {
    this.#transport = transport;
    const ended = (): void => void this.#ended();
    transport.readable.on('data', (chunk: Buffer | string) => this.#take(Buffer.from(chunk as Buffer)));
    transport.readable.on('end', ended).on('error', ended).on('close', ended);
    transport.writable.on('error', ended);
  }

  get framing(): Framing {
    return this.#framing;
  }

  /** Why nothing can be sent any more; undefined while the channel works. */
  get failure(): QkdError | undefined {
    return this.#failure;
  }

  /** Both hellos offered base:1.1: chunked framing from the next message on. */
  useChunked(): void {
    this.#framing = 'chunked';
    this.#decoder.useChunked();
  }

  /** Text that arrived without making a whole message. */
  unfinishedText(): string {
    return this.#decoder.rest().toString('utf8');
  }

  /**
   * Sends `text` and resolves with its answer: the next message that nobody waits for yet. Throws netconf-closed,
   * netconf-protocol, or deadline when `timeoutSeconds` have passed since the answer before it; after any of them the
   * channel is closed.
   */
  async exchange(text: string, timeoutSeconds: number): Promise<string> {
    this.#requireOpen();
    if (this.#waiters.length === 0 && this.#decoder.rest().some((byte) => !isWhitespace(byte))) {
      throw this.#fail(protocolError('the router sent something that nothing asked for'));
    }
    const reply = this.receive(timeoutSeconds);
    this.#write(text);
    return reply;
  }

  /** Sends without waiting for anything: our hello. */
  send(text: string): void {
    this.#requireOpen();
    this.#write(text);
  }

  /** The next message that nobody waits for yet. Throws like `exchange`. */
  receive(timeoutSeconds: number): Promise<string> {
    this.#requireOpen();
    const message = new Promise<string>((resolve, reject) => void this.#waiters.push({ resolve, reject, timeoutSeconds }));
    if (this.#waiters.length === 1) this.#startTimer();
    this.#deliver();
    return message;
  }

  /** What is sent in one turn leaves as one piece: over SSH that is one packet to encrypt. */
  #write(text: string): void {
    const { writable } = this.#transport;
    if (writable.writableCorked === 0) {
      writable.cork();
      process.nextTick(() => writable.uncork());
    }
    writable.write(encodeMessage(text, this.#framing));
  }

  #startTimer(): void {
    clearTimeout(this.#timer);
    const first = this.#waiters[0];
    if (first === undefined) return;
    this.#timer = setTimeout(() => {
      this.#fail(new QkdError('deadline', `no answer within ${first.timeoutSeconds} s; the session was closed`, { hint: SLOW }));
    }, first.timeoutSeconds * 1000);
  }

  /** Ends the channel; a waiting caller gets `reason`. Resolves when the transport is free; never rejects. */
  async close(reason: QkdError): Promise<void> {
    this.#fail(reason);
    await this.#released;
  }

  #requireOpen(): void {
    if (this.#failure !== undefined) throw this.#closed(this.#failure);
  }

  /** For those whose question it was not that went wrong. */
  #closed(cause: QkdError): QkdError {
    const { code, message } = cause;
    return new QkdError('netconf-closed', code === 'netconf-closed' ? message : `the session is closed: ${message}`, { hint: cause.hint ?? AGAIN, cause });
  }

  #take(chunk: Buffer): void {
    if (this.#failure !== undefined) return;
    try {
      this.#decoder.push(chunk);
    } catch (error) {
      this.#fail(error as QkdError);
    }
    this.#deliver();
  }

  #deliver(): void {
    try {
      while (this.#waiters.length > 0 && this.#failure === undefined) {
        const message = this.#decoder.next();
        if (message === undefined) return;
        this.#waiters.shift()?.resolve(message.toString('utf8'));
        this.#startTimer();
      }
    } catch (error) {
      this.#fail(error as QkdError);
    }
  }

  async #ended(): Promise<void> {
    if (this.#ending || this.#failure !== undefined) return;
    this.#ending = true;
    this.#fail(await this.#transport.whyEnded());
  }

  #fail(error: QkdError): QkdError {
    if (this.#failure === undefined) {
      this.#failure = error;
      this.#released = this.#transport.close();
      const [first, ...others] = this.#waiters.splice(0);
      this.#startTimer();
      first?.reject(error);
      for (const { reject } of others) reject(this.#closed(error));
    }
    return error;
  }
}

function isWhitespace(byte: number): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}
