// commit-configuration, NETCONF commit and validate: check, merge of private candidates, confirmed commits
// with their automatic rollback, and replies in Junos's shapes (junos.md 3.3, 3.4).

import { child, textAt } from '../../xml.ts';
import type { XmlElement } from '../../xml.ts';
import { keepingUnchanged, sameConfiguration } from '../configuration/tree.ts';
import type { ConfigurationNode } from '../configuration/tree.ts';
import { mergeChanges } from '../configuration/three-way-merge.ts';
import { commitCheck } from './commit-check.ts';
import type { CheckFinding } from './commit-check.ts';
import { daemonView } from './database.ts';
import type { Database } from './database.ts';
import { discard, isDirty, requireUnlocked } from './editors.ts';
import type { Editor } from './editors.ts';
import type { SynchronizedCommit, SynchronizedSide } from './mgd.ts';
import { CHECK_OUT_FAILED, CONSTRAINT_CHECK_FAILED, DATABASE_MODIFIED, findingError, invalid, MANDATORY_MISSING, notSupported, Refusal, rpcError } from './texts.ts';

/** A commit, whichever RPC asked for it. */
interface CommitRequest {
  readonly check: boolean;
  /** On the other routing engine as well; `force`: whatever is uncommitted there. */
  readonly synchronize: 'no' | 'yes' | 'force';
  readonly log: string | undefined;
  /** Milliseconds until the automatic rollback. */
  readonly confirmWithin: number | undefined;
}

const DEFAULT_CONFIRM_MINUTES = 10;
const LONGEST_LOG = 512;

/** <commit-configuration>: confirm-timeout counts minutes. */
export async function commitConfiguration(database: Database, editor: Editor, request: XmlElement): Promise<string> {
  if (child(request, 'at-time') !== undefined) throw notSupported('commit at', 'at-time');
  const log = textAt(request, 'log');
  if (log !== undefined && log.length > LONGEST_LOG) throw invalid(`Length ${log.length} is not within range (1..${LONGEST_LOG})`, 'log');
  const outcome = await commit(database, editor, {
    check: child(request, 'check') !== undefined,
    synchronize: child(request, 'force-synchronize') !== undefined ? 'force' : child(request, 'synchronize') !== undefined ? 'yes' : 'no',
    log,
    confirmWithin: confirmWithin(request, 60_000, DEFAULT_CONFIRM_MINUTES, 65_535),
  });
  return `<commit-results>\n${outcome.texts}${outcome.results}</commit-results>\n${outcome.failed ? '' : '<ok/>\n'}`;
}

/** NETCONF <commit>: confirm-timeout counts seconds (RFC 6241 8.4). */
export async function netconfCommit(database: Database, editor: Editor, request: XmlElement): Promise<string> {
  const confirm = confirmWithin(request, 1000, DEFAULT_CONFIRM_MINUTES * 60, 65_535 * 60);
  const outcome = await commit(database, editor, { check: false, synchronize: 'no', log: undefined, confirmWithin: confirm });
  return outcome.failed ? outcome.texts : `${outcome.texts}<ok/>\n`;
}

/** NETCONF <validate> of the candidate. */
export async function validate(database: Database, editor: Editor, request: XmlElement): Promise<string> {
  if (child(child(request, 'source'), 'candidate') === undefined) throw invalid('only the candidate configuration can be validated', 'source');
  const outcome = await commit(database, editor, { check: true, synchronize: 'no', log: undefined, confirmWithin: undefined });
  return outcome.failed ? outcome.texts : `${outcome.texts}<ok/>\n`;
}

function confirmWithin(request: XmlElement, unit: number, byDefault: number, most: number): number | undefined {
  if (child(request, 'confirmed') === undefined) return undefined;
  const given = textAt(request, 'confirm-timeout');
  const value = given === undefined ? byDefault : Number(given);
  if (!Number.isInteger(value) || value < 1 || value > most) throw invalid(`Value ${given} is not within range (1..${most})`, 'confirm-timeout');
  return value * unit;
}

interface Outcome {
  readonly failed: boolean;
  /** The <rpc-error> elements. */
  readonly texts: string;
  /** The <routing-engine> elements. */
  readonly results: string;
}

/** Commits one after the other, each taking the router's commit delay. */
async function commit(database: Database, editor: Editor, request: CommitRequest): Promise<Outcome> {
  requireUnlocked(database, editor);
  const turn = database.commitTurn;
  let done = (): void => undefined;
  database.commitTurn = new Promise((resolve) => (done = resolve));
  try {
    await turn;
    await pause(database);
    requireUnlocked(database, editor);
    return decide(database, editor, request);
  } finally {
    done();
  }
}

/** The router's commit delay; refuses when the router is closed meanwhile. */
function pause(database: Database): Promise<void> {
  const milliseconds = database.options.commitDelay();
  if (milliseconds <= 0) return Promise.resolve();
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      database.closing.delete(close);
      resolve();
    }, milliseconds);
    const close = (): void => {
      clearTimeout(timer);
      reject(new Refusal('session is closed'));
    };
    database.closing.add(close);
  });
}

function decide(database: Database, editor: Editor, request: CommitRequest): Outcome {
  const { private: own } = editor;
  const wanted = own === undefined ? database.candidate : mergeChanges(own.base, own.candidate, database.committed);
  const next = keepingUnchanged(database.committed, wanted);
  const findings = commitCheck(next, database.options);
  const texts = findings.map((finding) => findingError(finding, 'application')).join('');
  if (findings.some((finding) => finding.severity === 'error')) return { failed: true, texts: texts + trailer(findings), results: '' };
  const confirms = database.confirmation !== undefined;
  const commit = { configuration: next, user: editor.user.name, log: request.log, confirmWithin: request.confirmWithin, force: request.synchronize === 'force' };
  const other = request.synchronize === 'no' ? undefined : database.options.otherEngine?.()?.otherSide;
  const refusal = other?.refusal(commit);
  if (refusal !== undefined) return { failed: true, texts: '', results: refusedElsewhere(database, refusal) };
  if (request.check) {
    settleConfirmation(database);
    other?.confirm();
    return { failed: false, texts, results: routingEngines(database, request, { loaded: false, both: other !== undefined }) };
  }
  other?.install(commit);
  if (sameConfiguration(next, database.committed) && !confirms) {
    afterNothing(database, editor);
    return { failed: false, texts: '', results: '' };
  }
  install(database, editor, commit);
  return { failed: false, texts, results: routingEngines(database, request, { loaded: own !== undefined, both: other !== undefined }) };
}

/** A candidate that says the same as what is committed is no change any more. */
function afterNothing(database: Database, editor: Editor): void {
  if (editor.private !== undefined) editor.private = { base: database.committed, candidate: database.committed };
  else discard(database);
}

function trailer(findings: readonly CheckFinding[]): string {
  const errors = findings.filter((finding) => finding.severity === 'error');
  const has = (kind: CheckFinding['kind']): boolean => errors.some((finding) => finding.kind === kind);
  const message = has('mandatory') ? MANDATORY_MISSING : has('constraint') ? CONSTRAINT_CHECK_FAILED : CHECK_OUT_FAILED;
  return rpcError({ severity: 'error', type: 'protocol', message });
}

function routingEngines({ slot }: Database, request: CommitRequest, { loaded, both }: { loaded: boolean; both: boolean }): string {
  const [own, other] = [`re${slot}`, `re${1 - slot}`];
  if (request.check) return engine(own, '<commit-check-success/>') + (both ? engine(other, '<commit-check-success/>') : '');
  return (loaded ? '<load-success/>\n' : '') + (both ? engine(own, '<commit-check-success/>') + engine(other, '<commit-success/>') : '') + engine(own, '<commit-success/>');
}

function engine(name: string, result: string): string {
  return `<routing-engine>\n<name>${name}</name>\n${result}\n</routing-engine>\n`;
}

/** Nothing is committed on either. */
function refusedElsewhere({ slot }: Database, refusal: string): string {
  const failed = rpcError({ severity: 'error', message: `remote commit-configuration failed on re${1 - slot}` });
  return engine(`re${slot}`, '<commit-check-success/>') + engine(`re${1 - slot}`, refusal) + engine(`re${slot}`, failed);
}

/** How a commit with synchronize on the other routing engine reaches this one. */
export function synchronizedSide(database: Database): SynchronizedSide {
  return {
    refusal: ({ configuration, force }) => {
      if (!force && (isDirty(database) || database.lockedBy !== undefined)) return rpcError({ severity: 'error', message: DATABASE_MODIFIED });
      const findings = commitCheck(configuration, database.options).filter((finding) => finding.severity === 'error');
      return findings.length === 0 ? undefined : findings.map((finding) => findingError(finding, 'application')).join('') + trailer(findings);
    },
    confirm: () => settleConfirmation(database),
    install: (commit) => {
      if (commit.force) discard(database);
      const differs = !sameConfiguration(commit.configuration, database.committed);
      if (differs || database.confirmation !== undefined) install(database, undefined, commit);
    },
  };
}

/** Without `editor`: a commit of the other routing engine. */
function install(database: Database, editor: Editor | undefined, { configuration: next, user, log, confirmWithin }: SynchronizedCommit): void {
  const before = database.committed;
  const target = database.confirmation?.target ?? before;
  settleConfirmation(database);
  const minutes = confirmWithin === undefined ? undefined : Math.ceil(confirmWithin / 60_000);
  replaceCommitted(database, next, editor);
  database.history.add({
    configuration: next, user, client: 'netconf', time: database.now(), log,
    comment: minutes === undefined ? undefined : `commit confirmed, rollback in ${minutes}mins`,
  });
  if (confirmWithin !== undefined) awaitConfirmation(database, target, confirmWithin);
  if (!sameConfiguration(before, next)) announce(database);
}

/** Sets the committed configuration and brings the candidates along. */
function replaceCommitted(database: Database, next: ConfigurationNode, editor: Editor | undefined): void {
  const before = database.committed;
  const shared = editor?.private === undefined ? next : mergeChanges(before, database.candidate, next);
  database.committed = next;
  database.candidate = sameConfiguration(shared, next) ? next : shared;
  if (database.candidate === next) database.changedBy = undefined;
  if (editor?.private !== undefined) editor.private = { base: next, candidate: next };
}

function announce(database: Database): void {
  const view = daemonView(database.committed, database.slot);
  for (const listener of database.listeners) listener(view);
}

/** Any later commit or commit check confirms. */
function settleConfirmation(database: Database): void {
  database.confirmation?.cancel();
  database.confirmation = undefined;
}

function awaitConfirmation(database: Database, target: ConfigurationNode, milliseconds: number): void {
  const after = database.options.after ?? unrefTimeout;
  const cancel = after(milliseconds, () => {
    database.confirmation = undefined;
    const before = database.committed;
    replaceCommitted(database, target, undefined);
    const comment = 'rollback of unconfirmed commit';
    database.history.add({ configuration: target, user: 'root', client: 'other', time: database.now(), log: undefined, comment });
    if (!sameConfiguration(before, target)) announce(database);
  });
  database.confirmation = { target, cancel };
}

/** A timer that does not keep the process alive, in pieces that setTimeout can count. */
function unrefTimeout(milliseconds: number, run: () => void): () => void {
  const step = Math.min(milliseconds, 0x7fff_ffff);
  let timer = setTimeout(next, step);
  timer.unref();
  let rest = milliseconds - step;
  function next(): void {
    if (rest <= 0) return run();
    const piece = Math.min(rest, 0x7fff_ffff);
    rest -= piece;
    timer = setTimeout(next, piece);
    timer.unref();
  }
  return () => clearTimeout(timer);
}
