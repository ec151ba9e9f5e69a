// What can be wrong with a link while it still runs, told from what a look has shown: the conditions that
// alarms.ts watches over and that status shows. Each verdict is about one condition of one subject; what a look
// could not show gets no verdict. A stalled rotation is judged by the key's own start, because MKA makes new
// SAKs from an old key as long as it likes. Pure; instants in milliseconds since 1970 UTC, settings in seconds.

import { sameCkn } from './ckn.ts';
import { clockFault } from './clock-difference.ts';
import { isConfirmedByMaster } from './confirmation.ts';
import { keyChainAt } from './key-chain.ts';
import type { Observation } from './observation.ts';
import { keysInUseAlone } from './repair.ts';

/** Every condition with the tag of its syslog line: tags never change, operators match on them. */
export const ALARM_TAGS = {
  stalled: 'QKD_MACSEC_STALLED', // the key in use is older than system.alarms.stalled_after intervals
  'old-key': 'QKD_MACSEC_OLD_KEY', // MKA has been on the fallback or preceding key for longer than a tick
  'one-sided': 'QKD_MACSEC_ONE_SIDED', // a key has started on this end alone
  clock: 'QKD_MACSEC_CLOCK', // clocks are further apart than max_clock_difference
  kme: 'QKD_MACSEC_KME', // the KME cannot be reached or does not serve us
  certificate: 'QKD_MACSEC_CERTIFICATE', // the client certificate is near its end, or cannot be used
} as const;

export type ConditionName = keyof typeof ALARM_TAGS;

export interface Condition {
  /** One line, lower case. */
  readonly text: string;
  /** When this changes, it is another case of the same condition, which begins anew. */
  readonly about: string;
  /** Milliseconds that it must last before it is worth an alarm. */
  readonly after: number;
}

export interface Verdict {
  readonly name: ConditionName;
  /** "link mx1-mx2 on mx1" or "mx1". */
  readonly subject: string;
  /** Undefined: looked at, and well. */
  readonly condition: Condition | undefined;
}

export interface ConditionLimits {
  /** Intervals after which a key in use is too old. */
  readonly stalledAfter: number;
  /** Days before its end at which a certificate is too near it. */
  readonly certificateDays: number;
}

/** How verdicts and watches name one end of a link. */
export function endSubject(link: string, device: string): string {
  return `link ${link} on ${device}`;
}

/** The key that the configuration says is in use. */
export interface KeyInUse {
  /** Undefined: not a key of this program. */
  readonly keyId: string | undefined;
  /** As configured, lower case. */
  readonly ckn: string;
  /** Undefined: a first key, a key carried over from the other method, or one whose record is lost. */
  readonly since: number | undefined;
}

/** A start time of before this program existed says that the key is in use at once, not since when. */
const NO_START = Date.UTC(2001, 0, 1);

/** The key in use, by the configuration and, for a pre-shared key, by the own record's word on its commit. */
export function keyInUse({ configuration, ownRecord, now }: Pick<Observation, 'configuration' | 'ownRecord' | 'now'>): KeyInUse | undefined {
  if (configuration.binding === 'pre-shared-key' && configuration.preSharedKey !== undefined) {
    const { ckn, keyId } = configuration.preSharedKey;
    const entry = ownRecord?.keys.findLast((key) => !key.refused && keyId !== undefined && key.keyId.toLowerCase() === keyId.toLowerCase());
    return { keyId, ckn, since: entry?.startTime };
  }
  if (configuration.binding !== 'key-chain') return undefined;
  const key = keyChainAt(configuration.chain, now).inUse;
  if (key?.ckn === undefined) return undefined;
  return { keyId: key.keyId, ckn: key.ckn, since: key.startTime < NO_START ? undefined : key.startTime };
}

/** What MKA shows on one interface of the link. */
export interface SessionFacts {
  readonly state: string | undefined;
  readonly cakName: string | undefined;
  readonly livePeers: number;
  readonly suspendedSeconds: number;
}

/** Everything that can be told from one look at a link end. `observation` of either method. */
export function judgeEnd(observation: Observation, sessions: readonly SessionFacts[], limits: ConditionLimits): Verdict[] {
  const key = keyInUse(observation);
  if (key === undefined) return judgeClocks(observation);
  return [stalled(observation, key, limits), ...oldKey(observation, key, sessions), ...oneSided(observation, key), ...judgeClocks(observation)];
}

function verdict(observation: Observation, name: ConditionName, condition: Condition | undefined): Verdict {
  return { name, subject: endSubject(observation.link, observation.device), condition };
}

function stalled(observation: Observation, key: KeyInUse, limits: ConditionLimits): Verdict {
  const { interval, lead } = observation.policy;
  const limit = limits.stalledAfter * interval * 1000;
  const text = `the key in use is older than ${limits.stalledAfter} intervals of ${interval} s: the rotation is stalled`;
  // A key without a start counts from when it was first seen; its successor cannot start before one lead is over.
  if (key.since === undefined) return verdict(observation, 'stalled', { text, about: key.ckn, after: limit + lead * 1000 });
  // A confirmed successor shows that the rotation goes on again, unless it comes too late: judged by its start, lest an alarm that it ended begins anew on the way there.
  const successor = confirmedSuccessor(observation);
  const isWell = observation.now - key.since <= limit || (successor !== undefined && successor - key.since <= limit + lead * 1000);
  return verdict(observation, 'stalled', isWell ? undefined : { text, about: key.ckn, after: 0 });
}

/** Start time of the first one. */
function confirmedSuccessor(observation: Observation): number | undefined {
  if (observation.configuration.binding !== 'key-chain') return undefined;
  // Off-box the records may be on the routers alone: then the configuration speaks.
  const isUntold = observation.ownRecord === undefined && observation.others.every(({ reading }) => reading.kind !== 'read');
  return keyChainAt(observation.configuration.chain, observation.now).scheduled.find((key) => isUntold || isConfirmedByMaster(observation, key))?.startTime;
}

function oldKey(observation: Observation, key: KeyInUse, sessions: readonly SessionFacts[]): Verdict[] {
  const shown = sessions.filter((session) => session.livePeers > 0 && session.suspendedSeconds === 0);
  if (shown.length === 0) return [];
  const old = shown.find((session) => isOnOldKey(session, key));
  if (old === undefined) return [verdict(observation, 'old-key', undefined)];
  const which = /fallback/i.test(old.state ?? '') ? 'fallback' : 'preceding';
  const { interval, margin } = observation.policy;
  return [verdict(observation, 'old-key', { text: `MKA is on the ${which} key, not on the one in the configuration`, about: `${which} ${old.cakName}`, after: (interval + margin) * 1000 })];
}

/** By the state and, where the release shows none, by the CAK name. */
export function isOnOldKey(session: SessionFacts, key: KeyInUse): boolean {
  if (session.state !== undefined) return /fallback|preceding/i.test(session.state);
  return session.cakName !== undefined && !sameCkn(session.cakName, key.ckn);
}

/** A peer is live on another key long after this one started, or the planner says so, or this run had to mend it. */
function oneSided(observation: Observation, key: KeyInUse): Verdict[] {
  const { mka, now, policy, configuration, run } = observation;
  if (configuration.binding !== 'key-chain' || mka.kind !== 'read' || mka.suspended > 0) return [];
  const mended = run.withdrawn.find((one) => one.reason === 'activated-alone');
  if (mended !== undefined) return [verdict(observation, 'one-sided', { text: `key ${mended.keyId} had started on this end alone and was withdrawn`, about: mended.keyId, after: 0 })];
  const passed = key.since !== undefined && now > key.since + 2000 * policy.margin;
  const elsewhere = passed && mka.liveCkns.length > 0 && !mka.liveCkns.some((ckn) => sameCkn(ckn, key.ckn));
  const alone = elsewhere || keysInUseAlone(observation, keyChainAt(configuration.chain, now)).length > 0;
  const text = `key ${key.keyId ?? key.ckn} has started on this end alone`;
  return [verdict(observation, 'one-sided', alone ? { text, about: key.ckn, after: 0 } : undefined)];
}

function judgeClocks(observation: Observation): Verdict[] {
  const fault = clockFault(observation);
  if (fault === undefined) {
    const known = observation.clock.routerAhead !== undefined && observation.others.every(({ clock }) => clock !== undefined);
    return known ? [verdict(observation, 'clock', undefined)] : [];
  }
  const seconds = Math.abs(fault.ahead / 1000).toFixed(1);
  const text = `the clock of ${fault.device} is ${seconds} s or more ${fault.ahead > 0 ? 'ahead' : 'behind'}; ${observation.policy.maxClockDifference} s are allowed`;
  return [verdict(observation, 'clock', { text, about: fault.device, after: 0 })];
}

const DAY = 86_400_000;

/** `until` undefined: the certificate cannot be used, and `why` says for what reason. */
export function judgeCertificate(device: string, certificate: { until: number | undefined; why?: string | undefined }, { now, certificateDays }: ConditionLimits & { now: number }): Verdict {
  const { until, why = 'cannot be used' } = certificate;
  if (until === undefined) return { name: 'certificate', subject: device, condition: { text: why, about: 'unusable', after: 0 } };
  const left = until - now;
  if (left > certificateDays * DAY) return { name: 'certificate', subject: device, condition: undefined };
  const text = left <= 0 ? `the client certificate ended at ${new Date(until).toISOString()}` : `the client certificate ends in ${Math.floor(left / DAY)} days, at ${new Date(until).toISOString()}`;
  return { name: 'certificate', subject: device, condition: { text, about: String(until), after: 0 } };
}

/** `error`: why the KME does not serve this device; undefined when it answered. */
export function judgeKme(device: string, error: string | undefined): Verdict {
  return { name: 'kme', subject: device, condition: error === undefined ? undefined : { text: error, about: 'kme', after: 0 } };
}
