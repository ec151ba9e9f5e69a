// Many links in one run: begins them in order as room allows (link-admission.ts), works on all ends of a link at the
// same time, ends each within the run's budget, and gives a router up when its last link is done. When the run is to
// stop, no link begins any more; those under way get a grace to finish, and a commit is never abandoned.

import { setMaxListeners } from 'node:events';
import { QkdError } from '../errors.ts';
import { noProfile } from '../profile.ts';
import { type LinkEndWork, type Run, identity } from './link-end.ts';
import type { LinkAdmission } from './link-admission.ts';
import { StoppedWaiting } from './meeting.ts';
import type { LinkReport } from './report.ts';
import type { Router } from './router.ts';
import { type Command, failed, runLink } from './run-link.ts';

/** Milliseconds that links under way have once the run is to stop, and that a commit has beyond it. */
const GRACE = 20_000;

/** Why a timer is not needed any more; made once, with its stack. */
const OVER = new Error('over');

/** How the reasons of a run that was stopped begin. */
export const NOT_BEGUN = 'not begun';
export const STOPPED = 'stopped';

/** One link with this process's ends. */
export type LinkWork = readonly LinkEndWork[];

export interface Fleet {
  readonly run: Run;
  readonly command: Command;
  /** Milliseconds from the run's start until it must be over. */
  readonly budget: number;
  /** Aborts when the run is to stop. */
  readonly stopping: AbortSignal | undefined;
  /** Undefined: every link begins at once. */
  readonly admission: LinkAdmission | undefined;
  /** What comes before the links of a router, once; never rejects. */
  readonly prepare?: ((device: string) => Promise<void>) | undefined;
  readonly onBegun?: (link: LinkWork) => void;
  readonly onEnded?: (reports: readonly LinkReport[]) => void;
  /** Nothing more is asked of this router. */
  readonly giveUp: (device: string) => Promise<void>;
}

/** Works on every link. The reports in the links' order, one for each end; never rejects. */
export async function workOnLinks(links: readonly LinkWork[], fleet: Fleet): Promise<LinkReport[]> {
  const { admission, stopping } = fleet;
  const left = linksLeft(links);
  const reports: Promise<readonly LinkReport[]>[] = [];
  const letGo = (): void => admission?.open();
  // Every link and every wait listens.
  if (stopping !== undefined) setMaxListeners(0, stopping);
  stopping?.addEventListener('abort', letGo);
  for (const link of links) {
    if (mayBegin(fleet)) await admission?.begin(routersOf(link));
    else admission?.pass(routersOf(link));
    reports.push(toItsEnd(link, fleet, left));
  }
  const all = (await Promise.all(reports)).flat();
  stopping?.removeEventListener('abort', letGo);
  return all;
}

/** One link that has been admitted, and what follows from its end. */
async function toItsEnd(link: LinkWork, fleet: Fleet, left: LinksLeft): Promise<readonly LinkReport[]> {
  const routers = routersOf(link);
  const reports = mayBegin(fleet) ? await workOn(link, fleet) : notBegun(link, fleet);
  fleet.admission?.end(routers);
  fleet.onEnded?.(reports);
  await Promise.all(routers.filter((router) => left.isLast(router)).map((router) => fleet.giveUp(router)));
  return reports;
}

function routersOf(link: LinkWork): string[] {
  return link.map((end) => end.site.device.name);
}

interface LinksLeft {
  /** One more of the router's links is done: was it the last? */
  isLast(router: string): boolean;
}

function linksLeft(links: readonly LinkWork[]): LinksLeft {
  const left = new Map<string, number>();
  for (const router of links.flatMap(routersOf)) left.set(router, (left.get(router) ?? 0) + 1);
  return {
    isLast: (router) => {
      const rest = (left.get(router) ?? 1) - 1;
      left.set(router, rest);
      return rest === 0;
    },
  };
}

function mayBegin({ run, budget, stopping }: Fleet): boolean {
  return stopping?.aborted !== true && run.clock.now() < run.startedAt + budget;
}

function notBegun(link: LinkWork, { budget, stopping }: Fleet): LinkReport[] {
  if (stopping?.aborted === true) return link.map((end) => ({ ...identity(end), outcome: 'waiting', reason: `${NOT_BEGUN}: the run was stopped` }));
  const error = new QkdError('deadline', `${NOT_BEGUN}: the run's ${budget / 1000} s were over`, { hint: 'raise system.max_threads, or share the links out with --shard' });
  return link.map((end) => failed(end, error));
}

async function workOn(link: LinkWork, fleet: Fleet): Promise<readonly LinkReport[]> {
  fleet.onBegun?.(link);
  const from = performance.now();
  const reports = await (fleet.run.profile ?? noProfile).measure('link', { link: link[0]?.link.name }, () => withinBounds(link, fleet));
  const seconds = Math.round(performance.now() - from) / 1000;
  const drawn = (device: string) => link.find((end) => end.role === 'master' && end.site.device.name === device)?.drawn.list();
  return reports.map((report) => ({ ...stopped(report), seconds, drawn: drawn(report.device) }));
}

/** An end that was told to stop while it waited has not failed. */
function stopped(report: LinkReport): LinkReport {
  if (!(report.error instanceof StoppedWaiting)) return report;
  const { error, ...rest } = report;
  return { ...rest, outcome: 'waiting', reason: error.message };
}

/** The link's reports, or `deadline` for every end when the run's budget, or the grace of a stop, is spent first. */
async function withinBounds(link: LinkWork, fleet: Fleet): Promise<readonly LinkReport[]> {
  const { run, budget, stopping } = fleet;
  const over = new AbortController();
  const budgetSpent = run.clock.sleep(run.startedAt + budget - run.clock.now(), over.signal).then(() => {
    const hint = "see the log for the step that took so long; the next run continues from the router's configuration";
    return new QkdError('deadline', `run stopped after ${budget / 1000} s`, { hint });
  });
  const graceSpent = aborted(stopping, over.signal).then(async () => {
    await run.clock.sleep(GRACE, over.signal);
    return new QkdError('deadline', `${STOPPED}: not finished within ${GRACE / 1000} s`, { hint: "run again: the next run continues from the router's configuration" });
  });
  try {
    const result = await Promise.race([prepared(link, fleet), budgetSpent, graceSpent]);
    return result instanceof QkdError ? await cutShort(link, run, result) : result;
  } finally {
    over.abort(OVER);
    for (const timer of [budgetSpent, graceSpent]) timer.catch(() => undefined);
  }
}

async function prepared(link: LinkWork, { command, prepare }: Fleet): Promise<LinkReport[]> {
  if (prepare !== undefined) await Promise.all(routersOf(link).map(prepare));
  return runLink(link, command);
}

/** Changes under way may end; none begins. */
async function cutShort(link: LinkWork, run: Run, { code, message, hint }: QkdError): Promise<LinkReport[]> {
  const error = new QkdError(code, `${message}${underWay(link)}`, { hint });
  const over = new AbortController();
  const late = run.clock.sleep(GRACE, over.signal).catch(() => undefined);
  await Promise.race([Promise.all(link.map((end) => end.site.router.endChanges())), late]);
  over.abort(OVER);
  return link.map((end) => failed(end, error));
}

/** What the link's routers are busy with, as the end of a sentence: the other ends wait for them. */
export function underWay(link: readonly { readonly site: { readonly router: Pick<Router, 'name' | 'underWay'> } }[]): string {
  const busy = link.flatMap(({ site: { router } }) => (router.underWay === undefined ? [] : [`${router.underWay} of router ${router.name}`]));
  return busy.length === 0 ? '' : `, with ${busy.join(' and ')} under way`;
}

/** Resolves when `signal` aborts; rejects when `over` does. */
function aborted(signal: AbortSignal | undefined, over: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    over.addEventListener('abort', () => reject(over.reason as Error), { once: true });
    if (signal?.aborted === true) resolve();
    else signal?.addEventListener('abort', () => resolve(), { once: true, signal: over });
  });
}
