// The contract between the two halves of the simulated router: mgd (configuration database and RPCs,
// this folder) and everything around it (transports, operational state, MKA: ../router). A session is
// one management process; its replies are text, because real replies are not always well-formed.

import type { XmlElement } from '../../xml.ts';

export interface MgdUser {
  readonly name: string;
  /** Login class: decides which RPCs are answered with `permission denied`. */
  readonly loginClass: 'super-user' | 'operator' | 'read-only' | 'unauthorized';
}

export interface MgdSession {
  /** Process ID shown in hello, lock messages and database status. */
  readonly pid: number;
  readonly user: MgdUser;
  /**
   * One <rpc> element's first child in, the inner text of <rpc-reply> out. Never rejects: errors are
   * <rpc-error> text. `delay` and fault hooks of the router are applied by the caller.
   */
  execute(request: XmlElement): Promise<string>;
  /** Ends the session: drops its private candidate, frees its lock. */
  close(): void;
}

/** An operational RPC: the request element in, the reply's inner text out. */
export type OperationalRpc = (request: XmlElement, session: MgdSession) => string | Promise<string>;

export interface Mgd {
  openSession(user: MgdUser): MgdSession;
  /** Committed configuration, secrets in clear: what the router's own daemons read. Root is <configuration>. */
  committed(): XmlElement;
  /** Called after every commit that changed something (rollbacks of unconfirmed commits included). */
  onCommit(listener: (committed: XmlElement) => void): void;
  /** Adds operational RPCs by name (`get-mka-session-information`, ...). */
  register(operational: Readonly<Record<string, OperationalRpc>>): void;
  /** Stops timers. */
  close(): void;
}

export interface MgdOptions {
  readonly hostName: string;
  /** Milliseconds since 1970 UTC, the router's own (maybe wrong) clock. */
  readonly now: () => number;
  /** Commit takes this long, in milliseconds; may be changed at run time by faults. */
  readonly commitDelay: () => number;
  /** Configuration at start, as `set` lines. */
  readonly initial: readonly string[];
  /** True when this file exists on the router: commits that name a missing event script fail. */
  readonly fileExists: (path: string) => boolean;
  /** True for a release that takes start times in its local time only. */
  readonly startTimesWithoutZone?: boolean;
  /** Number of routing engines in commit results. */
  readonly routingEngines: 1 | 2;
  /** Calls `run` after so many milliseconds unless cancelled; default: a timer that does not keep the process alive. */
  readonly after?: (milliseconds: number, run: () => void) => () => void;
  /** A kill-session named this session: its transport should close. The session itself is ended already. */
  readonly onKill?: (pid: number) => void;
}
