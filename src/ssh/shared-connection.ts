// One router's SSH connections during a run: one for each port that is used, opened when first needed and shared by
// everything that talks to the router (a NETCONF session, SCP transfers). Owns when a connection is closed, and what
// is not tried a second time: a refused login would lock the account, a router that never answered costs one wait.

import { type QkdError, asQkdError, isQkdError } from '../errors.ts';
import type { SshConnection } from './connection.ts';

/** A connection that others may use at the same time; `close` gives this one user's part back. */
export interface SharedConnection extends SshConnection {
  /** Gives it back, so that the next user opens a new one; it is closed when its last user has given it back. */
  retire(): void;
}

interface Entry {
  readonly opening: Promise<SshConnection>;
  opened: SshConnection | undefined;
  users: number;
  retired: boolean;
}

export interface ConnectionRules {
  /** Opens a connection; bounded in time by itself. */
  readonly open: (port: number) => Promise<SshConnection>;
  /** A port that did not answer the first time is not asked again; else every user asks anew. */
  readonly silenceIsFinal: boolean;
}

export class RouterConnections {
  readonly #rules: ConnectionRules;
  readonly #entries = new Map<number, Entry>();
  /** Why nothing is tried any more: on every port, or on one that has never answered. */
  #refusal: QkdError | undefined;
  readonly #silent = new Map<number, QkdError>();
  readonly #reached = new Set<number>();

  constructor(rules: ConnectionRules) {
    this.#rules = rules;
  }

  /** The port of a connection that is open now, if there is any. */
  get openPort(): number | undefined {
    return [...this.#entries].find(([, entry]) => isUsable(entry) && entry.opened !== undefined)?.[0];
  }

  /**
   * The open connection on `port`, or a new one. Throws what opening it throws; after ssh-authentication or
   * ssh-host-key on any port (and ssh-unreachable, as the rules say), the same again without a try.
   */
  async on(port: number): Promise<SharedConnection> {
    const entry = this.#entryOn(port);
    entry.users += 1;
    try {
      return this.#share(port, entry, await entry.opening);
    } catch (error) {
      entry.users -= 1;
      if (this.#entries.get(port) === entry) this.#entries.delete(port);
      throw this.#remember(port, error);
    }
  }

  /** Ends every connection, whoever uses it; never throws. */
  async close(): Promise<void> {
    const entries = [...this.#entries.values()];
    this.#entries.clear();
    await Promise.all(entries.map((entry) => entry.opening.then((connection) => connection.close(), () => undefined)));
  }

  #entryOn(port: number): Entry {
    const known = this.#refusal ?? this.#silent.get(port);
    if (known !== undefined) throw known;
    const found = this.#entries.get(port);
    if (found !== undefined && isUsable(found)) return found;
    const entry: Entry = { opening: this.#rules.open(port), opened: undefined, users: 0, retired: false };
    this.#entries.set(port, entry);
    return entry;
  }

  #share(port: number, entry: Entry, connection: SshConnection): SharedConnection {
    entry.opened = connection;
    this.#reached.add(port);
    let given = false;
    const giveBack = (retire: boolean): void => {
      if (given) return;
      given = true;
      entry.users -= 1;
      entry.retired ||= retire;
      if (!entry.retired || entry.users > 0) return;
      if (this.#entries.get(port) === entry) this.#entries.delete(port);
      connection.close();
    };
    return {
      ...connection,
      isOpen: () => connection.isOpen(),
      close: () => giveBack(false),
      retire: () => giveBack(true),
    };
  }

  #remember(port: number, cause: unknown): QkdError {
    const error = asQkdError('ssh', cause);
    if (isQkdError(error, 'ssh-authentication', 'ssh-host-key')) this.#refusal = error;
    if (this.#rules.silenceIsFinal && isQkdError(error, 'ssh-unreachable') && !this.#reached.has(port)) this.#silent.set(port, error);
    return error;
  }
}

function isUsable(entry: Entry): boolean {
  return !entry.retired && entry.opened?.isOpen() !== false;
}
