// One run of the program on one simulated router: observe, plan, carry out, again, as the workflow does it.
// Every `yield` is a moment at which other things happen, the other end changes its mind, or the process is
// killed; its value is how many milliseconds the step takes.

import type { Action, Done, Install, ListedKey, Move, Wait, Withdraw } from '../../rotation/action.ts';
import type { ClockFacts, Observation, OtherEnd, OwnConfiguration, RecordView, RunSoFar } from '../../rotation/observation.ts';
import { type Readings, otherEnd, withReading } from '../../rotation/record-reading.ts';
import type { MkaSession } from './mka.ts';
import { type PreSharedKeyPlanner, PreSharedKeyRun } from './pre-shared-key-run.ts';
import type { ConfiguredKey, Router } from './router.ts';
import type { World } from './world.ts';

export type Planner = (observation: Observation) => Action;

export interface Planners {
  readonly planner: Planner;
  readonly preSharedKeyPlanner: PreSharedKeyPlanner;
}

type Steps<T> = Generator<number, T, void>;

/** More actions than any run needs: a planner that never ends is a fault, not an endless test. */
const MAX_ACTIONS = 1000;

/** Of the router's clock against the program's: one machine. */
const IN_TIME: ClockFacts = { ntp: 'synchronised', routerAhead: 0 };

/** One attempt at another end's record; own clock. */
interface Asked {
  readonly reachable: boolean;
  readonly askedAt: number;
}

export class Run {
  readonly #world: World;
  readonly #router: Router;
  /** Whose records it reads. */
  readonly #others: readonly Router[];
  /** The MKA sessions that its router shows. */
  readonly #sessions: readonly MkaSession[];
  readonly #planners: Planners;
  /** As the workflow does: every run begins anew. */
  readonly #readings = new Map<number, Readings>();
  readonly #heardCkn: string | undefined;
  #silentSince: number | undefined;
  #seenLive: readonly string[] = [];
  /** Given to the planner as it is: what changes, changes between two looks, and arrays are replaced. */
  readonly #soFar: { -readonly [K in keyof RunSoFar]: RunSoFar[K] };

  constructor(world: World, router: Router, planners: Planners, heardCkn: string | undefined) {
    this.#world = world;
    this.#router = router;
    this.#others = router.index === 0 ? world.routers.slice(1) : world.routers.slice(0, 1);
    this.#sessions = world.sessionsOf(router);
    this.#planners = planners;
    this.#heardCkn = heardCkn;
    const startedAt = router.local(world.now);
    this.#soFar = {
      startedAt, budgetEnd: startedAt + world.scenario.budget * 1000,
      fetched: [], refused: [], installed: [], confirmed: [], withdrawn: [], moved: false, lastCommitAt: undefined, failures: [],
    };
  }

  *steps(): Steps<void> {
    const { random, invariants, tracing } = this.#world;
    for (let count = 0; count < MAX_ACTIONS; count++) {
      yield random.between(100, 800);
      const configuration = this.#configuration();
      const others: OtherEnd[] = [];
      // Not in a generator of its own: that would double the price of every look.
      for (const other of this.#others) {
        const asked = this.#ask(other);
        yield random.between(200, asked.reachable ? 1500 : 8000);
        // The file is as it was when the other end opened it.
        const { record } = other;
        if (asked.reachable) yield random.between(10, 500);
        others.push(this.#reading(other, record, asked));
      }
      const observation = this.#observation(configuration, others);
      const action = this.#planners.planner(observation);
      if (action.kind !== 'wait' || tracing) this.#note(action);
      if (action.kind === 'done') {
        const sawAll = observation.mka.kind === 'read' && this.#soFar.failures.length === 0;
        if (sawAll) invariants.afterRun(this.#router, observation);
        // As workflow/rotate-key-chain.ts: by the other method, until the key is shared.
        if (action.reason === 'key-not-shared') yield* new PreSharedKeyRun(this.#world, this.#router, { isRepairRun: this.#heardCkn !== undefined, planner: this.#planners.preSharedKeyPlanner }).steps();
        return;
      }
      this.#checkHandsOff(observation, action);
      if (action.kind === 'wait') yield Math.max(1, action.until - this.#router.local(this.#world.now));
      else yield* this.#carryOut(action);
    }
    invariants.violation(`${this.#router.name}: a run of ${MAX_ACTIONS} actions`);
  }

  /** While MKA is suspended only keys that have not started may go. */
  #checkHandsOff({ mka, now, configuration }: Observation, action: Action): void {
    if (mka.kind !== 'read' || mka.suspended === 0) return;
    const started = (slot: number): boolean => configuration.chain.some((key) => key.slot === slot && (key.startTime ?? now) <= now);
    const touches = action.kind === 'install' || action.kind === 'move' || (action.kind === 'withdraw' && action.keys.some((key) => started(key.slot)));
    if (touches) this.#world.invariants.violation(`${this.#router.name} changes keys while MKA is suspended`);
  }

  #configuration(): OwnConfiguration {
    const { preSharedKey, slots } = this.#router;
    return {
      binding: preSharedKey !== undefined ? 'pre-shared-key' : slots.size > 0 ? 'key-chain' : 'none',
      // Of method key-chain's CKNs this method's readers make nothing (workflow/observe-key-chain.ts).
      preSharedKey: preSharedKey === undefined ? undefined : { ckn: preSharedKey, keyId: this.#world.kmes.methodOf(preSharedKey) === 'pre-shared-key' ? preSharedKey : undefined },
      chain: this.#router.chain(),
    };
  }

  #observation(configuration: OwnConfiguration, others: readonly OtherEnd[]): Observation {
    const { scenario, routers, now } = this.#world;
    const router = this.#router;
    return {
      now: router.local(now),
      run: this.#soFar,
      link: 'link', device: router.name,
      ends: routers.length,
      role: router.index === 0 ? 'master' : 'slave',
      method: this.#world.methodFor(router),
      policy: scenario.policy,
      routingEngine: 'master',
      configuration,
      ownRecord: router.record,
      others,
      mka: this.#mka(),
      clock: IN_TIME,
    };
  }

  #ask(other: Router): Asked {
    const router = this.#router;
    const reachable = this.#world.reaches(router, other);
    return { reachable, askedAt: router.local(this.#world.now) };
  }

  #reading(other: Router, record: RecordView | undefined, { reachable, askedAt }: Asked): OtherEnd {
    const before = this.#readings.get(other.index);
    if (!reachable || record === undefined) return otherEnd(other.name, before, reachable ? { why: 'none published yet', unpublished: true } : { why: 'unreachable' });
    const { now, scenario } = this.#world;
    const readings = withReading(before, record, { askedAt, readAt: this.#router.local(now), keepFor: 2000 * scenario.policy.interval });
    this.#readings.set(other.index, readings);
    return otherEnd(other.name, readings);
  }

  #mka(): Observation['mka'] {
    const world = this.#world;
    this.#router.sawLive = [];
    if (world.strikes('mkaUnreadable')) return { kind: 'unreadable', why: 'rpc failed' };
    const liveCkns: string[] = [];
    for (const { live } of this.#sessions) if (live !== undefined) liveCkns.push(live);
    const allLiveCkns = liveCkns.filter((ckn) => world.sessions.every((session) => session.live === ckn));
    this.#router.sawLive = allLiveCkns;
    for (const ckn of liveCkns) if (!this.#seenLive.includes(ckn)) this.#seenLive = [...this.#seenLive, ckn];
    const interfaceUp = world.scenario.showsInterfaces ? world.lineIsUp() : undefined;
    this.#silentSince = liveCkns.length === 0 && interfaceUp !== false ? (this.#silentSince ?? this.#router.local(world.now)) : undefined;
    const suspended = world.isSuspended(this.#router) ? 60 : 0;
    return { kind: 'read', liveCkns, allLiveCkns, suspended, interfaceUp, silentSince: this.#silentSince, seenLive: this.#seenLive, heardCkn: this.#heardCkn };
  }

  *#carryOut(action: Exclude<Action, Wait | Done>): Steps<void> {
    switch (action.kind) {
      case 'fetch':
        yield* action.call === 'enc_keys' ? this.#encKeys(action.number) : this.#decKeys(action.keyIds);
        return;
      case 'publish':
        yield* this.#publish(action.kind, action.keys);
        return;
      case 'confirm':
        if (yield* this.#publish(action.kind, action.keys)) this.#soFar.confirmed = [...this.#soFar.confirmed, ...action.keyIds];
        return;
      default:
        yield* this.#change(action);
    }
  }

  *#encKeys(number: number): Steps<void> {
    yield this.#world.random.between(50, 1500);
    if (this.#world.strikes('kme')) return this.#fail('fetch');
    const { now, scenario, kmes } = this.#world;
    // A slave meets the refusal up to an interval after the key was drawn: it too must be over when the faults are.
    const refusing = now < scenario.faultsEnd - scenario.policy.interval * 1000;
    this.#soFar.fetched = kmes.encKeys(now, { number, refuse: refusing ? scenario.rates.refuse : 0, method: 'key-chain' });
    yield this.#world.random.between(50, 500);
  }

  *#decKeys(keyIds: readonly string[]): Steps<void> {
    yield this.#world.random.between(50, 1500);
    if (this.#world.strikes('kme')) return this.#fail('fetch');
    for (const keyId of keyIds) {
      // As the adapter does: a key on its way is asked for again during a bounded time.
      const giveUp = this.#world.now + 20_000;
      let delivery = this.#world.kmes.decKey(this.#world.now, this.#router.index, keyId);
      while (delivery === 'on-its-way' && this.#world.now < giveUp) {
        yield 1000;
        delivery = this.#world.kmes.decKey(this.#world.now, this.#router.index, keyId);
      }
      if (delivery === 'delivered') this.#soFar.fetched = [...this.#soFar.fetched, keyId];
      else if (delivery === 'gone') this.#soFar.refused = [...this.#soFar.refused, keyId];
      else this.#fail('fetch');
    }
    yield this.#world.random.between(50, 500);
  }

  *#publish(kind: 'publish' | 'confirm', keys: readonly ListedKey[]): Steps<boolean> {
    yield this.#world.random.between(5, 50);
    if (this.#world.strikes('publish')) {
      this.#fail(kind);
      return false;
    }
    if (this.#world.random.chance(0.05)) this.#router.oldRecord = this.#router.record;
    this.#router.record = { writtenAt: this.#router.local(this.#world.now), method: this.#router.preSharedKey === undefined ? 'key-chain' : 'pre-shared-key', keys };
    this.#world.invariants.followRecords(this.#router);
    yield this.#world.random.between(5, 50);
    return true;
  }

  *#change(action: Install | Withdraw | Move): Steps<void> {
    const world = this.#world;
    const slow = world.strikes('commitSlow') ? world.random.between(0.1, 0.4) * world.scenario.policy.margin * 1000 : 0;
    yield world.random.between(500, 3000) + slow;
    if (world.strikes('commit')) return this.#fail(action.kind);
    world.invariants.counts.commits++;
    this.#apply(action);
    // The answer never comes: the workflow reads back and finds the change.
    yield world.strikes('commitUnknown') ? 60_000 : world.random.between(200, 2000);
    this.#soFar.lastCommitAt = this.#router.local(world.now);
    if (action.kind === 'move') this.#soFar.moved = true;
    else if (action.kind === 'withdraw') this.#soFar.withdrawn = [...this.#soFar.withdrawn, ...action.keys];
    else this.#soFar.installed = [...this.#soFar.installed, ...action.keys.map((key) => key.keyId)];
  }

  #apply(action: Install | Withdraw | Move): void {
    const router = this.#router;
    const change = new Map<number, ConfiguredKey | undefined>();
    if (action.kind === 'withdraw') for (const { slot } of action.keys) change.set(slot, undefined);
    for (const { slot, keyId, startTime, method = 'key-chain' } of action.kind === 'install' ? action.keys : []) {
      change.set(slot, { keyId, startTime });
      if (this.#world.kmes.methodOf(keyId) !== method) this.#world.invariants.violation(`${router.name} installs ${keyId} with the CKN of method ${method}`);
    }
    if (action.kind === 'move' && action.to === 'key-chain') {
      change.set(action.slot, { keyId: action.ckn, startTime: action.startTime });
      router.preSharedKey = router.preceding = undefined;
    }
    if (action.kind === 'move' && action.to === 'pre-shared-key') router.preSharedKey = action.ckn;
    this.#world.commit(router, change);
  }

  #fail(kind: Action['kind']): void {
    this.#soFar.failures = [...this.#soFar.failures, kind];
    this.#world.note(this.#router.name, `${kind} failed`);
  }

  #note(action: Action): void {
    if (!this.#world.tracing) return;
    const said = action.kind === 'publish' || action.kind === 'confirm' ? action.keys.map(brief).join(' ') : JSON.stringify(action);
    this.#world.note(this.#router.name, `${action.kind} ${said}`);
  }
}

function brief(key: ListedKey): string {
  return `${key.keyId}${key.confirmed ? '+' : ''}${key.refused ? '!' : ''}`;
}
