// Who edits the configuration database: sessions, the exclusive lock, private candidates, and the rules by
// which mgd refuses one because of the other (junos.md 3.3, 3.4). The database itself is database.ts.

import type { ConfigurationNode } from '../configuration/tree.ts';
import { dateText, two } from '../configuration/time-zone.ts';
import type { MgdUser } from './mgd.ts';
import { ALREADY_OPEN, DATABASE_MODIFIED, NOT_IN_PRIVATE_MODE, NOT_OPEN, PRIVATE_EDITS_IN_USE, Refusal, SHARED_DATABASE_MODIFIED } from './texts.ts';

/** What mgd knows of one session. Times in milliseconds since 1970 UTC, on the router's clock. */
export interface Editor {
  readonly pid: number;
  readonly user: MgdUser;
  readonly since: number;
  lastActivity: number;
  /** Set between open-configuration private and its end. */
  private: { readonly base: ConfigurationNode; candidate: ConfigurationNode } | undefined;
  /** Set by a plain open-configuration. */
  open: boolean;
  ended: boolean;
}

export interface EditedDatabase {
  committed: ConfigurationNode;
  candidate: ConfigurationNode;
  /** Session that holds the exclusive lock. */
  lockedBy: Editor | undefined;
  /** Session that last changed the shared candidate; undefined when the candidate equals what is committed. */
  changedBy: Editor | undefined;
  /** When the shared candidate was last changed. */
  changedAt: number;
  readonly editors: Set<Editor>;
  readonly now: () => number;
  timeZone(): string;
}

export function isDirty(database: EditedDatabase): boolean {
  return database.candidate !== database.committed;
}

/** Refuses when another session holds the lock. */
export function requireUnlocked(database: EditedDatabase, editor: Editor): void {
  const holder = database.lockedBy;
  if (holder !== undefined && holder !== editor) throw lockDenied(database, holder);
}

function lockDenied(database: EditedDatabase, holder: Editor): Refusal {
  const line = `  ${editorLine(holder, database)}`;
  return new Refusal(`configuration database locked by:\n${line}\n      exclusive`, { tag: 'lock-denied', holder: holder.pid });
}

/** `admin terminal  (pid 32260) on since 2021-05-06 11:04:06 UTC, idle 00:04:48` */
export function editorLine(editor: Editor, database: Pick<EditedDatabase, 'now' | 'timeZone'>): string {
  const since = dateText(editor.since, database.timeZone());
  return `${editor.user.name} terminal  (pid ${editor.pid}) on since ${since}, idle ${idleText(editor, database.now())}`;
}

export function idleText(editor: Editor, now: number): string {
  const seconds = Math.max(0, Math.floor((now - editor.lastActivity) / 1000));
  return `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
}

/** Refuses to change the shared candidate while others have it locked or edit privately. */
export function requireEditable(database: EditedDatabase, editor: Editor): void {
  if (editor.private !== undefined) return;
  requireUnlocked(database, editor);
  const others = [...database.editors].some((other) => other !== editor && other.private !== undefined);
  if (others && database.lockedBy !== editor) throw new Refusal(PRIVATE_EDITS_IN_USE);
}

/** lock-configuration, NETCONF lock, open-configuration exclusive. */
export function lock(database: EditedDatabase, editor: Editor): void {
  if (editor.private !== undefined) throw new Refusal(NOT_IN_PRIVATE_MODE, { tag: 'operation-not-supported' });
  if (database.lockedBy !== undefined) throw lockDenied(database, database.lockedBy);
  if (isDirty(database)) {
    const by = database.changedBy;
    throw new Refusal(DATABASE_MODIFIED, { tag: 'lock-denied', ...(by === undefined ? {} : { holder: by.pid }) });
  }
  database.lockedBy = editor;
}

/** Frees the lock; what was not committed under it is lost. */
export function unlock(database: EditedDatabase, editor: Editor): void {
  if (database.lockedBy !== editor) throw new Refusal(NOT_OPEN);
  database.lockedBy = undefined;
  discard(database);
}

export function openPrivate(database: EditedDatabase, editor: Editor): void {
  requireClosed(database, editor);
  requireUnlocked(database, editor);
  if (isDirty(database)) throw new Refusal(SHARED_DATABASE_MODIFIED);
  editor.private = { base: database.committed, candidate: database.committed };
}

export function openShared(database: EditedDatabase, editor: Editor): void {
  requireClosed(database, editor);
  requireEditable(database, editor);
  editor.open = true;
}

function requireClosed(database: EditedDatabase, editor: Editor): void {
  if (editor.private !== undefined || editor.open || database.lockedBy === editor) throw new Refusal(ALREADY_OPEN);
}

/** close-configuration: leaves private mode (dropping its changes) or the exclusive lock. */
export function closeConfiguration(database: EditedDatabase, editor: Editor): void {
  if (database.lockedBy === editor) unlock(database, editor);
  else if (editor.private === undefined && !editor.open) throw new Refusal(NOT_OPEN);
  editor.private = undefined;
  editor.open = false;
}

/** End of a session: private candidate and lock go, changes in the shared candidate stay for everybody. */
export function endSession(database: EditedDatabase, editor: Editor): void {
  if (editor.ended) return;
  editor.ended = true;
  editor.private = undefined;
  if (database.lockedBy === editor) unlock(database, editor);
  database.editors.delete(editor);
}

/** The candidate that this session sees. */
export function candidateOf(database: EditedDatabase, editor: Editor): ConfigurationNode {
  return editor.private?.candidate ?? database.candidate;
}

export function setCandidate(database: EditedDatabase, editor: Editor, candidate: ConfigurationNode): void {
  if (editor.private !== undefined) editor.private.candidate = candidate;
  else {
    database.candidate = candidate;
    database.changedBy = candidate === database.committed ? undefined : editor;
    database.changedAt = database.now();
  }
}

/** Shared candidate back to what is committed. */
export function discard(database: EditedDatabase): void {
  database.candidate = database.committed;
  database.changedBy = undefined;
}
