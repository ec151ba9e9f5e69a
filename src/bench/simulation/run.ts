// One run of the program on one simulated router: observe, plan, carry out, again, as the workflow does it.
// Every `yield` is a moment at which other things happen, the other end changes its mind, or the process is
// killed; its value is how many milliseconds the step takes.

import type { Action, Install, ListedKey, Move, Withdraw } from '../../rotation/action.ts';
import type { Observation, OtherEnd, RunSoFar } from '../../rotation/observation.ts';
import { type Readings, otherEnd, withReading } from '../../rotation/record-reading.ts';
import type { ConfiguredKey, Router } from './router.ts';
import type { World } from './world.ts';

export type Planner = (observation: Observation) => Action;

type Steps<T> = Generator<number, T, void>;

/** More actions than any run needs: a planner that never ends is a fault, not an endless test. */
const MAX_ACTIONS = 1000;

export class Run {
  readonly #world: World;
  readonly #router: Router;
  readonly #planner: Planner;
  /** As the workflow does: every run begins anew. */
  readonly #readings = new Map<number, Readings>();
  readonly #heardCkn: string | undefined;
  #silentSince: number | undefined;
  readonly #seenLive = new Set<string>();
  #soFar: { -readonly [K in keyof RunSoFar]: RunSoFar[K] };

  constructor(world: World, router: Router, planner: Planner, heardCkn: string | undefined) {
    this.#world = world;
    this.#router = router;
    this.#planner = planner;
    this.#heardCkn = heardCkn;
    const startedAt = router.local(world.now);
    this.#soFar = {
      startedAt, budgetEnd: startedAt + world.scenario.budget * 1000,
      fetched: [], refused: [], installed: [], confirmed: [], withdrawn: [], moved: false, lastCommitAt: undefined, failures: [],
    };
  }

  *steps(): Steps<void> {
    for (let count = 0; count < MAX_ACTIONS; count++) {
      const observation = yield* this.#observe();
      const action = this.#planner(observation);
      if (action.kind !== 'wait' || this.#world.tracing) this.#note(action);
      if (action.kind === 'done') {
        const sawAll = observation.mka.kind === 'read' && this.#soFar.failures.length === 0;
        if (sawAll) this.#world.invariants.afterRun(this.#router, observation);
        return;
      }
      this.#checkHandsOff(observation, action);
      yield* this.#carryOut(action);
    }
    this.#world.invariants.violation(`${this.#router.name}: a run of ${MAX_ACTIONS} actions`);
  }

  /** While MKA is suspended only keys that have not started may go. */
  #checkHandsOff({ mka, now, configuration }: Observation, action: Action): void {
    if (mka.kind !== 'read' || mka.suspended === 0) return;
    const started = (slot: number): boolean => configuration.chain.some((key) => key.slot === slot && (key.startTime ?? now) <= now);
    const touches = action.kind === 'install' || action.kind === 'move' || (action.kind === 'withdraw' && action.keys.some((key) => started(key.slot)));
    if (touches) this.#world.invariants.violation(`${this.#router.name} changes keys while MKA is suspended`);
  }

  *#observe(): Steps<Observation> {
    const { scenario, random, routers } = this.#world;
    const router = this.#router;
    yield random.between(100, 800);
    const preSharedKey = router.preSharedKey;
    const configuration = {
      binding: preSharedKey !== undefined ? ('pre-shared-key' as const) : router.slots.size > 0 ? ('key-chain' as const) : ('none' as const),
      preSharedKey: preSharedKey === undefined ? undefined : { ckn: preSharedKey, keyId: preSharedKey },
      chain: router.chain(),
    };
    const others: OtherEnd[] = [];
    for (const other of router.index === 0 ? routers.slice(1) : routers.slice(0, 1)) others.push(yield* this.#read(other));
    return {
      now: router.local(this.#world.now),
      run: { ...this.#soFar },
      link: 'link', device: router.name,
      ends: routers.length,
      role: router.index === 0 ? 'master' : 'slave',
      method: this.#method(),
      policy: scenario.policy,
      routingEngine: 'master',
      configuration,
      ownRecord: router.record,
      others,
      mka: this.#mka(),
      clock: { ntp: 'synchronised', routerAhead: 0 },
    };
  }

  #method(): Observation['method'] {
    const { scenario, now } = this.#world;
    const moveBack = scenario.moveBack?.[this.#router.index];
    const at = scenario.start + (moveBack ?? Number.POSITIVE_INFINITY) * scenario.policy.interval * 1000;
    return now < at ? 'key-chain' : 'pre-shared-key';
  }

  *#read(other: Router): Steps<OtherEnd> {
    const router = this.#router;
    const before = this.#readings.get(other.index);
    const reachable = this.#world.canRead(router, other) && !this.#world.strikes('read');
    if (!reachable) this.#world.invariants.trouble(`${router.name} cannot read the record of ${other.name}`);
    const askedAt = router.local(this.#world.now);
    yield this.#world.random.between(200, reachable ? 1500 : 8000);
    // The file is as it was when the other end opened it.
    const { record } = other;
    if (reachable) yield this.#world.random.between(10, 500);
    if (!reachable || record === undefined) {
      return otherEnd(other.name, before, reachable ? { why: 'none published yet', unpublished: true } : { why: 'unreachable' });
    }
    const readings = withReading(before, record, { askedAt, readAt: router.local(this.#world.now), keepFor: 2000 * this.#world.scenario.policy.interval });
    this.#readings.set(other.index, readings);
    return otherEnd(other.name, readings);
  }

  #mka(): Observation['mka'] {
    if (this.#world.strikes('mkaUnreadable')) return { kind: 'unreadable', why: 'rpc failed' };
    const own = this.#world.sessions.filter((session) => session.master === this.#router || session.slave === this.#router);
    const liveCkns = own.map((session) => session.live).filter((key) => key !== undefined);
    const allLiveCkns = liveCkns.filter((ckn) => this.#world.sessions.every((session) => session.live === ckn));
    for (const ckn of liveCkns) this.#seenLive.add(ckn);
    const interfaceUp = this.#world.scenario.showsInterfaces ? this.#world.lineIsUp() : undefined;
    this.#silentSince = liveCkns.length === 0 && interfaceUp !== false ? (this.#silentSince ?? this.#router.local(this.#world.now)) : undefined;
    return { kind: 'read', liveCkns, allLiveCkns, suspended: this.#world.isSuspended(this.#router) ? 60 : 0, interfaceUp, silentSince: this.#silentSince, seenLive: [...this.#seenLive], heardCkn: this.#heardCkn };
  }

  *#carryOut(action: Exclude<Action, { kind: 'done' }>): Steps<void> {
    switch (action.kind) {
      case 'wait':
        yield Math.max(1, action.until - this.#router.local(this.#world.now));
        return;
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
    this.#soFar.fetched = kmes.encKeys(now, number, refusing ? scenario.rates.refuse : 0);
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
    this.#router.record = { writtenAt: this.#router.local(this.#world.now), keys };
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
    if (action.kind === 'install') for (const { slot, keyId, startTime } of action.keys) change.set(slot, { keyId, startTime });
    if (action.kind === 'move' && action.to === 'key-chain') {
      change.set(action.slot, { keyId: action.ckn, startTime: action.startTime });
      router.preSharedKey = undefined;
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
