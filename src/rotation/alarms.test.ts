import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Watch, alarmLine, decideAlarms, untold } from './alarms.ts';
import type { Verdict } from './conditions.ts';

const MINUTE = 60_000;
const SUBJECT = 'link mx1-mx2 on mx1';
const WORLD = { subjects: new Set([SUBJECT, 'mx1', 'mx2']) };

function verdict(condition?: Partial<Verdict['condition'] & object>, over: Partial<Verdict> = {}): Verdict {
  return { name: 'stalled', subject: SUBJECT, condition: condition && { text: 'too old', about: 'k1', after: 0, ...condition }, ...over };
}

/** Runs at the given minutes, each with its verdicts; what each raised and cleared. */
function story(...runs: [minute: number, ...verdicts: Verdict[]][]): string[] {
  let watches: readonly Watch[] = [];
  return runs.map(([minute, ...verdicts]) => {
    const decision = decideAlarms(verdicts, watches, { ...WORLD, now: minute * MINUTE });
    watches = decision.watches;
    return [...decision.raise.map(({ name }) => `+${name}`), ...decision.clear.map(({ name }) => `-${name}`)].join(' ');
  });
}

describe('an alarm', () => {
  test('is raised once, however many runs see it, and cleared once', () => {
    expect(story([0, verdict({})], [10, verdict({})], [20, verdict({})], [30, verdict()], [40, verdict()])).toEqual(['+stalled', '', '', '-stalled', '']);
  });

  test('comes again after it was cleared', () => {
    expect(story([0, verdict({})], [10, verdict()], [20, verdict({})])).toEqual(['+stalled', '-stalled', '+stalled']);
  });

  test('that must last is raised when it has, counted from when it was first seen', () => {
    const lasting = verdict({ after: 15 * MINUTE });
    expect(story([0, lasting], [10, lasting], [15, lasting], [20, verdict()])).toEqual(['', '', '+stalled', '-stalled']);
  });

  test('that must last begins anew when it is about something else', () => {
    const about = (key: string): Verdict => verdict({ after: 15 * MINUTE, about: key });
    expect(story([0, about('k1')], [10, about('k2')], [20, about('k3')], [35, about('k3')])).toEqual(['', '', '', '+stalled']);
  });

  test('stays raised while it is about something else', () => {
    expect(story([0, verdict({ about: 'a' })], [10, verdict({ about: 'b', after: MINUTE })], [11, verdict()])).toEqual(['+stalled', '', '-stalled']);
  });

  test('that went before it had lasted was none', () => {
    expect(story([0, verdict({ after: 15 * MINUTE })], [10, verdict()], [20, verdict({ after: 15 * MINUTE })])).toEqual(['', '', '']);
  });

  test('stays as it is while nothing can be said about it', () => {
    expect(story([0, verdict({})], [10], [20, verdict({}, { subject: 'mx1', name: 'kme' })], [30, verdict()])).toEqual(['+stalled', '', '+kme', '-stalled']);
  });

  test('of a link that the inventory has no more is cleared', () => {
    const gone: Watch = { name: 'stalled', subject: 'link old on mx1', about: 'k', text: 'too old', since: 0, raised: true };
    expect(decideAlarms([], [gone], { ...WORLD, now: 0 })).toEqual({ raise: [], clear: [gone], watches: [] });
  });

  test('survives a clock that goes back', () => {
    const lasting = verdict({ after: 10 * MINUTE });
    expect(story([60, lasting], [0, lasting], [10, lasting])).toEqual(['', '', '+stalled']);
  });

  test('that could not be told is told by the next run', () => {
    const first = decideAlarms([verdict({})], [], { ...WORLD, now: 0 });
    const second = decideAlarms([verdict({})], untold(first), { ...WORLD, now: MINUTE });
    expect(second.raise).toMatchObject([{ name: 'stalled', since: 0 }]);
    const third = decideAlarms([verdict()], second.watches, { ...WORLD, now: 2 * MINUTE });
    const fourth = decideAlarms([verdict()], untold(third), { ...WORLD, now: 3 * MINUTE });
    expect(fourth.clear).toMatchObject([{ name: 'stalled' }]);
  });
});

test('a line has a stable tag, the subject and the reason', () => {
  const watch: Watch = { name: 'kme', subject: 'mx1', about: 'kme', text: 'KME kme1:8443: no connection', since: 0, raised: true };
  expect(alarmLine(watch, 'raise')).toBe('QKD_MACSEC_KME: mx1: KME kme1:8443: no connection');
  expect(alarmLine(watch, 'clear')).toBe('QKD_MACSEC_KME_CLEAR: mx1: no longer: KME kme1:8443: no connection');
});

test('raising and clearing take turns, whatever the runs see', () => {
  const run = fc.record({ minute: fc.integer({ min: 0, max: 60 }), seen: fc.constantFrom<'bad' | 'other' | 'well' | 'unknown'>('bad', 'other', 'well', 'unknown'), after: fc.integer({ min: 0, max: 30 }) });
  fc.assert(
    fc.property(fc.array(run, { maxLength: 30 }), (runs) => {
      let [watches, now, raised]: [readonly Watch[], number, boolean] = [[], 0, false];
      for (const { minute, seen, after } of runs) {
        now += minute * MINUTE;
        const verdicts = seen === 'unknown' ? [] : [verdict(seen === 'well' ? undefined : { about: seen, after: after * MINUTE })];
        const decision = decideAlarms(verdicts, watches, { ...WORLD, now });
        expect(decision.raise.length + decision.clear.length).toBeLessThanOrEqual(1);
        if (decision.raise.length > 0) expect(raised).toBe(false);
        if (decision.clear.length > 0) expect(raised).toBe(true);
        raised = decision.raise.length > 0 || (raised && decision.clear.length === 0);
        watches = decision.watches;
        expect(watches.some((watch) => watch.raised)).toBe(raised);
      }
    }),
  );
});
