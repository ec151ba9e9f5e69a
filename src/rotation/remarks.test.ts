import { expect, it } from 'vitest';
import { chainKey, observation, unreachable } from './observation.fixture.ts';
import { remarks } from './remarks.ts';

const reasons = (changes: Parameters<typeof observation>[0]): string[] => remarks(observation(changes)).map((remark) => remark.reason);

it('has nothing to say about a link in order', () => {
  expect(reasons({})).toEqual([]);
});

it('names everything in a chain that is left alone', () => {
  const chain = [
    { ...chainKey(0, 'a', 0), keyId: undefined },
    { ...chainKey(1, 'b', 0), inactive: true },
    { ...chainKey(2, 'c', 0), startTime: undefined },
  ];
  const seen = reasons({ configuration: { binding: 'inactive', preSharedKey: undefined, chain } });
  expect(seen).toEqual(['inactive-configuration', 'foreign-key', 'inactive-key', 'start-time-not-understood']);
});

it('names the state of router, records and clocks', () => {
  const changes = {
    routingEngine: 'backup',
    mka: { kind: 'unreadable', why: 'rpc-error' },
    others: [unreachable('mx2')],
    clock: { ntp: 'unsynchronised', routerAhead: -7200 },
  } as const;
  expect(reasons(changes)).toEqual(['backup-routing-engine', 'mka-unreadable', 'record-unreadable', 'ntp-unsynchronised', 'clock-difference']);
  expect(remarks(observation(changes)).at(-1)?.text).toBe('the clock of mx1 is at least 7.2 s behind, more than max_clock_difference');
});
