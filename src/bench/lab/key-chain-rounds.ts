// The bench's rotation by key chain: a timer starts the artifact on every router as an event policy does,
// keys get a start time in the future, and both ends are to go over to each of them at that moment. Links
// that rotated by pre-shared-key are moved while they are in use, the slaves one tick after the master.

import { eventTimer } from './event-timer.ts';
import { setMethod, setRotation } from './inventories.ts';
import { type JobWork, runOn } from './job-work.ts';
import { LinkActivations } from './link-activations.ts';
import { must } from './router-home.ts';

/** Seconds, but for `ring`: as short as a busy machine of two cores can keep. */
interface Rotation {
  readonly interval: number;
  readonly lead: number;
  readonly margin: number;
  readonly ring: number;
  readonly max_clock_difference: number;
  readonly wait: number;
  readonly poll: number;
}

const INTERVAL = 8;
/** MKA's life time: no inventory may allow for more. */
const MOST_CLOCK_DIFFERENCE = 6;
/** Ticks beyond those that it takes when no key is late. */
const SPARE_TICKS = 8;

/** Rotates until every link has gone over to `work.rotations` keys; `isMove`: from pre-shared-key. Keys are numbered from `first`. */
export async function rotateByKeyChain(work: JobWork, { first, isMove }: { first: number; isMove: boolean }): Promise<void> {
  const { lab, signal } = work;
  const rotation = rotationFor([...lab.routers.values()].map(({ router }) => router.now()));
  for (const { home } of lab.routers.values()) await setRotation(home, rotation);
  const ticks = Math.ceil(rotation.lead / INTERVAL) + work.rotations + (isMove ? 1 : 0);
  const activations = lab.links.map((link) => new LinkActivations(work, link, { first, isMove }));
  await eventTimer({
    routers: [...lab.routers.keys()],
    interval: INTERVAL * 1000,
    most: ticks + SPARE_TICKS,
    before: async (tick) => {
      if (isMove) for (const { name, master, slaves } of lab.links) for (const { router } of tick === 0 ? [master] : slaves) await setMethod(must(lab.routers, router).home, name, 'key-chain');
    },
    run: async (router, tick) => void (await runOn(work, router, `tick ${tick}`)),
    isDone: () => activations.map((link) => link.look()).every((count) => count >= work.rotations),
    signal,
  });
  for (const link of activations) link.close(work.rotations);
}

/** The end with the clock ahead and the one behind may differ, so the margin is longer; the lead is that of unaligned timers. */
function rotationFor(clocks: readonly number[]): Rotation {
  const spread = Math.round((Math.max(...clocks) - Math.min(...clocks)) / 1000);
  const difference = Math.min(1 + spread, MOST_CLOCK_DIFFERENCE);
  const margin = difference + 1;
  return { interval: INTERVAL, lead: 3 * INTERVAL + 4 * margin, margin, ring: 12, max_clock_difference: difference, wait: 3, poll: 1 };
}
