import { describe, expect, test } from 'vitest';
import { type ConditionName, type SessionFacts, judgeCertificate, judgeEnd, judgeKme } from './conditions.ts';
import type { Observation } from './observation.ts';
import { at, chain, chainKey, listed, mka, observation, otherEnd, run } from './observation.fixture.ts';

const LIMITS = { stalledAfter: 3, certificateDays: 14 };
const SECURED: SessionFacts = { state: 'Secured - Primary', cakName: 'ckn-a', livePeers: 1, suspendedSeconds: 0 };

function judged(changes: Partial<Observation>, sessions: readonly SessionFacts[] = [SECURED]): Partial<Record<ConditionName, string>> {
  const verdicts = judgeEnd(observation(changes), sessions, LIMITS);
  return Object.fromEntries(verdicts.map(({ name, condition }) => [name, condition === undefined ? 'well' : `${condition.text} after ${condition.after / 1000}`]));
}

describe('stalled', () => {
  const PRE_SHARED: Observation['configuration'] = { binding: 'pre-shared-key', preSharedKey: { ckn: 'c1', keyId: 'k1' }, chain: [] };
  const text = 'the key in use is older than 3 intervals of 600 s: the rotation is stalled';
  const rows: [string, Partial<Observation>, string][] = [
    ['a key of this interval is well', {}, 'well'],
    ['a key of exactly three intervals is well', { configuration: chain(chainKey(0, 'a', -1800)) }, 'well'],
    ['an older one is not, though MKA makes new SAKs', { configuration: chain(chainKey(0, 'a', -1801)) }, `${text} after 0`],
    ['with a successor that is confirmed the rotation goes on', { configuration: chain(chainKey(0, 'a', -1801), chainKey(1, 'b', 1200)) }, 'well'],
    ['so it is until that starts, one lead later at most', { configuration: chain(chainKey(0, 'a', -2520), chainKey(1, 'b', 1200)) }, 'well'],
    ['a later one does not end what would begin anew before it starts', { configuration: chain(chainKey(0, 'a', -2521), chainKey(1, 'b', 1200)) }, `${text} after 0`],
    ['a successor that is not confirmed may yet be withdrawn', { configuration: chain(chainKey(0, 'a', -1801), chainKey(1, 'c', 1200)) }, `${text} after 0`],
    ['a first key, of no known start, counts from when it was first seen, and one lead', { configuration: chain({ ...chainKey(0, 'a', 0), startTime: Date.UTC(2000, 0, 1) }) }, `${text} after 3720`],
    ['a pre-shared key is as old as the own record says', { configuration: PRE_SHARED, ownRecord: { writtenAt: at(0), keys: [listed('K1', -1801)] } }, `${text} after 0`],
    ['a pre-shared key of a fresh record is well', { configuration: PRE_SHARED, ownRecord: { writtenAt: at(0), keys: [listed('k1', -600)] } }, 'well'],
    ['a pre-shared key whose record is lost counts from when it was first seen', { configuration: PRE_SHARED, ownRecord: undefined }, `${text} after 3720`],
  ];
  test.each(rows)('%s', (_, changes, expected) => expect(judged(changes).stalled).toBe(expected));

  test('is not judged without a key', () => expect(judged({ configuration: { binding: 'none', preSharedKey: undefined, chain: [] } })).not.toHaveProperty('stalled'));
});

describe('old-key', () => {
  const rows: [string, SessionFacts[], string | undefined][] = [
    ['the primary key is well', [SECURED], 'well'],
    ['the preceding key may serve for a tick', [{ ...SECURED, state: 'Secured - Preceding' }], 'MKA is on the preceding key, not on the one in the configuration after 630'],
    ['so may the fallback key', [{ ...SECURED, state: 'Secured - Fallback' }], 'MKA is on the fallback key, not on the one in the configuration after 630'],
    ['one interface of several is enough', [SECURED, { ...SECURED, state: 'Secured - Fallback' }], 'MKA is on the fallback key, not on the one in the configuration after 630'],
    ['where no state is shown the name of the CAK tells', [{ ...SECURED, state: undefined, cakName: 'other' }], 'MKA is on the preceding key, not on the one in the configuration after 630'],
    ['a name filled with zeros is the same', [{ ...SECURED, state: undefined, cakName: 'ckn-a'.padEnd(64, '0') }], 'well'],
    ['without a live peer nothing is said', [{ ...SECURED, livePeers: 0, state: 'Secured - Fallback' }], undefined],
    ['nor while MKA is suspended', [{ ...SECURED, suspendedSeconds: 90, state: 'Secured - Preceding' }], undefined],
  ];
  test.each(rows)('%s', (_, sessions, expected) => expect(judged({}, sessions)['old-key']).toBe(expected));
});

describe('one-sided', () => {
  const LATER = { now: at(1300), others: [otherEnd('mx2', [listed('a', -600, { confirmed: true }), listed('b', 1200, { confirmed: true })], 1300)] };
  const rows: [string, Partial<Observation>, string | undefined][] = [
    ['the key in use is live: well', {}, 'well'],
    ['a peer is live on the key before it, long after the start', { ...LATER, mka: mka({ liveCkns: ['ckn-a'] }) }, 'key b has started on this end alone after 0'],
    ['just after the start that is only the other end being late', { ...LATER, now: at(1210), mka: mka({ liveCkns: ['ckn-a'] }) }, 'well'],
    ['a repair of this very run is told', { run: run({ withdrawn: [{ slot: 1, keyId: 'b', startTime: at(1200), reason: 'activated-alone' }] }) }, 'key b had started on this end alone and was withdrawn after 0'],
    ['another withdrawal is none', { run: run({ withdrawn: [{ slot: 1, keyId: 'b', startTime: at(1200), reason: 'not-confirmed' }] }) }, 'well'],
    ['MKA that cannot be read says nothing', { mka: { kind: 'unreadable', why: 'no licence' } }, undefined],
    ['nor MKA that is suspended', { mka: mka({ suspended: 60, liveCkns: [] }) }, undefined],
  ];
  test.each(rows)('%s', (_, changes, expected) => expect(judged(changes)['one-sided']).toBe(expected));
});

describe('clock', () => {
  const bounds = (atLeast: number, atMost: number): Observation['others'] => [{ ...otherEnd('mx2', []), clock: { atLeast, atMost, measuredAt: at(0) } }];
  const rows: [string, Partial<Observation>, string | undefined][] = [
    ['close enough', { others: bounds(-1000, 1000) }, 'well'],
    ['the other end ahead', { others: bounds(8000, 9000) }, 'the clock of mx2 is 8.0 s or more ahead; 5 s are allowed after 0'],
    ['the other end behind', { others: bounds(-9000, -7000) }, 'the clock of mx2 is 7.0 s or more behind; 5 s are allowed after 0'],
    ['the router against the program', { clock: { ntp: 'unknown', routerAhead: -6000 } }, 'the clock of mx1 is 6.0 s or more behind; 5 s are allowed after 0'],
    ['an end that was not measured leaves it open', {}, undefined],
  ];
  test.each(rows)('%s', (_, changes, expected) => expect(judged(changes).clock).toBe(expected));
});

test('KME and certificate are a device\'s', () => {
  expect(judgeKme('mx1', undefined)).toEqual({ name: 'kme', subject: 'mx1', condition: undefined });
  expect(judgeKme('mx1', 'KME kme1: no connection')).toMatchObject({ subject: 'mx1', condition: { text: 'KME kme1: no connection', after: 0 } });
  const days = (left: number) => judgeCertificate('mx1', { until: at(left * 86_400) }, { ...LIMITS, now: at(0) }).condition?.text;
  expect(days(15)).toBeUndefined();
  expect(days(13.5)).toBe('the client certificate ends in 13 days, at 2026-12-06T00:00:00.000Z');
  expect(days(-1)).toBe('the client certificate ended at 2026-11-21T12:00:00.000Z');
  expect(judgeCertificate('mx1', { until: undefined, why: 'no such file' }, { ...LIMITS, now: at(0) }).condition?.text).toBe('no such file');
});
