// An answer of a KME as it will go over the wire, while it is being made wrong: the JSON, then its bytes, then the
// headers around them, then when and how far they are sent. Each stage has its own mutations (mutate-json.ts,
// mutate-bytes.ts, mutate-delivery.ts).

export interface FuzzKey {
  readonly keyId: string;
  readonly bytes: Buffer;
}

/** What the client asks in one case. */
export interface Asked {
  readonly call: 'enc_keys' | 'dec_keys' | 'status';
  readonly keyIds: readonly string[];
  readonly number: number;
  /** Bits. */
  readonly size: number;
  readonly encoding: 'base64' | 'base64-unpadded' | 'base64url' | 'hex';
}

export interface PlannedAnswer {
  readonly asked: Asked;
  /** JSON of the answer; mutations change it in place. */
  json: unknown;
  /** After it was written; undefined until then. */
  body: Buffer;
  status: number;
  /** Header lines without line ends. */
  headers: string[];
  /** Written before the status line. */
  preamble: string;
  /** The body in chunks of these sizes, cut or spoilt; undefined: with a length. */
  chunked: 'right' | 'wrong' | undefined;
  /** Content-Length is wrong by this. */
  lengthError: number;
  /** Pieces to send it in; 1: at once. */
  pieces: number;
  /** What happens before the last byte: nothing, the end, a reset, or silence. */
  ending: 'whole' | 'cut' | 'reset' | 'silence';
  /** Names of the mutations, in order. */
  readonly mutations: string[];
  /** A mutation that breaks a rule for certain; it counts when it is the only one. */
  mustRefuse: boolean;
}
