import { describe, expect, it } from 'vitest';
import { betterBounds, clockFault, measureClock } from './clock-difference.ts';
import { at, observation, otherEnd } from './observation.fixture.ts';
import type { ClockBounds, RecordReading } from './observation.ts';

function reading(written: number | undefined, read: number): RecordReading {
  return { kind: 'read', record: { writtenAt: written === undefined ? undefined : at(written), keys: [] }, askedAt: at(read - 2), readAt: at(read) };
}

const bounds = (atLeast: number, atMost: number, measured = 0): ClockBounds => ({ atLeast: atLeast * 1000, atMost: atMost * 1000, measuredAt: at(measured) });

describe('measureClock', () => {
  it('knows from one reading only that a clock may be ahead', () => {
    expect(measureClock(reading(-300, 0), undefined)).toEqual(bounds(-300, Number.POSITIVE_INFINITY));
  });

  it('knows both sides when it has seen the record change', () => {
    // An older record, asked for 7 s ago, a new one now: written in between, so the other clock is 26 to 33 s behind.
    expect(measureClock(reading(-33, 0), reading(-640, -5))).toEqual(bounds(-33, -26));
  });

  it('knows nothing from the original script\'s record', () => {
    expect(measureClock(reading(undefined, 0), undefined)).toBeUndefined();
  });
});

describe('betterBounds', () => {
  it.each([
    ['the narrower, for a while', bounds(25, 30), bounds(-500, 100, 600), bounds(25, 30)],
    ['the newer, when the other is old', bounds(25, 30), bounds(-500, 100, 1201), bounds(-500, 100, 1201)],
    ['the newer, when it is as narrow', bounds(25, 30), bounds(26, 31, 600), bounds(26, 31, 600)],
    ['the newer, when it contradicts: the clock has been set', bounds(25, 30), bounds(-3, 20, 600), bounds(-3, 20, 600)],
    ['what there is', undefined, bounds(1, 2), bounds(1, 2)],
  ])('keeps %s', (_name, known, measured, kept) => {
    expect(betterBounds(known, measured, 1_200_000)).toEqual(kept);
  });
});

describe('clockFault', () => {
  const seen = (clock: ClockBounds | undefined): ReturnType<typeof clockFault> => clockFault(observation({ others: [{ ...otherEnd('mx2', []), clock }] }));

  it('names an end that is certainly ahead or behind by more than the limit', () => {
    expect(seen(bounds(5.1, 9))).toEqual({ device: 'mx2', ahead: 5100, measuredAt: at(0) });
    expect(seen(bounds(-33, -28))).toEqual({ device: 'mx2', ahead: -28_000, measuredAt: at(0) });
  });

  it('has nothing against an end that may be in time', () => {
    expect(seen(bounds(-590, Number.POSITIVE_INFINITY))).toBeUndefined();
    expect(seen(bounds(-4, 20))).toBeUndefined();
    expect(seen(undefined)).toBeUndefined();
  });

  it('names this device when its router and this program disagree', () => {
    expect(clockFault(observation({ clock: { ntp: 'unknown', routerAhead: -6000 } }))).toMatchObject({ device: 'mx1', ahead: -6000 });
  });
});
