// One router during one run: a session opened when first needed and shared by all its links, and a queue
// that lets one configuration change run at a time. A commit whose outcome is unknown is resolved here,
// by reading back over a new session.

import { QkdError, inStep, isQkdError } from '../errors.ts';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import { COMMIT_INFORMATION_RPC, hasCommit } from '../junos/system.ts';
import type { ChangeResult, ConfigurationChange, RouterSession } from './ports.ts';

/** How long and how often an unknown commit is looked up, in milliseconds. */
const LOOK_UP = { attempts: 12, pause: 5_000 };

export class Router {
  readonly name: string;
  readonly #connect: () => Promise<RouterSession>;
  readonly #clock: Clock;
  readonly #log: Log;
  #session: Promise<RouterSession> | undefined;
  #queue: Promise<unknown> = Promise.resolve();

  constructor(name: string, connect: () => Promise<RouterSession>, world: { clock: Clock; log: Log }) {
    this.name = name;
    this.#connect = connect;
    this.#clock = world.clock;
    this.#log = world.log;
  }

  /** Takes over a session that was opened before the router's name was known. */
  adopt(session: RouterSession): void {
    this.#session ??= Promise.resolve(session);
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

  /** Runs `work` after every earlier exclusive work on this router has ended. */
  exclusive<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#queue.then(work, work);
    this.#queue = turn.catch(() => undefined);
    return turn;
  }

  /**
   * Makes a change. When its outcome is unknown, looks the log text up in the commit history until it
   * is found (success) or the attempts are used up (throws outcome-unknown).
   */
  async change(change: ConfigurationChange): Promise<ChangeResult> {
    try {
      return await this.ask((session) => session.change(change));
    } catch (error) {
      if (!isQkdError(error, 'outcome-unknown')) throw error;
      this.#log.write('WARNING', 'commit', 'no answer to a commit; looking it up', { device: this.name });
      if (await this.#committed(change.log)) return { changed: true, difference: '' };
      throw error;
    }
  }

  /** One RPC's worth of work on the open session; errors name the router. */
  async ask<T>(work: (session: RouterSession) => Promise<T>): Promise<T> {
    const session = await this.session();
    return this.#step(() => work(session));
  }

  #step<T>(work: () => Promise<T>): Promise<T> {
    return inStep(`router ${this.name}`, work);
  }

  async #committed(log: string): Promise<boolean> {
    for (let attempt = 1; attempt <= LOOK_UP.attempts; attempt += 1) {
      try {
        await this.close();
        if (hasCommit(await this.ask((session) => session.rpc(COMMIT_INFORMATION_RPC)), log)) return true;
      } catch (error) {
        if (!(error instanceof QkdError)) throw error;
        this.#log.write('INFO', 'commit', 'cannot look a commit up yet', { device: this.name, error: error.message });
      }
      await this.#clock.sleep(LOOK_UP.pause);
    }
    return false;
  }

  /** Closes the session, if one is open; never throws. */
  async close(): Promise<void> {
    const session = this.#session;
    this.#session = undefined;
    await session?.then((s) => s.close()).catch(() => undefined);
  }
}
