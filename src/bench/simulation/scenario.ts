// What one seed means: the timers, clocks, KMEs and connections of a simulated link, and which faults befall
// it until when. After the faults follows a quiet time in which everything must mend itself.

import type { Method } from '../../inventory/inventory.ts';
import type { Policy } from '../../rotation/observation.ts';
import { type Forgery, drawForgeries } from './forgeries.ts';
import { Random } from './random.ts';

/** `partitions`: connections and lines fail, and nothing else. */
export type FaultLevel = 'none' | 'partitions' | 'some' | 'heavy';

/** Junos keeps the preceding key's session while the ends differ, or (pessimistic) drops it after the MKA life time. */
export type JunosModel = 'preceding' | 'pessimistic';

export interface SimulationOptions {
  readonly faults?: FaultLevel;
  /** Intervals of faults, then of quiet. */
  readonly intervals?: number;
  readonly quietIntervals?: number;
  readonly slaves?: number;
  readonly junos?: JunosModel;
  /** Runs started by the router's syslog about unknown CAKs. */
  readonly mkaEvents?: boolean;
  /** Parts of an interval by which each router's timer is behind; the master's first. */
  readonly phases?: readonly number[];
  /** Seconds by which each router's clock is ahead; the master's first. */
  readonly clocks?: readonly number[];
  readonly policy?: Partial<Policy>;
  /** The method that the link starts on, and at which intervals each router's inventory changes to the other one. */
  readonly moves?: Moves;
  /** The link starts without any key. */
  readonly firstKey?: boolean;
  /** An operator's own keys stand in both chains, one of them scheduled. */
  readonly foreignKeys?: boolean;
  /** Now and then a router's MKA is suspended for a while. */
  readonly suspensions?: boolean;
  /** Records travel over the protected link itself: no session, no connection. */
  readonly inBand?: boolean;
  /** Somebody on the line sends CKNs that start runs; where nothing else goes wrong, from the start to the end. */
  readonly forgeries?: boolean;
  /** Whether runs know that the line is up; without it silence of MKA shows nothing. */
  readonly showsInterfaces?: boolean;
}

export interface Moves {
  readonly from: Method;
  /** One list a change, of as many moments as there are routers, the master's first. */
  readonly at: readonly (readonly number[])[];
}

export interface Window {
  readonly from: number;
  readonly to: number;
  /** Router that cannot be reached by, or cannot reach, the others; -1: all. */
  readonly router: number;
  readonly direction: 'in' | 'out' | 'both';
}

/** Probabilities for one step each. */
export interface FaultRates {
  readonly read: number;
  readonly kme: number;
  readonly refuse: number;
  readonly commit: number;
  readonly commitUnknown: number;
  readonly commitSlow: number;
  readonly publish: number;
  readonly mkaUnreadable: number;
  readonly kill: number;
  readonly missedTick: number;
  readonly lostRecord: number;
}

export interface Scenario {
  readonly seed: number;
  readonly start: number;
  readonly faultsEnd: number;
  readonly end: number;
  readonly routers: readonly { readonly phase: number; readonly ahead: number; readonly drift: number }[];
  readonly jitter: number;
  readonly policy: Policy;
  /** Seconds that a run may last. */
  readonly budget: number;
  readonly rates: FaultRates;
  readonly partitions: readonly Window[];
  /** Times at which the protected line itself is cut. */
  readonly cuts: readonly Window[];
  /** Times at which a router's timer does not run. */
  readonly outages: readonly Window[];
  readonly propagation: number;
  readonly retention: number;
  readonly junos: JunosModel;
  readonly mkaEvents: boolean;
  readonly moves: Moves | undefined;
  readonly firstKey: boolean;
  readonly foreignKeys: boolean;
  /** Times at which a router's MKA is suspended. */
  readonly suspensions: readonly Window[];
  readonly inBand: boolean;
  readonly forgeries: readonly Forgery[];
  /** The program asks for the state of the interfaces, and gets it. */
  readonly showsInterfaces: boolean;
}

const NO_FAULTS: FaultRates = {
  read: 0, kme: 0, refuse: 0, commit: 0, commitUnknown: 0, commitSlow: 0,
  publish: 0, mkaUnreadable: 0, kill: 0, missedTick: 0, lostRecord: 0,
};
const SOME_FAULTS: FaultRates = {
  read: 0.02, kme: 0.02, refuse: 0.01, commit: 0.01, commitUnknown: 0.01, commitSlow: 0.02,
  publish: 0.01, mkaUnreadable: 0.01, kill: 0.02, missedTick: 0.02, lostRecord: 0.01,
};
const HEAVY_FAULTS: FaultRates = {
  read: 0.1, kme: 0.05, refuse: 0.05, commit: 0.05, commitUnknown: 0.05, commitSlow: 0.05,
  publish: 0.05, mkaUnreadable: 0.05, kill: 0.1, missedTick: 0.1, lostRecord: 0.03,
};

const START = Date.UTC(2026, 10, 22);
const SECOND = 1000;

/** The world of a seed. Everything that `options` does not fix is drawn from the seed. */
export function scenarioOf(seed: number, options: SimulationOptions = {}): Scenario {
  const random = new Random(seed);
  const level = options.faults ?? 'heavy';
  const slaves = options.slaves ?? (random.chance(0.2) ? 2 : 1);
  const policy = drawPolicy(random, options);
  const intervalMs = policy.interval * SECOND;
  const faultsEnd = START + (options.intervals ?? 30) * intervalMs;
  const end = faultsEnd + (options.quietIntervals ?? 12) * intervalMs;
  const jitter = random.between(0, Math.min(10, policy.margin / 3)) * SECOND;
  const routers = Array.from({ length: slaves + 1 }, (_, index) => ({
    phase: (options.phases?.[index] ?? (random.chance(0.3) ? 0 : random.unit())) * intervalMs,
    ahead: (options.clocks?.[index] ?? random.between(-1, 1)) * SECOND,
    drift: random.between(-1e-6, 1e-6),
  }));
  const windows = level === 'none' ? { partitions: [], cuts: [], outages: [] } : drawWindows(random, { level, faultsEnd, slaves, intervalMs });
  return {
    seed, start: START, faultsEnd, end, routers, jitter, policy, ...windows,
    budget: policy.interval - 3 * policy.margin / 2,
    rates: { none: NO_FAULTS, partitions: NO_FAULTS, some: SOME_FAULTS, heavy: HEAVY_FAULTS }[level],
    propagation: random.between(0, 15) * SECOND,
    retention: random.pick([1.5, 3, 24]) * intervalMs,
    junos: options.junos ?? random.pick(['preceding', 'pessimistic']),
    mkaEvents: options.mkaEvents ?? random.chance(0.7),
    moves: options.moves,
    firstKey: options.firstKey ?? false,
    foreignKeys: options.foreignKeys ?? false,
    inBand: options.inBand ?? false,
    showsInterfaces: options.showsInterfaces ?? random.chance(0.5),
    suspensions: options.suspensions === true ? drawSuspensions(random, { level, faultsEnd, slaves, intervalMs }) : [],
    forgeries: options.forgeries === true ? drawForgeries(random, { from: START, to: level === 'none' ? end : faultsEnd, slaves, intervalMs }) : [],
  };
}

/** About every three intervals one router holds MKA still for a switchover: a minute to half an interval. */
function drawSuspensions(random: Random, { faultsEnd, slaves, intervalMs }: Span): Window[] {
  const windows: Window[] = [];
  let from = START + random.between(0, 3) * intervalMs;
  while (from < faultsEnd) {
    const to = Math.min(from + random.between(0.1, 0.5) * intervalMs, faultsEnd);
    windows.push({ from, to, router: random.integer(0, slaves), direction: 'both' });
    from = to + random.between(0, 5) * intervalMs;
  }
  return windows;
}

function drawPolicy(random: Random, options: SimulationOptions): Policy {
  const interval = options.policy?.interval ?? 600;
  return {
    interval,
    lead: 3 * interval + 120,
    margin: 30,
    ring: random.pick([8, 8, 10]),
    maxClockDifference: 5,
    wait: random.pick([0, 60, 120, 300]),
    poll: random.pick([5, 15, 15, 30]),
    keysPerCommit: random.chance(0.15) ? 2 : 1,
    ...options.policy,
  };
}

interface Span {
  readonly level: FaultLevel;
  readonly faultsEnd: number;
  readonly slaves: number;
  readonly intervalMs: number;
}

/** About every six intervals something breaks for minutes to an hour: a connection, in one direction or both, the line, a timer. */
function drawWindows(random: Random, span: Span): Pick<Scenario, 'partitions' | 'cuts' | 'outages'> {
  const partitions: Window[] = [];
  const cuts: Window[] = [];
  const outages: Window[] = [];
  const pause = span.level === 'some' ? 15 : 6;
  let from = START + random.between(0, pause) * span.intervalMs;
  while (from < span.faultsEnd) {
    const length = random.between(0.1, 1) * (random.chance(0.3) ? 8 : 4) * span.intervalMs;
    const window: Window = {
      from,
      to: Math.min(from + length, span.faultsEnd),
      router: random.integer(-1, span.slaves),
      direction: random.pick(['both', 'both', 'in', 'out']),
    };
    const kind = random.unit() * (span.level === 'partitions' ? 0.85 : 1);
    if (kind < 0.75) partitions.push(window);
    if (kind > 0.6 && kind < 0.85) cuts.push(window);
    if (kind >= 0.85) outages.push(window);
    from = window.to + random.between(0, 2 * pause) * span.intervalMs;
  }
  return { partitions, cuts, outages };
}
