// One run of the program on a router whose link is on method pre-shared-key, as workflow/rotate-pre-shared-key.ts
// does it: look, plan, act, again; what fails ends the run. The other method's runs, and the change from one to
// the other, are run.ts.

import type { ListedKey } from '../../rotation/action.ts';
import type { PreSharedKeyAction, PreSharedKeyView, PublishedKeys } from '../../rotation/pre-shared-key.ts';
import type { PublishedRecord, Router } from './router.ts';
import type { World } from './world.ts';

type Steps<T> = Generator<number, T, void>;

export type PreSharedKeyPlanner = (view: PreSharedKeyView) => PreSharedKeyAction;

/** Keys that a record keeps (workflow/own-record.ts). */
const KEPT_KEYS = 8;
const MAX_ACTIONS = 1000;

export class PreSharedKeyRun {
  readonly #world: World;
  readonly #router: Router;
  readonly #planner: PreSharedKeyPlanner;
  readonly #startedAt: number;
  readonly #isRepairRun: boolean;
  #sawBehind = false;
  #installed = false;

  constructor(world: World, router: Router, { isRepairRun, planner }: { isRepairRun: boolean; planner: PreSharedKeyPlanner }) {
    this.#isRepairRun = isRepairRun;
    this.#world = world;
    this.#router = router;
    this.#planner = planner;
    this.#startedAt = router.local(world.now);
  }

  *steps(): Steps<void> {
    for (let count = 0; count < MAX_ACTIONS; count++) {
      const view = yield* this.#look();
      const action = this.#planner(view);
      if (action.do !== 'wait') this.#world.note(this.#router.name, JSON.stringify(action));
      if (action.do === 'done') return;
      if (action.do === 'wait') yield Math.max(1, action.until - this.#router.local(this.#world.now));
      else if (action.do === 'publish') yield* this.#publish(action.keyId, false);
      else {
        const keyId = yield* action.do === 'fetch' ? this.#draw() : this.#take(action.keyId);
        if (keyId === undefined || !(yield* this.#replace(keyId, view.mka))) return;
      }
    }
    this.#world.invariants.violation(`${this.#router.name}: a run of ${MAX_ACTIONS} actions`);
  }

  *#look(): Steps<PreSharedKeyView> {
    const { random, kmes, scenario } = this.#world;
    const router = this.#router;
    yield random.between(100, 800);
    const ckn = router.preSharedKey;
    // A key that a run has drawn can be read back from its CKN; the initial one is nobody's.
    const current = ckn === undefined ? undefined : { ckn, keyId: kmes.methodOf(ckn) === undefined ? undefined : ckn };
    const mka = this.#mka();
    const carriedOver = ckn !== undefined && kmes.methodOf(ckn) === 'key-chain';
    const asks = !this.#installed && (router.index > 0 || mka === 'not-live' || carriedOver);
    const others = asks ? yield* this.#others() : new Map<string, PublishedKeys>();
    const keyId = current?.keyId;
    this.#sawBehind ||= router.index === 0 && keyId !== undefined && [...others.values()].some(({ newest }) => newest !== undefined && newest !== keyId);
    return {
      now: router.local(this.#world.now),
      waitUntil: this.#startedAt + scenario.policy.wait * 1000,
      role: router.index === 0 ? 'master' : 'slave',
      interval: scenario.policy.interval,
      poll: scenario.policy.poll,
      current, mka, others,
      isSuspended: this.#world.isSuspended(router),
      own: published(router.record, Number.POSITIVE_INFINITY),
      sawBehind: this.#sawBehind,
      isRepairRun: this.#isRepairRun,
      installed: this.#installed,
    };
  }

  #mka(): PreSharedKeyView['mka'] {
    const world = this.#world;
    if (world.strikes('mkaUnreadable')) return 'absent';
    return world.sessionsOf(this.#router).every(({ live }) => live === this.#router.preSharedKey) ? 'live' : 'not-live';
  }

  *#others(): Steps<Map<string, PublishedKeys>> {
    const { random, routers, scenario } = this.#world;
    const router = this.#router;
    const read = new Map<string, PublishedKeys>();
    for (const other of router.index === 0 ? routers.slice(1) : routers.slice(0, 1)) {
      const reachable = this.#world.reaches(router, other);
      yield random.between(200, reachable ? 1500 : 8000);
      const until = router.local(this.#world.now) + scenario.policy.maxClockDifference * 1000;
      read.set(other.name, reachable ? published(other.record, until) : { ...published(undefined, 0), unreadable: 'unreachable' });
    }
    return read;
  }

  *#draw(): Steps<string | undefined> {
    const { random, kmes, scenario } = this.#world;
    yield random.between(50, 1500);
    if (this.#world.strikes('kme')) return undefined;
    const refusing = this.#world.now < scenario.faultsEnd - scenario.policy.interval * 1000;
    return kmes.encKeys(this.#world.now, { number: 1, refuse: refusing ? scenario.rates.refuse : 0, method: 'pre-shared-key' })[0];
  }

  *#take(keyId: string): Steps<string | undefined> {
    const world = this.#world;
    yield world.random.between(50, 1500);
    if (world.strikes('kme')) return undefined;
    const giveUp = world.now + 20_000;
    let delivery = world.kmes.decKey(world.now, this.#router.index, keyId);
    while (delivery === 'on-its-way' && world.now < giveUp) {
      yield 1000;
      delivery = world.kmes.decKey(world.now, this.#router.index, keyId);
    }
    if (delivery === 'delivered') return keyId;
    if (delivery === 'gone') yield* this.#publish(keyId, true);
    return undefined;
  }

  *#replace(keyId: string, mka: PreSharedKeyView['mka']): Steps<boolean> {
    const world = this.#world;
    const slow = world.strikes('commitSlow') ? world.random.between(0.1, 0.4) * world.scenario.policy.margin * 1000 : 0;
    yield world.random.between(500, 3000) + slow;
    if (world.strikes('commit')) return false;
    world.invariants.counts.commits++;
    world.replacePreSharedKey(this.#router, keyId, mka === 'absent');
    yield world.strikes('commitUnknown') ? 60_000 : world.random.between(200, 2000);
    this.#installed = true;
    return yield* this.#publish(keyId, false);
  }

  *#publish(keyId: string, refused: boolean): Steps<boolean> {
    const world = this.#world;
    const router = this.#router;
    yield world.random.between(5, 50);
    if (world.strikes('publish')) return false;
    const now = router.local(world.now);
    const key: ListedKey = { keyId, startTime: now, confirmed: false, refused };
    const kept = (router.record?.keys ?? []).filter((one) => one.keyId !== keyId).slice(1 - KEPT_KEYS);
    router.record = { writtenAt: now, method: 'pre-shared-key', keys: refused ? [key, ...kept] : [...kept, key] };
    yield world.random.between(5, 50);
    return true;
  }
}

/** As workflow/observe-pre-shared-key.ts reads a record; keys that start after `until` are an end's plans on its key chain. */
function published(record: PublishedRecord | undefined, until: number): PublishedKeys {
  const newest = record?.keys.filter((key) => !key.refused && key.startTime <= until).at(-1);
  return {
    newest: newest?.keyId,
    since: newest?.startTime,
    refused: (record?.keys ?? []).filter((key) => key.refused).map((key) => key.keyId),
    method: record?.method,
    unreadable: undefined,
  };
}
