// A message that should answer an RPC, as an <rpc-reply> element: what stands before the reply is skipped
// (terminals and daemons write there), the one known malformed commit reply
// is repaired, a reply that names another request is refused.

import type { XmlElement } from '../xml.ts';
import { repairCommitReply } from './malformed-commit-reply.ts';
import { parseXml } from './parse-xml.ts';
import { protocolError } from './protocol-error.ts';

export interface ReadReply {
  readonly reply: XmlElement;
  /** True when the text was not well-formed as it came. */
  readonly repaired: boolean;
}

/** Reads the answer to request `messageId`. Throws netconf-protocol. */
export async function readReply(rpcName: string, message: string, messageId: number): Promise<ReadReply> {
  const start = message.search(/<(?:[\w.-]+:)?rpc-reply[\s>/]/);
  if (start < 0) throw protocolError(`no rpc-reply in an answer of ${message.length} characters`);
  const result = await parseReply(rpcName, message.slice(start));
  // Junos leaves message-id out in some replies; one request at a time makes that harmless.
  const echoed = result.reply.attributes['message-id'];
  if (echoed !== undefined && echoed !== String(messageId)) throw protocolError('the reply answers another request');
  return result;
}

async function parseReply(rpcName: string, text: string): Promise<ReadReply> {
  try {
    return { reply: await parseXml(text), repaired: false };
  } catch (error) {
    const repaired = rpcName === 'commit-configuration' ? repairCommitReply(text) : undefined;
    if (repaired === undefined) throw error;
    return { reply: await parseXml(repaired), repaired: true };
  }
}
