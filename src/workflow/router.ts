// One router during one run: a session opened when first needed and shared by all its links, what it has
// been asked already, and a queue that lets one configuration change run at a time. A commit whose outcome
// is unknown is resolved here, by reading back over a new session.

import type { Clock } from '../clock.ts';
import { QkdError, inStep, isQkdError } from '../errors.ts';
import { interfaceRpc, isUp } from '../junos/interfaces.ts';
import { LINKS_FILTER } from '../junos/key-chains.ts';
import { MKA_SESSIONS_RPC, type MkaSession, mkaSessions } from '../junos/mka.ts';
import { COMMIT_INFORMATION_RPC, ROUTING_ENGINES_RPC, type RoutingEngine, hasCommit, hostName, routingEngineSlot, routingEngines } from '../junos/system.ts';
import { type RouterClock, UPTIME_RPC, routerClock } from '../junos/uptime.ts';
import type { Log } from '../log.ts';
import type { XmlElement } from '../xml.ts';
import { Remembered } from './remembered.ts';
import type { ChangeResult, ConfigurationChange, RouterSession } from './ports.ts';

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
  readonly #configuration: Remembered<XmlElement>;
  readonly #sessions: Remembered<MkaSession[]>;
  readonly #time: Remembered<ClockReading | undefined>;
  readonly #engines: Remembered<readonly RoutingEngine[]>;
  #session: Promise<RouterSession> | undefined;
  #queue: Promise<unknown> = Promise.resolve();

  constructor(name: string, connect: () => Promise<RouterSession>, world: { clock: Clock; log: Log }) {
    this.name = name;
    this.#connect = connect;
    this.#clock = world.clock;
    this.#log = world.log;
    const now = (): number => world.clock.now();
    this.#configuration = new Remembered(SAME_LOOK, now, () => this.ask((session) => session.getConfiguration(LINKS_FILTER)));
    this.#sessions = new Remembered(SAME_LOOK, now, async () => mkaSessions(await this.ask((session) => session.rpc(MKA_SESSIONS_RPC))));
    this.#time = new Remembered(Number.POSITIVE_INFINITY, now, () => this.#readClock());
    this.#engines = new Remembered(Number.POSITIVE_INFINITY, now, () => this.#readEngines());
  }

  /** Takes over a session, and what was read over it, from before the router's name was known. */
  adopt(session: RouterSession, configuration: XmlElement): void {
    this.#session ??= Promise.resolve(session);
    this.#configuration.set(configuration);
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
  async isInterfaceUp(name: string): Promise<boolean | undefined> {
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

  /** True when this session is on the routing engine that is not master: it must not touch the configuration. */
  async isBackup(): Promise<boolean> {
    const slot = routingEngineSlot(hostName(await this.configuration()) ?? '');
    if (slot === undefined) return false;
    return (await this.#engines.get()).some((engine) => engine.slot === slot && engine.mastership === 'backup');
  }

  /** The open session, opened now if there is none; a failed attempt is not remembered. */
  session(): Promise<RouterSession> {
    if (this.#session === undefined) {
      const opening = this.#step(this.#connect);
      this.#session = opening;
      opening.catch(() => {
        if (this.#session === opening) this.#session = undefined;
      });
    }
    return this.#session;
  }

  /** Work on the open session; errors name the router. */
  async ask<T>(work: (session: RouterSession) => Promise<T>): Promise<T> {
    const session = await this.session();
    return this.#step(() => work(session));
  }

  /** Runs `work` after every earlier exclusive work on this router has ended. */
  exclusive<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#queue.then(work, work);
    this.#queue = turn.catch(() => undefined);
    return turn;
  }

  /**
   * Makes a change, on both routing engines where there are two. When its outcome is unknown, looks the
   * log text up in the commit history until it is found (success) or the attempts are used up (throws
   * outcome-unknown).
   */
  async change(change: ConfigurationChange): Promise<ChangeResult> {
    const synchronize = routingEngineSlot(hostName(await this.configuration()) ?? '') !== undefined && (await this.#engines.get()).length > 1;
    try {
      return await this.ask((session) => session.change({ ...change, synchronize }));
    } catch (error) {
      if (!isQkdError(error, 'outcome-unknown')) throw error;
      this.#log.write('WARNING', 'commit', 'no answer to a commit; looking it up', { device: this.name });
      if (await this.#committed(change.log)) return { changed: true, difference: '' };
      throw error;
    } finally {
      this.#configuration.forget();
      this.#sessions.forget();
    }
  }

  async #committed(log: string): Promise<boolean> {
    for (let attempt = 1; attempt <= LOOK_UP.attempts; attempt += 1) {
      if (attempt > 1) await this.#clock.sleep(LOOK_UP.pause);
      try {
        await this.close();
        if (hasCommit(await this.ask((session) => session.rpc(COMMIT_INFORMATION_RPC)), log)) return true;
      } catch (error) {
        if (!(error instanceof QkdError)) throw error;
        this.#log.write('INFO', 'commit', 'cannot look a commit up yet', { device: this.name, error: error.message });
      }
    }
    return false;
  }

  async #readClock(): Promise<ClockReading | undefined> {
    const before = this.#clock.now();
    const read = routerClock(await this.ask((session) => session.rpc(UPTIME_RPC)));
    return read === undefined ? undefined : { ...read, ahead: read.now + 500 - (before + this.#clock.now()) / 2 };
  }

  async #readEngines(): Promise<readonly RoutingEngine[]> {
    return routingEngines(await this.ask((session) => session.rpc(ROUTING_ENGINES_RPC)));
  }

  #step<T>(work: () => Promise<T>): Promise<T> {
    return inStep(`router ${this.name}`, work);
  }

  /** Closes the session, if one is open; never throws. */
  async close(): Promise<void> {
    const session = this.#session;
    this.#session = undefined;
    await session?.then((s) => s.close()).catch(() => undefined);
  }
}
