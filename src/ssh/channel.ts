// One SSH session channel (RFC 4254 section 6) as a well-behaved Duplex. ssh2's own channel object swallows writes
// after the connection is lost, leaves write callbacks pending, and never emits 'close' after destroy; this one fails
// such writes with ssh-closed and always closes. What the command prints on stderr is kept, bounded, for messages.

import { Duplex } from 'node:stream';

import { oneLine, QkdError } from '../errors.ts';
import type { ClientChannel } from 'ssh2';

const KEPT_STDERR = 2048;

export class SshChannel extends Duplex {
  readonly #inner: ClientChannel;
  #stderr = '';
  #exitStatus: number | undefined;
  #closed = false;
  #pendingWrite: ((error: Error) => void) | undefined;

  constructor(inner: ClientChannel) {
    // Closing is the connection's word (CHANNEL_CLOSE): the exit status may come after both directions have ended.
    super({ autoDestroy: false });
    this.#inner = inner;
    // A consumer that is gone must not bring the process down with an unhandled 'error'.
    this.on('error', () => undefined);
    inner.on('error', () => this.#onClose());
    inner.on('data', (chunk: Buffer) => {
      if (!this.push(chunk)) inner.pause();
    });
    inner.on('end', () => this.push(null));
    inner.on('exit', (status: number | null) => {
      this.#exitStatus = status ?? undefined;
    });
    inner.on('close', () => this.#onClose());
    inner.stderr.on('error', () => undefined);
    inner.stderr.on('data', (chunk: Buffer) => {
      if (this.#stderr.length < KEPT_STDERR) this.#stderr += chunk.toString('utf8', 0, KEPT_STDERR);
    });
  }

  /** What the command printed on stderr so far, as one line; '' when nothing. */
  get diagnostics(): string {
    return oneLine(this.#stderr);
  }

  /** True when the other end has closed; what it sent before can still be read. */
  get closedByOtherEnd(): boolean {
    return this.#closed;
  }

  /** The command's exit status; undefined while it runs and when a signal ended it. */
  get exitStatus(): number | undefined {
    return this.#exitStatus;
  }

  #onClose(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#pendingWrite?.(this.#lost());
    // What was received stays readable; the channel closes once it has been read.
    if (this.readableEnded || this.destroyed) this.destroy();
    else this.once('end', () => this.destroy());
  }

  #lost(): QkdError {
    const text = 'the other end closed the channel';
    return new QkdError('ssh-closed', this.diagnostics === '' ? text : `${text}: ${this.diagnostics}`, {
      hint: 'check the router and the path to it, then run again',
    });
  }

  override _read(): void {
    this.#inner.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, callback: (error?: Error | null) => void): void {
    if (this.#closed) return callback(this.#lost());
    const settle = (error?: Error | null): void => {
      if (this.#pendingWrite !== settle) return;
      this.#pendingWrite = undefined;
      callback(error);
    };
    this.#pendingWrite = settle;
    try {
      this.#inner.write(chunk, (error) => settle(error));
    } catch (error) {
      settle(error as Error);
    }
  }

  /** What was written in one turn goes out as one message. */
  override _writev(chunks: { chunk: Buffer; encoding: BufferEncoding }[], callback: (error?: Error | null) => void): void {
    this._write(Buffer.concat(chunks.map(({ chunk }) => chunk)), 'binary', callback);
  }

  override _final(callback: (error?: Error | null) => void): void {
    this.#quietly(() => this.#inner.end());
    callback();
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    this.#quietly(() => this.#inner.close());
    this.#inner.resume();
    callback(error);
  }

  /** ssh2 throws when a message is to be sent after a fatal protocol error; there is nobody left to tell. */
  #quietly(send: () => void): void {
    try {
      if (!this.#closed) send();
    } catch {
      this.#closed = true;
    }
  }
}
