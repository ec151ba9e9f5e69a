// What must be true at every simulated moment, and what is counted. The checks see the whole world, both
// configurations and true time; the planner sees none of it.

import { type Observation, type RecordView, isRepairRun, isSuspended } from '../../rotation/observation.ts';
import type { MkaSession } from './mka.ts';
import { type ConfiguredKey, type Router, isForeign } from './router.ts';
import type { World } from './world.ts';

/** Shorter differences between the primaries are the activation itself: clocks are not the same. */
const ACTIVATION = 10_000;

export interface Counts {
  /** Key changes of the whole link: all ends went over to a newer key. */
  rotations: number;
  /** Episodes in which one end used a key that the other did not have. */
  alone: number;
  /** Milliseconds in such episodes while the line was up. */
  aloneTime: number;
  /** The longest such episode, milliseconds, line up or not. */
  longestAlone: number;
  /** Milliseconds without a live peer though the line was up. */
  withoutSession: number;
  /** Newest common keys that an end gave up for a forged CKN: without a peer, and not knowing that the key was shared. */
  misled: number;
  keysDrawn: number;
  commits: number;
  runs: number;
}

export class Invariants {
  readonly violations: string[] = [];
  readonly counts: Counts = { rotations: 0, alone: 0, aloneTime: 0, longestAlone: 0, withoutSession: 0, misled: 0, keysDrawn: 0, commits: 0, runs: 0 };
  /** True times at which all ends had gone over to a key that none had used before. */
  readonly activations: { readonly at: number; readonly keyId: string }[] = [];
  /** When every end's record first said that a key is confirmed, when it is to start, and when an end first took it out again; true time. */
  readonly confirmations = new Map<string, { readonly at: number; readonly startTime: number; withdrawnAt: number }>();
  readonly #world: World;
  readonly #troubles: number[] = [];
  #checkedAt = 0;
  #hadSession = true;
  #wasApart = false;
  readonly #apart = new Map<MkaSession, number>();
  readonly #used = new Set<string>();
  readonly #listedBy = new Map<Router, Set<string>>();
  readonly #confirmedByMaster = new Set<string>();
  #lostRecords = false;
  #inOperation = false;
  /** The master has gone past a pre-shared-key that a slave has not taken. */
  #givenUp = false;

  constructor(world: World) {
    this.#world = world;
  }

  violation(text: string): void {
    this.#world.note('', `VIOLATION ${text}`);
    if (this.violations.length < 5) this.violations.push(`${((this.#world.now - this.#world.scenario.start) / 1000).toFixed(1)} s: ${text}`);
  }

  /** A fault struck, a record could not be read or a run did not take place: from now on a lone activation may have a cause. */
  trouble(what: string): void {
    this.#troubles.push(this.#world.now);
    this.#world.note('', what);
  }

  /** Whether anything has gone wrong in this world at all. */
  get troubled(): boolean {
    return this.#troubles.length > 0;
  }

  check(): void {
    this.#inOperation ||= this.newestCommonKey() !== undefined;
    if (!this.#inOperation) return;
    this.#measure();
    this.#checkCommonKey();
    for (const session of this.#world.sessions) this.#followPrimaries(session);
    this.#followActivation();
  }

  /** Time since the last check belongs to the state that was found then. */
  #measure(): void {
    const { now } = this.#world;
    this.#checkedAt ||= now;
    if (!this.#hadSession) this.counts.withoutSession += now - this.#checkedAt;
    if (this.#wasApart) this.counts.aloneTime += now - this.#checkedAt;
    this.#checkedAt = now;
    const lineUp = this.#world.lineIsUp();
    this.#hadSession = !lineUp || this.#world.sessions.every((session) => session.live !== undefined);
    this.#wasApart = lineUp && this.#world.sessions.some((session) => !onPreSharedKey(session) && session.apartSince !== undefined && now - session.apartSince >= ACTIVATION);
  }

  /** Every end has a started key that all others have too; of pre-shared-keys each slave one with the master, unless that was given up. */
  #checkCommonKey(): void {
    const [master, ...slaves] = this.#world.routers as [Router, ...Router[]];
    if (this.newestCommonKey() !== undefined) this.#givenUp = false;
    else if (master.preSharedKey === undefined || (!this.#givenUp && !slaves.every((slave) => this.#share(master, slave)))) this.violation('the ends have no started key in common');
  }

  #share({ preSharedKey, preceding }: Router, slave: Router): boolean {
    return [preSharedKey, preceding].some((key) => key !== undefined && slave.hasStarted(key, this.#world.now));
  }

  /**
   * Method pre-shared-key: a master goes past a key that a slave has not taken only when the slave's KME has refused it,
   * when two intervals have passed, or when its router shows no MKA session (README).
   */
  beforeReplacement(router: Router, blindly: boolean): void {
    const { now, routers, scenario } = this.#world;
    const present = router.preSharedKey;
    if (router.index > 0 || present === undefined) return;
    const behind = routers.slice(1).filter((slave) => slave.primary(now) !== present);
    if (behind.length === 0) return;
    const refused = behind.some((slave) => slave.record?.keys.some((entry) => entry.keyId === present && entry.refused));
    const late = now - router.changedAt >= 2 * scenario.policy.interval * 1000 - ACTIVATION;
    if (!refused && !late && !blindly) this.violation(`${router.name} goes past ${present}, which ${behind.map(({ name }) => name).join(', ')} has not taken`);
    this.#givenUp = true;
  }

  newestCommonKey(): string | undefined {
    const { routers, now } = this.#world;
    const [first, ...rest] = routers as [Router, ...Router[]];
    const { preSharedKey } = first;
    if (preSharedKey !== undefined) return rest.every((router) => router.hasStarted(preSharedKey, now)) ? preSharedKey : undefined;
    let newest: ConfiguredKey | undefined;
    for (const key of first.slots.values()) {
      const better = newest === undefined || key.startTime > newest.startTime;
      if (better && first.hasStarted(key.keyId, now) && rest.every((router) => router.hasStarted(key.keyId, now))) newest = key;
    }
    return newest?.keyId;
  }

  #followPrimaries(session: MkaSession): void {
    const { now } = this.#world;
    const since = this.#apart.get(session);
    if (session.apartSince !== undefined) {
      if (since === undefined) {
        this.#apart.set(session, now);
        this.#world.queue.at(now + ACTIVATION, () => this.#reportApart(session, now));
      }
      return;
    }
    if (since === undefined) return;
    this.#apart.delete(session);
    const lasted = now - since;
    if (lasted <= ACTIVATION) return;
    if (onPreSharedKey(session)) {
      if (!this.troubled && this.#world.scenario.rates.refuse === 0 && lasted > this.#world.scenario.policy.interval * 1000 + 6 * ACTIVATION) this.violation(`the slave took ${lasted / 1000} s to follow, without any fault`);
      return;
    }
    this.counts.alone++;
    this.counts.longestAlone = Math.max(this.counts.longestAlone, lasted);
    this.#world.note('', `primaries agree again after ${(lasted / 1000).toFixed(1)} s`);
    if (!this.troubled) this.violation(`primaries differed for ${lasted / 1000} s without any fault`);
  }

  /** A key that started on one end alone needs a cause between its making and its start. */
  #reportApart(session: MkaSession, since: number): void {
    if (this.#apart.get(session) !== since || onPreSharedKey(session)) return;
    const { now } = this.#world;
    const keys = [session.master.primary(now), session.slave.primary(now)];
    this.check();
    this.#world.note('', `primaries differ: master ${keys[0]}, ${session.slave.name} ${keys[1]}`);
    const drawn = Math.max(...keys.map((key) => (key === undefined ? 0 : this.#world.kmes.drawnAt(key))));
    if (!this.#troubles.some((moment) => moment >= drawn && moment <= since)) this.violation('a key started on one end alone without a cause');
  }

  #followActivation(): void {
    const { routers, now } = this.#world;
    const key = routers[0]?.primary(now);
    if (key === undefined || this.#used.has(key) || !routers.every((router) => router.primary(now) === key)) return;
    this.#used.add(key);
    this.activations.push({ at: now, keyId: key });
    this.counts.rotations++;
  }

  /** Nothing that holds a session, or that all ends could meet on, is ever removed. */
  beforeRemoval(router: Router, key: ConfiguredKey): void {
    const { sessions, now } = this.#world;
    const confirmation = this.confirmations.get(key.keyId);
    if (confirmation !== undefined) confirmation.withdrawnAt = Math.min(confirmation.withdrawnAt, now);
    if (router.preSharedKey !== undefined) return;
    const own = sessions.filter((session) => session.master === router || session.slave === router);
    if (key.keyId === this.newestCommonKey()) {
      // What is heard counts against a key on which not every end is live and that nothing shows to be shared: once a run.
      const misled = router.mayBeMisled && !router.sawLive.includes(key.keyId);
      router.mayBeMisled = false;
      if (misled) {
        this.counts.misled++;
        return;
      }
      this.violation(`${router.name} removes ${key.keyId}, the newest common key`);
    }
    const inSession = own.every((session) => session.live === key.keyId && session.master.hasStarted(key.keyId, now) && session.slave.hasStarted(key.keyId, now));
    if (!inSession || router.primary(now) !== key.keyId) return;
    // A slave among several that hears of an end without the key goes back to the one that all have (repair.ts, isLeavingOut): once a run.
    const leavesNobodyOut = this.#world.routers.every((other) => other.hasStarted(key.keyId, now));
    if (leavesNobodyOut || !router.mayBeMisled) this.violation(`${router.name} removes ${key.keyId}, which is in use and live`);
    router.mayBeMisled = false;
  }

  /** After every publication: nothing is called confirmed that was not there to be read. */
  followRecords(writer: Router): void {
    const [master, ...slaves] = this.#world.routers as [Router, ...Router[]];
    const listed = this.#listed(writer);
    for (const entry of writer.record?.keys ?? []) {
      if (!entry.refused) listed.add(entry.keyId);
      if (!entry.confirmed || entry.startTime < writer.local(this.#world.now)) continue;
      if (writer === master) {
        const known = slaves.every((slave) => this.#listed(slave).has(entry.keyId));
        if (!known && !this.#lostRecords) this.violation(`master confirms ${entry.keyId}, which not every slave has published`);
        this.#confirmedByMaster.add(entry.keyId);
      } else if (!this.#confirmedByMaster.has(entry.keyId) && !this.#lostRecords) {
        this.violation(`${writer.name} calls ${entry.keyId} confirmed, the master never did`);
      }
    }
    this.#followConfirmations(master, slaves);
  }

  /** A router has lost its record: from now on it may have to guess marks from its configuration. */
  recordLost(): void {
    this.#lostRecords = true;
  }

  #listed(router: Router): Set<string> {
    const known = this.#listedBy.get(router) ?? new Set<string>();
    this.#listedBy.set(router, known);
    return known;
  }

  #followConfirmations(master: Router, slaves: readonly Router[]): void {
    for (const entry of master.record?.keys ?? []) {
      if (!entry.confirmed || this.confirmations.has(entry.keyId)) continue;
      const all = slaves.every((slave) => slave.record?.keys.some((other) => other.keyId === entry.keyId && other.confirmed));
      if (all) this.confirmations.set(entry.keyId, { at: this.#world.now, startTime: entry.startTime, withdrawnAt: Number.POSITIVE_INFINITY });
    }
  }

  /** A run that went through to its end leaves no deadline behind that falls before the next tick. */
  #checkDeadlines(router: Router, { now, run, policy, ownRecord }: Observation): void {
    for (const key of router.slots.values()) {
      const entry = ownRecord?.keys.find((candidate) => candidate.keyId === key.keyId);
      if (isForeign(key.keyId) || entry?.confirmed === true || key.startTime <= now || now > key.startTime - policy.margin * 500) continue;
      const deadline = key.startTime - (router.index === 0 ? policy.interval + 2 * policy.margin : policy.margin) * 1000;
      if (deadline <= run.startedAt + policy.interval * 1000) this.violation(`${router.name} leaves the deadline of ${key.keyId} to the next run`);
    }
  }

  /** A run that went through to its end must not leave a key in use alone when its router could see that it is. */
  afterRun(router: Router, observation: Observation): void {
    const { now, scenario, sessions } = this.#world;
    if (router.preSharedKey === undefined && !isRepairRun(observation)) this.#checkDeadlines(router, observation);
    const key = router.primary(now);
    if (key === undefined || router.preSharedKey !== undefined || !this.#inOperation || !this.#world.lineIsUp()) return;
    const own = sessions.filter((session) => session.master === router || session.slave === router);
    // The other end has only just changed: its record did not say so yet.
    const justNow = now - (2 * scenario.policy.margin + 15) * 1000;
    if (own.some(onPreSharedKey)) return;
    if (own.some((session) => Math.max(session.apartSince ?? now, session.master.changedAt, session.slave.changedAt) > justNow)) return;
    if (isForeign(key) || !this.#hasWitness(router, key, observation)) return;
    const lone = own.every((session) => !(session.master === router ? session.slave : session.master).holds(key) && session.live !== key);
    if (lone) this.violation(`${router.name} ended a run and still uses ${key} alone`);
  }

  /** What is heard proves nothing: it does not count against a key that every other end has said it keeps, or has since its start. */
  #isKnownAgreed(router: Router, key: string, { others, ownRecord }: Observation): boolean {
    const startTime = [...router.slots.values()].find((slot) => slot.keyId === key)?.startTime ?? 0;
    const says = (record: RecordView | undefined): boolean => record?.keys.some((entry) => entry.keyId === key && !entry.refused && (entry.confirmed || (record.writtenAt ?? 0) >= startTime)) === true;
    const own = router.index > 0 && others.length === 1 && this.#world.routers.length === 2 && says(ownRecord);
    return own || others.every(({ reading, earlier }) => says(reading.kind === 'read' ? reading.record : earlier?.record));
  }

  /** A record, an MKA session or an event shows it; or silence does, on a key that has just started and is not known to be agreed. */
  #hasWitness(router: Router, key: string, observation: Observation): boolean {
    if (isSuspended(observation)) return false;
    const { now, mka, others, ownRecord } = observation;
    const { scenario } = this.#world;
    const startTime = [...router.slots.values()].find((slot) => slot.keyId === key)?.startTime ?? now;
    if (now < startTime + (scenario.policy.margin + 15) * 1000) return false;
    const lacks = (record: RecordView): boolean => (record.writtenAt ?? 0) > startTime && !record.keys.some((entry) => entry.keyId === key);
    if (others.some((other) => other.reading.kind === 'read' && lacks(other.reading.record))) return true;
    if (mka.kind !== 'read') return false;
    // What it is live on, or heard, shows where to meet only when it is another key of its own.
    const isOther = (ckn: string | undefined): boolean => ckn !== undefined && ckn !== key && router.hasStarted(ckn, this.#world.now);
    if (mka.liveCkns.some(isOther)) return true;
    if (mka.heardCkn !== undefined) return isOther(mka.heardCkn) && observation.run.withdrawn.length === 0 && !this.#isKnownAgreed(router, key, observation);
    // Who had agreed to the key, and then lost its mark and withdrew, left the others with no way to know.
    const agreed = router.index > 0 && ownRecord?.keys.some((entry) => entry.keyId === key && entry.confirmed) === true;
    return !agreed && !this.#lostRecords && mka.interfaceUp === true && now < startTime + (scenario.policy.interval + scenario.policy.margin) * 1000;
  }
}

/** The ends follow each other there: between the two commits their keys differ, and the preceding one is shared. */
function onPreSharedKey({ master, slave }: MkaSession): boolean {
  return master.preSharedKey !== undefined || slave.preSharedKey !== undefined;
}
