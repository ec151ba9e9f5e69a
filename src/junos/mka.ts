// MKA sessions as `get-mka-session-information` shows them, and what they prove. Pure. Leaf names come
// from Juniper's 17.2R1 show-security model and from captures; blocks of several interfaces may follow
// each other as siblings, so every <interface-name> starts a new session. Labels are compared without
// case: brief and detail output spell "Interface State" differently.

import { type XmlElement, descendants, element } from '../xml.ts';

export interface MkaSession {
  readonly interfaceName: string;
  /** As shown, for example "Secured - Primary"; undefined when the release does not show it. */
  readonly state: string | undefined;
  /** CKN of the CAK in use, lower case hex. */
  readonly cakName: string | undefined;
  readonly livePeers: number;
  /** Seconds that MKA is suspended for (in-service upgrade); 0 when not. */
  readonly suspendedSeconds: number;
  /** False for a session that has never agreed on a key (key identifier of zeros). */
  readonly hasKey: boolean;
}

export const MKA_SESSIONS_RPC = element('get-mka-session-information');

/** Every session in the reply, in order; empty when MKA runs on no interface. */
export function mkaSessions(reply: XmlElement): MkaSession[] {
  const blocks: XmlElement[][] = [];
  collectBlocks(reply, blocks);
  return blocks.map(session);
}

function collectBlocks(node: XmlElement, blocks: XmlElement[][]): void {
  let open: XmlElement[] | undefined;
  for (const item of node.children) {
    if (item.name === 'interface-name') {
      open = [item];
      blocks.push(open);
    } else if (open !== undefined) open.push(item);
    else collectBlocks(item, blocks);
  }
}

function session(block: readonly XmlElement[]): MkaSession {
  const text = (name: string): string | undefined => {
    const found = block.find((item) => item.name.toLowerCase() === name);
    return found === undefined ? undefined : String(found.text);
  };
  const key = text('latest-sak-key-identifier');
  return {
    interfaceName: text('interface-name') ?? '',
    state: text('interface-state'),
    cakName: text('cak-name')?.toLowerCase(),
    livePeers: block.flatMap((item) => descendants(item, 'peer-status')).filter((s) => String(s.text).toLowerCase() === 'live').length,
    suspendedSeconds: Number.parseInt(text('mka-suspended') ?? '0', 10) || 0,
    hasKey: key === undefined || !/^0+\/0$/.test(key),
  };
}

/** True when the session is secured with its primary key and a live peer shares it. */
export function isSecuredOnPrimary(session: MkaSession): boolean {
  const primary = session.state === undefined || /^secured\s*-\s*primary$/i.test(session.state);
  return primary && session.livePeers > 0 && session.hasKey;
}
