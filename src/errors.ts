// The one error class of the program and the closed list of its codes. A message is lower case and
// reads as a path ("rotate mx1-mx2: KME kme1: enc_keys: 503 service unavailable"): every layer puts its
// own step in front with `within`. The hint says what to do and is printed on a line of its own.
// Codes are for branching and for machines; texts are for people. Neither ever holds key material.

/** Every code, with the exit status it leads to when it ends a run (design: 1 failed, 2 wrong call, 3 locked). */
export const EXIT_STATUS = {
  invocation: 2, // the command line is wrong
  inventory: 2, // the inventory, or a secret it names, cannot be used
  'run-locked': 3, // another run holds the lock
  file: 1, // a local file cannot be read or written (disk full, permission)
  certificate: 1, // our own certificate or key cannot be used
  'kme-unreachable': 1, // no TCP or TLS connection
  'kme-identity': 1, // the KME's certificate is not the one we trust
  'kme-refused-us': 1, // the KME refuses our certificate or our SAE ID
  'kme-request': 1, // the KME says that the request is wrong: repeating it is useless
  'kme-unavailable': 1, // the KME cannot serve now (503, no stock): worth trying again
  'kme-key-gone': 1, // the key does not exist (any more) on this KME
  'kme-answer': 1, // the answer breaks ETSI GS QKD 014 or our rules for keys
  'ssh-unreachable': 1,
  'ssh-host-key': 1, // unknown, changed or revoked host key
  'ssh-authentication': 1,
  'ssh-closed': 1, // the connection ended under us
  scp: 1, // the other end refused the transfer or broke the protocol
  'netconf-protocol': 1, // framing, hello or XML that cannot be understood
  'netconf-closed': 1, // the session ended under us
  'rpc-error': 1, // the router answered with an error
  'permission-denied': 1, // the login class does not allow the RPC
  'configuration-locked': 1, // someone else holds the configuration lock
  'configuration-modified': 1, // the shared candidate holds someone's uncommitted changes
  'load-failed': 1, // the router refused the document
  'commit-failed': 1, // the router refused the commit
  'outcome-unknown': 1, // a commit was sent and no answer came: it may have succeeded
  'read-back': 1, // the router's configuration is not what we committed
  record: 1, // the other end's key-ID record cannot be used
  deadline: 1, // a bounded wait ended
  clock: 1, // the clocks of the ends, or of router and program, are too far apart
  link: 1, // the router's configuration does not fit the inventory's link
  internal: 1, // a fault of this program
} as const;

export type ErrorCode = keyof typeof EXIT_STATUS;

export interface ErrorDetails {
  /** What the operator can do about it: one line, starting with a verb. */
  hint?: string | undefined;
  cause?: unknown;
}

export class QkdError extends Error {
  readonly code: ErrorCode;
  readonly hint: string | undefined;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'QkdError';
    this.code = code;
    this.hint = details.hint;
  }
}

/** Narrows to a QkdError, optionally to one of some codes. */
export function isQkdError(error: unknown, ...codes: ErrorCode[]): error is QkdError {
  return error instanceof QkdError && (codes.length === 0 || codes.includes(error.code));
}

/**
 * The same error with `step` in front of its message; code, hint and cause stay. Anything that is not a
 * QkdError becomes `internal`, so that a fault of ours is never reported as the KME's or the router's.
 */
export function within(step: string, error: unknown): QkdError {
  if (error instanceof QkdError) {
    return new QkdError(error.code, `${step}: ${error.message}`, { hint: error.hint, cause: error.cause ?? error });
  }
  const text = error instanceof Error ? error.message : String(error);
  return new QkdError('internal', `${step}: ${text}`, { hint: 'this is a fault of qkd-macsec: run again with --trace and report it', cause: error });
}

/** A QkdError as it is; anything else, a fault of ours, as `within` makes it. */
export function asQkdError(step: string, cause: unknown): QkdError {
  return cause instanceof QkdError ? cause : within(step, cause);
}

/** Runs `work`; an error leaves with `step` in front. */
export async function inStep<T>(step: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw within(step, error);
  }
}

/**
 * Text from outside (a KME's message, a router's error) made safe for one log line: control characters,
 * ANSI sequences and line breaks become spaces, at most `limit` characters are kept.
 */
export function oneLine(text: string, limit = 200): string {
  const flat = text
    .replace(/\u001b\[[0-9;?]*[ -/]*[@-~]/g, '')
    .replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]+/g, ' ')
    .replace(/ {2,}/g, ' ')
    .trim();
  return flat.length > limit ? `${flat.slice(0, limit - 1)}…` : flat;
}
