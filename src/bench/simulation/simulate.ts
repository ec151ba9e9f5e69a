// Runs a link through a seed's world and reports what was violated and what was counted. The same seed and
// options always give the same run: `simulate(seed, { ...options, trace: true })` shows it step by step.

import { planKeyChain } from '../../rotation/plan-key-chain.ts';
import { planPreSharedKey } from '../../rotation/pre-shared-key.ts';
import type { Counts } from './invariants.ts';
import { PreSharedKeyRun } from './pre-shared-key-run.ts';
import type { Router } from './router.ts';
import { checkEnd } from './recovery.ts';
import { type Planners, Run } from './run.ts';
import { type Forgery, forgedCkn } from './forgeries.ts';
import { type Scenario, type SimulationOptions, scenarioOf } from './scenario.ts';
import { World } from './world.ts';

/** Milliseconds between two looks for CKNs that a router does not know. */
const LOOK_FOR_CKNS = 5000;

/** Milliseconds between two looks at a lock that a repair run holds. */
const LOOK_AT_LOCK = 500;

export interface Simulation {
  readonly seed: number;
  readonly violations: readonly string[];
  readonly counts: Readonly<Counts>;
  /** Simulated milliseconds. */
  readonly duration: number;
  /** Milliseconds from the end of the faults until a new key was confirmed by all ends; undefined: never. */
  readonly recovery: number | undefined;
  /** When all ends had gone over to a key that none had used before, true time. */
  readonly activations: readonly { readonly at: number; readonly keyId: string }[];
  readonly scenario: Scenario;
  readonly trace: readonly string[];
}

/** What decides on every router instead of the program's own planners. */
export type GivenPlanners = { readonly [K in keyof Planners]?: Planners[K] | undefined };

/** One simulated link from start to end. Deterministic. */
export function simulate(seed: number, options: SimulationOptions & GivenPlanners & { readonly trace?: boolean } = {}): Simulation {
  const scenario = scenarioOf(seed, options);
  const world = new World(scenario, options.trace ?? false);
  const planners: Planners = { planner: options.planner ?? planKeyChain, preSharedKeyPlanner: options.preSharedKeyPlanner ?? planPreSharedKey };
  bringUp(world);
  for (const router of world.routers) startTimer(world, router, planners);
  for (const cut of scenario.cuts) for (const moment of [cut.from, cut.to]) world.queue.at(moment, () => world.review());
  for (const forgery of scenario.forgeries) world.queue.at(forgery.at, () => hearForgedCkn(world, forgery, planners));
  if (scenario.mkaEvents) watchUnknownCkns(world, planners);
  world.queue.runUntil(scenario.end);
  world.review();
  const recovery = checkEnd(world);
  const { violations, counts, activations } = world.invariants;
  counts.keysDrawn = world.kmes.drawn;
  return { seed, violations, counts, duration: scenario.end - scenario.start, recovery, activations, scenario, trace: world.trace };
}

/** The link is in operation on its initial key, unless it has yet to get its first one. */
function bringUp(world: World): void {
  const { firstKey, foreignKeys, moves, policy, start } = world.scenario;
  for (const router of world.routers) {
    if (foreignKeys) {
      router.put(6, { keyId: 'foreign-old', startTime: Date.UTC(1999, 0, 1) });
      const next = { keyId: 'foreign-next', startTime: start + 7300 * policy.interval };
      router.put(7, next);
      world.queue.at(router.trueTime(next.startTime) + 1, () => world.review());
    }
    if (firstKey) continue;
    if (moves?.from === 'pre-shared-key') router.preSharedKey = 'initial';
    else router.put(0, { keyId: 'initial', startTime: Date.UTC(2000, 0, 1) });
  }
  world.review();
}

function startTimer(world: World, router: Router, planners: Planners): void {
  const { scenario } = world;
  const phase = scenario.routers[router.index]?.phase ?? 0;
  const tick = (count: number): void => {
    const regular = scenario.start + phase + count * scenario.policy.interval * 1000;
    world.queue.at(regular + world.random.between(0, scenario.jitter), () => {
      if (!world.timerRuns(router)) world.invariants.trouble(`${router.name} is down`);
      else if (!world.strikes('missedTick')) takeTurn(world, router, planners, world.now + scenario.policy.interval * 250);
      if (world.strikes('lostRecord')) loseState(world, router);
      tick(count + 1);
    });
  };
  tick(0);
}

/** As cli/run-turn.ts: a run between two ticks is waited for. */
function takeTurn(world: World, router: Router, planners: Planners, until: number): void {
  if (!router.running) startRun(world, router, planners, undefined);
  else if (router.repairing && world.now < until) world.queue.at(world.now + LOOK_AT_LOCK, () => takeTurn(world, router, planners, until));
  else world.invariants.trouble(`${router.name} misses a tick: another run holds the lock`);
}

function hearForgedCkn(world: World, { router: index, choice }: Forgery, planners: Planners): void {
  const router = world.routers[index];
  if (router === undefined || !world.timerRuns(router) || router.running) return;
  router.mayBeMisled = true;
  startRun(world, router, planners, forgedCkn(world, router, choice));
}

/** The record is gone, or an old one is back: that of a routing engine that has just taken over. */
function loseState(world: World, router: Router): void {
  const old = world.random.chance(0.3) ? router.oldRecord : undefined;
  world.note(router.name, old === undefined ? 'loses its state folder' : 'has an old record');
  router.record = old;
  world.invariants.recordLost();
}

/** The run lock keeps a second run away; a killed run leaves nothing behind but what it has done. */
function startRun(world: World, router: Router, planners: Planners, heardCkn: string | undefined): void {
  if (router.running) return;
  router.running = true;
  router.repairing = heardCkn !== undefined;
  world.invariants.counts.runs++;
  world.note(router.name, heardCkn === undefined ? 'run' : `run, unknown CKN ${heardCkn}`);
  const steps = isOnPreSharedKey(world, router) ? new PreSharedKeyRun(world, router, { isRepairRun: heardCkn !== undefined, planner: planners.preSharedKeyPlanner }).steps() : new Run(world, router, planners, heardCkn).steps();
  let left = world.strikes('kill') ? world.random.integer(1, 40) : Number.POSITIVE_INFINITY;
  const resume = (): void => {
    const step = left-- > 0 ? steps.next() : undefined;
    if (step === undefined) world.invariants.trouble(`${router.name} is killed`);
    if (step === undefined || step.done === true) router.running = router.mayBeMisled = false;
    else world.queue.at(world.now + step.value, resume);
  };
  resume();
}

/** As workflow/run-link.ts: the change from one method to the other is method key-chain's work. */
function isOnPreSharedKey(world: World, router: Router): boolean {
  return router.preSharedKey !== undefined && world.methodFor(router) === 'pre-shared-key';
}

/**
 * While primaries differ, every few seconds: a router whose primary the other end does not use hears a CKN that
 * it does not expect, and says so.
 */
function watchUnknownCkns(world: World, planners: Planners): void {
  const quiet = new Map<Router, number>();
  let watching = false;
  const look = (): void => {
    watching = false;
    for (const { master, slave, apartSince } of world.sessions) {
      if (apartSince === undefined || !world.lineIsUp() || world.now - apartSince < 2000) continue;
      for (const [router, other] of [[master, slave], [slave, master]] as const) {
        if ((quiet.get(router) ?? 0) > world.now || !world.timerRuns(router)) continue;
        quiet.set(router, world.now + world.random.between(55_000, 75_000));
        startRun(world, router, planners, other.primary(world.now));
      }
    }
    watch();
  };
  const watch = (): void => {
    if (watching || world.sessions.every((session) => session.apartSince === undefined)) return;
    watching = true;
    const since = world.now - world.scenario.start;
    world.queue.at(world.scenario.start + (Math.floor(since / LOOK_FOR_CKNS) + 1) * LOOK_FOR_CKNS, look);
  };
  world.onReview = watch;
  watch();
}
