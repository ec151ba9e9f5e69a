// The bench's own eyes: the key that a simulated router has committed for an association, in clear; a
// pre-shared key, or the key of its chain that is in force by the router's clock.

import { type XmlElement, at, childrenOf, textAt } from '../../xml.ts';
import { activeChainKey, readChain } from '../router/mka/association.ts';
import { ASSOCIATION } from './topology.ts';

export interface CommittedKey {
  /** Hex, lower case. */
  readonly ckn: string;
  readonly cak: string;
}

const CAK_DIGITS = 64;

/** Undefined while the association or its key is not configured, or none of its chain has started at `now` (milliseconds). */
export function committedKey(committed: XmlElement | undefined, name = ASSOCIATION, now = Date.now()): CommittedKey | undefined {
  const association = childrenOf(at(committed, 'security/macsec'), 'connectivity-association').find((c) => textAt(c, 'name') === name);
  const chain = textAt(association, 'pre-shared-key-chain');
  if (chain !== undefined) {
    const [ckn, cak] = activeChainKey(readChain(at(committed, 'security'), chain, CAK_DIGITS), now)?.identity.toLowerCase().split(':') ?? [];
    return ckn === undefined || cak === undefined ? undefined : { ckn, cak };
  }
  const key = at(association, 'pre-shared-key');
  const [ckn, cak] = [textAt(key, 'ckn'), textAt(key, 'cak')];
  return ckn === undefined || cak === undefined ? undefined : { ckn: ckn.toLowerCase(), cak: cak.toLowerCase() };
}
