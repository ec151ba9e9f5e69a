// Which keys an SAE may fetch by their IDs (ETSI GS QKD 014 clauses 5.3 and 6.4): those that name it as a slave, that
// have arrived at its KME, that it has not fetched yet and that nobody has let grow too old; all or none. Pure, and
// the same for every key store.

import type { Delivery } from './profiles.ts';

export interface DeliveredKey {
  readonly keyId: string;
  readonly bytes: Buffer;
}

export interface KeyState extends DeliveredKey {
  /** KME at which it was drawn. */
  readonly kme: string;
  readonly master: string;
  readonly slaves: ReadonlySet<string>;
  /** Slaves that have not fetched it. */
  readonly waiting: ReadonlySet<string>;
  /** Milliseconds since 1970. */
  readonly drawnAt: number;
  /** From when on the other KMEs have it; Infinity while the link between the KMEs is down. */
  readonly knownAt: number;
}

export interface FetchRequest {
  readonly kme: string;
  readonly caller: string;
  readonly master: string;
  /** As asked for, each once. */
  readonly keyIds: readonly string[];
  readonly delivery: Delivery;
  /** By the clock of the KME that was asked. */
  readonly now: number;
}

export type FetchRefusal = 'not-found' | 'some-not-found' | 'fetched' | 'expired' | 'letter-case' | 'not-entitled' | 'master';

/** Why the keys are refused; undefined: they may be handed out. `retention` in milliseconds; `found` as the IDs. */
export function fetchRefusal(request: FetchRequest, found: readonly (KeyState | undefined)[], retention: number): FetchRefusal | undefined {
  const { kme, delivery, now } = request;
  const arrived = found.map((key) => (key !== undefined && (key.kme === kme || now >= key.knownAt) ? key : undefined));
  const known = arrived.filter((key) => key !== undefined);
  const stranger = known.find((key) => !isEntitled(request, key));
  if (stranger !== undefined) return stranger.master === request.caller ? 'master' : 'not-entitled';
  const reasons = arrived.flatMap((key, index): FetchRefusal[] => {
    if (key === undefined) return ['not-found'];
    if (now > key.drawnAt + retention) return ['expired'];
    if (!delivery.anyLetterCase && key.keyId !== request.keyIds[index]) return ['letter-case'];
    return !delivery.again && key.slaves.has(request.caller) && !key.waiting.has(request.caller) ? ['fetched'] : [];
  });
  return reasons.length < found.length && reasons.length > 0 ? 'some-not-found' : reasons[0];
}

function isEntitled({ caller, master, delivery }: FetchRequest, key: KeyState): boolean {
  if (delivery.toAnyone || (delivery.toMaster && key.master === caller)) return true;
  return key.master === master && key.slaves.has(caller);
}
