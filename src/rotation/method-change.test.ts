// A live link from pre-shared-key to key chain and back.

import { describe, expect, it } from 'vitest';
import { at, chain, chainKey, listed, mka, observation, otherEnd, run, slave, unreachable, withdrawals } from './observation.fixture.ts';
import type { OtherEnd } from './observation.ts';
import { planKeyChain } from './plan-key-chain.ts';

const a = listed('a', -600, { confirmed: true });

describe('from one method to the other', () => {
  const psk = { binding: 'pre-shared-key' as const, preSharedKey: { ckn: 'ckn-p', keyId: 'p' }, chain: [] };

  const shared = mka({ liveCkns: ['ckn-p'], allLiveCkns: ['ckn-p'] });
  /** The other end's record, from while it is on its pre-shared-key. */
  const onPreSharedKey = (device: string, ...keys: Parameters<typeof listed>[]): OtherEnd => {
    const { reading, ...end } = otherEnd(device, keys.map((key) => listed(...key)));
    return { ...end, reading: reading.kind === 'read' ? { ...reading, record: { ...reading.record, method: 'pre-shared-key' } } : reading };
  };

  it('carries the pre-shared-key over into the chain', () => {
    const move = planKeyChain(observation({ configuration: psk, mka: shared }));
    expect(move).toEqual({ kind: 'move', to: 'key-chain', ckn: 'ckn-p', slot: 0, startTime: Date.UTC(2000, 0, 1) });
  });

  it('goes back to the slot that holds the key already', () => {
    const left = { ...psk, chain: [chainKey(3, 'p', -900)] };
    expect(planKeyChain(observation({ configuration: left, mka: shared }))).toMatchObject({ kind: 'move', slot: 3, startTime: at(-900) });
  });

  it('clears a chain of keys that would start by themselves first', () => {
    expect(withdrawals(planKeyChain(observation({ configuration: { ...psk, chain: [chainKey(3, 'z', 900)] }, mka: shared })))).toEqual(['z not-confirmed']);
  });

  it('the master goes only with a key that every slave has: the preceding one, which may be the shared one, does not come along', () => {
    const behind = observation({ configuration: psk, mka: mka({ liveCkns: ['ckn-o'], allLiveCkns: ['ckn-o'] }), others: [otherEnd('mx2', [listed('o', -900)])] });
    expect(planKeyChain(behind)).toMatchObject({ kind: 'done', outcome: 'waiting', reason: 'key-not-shared' });
    expect(planKeyChain({ ...behind, others: [unreachable('mx2')] })).toMatchObject({ reason: 'key-not-shared' });
    expect(planKeyChain({ ...behind, others: [onPreSharedKey('mx2', ['o', -900], ['p', -20])] })).toMatchObject({ kind: 'move' });
    const initial = { ...psk, preSharedKey: { ckn: 'ckn-i', keyId: undefined } };
    expect(planKeyChain({ ...behind, configuration: initial })).toMatchObject({ kind: 'move' });
    expect(planKeyChain(slave({ configuration: psk, mka: behind.mka, others: [otherEnd('mx1', [a])] }))).toMatchObject({ kind: 'move' });
  });

  it('a slave that has gone first takes what the master publishes on its pre-shared-key, at once and nothing older', () => {
    const gone = slave({ configuration: chain(chainKey(0, 'p', -900)), ownRecord: { writtenAt: at(-1), keys: [listed('p', -900)] }, mka: mka({ liveCkns: ['ckn-p'] }) });
    const fetched = planKeyChain({ ...gone, others: [onPreSharedKey('mx1', ['o', -1500], ['p', -900], ['q', -2])] });
    expect(fetched).toEqual({ kind: 'fetch', call: 'dec_keys', keyIds: ['q'] });
    // A master whose clock is ahead has published it in our future.
    expect(planKeyChain({ ...gone, others: [onPreSharedKey('mx1', ['p', -900], ['q', 2])] })).toEqual(fetched);
    expect(planKeyChain({ ...gone, others: [onPreSharedKey('mx1', ['o', -1500], ['p', -900])] }).kind).toBe('wait');
    expect(planKeyChain({ ...gone, others: [onPreSharedKey('mx1', ['o', -1500], ['p', 2])] }).kind).toBe('wait');
  });

  it('a key that was carried over stays against any record that lacks it: its start time does not tell when it came', () => {
    const configuration = chain(chainKey(0, 'a', -600), chainKey(1, 'p', -599));
    const ownRecord = { writtenAt: at(-1), keys: [a, listed('p', -599)] };
    const moved = observation({ configuration, ownRecord, others: [otherEnd('mx2', [a])], mka: { kind: 'unreadable', why: 'rpc failed' }, run: run({ installed: ['x'] }) });
    expect(withdrawals(planKeyChain(moved))).not.toEqual(['p activated-alone']);
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
    expect(planKeyChain({ ...follower, others: [onPreSharedKey('mx1', ['a', -20])] })).toMatchObject({ kind: 'move' });
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
