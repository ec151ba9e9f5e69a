// What a KME's interface looks like on the wire, apart from HTTP itself: which request stands for a call, and what
// an answer's body says. Edition 1 of ETSI GS QKD 014 (edition-1.ts) is the only published one; edition 2 will move
// the SAE IDs into the body under /kdapi/v2, and be another implementation of this.

import type { DecKeysRequest, EncKeysRequest, KmeKey, KmeStatus } from '../workflow/ports.ts';

export type KmeCall = 'enc_keys' | 'dec_keys' | 'status';

export interface WireRequest {
  readonly call: KmeCall;
  /** The SAE at the other side. */
  readonly otherSaeId: string;
  readonly method: 'GET' | 'POST';
  /** Request target below the KME's path prefix, query included. */
  readonly target: string;
  /** JSON text of a POST. */
  readonly body: string | undefined;
}

export interface KeysAsked {
  readonly number: number;
  /** Bits, a multiple of 8. */
  readonly size: number;
  /** Whether an answer may hold more keys than asked; they are the caller's to drop. */
  readonly mayHaveMore: boolean;
}

export interface Wire {
  /** Throws `inventory` on an SAE ID that no request can carry. */
  encKeys(request: EncKeysRequest): WireRequest;
  decKeys(request: DecKeysRequest): WireRequest;
  status(otherSaeId: string): WireRequest;
  /** The keys of an answer, in its order, each of the size asked. Throws `kme-answer`; no message quotes the answer. */
  readKeys(body: Uint8Array, asked: KeysAsked): KmeKey[];
  /** Throws `kme-answer` when the body is no status at all. */
  readStatus(body: Uint8Array): KmeStatus;
}
