// The command status: is it working? Looks at every chosen link end at the same time, within bounds, and says
// what is in use, what comes next and what is wrong, the worst first. It takes no lock, draws no key and
// changes nothing; what it cannot see it says so.

import { join } from 'node:path';
import { asQkdError } from '../errors.ts';
import { grouped } from '../grouped.ts';
import { endSubject } from '../rotation/conditions.ts';
import { atMost } from '../workflow/at-most.ts';
import { type EndStatus, endStatus } from '../workflow/status/end-status.ts';
import { type Problem, problemsOf, stateOf } from '../workflow/status/problems.ts';
import { readWatches } from './alarm-file.ts';
import type { Invocation } from './arguments.ts';
import { certificateEnd } from './certificate-end.ts';
import type { LastEndRun } from './last-run.ts';
import { type Look, modeOf, withLook } from './look.ts';
import { lastRunIn } from './run-homes.ts';
import { type LockHolder, lockHolder } from './run-lock.ts';
import { statusDocument } from './status-document.ts';
import { statusScreen } from './status-screen.ts';
import type { World } from './world.ts';

/** One link end with all that is said about it. */
export interface EndReport {
  readonly status: EndStatus;
  readonly state: 'fault' | 'attention' | 'ok';
  readonly problems: readonly Problem[];
  /** Alarms that earlier runs raised and that have not cleared. */
  readonly alarms: readonly string[];
  readonly lastRun: LastEndRun | undefined;
  /** Milliseconds by which other ends' clocks are ahead of this one's, where both routers were asked. */
  readonly clocks: ReadonlyMap<string, number>;
  /** Other ends that have the newest key, by their record or by their own configuration. */
  readonly heldBy: readonly string[];
}

export interface StatusReport {
  readonly mode: 'onbox' | 'offbox';
  readonly now: number;
  /** Worst first. */
  readonly ends: readonly EndReport[];
  readonly lock: { readonly holder: LockHolder; readonly overdue: boolean } | undefined;
  /** What kept the last run from working on any link. */
  readonly runError: { readonly at: string; readonly message: string; readonly hint: string | null } | undefined;
}

/** Runs the command. Resolves to the exit status: 1 when anything needs attention. With --json there is a document in every case. */
export async function statusCommand(world: World, invocation: Invocation): Promise<number> {
  const print = (text: string): void => world.standardOutput(text);
  try {
    const report = await withLook(world, invocation, (look) => statusReport(world, look));
    print(invocation.json ? statusDocument(report) : statusScreen(report, { colours: mayColour(world), width: world.outputIsTerminal === true ? world.terminal?.columns() : undefined }));
    return needsAttention(report) ? 1 : 0;
  } catch (cause) {
    const error = asQkdError('status', cause);
    if (invocation.json) print(statusDocument({ mode: modeOf(invocation), now: world.clock.now(), ends: [], lock: undefined, runError: undefined }, error));
    throw error;
  }
}

/** no-color.org: any value but the empty one forbids colours. */
export function mayColour({ outputIsTerminal, environment }: World): boolean {
  return outputIsTerminal === true && (environment['NO_COLOR'] ?? '') === '' && environment['TERM'] !== 'dumb';
}

export function needsAttention({ ends, lock, runError }: StatusReport): boolean {
  return ends.some(({ state }) => state !== 'ok') || lock?.overdue === true || runError !== undefined;
}

async function statusReport(world: World, look: Look): Promise<StatusReport> {
  const { inventory, mode, homes } = look;
  const limits = inventory.system.alarms;
  const statuses = await atMost(look.parallel, look.ends, (work) => endStatus(work, { certificate: certificateEnd(work.site.device), limits }));
  const now = world.clock.now();
  const lastRun = lastRunIn(homes);
  // Each end has little to do with most of a fleet: what concerns it is found by name.
  const stories = grouped(lastRun?.ends ?? [], ({ link, device }) => endSubject(link, device));
  const watchesOf = grouped(homes.flatMap(readWatches), ({ subject }) => subject);
  const byLink = grouped(statuses, ({ link }) => link);
  const ends = statuses.map((status): EndReport => {
    const subject = endSubject(status.link, status.device);
    const [story] = stories.get(subject) ?? [];
    const watches = [status.device, subject].flatMap((one) => watchesOf.get(one) ?? []);
    const linked = byLink.get(status.link) ?? [];
    const clocks = clockDifferences(status, linked);
    const problems = [
      ...problemsOf(status, { at: story && Date.parse(story.at), error: story?.error ?? null }, { now, watches, isOnBox: mode === 'onbox' }),
      ...(status.verdicts.some(({ name, condition }) => name === 'clock' && condition !== undefined) ? [] : clockProblems(clocks, inventory.system.rotation.maxClockDifference)),
    ];
    const alarms = [...new Set(watches.filter(({ raised }) => raised).map(({ name }) => name))];
    return { status, state: stateOf(problems), problems, alarms, lastRun: story, clocks, heldBy: heldBy(status, linked) };
  });
  const error = lastRun?.error ?? null;
  return { mode, now, ends: ends.sort(byTrouble), lock: lockState(look, now), runError: lastRun === undefined || error === null ? undefined : { ...error, at: lastRun.at } };
}

const RANK = { fault: 0, attention: 1, ok: 2 } as const;

function byTrouble(a: EndReport, b: EndReport): number {
  return RANK[a.state] - RANK[b.state];
}

/** `linked`: the ends of the same link. */
function heldBy(status: EndStatus, linked: readonly EndStatus[]): string[] {
  if (!('observation' in status.sight)) return [];
  const { next, key, confirmedBy } = status.sight;
  const newest = next?.ckn ?? key?.ckn;
  const seen = linked.filter(({ device, sight }) => device !== status.device && 'observation' in sight && newest !== undefined && sight.ckns.includes(newest));
  return [...new Set([...confirmedBy, ...seen.map(({ device }) => device)])];
}

/** Both clocks against this program's, so that they can be compared with each other. */
function clockDifferences(status: EndStatus, linked: readonly EndStatus[]): Map<string, number> {
  const ahead = ({ sight }: EndStatus): number | undefined => ('observation' in sight ? sight.observation.clock.routerAhead : undefined);
  const own = ahead(status);
  const found = new Map<string, number>();
  for (const other of linked) {
    const theirs = ahead(other);
    if (other.device !== status.device && own !== undefined && theirs !== undefined) found.set(other.device, theirs - own);
  }
  return found;
}

/** A second is the resolution of a router's clock over NETCONF. */
function clockProblems(clocks: ReadonlyMap<string, number>, limit: number): Problem[] {
  return [...clocks]
    .filter(([, ahead]) => Math.abs(ahead) > limit * 1000)
    .map(([device, ahead]) => ({ severity: 'attention', text: `the clock of ${device} is ${Math.abs(ahead / 1000).toFixed(1)} s ${ahead > 0 ? 'ahead' : 'behind'}; ${limit} s are allowed`, hint: 'check NTP on all routers of the link: show system uptime' }));
}

/** Of several parts of a fleet, one that is overdue comes first. */
function lockState({ inventory, homes }: Look, now: number): StatusReport['lock'] {
  const budget = inventory.system.rotation.interval * 900;
  const holders = homes.flatMap((home) => lockHolder({ file: join(home, 'run.lock'), now, longestRun: 2 * budget }) ?? []);
  const locks = holders.map((holder) => ({ holder, overdue: now - Date.parse(holder.started_at) > budget }));
  return locks.find(({ overdue }) => overdue) ?? locks[0];
}
