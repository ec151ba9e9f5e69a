// Faults of a bench KME, chosen while it runs: for one request, for some, or until they are cleared. A fault that
// spoils the answer does so after the keys are used up, as a real fault would. The two TLS faults act on
// connections, so they have neither a call nor a count.

import type { KmeCall } from '../../kme/kme-address.ts';

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
  /** The first key twice, in place of the second if there is one. */
  | { readonly fault: 'duplicate-key' }
  /** 200 with a page of HTML. */
  | { readonly fault: 'html' }
  /** 200 with half of the JSON. */
  | { readonly fault: 'garbage' }
  | { readonly fault: 'key-gone' }
  | { readonly fault: 'key-expired' }
  | { readonly fault: 'stock-empty' };

/** Until cleared: no client certificate is trusted; a resumed TLS session is broken off. */
export type TlsFault = { readonly fault: 'refuse-certificate' } | { readonly fault: 'resumption-broken' };

/** `call` limits a fault to one call; `times` is 1 unless given. */
export type Fault = (FaultKind & { readonly call?: KmeCall; readonly times?: number | 'always' }) | TlsFault;

const KINDS = [
  'answer', 'hang', 'slow', 'reset', 'drip', 'key-length', 'other-key-id', 'duplicate-key', 'html', 'garbage',
  'key-gone', 'key-expired', 'stock-empty', 'refuse-certificate', 'resumption-broken',
];

interface Armed {
  readonly fault: FaultKind & { readonly call?: KmeCall };
  left: number;
}

export class Faults {
  #armed: Armed[] = [];
  #tls: readonly string[] = [];
  readonly #onTlsChange: () => void;

  constructor(onTlsChange: () => void) {
    this.#onTlsChange = onTlsChange;
  }

  /** Replaces every fault. The first that fits a request is taken. */
  set(...faults: Fault[]): void {
    this.#tls = faults.filter(isTlsFault).map(({ fault }) => fault);
    this.#armed = faults
      .filter((fault) => !isTlsFault(fault))
      .map((fault) => ({ fault, left: fault.times === 'always' ? Number.POSITIVE_INFINITY : (fault.times ?? 1) }));
    this.#onTlsChange();
  }

  clear(): void {
    this.set();
  }

  /** The fault for this request, which counts as used. */
  take(call: KmeCall): FaultKind | undefined {
    const armed = this.#armed.find(({ fault, left }) => left > 0 && (fault.call === undefined || fault.call === call));
    if (armed !== undefined) armed.left -= 1;
    return armed?.fault;
  }

  has(fault: TlsFault['fault']): boolean {
    return this.#tls.includes(fault);
  }
}

function isTlsFault(fault: Fault): fault is TlsFault {
  return fault.fault === 'refuse-certificate' || fault.fault === 'resumption-broken';
}

/** Faults by KME name, from JSON: `{"kme-a": [{"fault": "hang", "call": "dec_keys", "times": 2}]}`. Throws TypeError. */
export function parseFaults(json: unknown): Map<string, Fault[]> {
  if (typeof json !== 'object' || json === null) throw new TypeError('faults are not an object');
  return new Map(
    Object.entries(json).map(([kme, list]) => {
      if (!Array.isArray(list)) throw new TypeError(`faults of ${kme} are not an array`);
      for (const item of list as { fault?: unknown }[]) {
        if (typeof item?.fault !== 'string' || !KINDS.includes(item.fault)) throw new TypeError(`unknown fault of ${kme}`);
      }
      return [kme, list as Fault[]];
    }),
  );
}
