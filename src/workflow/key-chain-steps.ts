// The steps of method key-chain: what each action of the planner (rotation/action.ts) does to the KME, the
// router and the own record. A step either has happened, read back, when its promise resolves, or throws.

import { randomBytes } from 'node:crypto';
import { QkdError, isQkdError } from '../errors.ts';
import { type NewKey, installKeysDocument, keyChainKeys, moveToKeyChainDocument, moveToPreSharedKeyDocument, withdrawKeysDocument } from '../junos/key-chains.ts';
import { connectivityAssociation, secretOf } from '../junos/macsec.ts';
import { type LocalTime, localTime } from '../junos/local-time.ts';
import { isSameSecret } from '../junos/obfuscated-secret.ts';
import type { Fetch, ListedKey, Move, PlacedKey, Withdraw } from '../rotation/action.ts';
import { lastWithdrawal, slaveDeadline } from '../rotation/deadlines.ts';
import type { Method } from '../inventory/inventory.ts';
import { recordedKeys } from '../rotation/record-reading.ts';
import { Secret } from '../secret.ts';
import type { XmlElement } from '../xml.ts';
import { commitInitial, initialDocument } from './apply-initial-configuration.ts';
import { cakBits, keyChainCak, keyChainCkn, preSharedKeyCak, preSharedKeyCkn } from './key-material.ts';
import { type LinkEndWork, commitLog, recordIdentity } from './link-end.ts';
import { drawLinkKeys, fetchLinkKey, withKmes } from './link-keys.ts';
import type { ChangeResult, KmeKey } from './ports.ts';
import { asTheRouterTakesIt, startTimeFor } from './start-times.ts';

/** What a fetch brought: keys, and the key_IDs that the KME does not have (any more). */
export interface Fetched {
  readonly keys: readonly KmeKey[];
  readonly refused: readonly string[];
}

/** Draws new keys, or gets the master's by key_ID from the KMEs that its record names (`kmes`). Throws kme-*; a key that is gone is a result, not an error. */
export async function fetchKeys(work: LinkEndWork, action: Fetch, kmes: ReadonlyMap<string, readonly string[] | undefined>): Promise<Fetched> {
  await work.site.records.checkWritable();
  if (action.call === 'enc_keys') return { keys: await drawLinkKeys(work, action.number), refused: [] };
  const keys: KmeKey[] = [];
  const refused: string[] = [];
  // One by one: dec_keys is all or nothing (ETSI GS QKD 014 clause 5.4), and one lost key must not cost the others.
  for (const keyId of action.keyIds) {
    try {
      keys.push(...(await fetchLinkKey(work, keyId, kmes.get(keyId))));
    } catch (error) {
      if (!isQkdError(error, 'kme-key-gone')) throw error;
      work.run.log.write('WARNING', 'kme', error.message, { link: work.link.name });
      refused.push(keyId);
    }
  }
  return { keys, refused };
}

/** Keys of random bytes for --dry-run, under the key_IDs that the action is about. */
export function standInKeys(work: LinkEndWork, action: Fetch): KmeKey[] {
  const standIn = (_: unknown, n: number): string => `00000000-0000-0000-0000-${String(n).padStart(12, '0')}`;
  const ids = action.call === 'dec_keys' ? action.keyIds : Array.from({ length: action.number }, standIn);
  return ids.map((keyId) => ({ keyId, key: Secret.ofBytes(randomBytes(cakBits(work.link.cipherSuite) / 8)) }));
}

/** How keys get into their slots. */
export interface Placement {
  /** With the initial configuration: the association has no key at all yet. */
  readonly isFirst: boolean;
  readonly held: ReadonlyMap<string, KmeKey>;
  /** Given when the router refuses start times with a zone. */
  readonly local: LocalTime | undefined;
  readonly dryRun: boolean;
}

function cknOf(work: LinkEndWork, key: PlacedKey, held: Pick<KmeKey, 'keyId'>): string {
  return key.method === undefined ? keyChainCkn(work, held.keyId) : preSharedKeyCkn(work.link, held.keyId);
}

function cakOf(work: LinkEndWork, key: PlacedKey, held: KmeKey): Secret {
  return key.method === undefined ? keyChainCak(work, held) : preSharedKeyCak(work.link, held);
}

/** The document that installs keys; its secrets are CAKs in hex. */
function installDocument(work: LinkEndWork, keys: readonly PlacedKey[], placement: Placement): XmlElement {
  const placed = keys.map((key): NewKey => {
    const held = placement.held.get(key.keyId);
    if (held === undefined) throw new QkdError('internal', `key ${key.keyId} is not held by this run`);
    return { slot: key.slot, ckn: cknOf(work, key, held), secret: cakOf(work, key, held), startTime: startTimeFor(work, key.startTime, placement.local) };
  });
  return placement.isFirst ? initialDocument(work, { keyChain: work.link.keyChain, keys: placed }) : installKeysDocument(work.link.keyChain, placed);
}

/** One commit for all keys, read back. */
export async function installKeys(work: LinkEndWork, keys: readonly PlacedKey[], placement: Omit<Placement, 'local'>): Promise<ChangeResult> {
  const commit = (local: LocalTime | undefined): Promise<ChangeResult> => commitKeys(work, keys, { ...placement, local });
  const result = await work.site.router.exclusive(() => asTheRouterTakesIt(work, commit));
  if (!placement.dryRun) await checkInstalled(work, keys, placement.held);
  return result;
}

function commitKeys(work: LinkEndWork, keys: readonly PlacedKey[], placement: Placement): Promise<ChangeResult> {
  const document = installDocument(work, keys, placement);
  const { dryRun } = placement;
  return placement.isFirst && !dryRun ? commitInitial(work, document) : work.site.router.change({ document, log: commitLog(work, 'key'), dryRun, stillTimely: beforeTheyStart(work, keys) });
}

/** The slots must hold these keys and, as far as the router shows them, these CAKs. */
async function checkInstalled(work: LinkEndWork, keys: readonly PlacedKey[], held: ReadonlyMap<string, KmeKey>): Promise<void> {
  const { router, device } = work.site;
  const configuration = await router.configuration();
  const chain = keyChainKeys(configuration, work.link.keyChain, localTime(configuration, await router.clock()));
  for (const key of keys) {
    const found = chain.find(({ slot }) => slot === key.slot);
    const bytes = held.get(key.keyId);
    const isSame = found?.ckn === cknOf(work, key, bytes ?? key) && found.startTime === key.startTime && !found.inactive;
    const hasCak = bytes === undefined || isSameSecret(secretOf(configuration, { keyChain: work.link.keyChain, slot: key.slot }), cakOf(work, key, bytes)) !== false;
    if (isSame && hasCak) continue;
    const from = found?.startTime === undefined ? 'no time' : new Date(found.startTime).toISOString();
    const seen = found === undefined ? 'nothing' : `CKN ${found.ckn ?? 'none'} from ${from}${hasCak ? '' : ', with another CAK'}`;
    throw new QkdError('read-back', `router ${device.name}: slot ${key.slot} of key chain ${work.link.keyChain} holds ${seen}`, { hint: 'see who else commits on this router: show system commit' });
  }
}

/**
 * The wait for the configuration lock may be longer than the margin. A key that was to start in the future must not
 * be committed when its start time is near (the other end would go over alone), nor one withdrawn that may just have started.
 */
function beforeTheyStart(work: LinkEndWork, keys: readonly { readonly keyId: string; readonly startTime: number }[], limit = slaveDeadline): () => void {
  const { clock, settings } = work.run;
  const last = (key: { readonly startTime: number }): number => limit(key.startTime, { ...settings.rotation });
  const watched = keys.filter((key) => last(key) > clock.now());
  return () => {
    const late = watched.find((key) => clock.now() > last(key));
    if (late === undefined) return;
    throw new QkdError('deadline', `router ${work.site.device.name}: key ${late.keyId} starts at ${new Date(late.startTime).toISOString()}, and the configuration was locked until too late`, { hint: 'see who holds the configuration: show system configuration database status' });
  };
}

/** Takes keys out of their slots in one commit. */
export function withdrawKeys(work: LinkEndWork, action: Withdraw, dryRun: boolean): Promise<ChangeResult> {
  const document = withdrawKeysDocument(work.link.keyChain, action.keys.map((key) => key.slot));
  const stillTimely = beforeTheyStart(work, action.keys, lastWithdrawal);
  return work.site.router.exclusive(() => work.site.router.change({ document, log: commitLog(work, 'withdrawal'), dryRun, stillTimely }));
}

/** Carries the key in use over to the other method, with the secret text that the router itself shows. */
export function moveKey(work: LinkEndWork, action: Move, dryRun: boolean): Promise<ChangeResult> {
  const { router } = work.site;
  return router.exclusive(async () => {
    const configuration = await router.configuration();
    const commit = async (local: LocalTime | undefined): Promise<ChangeResult> => router.change({ document: moveDocument(work, action, { configuration, local }), log: commitLog(work, 'method'), dryRun });
    return asTheRouterTakesIt(work, commit);
  });
}

function moveDocument(work: LinkEndWork, action: Move, { configuration, local }: { configuration: XmlElement; local: LocalTime | undefined }): XmlElement {
  const { connectivityAssociation: association, keyChain } = work.link;
  const bound = connectivityAssociation(configuration, association)?.keyChain ?? keyChain;
  const secret = secretOf(configuration, action.to === 'key-chain' ? { association } : { keyChain: bound, slot: action.slot });
  if (secret === undefined) {
    throw new QkdError('permission-denied', `router ${work.site.device.name}: the key in use cannot be read`, { hint: 'give the login class the permissions secret and secret-control' });
  }
  if (action.to === 'pre-shared-key') return moveToPreSharedKeyDocument(association, { ckn: action.ckn, secret });
  return moveToKeyChainDocument(association, keyChain, { slot: action.slot, ckn: action.ckn, secret, startTime: startTimeFor(work, action.startTime, local) });
}

/** Replaces the link's keys in the own record. */
export async function publishKeys(work: LinkEndWork, keys: readonly ListedKey[], method: Method): Promise<void> {
  const { keys: recorded, ...kmes } = await withKmes(work, recordedKeys(keys));
  await work.site.ownRecord.putKeys(work.link.name, { ...recordIdentity(work, method), ...kmes }, recorded);
}
