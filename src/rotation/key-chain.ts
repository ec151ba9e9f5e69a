// What Junos makes of a key chain at a given moment: the key with the latest start time that has passed
// is in use, the ones before it have had their time, the ones after it are scheduled. Deactivated keys and
// keys without a start time that can be understood take up their slots and nothing else.

import type { ListedKey } from './action.ts';
import type { ChainKey, Observation, OtherEnd, RecordView } from './observation.ts';

/** A key that Junos counts, ours or an operator's. */
export interface ActiveKey {
  readonly slot: number;
  readonly ckn: string | undefined;
  readonly keyId: string | undefined;
  readonly startTime: number;
}

/** A key that this program installed. */
export interface OwnKey extends ActiveKey {
  readonly keyId: string;
}

/** Each list in order of start time, newest last. */
export interface KeyChain {
  readonly keys: readonly ActiveKey[];
  readonly own: readonly OwnKey[];
  readonly started: readonly ActiveKey[];
  /** Own keys whose start time lies ahead. */
  readonly scheduled: readonly OwnKey[];
  /** The newest started key. */
  readonly inUse: ActiveKey | undefined;
}

/** The chain as Junos sees it at `now`. */
export function keyChainAt(chain: readonly ChainKey[], now: number): KeyChain {
  const keys: ActiveKey[] = chain.filter(isActive).sort((a, b) => a.startTime - b.startTime);
  const started = keys.filter((key) => key.startTime <= now);
  const own = keys.filter(isOwn);
  const scheduled = own.filter((key) => key.startTime > now);
  return { keys, own, started, scheduled, inUse: started.at(-1) };
}

function isActive(key: ChainKey): key is ChainKey & { startTime: number } {
  return !key.inactive && key.startTime !== undefined;
}

/** False for an operator's own key, which is left alone wherever it stands. */
export function isOwn(key: ActiveKey): key is OwnKey {
  return key.keyId !== undefined;
}

/** The record's entry for a key, whatever it says about it. */
export function entryOf(record: RecordView | undefined, keyId: string): ListedKey | undefined {
  return record?.keys.find((entry) => entry.keyId === keyId);
}

/**
 * The entry that shows that the record's writer has this key: not refused, and with the same start time.
 * Once both start times have passed they no longer matter: a key carried over from a pre-shared-key
 * starts when each end says so.
 */
export function listing(record: RecordView | undefined, key: OwnKey, now: number): ListedKey | undefined {
  const entry = entryOf(record, key.keyId);
  if (entry === undefined || entry.refused) return undefined;
  // What is listed of a pre-shared-key has started, whatever the writer's clock says.
  const hasStarted = record?.method === 'pre-shared-key' || entry.startTime <= now;
  const agreed = entry.startTime === key.startTime || (hasStarted && key.startTime <= now);
  return agreed ? entry : undefined;
}

/** The other end's record as read just now; undefined when it could not be read. */
export function currentRecord(other: OtherEnd): RecordView | undefined {
  return other.reading.kind === 'read' ? other.reading.record : undefined;
}

/** Every other end was read just now and has the key. */
export function allList(observation: Observation, key: OwnKey): boolean {
  return observation.others.every((other) => listing(currentRecord(other), key, observation.now) !== undefined);
}
