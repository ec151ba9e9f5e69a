// Gathers what the planner of method key-chain decides on (rotation/observation.ts): one read of the
// configuration, one of the MKA sessions, the router's clock once a run, and the records of the other ends.

import { QkdError, asQkdError, isQkdError } from '../errors.ts';
import { keyChainKeys } from '../junos/key-chains.ts';
import { localTime } from '../junos/local-time.ts';
import { type ConnectivityAssociation, connectivityAssociation } from '../junos/macsec.ts';
import type { MkaSession } from '../junos/mka.ts';
import { type RecordedLink, checkRecordedLink } from '../keyids/record.ts';
import { keyIdHex, keyIdOfPreSharedKeyCkn, sameCkn } from '../rotation/ckn.ts';
import { type OwnKey, entryOf, keyChainAt } from '../rotation/key-chain.ts';
import type { ChainKey, MkaState, Observation, OtherEnd, OwnConfiguration, RecordView, RunSoFar, Unreadable } from '../rotation/observation.ts';
import { asksForInterface } from '../rotation/repair.ts';
import { type Readings, keyDrawnSince, otherEnd, recordView, withReading } from '../rotation/record-reading.ts';
import { initialCkn, keyChainCkn, keyIdOfKeyChainCkn } from './key-material.ts';
import { type LinkEndWork, stepsEnd } from './link-end.ts';
import { targetKmes } from './link-keys.ts';
import type { ClockReading } from './router.ts';
import type { XmlElement } from '../xml.ts';

/** What one run remembers between two looks at a link. */
export interface KeyChainMemory {
  readonly soFar: Omit<RunSoFar, 'startedAt' | 'budgetEnd'>;
  readonly readings: Map<string, Readings>;
  /** key_IDs as the KME spells them, by what stands in for them (standInFor). */
  readonly spellings: Map<string, string>;
  /** Where a key can be fetched, by key_ID as the master's record spells it. */
  readonly kmes: Map<string, readonly string[] | undefined>;
  /** Devices whose record was reached and cannot be used: refused by name, which no later look mends. */
  readonly unusable: Map<string, QkdError>;
  /** See MkaState.seenLive. */
  readonly seenLive: Set<string>;
  /** See MkaState.silentSince. */
  silentSince: number | undefined;
  /** What was made of the last configuration, and of records, for a look that finds the same ones again. */
  configured?: Configured;
  readonly views: WeakMap<RecordedLink, { readonly writtenAt: string | undefined; readonly view: RecordView }>;
}

/** The link in a configuration that was read. */
interface Configured {
  readonly configuration: XmlElement;
  readonly association: ConnectivityAssociation | undefined;
  readonly chain: readonly ChainKey[];
}

export interface KeyChainLook {
  readonly observation: Observation;
  readonly association: ConnectivityAssociation | undefined;
  /** MKA sessions on the link's interfaces. */
  readonly sessions: readonly MkaSession[];
}

/** Looks at the router and the records once. Throws what makes any decision impossible: no session, no configuration. */
export async function observeKeyChain(work: LinkEndWork, memory: KeyChainMemory): Promise<KeyChainLook> {
  const { router, ownRecord } = work.site;
  const [configuration, clock] = [await router.configuration(), await router.clock()];
  const published = await ownRecord.link(work.link.name);
  const ownView = published === undefined ? undefined : viewOf(work, memory, await ownRecord.writtenAt(), published);
  const { association, chain } = configured(work, memory, configuration, clock);
  const others = await otherEnds(work, memory, listedBefore(work, chain, ownView));
  const { sessions, mka } = await mkaState(work);
  const seen: Observation = {
    now: work.run.clock.now(),
    run: { ...memory.soFar, startedAt: work.run.startedAt, budgetEnd: stepsEnd(work.run) },
    link: work.link.name,
    device: work.site.device.name,
    role: work.role,
    method: work.link.method,
    policy: work.run.settings.rotation,
    routingEngine: 'master',
    configuration: ownConfiguration(work, association, chain),
    ownRecord: ownView,
    ends: 1 + work.link.slaves.length,
    others,
    mka,
    clock: { ntp: clock?.ntp ?? 'unknown', routerAhead: clock?.ahead },
  };
  return { observation: { ...seen, mka: await withSilence(work, memory, seen) }, association, sessions };
}

/** `clock` is the run's one reading. */
function configured(work: LinkEndWork, memory: KeyChainMemory, configuration: XmlElement, clock: ClockReading | undefined): Configured {
  if (memory.configured?.configuration !== configuration) {
    const association = connectivityAssociation(configuration, work.link.connectivityAssociation);
    const keys = keyChainKeys(configuration, association?.keyChain ?? work.link.keyChain, localTime(configuration, clock));
    memory.configured = { configuration, association, chain: keys.map((key) => ({ ...key, keyId: key.ckn === undefined ? undefined : keyIdIn(work, key.ckn) })) };
  }
  return memory.configured;
}

function ownConfiguration(work: LinkEndWork, association: ConnectivityAssociation | undefined, chain: readonly ChainKey[]): OwnConfiguration {
  const ckn = association?.preSharedCkn;
  const preSharedKey = ckn === undefined ? undefined : { ckn, keyId: keyIdOfPreSharedKeyCkn(ckn, work.link.cknPrefix) };
  return { binding: bindingOf(association), preSharedKey, chain };
}

function bindingOf(association: ConnectivityAssociation | undefined): OwnConfiguration['binding'] {
  if (association?.inactive) return 'inactive';
  if (association?.keyChain !== undefined) return 'key-chain';
  return association?.preSharedCkn === undefined ? 'none' : 'pre-shared-key';
}

/** A key of ours is known by its CKN: by method key-chain, carried over from a pre-shared-key, or as the first key. */
function keyIdIn(work: LinkEndWork, ckn: string): string | undefined {
  const readable = keyIdOfKeyChainCkn(work, ckn) ?? keyIdOfPreSharedKeyCkn(ckn, work.link.cknPrefix);
  return readable ?? (ckn === work.link.initialKey?.ckn || ckn === initialCkn(work) ? ckn : undefined);
}

/**
 * What the planner calls a key: its key_ID in lower case, for UUIDs have no case (RFC 9562) and a CKN keeps none; or,
 * when it is no UUID, what can be read back from its CKN without any record. Remembers the KME's spelling, the first
 * that this run meets, for dec_keys and for publication.
 */
export function standInFor(work: LinkEndWork, memory: Pick<KeyChainMemory, 'spellings'>, keyId: string): string {
  // An initial key is listed under its CKN.
  if (keyId === work.link.initialKey?.ckn || keyId === initialCkn(work)) return keyId;
  const standIn = keyIdHex(keyId) === undefined ? (keyIdOfKeyChainCkn(work, keyChainCkn(work, keyId)) ?? keyId) : keyId.toLowerCase();
  if (!memory.spellings.has(standIn)) memory.spellings.set(standIn, keyId);
  return standIn;
}

/** A key_ID as the KME spells it. */
export function spelt(memory: Pick<KeyChainMemory, 'spellings'>, keyId: string): string {
  return memory.spellings.get(keyId) ?? keyId;
}

/** A link of a record in the planner's terms, keys named as in the chain. */
function viewOf(work: LinkEndWork, memory: KeyChainMemory, writtenAt: string | undefined, link: RecordedLink): RecordView {
  const known = memory.views.get(link);
  if (known !== undefined && known.writtenAt === writtenAt) return known.view;
  const read = recordView(writtenAt, link);
  const view = { ...read, keys: read.keys.map((key) => ({ ...key, keyId: standInFor(work, memory, key.keyId) })) };
  memory.views.set(link, { writtenAt, view });
  return view;
}

async function mkaState(work: LinkEndWork): Promise<{ sessions: readonly MkaSession[]; mka: MkaState | Unreadable }> {
  try {
    const sessions = (await work.site.router.mka()).filter((session) => work.own.interfaces.includes(session.interfaceName));
    if (sessions.length === 0) return { sessions, mka: { kind: 'unreadable', why: 'the router shows no MKA session on the link' } };
    const live = sessions.filter((session) => session.livePeers > 0 && session.cakName !== undefined);
    const liveCkns = [...new Set(live.map((session) => (session.cakName ?? '').padEnd(64, '0')))];
    const peersOn = (ckn: string): number => live.reduce((peers, session) => peers + (sameCkn(session.cakName ?? '', ckn) ? session.livePeers : 0), 0);
    const allLiveCkns = liveCkns.filter((ckn) => peersOn(ckn) >= work.link.slaves.length);
    const suspended = Math.max(...sessions.map((session) => session.suspendedSeconds));
    return { sessions, mka: { kind: 'read', liveCkns, allLiveCkns, suspended, interfaceUp: undefined, silentSince: undefined, seenLive: [], heardCkn: work.run.heardCkn } };
  } catch (error) {
    if (!isQkdError(error, 'rpc-error', 'permission-denied')) throw error;
    return { sessions: [], mka: { kind: 'unreadable', why: error.message } };
  }
}

/** Silence of MKA, with the state of the interface when that could matter: on a line that is cut silence shows nothing. */
async function withSilence(work: LinkEndWork, memory: KeyChainMemory, seen: Observation): Promise<MkaState | Unreadable> {
  const { mka } = seen;
  if (mka.kind !== 'read') return mka;
  const interfaceUp = asksForInterface(seen) ? await isAnyUp(work) : undefined;
  const isSilent = mka.liveCkns.length === 0 && interfaceUp !== false;
  memory.silentSince = isSilent ? (memory.silentSince ?? work.run.clock.now()) : undefined;
  for (const ckn of mka.liveCkns) memory.seenLive.add(ckn);
  return { ...mka, interfaceUp, silentSince: memory.silentSince, seenLive: [...memory.seenLive] };
}

/** Undefined: the router does not say. */
async function isAnyUp(work: LinkEndWork): Promise<boolean | undefined> {
  const states = await Promise.all(work.own.interfaces.map((name) => work.site.router.isInterfaceUp(name)));
  return states.includes(undefined) ? undefined : states.includes(true);
}

/** Scheduled keys that the other ends have listed: a slave's are all from the master, a master has confirmed what it read at every slave. */
function listedBefore({ role, run }: LinkEndWork, chain: readonly ChainKey[], own: RecordView | undefined): OwnKey[] {
  const { scheduled } = keyChainAt(chain, run.clock.now());
  return role === 'slave' ? [...scheduled] : scheduled.filter(({ keyId }) => entryOf(own, keyId)?.confirmed);
}

async function otherEnds(work: LinkEndWork, memory: KeyChainMemory, known: readonly OwnKey[]): Promise<OtherEnd[]> {
  const names = work.role === 'slave' ? [work.link.master.device] : work.link.slaves.map((end) => end.device);
  return Promise.all(names.map((name) => lookAt(work, memory, name, known)));
}

async function lookAt(work: LinkEndWork, memory: KeyChainMemory, device: string, known: readonly OwnKey[]): Promise<OtherEnd> {
  const failed = (failure: { why: string; unpublished?: boolean }): OtherEnd => {
    work.run.log.write('WARNING', 'record', `record of ${device}: ${failure.why}`, { link: work.link.name });
    return otherEnd(device, memory.readings.get(device), failure);
  };
  try {
    const askedAt = work.run.clock.now();
    const view = await readView(work, memory, device);
    if (typeof view !== 'string') refuseOld(work, { device, view, known });
    memory.unusable.delete(device);
    if (typeof view === 'string') return failed({ why: view, unpublished: true });
    memory.readings.set(device, withReading(memory.readings.get(device), view, { askedAt, readAt: work.run.clock.now(), keepFor: 2000 * work.run.settings.rotation.interval }));
    return otherEnd(device, memory.readings.get(device));
  } catch (cause) {
    const error = asQkdError('read', cause);
    if (error.code === 'record') memory.unusable.set(device, error);
    return failed({ why: error.message.replace(`record of ${device}: `, '') });
  }
}

/** The link in the other end's record or, as text, why it has nothing to say of it yet. */
async function readView(work: LinkEndWork, memory: KeyChainMemory, device: string): Promise<RecordView | string> {
  const record = await work.site.records.read(device);
  if (record === undefined) return 'none published yet';
  const role = work.role === 'master' ? 'slave' : 'master';
  const link = checkRecordedLink(record, { name: work.link.name, role, masterSae: work.masterSae, slaveSaes: work.slaveSaes });
  if (link === undefined && record.writtenAt === undefined) throw ofOriginal(work, device);
  // A record that was lost is rebuilt link by link: one without this link says nothing about it.
  if (link === undefined) return `names no link ${work.link.name} yet`;
  for (const { key_ID } of link.role === 'master' ? link.keys : []) memory.kmes.set(key_ID, targetKmes(link, key_ID));
  return viewOf(work, memory, record.writtenAt, link);
}

/** Throws `record` when the record was written before a key was drawn that it has listed: put back, or played back. */
function refuseOld({ run }: LinkEndWork, { device, view, known }: { device: string; view: RecordView; known: readonly OwnKey[] }): void {
  const since = keyDrawnSince(view, known, run.clock.now(), run.settings.rotation);
  if (since === undefined || view.writtenAt === undefined) return;
  const hint = `find out what put an old record in place on ${device}, and compare the clocks; the next run there writes it anew`;
  throw new QkdError('record', `record of ${device}: an old one, written at ${new Date(view.writtenAt).toISOString()}, before key ${since.keyId} was drawn`, { hint });
}

/** The bare shape, `{"<device>": "<key_ID>"}`. */
function ofOriginal({ link }: LinkEndWork, device: string): QkdError {
  const hint = `run this program on ${device}, or set method of link ${link.name} to pre-shared-key at both ends`;
  return new QkdError('record', `record of ${device}: it is the original script's, which knows no key chains`, { hint });
}
