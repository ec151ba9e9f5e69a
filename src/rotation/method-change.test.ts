// A live link from pre-shared-key to key chain and back.

import { describe, expect, it } from 'vitest';
import { at, chain, chainKey, listed, mka, observation, otherEnd, run, slave, unreachable, withdrawals } from './observation.fixture.ts';
import { planKeyChain } from './plan-key-chain.ts';

const a = listed('a', -600, { confirmed: true });

describe('from one method to the other', () => {
  const psk = { binding: 'pre-shared-key' as const, preSharedKey: { ckn: 'ckn-p', keyId: 'p' }, chain: [] };

  it('carries the pre-shared-key over into the chain', () => {
    const move = planKeyChain(observation({ configuration: psk }));
    expect(move).toEqual({ kind: 'move', to: 'key-chain', ckn: 'ckn-p', slot: 0, startTime: Date.UTC(2000, 0, 1) });
  });

  it('goes back to the slot that holds the key already', () => {
    const left = { ...psk, chain: [chainKey(3, 'p', -900)] };
    expect(planKeyChain(observation({ configuration: left }))).toMatchObject({ kind: 'move', slot: 3, startTime: at(-900) });
  });

  it('clears a chain of keys that would start by themselves first', () => {
    expect(withdrawals(planKeyChain(observation({ configuration: { ...psk, chain: [chainKey(3, 'z', 900)] } })))).toEqual(['z not-confirmed']);
  });

  it('lets the scheduled keys run out before it moves back', () => {
    expect(planKeyChain(observation({ method: 'pre-shared-key' }))).toMatchObject({ kind: 'done', outcome: 'waiting', reason: 'draining' });
    const last = [a];
    const configuration = chain(chainKey(0, 'a', -600));
    const ownRecord = { writtenAt: at(-1), keys: last };
    const drained = observation({ method: 'pre-shared-key', configuration, ownRecord, others: [otherEnd('mx2', last)] });
    expect(planKeyChain(drained)).toEqual({ kind: 'move', to: 'pre-shared-key', ckn: 'ckn-a', slot: 0 });
    expect(planKeyChain({ ...drained, others: [unreachable('mx2')] })).toMatchObject({ kind: 'done', reason: 'draining' });
    expect(planKeyChain({ ...drained, others: [otherEnd('mx2', [a, listed('b', 900)])] })).toMatchObject({ kind: 'done', reason: 'draining' });
  });

  it('lets a slave among several follow the master only', () => {
    const own = chain(chainKey(0, 'a', -600));
    const ownRecord = { writtenAt: at(-1), keys: [a] };
    const follower = slave({ method: 'pre-shared-key', ends: 3, configuration: own, ownRecord, others: [otherEnd('mx1', [a])] });
    expect(planKeyChain(follower)).toMatchObject({ kind: 'done', reason: 'draining' });
    expect(planKeyChain({ ...follower, others: [otherEnd('mx1', [listed('a', -20, { confirmed: true })])] })).toMatchObject({ kind: 'move' });
  });

  it('says when it has gone, once', () => {
    const gone = { binding: 'pre-shared-key' as const, preSharedKey: { ckn: 'ckn-a', keyId: 'a' }, chain: [chainKey(0, 'a', -600)] };
    const moved = observation({ method: 'pre-shared-key', configuration: gone, run: run({ moved: true }) });
    const keys = [listed('a', 0, { confirmed: true })];
    expect(planKeyChain({ ...moved, ownRecord: { writtenAt: at(-1), keys: [a] } })).toEqual({ kind: 'publish', keys });
    expect(planKeyChain({ ...moved, ownRecord: { writtenAt: at(0), keys } })).toMatchObject({ kind: 'done', outcome: 'installed', reason: 'moved' });
  });

  it('says it in a later run when the disk was full, over a key that was withdrawn before', () => {
    const gone = { binding: 'pre-shared-key' as const, preSharedKey: { ckn: 'ckn-a', keyId: 'a' }, chain: [chainKey(0, 'a', -600)] };
    const keys = [listed('a', 0, { confirmed: true })];
    const untold = observation({ method: 'pre-shared-key', configuration: gone, ownRecord: { writtenAt: at(-700), keys: [a, listed('z', 900)] } });
    expect(planKeyChain(untold)).toEqual({ kind: 'publish', keys });
  });

  it('takes the key of a master that has gone without it, when no peer is live any more', () => {
    const others = [otherEnd('mx1', [listed('z', -20, { confirmed: true })])];
    const left = slave({ method: 'pre-shared-key', configuration: chain(chainKey(0, 'a', -600)), ownRecord: { writtenAt: at(-1), keys: [a] }, others });
    expect(planKeyChain(left).kind).toBe('done');
    expect(planKeyChain({ ...left, mka: mka({ liveCkns: [] }) })).toEqual({ kind: 'fetch', call: 'dec_keys', keyIds: ['z'] });
  });
});
