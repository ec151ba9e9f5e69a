import { expect, test } from 'vitest';
import { sleep } from './clock.ts';

test('a sleep ends after its time', async () => {
  await sleep(1);
  await sleep(-5);
});

test('a sleep ends with the reason of its signal, before or while it sleeps', async () => {
  const stop = new AbortController();
  const sleeping = sleep(60_000, stop.signal);
  const reason = new Error('woken');
  stop.abort(reason);
  await expect(sleeping).rejects.toBe(reason);
  await expect(sleep(60_000, stop.signal)).rejects.toBe(reason);
});

test('a sleep longer than a timer can be does not end at once', async () => {
  const stop = new AbortController();
  const sleeping = sleep(2 ** 32, stop.signal).catch(() => 'stopped');
  expect(await Promise.race([sleeping, sleep(20).then(() => 'still asleep')])).toBe('still asleep');
  stop.abort();
  await sleeping;
});
