// The hello exchange (RFC 6241 section 8.1, RFC 6242 section 4.1). Junos writes XML comments before its
// hello, sshd a banner, and for a user without rights there are plain text lines or rpc-errors instead of
// it or before it; those become clear errors here. Our hello offers base:1.0 and base:1.1.

import { QkdError, oneLine } from '../errors.ts';
import { childrenOf, child, element, elementWith, serialise, textAt } from '../xml.ts';
import type { Framing } from './framing.ts';
import { parseXml } from './parse-xml.ts';
import { protocolError } from './protocol-error.ts';
import { rpcFailure } from './rpc-reply.ts';
import { withoutSecretData } from './secret-data.ts';

const BASE_NAMESPACE = 'urn:ietf:params:xml:ns:netconf:base:1.0';
const BASE_1_0 = 'urn:ietf:params:netconf:base:1.0';
const BASE_1_1 = 'urn:ietf:params:netconf:base:1.1';

const LOGIN_CLASS_HINT = 'allow NETCONF in the login class of this user';

export interface Hello {
  readonly capabilities: readonly string[];
  /** mgd's process ID on Junos; undefined when the router left it out. */
  readonly sessionId: number | undefined;
}

/** Our hello, without framing: it always goes out with the end-of-message sequence. */
export function clientHello(): string {
  const capabilities = [BASE_1_0, BASE_1_1].map((uri) => element('capability', uri));
  return serialise(elementWith('hello', { xmlns: BASE_NAMESPACE }, element('capabilities', ...capabilities)));
}

/** Chunked only when both ends offer base:1.1; we always do. */
export function negotiatedFraming(hello: Hello): Framing {
  return hello.capabilities.includes(BASE_1_1) ? 'chunked' : 'end-of-message';
}

/**
 * Reads a first message. Undefined when it holds neither a hello nor a refusal (a router may end its
 * banner with `]]>]]>` too). Throws permission-denied, rpc-error or netconf-protocol.
 */
export async function parseHello(message: string): Promise<Hello | undefined> {
  const text = message.replace(/<!--[\s\S]*?-->/g, '');
  const start = text.search(/<(?:[\w.-]+:)?hello[\s>/]/);
  const refused = await errorBeforeHello(start < 0 ? text : text.slice(0, start));
  if (refused !== undefined) throw refused;
  if (start < 0) {
    // A banner may say what it likes about permission: such text counts only where no hello follows.
    const refusal = helloRefusal(text);
    if (refusal !== undefined) throw refusal;
    return undefined;
  }
  const hello = await parseXml(text.slice(start));
  const capabilities = childrenOf(child(hello, 'capabilities'), 'capability').map((capability) => String(capability.text));
  if (!capabilities.some((uri) => /:netconf:base:1\.[01]$/.test(uri))) {
    throw protocolError('hello without a NETCONF base capability');
  }
  const sessionId = textAt(hello, 'session-id');
  return { capabilities, sessionId: sessionId !== undefined && /^\d{1,10}$/.test(sessionId) ? Number(sessionId) : undefined };
}

/** What plain text in the place of a hello means, for texts that are known; undefined for all others. */
export function helloRefusal(text: string): QkdError | undefined {
  if (/Restricted user session/i.test(text)) {
    return new QkdError('permission-denied', 'mgd refuses NETCONF: restricted user session', {
      hint: 'run as a user whose login class allows the NETCONF commands (xml-mode, netconf)',
    });
  }
  if (/xml-mode: (?:command )?not found|(?:unknown|invalid) command.*xml-mode/i.test(text)) {
    return new QkdError('netconf-closed', 'the login shell does not know xml-mode: it is not the Junos CLI', {
      hint: 'enable `system services netconf ssh`, or give the user the Junos CLI as login shell',
    });
  }
  if (/^(?:error: *)?permission denied\b/im.test(withoutMarkup(text))) {
    return new QkdError('permission-denied', 'mgd refuses NETCONF: permission denied', {
      hint: LOGIN_CLASS_HINT,
    });
  }
  return undefined;
}

/** One line of what came instead of a hello, for the error message; '' when nothing did. */
export function describeNoHello(text: string): string {
  return oneLine(withoutSecretData(withoutMarkup(text.replace(/<!--[\s\S]*?(?:-->|$)/g, ''))), 160);
}

function withoutMarkup(text: string): string {
  return text.replace(/<[^>]*>/g, '\n');
}

async function errorBeforeHello(preamble: string): Promise<QkdError | undefined> {
  for (const [text] of preamble.matchAll(/<((?:[\w.-]+:)?rpc-error)[\s>][\s\S]*?<\/\1>/g)) {
    const failure = rpcFailure('hello', await parseXml(text));
    if (failure?.code === 'permission-denied') return new QkdError(failure.code, failure.message, { hint: LOGIN_CLASS_HINT });
    if (failure !== undefined) return failure;
  }
  return undefined;
}
