// The commands run, init and rotate: one workflow with more or less of it switched on. Reads the inventory,
// takes the run lock, picks the links, works on them at the same time within bounds, prints what happened.

import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { QkdError, asQkdError, within } from '../errors.ts';
import type { Inventory } from '../inventory/inventory.ts';
import type { Log } from '../log.ts';
import { atMost } from '../workflow/at-most.ts';
import type { LinkEndWork, Run } from '../workflow/link-end.ts';
import type { LinkReport } from '../workflow/report.ts';
import { failed, runLink } from '../workflow/run-link.ts';
import type { Invocation } from './arguments.ts';
import { printError } from './command-line.ts';
import { openLog } from './log-files.ts';
import { isRouter } from './on-box.ts';
import { inventoryFor } from './inventory-file.ts';
import { jsonDocument, table } from './results.ts';
import { takeRunLock } from './run-lock.ts';
import { chosenDevices, chosenLinks, linkEnds, ownDevice } from './scope.ts';
import { type Sites, makeSites } from './sites.ts';
import type { World } from './world.ts';

type Mode = 'onbox' | 'offbox';

/**
 * Runs the command and prints its result. Resolves to the exit status; throws what kept it from working on
 * any link. With --json there is a document in every case.
 */
export async function runCommand(world: World, invocation: Invocation): Promise<number> {
  const mode = invocation.mode ?? (isRouter() ? 'onbox' : 'offbox');
  const startedAt = world.clock.now();
  const result = (links: readonly LinkReport[], error?: QkdError) => ({ command: invocation.command, mode, startedAt, finishedAt: world.clock.now(), links, error });
  try {
    const links = await lockedRun(world, invocation, { mode, startedAt });
    world.standardOutput(invocation.json ? jsonDocument(result(links)) : table(result(links)));
    const failures = links.filter((report) => report.error !== undefined);
    for (const { link, device, error } of failures) if (error) printError(world, within(`${link} on ${device}`, error));
    return failures.length > 0 ? 1 : 0;
  } catch (cause) {
    const error = asQkdError(invocation.command, cause);
    if (invocation.json) world.standardOutput(jsonDocument(result([], error)));
    throw error;
  }
}

async function lockedRun(world: World, invocation: Invocation, given: { mode: Mode; startedAt: number }): Promise<LinkReport[]> {
  const { mode, startedAt } = given;
  const inventory = inventoryFor(world, invocation, mode);
  const { log, files } = openLog({
    verbosity: invocation.verbosity,
    folder: inventory.paths.logs,
    file: mode === 'onbox',
    trace: invocation.trace,
    now: () => world.clock.now(),
    standardError: world.standardError,
  });
  const budget = runBudget(inventory);
  const release = takeRunLock({ file: join(inventory.paths.home, 'run.lock'), pid: world.pid, now: startedAt, longestRun: 2 * budget });
  try {
    const run = makeRun(world, invocation, { mode, inventory, startedAt, log });
    const links = await work(inventory, invocation, { mode, run, budget });
    for (const { link, device, error } of links) if (error) files.write('ERROR', 'run', error.message, { link, device, code: error.code });
    return links;
  } catch (cause) {
    const error = within('run', cause);
    files.write('ERROR', 'run', error.message, { code: error.code });
    throw cause;
  } finally {
    release();
  }
}

/** Milliseconds that a run may last: it must be over before the timer starts the next one. */
function runBudget(inventory: Inventory): number {
  return inventory.system.rotation.interval * 900;
}

function makeRun(world: World, invocation: Invocation, given: { mode: Mode; inventory: Inventory; startedAt: number; log: Log }): Run {
  const { system, login } = given.inventory;
  return {
    id: randomBytes(6).toString('hex'),
    startedAt: given.startedAt,
    settings: system,
    clock: world.clock,
    dryRun: invocation.dryRun,
    scriptUser: given.mode === 'onbox' ? login.username : undefined,
    log: given.log,
  };
}

async function work(inventory: Inventory, invocation: Invocation, given: { mode: Mode; run: Run; budget: number }): Promise<LinkReport[]> {
  const { mode, run } = given;
  const sites = mode === 'onbox' ? await onBoxSite(inventory, invocation, run) : makeSites(inventory, chosenDevices(inventory, invocation), { mode, run });
  try {
    const links = chosenLinks(inventory, invocation).map((link) => linkEnds(inventory, link, { run, sites }));
    const parallel = mode === 'onbox' ? Number.POSITIVE_INFINITY : Math.max(1, Math.floor((invocation.threads ?? inventory.system.maxThreads) / 2));
    run.log.write('INFO', 'run', 'started', { run: run.id, mode, node: process.version, platform: process.platform, links: links.length });
    const worked = links.filter((l) => l.length > 0);
    return (await atMost(parallel, worked, (l) => withinBudget(l, invocation, given))).flat();
  } finally {
    await sites.close();
  }
}

async function onBoxSite(inventory: Inventory, invocation: Invocation, run: Run): Promise<Sites> {
  const { device, opened } = await ownDevice(inventory, invocation, run.log);
  const sites = makeSites(inventory, [device], { mode: 'onbox', run });
  if (opened !== undefined) sites.byDevice.get(device.name)?.router.adopt(opened.session, opened.configuration);
  return sites;
}

/** The link's reports, or `deadline` for every end when the run's budget is spent first. */
async function withinBudget(link: readonly LinkEndWork[], invocation: Invocation, given: { run: Run; budget: number }): Promise<LinkReport[]> {
  const { run } = given;
  const stop = new AbortController();
  const late = run.clock.sleep(run.startedAt + given.budget - run.clock.now(), stop.signal).then(() => {
    const error = new QkdError('deadline', `run stopped after ${given.budget / 1000} s`, { hint: 'see the log for the step that took so long; the next run continues from the router\'s configuration' });
    return link.map((end) => failed(end, error));
  });
  try {
    return await Promise.race([runLink(link, invocation.command), late]);
  } finally {
    stop.abort();
    late.catch(() => undefined);
  }
}
