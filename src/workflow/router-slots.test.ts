// Slots for routers: how many are talked to at once, and that silence costs nobody else a slot.

import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { RouterSlots } from './router-slots.ts';

const PATIENT = { rpc: 10_000, commit: 10_000 };
const IMPATIENT = { rpc: 30, commit: 10_000 };

/** An exchange that lasts until told. */
function exchange(slots: RouterSlots, router: string, kind: 'rpc' | 'commit' = 'rpc') {
  let [begun, end]: [boolean, () => void] = [false, () => undefined];
  const answered = new Promise<void>((resolve) => (end = resolve));
  const done = slots.talkTo(router)(kind, async () => {
    begun = true;
    await answered;
    return router;
  });
  return { isBegun: () => begun, answer: async () => (end(), done), done };
}

test('so many routers at once, the next in the order of asking; a router counts once', async () => {
  const slots = new RouterSlots(2, PATIENT);
  const [a, b, c, d, again] = ['a', 'b', 'c', 'd', 'a'].map((router) => exchange(slots, router)) as [ReturnType<typeof exchange>, ...ReturnType<typeof exchange>[]] as never as ReturnType<typeof exchange>[];
  await pause(0);
  expect([a, b, c, d, again].map((one) => one?.isBegun())).toEqual([true, true, false, false, true]);
  await b?.answer();
  await pause(0);
  expect([c?.isBegun(), d?.isBegun()]).toEqual([true, false]);
  await a?.answer();
  await pause(0);
  expect(d?.isBegun()).toBe(false);
  await again?.answer();
  await pause(0);
  expect(d?.isBegun()).toBe(true);
  await Promise.all([c?.answer(), d?.answer()]);
});

test('an exchange that fails gives its slot back', async () => {
  const slots = new RouterSlots(1, PATIENT);
  await expect(slots.talkTo('a')('rpc', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(await slots.talkTo('b')('rpc', async () => 'b')).toBe('b');
});

describe('a router that does not answer in time', () => {
  test('gives its slot to the next, counts no more, and counts again when it answers in time', async () => {
    const slots = new RouterSlots(1, IMPATIENT);
    let changes = 0;
    slots.onChange(() => (changes += 1));
    const [slow, next] = [exchange(slots, 'slow'), exchange(slots, 'next', 'commit')];
    await pause(120);
    expect([next.isBegun(), slots.isOverdue('slow'), slots.isOverdue('next'), changes]).toEqual([true, true, false, 1]);
    await slow.answer();
    expect(slots.isOverdue('slow')).toBe(true);
    // Its next exchange takes nobody's slot, and being quick makes it count again.
    expect(await slots.talkTo('slow')('rpc', async () => 'quick')).toBe('quick');
    expect([slots.isOverdue('slow'), changes]).toEqual([false, 2]);
    const waits = exchange(slots, 'slow', 'commit');
    await pause(0);
    expect(waits.isBegun()).toBe(false);
    await next.answer();
    await waits.answer();
  });

  test('a commit has more patience than a question', async () => {
    const slots = new RouterSlots(1, IMPATIENT);
    const [commit, next] = [exchange(slots, 'a', 'commit'), exchange(slots, 'b', 'commit')];
    await pause(120);
    expect(next.isBegun()).toBe(false);
    await commit.answer();
    await next.answer();
  });
});
