// The commands run, init and rotate: one workflow with more or less of it switched on. Reads the inventory,
// takes the run lock, picks the links, works on them at the same time within bounds, prints what happened.

import { randomBytes } from 'node:crypto';
import { type QkdError, asQkdError, within } from '../errors.ts';
import type { Inventory } from '../inventory/inventory.ts';
import type { Log } from '../log.ts';
import { isOwnDevice } from '../inventory/shard.ts';
import type { Profile } from '../profile.ts';
import { NOT_BEGUN, STOPPED, workOnLinks } from '../workflow/fleet.ts';
import type { Run } from '../workflow/link-end.ts';
import type { LinkReport } from '../workflow/report.ts';
import type { Command } from '../workflow/run-link.ts';
import type { RunWitness } from '../workflow/witness.ts';
import { afterRun } from './after-run.ts';
import { Alarms } from './alarms.ts';
import type { Invocation } from './arguments.ts';
import { type CertificateOutcome, certificatesWhenDue } from './certificates-when-due.ts';
import { printError } from './command-line.ts';
import { openLog } from './log-files.ts';
import { isRouter } from './on-box.ts';
import { inventoryFor } from './inventory-file.ts';
import { offBoxLinks, onBoxLinks } from './link-work.ts';
import { failures, jsonDocument, table } from './results.ts';
import { takeTurn } from './run-turn.ts';
import { RunWatch } from './run-watch.ts';
import { partOf } from './scope.ts';
import type { Sites } from './sites.ts';
import { endedBy } from './stopping.ts';
import { tellUnseen } from './syslog.ts';
import type { World } from './world.ts';

type Mode = 'onbox' | 'offbox';

/** An invocation of one of the commands of this file. */
type RunInvocation = Invocation & { readonly command: Command };

/**
 * Runs the command and prints its result. Resolves to the exit status; throws what kept it from working on
 * any link. With --json there is a document in every case.
 */
export async function runCommand(world: World, invocation: RunInvocation): Promise<number> {
  const mode = invocation.mode ?? (isRouter() ? 'onbox' : 'offbox');
  const startedAt = world.clock.now();
  const certificates: CertificateOutcome[] | undefined = invocation.command === 'run' ? [] : undefined;
  const result = (links: readonly LinkReport[], error?: QkdError) => ({ command: invocation.command, mode, startedAt, finishedAt: world.clock.now(), links, certificates, error });
  try {
    const links = await lockedRun(world, invocation, { mode, startedAt, certificates });
    world.standardOutput(invocation.json ? jsonDocument(result(links)) : table(result(links)));
    const failed = failures(links);
    for (const { where, error } of failed) printError(world, within(where, error));
    if (world.stopping?.aborted === true) printError(world, endedBy(world.stopping, whatIsLeft(links)));
    return failed.length > 0 ? 1 : 0;
  } catch (cause) {
    const error = asQkdError(invocation.command, cause);
    if (mode === 'onbox' && error.code === 'inventory') await tellUnseen(world, error);
    if (invocation.json) world.standardOutput(jsonDocument(result([], error)));
    throw error;
  }
}

/** Of a run that was stopped. */
function whatIsLeft(links: readonly LinkReport[]): string {
  const count = (text: string): number => new Set(links.filter((report) => report.reason.startsWith(text)).map(({ link }) => link)).size;
  const all = new Set(links.map(({ link }) => link)).size;
  return `${count(NOT_BEGUN)} of ${all} links not begun, ${count(STOPPED)} cut short`;
}

async function lockedRun(world: World, invocation: RunInvocation, given: { mode: Mode; startedAt: number; certificates: CertificateOutcome[] | undefined }): Promise<LinkReport[]> {
  const { mode, startedAt } = given;
  const whole = inventoryFor(world, invocation, mode);
  const inventory = partOf(whole, invocation, mode);
  const watch = new RunWatch(world, invocation, mode);
  const { log, files } = openLog({
    verbosity: invocation.verbosity,
    folder: inventory.paths.logs,
    file: mode === 'onbox',
    trace: invocation.trace,
    now: () => world.clock.now(),
    standardError: watch.say,
  });
  const budget = runBudget(inventory);
  const release = await takeTurn(world, invocation, { mode, inventory, startedAt, budget, log, files });
  const alarms = new Alarms({ inventory, mode, log, now: () => world.clock.now() });
  const run = makeRun(world, invocation, { mode, inventory, startedAt, log, witness: watch.with(alarms), profile: watch.profile });
  try {
    const renews = (device: string): boolean => invocation.shard === undefined || isOwnDevice(whole, device, invocation.shard);
    const links = await work(world, invocation, { mode, inventory, run, budget, watch, certificates: given.certificates, renews });
    for (const { link, device, error } of links) if (error) files.write('ERROR', 'run', error.message, { link, device, code: error.code });
    await afterRun(inventory, { run, command: invocation.command, alarms, links });
    return links;
  } catch (cause) {
    const error = within('run', cause);
    files.write('ERROR', 'run', error.message, { code: error.code });
    await afterRun(inventory, { run, command: invocation.command, alarms, links: [], error });
    throw cause;
  } finally {
    release();
  }
}

/** Milliseconds that a run may last: it must be over before the timer starts the next one. */
function runBudget(inventory: Inventory): number {
  return inventory.system.rotation.interval * 900;
}

function makeRun(world: World, invocation: RunInvocation, given: { mode: Mode; inventory: Inventory; startedAt: number; log: Log; witness: RunWitness; profile: Profile }): Run {
  const { system, login } = given.inventory;
  return {
    id: randomBytes(6).toString('hex'),
    startedAt: given.startedAt,
    settings: system,
    clock: world.clock,
    dryRun: invocation.dryRun,
    heardCkn: invocation.heardCkn,
    scriptUser: given.mode === 'onbox' ? login.username : undefined,
    log: given.log,
    witness: given.witness,
    profile: given.profile,
  };
}

interface Work {
  readonly mode: Mode;
  readonly inventory: Inventory;
  readonly run: Run;
  readonly budget: number;
  readonly watch: RunWatch;
  /** Filled in with what became of them; undefined: the command leaves them alone. */
  readonly certificates: CertificateOutcome[] | undefined;
  /** Of the parts of a fleet, one looks after the certificate of each router. */
  readonly renews: (device: string) => boolean;
}

async function work(world: World, invocation: RunInvocation, given: Work): Promise<LinkReport[]> {
  const { mode, inventory, run, budget, watch } = given;
  let [sites, reports]: [Sites | undefined, LinkReport[] | undefined] = [undefined, undefined];
  try {
    const prepared = mode === 'onbox' ? await onBoxLinks(world, inventory, invocation, run) : offBoxLinks(world, inventory, invocation, run);
    sites = prepared.sites;
    const { links, admission } = prepared;
    run.log.write('INFO', 'run', 'started', { run: run.id, mode, node: process.version, platform: process.platform, links: links.length });
    const shown = watch.begin(links);
    const stopped = (): void => watch.say('stopping: what is under way comes to its end; once more stops at once');
    world.stopping?.addEventListener('abort', stopped, { once: true });
    reports = await workOnLinks(links, {
      run,
      command: invocation.command,
      budget,
      stopping: world.stopping,
      admission,
      prepare: given.certificates === undefined ? undefined : certificates(given, sites, given.certificates),
      onBegun: (link) => shown.linkBegun(link[0]?.link.name ?? '', link.map((end) => end.site.device.name)),
      onEnded: (ended) => shown.linkEnded(ended),
      giveUp: prepared.sites.giveUp,
    });
    return reports;
  } finally {
    watch.end();
    await sites?.close();
    await watch.write(inventory, { startedAt: run.startedAt, reports: reports ?? [], failed: reports === undefined, sites });
  }
}

/** The certificates of a router come before its links, in the first half of the run. */
function certificates(given: Work, sites: Sites, outcomes: CertificateOutcome[]): (device: string) => Promise<void> {
  const { mode, inventory, run, budget, watch } = given;
  const whenDue = certificatesWhenDue({ inventory, mode, run, until: run.startedAt + budget / 2, site: (device) => sites.byDevice.get(device), warn: watch.say });
  return async (name) => {
    const device = inventory.devices.get(name);
    if (device === undefined || !given.renews(name) || outcomes.some((one) => one.device === name)) return;
    const outcome = await whenDue(device);
    if (!outcomes.includes(outcome)) outcomes.push(outcome);
  };
}
