// The contract between the two halves of the simulated router: mgd (configuration database and RPCs,
// this folder) and everything around it (transports, operational state, MKA: ../router). A session is
// one management process; its replies are text, because real replies are not always well-formed.

import type { XmlElement } from '../../xml.ts';
import type { EngineSlot } from '../configuration/inheritance.ts';
import type { ConfigurationNode } from '../configuration/tree.ts';

export interface MgdUser {
  readonly name: string;
  /** Login class: decides which RPCs are answered with `permission denied`. One of Junos's own, or one of the configuration. */
  readonly loginClass: string;
  /** Of a class of the configuration: its permissions, and the commands that it may and may not give beside them. */
  readonly rights?: ClassRights;
}

export interface ClassRights {
  readonly permissions: readonly string[];
  readonly allowCommands: string | undefined;
  readonly denyCommands: string | undefined;
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
  /** What a commit with synchronize on the other routing engine does here. */
  readonly otherSide: SynchronizedSide;
  /** Stops timers. */
  close(): void;
}

/** A commit as it comes from the other routing engine. */
export interface SynchronizedCommit {
  readonly configuration: ConfigurationNode;
  readonly user: string;
  readonly log: string | undefined;
  /** Milliseconds until the automatic rollback. */
  readonly confirmWithin: number | undefined;
  /** What is uncommitted here is thrown away (force-synchronize). */
  readonly force: boolean;
}

export interface SynchronizedSide {
  /** The <rpc-error> elements of a commit that would be refused here. */
  refusal(commit: SynchronizedCommit): string | undefined;
  /** A commit check alone, which confirms an earlier commit. */
  confirm(): void;
  install(commit: SynchronizedCommit): void;
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
  /** Of the routing engine that this daemon is on; 0 unless told. */
  readonly slot?: EngineSlot;
  /** The daemon of the other routing engine, where there is one that can be reached. */
  readonly otherEngine?: () => Mgd | undefined;
  /** Calls `run` after so many milliseconds unless cancelled; default: a timer that does not keep the process alive. */
  readonly after?: (milliseconds: number, run: () => void) => () => void;
  /** A kill-session named this session: its transport should close. The session itself is ended already. */
  readonly onKill?: (pid: number) => void;
}
