// What a run tells of what it meets, for alarms: they cost no RPC and no call of their own. The run works the
// same with and without a witness.

import { type QkdError, asQkdError, isQkdError } from '../errors.ts';
import type { MkaSession } from '../junos/mka.ts';
import type { Observation } from '../rotation/observation.ts';
import { recordView } from '../rotation/record-reading.ts';
import type { LinkEndWork } from './link-end.ts';
import type { PreSharedKeyObservation } from './observe-pre-shared-key.ts';
import { keyIdOfPreSharedKeyCkn } from '../rotation/ckn.ts';
import type { KeySource } from './ports.ts';

export interface RunWitness {
  /** One look at a link end; the last one counts. */
  look(observation: Observation, sessions: readonly MkaSession[]): void;
  /** One call to a device's KME about the SAE at another end: answered, or why it is of no use now; the last one counts. */
  kme(device: string, otherSaeId: string, error: QkdError | undefined): void;
}

/** The same KME; every call's outcome is told. A refusal of one key or one request is an answer, too. */
export function witnessedKme(device: string, kme: KeySource, witness: RunWitness): KeySource {
  const told = async <T>(otherSaeId: string, call: Promise<T>): Promise<T> => {
    try {
      const answer = await call;
      witness.kme(device, otherSaeId, undefined);
      return answer;
    } catch (cause) {
      const error = asQkdError('KME', cause);
      // Our own files say nothing about the KME.
      if (!isQkdError(error, 'certificate')) witness.kme(device, otherSaeId, isOutOfService(error) ? error : undefined);
      throw cause;
    }
  };
  return {
    ...kme,
    encKeys: (request) => told(request.slaveSaeId, kme.encKeys(request)),
    decKeys: (request) => told(request.masterSaeId, kme.decKeys(request)),
    status: (otherSaeId) => told(otherSaeId, kme.status(otherSaeId)),
    drawn: () => kme.drawn(),
    sourceOf: (keyId) => kme.sourceOf(keyId),
  };
}

/** The KME as a whole is of no use, not only for this one request. */
export function isOutOfService(error: QkdError): boolean {
  return isQkdError(error, 'kme-unreachable', 'kme-identity', 'kme-refused-us', 'kme-unavailable', 'deadline');
}

/** A look of method pre-shared-key in the terms of the other method: what alarms need of it. */
export async function lookOfPreSharedKey(work: LinkEndWork, { view, association }: PreSharedKeyObservation): Promise<Observation> {
  const entry = await work.site.ownRecord.link(work.link.name);
  const ckn = view.current?.ckn;
  return {
    now: work.run.clock.now(),
    run: { startedAt: work.run.startedAt, budgetEnd: 0, fetched: [], refused: [], installed: [], confirmed: [], withdrawn: [], moved: false, lastCommitAt: undefined, failures: [] },
    link: work.link.name,
    device: work.site.device.name,
    role: work.role,
    method: 'pre-shared-key',
    policy: work.run.settings.rotation,
    routingEngine: 'master',
    configuration: {
      binding: association?.inactive === true ? 'inactive' : ckn === undefined ? 'none' : 'pre-shared-key',
      preSharedKey: ckn === undefined ? undefined : { ckn, keyId: view.current?.keyId ?? keyIdOfPreSharedKeyCkn(ckn, work.link.cknPrefix) },
      chain: [],
    },
    ownRecord: entry === undefined ? undefined : recordView(undefined, entry),
    ends: 1 + work.link.slaves.length,
    others: [],
    mka: { kind: 'unreadable', why: 'not looked at by this method' },
    clock: { ntp: 'unknown', routerAhead: undefined },
  };
}
