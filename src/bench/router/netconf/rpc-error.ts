// <rpc-error> texts of the NETCONF layer itself (RFC 6241 4.3); those of the configuration are mgd's.

import { escapeXml } from '../../../xml.ts';

/** One error or warning as Junos writes it; `badElement` names the part it is about. */
export function rpcError(tag: string, message: string, options: { badElement?: string; severity?: 'error' | 'warning' } = {}): string {
  const bad = options.badElement;
  return [
    '<rpc-error>',
    '<error-type>protocol</error-type>',
    `<error-tag>${tag}</error-tag>`,
    `<error-severity>${options.severity ?? 'error'}</error-severity>`,
    `<error-message>${escapeXml(message)}</error-message>`,
    ...(bad === undefined ? [] : ['<error-info>', `<bad-element>${escapeXml(bad)}</bad-element>`, '</error-info>']),
    '</rpc-error>',
  ].join('\n');
}
