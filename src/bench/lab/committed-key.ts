// The bench's own eyes: the pre-shared key that a simulated router has committed, in clear.

import { type XmlElement, at, childrenOf, textAt } from '../../xml.ts';
import { ASSOCIATION } from './topology.ts';

export interface CommittedKey {
  /** Hex, lower case. */
  readonly ckn: string;
  readonly cak: string;
}

/** Undefined while the association or its key is not configured. */
export function committedKey(committed: XmlElement | undefined): CommittedKey | undefined {
  const association = childrenOf(at(committed, 'security/macsec'), 'connectivity-association').find((c) => textAt(c, 'name') === ASSOCIATION);
  const key = at(association, 'pre-shared-key');
  const [ckn, cak] = [textAt(key, 'ckn'), textAt(key, 'cak')];
  return ckn === undefined || cak === undefined ? undefined : { ckn: ckn.toLowerCase(), cak: cak.toLowerCase() };
}
