// Keys that started on one end only: the witnesses, and what is no witness.

import { describe, expect, it } from 'vitest';
import { at, chain, chainKey, listed, mka, observation, otherEnd, run, unreachable, withdrawals } from './observation.fixture.ts';
import type { Observation } from './observation.ts';
import { planKeyChain } from './plan-key-chain.ts';

describe('repair: a key in use on one end only', () => {
  const alone = (changes: Partial<Observation>): Observation =>
    observation({
      configuration: chain(chainKey(0, 'a', -1200), chainKey(1, 'b', -60)),
      ownRecord: { writtenAt: at(-100), keys: [old, listed('b', -60, { confirmed: true })] },
      others: [unreachable('mx2')],
      mka: mka({ liveCkns: ['ckn-b'] }),
      ...changes,
    });
  const old = listed('a', -1200, { confirmed: true });

  it('is withdrawn when the other end\'s record shows that it went without', () => {
    expect(withdrawals(planKeyChain(alone({ others: [otherEnd('mx2', [old])], mka: mka({ liveCkns: [] }) })))).toEqual(['b activated-alone']);
  });

  it('stays against a record from before its start, or any record while the only peer is live on it', () => {
    const record = (writtenAt: number): Observation['others'] => [{ ...otherEnd('mx2', [old]), reading: { kind: 'read', record: { writtenAt: at(writtenAt), keys: [old] }, askedAt: at(0), readAt: at(0) } }];
    const dark = { kind: 'unreadable', why: 'rpc failed' } as const;
    expect(withdrawals(planKeyChain(alone({ others: record(-61), mka: dark })))).not.toEqual(['b activated-alone']);
    expect(withdrawals(planKeyChain(alone({ others: record(-1), mka: dark })))).toEqual(['b activated-alone']);
    expect(withdrawals(planKeyChain(alone({ others: record(-1) })))).not.toEqual(['b activated-alone']);
  });

  it('goes back to the key that holds the session, whatever older one a record names', () => {
    const three = chain(chainKey(0, 'a', -1800), chainKey(1, 'b', -700), chainKey(2, 'c', -60));
    const others = [otherEnd('mx2', [listed('a', -1800)])];
    expect(withdrawals(planKeyChain(alone({ configuration: three, others, mka: mka({ liveCkns: ['ckn-b'] }) })))).toEqual(['c activated-alone']);
  });

  it('is withdrawn when MKA has found a live peer on an older key only', () => {
    expect(withdrawals(planKeyChain(alone({ mka: mka({ liveCkns: ['ckn-a'] }) })))).toEqual(['b activated-alone']);
    expect(withdrawals(planKeyChain(alone({ mka: mka({ liveCkns: [], heardCkn: 'ckn-a' }) })))).toEqual(['b activated-alone']);
  });

  it('stays, whatever CKN is heard, when it is live on all others, known to be agreed, or in a record from after its start', () => {
    const heard = mka({ liveCkns: [], allLiveCkns: [], heardCkn: 'ckn-a' });
    const kept = (changes: Partial<Observation>): void => expect(planKeyChain(alone({ mka: heard, ...changes })).kind).not.toBe('withdraw');
    const agreed = { writtenAt: at(-101), keys: [old, listed('b', -60, { confirmed: true })] };
    kept({ role: 'slave' });
    kept({ others: [{ ...unreachable('mx2'), earlier: { kind: 'read', askedAt: at(-100), readAt: at(-100), record: agreed } }] });
    kept({ configuration: chain(chainKey(0, 'a', -1200), chainKey(1, 'b', -90)), others: [otherEnd('mx2', [old, listed('b', -90)])] });
    const three = { ends: 3, others: [otherEnd('mx2', [old, listed('b', -60)]), unreachable('mx3')] };
    kept({ ...three, mka: mka({ liveCkns: ['ckn-b'], allLiveCkns: ['ckn-b'], heardCkn: 'ckn-a' }) });
  });

  it('goes back one key only on what is heard: the key before it may be a common one', () => {
    const three = chain(chainKey(0, 'a', -1800), chainKey(1, 'b', -700), chainKey(2, 'c', -60));
    expect(withdrawals(planKeyChain(alone({ configuration: three, mka: mka({ liveCkns: [], heardCkn: 'ckn-a' }) })))).toEqual(['c activated-alone']);
    // And once a run: whoever is there is heard again, and who is not leads nobody down the chain.
    const withdrawn = [{ slot: 2, keyId: 'c', startTime: at(-50), reason: 'activated-alone' as const }];
    expect(planKeyChain(alone({ mka: mka({ liveCkns: [], heardCkn: 'ckn-a' }), run: run({ withdrawn }) })).kind).not.toBe('withdraw');
  });

  it('is not withdrawn in silence for a key that the other end\'s KME has refused', () => {
    const others = [otherEnd('mx2', [{ ...old, refused: true, confirmed: false }])];
    expect(planKeyChain(alone({ others, mka: mka({ liveCkns: [], silentSince: at(-31) }) })).kind).not.toBe('withdraw');
  });

  it('is withdrawn when MKA has been silent for a margin, not before', () => {
    expect(withdrawals(planKeyChain(alone({ mka: mka({ liveCkns: [], silentSince: at(-31) }) })))).toEqual(['b activated-alone']);
    const ownRecord = { writtenAt: at(-1), keys: alone({}).ownRecord?.keys ?? [] };
    const early = alone({ mka: mka({ liveCkns: [], silentSince: at(-20) }), ownRecord, run: run({ installed: ['x'] }) });
    expect(planKeyChain(early)).toMatchObject({ kind: 'wait', why: 'activation' });
  });

  it('is withdrawn for silence in the first run after its start, however late in the interval, and not later', () => {
    const seen = (start: number): string[] => {
      const configuration = chain(chainKey(0, 'a', -3000), chainKey(1, 'b', start));
      const keys = [listed('a', -3000, { confirmed: true }), listed('b', start, { confirmed: true })];
      return withdrawals(planKeyChain(alone({ configuration, ownRecord: { writtenAt: at(-100), keys }, mka: mka({ liveCkns: [], silentSince: at(-31) }) })));
    };
    expect(seen(-599)).toEqual(['b activated-alone']);
    expect(seen(-640)).toEqual(['(publish)']);
  });

  it('stays when silence has other causes', () => {
    const silent = mka({ liveCkns: [], silentSince: at(-60) });
    const kept = (changes: Partial<Observation>): void => expect(planKeyChain(alone({ mka: silent, ...changes })).kind).not.toBe('withdraw');
    kept({ mka: { ...silent, interfaceUp: false } });
    kept({ mka: { ...silent, interfaceUp: undefined } }); // perhaps the line is cut, and the key is common
    kept({ mka: { ...silent, suspended: 90 } });
    kept({ mka: { ...silent, heardCkn: 'ckn-z' } });
    kept({ role: 'slave' }); // it has read the confirmation: the master has the key
    const agreed = { writtenAt: at(-101), keys: [old, listed('b', -60, { confirmed: true })] };
    kept({ others: [{ ...unreachable('mx2'), earlier: { kind: 'read', askedAt: at(-100), readAt: at(-100), record: agreed } }] });
    kept({ others: [otherEnd('mx2', [old, listed('b', -60)])] });
  });

  it('stays when there is nothing to go back to', () => {
    const only = alone({ configuration: chain(chainKey(1, 'b', -60)), others: [otherEnd('mx2', [old])] });
    expect(planKeyChain(only).kind).not.toBe('withdraw');
  });

  it('goes back to an operator\'s key when that is what the other end is on', () => {
    const foreign = { ...chainKey(6, 'f', -300), keyId: undefined };
    const configuration = chain(chainKey(0, 'a', -1200), foreign, chainKey(1, 'b', -60));
    expect(withdrawals(planKeyChain(alone({ configuration, mka: mka({ liveCkns: [], heardCkn: 'ckn-f' }) })))).toEqual(['b activated-alone']);
  });

  it('takes several keys back at once, to the one that the other end uses', () => {
    const three = chain(chainKey(0, 'a', -1800), chainKey(1, 'b', -700), chainKey(2, 'c', -60));
    expect(withdrawals(planKeyChain(alone({ configuration: three, mka: mka({ liveCkns: ['ckn-a'] }) })))).toEqual(['c activated-alone', 'b activated-alone']);
  });

  it('waits a margin after a commit: until then the MKA session is still that of before', () => {
    const own = { ownRecord: { writtenAt: at(-1), keys: alone({}).ownRecord?.keys ?? [] }, mka: mka({ liveCkns: ['ckn-a'] }) };
    expect(planKeyChain(alone({ ...own, run: run({ installed: ['x'], lastCommitAt: at(-10) }) }))).toMatchObject({ kind: 'wait', why: 'activation' });
    expect(withdrawals(planKeyChain(alone({ ...own, run: run({ lastCommitAt: at(-31) }) })))).toEqual(['b activated-alone']);
  });

  it('among three ends: those who share it go back to the one that was heard on an older key, unless all are known to have it', () => {
    const shared = (changes: Partial<Observation>): Observation =>
      alone({ ends: 3, others: [otherEnd('mx2', [old, listed('b', -60)]), unreachable('mx3')], mka: mka({ liveCkns: ['ckn-b'], allLiveCkns: [], heardCkn: 'ckn-a' }), ...changes });
    expect(withdrawals(planKeyChain(shared({})))).toEqual(['b activated-alone']);
    expect(withdrawals(planKeyChain(shared({ mka: mka({ liveCkns: ['ckn-b'] }) })))).not.toEqual(['b activated-alone']);
    const all = [otherEnd('mx2', [old, listed('b', -60)]), otherEnd('mx3', [old, listed('b', -60)])];
    expect(withdrawals(planKeyChain(shared({ others: all })))).not.toEqual(['b activated-alone']);
  });
});

describe('a run that the router\'s syslog started', () => {
  it('draws no key and waits for no deadline and no other end: the next tick is to find the lock free', () => {
    const heard = mka({ heardCkn: 'ckn-z' });
    expect(planKeyChain(observation()).kind).toBe('fetch');
    expect(planKeyChain(observation({ mka: heard })).kind).toBe('done');
    const configuration = chain(chainKey(0, 'a', -600), chainKey(1, 'b', 1200), chainKey(2, 'c', 1900));
    const ownRecord = { writtenAt: at(-1), keys: [...observation().ownRecord?.keys ?? [], listed('c', 1900)] };
    expect(planKeyChain(observation({ configuration, ownRecord, run: run({ installed: ['c'] }) }))).toMatchObject({ kind: 'wait', why: 'slaves-to-install' });
    expect(planKeyChain(observation({ configuration, ownRecord, run: run({ installed: ['c'] }), mka: heard })).kind).toBe('done');
  });
});
