// Observations for the tests of this folder: a link in steady operation, to be bent one fact at a time.
// Times are in seconds from a round moment, so that a test reads like the protocol.

import type { Action, ListedKey } from './action.ts';
import type { ChainKey, MkaState, Observation, OtherEnd, Policy, RunSoFar } from './observation.ts';

/** Second 0 of every test. */
export const ORIGIN = Date.UTC(2026, 10, 22, 12);

export const at = (seconds: number): number => ORIGIN + seconds * 1000;

/** The defaults of the design: a key is made 1920 s before it starts; the master decides 660 s before, a slave 30 s. */
export const POLICY: Policy = { interval: 600, lead: 1920, margin: 30, ring: 8, maxClockDifference: 5, wait: 60, poll: 5, keysPerCommit: 1 };

export function chainKey(slot: number, keyId: string, start: number): ChainKey {
  return { slot, ckn: `ckn-${keyId}`, keyId, startTime: at(start), inactive: false };
}

export function listed(keyId: string, start: number, marks: Partial<ListedKey> = {}): ListedKey {
  return { keyId, startTime: at(start), confirmed: false, refused: false, ...marks };
}

/** Another end whose record was written and read a moment ago. */
export function otherEnd(device: string, keys: readonly ListedKey[], now = 0): OtherEnd {
  return { device, reading: { kind: 'read', record: { writtenAt: at(now) - 1000, keys }, askedAt: at(now), readAt: at(now) }, earlier: undefined, clock: undefined };
}

export function unreachable(device: string): OtherEnd {
  return { device, reading: { kind: 'unreadable', why: 'no answer' }, earlier: undefined, clock: undefined };
}

/** A master at second 0, on key `a`, with `b` confirmed for second 1200, both on the slave too, and its record written in this run. */
export function observation(changes: Partial<Observation> = {}): Observation {
  const keys = [listed('a', -600, { confirmed: true }), listed('b', 1200, { confirmed: true })];
  return {
    now: at(0),
    run: { startedAt: at(-2), budgetEnd: at(540), fetched: [], refused: [], installed: [], confirmed: [], withdrawn: [], moved: false, lastCommitAt: undefined, failures: [] },
    link: 'mx1-mx2',
    device: 'mx1',
    role: 'master',
    method: 'key-chain',
    policy: POLICY,
    routingEngine: 'master',
    configuration: { binding: 'key-chain', preSharedKey: undefined, chain: [chainKey(0, 'a', -600), chainKey(1, 'b', 1200)] },
    ownRecord: { writtenAt: at(-1), keys },
    ends: 2,
    others: [otherEnd('mx2', keys)],
    mka: { kind: 'read', liveCkns: ['ckn-a'], allLiveCkns: ['ckn-a'], suspended: 0, interfaceUp: true, silentSince: undefined, seenLive: [], heardCkn: undefined },
    clock: { ntp: 'synchronised', routerAhead: 0 },
    ...changes,
  };
}

const BASE = observation();
/** What every record of the steady link lists. */
export const STEADY_KEYS: readonly ListedKey[] = BASE.ownRecord?.keys ?? [];

export const run = (changes: Partial<RunSoFar>): RunSoFar => ({ ...BASE.run, ...changes });

export const mka = (changes: Partial<MkaState>): MkaState => ({ ...(BASE.mka as MkaState), ...changes });

export const chain = (...keys: ChainKey[]): Observation['configuration'] => ({ ...BASE.configuration, chain: keys });

/** The same link seen from its slave. */
export function slave(changes: Partial<Observation> = {}): Observation {
  return observation({ role: 'slave', device: 'mx2', others: [otherEnd('mx1', STEADY_KEYS)], ...changes });
}

/** A withdrawal in words: `key reason`; any other action by its kind. */
export function withdrawals(action: Action): string[] {
  return action.kind === 'withdraw' ? action.keys.map((key) => `${key.keyId} ${key.reason}`) : [`(${action.kind})`];
}
