// What the operational RPCs may see of their router.

import { textAt, type XmlElement } from '../../../xml.ts';
import type { EngineSlot } from '../../configuration/inheritance.ts';
import { macsecInterfaces } from '../mka/association.ts';
import { type Link, UNSECURED } from '../mka/link.ts';
import { mkaSession, type MkaSession } from '../mka/session.ts';
import type { Platform } from '../router-options.ts';
import type { RouterFiles } from '../scp/router-files.ts';

export interface RouterState {
  readonly name: string;
  readonly platform: Platform;
  /** "24.4R1", for namespaces. */
  readonly release: string;
  readonly routingEngines: 1 | 2;
  /** Of the routing engine that answers, and of the master. */
  readonly slot: EngineSlot;
  readonly masterSlot: () => EngineSlot;
  readonly now: () => number;
  readonly bootedAt: number;
  readonly committed: () => XmlElement;
  /** The configured time zone. */
  readonly timeZone: () => string;
  /** Whether the clock follows the configured NTP servers. */
  readonly ntpSynchronised: () => boolean;
  /** Without it nothing is secured, whatever is configured. */
  readonly macsecLicensed: () => boolean;
  /** The backup shows sessions, too. */
  readonly mkaOnBackup: () => boolean;
  readonly linkOn: (interfaceName: string) => Link;
  /** This engine's, and those of any. */
  readonly files: RouterFiles;
  readonly filesOf: (slot: EngineSlot) => RouterFiles | undefined;
  /** Program that stands for /usr/sbin/cli. */
  readonly cliPath: string;
}

/** The configured host name; the router's own name when there is none. */
export function hostName(state: RouterState): string {
  return textAt(state.committed(), 'system/host-name') || state.name;
}

/** MKA sessions of all interfaces, or of the one named; none on the backup, where dot1xd has nothing to do. */
export function mkaSessions(state: RouterState, only: string | undefined): MkaSession[] {
  const isMaster = state.slot === state.masterSlot();
  if ((!isMaster && !state.mkaOnBackup()) || !state.macsecLicensed()) return [];
  const sessions = macsecInterfaces(state.committed())
    .filter((name) => only === undefined || name === only)
    .flatMap((name) => mkaSession(state.linkOn(name), state.name, name) ?? []);
  return isMaster ? sessions : sessions.map(withoutPeer);
}

function withoutPeer(session: MkaSession): MkaSession {
  return { ...session, state: UNSECURED, secured: false, participants: session.participants.map((one) => ({ ...one, status: 'in-progress', peers: [] })) };
}
