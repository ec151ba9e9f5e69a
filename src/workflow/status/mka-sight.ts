// MKA sessions of a link end as status tells them. Pure.

import type { MkaSession } from '../../junos/mka.ts';

/** Interfaces on which no peer is live. */
export function interfacesWithoutPeer(interfaces: readonly string[], sessions: readonly MkaSession[]): string[] {
  return interfaces.filter((name) => !sessions.some((session) => session.interfaceName === name && session.livePeers > 0));
}

/** `Secured - Primary`, or each interface's state when they differ. */
export function mkaText(sessions: readonly MkaSession[]): string {
  const states = [...new Set(sessions.map(({ state, livePeers }) => state ?? (livePeers > 0 ? 'live' : 'no live peer')))];
  if (states.length < 2) return states[0] ?? 'no session';
  return sessions.map(({ interfaceName, state }) => `${interfaceName} ${state ?? 'state not shown'}`).join(', ');
}
