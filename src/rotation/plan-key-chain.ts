// What should happen next on a link of method key-chain (design section 5): the whole protocol, in the order
// in which a run asks its questions. Pure: everything known goes in, one action comes out; the workflow
// carries it out, observes everything anew and asks again. Every answer but `wait` and `done` changes
// something that the next observation shows, and a step that failed is not repeated without end.

import type { Action } from './action.ts';
import { onRouterClock } from './clock-difference.ts';
import { newlyConfirmed } from './confirmation.ts';
import { type KeyChain, keyChainAt } from './key-chain.ts';
import { announcementOfMove, isMoving, isShared, moveToKeyChain, moveToPreSharedKey } from './method-change.ts';
import { isSuspended, type Observation } from './observation.ts';
import { closing, done } from './outcome.ts';
import { keysToPublish, mustPublish } from './publication.ts';
import { keysInUseAlone } from './repair.ts';
import { keysToFetch, keysToInstall } from './schedule.ts';
import { reasonToStay } from './waiting.ts';
import { judgeScheduledKeys } from './withdrawal.ts';

/** One next action for this end of the link. */
export function planKeyChain(observation: Observation): Action {
  const byRouter = onRouterClock(observation);
  if (byRouter === undefined) return plan(observation);
  const action = plan(byRouter.observation);
  return action.kind === 'wait' ? { ...action, until: action.until - byRouter.ahead } : action;
}

function plan(observation: Observation): Action {
  const announced = announcementOfMove(observation);
  if (announced !== undefined && observation.routingEngine === 'master' && mayPublish(observation)) return { kind: 'publish', keys: announced };
  const handsOff = reasonToLeaveAlone(observation);
  if (handsOff !== undefined) return done(observation, handsOff);
  const chain = keyChainAt(observation.configuration.chain, observation.now);
  if (isMoving(observation) === 'key-chain') return planMove(observation, chain);

  // What is in use here alone comes first: the traffic waits for it. Then agreement, before anything expires.
  const alone = isSuspended(observation) ? [] : keysInUseAlone(observation, chain);
  if (alone.length > 0 && mayTry(observation, 'withdraw', 3)) return { kind: 'withdraw', keys: alone };
  const keys = keysToPublish(observation, chain);
  const publishes = mustPublish(observation, keys);
  const confirmed = publishes ? newlyConfirmed(observation, chain) : [];
  if (confirmed.length > 0 && mayPublish(observation)) return { kind: 'confirm', keyIds: confirmed.map((key) => key.keyId), keys };
  const scheduled = judgeScheduledKeys(observation, chain);
  if (scheduled.withdraw.length > 0 && mayTry(observation, 'withdraw', 3)) return { kind: 'withdraw', keys: scheduled.withdraw };

  const install = mayTry(observation, 'install', 2) ? keysToInstall(observation, chain) : undefined;
  if (install !== undefined) return install;
  if (publishes && mayPublish(observation)) return { kind: 'publish', keys };
  const next = isMoving(observation) === 'pre-shared-key' ? planMoveBack(observation, chain) : undefined;
  return next ?? keysToFetch(observation, chain) ?? reasonToStay(observation, chain, scheduled.stay) ?? closing(observation, chain);
}

/** The configuration is another program's, or another routing engine's, to change. */
function reasonToLeaveAlone(observation: Observation): 'backup-routing-engine' | 'inactive-configuration' | 'not-due' | undefined {
  if (observation.routingEngine === 'backup') return 'backup-routing-engine';
  if (observation.configuration.binding === 'inactive') return 'inactive-configuration';
  // The other method's planner rotates a link that is on it and shall be.
  if (observation.method === 'pre-shared-key' && observation.configuration.binding !== 'key-chain') return 'not-due';
  return undefined;
}

function planMove(observation: Observation, chain: KeyChain): Action {
  if (isSuspended(observation)) return done(observation, 'mka-suspended');
  if (!isShared(observation)) return done(observation, 'key-not-shared');
  const move = moveToKeyChain(observation, chain);
  if (move === undefined) return done(observation, 'ring-full');
  return mayTry(observation, move.kind, 1) ? move : done(observation, 'step-failed');
}

function planMoveBack(observation: Observation, chain: KeyChain): Action | undefined {
  return isSuspended(observation) || !mayTry(observation, 'move', 1) ? undefined : moveToPreSharedKey(observation, chain);
}

/** A failed step is tried so many times a run. */
function mayTry(observation: Observation, kind: Action['kind'], times: number): boolean {
  return observation.run.failures.filter((failed) => failed === kind).length < times;
}

/** A disk that refused the record twice is full for this run. */
function mayPublish(observation: Observation): boolean {
  return observation.run.failures.filter((failed) => failed === 'publish' || failed === 'confirm').length < 2;
}
