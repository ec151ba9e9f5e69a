// The keys of a router's key chains as committed: what must be the same at both ends of a link.

import { type XmlElement, at, childrenOf, textAt } from '../../xml.ts';

/** `CKN start-time` of every key, in slot order; no secret. */
export function committedKeyChain(configuration: XmlElement): string[] {
  const chains = at(configuration, 'security/authentication-key-chains');
  return childrenOf(chains, 'key-chain').flatMap((chain) => childrenOf(chain, 'key').map((key) => `${textAt(key, 'key-name') ?? '-'} ${textAt(key, 'start-time') ?? '-'}`));
}
