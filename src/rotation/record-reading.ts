// From a key-ID record to what the planner compares, and what to keep of earlier readings. Checking that
// the record belongs to this link and these SAEs is keyids/record.ts (checkRecordedLink).

import type { ListedKey } from './action.ts';
import { betterBounds, measureClock } from './clock-difference.ts';
import { type OwnKey, entryOf } from './key-chain.ts';
import type { ClockBounds, OtherEnd, Policy, RecordReading, RecordView, Unreadable } from './observation.ts';
import type { RecordedKey, RecordedLink } from '../keyids/record.ts';

/** One link of a record in the planner's terms. Keys whose start time is no date are left out: they are never agreed on. */
export function recordView(writtenAt: string | undefined, link: RecordedLink): RecordView {
  const written = writtenAt === undefined ? Number.NaN : Date.parse(writtenAt);
  const keys = link.keys.map((key) => ({
    keyId: key.key_ID,
    startTime: Date.parse(key.start_time),
    confirmed: key.confirmed,
    refused: key.refused,
  }));
  return { writtenAt: Number.isNaN(written) ? undefined : written, method: link.method, keys: keys.filter((key) => !Number.isNaN(key.startTime)) };
}

/** The planner's keys as a record holds them. */
export function recordedKeys(keys: readonly ListedKey[]): RecordedKey[] {
  return keys.map((key) => ({
    key_ID: key.keyId,
    start_time: new Date(key.startTime).toISOString(),
    confirmed: key.confirmed,
    refused: key.refused,
  }));
}

/**
 * The key that shows a record to be an old one, put back or played back: one of `known`, scheduled keys that the writer
 * has listed before, is not in it, and cannot have been drawn yet when it was written. Undefined: none. A record that was
 * written later and lacks a key says that the key was withdrawn.
 */
export function keyDrawnSince(record: RecordView, known: readonly OwnKey[], now: number, policy: Policy): OwnKey | undefined {
  const { writtenAt } = record;
  if (writtenAt === undefined) return undefined;
  const ahead = (policy.lead + (policy.keysPerCommit - 1) * policy.interval + policy.margin) * 1000;
  // Start times further ahead are of a clock that was wrong: they show nothing.
  return known.find(({ keyId, startTime }) => writtenAt < startTime - ahead && startTime - ahead <= now && entryOf(record, keyId) === undefined);
}

/** Readings of one other end's record: the newest, the last one of an older version, and what they say of its clock. */
export interface Readings {
  readonly latest: RecordReading;
  readonly older: RecordReading | undefined;
  readonly clock: ClockBounds | undefined;
}

/**
 * Adds what was read between `askedAt` and `readAt`. Bounds of the clock are kept for `keepFor` milliseconds (two intervals)
 * unless better ones come. The readings may be kept across runs, or begin anew with each: they are hints.
 */
export function withReading(readings: Readings | undefined, record: RecordView, { askedAt, readAt, keepFor }: { askedAt: number; readAt: number; keepFor: number }): Readings {
  const latest: RecordReading = { kind: 'read', record, askedAt, readAt };
  if (readings !== undefined && readings.latest.record.writtenAt === record.writtenAt) return { latest, older: readings.older, clock: readings.clock };
  const older = readings?.latest;
  return { latest, older, clock: betterBounds(readings?.clock, measureClock(latest, older), keepFor) };
}

/** The other end as the planner wants it; `failure` when the record could not be read just now. */
export function otherEnd(device: string, readings: Readings | undefined, failure?: Omit<Unreadable, 'kind'>): OtherEnd {
  if (readings === undefined || failure !== undefined) {
    return { device, reading: { ...(failure ?? { why: 'not read yet' }), kind: 'unreadable' }, earlier: readings?.latest, clock: readings?.clock };
  }
  return { device, reading: readings.latest, earlier: readings.older, clock: readings.clock };
}
