// For tests: a NETCONF server in this process that answers by script, on a UNIX socket. It shares nothing
// with the client under test but the bytes. Unscripted requests are answered like a small, obliging router:
// a candidate that is either as committed or changed, and a list of what was committed.

import { createServer, type Server, type Socket } from 'node:net';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openUnixSocket } from './transport/unix-socket.ts';
import type { NetconfTransport } from './transport/transport.ts';

/** The inner text of <rpc-reply>, or what the peer does instead of answering. */
export type Answer = string | { readonly raw: string } | 'silence' | 'hang up';

export const OK = '<ok/>';
export const DIFFERENCE = '[edit security]\n+  cak "$9$notArealSecret"; ## SECRET-DATA\n';

/** An rpc-error as Junos writes it. */
export function rpcError(message: string, severity = 'error'): string {
  return `<rpc-error><error-severity>${severity}</error-severity><error-message>\n${message}\n</error-message></rpc-error>`;
}

export interface PeerOptions {
  readonly hello?: string;
  /** Offers base:1.1 and speaks chunked framing after the hello. */
  readonly chunked?: boolean;
}

export class ScriptedPeer {
  /** Names of the RPCs received, in order. */
  readonly received: string[] = [];
  /** The RPCs as text. */
  readonly requests: string[] = [];
  /** Commits that were answered with success. */
  commits = 0;
  /** True while the candidate differs from what is committed. */
  dirty = false;
  readonly #script = new Map<string, Answer[]>();
  readonly #server: Server;
  readonly #folder: string;
  readonly #options: PeerOptions;
  readonly #sockets = new Set<Socket>();
  #pendingId = '';

  static async start(options: PeerOptions = {}): Promise<ScriptedPeer> {
    const peer = new ScriptedPeer(await mkdtemp(join(tmpdir(), 'netconf-peer-')), options);
    await new Promise<void>((resolve) => peer.#server.listen(peer.#path, resolve));
    return peer;
  }

  private constructor(folder: string, options: PeerOptions) {
    this.#folder = folder;
    this.#options = options;
    this.#server = createServer((socket) => this.#serve(socket));
  }

  get #path(): string {
    return join(this.#folder, 'mgd');
  }

  /** Connections that are open now. */
  get connections(): number {
    return this.#sockets.size;
  }

  connect(): Promise<NetconfTransport> {
    return openUnixSocket(this.#path);
  }

  /** The next requests of that name get these answers, one each; after them the obliging ones. */
  on(name: string, ...answers: Answer[]): this {
    this.#script.set(name, [...(this.#script.get(name) ?? []), ...answers]);
    return this;
  }

  /** Answers the request that was met with silence, to whoever still listens. */
  answerLate(inner: string): void {
    for (const socket of this.#sockets) this.#send(socket, `<rpc-reply message-id="${this.#pendingId}">${inner}</rpc-reply>`);
  }

  sendUnasked(text: string): void {
    for (const socket of this.#sockets) socket.write(text);
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
    await rm(this.#folder, { recursive: true });
  }

  #serve(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on('close', () => this.#sockets.delete(socket)).on('error', () => undefined);
    const base = this.#options.chunked === true ? '1.1' : '1.0';
    const capability = `<capability>urn:ietf:params:netconf:base:${base}</capability>`;
    socket.write(this.#options.hello ?? `<hello><capabilities>${capability}</capabilities><session-id>7</session-id></hello>]]>]]>`);
    let text = '';
    socket.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
      for (let rpc = this.#cut(text); rpc !== undefined; rpc = this.#cut(text)) {
        text = text.slice(rpc.length);
        if (rpc.includes('message-id')) this.#answer(socket, rpc);
      }
    });
  }

  #cut(text: string): string | undefined {
    const trailer = text.includes('<hello') || this.#options.chunked !== true ? ']]>]]>' : '\n##\n';
    const end = text.indexOf(trailer);
    return end < 0 ? undefined : text.slice(0, end + trailer.length);
  }

  #answer(socket: Socket, rpc: string): void {
    const [, id = '', name = ''] = /message-id="(\d+)"><(?:nc:)?([\w-]+)/.exec(rpc) ?? [];
    this.received.push(name);
    this.requests.push(rpc);
    const answer = this.#script.get(name)?.shift() ?? this.#obliging(name, rpc);
    this.#pendingId = id;
    if (answer === 'hang up') socket.end();
    else if (typeof answer === 'object') socket.write(answer.raw);
    else if (answer !== 'silence') this.#send(socket, `<rpc-reply message-id="${id}">${answer}</rpc-reply>`);
  }

  #send(socket: Socket, text: string): void {
    socket.write(this.#options.chunked === true ? `\n#${Buffer.byteLength(text)}\n${text}\n##\n` : `${text}]]>]]>`);
  }

  #obliging(name: string, rpc: string): string {
    if (name === 'open-configuration') return rpcError('uncommitted changes will be discarded on exit', 'warning');
    if (name === 'load-configuration') this.dirty = !rpc.includes('rollback=');
    if (name === 'close-configuration') this.dirty = false;
    if (name === 'get-configuration' && rpc.includes('compare=')) {
      return `<configuration-information><configuration-output>${this.dirty ? DIFFERENCE : ''}</configuration-output></configuration-information>`;
    }
    if (name === 'commit-configuration') {
      this.dirty = false;
      this.commits += 1;
      return '<commit-results><routing-engine><name>re0</name><commit-success/></routing-engine></commit-results>';
    }
    return name.startsWith('get-') ? '' : OK;
  }
}
