// The management daemon of one simulated router: takes sessions, hands each RPC to the part that answers
// it, and turns refusals into <rpc-error>. Transports, framing and <rpc-reply> are ../router's.

import { child } from '../../xml.ts';
import type { XmlElement } from '../../xml.ts';
import { commitConfiguration, netconfCommit, synchronizedSide, validate } from './commit.ts';
import { commitInformation, commitRevisionInformation } from './commit-history.ts';
import { daemonView, openDatabase } from './database.ts';
import type { Database } from './database.ts';
import { databaseStatus } from './database-status.ts';
import { closeConfiguration, endSession, isDirty, lock, openPrivate, openShared, unlock } from './editors.ts';
import type { Editor } from './editors.ts';
import { get, getConfig, getConfiguration, getRescueInformation, getRollbackInformation } from './get-configuration.ts';
import { discardChanges, editConfig, loadConfiguration } from './load.ts';
import type { Mgd, MgdOptions, MgdSession, MgdUser, OperationalRpc } from './mgd.ts';
import { requirePermission } from './permissions.ts';
import { DISCARDED_ON_EXIT, invalid, notSupported, Refusal, rpcError } from './texts.ts';

type ConfigurationRpc = (database: Database, editor: Editor, request: XmlElement) => string | Promise<string>;

const OK = '<ok/>\n';

const RPCS: Readonly<Record<string, ConfigurationRpc>> = {
  'open-configuration': openConfiguration,
  'close-configuration': (database, editor) => (closeConfiguration(database, editor), OK),
  'lock-configuration': (database, editor) => (lock(database, editor), OK),
  'unlock-configuration': (database, editor) => (unlock(database, editor), OK),
  lock: (database, editor, request) => (candidateOnly(request), lock(database, editor), OK),
  unlock: (database, editor, request) => (candidateOnly(request), unlock(database, editor), OK),
  'load-configuration': loadConfiguration,
  'edit-config': editConfig,
  'discard-changes': discardChanges,
  'commit-configuration': commitConfiguration,
  commit: netconfCommit,
  validate,
  'get-configuration': getConfiguration,
  'get-config': getConfig,
  get,
  'get-configuration-database-status': (database) => databaseStatus(database),
  'get-database-status-information': (database) => databaseStatus(database),
  'get-commit-information': (database) => commitInformation(database.history, database.timeZone()),
  'get-commit-revision-information': (database) => commitRevisionInformation(database.history, database.timeZone(), isDirty(database)),
  'get-rollback-information': getRollbackInformation,
  'get-rescue-information': getRescueInformation,
  'request-save-rescue-configuration': (database) => ((database.rescue = database.committed), OK),
  'request-delete-rescue-configuration': (database) => ((database.rescue = undefined), OK),
  'copy-config': leftOut,
  'delete-config': leftOut,
};

function leftOut(_database: Database, _editor: Editor, request: XmlElement): never {
  throw notSupported('operation', request.name);
}

function candidateOnly(request: XmlElement): void {
  if (child(child(request, 'target'), 'candidate') === undefined) throw invalid('only the candidate configuration can be locked', 'target');
}

function openConfiguration(database: Database, editor: Editor, request: XmlElement): string {
  const mode = request.children[0]?.name;
  const warning = rpcError({ severity: 'warning', message: DISCARDED_ON_EXIT });
  switch (mode) {
    case undefined:
      openShared(database, editor);
      return OK;
    case 'private':
      openPrivate(database, editor);
      return warning;
    case 'exclusive':
      lock(database, editor);
      return warning;
    default:
      throw notSupported(`${mode} configuration database`, mode);
  }
}

const FIRST_PID = 32_001;
const MOST_SESSIONS = 250;

/** A running management daemon with `options.initial` committed. Throws TypeError when that is refused. */
export function createMgd(options: MgdOptions): Mgd {
  const database = openDatabase(options);
  const operational = new Map<string, OperationalRpc>();
  const sessions = new Map<number, MgdSession>();
  let nextPid = FIRST_PID;
  const kill = (request: XmlElement, own: number): string => {
    const pid = Number(String(child(request, 'session-id')?.text ?? ''));
    const target = sessions.get(pid);
    if (pid === own || target === undefined) throw invalid('invalid session-id', 'session-id');
    target.close();
    options.onKill?.(pid);
    return OK;
  };
  return {
    openSession(user) {
      if (sessions.size >= MOST_SESSIONS) throw new RangeError('too many sessions');
      const pid = nextPid;
      nextPid += 1;
      const session = openSession({ database, operational, user, pid, kill, ended: () => sessions.delete(pid) });
      sessions.set(pid, session);
      return session;
    },
    committed: () => daemonView(database.committed, database.slot),
    otherSide: synchronizedSide(database),
    onCommit: (listener) => void database.listeners.push(listener),
    register: (more) => Object.entries(more).forEach(([name, rpc]) => operational.set(name, rpc)),
    close() {
      for (const end of database.closing) end();
      database.closing.clear();
      database.confirmation?.cancel();
      database.confirmation = undefined;
    },
  };
}

interface SessionSettings {
  readonly database: Database;
  readonly operational: ReadonlyMap<string, OperationalRpc>;
  readonly user: MgdUser;
  readonly pid: number;
  readonly kill: (request: XmlElement, own: number) => string;
  readonly ended: () => void;
}

function openSession(settings: SessionSettings): MgdSession {
  const { database, pid, user } = settings;
  const now = database.now();
  const editor: Editor = { pid, user, since: now, lastActivity: now, private: undefined, open: false, ended: false };
  database.editors.add(editor);
  let turn: Promise<unknown> = Promise.resolve();
  let waiting = 0;
  let isClosed = false;
  const session: MgdSession = {
    pid,
    user,
    execute(request) {
      waiting += 1;
      const reply = turn.then(() => answer(settings, editor, session, request)).finally(() => (waiting -= 1));
      turn = reply;
      return reply;
    },
    close() {
      if (isClosed) return;
      isClosed = true;
      settings.ended();
      // A commit that is under way is carried out, as a real mgd does when its client goes away.
      if (waiting === 0) endSession(database, editor);
      else turn = turn.then(() => endSession(database, editor));
    },
  };
  return session;
}

async function answer(settings: SessionSettings, editor: Editor, session: MgdSession, request: XmlElement): Promise<string> {
  const { database, operational } = settings;
  try {
    if (editor.ended) throw new Refusal('session is closed');
    editor.lastActivity = database.now();
    requirePermission(editor.user, request);
    if (request.name === 'close-session') return OK;
    if (request.name === 'kill-session') return settings.kill(request, editor.pid);
    const own = Object.hasOwn(RPCS, request.name) ? RPCS[request.name] : undefined;
    if (own !== undefined) return await own(database, editor, request);
    const other = operational.get(request.name);
    if (other !== undefined) return await other(request, session);
    throw new Refusal('syntax error, expecting <command>', { tag: 'operation-not-supported', badElement: request.name });
  } catch (error) {
    if (error instanceof Refusal) return rpcError(error.fault);
    return rpcError({ severity: 'error', type: 'application', message: `internal error: ${error instanceof Error ? error.message : 'unknown'}` });
  }
}
