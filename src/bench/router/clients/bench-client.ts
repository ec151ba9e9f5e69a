// A small NETCONF client for tests: speaks raw text on any stream, so that tests can also send what no
// sound client would.

import { connect } from 'node:net';
import type { Duplex } from 'node:stream';
import ssh2, { type ClientChannel, type ConnectConfig } from 'ssh2';

const MARK = ']]>]]>';
const PATIENCE = 30_000;

export class RawNetconf {
  readonly stream: Duplex;
  received = '';
  #wake: () => void = () => undefined;
  closed = false;

  constructor(stream: Duplex) {
    this.stream = stream;
    stream.on('data', (bytes: Buffer) => {
      this.received += bytes.toString('utf8');
      this.#wake();
    });
    for (const event of ['end', 'close', 'error']) {
      stream.on(event, () => {
        this.closed = true;
        this.#wake();
      });
    }
  }

  send(text: string): void {
    this.stream.write(text);
  }

  /** Waits until `done` says so of what was received; rejects after half a minute or when the stream has ended without. */
  async until(done: (received: string) => boolean): Promise<string> {
    const deadline = AbortSignal.timeout(PATIENCE);
    deadline.addEventListener('abort', () => this.#wake());
    while (!done(this.received)) {
      if (this.closed) throw new Error(`stream ended after: ${this.received}`);
      if (deadline.aborted) throw new Error(`nothing more came after: ${this.received}`);
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
    return this.received;
  }

  /** The next message up to its end-of-message mark. */
  async message(): Promise<string> {
    await this.until((received) => received.includes(MARK));
    const end = this.received.indexOf(MARK);
    const message = this.received.slice(0, end);
    this.received = this.received.slice(end + MARK.length);
    return message.trim();
  }

  /** Sends one RPC and waits for its reply. */
  async rpc(body: string, id = '1'): Promise<string> {
    this.send(`<rpc message-id="${id}">${body}</rpc>${MARK}`);
    return this.message();
  }

  /** Resolves when the other side has closed. */
  async ended(): Promise<void> {
    await this.until(() => this.closed);
  }
}

/** NETCONF on a UNIX socket, hello taken. */
export async function dialUnix(path: string): Promise<RawNetconf> {
  const client = new RawNetconf(connect(path));
  await client.message();
  return client;
}

/** A logged-in SSH connection; rejects when login fails. */
export function dialSsh(config: ConnectConfig): Promise<ssh2.Client> {
  const client = new ssh2.Client();
  return new Promise((resolve, reject) => {
    client.once('ready', () => resolve(client));
    // Both may come again, and after `ready`: then they change nothing, but somebody must listen.
    client.on('error', reject);
    client.on('close', () => reject(new Error('closed')));
    client.connect({ readyTimeout: PATIENCE, hostVerifier: () => true, ...config });
    client.setNoDelay(true);
  });
}

/** Runs a command; resolves to its channel. */
export function execSsh(client: ssh2.Client, command: string): Promise<ClientChannel> {
  return new Promise((resolve, reject) => client.exec(command, (error, channel) => (error ? reject(error) : resolve(channel))));
}

/** Starts a subsystem; resolves to its channel. */
export function subsystemSsh(client: ssh2.Client, name: string): Promise<ClientChannel> {
  return new Promise((resolve, reject) => client.subsys(name, (error, channel) => (error ? reject(error) : resolve(channel))));
}
