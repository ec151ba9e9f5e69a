// One end's MKA session as an operator sees it: which CAKs this end takes part with, whether a peer is
// live on each, key server, SAK, counters. Read from a link; put into words by operational/mka.ts.

import type { Association, ConnectivityKey } from './association.ts';
import { memberIdentifier } from './identity.ts';
import { UNSECURED, type Link } from './link.ts';
import type { KeyRole, Participants } from './participants.ts';
import { currentSak, NO_SAK, type SakName } from './sak.ts';

export interface MkaPeer {
  readonly memberIdentifier: string;
  readonly sci: string;
}

export interface MkaParticipant {
  readonly key: ConnectivityKey;
  readonly role: KeyRole;
  /** live: in use; active: a peer is live on it but it is not in use; in-progress: no peer. */
  readonly status: 'live' | 'active' | 'in-progress';
  readonly memberIdentifier: string;
  /** Live peers on this key. */
  readonly peers: readonly MkaPeer[];
}

export interface MkaSession {
  readonly interfaceName: string;
  readonly association: Association;
  readonly state: string;
  readonly secured: boolean;
  readonly sci: string;
  readonly keyServer: boolean;
  readonly participants: readonly MkaParticipant[];
  readonly latest: SakName;
  readonly previous: SakName;
  /** Frames sent in this session. */
  readonly messageNumber: number;
  readonly uptimeSeconds: number;
  readonly holdTime: number;
}

/** The session on `interfaceName` of `router`; undefined when MACsec is not configured there. */
export function mkaSession(link: Link, router: string, interfaceName: string): MkaSession | undefined {
  const live = link.live();
  const self = link.ends.find(({ end }) => end.router === router && end.interfaceName === interfaceName);
  if (self?.association === undefined || !self.association.staticCak) return undefined;
  const now = link.timing.now();
  const sak = live && currentSak(live.sak, now);
  const age = live === undefined ? 0 : Math.max(now - live.since, 0);
  return {
    interfaceName,
    association: self.association,
    state: link.interfaceState(self),
    secured: link.interfaceState(self) !== UNSECURED,
    sci: self.sci,
    keyServer: link.keyServer() === self,
    participants: self.offers().map(({ key, role }) => participant(link, self, key, role)),
    latest: sak?.latest ?? NO_SAK,
    previous: sak?.previous ?? NO_SAK,
    messageNumber: 1 + Math.floor(age / link.timing.hello),
    uptimeSeconds: Math.floor((live === undefined ? 0 : now - live.upSince) / 1000),
    holdTime: link.timing.life,
  };
}

/** The participant that the brief form shows: the one in use, else the best one offered. */
export function principal(session: MkaSession): MkaParticipant | undefined {
  return session.participants.find((one) => one.status === 'live') ?? session.participants[0];
}

function participant(link: Link, self: Participants, key: ConnectivityKey, role: KeyRole): MkaParticipant {
  const peers = link.peersOf(self, key.identity);
  const inUse = peers.length > 0 && link.live()?.identity === key.identity;
  const identifier = ({ end }: Participants): string => memberIdentifier(end.router, end.interfaceName, key.ckn);
  return {
    key,
    role,
    status: inUse ? 'live' : peers.length > 0 ? 'active' : 'in-progress',
    memberIdentifier: identifier(self),
    peers: peers.map((peer) => ({ memberIdentifier: identifier(peer), sci: peer.sci })),
  };
}
