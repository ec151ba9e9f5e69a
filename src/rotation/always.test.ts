// The rules that hold always (design section 5), against any observation at all: whatever a router, a record
// or a clock may say, these keys stay.

import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Action, ListedKey } from './action.ts';
import { listing } from './key-chain.ts';
import { POLICY, at, chainKey, listed, observation, run, unreachable } from './observation.fixture.ts';
import type { ChainKey, MkaState, Observation, OtherEnd } from './observation.ts';
import { planKeyChain } from './plan-key-chain.ts';

const NAMES = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'] as const;
const seconds = fc.integer({ min: -4000, max: 4000 });
const some = fc.subarray([...NAMES]);

/** Keys of all kinds, each start time once, as Junos has it. */
const chains = fc.uniqueArray(fc.record({ start: seconds, kind: fc.constantFrom('own', 'own', 'own', 'foreign', 'inactive', 'no time') }), { maxLength: 8, selector: ({ start }) => start }).map((keys) =>
  keys.map(({ start, kind }, slot): ChainKey => {
    const key = chainKey(slot, NAMES[slot] ?? 'z', start);
    if (kind === 'foreign') return { ...key, keyId: undefined };
    if (kind === 'no time') return { ...key, startTime: undefined };
    return { ...key, inactive: kind === 'inactive' };
  }),
);

const marks = fc.record({ confirmed: fc.boolean(), refused: fc.constantFrom(false, false, false, true) });

/** An end that has some of the keys, or cannot be read. */
function otherEnds(chain: readonly ChainKey[]): fc.Arbitrary<OtherEnd> {
  return fc.record({ has: some, marks, writtenAt: seconds, reads: fc.constantFrom(true, true, false) }).map(({ has, marks: both, writtenAt, reads }) => {
    if (!reads) return unreachable('mx2');
    const keys = chain.filter((key) => has.some((name) => name === NAMES[key.slot])).map((key) => listed(NAMES[key.slot] ?? 'z', ((key.startTime ?? at(0)) - at(0)) / 1000, both));
    return { device: 'mx2', reading: { kind: 'read', record: { writtenAt: at(Math.min(0, writtenAt)), keys }, askedAt: at(0), readAt: at(0) }, earlier: undefined, clock: undefined };
  });
}

const sessions: fc.Arbitrary<MkaState> = fc
  .record({ live: some, suspended: fc.constantFrom(0, 0, 60), interfaceUp: fc.constantFrom(true, true, false, undefined), silent: fc.integer({ min: 0, max: 90 }), heard: fc.option(fc.constantFrom(...NAMES), { nil: undefined }) })
  .map(({ live, suspended, interfaceUp, silent, heard }) => ({
    kind: 'read', suspended, interfaceUp, seenLive: [],
    liveCkns: live.slice(0, 2).map((name) => `ckn-${name}`),
    allLiveCkns: live.slice(0, 1).map((name) => `ckn-${name}`),
    silentSince: live.length > 0 ? undefined : at(-silent),
    heardCkn: heard === undefined ? undefined : `ckn-${heard}`,
  }));

const observations: fc.Arbitrary<Observation> = chains.chain((chain) =>
  fc
    .record({
      role: fc.constantFrom('master' as const, 'slave' as const),
      method: fc.constantFrom('key-chain' as const, 'key-chain' as const, 'pre-shared-key' as const),
      ends: fc.constantFrom(2, 2, 3),
      others: fc.array(otherEnds(chain), { minLength: 2, maxLength: 2 }),
      own: fc.option(fc.record({ has: some, marks }), { nil: undefined }),
      mka: fc.oneof(sessions, fc.constant({ kind: 'unreadable' as const, why: 'rpc failed' })),
      fetched: fc.subarray(['x', 'y']),
      startedAt: fc.integer({ min: -500, max: 0 }),
      routerAhead: fc.constantFrom(0, 0, 0, 7_200_000, -7_200_000),
    })
    .map(({ own, fetched, startedAt, routerAhead, others, ends, role, ...rest }) => {
      const keys = chain.filter((key) => own?.has.some((name) => name === NAMES[key.slot]));
      const ownRecord = own === undefined ? undefined : { writtenAt: at(-1), keys: keys.map((key) => listed(NAMES[key.slot] ?? 'z', ((key.startTime ?? at(0)) - at(0)) / 1000, own.marks)) };
      const base = observation({ role, ends, others: others.slice(0, role === 'master' ? ends - 1 : 1), ownRecord, ...rest });
      return {
        ...base,
        configuration: { ...base.configuration, chain },
        run: run({ startedAt: at(startedAt), budgetEnd: at(startedAt + 540), fetched, failures: ['publish', 'publish'] }),
        clock: { ntp: 'unknown' as const, routerAhead },
      };
    }),
);

/** The router's own time: the one by which its keys start. */
const routerNow = ({ now, clock }: Observation): number => now + (clock.routerAhead ?? 0);

const isStarted = (o: Observation, key: ChainKey): boolean => !key.inactive && key.startTime !== undefined && key.startTime <= routerNow(o);

function touched(o: Observation, action: Action): ChainKey[] {
  const slots = action.kind === 'withdraw' || action.kind === 'install' ? action.keys.map((key) => key.slot) : [];
  return o.configuration.chain.filter((key) => slots.includes(key.slot));
}

const newestFirst = (o: Observation): ChainKey[] => o.configuration.chain.filter((key) => isStarted(o, key)).sort((a, b) => (b.startTime ?? 0) - (a.startTime ?? 0));

function always(rule: (o: Observation, action: Action, gone: ChainKey[]) => void): void {
  fc.assert(
    fc.property(observations, (o) => {
      const action = planKeyChain(o);
      rule(o, action, touched(o, action));
    }),
    { numRuns: 1500 },
  );
}

it('touches only keys of its own that it understands', () => {
  always((_o, _action, gone) => expect(gone.filter((key) => key.inactive || key.keyId === undefined || key.startTime === undefined)).toEqual([]));
});

it('leaves a started key, and the one before it when it overwrites', () => {
  always((o, action, gone) => {
    const started = newestFirst(o);
    if (gone.some((key) => isStarted(o, key))) expect(started.filter((key) => !gone.includes(key)).length).toBeGreaterThan(0);
    if (action.kind === 'install') expect(gone.filter((key) => started.slice(0, 2).includes(key) || !isStarted(o, key))).toEqual([]);
  });
});

it('never removes the key on which the only other end is live', () => {
  always((o, _action, gone) => {
    if (o.ends !== 2 || o.mka.kind !== 'read') return;
    const { liveCkns } = o.mka;
    expect(gone.filter((key) => isStarted(o, key) && liveCkns.includes(key.ckn ?? '')).map((key) => key.ckn)).toEqual([]);
  });
});

it('never removes the newest key that all others list, unless MKA is live, or is heard, on an older one, or silent', () => {
  always((o, action, gone) => {
    const records = o.others.map(({ reading }) => (reading.kind === 'read' ? reading.record : undefined));
    const common = newestFirst(o).find((key) => key.keyId !== undefined && records.every((record) => listing(record, { ...key, keyId: key.keyId ?? '', startTime: key.startTime ?? 0 }, routerNow(o)) !== undefined));
    if (common === undefined || !gone.includes(common)) return;
    expect(action.kind).toBe('withdraw');
    expect(o.mka.kind === 'read' && !o.mka.liveCkns.includes(common.ckn ?? '')).toBe(true);
  });
});

it('changes no started key while MKA is suspended, and overwrites none while a record cannot be read', () => {
  always((o, action, gone) => {
    const held = o.mka.kind === 'read' && o.mka.suspended > 0;
    const blind = action.kind === 'install' && o.others.some(({ reading }) => reading.kind !== 'read');
    if (held || blind) expect(gone.filter((key) => isStarted(o, key))).toEqual([]);
  });
});

it('schedules nothing in the past where a key may be shared, and nothing over clocks that differ', () => {
  always((o, action) => {
    if (action.kind !== 'install' || o.role === 'slave' || newestFirst(o).length === 0) return;
    // Who says that the KME does not give it the key in use, and has no older one, shares none.
    const [inUse, ...older] = newestFirst(o).map((key) => key.keyId);
    const lacksAll = (keys: readonly ListedKey[]): boolean => keys.some((key) => key.keyId === inUse && key.refused) && !keys.some((key) => !key.refused && older.includes(key.keyId));
    if (!older.includes(undefined) && o.others.every(({ reading }) => reading.kind === 'read' && lacksAll(reading.record.keys))) return;
    for (const key of action.keys) expect(key.startTime).toBeGreaterThan(routerNow(o) + (POLICY.lead - 1) * 1000);
  });
  always((o, action) => expect(action.kind === 'fetch' && o.clock.routerAhead !== 0).toBe(false));
});
