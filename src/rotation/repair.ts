// A key that started on one end only: that end withdraws it, and the key before it, which the other end
// still uses, takes over (design section 5, rule 6). Two witnesses count. The other end's record, written
// after the start time, does not have the key but has an older one of ours. Or the own router's MKA session
// has gone without a live peer on the key for longer than a margin. The second needs no connection.
//
// A live peer has proven that it has the CAK: every MKPDU carries an ICV (IEEE 802.1X-2020, 11.11). An unknown
// CKN that was heard has proven nothing, and a CKN is no secret: anyone on the line can send one. So hearsay
// never counts against a key on which all others are live, against one that this end knows to be agreed, nor
// against one that their records show them to have; and it takes back one key a run. The key before it then
// has until the next run for MKA to show a peer, so that no old CKN that is sent again leads down the chain. What
// is left to a forger is one key a run of which this end does not know that it is shared, while not all others are live on it.

import type { WithdrawnKey } from './action.ts';
import { isAgreed, isConfirmed } from './confirmation.ts';
import { nextTick } from './deadlines.ts';
import { type ActiveKey, type KeyChain, type OwnKey, allList, currentRecord, entryOf, isOwn, keyChainAt, listing } from './key-chain.ts';
import { isCarriedOver, isMoving } from './method-change.ts';
import type { MkaState, Observation } from './observation.ts';

/** The started keys that a witness shows to be in use here alone, newest first; mostly none. */
export function keysInUseAlone(observation: Observation, chain: KeyChain): WithdrawnKey[] {
  const key = chain.inUse;
  if (key === undefined || !isOwn(key)) return [];
  // An operator's key may be the one that both ends still have; it is met on, and never touched.
  const older = chain.started.slice(0, -1).reverse();
  const meeting = meetingByRecord(observation, key, older) ?? meetingByMka(observation, key, older);
  // With nothing older to go back to, withdrawing would leave the end without any key.
  if (meeting === undefined) return [];
  const alone = [key, ...older.slice(0, older.indexOf(meeting)).filter(isOwn)];
  return alone.map(({ slot, keyId, startTime }) => ({ slot, keyId, startTime, reason: 'activated-alone' }));
}

/** The newest older key that another end still has, when its record shows that it lacks the one in use. */
function meetingByRecord(observation: Observation, key: OwnKey, older: readonly ActiveKey[]): OwnKey | undefined {
  const { mka, ends } = observation;
  // A record may be an old one: on the routing engine that has just taken over, or restored. A live peer is no
  // file; among several it may be another one, unless all are live.
  const peers = mka.kind !== 'read' ? [] : ends === 2 ? mka.liveCkns : mka.allLiveCkns;
  if (key.ckn !== undefined && peers.includes(key.ckn)) return undefined;
  // Whether a record is from before or after the move, nobody can say.
  if (isCarriedOver(key, older[0])) return undefined;
  const isLive = ({ ckn }: OwnKey): boolean => mka.kind === 'read' && ckn !== undefined && mka.liveCkns.includes(ckn);
  for (const { reading } of observation.others) {
    if (reading.kind !== 'read') continue;
    const { record } = reading;
    if (record.writtenAt === undefined || record.writtenAt < key.startTime) continue;
    if (listing(record, key, observation.now) !== undefined) continue;
    const meeting = older.filter(isOwn).find((candidate) => isLive(candidate) || listing(record, candidate, key.startTime) !== undefined);
    if (meeting !== undefined) return meeting;
  }
  return undefined;
}

/** The key on which MKA would find a peer, when it finds none on the one in use. */
function meetingByMka(observation: Observation, key: OwnKey, older: readonly ActiveKey[]): ActiveKey | undefined {
  const { mka, now, policy, run } = observation;
  const margin = policy.margin * 1000;
  if (mka.kind !== 'read' || mka.suspended > 0 || now <= key.startTime + margin) return undefined;
  if (!isWithoutPeer(mka, key) && !isLeavingOut(observation, key)) return undefined;
  // After a commit MKA needs a moment to go over: until then it still shows the session of before.
  if (run.lastCommitAt !== undefined && now <= run.lastCommitAt + margin) return undefined;
  const heard = mayHeed(observation) ? older.find(({ ckn }) => ckn !== undefined && ckn === mka.heardCkn) : undefined;
  const live = isWithoutPeer(mka, key) ? older.find(({ ckn }) => ckn !== undefined && mka.liveCkns.includes(ckn)) : undefined;
  if (heard === undefined && live === undefined) {
    const silentLongEnough = mka.silentSince !== undefined && now > mka.silentSince + margin;
    return silentLongEnough && mayBeAloneInSilence(observation, key) ? older.find((one) => isOwn(one) && !isRefused(observation, one)) : undefined;
  }
  // The other end is there, and on an older key: it does not have this one, or its CAK is another, or its
  // clock is far behind. One that says that it has the key gets another margin: its clock may be a little behind.
  if (allList(observation, key) && now <= key.startTime + 2 * margin) return undefined;
  if (live !== undefined) return older.find((one) => one === live || one === heard);
  return mka.allLiveCkns.includes(key.ckn ?? '') || isAgreed(observation, key) || isStillShared(observation, key) ? undefined : older[0];
}

/** One key a run: whoever is really there on an older one is heard again. */
function mayHeed({ run }: Observation): boolean {
  return !run.withdrawn.some((key) => key.reason === 'activated-alone');
}

/** Another end's KME does not give it this key: nobody is met on it. */
function isRefused({ others }: Observation, key: OwnKey): boolean {
  return others.some((other) => entryOf(currentRecord(other), key.keyId)?.refused);
}

/**
 * Silence counts only against a key that nothing shows to be shared. It may also be a router that restarts
 * or a line that is cut, which no withdrawal mends: so only on an interface that is known to be up, never against a key known to be agreed, and only in the
 * first run after its start. Later the other end may have gone over to the next key, alone.
 */
function mayBeAloneInSilence(observation: Observation, key: OwnKey): boolean {
  const { mka, now, policy } = observation;
  if (mka.kind !== 'read' || mka.interfaceUp !== true || mka.heardCkn !== undefined || now > nextTick(key.startTime, policy)) return false;
  // Following a master on its pre-shared-key, whose next key is the reason.
  if (observation.others.some((other) => (currentRecord(other) ?? other.earlier?.record)?.method === 'pre-shared-key')) return false;
  // A key on which this run has seen a peer is shared: whoever is silent now has gone over to the next one.
  if (key.ckn !== undefined && mka.seenLive.includes(key.ckn)) return false;
  return !isStillShared(observation, key) && !isAgreed(observation, key);
}

/** Whether the state of the interface could matter now: MKA is silent on a key that silence may yet count against. */
export function asksForInterface(observation: Observation): boolean {
  const { mka, configuration, now } = observation;
  const key = keyChainAt(configuration.chain, now).inUse;
  if (mka.kind !== 'read' || mka.liveCkns.length > 0) return false;
  if (isMoving(observation) === 'pre-shared-key') return true;
  return key !== undefined && isOwn(key) && mayBeAloneInSilence({ ...observation, mka: { ...mka, interfaceUp: true } }, key);
}

/** Every other end lists the key, confirmed or in a record from after its start: not as one that it may have withdrawn since. */
function isStillShared(observation: Observation, key: OwnKey): boolean {
  return observation.others.every((other) => {
    const record = currentRecord(other);
    const entry = listing(record, key, observation.now);
    return entry !== undefined && (entry.confirmed || (record?.writtenAt ?? 0) >= key.startTime);
  });
}

function isWithoutPeer(mka: MkaState, key: OwnKey): boolean {
  if (mka.suspended > 0 || mka.interfaceUp === false) return false;
  return key.ckn !== undefined && !mka.liveCkns.includes(key.ckn);
}

/**
 * Among three or more, one that was heard on another CKN may be left out while the others share the key. It
 * cannot be asked when records travel over the link itself, and cannot come after: the others go back to it.
 */
function isLeavingOut(observation: Observation, key: OwnKey): boolean {
  const { ends, mka } = observation;
  return ends > 2 && mka.kind === 'read' && mka.heardCkn !== undefined && mka.heardCkn !== key.ckn && !isAgreed(observation, key) && !allList(observation, key);
}

/** Until when this run should stay to see MKA go over to a key; undefined: no need. */
export function activationToWatch(observation: Observation, chain: KeyChain): number | undefined {
  const { now, policy } = observation;
  const watched = [pastActivation(observation, chain), comingActivation(observation, chain)]
    .filter((moment) => moment !== undefined)
    .map((moment) => moment + policy.margin * 1000 + 1)
    .filter((until) => now < until);
  return watched.length === 0 ? undefined : Math.min(...watched);
}

/** The key in use finds no peer: from its start, the last commit, or when silence began, a margin decides. */
function pastActivation(observation: Observation, chain: KeyChain): number | undefined {
  const { mka, run } = observation;
  const key = chain.inUse;
  if (key === undefined || !isOwn(key) || mka.kind !== 'read' || !isWithoutPeer(mka, key)) return undefined;
  const silent = mka.silentSince !== undefined && mayBeAloneInSilence(observation, key) ? mka.silentSince : 0;
  return Math.max(key.startTime, silent, run.lastCommitAt ?? 0);
}

/**
 * A key that the master confirmed starts before its next tick, and not every slave has said that it knows:
 * one of them may have withdrawn it. Then this run sees to it, not the next.
 */
function comingActivation(observation: Observation, chain: KeyChain): number | undefined {
  const { role, run, policy } = observation;
  const next = chain.scheduled[0];
  if (role === 'slave' || next === undefined || !isConfirmed(observation, next) || isAgreed(observation, next)) return undefined;
  return next.startTime + policy.margin * 1000 < nextTick(run.startedAt, policy) ? next.startTime : undefined;
}
