// The protocol of design section 5, one question at a time. What the answers add up to over many runs, two
// or three routers and every kind of fault is bench/simulation.

import { describe, expect, it } from 'vitest';
import { POLICY, STEADY_KEYS, at, chain, chainKey, listed, mka, observation, otherEnd, run, slave, unreachable, withdrawals } from './observation.fixture.ts';
import type { ListedKey } from './action.ts';
import type { Observation } from './observation.ts';
import { planKeyChain } from './plan-key-chain.ts';

const a = listed('a', -600, { confirmed: true });
const base = observation();

describe('master: a new key', () => {
  it('fetches one when the newest starts less than lead - interval from now', () => {
    expect(planKeyChain(base)).toEqual({ kind: 'fetch', call: 'enc_keys', number: 1 });
  });

  it('takes a tick that comes a little early for the next one, but not one in mid-interval', () => {
    const newest = (start: number): Observation => {
      const keys = [a, listed('b', start, { confirmed: true })];
      const configuration = chain(chainKey(0, 'a', -600), chainKey(1, 'b', start));
      return observation({ configuration, ownRecord: { writtenAt: at(-1), keys }, others: [otherEnd('mx2', keys)] });
    };
    expect(planKeyChain(newest(1470))).toMatchObject({ kind: 'fetch' });
    expect(planKeyChain(newest(1620))).toMatchObject({ kind: 'done', outcome: 'unchanged', reason: 'not-due' });
  });

  it('installs it one lead ahead in the next empty slot', () => {
    expect(planKeyChain(observation({ run: run({ fetched: ['c'] }) }))).toEqual({ kind: 'install', keys: [{ keyId: 'c', slot: 2, startTime: at(1920) }] });
  });

  it('stages several an interval apart, in one commit', () => {
    const policy = { ...POLICY, keysPerCommit: 3 };
    expect(planKeyChain(observation({ policy }))).toMatchObject({ number: 3 });
    const install = planKeyChain(observation({ policy, run: run({ fetched: ['c', 'd', 'e'] }) }));
    expect(install).toMatchObject({ keys: [{ slot: 2, startTime: at(1920) }, { slot: 3, startTime: at(2520) }, { slot: 4, startTime: at(3120) }] });
  });

  it('gives no two keys of a chain one start time, deactivated ones included', () => {
    const taken = { ...chainKey(7, 'x', 1920), inactive: true };
    const plan = planKeyChain(observation({ configuration: chain(...base.configuration.chain, taken), run: run({ fetched: ['c'] }) }));
    expect(plan).toMatchObject({ keys: [{ startTime: at(1921) }] });
  });

  it('draws no second key in the run in which the first was refused', () => {
    const plan = planKeyChain(observation({ run: run({ fetched: ['c'], installed: ['c'], withdrawn: [{ slot: 2, keyId: 'c', startTime: at(1920), reason: 'refused-by-kme' }] }) }));
    expect(plan).toMatchObject({ kind: 'done', outcome: 'installed' });
  });

  it('starts the first key of a chain at once, and the slave takes it though it has started', () => {
    const empty = { binding: 'none' as const, preSharedKey: undefined, chain: [] };
    const record = { writtenAt: at(-1), keys: [] };
    const first = observation({ configuration: empty, ownRecord: record, others: [otherEnd('mx2', [])], run: run({ fetched: ['c'] }) });
    expect(planKeyChain(first)).toEqual({ kind: 'install', keys: [{ keyId: 'c', slot: 0, startTime: at(0) }] });
    const late = slave({ configuration: empty, ownRecord: record, others: [otherEnd('mx1', [listed('c', -5)])] });
    expect(planKeyChain(late)).toEqual({ kind: 'fetch', call: 'dec_keys', keyIds: ['c'] });
  });
});

describe('first key: a slave without any', () => {
  const none = { binding: 'none' as const, preSharedKey: undefined, chain: [] };
  const first = (changes: Partial<Observation>): Observation =>
    slave({ configuration: none, ownRecord: { writtenAt: at(-1), keys: [] }, others: [unreachable('mx1')], mka: mka({ liveCkns: [] }), ...changes });

  it('stays as long as `wait` says for a master that has published nothing, or nothing yet', () => {
    const stay = { kind: 'wait', until: at(5), why: 'master-to-publish' };
    expect(planKeyChain(first({}))).toEqual(stay);
    expect(planKeyChain(first({ others: [otherEnd('mx1', [])] }))).toEqual(stay);
    expect(planKeyChain(first({ now: at(57) }))).toEqual({ ...stay, until: at(58) });
    expect(planKeyChain(first({ now: at(58) }))).toMatchObject({ kind: 'done', outcome: 'waiting', reason: 'awaiting-record' });
  });

  it('takes the key as soon as it is published', () => {
    expect(planKeyChain(first({ now: at(20), others: [otherEnd('mx1', [listed('c', 15)], 20)] }))).toEqual({ kind: 'fetch', call: 'dec_keys', keyIds: ['c'] });
  });

  it('does not stay once it has a key, when no key may be scheduled, or when `wait` is 0', () => {
    // Whether a key is due, only the master's record says.
    expect(planKeyChain(slave({ others: [unreachable('mx1')] }))).toMatchObject({ kind: 'done', outcome: 'waiting', reason: 'awaiting-record' });
    expect(planKeyChain(first({ mka: mka({ suspended: 60 }) }))).toMatchObject({ kind: 'done', reason: 'mka-suspended' });
    expect(planKeyChain(first({ policy: { ...POLICY, wait: 0 } })).kind).toBe('done');
  });

  it('master: stays for the slave with the first key too, and confirms it', () => {
    const made = chain(chainKey(0, 'c', 0));
    const master = (keys: ListedKey[]): Observation =>
      observation({ now: at(31), configuration: made, ownRecord: { writtenAt: at(1), keys: [listed('c', 0)] }, others: [otherEnd('mx2', keys, 31)], run: run({ installed: ['c'], fetched: ['c'] }) });
    expect(planKeyChain(master([]))).toMatchObject({ kind: 'wait', why: 'slaves-to-install' });
    expect(planKeyChain(master([listed('c', 0)]))).toMatchObject({ kind: 'confirm', keyIds: ['c'] });
  });
});

describe('agreement', () => {
  const made = chainKey(2, 'c', 1900);
  const own = { writtenAt: at(-1), keys: [...STEADY_KEYS, listed('c', 1900)] };
  const holding = (changes: Partial<Observation>): Observation => observation({ configuration: chain(...base.configuration.chain, made), ownRecord: own, ...changes });

  it('master: confirms what every slave lists with the same start time', () => {
    const plan = planKeyChain(holding({ others: [otherEnd('mx2', own.keys)] }));
    expect(plan).toMatchObject({ kind: 'confirm', keyIds: ['c'] });
    expect(plan.kind === 'confirm' && plan.keys.at(-1)).toEqual(listed('c', 1900, { confirmed: true }));
    expect(planKeyChain(holding({ others: [otherEnd('mx2', [...own.keys.slice(0, 2), listed('c', 1901)])] })).kind).not.toBe('confirm');
  });

  it('master: one slave of two is not enough', () => {
    const others = [otherEnd('mx2', own.keys), otherEnd('mx3', own.keys.slice(0, 2))];
    expect(planKeyChain(holding({ ends: 3, others })).kind).not.toBe('confirm');
  });

  it('master: stays for the slave as long as `wait` says, after it has installed', () => {
    expect(planKeyChain(holding({ run: run({ installed: ['c'] }) }))).toEqual({ kind: 'wait', until: at(5), why: 'slaves-to-install' });
    expect(planKeyChain(holding({ run: run({ startedAt: at(-60), installed: ['c'] }) }))).toMatchObject({ kind: 'done', outcome: 'installed' });
  });

  it('slave: fetches what it lacks, with the master\'s start time', () => {
    const offered = [otherEnd('mx1', own.keys)];
    expect(planKeyChain(slave({ others: offered }))).toEqual({ kind: 'fetch', call: 'dec_keys', keyIds: ['c'] });
    const install = planKeyChain(slave({ others: offered, run: run({ fetched: ['c'] }) }));
    expect(install).toEqual({ kind: 'install', keys: [{ keyId: 'c', slot: 2, startTime: at(1900) }] });
  });

  it('slave: leaves a key that the master could no longer confirm', () => {
    const late = slave({
      now: at(1241),
      run: run({ startedAt: at(1240), budgetEnd: at(1700) }),
      ownRecord: { writtenAt: at(1240.5), keys: STEADY_KEYS },
      others: [otherEnd('mx1', own.keys, 1241)],
      mka: mka({ liveCkns: ['ckn-b'] }),
    });
    expect(planKeyChain(late)).toMatchObject({ kind: 'wait', why: 'master-to-publish' });
    expect(planKeyChain({ ...late, run: { ...late.run, startedAt: at(1180) } }).kind).toBe('done');
  });

  it('slave: takes the confirmation over', () => {
    const confirmed = [...own.keys.slice(0, 2), listed('c', 1900, { confirmed: true })];
    const waiting = slave({ configuration: chain(...base.configuration.chain, made), ownRecord: own, others: [otherEnd('mx1', confirmed)] });
    expect(planKeyChain(waiting)).toMatchObject({ kind: 'confirm', keyIds: ['c'] });
  });

  it('slave: publishes what its KME refuses; master: withdraws it at once', () => {
    const refused = planKeyChain(slave({ others: [otherEnd('mx1', own.keys)], run: run({ refused: ['c'] }) }));
    expect(refused).toMatchObject({ kind: 'publish' });
    expect(refused.kind === 'publish' && refused.keys.at(-1)).toEqual(listed('c', 1900, { refused: true }));
    const others = [otherEnd('mx2', [...own.keys.slice(0, 2), listed('c', 1900, { refused: true })])];
    expect(withdrawals(planKeyChain(holding({ others })))).toEqual(['c refused-by-kme']);
  });
});

describe('deadlines', () => {
  // Key c starts at 1900: the master decides by 1240, a slave by 1870.
  const made = chainKey(2, 'c', 1900);
  const keys = [...STEADY_KEYS, listed('c', 1900)];
  const later = (now: number, startedAt: number, changes: Partial<Observation>): Observation =>
    observation({
      now: at(now),
      run: run({ startedAt: at(startedAt), budgetEnd: at(startedAt + 540), installed: ['x'] }),
      configuration: chain(...base.configuration.chain, made),
      ownRecord: { writtenAt: at(now), keys },
      mka: mka({ liveCkns: [now < 1200 ? 'ckn-a' : 'ckn-b'] }),
      ...changes,
    });

  it('master: decides in this run what comes before its next tick', () => {
    expect(planKeyChain(later(660, 595, { others: [unreachable('mx2')] })).kind).toBe('done');
    expect(planKeyChain(later(1200, 1195, { others: [unreachable('mx2')] }))).toEqual({ kind: 'wait', until: at(1205), why: 'master-deadline' });
    expect(withdrawals(planKeyChain(later(1240, 1195, { others: [unreachable('mx2')] })))).toEqual(['c not-confirmed']);
  });

  it('master: decides at the end of the budget when the deadline lies beyond it', () => {
    const others = [unreachable('mx2')];
    expect(withdrawals(planKeyChain(later(1235, 695, { others })))).toEqual(['c not-confirmed']);
  });

  it('slave: keeps an unconfirmed key until its deadline, and a confirmed one for good', () => {
    const asSlave = (now: number, confirmed: boolean): Observation => {
      const ownRecord = { writtenAt: at(now), keys: [...keys.slice(0, 2), listed('c', 1900, { confirmed })] };
      return later(now, 1400, { role: 'slave', others: [unreachable('mx1')], ownRecord });
    };
    expect(planKeyChain(asSlave(1860, false))).toMatchObject({ kind: 'wait', why: 'slave-deadline' });
    expect(withdrawals(planKeyChain(asSlave(1870, false)))).toEqual(['c not-confirmed']);
    expect(planKeyChain(asSlave(1870, true)).kind).toBe('done');
  });

  it('slave: withdraws as soon as a record from after the master\'s deadline does not confirm', () => {
    const asSlave = (now: number): Observation => later(now, 1250, { role: 'slave', others: [otherEnd('mx1', keys, now)] });
    expect(planKeyChain(asSlave(1260))).toMatchObject({ kind: 'wait', why: 'slave-deadline' });
    expect(withdrawals(planKeyChain(asSlave(1270)))).toEqual(['c not-confirmed']);
  });

  it('slave: follows the master that withdrew a key, confirmed or not', () => {
    const own = { writtenAt: at(600), keys: [...keys.slice(0, 2), listed('c', 1900, { confirmed: true })] };
    const gone = later(600, 595, { role: 'slave', ownRecord: own, others: [otherEnd('mx1', keys.slice(0, 2), 600)] });
    expect(withdrawals(planKeyChain(gone))).toEqual(['c missing-at-other-end']);
    const changed = later(600, 595, { role: 'slave', others: [otherEnd('mx1', [...keys.slice(0, 2), listed('c', 1960)], 600)] });
    expect(withdrawals(planKeyChain(changed))).toEqual(['c start-time-differs']);
  });

  it('master: gives up a confirmed key that a slave has withdrawn', () => {
    const own = { writtenAt: at(600), keys: [...keys.slice(0, 2), listed('c', 1900, { confirmed: true })] };
    const given = later(600, 595, { ownRecord: own, others: [otherEnd('mx2', keys.slice(0, 2), 600)] });
    expect(withdrawals(planKeyChain(given))).toEqual(['c missing-at-other-end']);
  });

  it('leaves a key that is about to start to repair: the commit would come too late', () => {
    expect(planKeyChain(later(1890, 1885, { role: 'slave', others: [unreachable('mx1')] })).kind).toBe('done');
  });

  it('master: clears away what a wrong clock scheduled', () => {
    const far = observation({ configuration: chain(chainKey(0, 'a', -600), chainKey(1, 'b', 31_536_000)), run: run({ installed: ['x'] }) });
    expect(withdrawals(planKeyChain(far))).toEqual(['b start-time-too-far']);
  });

  it('without its record takes a key that outlived its deadline for confirmed', () => {
    const lost = later(1300, 1295, { ownRecord: undefined, others: [unreachable('mx2')] });
    const plan = planKeyChain(lost);
    expect(plan.kind === 'publish' && plan.keys.at(-1)).toEqual(listed('c', 1900, { confirmed: true }));
  });
});

describe('hands off', () => {
  it('leaves a backup routing engine and a deactivated configuration alone', () => {
    expect(planKeyChain(observation({ routingEngine: 'backup' }))).toMatchObject({ kind: 'done', reason: 'backup-routing-engine' });
    expect(planKeyChain(observation({ configuration: { ...base.configuration, binding: 'inactive' } }))).toMatchObject({ kind: 'done', reason: 'inactive-configuration' });
  });

  it('changes no key while MKA is suspended, but keeps its deadlines', () => {
    expect(planKeyChain(observation({ mka: mka({ suspended: 90 }) }))).toMatchObject({ kind: 'done', outcome: 'waiting', reason: 'mka-suspended' });
  });

  it('refuses to rotate over clocks that are apart', () => {
    const refusal = { kind: 'done', outcome: 'failed', reason: 'clock-difference' };
    expect(planKeyChain(observation({ clock: { ntp: 'unknown', routerAhead: 5001 } }))).toMatchObject(refusal);
    const clock = { atLeast: 6000, atMost: 12_000, measuredAt: at(0) };
    const ahead = { ...otherEnd('mx2', STEADY_KEYS), clock };
    expect(planKeyChain(observation({ others: [ahead] }))).toMatchObject(refusal);
  });

  it.each([7200, -7200])('judges keys by the clock of the router, which is %d s from the one of the program', (ahead) => {
    // By the program's clock the key in use starts in two hours, or the scheduled one started two hours ago.
    const now = at(-ahead);
    const base = observation();
    const off = { ...base.run, startedAt: now - 2000, budgetEnd: now + 540_000 };
    const dark = [unreachable('mx2')];
    const clock = { ntp: 'unknown' as const, routerAhead: ahead * 1000 };
    const ownRecord = { writtenAt: now - 1000, keys: STEADY_KEYS };
    expect(planKeyChain(observation({ now, run: off, others: dark, ownRecord, clock }))).toMatchObject({ kind: 'done', reason: 'clock-difference' });
    const lost = planKeyChain(observation({ now, run: { ...off, failures: ['publish', 'publish'] }, others: dark, ownRecord: undefined, clock }));
    expect(lost.kind).not.toBe('withdraw');
  });

  it('measures clocks again before it refuses on the word of an earlier run', () => {
    const clock = { atLeast: 6000, atMost: 12_000, measuredAt: at(-600) };
    const others = [{ ...otherEnd('mx2', STEADY_KEYS), clock }];
    expect(planKeyChain(observation({ others }))).toEqual({ kind: 'wait', until: at(5), why: 'clock-difference' });
    expect(planKeyChain(observation({ others, now: at(5) }))).toMatchObject({ kind: 'publish' });
    expect(planKeyChain(observation({ others, run: run({ startedAt: at(-60) }) }))).toMatchObject({ reason: 'clock-difference' });
  });

  it('gives up a step that keeps failing', () => {
    expect(planKeyChain(observation({ run: run({ failures: ['fetch'] }) }))).toMatchObject({ kind: 'done', outcome: 'failed', reason: 'step-failed' });
    const full = observation({ ownRecord: undefined, run: run({ failures: ['publish', 'publish'] }) });
    expect(planKeyChain(full)).toMatchObject({ kind: 'done', reason: 'step-failed' });
  });

  it('starts nothing new at the end of its budget', () => {
    expect(planKeyChain(observation({ now: at(511) }))).toMatchObject({ kind: 'done', outcome: 'waiting', reason: 'out-of-time' });
  });
});

describe('publication', () => {
  it('names a key once that an operator has copied into a second slot', () => {
    const configuration = chain(...base.configuration.chain, chainKey(20, 'b', 1300));
    expect(planKeyChain(observation({ configuration, ownRecord: undefined }))).toEqual({ kind: 'publish', keys: STEADY_KEYS });
    expect(planKeyChain(observation({ configuration, run: run({ installed: ['x'] }) })).kind).toBe('done');
  });

  it('comes once a run, and whenever the configuration says something else', () => {
    const keys = STEADY_KEYS;
    expect(planKeyChain(observation({ ownRecord: undefined }))).toEqual({ kind: 'publish', keys });
    expect(planKeyChain(observation({ ownRecord: { writtenAt: at(-700), keys } }))).toEqual({ kind: 'publish', keys });
    expect(planKeyChain(observation({ ownRecord: { writtenAt: at(-1), keys: keys.slice(1) } }))).toEqual({ kind: 'publish', keys });
  });
});
