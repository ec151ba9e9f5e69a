// Slots: what may be overwritten, in which order, and what never.

import { describe, expect, it } from 'vitest';
import { at, chain, chainKey, mka, observation, otherEnd, run, unreachable } from './observation.fixture.ts';
import type { Observation } from './observation.ts';
import { planKeyChain } from './plan-key-chain.ts';

describe('the ring', () => {
  const full = [-3000, -2400, -1800, -1200, -600, 0].map((start, slot) => chainKey(slot, `k${slot}`, start));
  const future = [chainKey(6, 'k6', 600), chainKey(7, 'k7', 1200)];
  const keys = [...full, ...future].map((key) => ({ keyId: key.keyId ?? '', startTime: key.startTime ?? 0, confirmed: true, refused: false }));
  const ringed = (changes: Partial<Observation>): Observation =>
    observation({
      configuration: chain(...full, ...future),
      ownRecord: { writtenAt: at(-1), keys },
      others: [otherEnd('mx2', keys)],
      mka: mka({ liveCkns: ['ckn-k5'] }),
      run: run({ fetched: ['new'] }),
      ...changes,
    });

  it('overwrites the oldest key in place', () => {
    expect(planKeyChain(ringed({}))).toMatchObject({ kind: 'install', keys: [{ slot: 0 }] });
  });

  it('never overwrites an operator\'s key, a deactivated one, or one whose start time is not understood', () => {
    const strange = [{ ...full[0]!, keyId: undefined }, { ...full[1]!, inactive: true }, { ...full[2]!, startTime: undefined }];
    const plan = planKeyChain(ringed({ configuration: chain(...strange, ...full.slice(3), ...future), ownRecord: { writtenAt: at(-1), keys: keys.slice(3) } }));
    expect(plan).toMatchObject({ kind: 'install', keys: [{ slot: 3 }] });
  });

  it('keeps the newest key that the other end has too', () => {
    const behind = keys.slice(0, 1);
    const failures = ['withdraw', 'withdraw', 'withdraw'] as const;
    const unknown = { kind: 'unreadable', why: 'x' } as const;
    const plan = planKeyChain(ringed({ others: [otherEnd('mx2', behind)], mka: unknown, run: run({ fetched: ['new'], failures }) }));
    expect(plan).toMatchObject({ kind: 'install', keys: [{ slot: 1 }] });
  });

  it('overwrites nothing that has started while the other end cannot be read', () => {
    expect(planKeyChain(ringed({ others: [unreachable('mx2')] })).kind).not.toBe('install');
    const due = ringed({ others: [unreachable('mx2')], run: run({}) });
    expect(planKeyChain(due)).toMatchObject({ kind: 'done', outcome: 'waiting', reason: 'awaiting-record' });
  });
});
