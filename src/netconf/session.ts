// One NETCONF session: hello, numbered RPCs, sent without waiting for the replies to those before them (RFC 6241
// section 4.5: replies come in their order), and the two larger verbs (a whole change, its confirmation) that keep
// the session to themselves while they last. Messages are message-channel.ts, the meaning of replies rpc-reply.ts,
// changes configuration-change.ts.

import { QkdError, inStep, isQkdError, oneLine } from '../errors.ts';
import type { Log } from '../log.ts';
import type { ChangeResult, ConfigurationChange, RouterSession } from '../workflow/ports.ts';
import { describe, type XmlElement } from '../xml.ts';
import { changeConfiguration, confirmConfiguration, type ChangeSettings } from './configuration-change.ts';
import type { Framing } from './framing.ts';
import { clientHello, describeNoHello, helloRefusal, negotiatedFraming, parseHello, type Hello } from './hello.ts';
import { MessageChannel } from './message-channel.ts';
import { closeSession } from './operations/close-session.ts';
import { getConfiguration } from './operations/get-configuration.ts';
import { protocolError } from './protocol-error.ts';
import { readReply } from './read-reply.ts';
import { describeRpcError, rpcErrors, rpcFailure } from './rpc-reply.ts';
import { serialiseRpc } from './rpc.ts';
import type { NetconfTransport } from './transport/transport.ts';

export interface NetconfOptions {
  readonly log: Log;
  /** One RPC that is not a commit; also the hello. */
  readonly rpcTimeoutSeconds: number;
  /** A commit; classic routers can take minutes. */
  readonly commitTimeoutSeconds: number;
  /** How long to keep trying for a configuration that someone else holds. */
  readonly lockWaitSeconds: number;
  /** Pause between two tries, plus up to a quarter at random; default 2. */
  readonly lockPollSeconds?: number;
  /** For close-session; default 2. */
  readonly closeTimeoutSeconds?: number;
}

export interface NetconfSession extends RouterSession {
  /** From the router's hello. */
  readonly capabilities: readonly string[];
  /** mgd's process ID on Junos. */
  readonly sessionId: number | undefined;
  readonly framing: Framing;
  /** False once the session ended, whatever ended it. */
  readonly open: boolean;
}

/** Messages before the hello that are read and dropped (banners that end in `]]>]]>`). */
const MAX_BEFORE_HELLO = 8;

/**
 * Exchanges hellos over `transport`, which the session owns from here on: it is closed on every failure
 * and by `close`. Throws permission-denied, rpc-error, netconf-closed, netconf-protocol or deadline.
 */
export async function openNetconfSession(transport: NetconfTransport, options: NetconfOptions): Promise<NetconfSession> {
  const channel = new MessageChannel(transport);
  try {
    channel.send(clientHello());
    const hello = await inStep(transport.name, () => receiveHello(channel, options.rpcTimeoutSeconds));
    if (negotiatedFraming(hello) === 'chunked') channel.useChunked();
    options.log.write('DEBUG', 'netconf', 'session open', { over: transport.name, session: hello.sessionId, framing: channel.framing });
    return new Session(channel, hello, options);
  } catch (error) {
    await channel.close(new QkdError('netconf-closed', 'the session did not open'));
    throw error;
  }
}

async function receiveHello(channel: MessageChannel, timeoutSeconds: number): Promise<Hello> {
  try {
    for (let count = 0; count < MAX_BEFORE_HELLO; count += 1) {
      const hello = await parseHello(await channel.receive(timeoutSeconds));
      if (hello !== undefined) return hello;
    }
  } catch (error) {
    if (!isQkdError(error, 'deadline', 'netconf-closed')) throw error;
    const text = channel.unfinishedText();
    const said = describeNoHello(text);
    throw helloRefusal(`${text}\n${error.message}`) ?? noHello(said === '' ? error.message : `${error.message}; it said: ${said}`, error);
  }
  throw noHello(`none in ${MAX_BEFORE_HELLO} messages`);
}

function noHello(reason: string, cause?: QkdError): QkdError {
  return cause === undefined ? protocolError(`no hello: ${reason}`) : new QkdError(cause.code, `no hello: ${reason}`, { hint: cause.hint, cause });
}

/** One request on its way. */
interface Asked {
  readonly name: string;
  readonly id: number;
  /** The whole <rpc>. */
  readonly text: string;
  readonly timeoutSeconds: number;
}

class Session implements NetconfSession {
  readonly capabilities: readonly string[];
  readonly sessionId: number | undefined;
  readonly #channel: MessageChannel;
  readonly #options: NetconfOptions;
  #lastMessageId = 0;
  /** Resolves when the last change has ended; and when everything asked for so far has. */
  #changes: Promise<unknown> = Promise.resolve();
  #everything: Promise<unknown> = Promise.resolve();
  #busy = 0;
  #closing: Promise<void> | undefined;

  constructor(channel: MessageChannel, hello: Hello, options: NetconfOptions) {
    this.capabilities = hello.capabilities;
    this.sessionId = hello.sessionId;
    this.#channel = channel;
    this.#options = options;
  }

  get framing(): Framing {
    return this.#channel.framing;
  }

  get open(): boolean {
    return this.#channel.failure === undefined;
  }

  rpc(request: XmlElement): Promise<XmlElement> {
    return this.#counted(this.#afterChanges(() => this.#exchange(request)));
  }

  getConfiguration(filter: XmlElement): Promise<XmlElement> {
    return this.#counted(this.#afterChanges(() => getConfiguration(this.#exchange, filter)));
  }

  change(change: ConfigurationChange): Promise<ChangeResult> {
    return this.#alone(() => changeConfiguration(this.#changeSettings(), change));
  }

  confirmChange(log: string, synchronize = false): Promise<void> {
    return this.#alone(() => confirmConfiguration(this.#changeSettings(), { log, synchronize }));
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    try {
      // Behind a running RPC close-session would have to wait for its answer; freeing the transport ends both.
      if (this.open && this.#busy === 0) await closeSession(this.#exchange, this.#options.closeTimeoutSeconds ?? 2);
    } catch {
      // Many routers just hang up; either way nothing is left to say to this one.
    } finally {
      await this.#channel.close(new QkdError('netconf-closed', 'the session was closed'));
    }
  }

  #changeSettings(): ChangeSettings {
    const { log, lockWaitSeconds, commitTimeoutSeconds, lockPollSeconds } = this.#options;
    return {
      rpc: this.#exchange,
      isOpen: () => this.open,
      abandon: (reason) => this.#channel.close(new QkdError('netconf-closed', `the session was closed: ${reason}`)),
      log,
      lockWaitSeconds,
      commitTimeoutSeconds,
      lockPollSeconds: lockPollSeconds ?? 2,
    };
  }

  /** Runs `work` when everything asked for before is done, and nothing else until it is done: changes never mix. */
  #alone<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#counted(this.#everything.then(work));
    this.#changes = result.catch(() => undefined);
    return result;
  }

  #afterChanges<T>(work: () => Promise<T>): Promise<T> {
    return this.#changes.then(work);
  }

  #counted<T>(work: Promise<T>): Promise<T> {
    this.#busy += 1;
    const ended = (): void => void (this.#busy -= 1);
    const before = this.#everything;
    this.#everything = work.then(ended, ended).then(() => before);
    return work;
  }

  readonly #exchange = async (request: XmlElement, timeoutSeconds = this.#options.rpcTimeoutSeconds): Promise<XmlElement> => {
    const { log } = this.#options;
    const name = request.name.replace(/^.*:/, '');
    // Node loads `performance` when it is first used.
    const started = process.hrtime.bigint();
    this.#lastMessageId += 1;
    const id = this.#lastMessageId;
    if (log.keeps?.('DEBUG') !== false) log.write('DEBUG', 'netconf', 'request', { rpc: name, id, document: oneLine(describe(request), 4000) });
    const { reply, length } = await inStep(name, () => this.#ask({ name, id, text: serialiseRpc(request, id), timeoutSeconds }));
    log.write('DEBUG', 'netconf', 'reply', { rpc: name, id, ms: Math.round(Number(process.hrtime.bigint() - started) / 1e6), length });
    const errors = rpcErrors(reply);
    for (const warning of errors.filter((error) => error.severity === 'warning')) {
      log.write('INFO', 'netconf', 'warning from the router', { rpc: name, warning: describeRpcError(warning) });
    }
    const failure = rpcFailure(name, reply, errors);
    if (failure !== undefined) throw failure;
    return reply;
  };

  async #ask({ name, id, text, timeoutSeconds }: Asked): Promise<{ reply: XmlElement; length: number }> {
    const message = await this.#channel.exchange(text, timeoutSeconds);
    try {
      const { reply, repaired } = await readReply(name, message, id);
      if (repaired) this.#options.log.write('NOTICE', 'netconf', 'repaired a commit reply that left routing-engine unclosed');
      return { reply, length: message.length };
    } catch (error) {
      await this.#channel.close(new QkdError('netconf-closed', `the session was closed after an unreadable reply to ${name}`));
      throw error;
    }
  }
}
