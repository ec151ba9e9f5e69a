// What a Junos router says first: comments of the CLI's start, then <hello>. base:1.1 only from 24.4R1 on
// and only with `system services netconf version-1.1` (junos.md 3.2). A user without rights gets text and
// an <rpc-error> in front of the same hello.

import { at, escapeXml, type XmlElement } from '../../../xml.ts';

const OPERATIONS = ['candidate:1.0', 'confirmed-commit:1.0', 'validate:1.0', 'url:1.0?scheme=http,ftp,file'];

export const BASE_1_1 = 'urn:ietf:params:netconf:base:1.1';
const JUNOS = ['http://xml.juniper.net/netconf/junos/1.0', 'http://xml.juniper.net/dmi/system/1.0'];

/** True when the router's configuration turns RFC 6242 framing on. */
export function offersChunks(configuration: XmlElement): boolean {
  const statement = at(configuration, 'system/services/netconf/version-1.1');
  return statement !== undefined && statement.attributes['inactive'] === undefined;
}

export interface Greeting {
  readonly user: string;
  readonly loginClass: string;
  readonly sessionId: number;
  readonly chunks: boolean;
}

/** The greeting up to </hello>, unframed. */
export function greeting({ user, loginClass, sessionId, chunks }: Greeting): string {
  const junosClass = loginClass.startsWith('j-') ? loginClass : `j-${loginClass}`;
  const capabilities = [
    'urn:ietf:params:netconf:base:1.0',
    ...(chunks ? [BASE_1_1] : []),
    ...OPERATIONS.map((name) => `urn:ietf:params:netconf:capability:${name}`),
    'urn:ietf:params:xml:ns:netconf:base:1.0',
    ...OPERATIONS.map((name) => `urn:ietf:params:xml:ns:netconf:capability:${name.replace('scheme=', 'protocol=')}`),
    ...JUNOS,
  ];
  return [
    ...(loginClass === 'unauthorized' ? [restricted()] : []),
    '<!-- No zombies were killed during the creation of this user interface -->',
    `<!-- user ${escapeXml(user)}, class ${junosClass} -->`,
    '<hello xmlns="urn:ietf:params:xml:ns:netconf:base:1.0">',
    '  <capabilities>',
    ...capabilities.map((uri) => `    <capability>${escapeXml(uri)}</capability>`),
    '  </capabilities>',
    `  <session-id>${sessionId}</session-id>`,
    '</hello>',
  ].join('\n');
}

function restricted(): string {
  return [
    'error: Restricted user session.',
    '<rpc-reply>',
    '<rpc-error>',
    '<error-type>protocol</error-type>',
    '<error-tag>operation-failed</error-tag>',
    '<error-severity>error</error-severity>',
    '<error-message>permission denied</error-message>',
    '</rpc-error>',
    '</rpc-reply>',
  ].join('\n');
}
