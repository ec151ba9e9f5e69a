// Everything a run knows about a link when it decides: the planner's only argument. The workflow fills
// it in from the router, the records and its own run; nothing here is a secret. Instants are milliseconds
// since 1970 UTC on the clock that `now` was read from; policy is in seconds. A key_ID is spelt alike wherever it
// stands here: what the KME's own spelling is, is the workflow's to remember.

import type { Action, ListedKey, WithdrawnKey } from './action.ts';
import type { Method, Role, RotationSettings } from '../inventory/inventory.ts';

export interface Observation {
  readonly now: number;
  readonly run: RunSoFar;
  readonly link: string;
  readonly device: string;
  readonly role: Role;
  /** What the inventory wants; the configuration may still be on the other method. */
  readonly method: Method;
  readonly policy: Policy;
  readonly routingEngine: 'master' | 'backup';
  readonly configuration: OwnConfiguration;
  /** This link's part of the own record; undefined when it is missing or damaged. */
  readonly ownRecord: RecordView | undefined;
  /** Routers on the link, this one included. */
  readonly ends: number;
  /** Seen from the master: every slave. Seen from a slave: the master alone. */
  readonly others: readonly OtherEnd[];
  readonly mka: MkaState | Unreadable;
  readonly clock: ClockFacts;
}

export interface Policy extends RotationSettings {
  /** How many keys the master stages in one commit, at least 1. */
  readonly keysPerCommit: number;
}

export interface RunSoFar {
  readonly startedAt: number;
  /** Last moment at which this run may begin another step. */
  readonly budgetEnd: number;
  /** key_IDs whose bytes this run holds. */
  readonly fetched: readonly string[];
  /** key_IDs that the own KME does not have (any more): asking again is useless. */
  readonly refused: readonly string[];
  readonly installed: readonly string[];
  readonly confirmed: readonly string[];
  readonly withdrawn: readonly WithdrawnKey[];
  readonly moved: boolean;
  /** When this run's last commit was done, own clock; undefined: it has made none. */
  readonly lastCommitAt: number | undefined;
  /** One entry for each step that failed, in order. A commit of unknown outcome counts by what was read back. */
  readonly failures: readonly Action['kind'][];
}

export interface OwnConfiguration {
  /** What the connectivity association refers to; `inactive` when that statement, or one above it, is deactivated. */
  readonly binding: 'key-chain' | 'pre-shared-key' | 'none' | 'inactive';
  readonly preSharedKey: { readonly ckn: string; readonly keyId: string | undefined } | undefined;
  /** The link's key chain, bound or not, in any order. */
  readonly chain: readonly ChainKey[];
}

export interface ChainKey {
  readonly slot: number;
  /** 64 hex digits, lower case; undefined when the key has no key-name. */
  readonly ckn: string | undefined;
  /** How records name the key: its key_ID, or the CKN of the inventory's initial key. Undefined: not ours. */
  readonly keyId: string | undefined;
  /** Undefined: absent or not understood. */
  readonly startTime: number | undefined;
  readonly inactive: boolean;
}

/** One link of a key-ID record, checked against the inventory (recorded-link.ts). */
export interface RecordView {
  /** On the writer's clock. */
  readonly writtenAt: number | undefined;
  /** What the writer's association is on; undefined when it does not say. */
  readonly method?: Method | undefined;
  readonly keys: readonly ListedKey[];
}

export interface OtherEnd {
  readonly device: string;
  readonly reading: RecordReading | Unreadable;
  /** The last reading of an older version; when `reading` failed, the last that succeeded. Only ever a hint. */
  readonly earlier: RecordReading | undefined;
  /** How far its clock is from the own one, as lately measured. */
  readonly clock: ClockBounds | undefined;
}

/** The other end's clock minus the own one, in milliseconds, and when (own clock) that was measured. */
export interface ClockBounds {
  readonly atLeast: number;
  /** Infinity when only one side is known. */
  readonly atMost: number;
  readonly measuredAt: number;
}

export interface RecordReading {
  readonly kind: 'read';
  readonly record: RecordView;
  /** Own clock: before the reading was begun and after it was complete. What it shows may have been so at any moment between. */
  readonly askedAt: number;
  readonly readAt: number;
}

export interface Unreadable {
  readonly kind: 'unreadable';
  readonly why: string;
  /** A record: the other end was reached and has published none, or none about this link. */
  readonly unpublished?: boolean;
}

export interface MkaState {
  readonly kind: 'read';
  /** CKNs, 64 hex digits in lower case, on which at least one peer is live. */
  readonly liveCkns: readonly string[];
  /** Of these, the CKNs on which every other end of the link is live. */
  readonly allLiveCkns: readonly string[];
  /** Seconds; more than 0 while MKA holds still for a routing engine switchover. */
  readonly suspended: number;
  /** Undefined when it was not asked for: silence then shows nothing, for the line may be cut. */
  readonly interfaceUp: boolean | undefined;
  /**
   * Since when every look of this run has shown the interface not down and no peer live; undefined: the
   * last look showed otherwise. Own clock.
   */
  readonly silentSince: number | undefined;
  /** CKNs that an earlier look of this run, or this one, has shown live. */
  readonly seenLive: readonly string[];
  /** The CKN that the router logged as unknown when it started this run (DOT1XD_MACSEC_SC_UNKNOWN_CAK_ERR). */
  readonly heardCkn: string | undefined;
}

export interface ClockFacts {
  readonly ntp: 'synchronised' | 'unsynchronised' | 'unknown';
  /** Router's clock minus the program's, in milliseconds; undefined when it was not asked for. */
  readonly routerAhead: number | undefined;
}

/** MKA holds still for a routing engine switchover: nothing may change that it would have to react to. */
export function isSuspended(observation: Observation): boolean {
  return observation.mka.kind === 'read' && observation.mka.suspended > 0;
}

/**
 * The router's syslog started this run, between two ticks: it looks after the keys that are there and draws
 * none. Drawn now, a key would keep the next tick from drawing its own.
 */
export function isRepairRun({ mka }: Observation): boolean {
  return mka.kind === 'read' && mka.heardCkn !== undefined;
}
