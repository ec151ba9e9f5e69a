// The state of one link end, gathered without changing anything: one look at the router and the records, one
// status call to its KME, the end of its certificate. What is wrong with it is problems.ts; a router that
// cannot be reached still has a status.

import { type QkdError, asQkdError } from '../../errors.ts';
import type { Method, Role } from '../../inventory/inventory.ts';
import type { MkaSession } from '../../junos/mka.ts';
import type { ConnectivityAssociation } from '../../junos/macsec.ts';
import { type ConditionLimits, type KeyInUse, type Verdict, judgeCertificate, judgeEnd, judgeKme, keyInUse } from '../../rotation/conditions.ts';
import { isOwn, keyChainAt, listing } from '../../rotation/key-chain.ts';
import type { Observation } from '../../rotation/observation.ts';
import { isConfirmedByMaster } from '../../rotation/confirmation.ts';
import { type LinkEndWork, identity } from '../link-end.ts';
import { type KeyChainMemory, observeKeyChain, spelt } from '../observe-key-chain.ts';
import type { KmeStatus } from '../ports.ts';
import { isOutOfService } from '../witness.ts';

/** The next key, waiting for its start time. */
export interface NextKey {
  readonly keyId: string;
  readonly ckn: string | undefined;
  readonly startTime: number;
  /** Undefined: no record on this machine tells. */
  readonly confirmed: boolean | undefined;
}

export interface KmeState {
  readonly name: string;
  /** Which it was asked about. */
  readonly otherSaeId: string;
  /** How long the status call took. */
  readonly milliseconds: number;
  readonly answer: KmeStatus | QkdError;
}

/** What was read of the router; undefined members: it does not show them. */
export interface Sight {
  readonly observation: Observation;
  readonly association: ConnectivityAssociation | undefined;
  readonly sessions: readonly MkaSession[];
  /** On the routing engine that is not master, which has no MKA and leaves the rotation alone. */
  readonly isBackup: boolean;
  readonly key: KeyInUse | undefined;
  readonly next: NextKey | undefined;
  /** CKNs that the configuration holds, in use or scheduled. */
  readonly ckns: readonly string[];
  /** Other ends whose record lists the newest key. */
  readonly confirmedBy: readonly string[];
}

export interface EndStatus {
  readonly link: string;
  readonly device: string;
  readonly role: Role;
  readonly method: Method;
  readonly work: LinkEndWork;
  readonly sight: Sight | QkdError;
  readonly kme: KmeState;
  readonly certificate: { readonly until: number | undefined; readonly why?: string | undefined };
  readonly verdicts: readonly Verdict[];
}

/** Looks at one end. Never rejects. */
export async function endStatus(work: LinkEndWork, given: { certificate: EndStatus['certificate']; limits: ConditionLimits }): Promise<EndStatus> {
  const { certificate, limits } = given;
  const [sight, kme] = await Promise.all([sightOf(work), kmeState(work)]);
  const now = work.run.clock.now();
  const device = work.site.device.name;
  const answered = 'message' in kme.answer && isOutOfService(kme.answer) ? judgeKme(device, kme.answer.message) : judgeKme(device, undefined);
  const seen = 'observation' in sight ? judgeEnd(sight.observation, sight.sessions, limits) : [];
  const method = 'observation' in sight && sight.association?.preSharedCkn !== undefined && sight.association.keyChain === undefined ? 'pre-shared-key' : work.link.method;
  return { ...identity(work), method, work, sight, kme, certificate, verdicts: [...seen, answered, judgeCertificate(device, certificate, { ...limits, now })] };
}

async function sightOf(work: LinkEndWork): Promise<Sight | QkdError> {
  const memory: KeyChainMemory = {
    soFar: { fetched: [], refused: [], installed: [], confirmed: [], withdrawn: [], moved: false, lastCommitAt: undefined, failures: [] },
    readings: new Map(),
    spellings: new Map(),
    kmes: new Map(),
    unusable: new Map(), seenLive: new Set(), views: new WeakMap(),
    silentSince: undefined,
  };
  try {
    const { observation, association, sessions } = await observeKeyChain(work, memory);
    const key = keyInUse(observation);
    const chain = keyChainAt(observation.configuration.binding === 'key-chain' ? observation.configuration.chain : [], observation.now);
    const scheduled = chain.scheduled[0];
    const next = scheduled && { keyId: spelt(memory, scheduled.keyId), ckn: scheduled.ckn, startTime: scheduled.startTime, confirmed: isConfirmedByMaster(observation, scheduled) || (isRecordKnown(observation) ? false : undefined) };
    const newest = chain.keys.filter(isOwn).at(-1);
    const lists = (record: Parameters<typeof listing>[0]): boolean => (newest === undefined ? isListed(record, key?.keyId) : listing(record, newest, observation.now) !== undefined);
    const confirmedBy = observation.others.filter(({ reading }) => reading.kind === 'read' && lists(reading.record)).map(({ device }) => device);
    const ckns = [...chain.keys.map(({ ckn }) => ckn), observation.configuration.preSharedKey?.ckn].filter((ckn) => ckn !== undefined);
    const isBackup = await work.site.router.isBackup();
    return { observation, association, sessions, isBackup, ckns, key: key && { ...key, keyId: key.keyId && spelt(memory, key.keyId) }, next, confirmedBy };
  } catch (cause) {
    return asQkdError('status', cause);
  }
}

function isRecordKnown({ ownRecord, others }: Observation): boolean {
  return ownRecord !== undefined || others.some(({ reading }) => reading.kind === 'read');
}

function isListed(record: Parameters<typeof listing>[0], keyId: string | undefined): boolean {
  return record?.keys.some((entry) => !entry.refused && entry.keyId.toLowerCase() === keyId?.toLowerCase()) === true;
}

/** The KME is asked about the SAE at the other end; a status call draws no key (ETSI GS QKD 014 clause 5.1). */
async function kmeState(work: LinkEndWork): Promise<KmeState> {
  const { kme } = work.site;
  const otherSaeId = (work.role === 'master' ? work.slaveSaes[0] : work.masterSae) ?? '';
  const began = performance.now();
  const answer = await kme.status(otherSaeId).catch((cause: unknown) => asQkdError('KME', cause));
  return { name: kme.name, otherSaeId, milliseconds: Math.round(performance.now() - began), answer };
}
