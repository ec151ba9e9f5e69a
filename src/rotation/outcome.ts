// How a run ends on a link: one outcome for machines, one named reason for people. Failures come first, so
// that no success hides them; then what the run achieved; then what it leaves open.

import type { Done, DoneReason, Outcome } from './action.ts';
import { unconfirmedKeys } from './confirmation.ts';
import type { KeyChain } from './key-chain.ts';
import { isMoving } from './method-change.ts';
import type { Observation } from './observation.ts';
import { isDue, obstacle } from './schedule.ts';
import { freeSlots } from './ring.ts';

const OUTCOMES: Record<DoneReason, Outcome> = {
  rotated: 'rotated',
  installed: 'installed',
  confirmed: 'confirmed',
  withdrawn: 'withdrawn',
  moved: 'installed',
  'not-due': 'unchanged',
  'awaiting-slaves': 'waiting',
  'awaiting-master': 'waiting',
  'awaiting-record': 'waiting',
  'key-not-shared': 'waiting',
  draining: 'waiting',
  'backup-routing-engine': 'unchanged',
  'inactive-configuration': 'unchanged',
  'mka-suspended': 'waiting',
  'clock-difference': 'failed',
  'ring-full': 'failed',
  'out-of-time': 'waiting',
  'step-failed': 'failed',
};

export function done(observation: Observation, reason: DoneReason, keyId?: string): Done {
  const named = observation.run.moved && reason === 'not-due' ? 'moved' : reason;
  return { kind: 'done', outcome: OUTCOMES[named], reason: named, keyId };
}

/** The end of a run that has nothing more to do. */
export function closing(observation: Observation, chain: KeyChain): Done {
  const { run, role } = observation;
  if (run.failures.length > 0) return done(observation, 'step-failed');
  const blocked = obstacle(observation);
  if (blocked === 'clock-difference' || blocked === 'mka-suspended') return done(observation, blocked);
  const achieved = achievement(observation);
  if (achieved !== undefined) return achieved;
  const open = unconfirmedKeys(observation, chain).at(-1);
  if (open !== undefined) return done(observation, role === 'master' ? 'awaiting-slaves' : 'awaiting-master', open.keyId);
  if (isMoving(observation) === 'pre-shared-key') return done(observation, 'draining');
  if (blocked === 'out-of-time' && role === 'master' && isDue(observation, chain)) return done(observation, 'out-of-time');
  if (isStuck(observation, chain)) return done(observation, 'ring-full');
  if (isInTheDark(observation, chain)) return done(observation, 'awaiting-record');
  return done(observation, 'not-due', chain.own.at(-1)?.keyId);
}

function achievement(observation: Observation): Done | undefined {
  const { installed, confirmed, withdrawn, moved } = observation.run;
  const rotated = installed.filter((keyId) => confirmed.includes(keyId)).at(-1);
  if (rotated !== undefined) return done(observation, 'rotated', rotated);
  if (confirmed.length > 0) return done(observation, 'confirmed', confirmed.at(-1));
  if (installed.length > 0) return done(observation, 'installed', installed.at(-1));
  if (withdrawn.length > 0) return done(observation, 'withdrawn', withdrawn.at(-1)?.keyId);
  return moved ? done(observation, 'moved') : undefined;
}

/** A new key is due and, with all records read, the ring still has no slot for it: an operator's keys fill it. */
function isStuck(observation: Observation, chain: KeyChain): boolean {
  if (observation.role === 'slave' || !isDue(observation, chain) || freeSlots(observation, chain, 1).length > 0) return false;
  return observation.others.every((other) => other.reading.kind === 'read');
}

/** Whether a new key is due cannot be told at a slave, or a new key cannot be had at a master, without the record of another end. */
function isInTheDark(observation: Observation, chain: KeyChain): boolean {
  const { others, role } = observation;
  return others.some((other) => other.reading.kind === 'unreadable') && (role === 'slave' || isDue(observation, chain));
}
