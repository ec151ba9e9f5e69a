// The link as it really is, which no router can see: routers, line, connections, KMEs and true time. Every
// change of a configuration and every start time that passes goes through `review`, where the invariants
// are checked.

import type { Method } from '../../inventory/inventory.ts';
import { EventQueue } from './event-queue.ts';
import { Invariants } from './invariants.ts';
import { Kmes } from './kme.ts';
import { MkaSession } from './mka.ts';
import { Random } from './random.ts';
import { type ConfiguredKey, Router, isForeign } from './router.ts';
import type { FaultRates, Scenario, Window } from './scenario.ts';

const NO_FAULT_SEED = 0x51ed270b;

export class World {
  readonly scenario: Scenario;
  readonly queue: EventQueue;
  readonly random: Random;
  readonly kmes: Kmes;
  readonly routers: readonly Router[];
  readonly sessions: readonly MkaSession[];
  readonly invariants: Invariants;
  readonly trace: string[] = [];
  readonly tracing: boolean;
  /** Called after every review. */
  onReview: (() => void) | undefined;

  constructor(scenario: Scenario, tracing: boolean) {
    this.scenario = scenario;
    this.tracing = tracing;
    this.queue = new EventQueue(scenario.start);
    this.random = new Random(scenario.seed ^ NO_FAULT_SEED);
    this.kmes = new Kmes(scenario, this.random);
    this.routers = scenario.routers.map((clock, index) => new Router(index, clock, scenario.start));
    const [master, ...slaves] = this.routers as [Router, ...Router[]];
    this.sessions = slaves.map((slave) => new MkaSession(master, slave, scenario.junos));
    this.invariants = new Invariants(this);
  }

  get now(): number {
    return this.queue.now;
  }

  /** The probability of a fault now: none once the faults have ended. */
  strikes(fault: keyof FaultRates): boolean {
    const struck = this.now < this.scenario.faultsEnd && this.random.chance(this.scenario.rates[fault]);
    if (struck) this.invariants.trouble(`fault ${fault}`);
    return struck;
  }

  lineIsUp(): boolean {
    return !isWithin(this.scenario.cuts, this.now);
  }

  timerRuns(router: Router): boolean {
    return !isWithin(this.scenario.outages, this.now, (outage) => outage.router === -1 || outage.router === router.index);
  }

  isSuspended(router: Router): boolean {
    return isWithin(this.scenario.suspensions, this.now, (window) => window.router === router.index);
  }

  /** What the inventory of this router says now. */
  methodFor(router: Router): Method {
    const { moves, start, policy } = this.scenario;
    if (moves === undefined) return 'key-chain';
    const changed = moves.at.filter((times) => this.now >= start + (times[router.index] ?? 0) * policy.interval * 1000).length;
    return (moves.from === 'key-chain') === (changed % 2 === 0) ? 'key-chain' : 'pre-shared-key';
  }

  sessionsOf(router: Router): readonly MkaSession[] {
    return this.sessions.filter((session) => session.master === router || session.slave === router);
  }

  /** An attempt of `reader` to fetch the record of `owner`. */
  reaches(reader: Router, owner: Router): boolean {
    const reached = this.canRead(reader, owner) && !this.strikes('read');
    if (!reached) this.invariants.trouble(`${reader.name} cannot read the record of ${owner.name}`);
    return reached;
  }

  /** Whether `reader` can fetch the record of `owner` now. */
  canRead(reader: Router, owner: Router): boolean {
    if (this.scenario.inBand && !this.sessions.some((session) => session.live !== undefined && session.joins(reader, owner))) return false;
    return !isWithin(
      this.scenario.partitions,
      this.now,
      ({ router, direction }) => router === -1 || (router === reader.index && direction !== 'in') || (router === owner.index && direction !== 'out'),
    );
  }

  /** Puts a change of a router's configuration into effect: keys into slots, undefined takes a key out. */
  commit(router: Router, change: ReadonlyMap<number, ConfiguredKey | undefined>): void {
    router.changedAt = this.now;
    for (const [slot, key] of change) {
      const old = router.slots.get(slot);
      if (old !== undefined && isForeign(old.keyId)) this.invariants.violation(`${router.name} touches slot ${slot}, which holds an operator's key`);
      if (old !== undefined && old.keyId !== key?.keyId) this.invariants.beforeRemoval(router, old);
      if (key === undefined) router.clear(slot);
      else router.put(slot, key);
    }
    for (const key of change.values()) {
      if (key !== undefined) this.queue.at(router.trueTime(key.startTime) + 1, () => this.review());
    }
    this.review();
  }

  /** Method pre-shared-key: the present key becomes the preceding one. `blindly`: without having seen the MKA session. */
  replacePreSharedKey(router: Router, keyId: string, blindly: boolean): void {
    this.invariants.beforeReplacement(router, blindly);
    router.changedAt = this.now;
    router.preceding = router.preSharedKey;
    router.preSharedKey = keyId;
    this.review();
  }

  /** After every change: sessions follow, invariants are checked. */
  review(): void {
    const lineUp = this.lineIsUp();
    for (const session of this.sessions) {
      const again = session.review(this.now, lineUp);
      if (again !== undefined) this.queue.at(again, () => this.review());
    }
    for (const router of this.routers) {
      if (router.preceding !== undefined && this.sessionsOf(router).every(({ live }) => live === router.preSharedKey)) router.preceding = undefined;
    }
    this.invariants.check();
    this.onReview?.();
  }

  note(who: string, what: string): void {
    if (!this.tracing) return;
    const seconds = (this.now - this.scenario.start) / 1000;
    this.trace.push(`${seconds.toFixed(1).padStart(9)} ${who.padEnd(7)} ${what}`);
  }
}

function isWithin(windows: readonly Window[], moment: number, counts: (window: Window) => boolean = () => true): boolean {
  return windows.some((window) => window.from <= moment && moment < window.to && counts(window));
}
