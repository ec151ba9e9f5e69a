// The shape in which operations/*.ts ask a router: one request element in, its <rpc-reply> out. Which
// session answers, and how requests queue, is session.ts.

import { elementWith, serialise, type XmlElement } from '../xml.ts';

/**
 * Sends one RPC. Resolves with the <rpc-reply> when it holds no error of severity error, else throws
 * RpcFailure. Throws deadline, netconf-closed or netconf-protocol when no usable answer came: the session
 * is closed then. Default timeout: the session's own.
 */
export type Rpc = (request: XmlElement, timeoutSeconds?: number) => Promise<XmlElement>;

const BASE_NAMESPACE = 'urn:ietf:params:xml:ns:netconf:base:1.0';

/**
 * The <rpc> as XML text, secrets in clear. Only <rpc> is in the NETCONF namespace: Junos wants its own
 * RPCs (commit-configuration above all) in none.
 */
export function serialiseRpc(request: XmlElement, messageId: number): string {
  return serialise(elementWith('nc:rpc', { 'xmlns:nc': BASE_NAMESPACE, 'message-id': String(messageId) }, request));
}
