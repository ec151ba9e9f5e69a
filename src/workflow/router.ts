// One router during one run: a session opened when first needed and shared by all its links, what it has
// been asked already, and a queue that lets one configuration change run at a time. A commit whose outcome
// is unknown is resolved here, by reading back over a new session.

import type { Clock } from '../clock.ts';
import { QkdError, inStep, isQkdError } from '../errors.ts';
import { interfaceRpc, isUp } from '../junos/interfaces.ts';
import { LINKS_FILTER } from '../junos/key-chains.ts';
import { MKA_SESSIONS_RPC, type MkaSession, mkaSessions } from '../junos/mka.ts';
import { COMMIT_INFORMATION_RPC, type RoutingEngine, hasCommit, hostName, routingEngineSlot } from '../junos/system.ts';
import { type RouterClock, UPTIME_RPC, routerClock } from '../junos/uptime.ts';
import type { Log } from '../log.ts';
import type { XmlElement } from '../xml.ts';
import { Remembered } from './remembered.ts';
import type { ChangeResult, ConfigurationChange, RouterSession } from './ports.ts';
import type { Exchange, Talk } from './router-slots.ts';
import { RoutingEngines } from './routing-engines.ts';

/** How long and how often an unknown commit is looked up, in milliseconds. */
const LOOK_UP = { attempts: 12, pause: 5_000 };

/** Links of one router that look at the same time share one reading this long, in milliseconds. */
const SAME_LOOK = 2_000;

/** The router's clock against this program's, at one moment. */
export interface ClockReading extends RouterClock {
  /** Router's clock minus this program's, milliseconds; the reply's whole seconds make it late by up to one. */
  readonly ahead: number;
}

export class Router {
  readonly name: string;
  readonly #connect: () => Promise<RouterSession>;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #talk: Talk;
  readonly #configuration: Remembered<XmlElement>;
  readonly #sessions: Remembered<MkaSession[]>;
  readonly #interfaces = new Map<string, Remembered<boolean | undefined>>();
  readonly #time: Remembered<ClockReading | undefined>;
  readonly #engines: RoutingEngines;
  #session: Promise<RouterSession> | undefined;
  /** Sessions that `renew` has closed. */
  readonly #renewed = new WeakSet<Promise<RouterSession>>();
  /** Sessions that ended by themselves. */
  readonly #lost = new WeakSet<Promise<RouterSession>>();
  #queue: Promise<unknown> = Promise.resolve();
  #changesEnded = false;
  /** Logins, questions and commits that are under way. */
  readonly #underWay: string[] = [];

  /** `talk`: where a run talks to so many routers at once only. */
  constructor(name: string, connect: () => Promise<RouterSession>, world: { clock: Clock; log: Log; talk?: Talk | undefined }) {
    this.name = name;
    this.#connect = connect;
    this.#clock = world.clock;
    this.#log = world.log;
    this.#talk = world.talk ?? ((_exchange, work) => work());
    const now = (): number => world.clock.now();
    this.#configuration = new Remembered(SAME_LOOK, now, () => this.ask((session) => session.getConfiguration(LINKS_FILTER)));
    this.#sessions = new Remembered(SAME_LOOK, now, async () => mkaSessions(await this.ask((session) => session.rpc(MKA_SESSIONS_RPC))));
    this.#time = new Remembered(Number.POSITIVE_INFINITY, now, () => this.#readClock());
    this.#engines = new RoutingEngines((request) => this.ask((session) => session.rpc(request)), now);
  }

  /** Takes over a session, and what was read over it, from before the router's name was known. */
  adopt(session: RouterSession, configuration: XmlElement): void {
    this.#session ??= Promise.resolve(session);
    this.#configuration.set(configuration);
  }

  /** Asks at once for what a look at a link needs, the clock first: it must not wait for its answer. What fails is told where it is used. */
  lookAhead(given: { readonly clock: boolean }): void {
    for (const reading of [...(given.clock ? [this.clock()] : []), this.configuration(), this.mka()]) reading.catch(() => undefined);
  }

  /** Committed configuration below LINKS_FILTER. */
  configuration(): Promise<XmlElement> {
    return this.#configuration.get();
  }

  /** Every MKA session of the router. */
  mka(): Promise<MkaSession[]> {
    return this.#sessions.get();
  }

  /** Physical state of an interface; undefined when the router does not show it to this login. */
  isInterfaceUp(name: string): Promise<boolean | undefined> {
    const found = this.#interfaces.get(name) ?? new Remembered(SAME_LOOK, () => this.#clock.now(), () => this.#readInterface(name));
    this.#interfaces.set(name, found);
    return found.get();
  }

  async #readInterface(name: string): Promise<boolean | undefined> {
    try {
      return isUp(await this.ask((session) => session.rpc(interfaceRpc(name))), name);
    } catch (error) {
      if (!isQkdError(error, 'rpc-error', 'permission-denied')) throw error;
      return undefined;
    }
  }

  /** The router's clock, read once a run; undefined when the release does not show it. */
  clock(): Promise<ClockReading | undefined> {
    return this.#time.get();
  }

  /** Its routing engines, read once a run; none where it does not show them. */
  engines(): Promise<readonly RoutingEngine[]> {
    return this.#engines.all();
  }

  /** True when this session is on the routing engine that is not master: it must not touch the configuration, nor take keys. */
  async isBackup(): Promise<boolean> {
    // MKA runs on the master alone, and is read in any case: only without a peer is it worth asking more.
    return !(await this.#showsMka(({ livePeers }) => livePeers > 0)) && this.#onBackup();
  }

  /** The same, asked only where no MKA session is shown: a session without a peer will do until something is to be changed. */
  async seemsBackup(): Promise<boolean> {
    return !(await this.#showsMka(() => true)) && this.#onBackup();
  }

  /** As far as its routing engines tell. */
  async #onBackup(): Promise<boolean> {
    return this.#engines.isBackup(await this.#slot());
  }

  async #slot(): Promise<number | undefined> {
    return routingEngineSlot(hostName(await this.configuration()) ?? '');
  }

  async #showsMka(kind: (session: MkaSession) => boolean): Promise<boolean> {
    try {
      return (await this.mka()).some(kind);
    } catch (error) {
      if (!isQkdError(error, 'rpc-error', 'permission-denied')) throw error;
      return false;
    }
  }

  /** The open session, opened now if there is none; a failed attempt is not remembered. */
  session(): Promise<RouterSession> {
    if (this.#session === undefined) {
      const opening = this.#step(() => this.#talk('rpc', () => this.#during('login', this.#connect)));
      this.#session = opening;
      opening.catch(() => {
        if (this.#session === opening) this.#session = undefined;
      });
    }
    return this.#session;
  }

  /**
   * Work on the open session; errors name the router. A question changes nothing: when its session ends under it, it is
   * asked once more on a new one, and as often as other links' work renews the session.
   */
  async ask<T>(work: (session: RouterSession) => Promise<T>, exchange: Exchange = 'rpc', isRepeated = false): Promise<T> {
    const opened = this.session();
    const session = await opened;
    try {
      return await this.#step(() => this.#talk(exchange, () => this.#during(exchange, () => work(session))));
    } catch (error) {
      if (!isQkdError(error, 'netconf-closed')) throw error;
      if (this.#session === opened) {
        this.#lost.add(opened);
        await this.close();
      }
      const mayRepeat = exchange === 'rpc' && (this.#renewed.has(opened) || (this.#lost.has(opened) && !isRepeated));
      if (!mayRepeat) throw error;
      return this.ask(work, exchange, isRepeated || this.#lost.has(opened));
    }
  }

  /** What the router is busy with for this run: login, commit or rpc; undefined: nothing. */
  get underWay(): string | undefined {
    return this.#underWay.at(-1);
  }

  async #during<T>(what: string, work: () => Promise<T>): Promise<T> {
    this.#underWay.push(what);
    try {
      return await work();
    } finally {
      this.#underWay.splice(this.#underWay.indexOf(what), 1);
    }
  }

  /** Runs `work` after every earlier exclusive work on this router has ended. */
  exclusive<T>(work: () => Promise<T>): Promise<T> {
    const begin = (): Promise<T> => {
      if (this.#changesEnded) throw new QkdError('deadline', `router ${this.name}: change not begun, the run is ending`, { hint: 'run again' });
      return work();
    };
    const turn = this.#queue.then(begin);
    this.#queue = turn.catch(() => undefined);
    return turn;
  }

  /** Begins no further exclusive work; resolves when the one under way has ended. */
  async endChanges(): Promise<void> {
    this.#changesEnded = true;
    await this.#queue;
  }

  /**
   * Makes a change, on both routing engines where there are two. When its outcome is unknown, looks the
   * log text up in the commit history until it is found (success) or the attempts are used up (throws
   * outcome-unknown).
   */
  async change(change: ConfigurationChange): Promise<ChangeResult> {
    if (await this.#onBackup()) throw new QkdError('commit-failed', `router ${this.name}: not begun: this is the backup routing engine`, { hint: 'leave it to the run on the master' });
    const synchronize = await this.#engines.isDual();
    try {
      const { configuration, ...result } = await this.ask((session) => session.change({ ...change, synchronize, readBack: LINKS_FILTER }), 'commit');
      if (configuration === undefined) this.#configuration.forget();
      else this.#configuration.set(configuration);
      return result;
    } catch (error) {
      this.#configuration.forget();
      if (!isQkdError(error, 'outcome-unknown')) throw error;
      this.#log.write('WARNING', 'commit', 'no answer to a commit; looking it up', { device: this.name });
      if (await this.#committed(change.log)) return { changed: true, difference: '' };
      throw error;
    }
  }

  /** Confirms a change that was made with `confirmMinutes`, on the same routing engines. */
  async confirmChange(log: string): Promise<void> {
    const synchronize = await this.#engines.isDual();
    await this.ask((session) => session.confirmChange(log, synchronize), 'commit');
  }

  async #committed(log: string): Promise<boolean> {
    for (let attempt = 1; attempt <= LOOK_UP.attempts; attempt += 1) {
      if (attempt > 1) await this.#clock.sleep(LOOK_UP.pause);
      try {
        await this.renew();
        if (hasCommit(await this.ask((session) => session.rpc(COMMIT_INFORMATION_RPC)), log)) return true;
      } catch (error) {
        if (!(error instanceof QkdError)) throw error;
        this.#log.write('INFO', 'commit', 'cannot look a commit up yet', { device: this.name, error: error.message });
      }
    }
    return false;
  }

  async #readClock(): Promise<ClockReading | undefined> {
    let before = this.#clock.now();
    const asked = (session: RouterSession): Promise<XmlElement> => {
      before = this.#clock.now();
      return session.rpc(UPTIME_RPC);
    };
    const read = routerClock(await this.ask(asked));
    return read === undefined ? undefined : { ...read, ahead: read.now + 500 - (before + this.#clock.now()) / 2 };
  }

  #step<T>(work: () => Promise<T>): Promise<T> {
    return inStep(`router ${this.name}`, work);
  }

  /** Closes the session, if one is open, so that the next question opens a new one; other links' questions go on there. Never throws. */
  async renew(): Promise<void> {
    if (this.#session !== undefined) this.#renewed.add(this.#session);
    await this.close();
  }

  /** Closes the session, if one is open; never throws. */
  async close(): Promise<void> {
    const session = this.#session;
    this.#session = undefined;
    await session?.then((s) => s.close()).catch(() => undefined);
  }
}
