// Whole NETCONF messages over a transport: sends one, waits a bounded time for one. The first thing that
// goes wrong (timeout, broken framing, the other end gone) ends the channel for good and frees the
// transport, because whatever arrives after that could be taken for the answer to a later question.

import { QkdError } from '../errors.ts';
import { FrameDecoder, encodeMessage, type Framing } from './framing.ts';
import { protocolError } from './protocol-error.ts';
import type { NetconfTransport } from './transport/transport.ts';

const SLOW = 'check the load of the router, or raise system.netconf.rpc_timeout in the inventory';

interface Waiter {
  readonly resolve: (message: string) => void;
  readonly reject: (error: QkdError) => void;
}

export class MessageChannel {
  readonly #transport: NetconfTransport;
  readonly #decoder = new FrameDecoder();
  #framing: Framing = 'end-of-message';
  #waiter: Waiter | undefined;
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
   * Sends `text` and resolves with the next message. Throws netconf-closed, netconf-protocol, or deadline
   * after `timeoutSeconds`; after any of them the channel is closed.
   */
  async exchange(text: string, timeoutSeconds: number): Promise<string> {
    this.#requireOpen();
    if (this.#decoder.rest().some((byte) => !isWhitespace(byte))) {
      throw this.#fail(protocolError('the router sent something that nothing asked for'));
    }
    const reply = this.receive(timeoutSeconds);
    this.#transport.writable.write(encodeMessage(text, this.#framing));
    return reply;
  }

  /** Sends without waiting for anything: our hello. */
  send(text: string): void {
    this.#requireOpen();
    this.#transport.writable.write(encodeMessage(text, this.#framing));
  }

  /** The next message; one caller at a time. Throws like `exchange`. */
  receive(timeoutSeconds: number): Promise<string> {
    this.#requireOpen();
    const message = new Promise<string>((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#fail(new QkdError('deadline', `no answer within ${timeoutSeconds} s; the session was closed`, { hint: SLOW }));
      }, timeoutSeconds * 1000);
      this.#waiter = {
        resolve: (text) => (clearTimeout(timer), resolve(text)),
        reject: (error) => (clearTimeout(timer), reject(error)),
      };
    });
    this.#deliver();
    return message;
  }

  /** Ends the channel; a waiting caller gets `reason`. Resolves when the transport is free; never rejects. */
  async close(reason: QkdError): Promise<void> {
    this.#fail(reason);
    await this.#released;
  }

  #requireOpen(): void {
    if (this.#failure === undefined) return;
    const { code, message } = this.#failure;
    throw new QkdError('netconf-closed', code === 'netconf-closed' ? message : `the session is closed: ${message}`, { cause: this.#failure });
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
    if (this.#waiter === undefined || this.#failure !== undefined) return;
    try {
      const message = this.#decoder.next();
      if (message === undefined) return;
      const { resolve } = this.#waiter;
      this.#waiter = undefined;
      resolve(message.toString('utf8'));
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
      this.#waiter?.reject(error);
      this.#waiter = undefined;
    }
    return error;
  }
}

function isWhitespace(byte: number): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}
