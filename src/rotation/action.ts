// The closed list of what a run may do next on a link of method key-chain. The planner chooses one
// action at a time; the workflow carries it out, observes everything anew and asks again.
// Instants are milliseconds since 1970 UTC. Key bytes are never part of an action: keys are named by
// their key_ID, and the workflow holds what it fetched in this run.

export type Action = Fetch | Install | Publish | Confirm | Withdraw | Move | Wait | Done;

/** Gets key bytes from the own KME: new ones (`enc_keys`) or, by key_ID, the master's (`dec_keys`). */
export type Fetch =
  | { readonly kind: 'fetch'; readonly call: 'enc_keys'; readonly number: number }
  | { readonly kind: 'fetch'; readonly call: 'dec_keys'; readonly keyIds: readonly string[] };

/** Commits fetched keys, all in one commit, and reads them back. Overwrites the slots it names, nothing else. */
export interface Install {
  readonly kind: 'install';
  readonly keys: readonly PlacedKey[];
}

export interface PlacedKey {
  readonly keyId: string;
  readonly slot: number;
  /** When the key takes over; whole seconds. */
  readonly startTime: number;
  /** Of another method than this one: CKN and CAK are then derived as the master, still on it, has them. */
  readonly method?: 'pre-shared-key';
}

/** Replaces the link's keys in the own record. */
export interface Publish {
  readonly kind: 'publish';
  readonly keys: readonly ListedKey[];
}

/** A publication that says, for the first time, that `keyIds` are confirmed. */
export interface Confirm {
  readonly kind: 'confirm';
  readonly keyIds: readonly string[];
  readonly keys: readonly ListedKey[];
}

/** One key as a record lists it. */
export interface ListedKey {
  readonly keyId: string;
  readonly startTime: number;
  readonly confirmed: boolean;
  readonly refused: boolean;
}

/** Removes keys from their slots, all in one commit, and reads back. Never the chain, never a binding. */
export interface Withdraw {
  readonly kind: 'withdraw';
  readonly keys: readonly WithdrawnKey[];
}

export interface WithdrawnKey {
  readonly slot: number;
  readonly keyId: string;
  readonly startTime: number;
  readonly reason: WithdrawReason;
}

export type WithdrawReason =
  | 'not-confirmed' // the deadline came first
  | 'refused-by-kme' // a slave's KME does not deliver it
  | 'missing-at-other-end' // the other end had it, or should have it, and has it no more
  | 'start-time-differs' // the two ends would activate it at different moments
  | 'start-time-too-far' // scheduled by a clock that was wrong
  | 'activated-alone'; // repair: the other end does not use it

/** Carries the key that is in use over to the link's other method: same CKN, same CAK, one commit. */
export type Move =
  | { readonly kind: 'move'; readonly to: 'key-chain'; readonly ckn: string; readonly slot: number; readonly startTime: number }
  | { readonly kind: 'move'; readonly to: 'pre-shared-key'; readonly ckn: string; readonly slot: number };

/** Sleep until then at the latest, observe again. */
export interface Wait {
  readonly kind: 'wait';
  readonly until: number;
  readonly why: WaitReason;
}

export type WaitReason =
  | 'slaves-to-install'
  | 'master-to-confirm'
  | 'master-to-publish'
  | 'master-deadline'
  | 'slave-deadline'
  | 'clock-difference' // to be measured once more: it may be mended
  | 'activation'; // a start time has just passed: MKA needs a moment to go over

/** The run has nothing more to do on this link. */
export interface Done {
  readonly kind: 'done';
  readonly outcome: Outcome;
  readonly reason: DoneReason;
  /** The newest key that the outcome is about, where there is one. */
  readonly keyId: string | undefined;
}

export type Outcome = 'rotated' | 'installed' | 'confirmed' | 'waiting' | 'unchanged' | 'withdrawn' | 'failed';

export type DoneReason =
  | 'rotated' // installed and confirmed by all ends in this run
  | 'installed' // installed here; not all ends have confirmed yet
  | 'confirmed'
  | 'withdrawn'
  | 'moved' // to the link's other method
  | 'not-due' // the newest key is not due for a successor
  | 'awaiting-slaves'
  | 'awaiting-master'
  | 'awaiting-record' // another end's record could not be read, and nothing can be agreed on without it
  | 'key-not-shared' // to a key chain only with a key that all ends have: the other method's planner sees to it
  | 'draining' // on the way to pre-shared-key: the scheduled keys run out first
  | 'backup-routing-engine'
  | 'inactive-configuration'
  | 'mka-suspended'
  | 'clock-difference' // between the ends, or between the router and this program
  | 'ring-full' // no slot may be overwritten
  | 'out-of-time' // the run's budget is spent
  | 'step-failed'; // the workflow has the error of the step
