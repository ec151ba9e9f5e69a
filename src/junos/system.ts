// What a router says of itself: host name, and the commits in its history. Pure.

import { type XmlElement, descendants, element, textAt } from '../xml.ts';

export const SYSTEM_INFORMATION_RPC = element('get-system-information');
export const COMMIT_INFORMATION_RPC = element('get-commit-information');

/** Host name as configured, `-re0`/`-re1` included; undefined when the reply has none. */
export function hostName(reply: XmlElement): string | undefined {
  return descendants(reply, 'host-name').map((node) => String(node.text))[0];
}

/** True when a commit whose log text contains `log` is in the reply of get-commit-information. */
export function hasCommit(reply: XmlElement, log: string): boolean {
  return descendants(reply, 'commit-history').some((entry) => textAt(entry, 'log')?.includes(log) === true);
}
