// What one run did at one end of one link: the values that end up in the table, in --json and in the log.

import { type QkdError } from '../errors.ts';
import type { Role } from '../inventory/inventory.ts';
import type { KmeDraw } from './draw-tally.ts';

export type Outcome = 'rotated' | 'installed' | 'confirmed' | 'waiting' | 'unchanged' | 'withdrawn' | 'failed';

export interface LinkReport {
  readonly link: string;
  readonly device: string;
  readonly role: Role;
  readonly outcome: Outcome;
  /** One sentence, for people. */
  readonly reason: string;
  readonly keyId?: string | undefined;
  readonly ckn?: string | undefined;
  /** UTC, ISO 8601: when the key is used from. */
  readonly startTime?: string | undefined;
  /** What --dry-run would change, secrets replaced. */
  readonly difference?: string | undefined;
  /** MKA state as the router shows it after the work. */
  readonly mka?: string | undefined;
  /** How long the link took. */
  readonly seconds?: number | undefined;
  /** What a master's draws have used up, by KME. */
  readonly drawn?: readonly KmeDraw[] | undefined;
  readonly error?: QkdError | undefined;
}
