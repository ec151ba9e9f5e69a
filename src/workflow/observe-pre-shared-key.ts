// Gathers what the planner of method pre-shared-key wants to know: the key in the configuration, the MKA
// session, this end's record and the other ends'. Two RPCs and, when the plan depends on it, one look at
// each other end's record.

import { QkdError, asQkdError, isQkdError } from '../errors.ts';
import { type ConnectivityAssociation, connectivityAssociation } from '../junos/macsec.ts';
import { type MkaSession, isSecuredOnPrimary } from '../junos/mka.ts';
import { checkRecordedLink } from '../keyids/record.ts';
import type { KeyIdRecord, RecordedLink } from '../keyids/record.ts';
import { keyIdOfPreSharedKeyCkn, sameCkn } from '../rotation/ckn.ts';
import type { CurrentKey, PreSharedKeyView, PublishedKeys } from '../rotation/pre-shared-key.ts';
import { keyIdOfKeyChainCkn, preSharedKeyCkn } from './key-material.ts';
import { type LinkEndWork, waitUntil } from './link-end.ts';

export interface PreSharedKeyObservation {
  readonly view: PreSharedKeyView;
  readonly association: ConnectivityAssociation | undefined;
  /** Why another end's record could not be read, the last one that failed. */
  readonly unreadable: QkdError | undefined;
  /** MKA sessions on the link's interfaces. */
  readonly sessions: readonly MkaSession[];
  /** What the master's record says of the link, at a slave that has just read it. */
  readonly masterEntry: RecordedLink | undefined;
}

/** Looks at the router and at the records once. Throws link when the configuration does not fit the inventory. */
export async function observePreSharedKey(work: LinkEndWork, before: { installed: boolean; sawBehind: boolean }): Promise<PreSharedKeyObservation> {
  const { installed } = before;
  const { router } = work.site;
  const configuration = await router.configuration();
  const association = checkedAssociation(connectivityAssociation(configuration, work.link.connectivityAssociation));
  const sessions = await linkSessions(work);
  const ownEntry = await work.site.ownRecord.link(work.link.name);
  const current = association?.preSharedCkn === undefined ? undefined : currentKey(work, association.preSharedCkn, ownEntry);
  const mka = mkaVerdict(sessions, current);
  const carriedOver = association?.preSharedCkn !== undefined && keyIdOfKeyChainCkn(work, association.preSharedCkn) !== undefined;
  const asksOthers = work.role === 'slave' || mka === 'not-live' || carriedOver;
  const unreadable: QkdError[] = [];
  const entries = new Map<string, RecordedLink>();
  const others = asksOthers && !installed ? await otherEnds(work, { unreadable, entries }) : new Map<string, PublishedKeys>();
  const view: PreSharedKeyView = {
    now: work.run.clock.now(),
    waitUntil: waitUntil(work.run),
    role: work.role,
    interval: work.run.settings.rotation.interval,
    poll: work.run.settings.rotation.poll,
    current,
    mka,
    isSuspended: sessions.some((session) => session.suspendedSeconds > 0),
    own: published(ownEntry, undefined),
    others,
    sawBehind: before.sawBehind || (work.role === 'master' && isBehind(others, current)),
    isRepairRun: work.run.heardCkn !== undefined,
    installed,
  };
  const masterEntry = work.role === 'slave' ? entries.get(work.link.master.device) : undefined;
  return { view, association, unreadable: unreadable.at(-1), sessions, masterEntry };
}

/** MKA sessions of the link's interfaces; a router that cannot show any (no licence, no MACsec) has none. */
export async function linkSessions(work: LinkEndWork): Promise<MkaSession[]> {
  try {
    return (await work.site.router.mka()).filter((s) => work.own.interfaces.includes(s.interfaceName));
  } catch (error) {
    if (!isQkdError(error, 'rpc-error', 'permission-denied')) throw error;
    work.run.log.write('WARNING', 'mka', 'the router does not show its MKA sessions', { device: work.site.device.name, error: error.message });
    return [];
  }
}

/** Some other end says that it has another key than the present one. */
function isBehind(others: ReadonlyMap<string, PublishedKeys>, current: CurrentKey | undefined): boolean {
  const keyId = current?.keyId?.toLowerCase();
  return keyId !== undefined && [...others.values()].some((end) => end.newest !== undefined && end.newest.toLowerCase() !== keyId);
}

function mkaVerdict(sessions: readonly MkaSession[], current: CurrentKey | undefined): PreSharedKeyView['mka'] {
  if (sessions.length === 0 || current === undefined) return 'absent';
  const live = sessions.every((s) => isSecuredOnPrimary(s) && s.cakName !== undefined && sameCkn(s.cakName, current.ckn));
  return live ? 'live' : 'not-live';
}

function currentKey(work: LinkEndWork, ckn: string, entry: RecordedLink | undefined): CurrentKey {
  // The record keeps the KME's spelling and key_IDs that a CKN cannot carry; the CKN decides what counts.
  const recorded = entry?.keys.find((key) => !key.refused && preSharedKeyCkn(work.link, key.key_ID) === ckn);
  return { ckn, keyId: recorded?.key_ID ?? keyIdOfPreSharedKeyCkn(ckn, work.link.cknPrefix) ?? keyIdOfKeyChainCkn(work, ckn) };
}

function checkedAssociation(association: ConnectivityAssociation | undefined): ConnectivityAssociation | undefined {
  if (association === undefined) return undefined;
  const wrong = (what: string, hint: string): QkdError => new QkdError('link', `connectivity association ${association.name} ${what}`, { hint });
  if (association.inactive) throw wrong('is deactivated on the router', 'activate it, or take the link out of the inventory');
  if (association.keyChain !== undefined) throw wrong(`uses key chain ${association.keyChain}, the inventory says pre-shared-key`, 'make the inventory and the router agree on the method');
  if (association.securityMode !== undefined && association.securityMode !== 'static-cak') throw wrong(`has security-mode ${association.securityMode}`, 'this program rotates static-cak associations only');
  return association;
}

/** What reading the other ends' records brings beside their keys. */
interface Readings {
  readonly unreadable: QkdError[];
  readonly entries: Map<string, RecordedLink>;
}

async function otherEnds(work: LinkEndWork, readings: Readings): Promise<Map<string, PublishedKeys>> {
  const names = work.role === 'slave' ? [work.link.master.device] : work.link.slaves.map((end) => end.device);
  return new Map(await Promise.all(names.map(async (name) => [name, await otherEnd(work, name, readings)] as const)));
}

async function otherEnd(work: LinkEndWork, name: string, { unreadable, entries }: Readings): Promise<PublishedKeys> {
  try {
    const record = await work.site.records.read(name);
    if (record === undefined) return published(undefined, undefined);
    const entry = linkOf(work, record);
    if (entry !== undefined) entries.set(name, entry);
    return published(entry, bareKeyId(record), work.run.clock.now() + work.run.settings.rotation.maxClockDifference * 1000);
  } catch (cause) {
    const error = asQkdError(`record of ${name}`, cause);
    unreadable.push(error);
    work.run.log.write('WARNING', 'record', error.message, { link: work.link.name });
    return { ...published(undefined, undefined), unreadable: error.message };
  }
}

function linkOf(work: LinkEndWork, record: KeyIdRecord): RecordedLink | undefined {
  const expected = { name: work.link.name, role: work.role === 'master' ? 'slave' : 'master', masterSae: work.masterSae, slaveSaes: work.slaveSaes } as const;
  return checkRecordedLink(record, expected);
}

/** A record that the original script wrote names one key and no link: it serves the one link it knows. */
function bareKeyId(record: KeyIdRecord): string | undefined {
  return Object.keys(record.links).length === 0 ? record.newest : undefined;
}

/** `until`: keys that start later are an end's plans on its key chain, not yet its key (milliseconds since 1970 UTC). */
function published(entry: RecordedLink | undefined, bare: string | undefined, until = Number.POSITIVE_INFINITY): PublishedKeys {
  const newest = entry?.keys.filter((key) => !key.refused && Date.parse(key.start_time) <= until).at(-1);
  return {
    newest: newest?.key_ID ?? bare,
    since: newest === undefined ? undefined : Date.parse(newest.start_time),
    refused: entry?.keys.filter((key) => key.refused).map((key) => key.key_ID) ?? [],
    method: entry?.method,
    unreadable: undefined,
  };
}
