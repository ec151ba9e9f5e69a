// Brings a link's routers from nothing to a MACsec link: which ends lack their connectivity association,
// which first key they get, and a commit that the router takes back by itself unless we can still reach
// it afterwards. The statements are junos/initial-configuration.ts. An end that gets no first key here is
// configured by the rotation together with its first KME key.

import { randomBytes } from 'node:crypto';
import { QkdError, asQkdError, isQkdError, within } from '../errors.ts';
import { type FirstKey, initialConfigurationDocument } from '../junos/initial-configuration.ts';
import { connectivityAssociation } from '../junos/macsec.ts';
import { fitToPlatform, platformIn } from '../junos/platforms.ts';
import { SYSTEM_INFORMATION_RPC } from '../junos/system.ts';
import { Secret } from '../secret.ts';
import type { XmlElement } from '../xml.ts';
import type { LocalTime } from '../junos/local-time.ts';
import { startTimeText } from '../junos/start-time.ts';
import type { Link } from '../inventory/inventory.ts';
import { cakBits, initialCkn } from './key-material.ts';
import { type LinkEndWork, commitLog } from './link-end.ts';
import type { ChangeResult } from './ports.ts';
import { asTheRouterTakesIt, startTimeFor } from './start-times.ts';

export type InitialResult =
  | { readonly state: 'present' | 'applied'; readonly difference: string }
  /** Left to the rotation: there is no first key but the KME's. */
  | { readonly state: 'needs-key' }
  | { readonly state: 'failed'; readonly error: QkdError };

/** How long the router may take to answer after its initial configuration, and how often it is asked; milliseconds. */
const ANSWER_WAIT = 60_000;
const ANSWER_POLL = 2_000;

/** Junos's shortest generate-event time-interval, in seconds. */
const SHORTEST_TIMER = 60;

/** Minutes until the router takes an unconfirmed initial configuration back. */
const CONFIRM_MINUTES = 5;

/** The initial configuration of one end, with its first key or, for an association that has one, without. */
export function initialDocument(work: LinkEndWork, key: FirstKey | undefined): XmlElement {
  const { device } = work.site;
  const kme = new URL(device.kme.endpoints[0]?.url ?? '');
  const { scriptUser, settings } = work.run;
  return initialConfigurationDocument({
    associations: [
      {
        name: work.link.connectivityAssociation,
        cipherSuite: work.link.cipherSuite,
        interfaces: work.own.interfaces,
        key,
        kme: { host: kme.hostname.replace(/^\[|\]$/g, ''), port: Number(kme.port || 443) },
      },
    ],
    hosts: work.hosts,
    rootEncryptedPassword: device.rootEncryptedPassword,
    eventPolicy: scriptUser === undefined ? undefined : { interval: Math.max(SHORTEST_TIMER, settings.rotation.interval), startTime: settings.eventOptions.startTime, scriptUser },
  });
}

/**
 * Applies the initial configuration to those ends (all of this process's ends of one link) that lack it;
 * with `always`, also to the others, without touching their keys. One result per end, in order. When one
 * end fails, no end of the link is confirmed, so that no end is left alone with a first key.
 */
export async function applyInitialConfiguration(ends: readonly LinkEndWork[], always: boolean): Promise<InitialResult[]> {
  return inTurn(ends, async () => {
    const present = await Promise.all(ends.map((end) => settled(async () => isPresent(end))));
    const key = firstKey(ends, present.every((p) => p === false));
    const unreachable = ends.filter((_, i) => present[i] instanceof QkdError).map((end) => end.site.device.name);
    const results = await Promise.all(ends.map((end, i) => applyTo(end, { present: present[i] ?? false, unreachable, key, always })));
    return confirmAll(ends, results);
  });
}

async function applyTo(end: LinkEndWork, plan: { present: boolean | QkdError; unreachable: readonly string[]; key: FirstKey | undefined; always: boolean }): Promise<InitialResult> {
  if (plan.present instanceof QkdError) return { state: 'failed', error: plan.present };
  // The other routing engine's to change; what is there is what it has synchronised.
  const leaveAlone = (plan.present && !plan.always) || (await end.site.router.isBackup());
  if (leaveAlone) return { state: 'present', difference: '' };
  if (!plan.present && plan.unreachable.length > 0) return { state: 'failed', error: notBegun(end, plan.unreachable) };
  // Before a key is drawn for it: what the platform does not have, or this login may not load, must not cost one at every tick.
  const document = await settled(() => fitted(end, initialDocument(end, plan.present ? undefined : plan.key)));
  if (document instanceof QkdError) return { state: 'failed', error: document };
  const dryRun = end.run.dryRun || (!plan.present && plan.key === undefined);
  const commit = async (local: LocalTime | undefined): Promise<ChangeResult> => {
    const timely = local === undefined || plan.present ? document : await fitted(end, initialDocument(end, inLocalTime(end, plan.key, local)));
    return end.site.router.change({ document: timely, log: commitLog(end, 'init'), confirmMinutes: CONFIRM_MINUTES, dryRun });
  };
  const result = await settled(() => mayChange(() => asTheRouterTakesIt(end, commit)));
  if (result instanceof QkdError) return { state: 'failed', error: result };
  return !plan.present && plan.key === undefined ? { state: 'needs-key' } : applied(result);
}

/** A router's own login has the rights of a rotation, which are fewer (junos-config/login-class.set). */
async function mayChange<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!isQkdError(error, 'permission-denied')) throw error;
    throw new QkdError(error.code, `initial configuration: ${error.message}`, { hint: 'run qkd-macsec --offbox init on the management host, as a user who may', cause: error });
  }
}

function applied(result: ChangeResult): InitialResult {
  return { state: result.changed ? 'applied' : 'present', difference: result.difference };
}

async function confirmAll(ends: readonly LinkEndWork[], results: readonly InitialResult[]): Promise<InitialResult[]> {
  const failed = ends.filter((_, i) => results[i]?.state === 'failed').map((end) => end.site.device.name);
  return Promise.all(
    ends.map(async (end, i): Promise<InitialResult> => {
      const result = results[i] as InitialResult;
      if (result.state !== 'applied' || end.run.dryRun) return result;
      if (failed.length > 0) return { state: 'failed', error: notConfirmed(end, failed) };
      const outcome = await settled(() => confirm(end));
      return outcome instanceof QkdError ? { state: 'failed', error: within('confirm the initial configuration', outcome) } : result;
    }),
  );
}

/** Without what the router's platform refuses, as the inventory or the router itself names it. Throws `link` for a cipher suite that it does not have. */
async function fitted(end: LinkEndWork, document: XmlElement): Promise<XmlElement> {
  const { device, router } = end.site;
  const family = device.platform ?? platformIn(await router.ask((session) => session.rpc(SYSTEM_INFORMATION_RPC))).family;
  try {
    return fitToPlatform(document, family);
  } catch (error) {
    throw within(`router ${device.name}`, error);
  }
}

/** MACsec on one end alone stops the traffic of the link. */
function notBegun(end: LinkEndWork, unreachable: readonly string[]): QkdError {
  return new QkdError('link', `router ${end.site.device.name}: initial configuration not begun, because ${unreachable.join(', ')} cannot be reached`, { hint: 'mend the other end and run again' });
}

function notConfirmed(end: LinkEndWork, failed: readonly string[]): QkdError {
  return new QkdError('link', `router ${end.site.device.name}: initial configuration not confirmed, because ${failed.join(', ')} failed`, {
    hint: `the router takes it back within ${CONFIRM_MINUTES} minutes; mend the other end and run again`,
  });
}

/** Commits an initial document at one end and confirms it; for a link whose first key came from the KME. */
export async function commitInitial(end: LinkEndWork, document: XmlElement): Promise<ChangeResult> {
  const result = await end.site.router.change({ document: await fitted(end, document), log: commitLog(end, 'init'), confirmMinutes: CONFIRM_MINUTES });
  if (result.changed) await confirm(end);
  return result;
}

/** A new session proves that the router can still be reached; only then is the commit made final. */
async function confirm(end: LinkEndWork): Promise<void> {
  const { router } = end.site;
  await answers(end);
  await router.confirmChange(commitLog(end, 'init confirmed'));
  end.run.log.write('NOTICE', 'init', 'initial configuration applied', { link: end.link.name, device: end.site.device.name });
}

/** Polls until the router answers over a new session; throws the last failure when it does not in time. */
async function answers(end: LinkEndWork): Promise<void> {
  const { router } = end.site;
  const { clock } = end.run;
  const until = clock.now() + ANSWER_WAIT;
  for (;;) {
    await router.renew();
    const outcome = await settled(() => router.ask((session) => session.rpc(SYSTEM_INFORMATION_RPC)));
    if (!(outcome instanceof QkdError)) return;
    if (clock.now() >= until) throw outcome;
    end.run.log.write('INFO', 'init', 'the router does not answer yet', { device: end.site.device.name, error: outcome.message });
    await clock.sleep(ANSWER_POLL);
  }
}

async function isPresent(end: LinkEndWork): Promise<boolean> {
  return connectivityAssociation(await end.site.router.configuration(), end.link.connectivityAssociation) !== undefined;
}

/** The inventory's key; else, when every end of the link is here and new, one made at random. */
function firstKey(ends: readonly LinkEndWork[], allNew: boolean): FirstKey | undefined {
  const link = ends[0]?.link;
  const [end] = ends;
  if (link === undefined || end === undefined) return undefined;
  if (link.initialKey !== undefined) return inMethod(link, link.initialKey.ckn, Secret.ofText(link.initialKey.cak.revealHex()));
  if (!allNew || ends.length !== 1 + link.slaves.length) return undefined;
  return inMethod(link, initialCkn(end), Secret.ofText(randomBytes(cakBits(link.cipherSuite) / 8).toString('hex')));
}

/** A first key's start time: long past, so that it is in use at once. */
const LONG_PAST = Date.UTC(2000, 0, 1);

/** The same key for a router that refuses zones in start times. */
function inLocalTime(end: LinkEndWork, key: FirstKey | undefined, local: LocalTime): FirstKey | undefined {
  if (key === undefined || !('keys' in key)) return key;
  return { ...key, keys: key.keys.map((one) => ({ ...one, startTime: startTimeFor(end, LONG_PAST, local) })) };
}

/** As a pre-shared key, or as the first key of a chain. */
function inMethod(link: Link, ckn: string, cak: Secret): FirstKey {
  if (link.method === 'pre-shared-key') return { ckn, cak };
  return { keyChain: link.keyChain, keys: [{ slot: 0, ckn, secret: cak, startTime: startTimeText(LONG_PAST) }] };
}

/** Holds every router of the ends, in one order for all links, so that two links cannot wait for each other. */
function inTurn<T>(ends: readonly LinkEndWork[], work: () => Promise<T>): Promise<T> {
  const routers = [...new Set(ends.map((end) => end.site.router))].sort((a, b) => a.name.localeCompare(b.name));
  return routers.reduceRight<() => Promise<T>>((next, router) => () => router.exclusive(next), work)();
}

async function settled<T>(work: () => Promise<T>): Promise<T | QkdError> {
  try {
    return await work();
  } catch (error) {
    return asQkdError('initial configuration', error);
  }
}
