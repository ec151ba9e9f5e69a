// The runs that are killed at every step: first installation, installation, the slave's taking over, confirmation,
// withdrawal, the move of a link from one method to the other and back, and a whole rotation with both ends at work
// at once. Each scenario says how the link gets to the run in question, and how it is seen that ordinary runs
// afterwards brought all in order.

import { CrashBed, INTERVAL, LEAD, LINK, MARGIN, MASTER, SLAVE } from './crash-bed.ts';
import type { Method } from './inventories.ts';

export interface CrashScenario {
  readonly name: string;
  /** The end whose run is killed. */
  readonly victim: typeof MASTER | typeof SLAVE;
  /** Of the link at the start. */
  readonly method: Method;
  /** Ordinary ticks before the first run in question. */
  readonly ticks: number;
  /** Before each run in question. */
  readonly prepare?: (bed: CrashBed) => Promise<unknown>;
  /** The other end runs at the same time, and each waits for the other. */
  readonly together?: boolean;
  /** A step that the run in question has when nobody kills it, by which it is known to be the one that is meant. */
  readonly makes: 'commit-configuration' | 'record';
  /** What must hold after some ordinary ticks; undefined when it does. */
  unsettled(bed: CrashBed, before: ReadonlySet<string>): string | undefined;
  /** The link has no key before: it is watched from the moment on at which it is up. */
  readonly isFirst?: boolean;
}

const SECOND = 1000;

/** All ends have a key of the chain, with one CAK and start time, that none had before. */
function hasNewKey(bed: CrashBed, before: ReadonlySet<string>): string | undefined {
  const [master, ...slaves] = bed.watch.chains();
  const common = master?.filter((key) => slaves.every((chain) => chain?.some(({ ckn, cak, startsAt }) => ckn === key.ckn && cak === key.cak && startsAt === key.startsAt)));
  return common?.some(({ ckn }) => !before.has(ckn)) === true ? undefined : 'no common key that is new';
}

/** Both ends on `method` with the same key in force. */
function isOn(bed: CrashBed, method: Method): string | undefined {
  const chained = bed.watch.chains().map((chain) => chain !== undefined);
  if (chained.some((is) => is !== (method === 'key-chain'))) return `on key chains: ${chained.join(' and ')}`;
  const keys = bed.watch.inForce();
  return keys[0] !== undefined && keys.every((key) => key?.ckn === keys[0]?.ckn && key?.cak === keys[0]?.cak) ? undefined : 'different keys in force';
}

/** A first key that the KME delivered to a run that died is lost: the one after it starts a lead later, and the link is up then. */
function isUp(bed: CrashBed, before: ReadonlySet<string>): string | undefined {
  return bed.lab.cable(LINK).live() === undefined ? 'the link is not up' : hasNewKey(bed, before);
}

const onChain = { method: 'key-chain', ticks: 2, makes: 'commit-configuration', unsettled: hasNewKey } as const;
const inTurn = (...routers: string[]) => async (bed: CrashBed): Promise<void> => {
  for (const router of routers) await bed.run(router);
};

/** The slave's KME does not have the key: the slave publishes that, and the master's next run withdraws it. */
async function refusedBySlave(bed: CrashBed): Promise<void> {
  const began = bed.clock.now();
  const kme = bed.lab.kmes.kme('kme2');
  await kme.faults.set({ fault: 'key-gone', call: 'dec_keys', times: 9 });
  await inTurn(MASTER, SLAVE)(bed);
  await kme.faults.set();
  bed.clock.moveTo(began + INTERVAL * SECOND);
}

/** The slave has a key that the master, which cannot see that, withdraws at its deadline. */
async function withdrawnByMaster(bed: CrashBed): Promise<void> {
  const made = bed.clock.now();
  await inTurn(MASTER, SLAVE)(bed);
  const cut = await bed.site(SLAVE).router.faults.set({ kind: 'unreachable' });
  bed.clock.moveTo(made + (LEAD - INTERVAL - 2 * MARGIN + 5) * SECOND);
  await inTurn(MASTER)(bed);
  await bed.site(SLAVE).router.faults.clear(cut);
}

function move(victim: CrashScenario['victim'], to: Method): CrashScenario {
  const from = to === 'key-chain' ? 'pre-shared-key' : 'key-chain';
  const prepare = async (bed: CrashBed): Promise<void> => {
    await bed.setMethod(from);
    for (let tick = 0; tick < 8 && isOn(bed, from) !== undefined; tick += 1) await bed.tick();
    await bed.setMethod(to);
    // Keys that the chain still holds come to their start first.
    const isAhead = (): boolean => bed.watch.chains().some((chain) => chain?.some(({ startsAt }) => startsAt > bed.clock.now()));
    for (let tick = 0; tick < 8 && isAhead(); tick += 1) await bed.tick();
    if (victim === SLAVE) await bed.run(MASTER);
    // Back to the pre-shared-key the slave goes first: it is the first to read a record from after the last start.
    else if (to === 'pre-shared-key') await inTurn(MASTER, SLAVE)(bed);
  };
  return { name: `move to ${to}`, victim, method: from, ticks: 2, makes: 'commit-configuration', prepare, unsettled: (bed) => isOn(bed, to) };
}

export const SCENARIOS: readonly CrashScenario[] = [
  { ...onChain, name: 'first installation', victim: MASTER, ticks: 0, isFirst: true, unsettled: isUp, prepare: (bed) => bed.reset() },
  { ...onChain, name: 'first installation', victim: SLAVE, ticks: 0, isFirst: true, unsettled: isUp, prepare: async (bed) => void (await bed.reset(), await bed.run(MASTER)) },
  { ...onChain, name: 'installation', victim: MASTER },
  { ...onChain, name: 'installation', victim: SLAVE, prepare: inTurn(MASTER) },
  { ...onChain, name: 'confirmation', victim: MASTER, makes: 'record', prepare: inTurn(MASTER, SLAVE) },
  { ...onChain, name: 'confirmation', victim: SLAVE, makes: 'record', prepare: inTurn(MASTER, SLAVE, MASTER) },
  { ...onChain, name: 'both at once', victim: MASTER, together: true },
  { ...onChain, name: 'both at once', victim: SLAVE, makes: 'record', together: true },
  { ...onChain, name: 'withdrawal', victim: MASTER, prepare: refusedBySlave },
  { ...onChain, name: 'withdrawal', victim: SLAVE, prepare: withdrawnByMaster },
  move(MASTER, 'key-chain'),
  move(SLAVE, 'key-chain'),
  move(MASTER, 'pre-shared-key'),
  move(SLAVE, 'pre-shared-key'),
];
