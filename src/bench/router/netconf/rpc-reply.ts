// The outside of every reply: <rpc-reply> with Junos's namespaces and the attributes of the client's <rpc>
// (RFC 6241 4.2), and the comment that ends a session.

import { escapeXml } from '../../../xml.ts';

const OWN = ['xmlns', 'xmlns:junos'];

/** `inner` as mgd gave it, well-formed or not; `written` are the attributes of <rpc> with their prefixes. */
export function rpcReply(release: string, written: readonly (readonly [string, string])[], inner: string): string {
  const echo = written.filter(([name]) => !OWN.includes(name)).map(([name, value]) => ` ${name}="${escapeXml(value)}"`);
  const namespaces = `xmlns="urn:ietf:params:xml:ns:netconf:base:1.0" xmlns:junos="http://xml.juniper.net/junos/${release}/junos"`;
  return `<rpc-reply ${namespaces}${echo.join('')}>\n${inner}${inner === '' || inner.endsWith('\n') ? '' : '\n'}</rpc-reply>`;
}

/** "<!-- session end at 2026-11-22 12:00:00 UTC -->", with its line feed. */
export function sessionEnd(milliseconds: number): string {
  return `<!-- session end at ${new Date(milliseconds).toISOString().slice(0, 19).replace('T', ' ')} UTC -->\n`;
}
