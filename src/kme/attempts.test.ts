import { describe, expect, it } from 'vitest';
import { QkdError } from '../errors.ts';
import { repeatedly, retryAfterSeconds } from './attempts.ts';
import type { Attempt } from './attempts.ts';
import type { Again } from './http-errors.ts';

const failed = (again: Again, wait?: number): Attempt<string> => ({ failed: { error: new QkdError('kme-unavailable', 'busy'), again, wait } });

async function run(results: Attempt<string>[], deadline = 1): Promise<{ value?: string; message?: string; attempts: number; limits: number[] }> {
  const limits: number[] = [];
  const options = { call: 'enc_keys', times: { attemptTimeout: 0.5, deadline, propagationAttempts: 6 }, firstPause: 0.002, onRepeat: () => undefined };
  const attempt = (limit: number): Promise<Attempt<string>> => {
    limits.push(limit);
    return Promise.resolve(results.shift() ?? failed('later'));
  };
  try {
    return { value: await repeatedly(options, [{ name: 'kme', attempt }]), attempts: limits.length, limits };
  } catch (error) {
    return { message: (error as Error).message, attempts: limits.length, limits };
  }
}

describe('repeating a call', () => {
  it('stops at the first value', async () => expect(await run([failed('later'), { value: 'x' }])).toMatchObject({ value: 'x', attempts: 2 }));
  it('does not repeat what must not be repeated', async () => expect(await run([failed('never')])).toMatchObject({ message: 'KME kme: enc_keys: busy', attempts: 1 }));

  it('C44 asks six times for a key that may still be on its way', async () => {
    const all = Array.from({ length: 9 }, () => failed('propagation'));
    expect(await run(all)).toMatchObject({ message: 'KME kme: enc_keys: busy (6 attempts)', attempts: 6 });
  });

  it('ends within the deadline, the last attempt included', async () => {
    const began = performance.now();
    const { message, limits } = await run([], 0.15);
    expect(message).toMatch(/: busy \(\d+ attempts\)$/);
    expect(performance.now() - began).toBeLessThan(500);
    expect(Math.max(...limits)).toBeLessThanOrEqual(0.15);
  });

  it('C43 waits as long as it is told, but not beyond the deadline', async () => {
    const began = performance.now();
    expect(await run([failed('later', 0.05), { value: 'x' }])).toMatchObject({ value: 'x' });
    expect(performance.now() - began).toBeGreaterThanOrEqual(49);
    expect(await run([failed('later', 99_999)])).toMatchObject({ message: 'KME kme: enc_keys: busy', attempts: 1 });
  });
});

describe('C43 Retry-After', () => {
  const date = 'Sun, 22 Nov 2026 12:00:00 GMT';
  it.each<[string | undefined, string | undefined, number | undefined]>([
    [undefined, date, undefined],
    ['5', undefined, 5],
    ['0', undefined, 0],
    ['99999', undefined, 99_999],
    ['Sun, 22 Nov 2026 12:00:07 GMT', date, 7],
    ['Sun, 22 Nov 2026 11:00:00 GMT', date, undefined],
    ['Sun, 22 Nov 2026 12:00:07 GMT', undefined, undefined],
    ['soon', date, undefined],
    ['-5', date, undefined],
    ['1e9', date, undefined],
  ])('%s seen at %s is %s seconds', (retryAfter, seen, seconds) => expect(retryAfterSeconds({ retryAfter, date: seen })).toBe(seconds));
});
