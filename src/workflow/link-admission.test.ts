// When links begin: as far as their routers fit, in order, and never blocked by links that only wait.

import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { LinkAdmission } from './link-admission.ts';
import { RouterSlots } from './router-slots.ts';

function admission(limit: number, patience = 10_000) {
  const slots = new RouterSlots(limit, { rpc: patience, commit: patience });
  return { slots, links: new LinkAdmission(limit, slots) };
}

async function begun(work: Promise<void>): Promise<boolean> {
  let done = false;
  void work.then(() => (done = true));
  await pause(0);
  return done;
}

test('a link begins when its routers fit; a router that is worked on already takes no room', async () => {
  const { links } = admission(3);
  await links.begin(['a', 'b']);
  await links.begin(['b', 'c']);
  const third = links.begin(['d', 'e']);
  expect(await begun(third)).toBe(false);
  links.end(['a', 'b']);
  expect(await begun(third)).toBe(false);
  links.end(['b', 'c']);
  expect(await begun(third)).toBe(true);
});

test('more ends than there is room for begin when nothing else is under way', async () => {
  const { links } = admission(2);
  await links.begin(['a', 'b']);
  const star = links.begin(['c', 'd', 'e', 'f']);
  expect(await begun(star)).toBe(false);
  links.end(['a', 'b']);
  expect(await begun(star)).toBe(true);
});

test('ends that wait, and routers that do not answer, make room', async () => {
  const { slots, links } = admission(2, 30);
  await links.begin(['a', 'b']);
  const next = links.begin(['c', 'd']);
  let wake = (): void => undefined;
  const waits = ['a', 'b'].map((router) => links.waiting(router, () => new Promise<void>((resolve) => (wake = ((before) => () => (before(), resolve()))(wake)))));
  expect(await begun(next)).toBe(true);
  wake();
  await Promise.all(waits);
  const third = links.begin(['e', 'f']);
  expect(await begun(third)).toBe(false);
  const silent = ['a', 'b', 'c', 'd'].map((router) => slots.talkTo(router)('rpc', () => pause(400)));
  await pause(200);
  expect(await begun(third)).toBe(true);
  await Promise.all(silent);
});

test('a run that is to stop lets the one who waits go on', async () => {
  const { links } = admission(2);
  await links.begin(['a', 'b']);
  const next = links.begin(['c', 'd']);
  links.open();
  expect(await begun(next)).toBe(true);
});
