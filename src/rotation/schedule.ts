// Which new keys this end needs and when they start. The master draws the next key (or several, staged)
// one lead ahead, once an interval; a slave takes the master's keys with the master's start times. Bytes
// that a run has fetched are installed in the same run or forgotten.

import type { Fetch, Install, PlacedKey } from './action.ts';
import { clockFault } from './clock-difference.ts';
import { lackingKeys, mustStartOver } from './confirmation.ts';
import { type KeyChain, currentRecord, entryOf } from './key-chain.ts';
import { lastInstallation, soonestSuccessor } from './deadlines.ts';
import { isMoving } from './method-change.ts';
import { isRepairRun, isSuspended, type Observation } from './observation.ts';
import { freeSlots } from './ring.ts';

const SECOND = 1000;

/** Why no new key may be scheduled now; undefined: it may. */
export function obstacle(observation: Observation): 'mka-suspended' | 'clock-difference' | 'draining' | 'step-failed' | 'out-of-time' | undefined {
  const { run, now, policy, role } = observation;
  if (isSuspended(observation)) return 'mka-suspended';
  if (clockFault(observation) !== undefined) return 'clock-difference';
  if (role === 'master' && isMoving(observation) === 'pre-shared-key') return 'draining';
  // A record that cannot be written would leave the other ends in the dark about what is committed.
  if (run.failures.some((kind) => kind === 'fetch' || kind === 'publish' || kind === 'confirm')) return 'step-failed';
  return now > run.budgetEnd - policy.margin * SECOND ? 'out-of-time' : undefined;
}

/** Keys to get from the own KME now; undefined: none, or none that a slot could take. */
export function keysToFetch(observation: Observation, chain: KeyChain): Fetch | undefined {
  if (obstacle(observation) !== undefined) return undefined;
  if (observation.role === 'master') {
    const number = isDue(observation, chain) ? freeSlots(observation, chain, keysToStage(observation, chain)).length : 0;
    return number === 0 ? undefined : { kind: 'fetch', call: 'enc_keys', number };
  }
  const lacking = lackingKeys(observation, chain).filter((entry) => !observation.run.fetched.includes(entry.keyId));
  const room = freeSlots(observation, chain, lacking.length).length;
  return room === 0 ? undefined : { kind: 'fetch', call: 'dec_keys', keyIds: lacking.slice(0, room).map((entry) => entry.keyId) };
}

/** The master's newest key needs a successor. Draws once a run: a key that is refused at once is not drawn again and again. */
export function isDue(observation: Observation, chain: KeyChain): boolean {
  const { now, policy, run } = observation;
  if (run.fetched.length > 0 || run.installed.length > 0 || isRepairRun(observation)) return false;
  const newest = chain.own.at(-1);
  return newest === undefined || mustStartOver(observation, chain) || now + policy.lead * SECOND >= soonestSuccessor(newest.startTime, policy);
}

function keysToStage(observation: Observation, chain: KeyChain): number {
  return startsAtOnce(observation, chain) ? 1 : observation.policy.keysPerCommit;
}

/** Fetched keys with their slots and start times; undefined: this run holds none that can be used. */
export function keysToInstall(observation: Observation, chain: KeyChain): Install | undefined {
  if (isSuspended(observation)) return undefined;
  const { fetched, installed } = observation.run;
  if (fetched.length === 0) return undefined;
  const held = fetched.filter((keyId) => !installed.includes(keyId) && !chain.own.some((key) => key.keyId === keyId));
  if (held.length === 0) return undefined;
  const slots = freeSlots(observation, chain, held.length);
  const times = observation.role === 'master' ? ownStartTimes(observation, chain, held.length) : masterStartTimes(observation, chain, held);
  const isFollowing = observation.role === 'slave' && observation.others.some((other) => currentRecord(other)?.method === 'pre-shared-key');
  const derivation = isFollowing ? { method: 'pre-shared-key' as const } : {};
  const keys: PlacedKey[] = [];
  held.forEach((keyId, index) => {
    const slot = slots[keys.length];
    const startTime = times[index];
    if (slot !== undefined && startTime !== undefined) keys.push({ keyId, slot, startTime, ...derivation });
  });
  return keys.length === 0 ? undefined : { kind: 'install', keys };
}

/** The first key of a chain, or of a link whose ends have none in common: there is none to keep. */
function startsAtOnce(observation: Observation, chain: KeyChain): boolean {
  return chain.started.length === 0 || mustStartOver(observation, chain);
}

/** One lead ahead, then one interval apart. */
function ownStartTimes(observation: Observation, chain: KeyChain, count: number): number[] {
  const { now, policy, configuration } = observation;
  // Junos wants every start time of a chain only once, deactivated keys included.
  const taken = new Set(configuration.chain.map((key) => key.startTime));
  let next = startsAtOnce(observation, chain) ? Math.floor(now / SECOND) * SECOND : Math.ceil(now / SECOND + policy.lead) * SECOND;
  const times: number[] = [];
  while (times.length < count) {
    while (taken.has(next)) next += SECOND;
    times.push(next);
    next += policy.interval * SECOND;
  }
  return times;
}

/** The master's start times; undefined for keys that it withdrew or that have become too late meanwhile. */
function masterStartTimes(observation: Observation, chain: KeyChain, keyIds: readonly string[]): (number | undefined)[] {
  const { now, policy, others } = observation;
  const record = others[0] === undefined ? undefined : currentRecord(others[0]);
  const late = lackingKeys(observation, chain).map((entry) => entry.keyId);
  return keyIds.map((keyId) => {
    const entry = entryOf(record, keyId);
    if (entry === undefined) return undefined;
    const inTime = now < lastInstallation(entry.startTime, entry.confirmed, policy);
    return inTime || late.includes(keyId) ? entry.startTime : undefined;
  });
}
