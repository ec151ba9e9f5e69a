// A first key that the KME gave to a slave which then died before its commit: delivered once, it is lost, and the
// ends have no key in common. Nothing needs a lead then.

import { describe, expect, it } from 'vitest';
import type { ListedKey } from './action.ts';
import { at, chain, chainKey, listed, mka, observation, otherEnd, run, slave, unreachable, withdrawals } from './observation.fixture.ts';
import type { Observation } from './observation.ts';
import { planKeyChain } from './plan-key-chain.ts';

describe('a first key that the slave\'s KME refuses', () => {
  const lost = listed('a', -600);
  const only = chain(chainKey(0, 'a', -600));
  const refusing = (keys: readonly ListedKey[], changes: Partial<Observation> = {}): Observation =>
    observation({ configuration: only, ownRecord: { writtenAt: at(-1), keys: [lost] }, others: [otherEnd('mx2', keys)], mka: mka({ liveCkns: [], allLiveCkns: [] }), run: run({ fetched: ['c'] }), ...changes });
  const starts = (o: Observation): number | undefined => {
    const action = planKeyChain(o);
    return action.kind === 'install' ? action.keys[0]?.startTime : undefined;
  };

  it('stays published by the slave, which does not ask again but stays for the next', () => {
    const empty = { binding: 'none' as const, preSharedKey: undefined, chain: [] };
    const others = [otherEnd('mx1', [lost])];
    const refused = [listed('a', -600, { refused: true })];
    expect(planKeyChain(slave({ configuration: empty, ownRecord: { writtenAt: at(-1), keys: [] }, others, run: run({ refused: ['a'] }) }))).toEqual({ kind: 'publish', keys: refused });
    expect(planKeyChain(slave({ configuration: empty, ownRecord: { writtenAt: at(-1), keys: refused }, others }))).toMatchObject({ kind: 'wait', why: 'master-to-publish' });
  });

  it('is followed by one that starts at once, also where a later one is scheduled already', () => {
    const refused = [listed('a', -600, { refused: true })];
    expect(starts(refusing(refused))).toBe(at(0));
    const configuration = chain(chainKey(0, 'a', -600), chainKey(1, 'b', 1900));
    const both = { configuration, ownRecord: { writtenAt: at(-1), keys: [lost, listed('b', 1900)] }, run: run({}) };
    expect(planKeyChain(refusing([...refused, listed('b', 1900)], { ...both, ownRecord: { writtenAt: at(-1), keys: [lost, listed('b', 1900, { confirmed: true })] } }))).toEqual({ kind: 'fetch', call: 'enc_keys', number: 1 });
  });

  it('is not, as long as any key may be shared', () => {
    const refused = listed('a', -600, { refused: true });
    expect(starts(refusing([]))).toBe(at(1920));
    expect(starts(refusing([refused], { mka: mka({ liveCkns: ['ckn-a'] }) }))).toBe(at(1920));
    const older = chain(chainKey(7, 'z', -900), chainKey(0, 'a', -600));
    expect(withdrawals(planKeyChain(refusing([refused, listed('z', -900)], { configuration: older })))).toEqual(['a activated-alone']);
    expect(starts(refusing([refused], { configuration: chain({ ...chainKey(7, 'f', -900), keyId: undefined }, chainKey(0, 'a', -600)) }))).toBe(at(1920));
    expect(starts(refusing([refused], { others: [unreachable('mx2')] }))).toBe(at(1920));
  });
});
