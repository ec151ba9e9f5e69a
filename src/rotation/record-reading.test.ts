import { describe, expect, it, test } from 'vitest';
import { at, listed, POLICY } from './observation.fixture.ts';
import type { RecordView } from './observation.ts';
import { keyDrawnSince, otherEnd, recordView, recordedKeys, withReading } from './record-reading.ts';

const link = { role: 'master' as const, master_sae: 'mx1', slave_saes: ['mx2'], source_kme: undefined, method: undefined };
describe('recordView', () => {
  it('is the inverse of recordedKeys', () => {
    const keys = [listed('a', -600, { confirmed: true }), listed('b', 1200, { refused: true })];
    expect(recordView('2026-11-22T12:00:00Z', { ...link, keys: recordedKeys(keys) })).toEqual({ writtenAt: at(0), keys });
  });

  it('leaves out what is no date', () => {
    const keys = [{ key_ID: 'a', start_time: 'soon', confirmed: false, refused: false }];
    expect(recordView(undefined, { ...link, keys })).toEqual({ writtenAt: undefined, keys: [] });
  });
});

describe('withReading', () => {
  const read = (seconds: number) => ({ askedAt: at(seconds - 1), readAt: at(seconds), keepFor: 1_200_000 });
  const record = (written: number): RecordView => ({ writtenAt: at(written), keys: [] });

  it('keeps the last reading of the version before, and measures with the first of a new one', () => {
    const first = withReading(undefined, record(-100), read(0));
    const again = withReading(first, record(-100), read(5));
    expect(again).toEqual({ ...first, latest: { kind: 'read', record: record(-100), askedAt: at(4), readAt: at(5) } });
    const changed = withReading(again, record(7), read(10));
    const clock = { atLeast: -3000, atMost: 3000, measuredAt: at(10) };
    expect(changed).toEqual({ latest: { kind: 'read', record: record(7), askedAt: at(9), readAt: at(10) }, older: again.latest, clock });
    expect(withReading(changed, record(7), read(15))).toMatchObject({ older: again.latest, clock });
  });

  it('offers what was read last as a hint when a reading fails', () => {
    const readings = withReading(undefined, record(-100), read(0));
    const { latest, clock } = readings;
    expect(otherEnd('mx2', readings, { why: 'no answer' })).toEqual({ device: 'mx2', reading: { kind: 'unreadable', why: 'no answer' }, earlier: latest, clock });
    expect(otherEnd('mx2', readings)).toEqual({ device: 'mx2', reading: latest, earlier: undefined, clock });
  });
});

describe('keyDrawnSince', () => {
  const key = (start: number) => ({ slot: 1, ckn: undefined, keyId: 'k', startTime: at(start) });
  // Drawn at second 0 with the lead of the policy, a margin to spare.
  test.each<[string, number | undefined, number, string[], number, string | undefined]>([
    ['from before the key was drawn', -31, 1920, [], 1, 'k'],
    ['from when it was drawn, so that its lack means something', -29, 1920, [], 1, undefined],
    ['that lists it', -600, 1920, ['k'], 1, undefined],
    ['without a time', undefined, 1920, [], 1, undefined],
    ['from before the second of two keys of a commit', -31, 2520, [], 2, 'k'],
    ['from when the second was drawn', -29, 2520, [], 2, undefined],
    ['and a start time of a clock that was ahead', -31, 1920 + 640, [], 1, undefined],
  ])('a record %s', (_, written, start, ids, keysPerCommit, expected) => {
    const record: RecordView = { writtenAt: written === undefined ? undefined : at(written), keys: ids.map((id) => listed(id, start)) };
    expect(keyDrawnSince(record, [key(start)], at(600), { ...POLICY, keysPerCommit })?.keyId).toBe(expected);
  });
});
