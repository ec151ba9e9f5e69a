// Faults of a bench KME, chosen while it runs: for one request, for some, or until they are cleared. A fault that
// spoils the answer does so after the keys are used up, as a real fault would. The two TLS faults and `down` act
// on connections, so they have neither a call nor a count.

import type { KmeCall } from '../../kme/kme-address.ts';
import { checkFault, type FaultFields, type FaultTable } from '../fault-fields.ts';

export type FaultKind =
  /** Answer with this; no key is used up. */
  | { readonly fault: 'answer'; readonly status: number; readonly body?: string; readonly contentType?: string; readonly headers?: Readonly<Record<string, string>> }
  /** Take the request, never answer. */
  | { readonly fault: 'hang' }
  /** Answer later. */
  | { readonly fault: 'slow'; readonly milliseconds: number }
  /** Use the keys up, then close the connection without an answer. */
  | { readonly fault: 'reset' }
  /** Answer one byte at a time. */
  | { readonly fault: 'drip'; readonly milliseconds: number }
  /** Keys of another length. */
  | { readonly fault: 'key-length'; readonly bytes: number }
  /** Right keys under other IDs. */
  | { readonly fault: 'other-key-id' }
  /** Other IDs, always the same bytes. */
  | { readonly fault: 'same-bytes' }
  /** The first key twice, in place of the second if there is one. */
  | { readonly fault: 'duplicate-key' }
  /** 200 with a page of HTML. */
  | { readonly fault: 'html' }
  /** 200 with half of the JSON. */
  | { readonly fault: 'garbage' }
  | { readonly fault: 'key-gone' }
  | { readonly fault: 'key-expired' }
  | { readonly fault: 'stock-empty' };

/** Until cleared: nothing listens; no client certificate is trusted; a resumed TLS session is broken off. */
export type ConnectionFault = { readonly fault: 'down' } | { readonly fault: 'refuse-certificate' } | { readonly fault: 'resumption-broken' };

/** `call` limits a fault to one call; `times` is 1 unless given. */
export type Fault = (FaultKind & { readonly call?: KmeCall; readonly times?: number | 'always' }) | ConnectionFault;

/** Faults of connections, not of requests: they last until cleared. */
export const CONNECTION_FAULTS: readonly string[] = ['down', 'refuse-certificate', 'resumption-broken'] satisfies ConnectionFault['fault'][];

/** The kinds with their fields, for JSON and for help texts. */
export const KME_FAULTS: Readonly<Record<Fault['fault'], FaultFields>> = {
  down: { about: 'nothing listens' },
  answer: { about: 'answers with this; no key is used up', required: { status: 'number' }, optional: { body: 'string', contentType: 'string', headers: 'strings' } },
  hang: { about: 'takes the request, never answers' },
  slow: { about: 'answers later', required: { milliseconds: 'number' } },
  reset: { about: 'uses the keys up, then closes without an answer' },
  drip: { about: 'answers one byte at a time', required: { milliseconds: 'number' } },
  'key-length': { about: 'keys of another length', required: { bytes: 'number' } },
  'other-key-id': { about: 'right keys under other IDs' },
  'same-bytes': { about: 'every key has the same bytes' },
  'duplicate-key': { about: 'the first key twice' },
  html: { about: '200 with a page of HTML' },
  garbage: { about: '200 with half of the JSON' },
  'key-gone': { about: 'the KME does not know the key' },
  'key-expired': { about: 'the key is too old' },
  'stock-empty': { about: 'no key left' },
  'refuse-certificate': { about: 'no client certificate is trusted' },
  'resumption-broken': { about: 'a resumed TLS session is broken off' },
};

const CALLS = ['status', 'enc_keys', 'dec_keys'] as const satisfies readonly KmeCall[];

const TABLE: FaultTable = Object.fromEntries(
  Object.entries(KME_FAULTS).map(([kind, fields]) => [kind, CONNECTION_FAULTS.includes(kind) ? fields : { ...fields, optional: { ...fields.optional, call: CALLS, times: 'number' } }]),
);

/** Checks a fault that came as JSON. Throws TypeError naming the field that is wrong. */
export function readKmeFault(value: unknown): Fault {
  const { times } = (value ?? {}) as { times?: unknown };
  const counted = times === 'always' ? { ...(value as object), times: 1 } : value;
  checkFault(counted, 'fault', TABLE);
  return value as Fault;
}

interface Armed {
  readonly id: number;
  readonly fault: FaultKind & { readonly call?: KmeCall };
  left: number;
}

export class Faults {
  #armed: Armed[] = [];
  #connection: { readonly id: number; readonly fault: ConnectionFault['fault'] }[] = [];
  #nextId = 1;
  readonly #onConnectionChange: () => void | Promise<void>;

  constructor(onConnectionChange: () => void | Promise<void>) {
    this.#onConnectionChange = onConnectionChange;
  }

  /** Replaces every fault. The first that fits a request is taken. */
  set(...faults: Fault[]): void {
    this.#armed = [];
    this.#connection = [];
    for (const fault of faults) this.#add(fault);
    void this.#onConnectionChange();
  }

  /** One more fault; resolves to its id when it is in force. */
  async add(fault: Fault): Promise<number> {
    const id = this.#add(fault);
    await this.#onConnectionChange();
    return id;
  }

  /** Switches one fault off, or all of them; resolves when that is so. */
  async clear(id?: number): Promise<void> {
    this.#armed = this.#armed.filter((one) => id !== undefined && one.id !== id);
    this.#connection = this.#connection.filter((one) => id !== undefined && one.id !== id);
    await this.#onConnectionChange();
  }

  list(): { readonly id: number; readonly fault: object; readonly times: number | undefined }[] {
    const armed = this.#armed.filter(({ left }) => left > 0).map(({ id, fault, left }) => ({ id, fault: bare(fault), times: Number.isFinite(left) ? left : undefined }));
    return [...armed, ...this.#connection.map(({ id, fault }) => ({ id, fault: { fault }, times: undefined }))];
  }

  /** The fault for this request, which counts as used. */
  take(call: KmeCall): FaultKind | undefined {
    const armed = this.#armed.find(({ fault, left }) => left > 0 && (fault.call === undefined || fault.call === call));
    if (armed !== undefined) armed.left -= 1;
    return armed?.fault;
  }

  has(fault: ConnectionFault['fault']): boolean {
    return this.#connection.some((one) => one.fault === fault);
  }

  #add(fault: Fault): number {
    const id = this.#nextId++;
    if (isOfConnection(fault)) this.#connection.push({ id, fault: fault.fault });
    else this.#armed.push({ id, fault, left: fault.times === 'always' ? Number.POSITIVE_INFINITY : (fault.times ?? 1) });
    return id;
  }
}

function bare(fault: object): object {
  const { times: _, ...rest } = fault as { times?: unknown };
  return rest;
}

function isOfConnection(fault: Fault): fault is ConnectionFault {
  return CONNECTION_FAULTS.includes(fault.fault);
}

/** Faults by KME name, from JSON: `{"kme-a": [{"fault": "hang", "call": "dec_keys", "times": 2}]}`. Throws TypeError. */
export function parseFaults(json: unknown): Map<string, Fault[]> {
  if (typeof json !== 'object' || json === null) throw new TypeError('faults are not an object');
  return new Map(
    Object.entries(json).map(([kme, list]) => {
      if (!Array.isArray(list)) throw new TypeError(`faults of ${kme} are not an array`);
      return [kme, list.map(readKmeFault)];
    }),
  );
}
