// One NETCONF session on any byte stream (RFC 6241; junos.md 3.2): greeting, framing, one RPC after the
// other, close-session and kill-session. RPCs themselves are mgd's. Faults of the bench come in here,
// around `execute`. Nothing a client sends may crash the router: what cannot be read is answered with an
// rpc-error, what breaks the framing ends the session.

import type { Duplex } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { descendants, type XmlElement } from '../../../xml.ts';
import type { Mgd, MgdSession, MgdUser } from '../../mgd/mgd.ts';
import type { Faults } from '../faults/faults.ts';
import { distort } from './distort.ts';
import { frame, FrameReader, FramingError } from './frames.ts';
import { BASE_1_1, greeting, offersChunks } from './hello.ts';
import { MalformedXml, parseRequest, type ParsedRequest } from './parse-request.ts';
import { rpcError } from './rpc-error.ts';
import { rpcReply, sessionEnd } from './rpc-reply.ts';

export interface NetconfContext {
  readonly mgd: Mgd;
  readonly faults: Faults;
  /** How to end a session's connection, by session-id: mgd's kill-session asks for it. */
  readonly sessions: Map<number, () => void>;
  /** "24.4R1", for the junos namespace. */
  readonly release: string;
  readonly now: () => number;
  /** Told when an RPC has been carried out, before its reply is sent. */
  readonly onAnswer?: (rpc: string) => void;
}

export interface NetconfLogin {
  readonly user: MgdUser;
  /** True for `xml-mode netconf` without need-trailer. */
  readonly trailerOptional?: boolean;
  /** Ends the whole connection under the client's feet. */
  readonly drop: () => void;
  /** Called before the stream is ended in good order: SSH sends its exit status here. */
  readonly leave?: () => void;
}

const LARGEST_MESSAGE = 16 * 1024 * 1024;

/** Serves `stream` until either side ends it. Never rejects. */
export async function serveNetconf(stream: Duplex, context: NetconfContext, login: NetconfLogin): Promise<void> {
  // An error of the stream is followed by its close, which ends the session; without a listener it would end the process.
  stream.on('error', () => undefined);
  let mgdSession: MgdSession | undefined;
  try {
    mgdSession = context.mgd.openSession(login.user);
    context.sessions.set(mgdSession.pid, () => stream.destroy());
    await new NetconfSession(stream, context, login, mgdSession).run();
  } catch {
    stream.destroy();
  } finally {
    if (mgdSession !== undefined) context.sessions.delete(mgdSession.pid);
    mgdSession?.close();
  }
}

class NetconfSession {
  readonly #stream: Duplex;
  readonly #context: NetconfContext;
  readonly #login: NetconfLogin;
  readonly #mgd: MgdSession;
  readonly #reader: FrameReader;
  readonly #closed = new AbortController();
  readonly #chunks: boolean;
  #wake: () => void = () => undefined;
  #ended = false;
  #greeted = false;
  #count = 0;
  #over = false;

  constructor(stream: Duplex, context: NetconfContext, login: NetconfLogin, mgd: MgdSession) {
    this.#stream = stream;
    this.#context = context;
    this.#login = login;
    this.#mgd = mgd;
    this.#chunks = offersChunks(context.mgd.committed());
    this.#reader = new FrameReader({ limit: LARGEST_MESSAGE, trailerOptional: login.trailerOptional ?? false });
  }

  async run(): Promise<void> {
    this.#listen();
    if (this.#context.faults.take('hang', (fault) => fault.where === 'hello')) await this.#silence();
    this.#greet();
    try {
      await this.#serve();
    } catch (error) {
      if (!(error instanceof FramingError)) throw error;
      this.#reply([], rpcError('operation-failed', error.message));
    }
    if (this.#stream.destroyed || this.#stream.writableEnded) return;
    this.#login.leave?.();
    this.#stream.end();
  }

  /** Reads on while an RPC is being executed, so that the client's end is seen at once. */
  #listen(): void {
    this.#stream.on('data', (bytes: Buffer) => {
      this.#reader.push(bytes);
      if (this.#reader.size > LARGEST_MESSAGE) this.#stream.pause();
      this.#wake();
    });
    for (const end of ['end', 'close']) this.#stream.once(end, () => this.#ends());
  }

  #ends(): void {
    this.#ended = true;
    if (this.#stream.destroyed) this.#closed.abort();
    this.#wake();
  }

  async #serve(): Promise<void> {
    while (!this.#over) {
      const message = this.#reader.next() ?? (this.#ended ? this.#reader.rest() : undefined);
      if (message !== undefined) await this.#take(message);
      if (message === '' && this.#ended) return;
      if (message !== undefined) continue;
      this.#stream.resume();
      await this.#more();
    }
  }

  /** Resolves at the next bytes or at the end. */
  #more(): Promise<void> {
    return new Promise((resolve) => (this.#wake = resolve));
  }

  #greet(): void {
    const { user } = this.#login;
    const text = this.#context.faults.take('text-before-hello')?.text;
    const hello = greeting({ user: user.name, loginClass: user.loginClass, sessionId: this.#mgd.pid, chunks: this.#chunks });
    this.#stream.write(`${text === undefined ? '' : `${text}\n`}${hello}\n]]>]]>${this.#chunks ? '' : '\n'}`);
  }

  async #take(message: string): Promise<void> {
    if (message.trim() === '') return;
    let request: ParsedRequest;
    try {
      request = parseRequest(message);
    } catch (error) {
      if (!(error instanceof MalformedXml)) throw error;
      this.#reply([], rpcError('malformed-message', `syntax error: ${error.message}`));
      return;
    }
    if (request.root.name === 'hello') this.#hello(request.root);
    else if (request.root.name === 'rpc') await this.#rpc(request);
    else this.#reply([], rpcError('unknown-element', 'syntax error, expecting <rpc>', { badElement: request.root.name }));
  }

  #hello(hello: XmlElement): void {
    if (this.#greeted || this.#count > 0) throw new FramingError('hello after the session had begun');
    this.#greeted = true;
    const theirs = descendants(hello, 'capability').map((capability) => capability.text);
    if (this.#chunks && theirs.includes(BASE_1_1)) this.#reader.framing = 'chunked';
  }

  async #rpc({ root, written }: ParsedRequest): Promise<void> {
    const [request, second] = root.children;
    if (request === undefined || second !== undefined) {
      this.#reply(written, rpcError('operation-failed', 'syntax error', { badElement: second?.name ?? 'rpc' }));
      return;
    }
    this.#count += 1;
    const { faults } = this.#context;
    if (faults.take('hang', (fault) => fault.where === 'reply')) await this.#silence();
    if (this.#drops(request.name, 'before')) return this.#drop();
    const inner = await this.#execute(request);
    this.#context.onAnswer?.(request.name);
    // With `times` the colleague lets go after so many refusals.
    if (inner.includes('configuration database locked by:')) faults.take('lock-held');
    const slow = faults.take('slow-reply', (fault) => (fault.rpc ?? request.name) === request.name);
    if (slow !== undefined) await delay(slow.milliseconds, undefined, { signal: this.#closed.signal });
    if (this.#drops(request.name, 'after')) return this.#drop();
    this.#reply(written, distort(request.name, inner, faults));
    if (this.#over && this.#reader.framing !== 'chunked') this.#stream.write(sessionEnd(this.#context.now()));
  }

  async #execute(request: XmlElement): Promise<string> {
    if (request.name !== 'close-session') return this.#mgd.execute(request);
    this.#over = true;
    return '<ok/>';
  }

  #drops(rpc: string, when: 'before' | 'after'): boolean {
    const fits = this.#context.faults.take(
      'drop-session',
      (fault) => fault.when === when && (fault.rpc ?? rpc) === rpc && (fault.nth ?? this.#count) === this.#count,
    );
    return fits !== undefined;
  }

  #drop(): void {
    this.#over = true;
    this.#login.drop();
    this.#stream.destroy();
  }

  /** Waits, saying nothing, until the client gives up. */
  async #silence(): Promise<never> {
    while (!this.#ended) await this.#more();
    throw new FramingError('the client gave up');
  }

  #reply(written: ParsedRequest['written'], inner: string): void {
    if (this.#stream.destroyed || this.#stream.writableEnded) return;
    this.#stream.write(frame(rpcReply(this.#context.release, written, inner), this.#reader.framing));
  }
}
