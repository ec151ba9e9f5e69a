// The key-ID record: the JSON file in which a router publishes which keys it has (design section 6).
// This file owns its shape and what a link's entry must agree with; the text is parse-record.ts and
// format-record.ts. Where it lies and how the other end gets it: record-file.ts and the exchanges.

import { QkdError } from '../errors.ts';
import type { Method, Role } from '../inventory/inventory.ts';

export interface RecordedKey {
  readonly key_ID: string;
  /** UTC, ISO 8601; for pre-shared-key the time of the commit. */
  readonly start_time: string;
  readonly confirmed: boolean;
  readonly refused: boolean;
  /** Where the master drew it and where the slaves fetch it, when that is not where the link's newest key is from. */
  readonly source_kme?: string | undefined;
  readonly target_kmes?: readonly string[] | undefined;
}

export interface RecordedLink {
  readonly role: Role;
  readonly master_sae: string;
  readonly slave_saes: readonly string[];
  /** The KME that the master drew its newest key from, by host and port; undefined at a slave. */
  readonly source_kme: string | undefined;
  /** The KMEs where the slaves fetch it. */
  readonly target_kmes?: readonly string[] | undefined;
  /** What the router's connectivity association is on; undefined when the writer did not say. */
  readonly method: Method | undefined;
  /** Newest last. */
  readonly keys: readonly RecordedKey[];
}

export interface KeyIdRecord {
  readonly device: string;
  /** Newest key_ID of any link; the only thing that the original script reads. */
  readonly newest: string | undefined;
  /** UTC, ISO 8601; undefined in a record that the original script wrote. */
  readonly writtenAt: string | undefined;
  /** Empty in a record that the original script wrote. */
  readonly links: Readonly<Record<string, RecordedLink>>;
}

/** The version that is written, and the only one besides the original's bare shape that is read. */
export const RECORD_VERSION = 2;

/** A record larger than this is refused. */
export const MAX_RECORD_BYTES = 256 * 1024;

/** One link as the inventory has it, and the role in which the record's device should see it. */
export interface ExpectedLink {
  readonly name: string;
  readonly role: Role;
  readonly masterSae: string;
  /** In the inventory's order. */
  readonly slaveSaes: readonly string[];
}

/**
 * What the record says about a link; undefined when it does not name it (yet). Throws `record` when it
 * names it with another role or other SAE IDs: the two ends then work from different inventories.
 */
export function checkRecordedLink(record: KeyIdRecord, expected: ExpectedLink): RecordedLink | undefined {
  const link = Object.hasOwn(record.links, expected.name) ? record.links[expected.name] : undefined;
  if (link === undefined) return undefined;
  const differs = (what: string, seen: string, wanted: string): QkdError =>
    new QkdError('record', `record of ${record.device}: link ${expected.name}: ${what} ${seen}, expected ${wanted}`, {
      hint: `make the inventories of both ends agree about link ${expected.name}`,
    });
  if (link.role !== expected.role) throw differs('role', link.role, expected.role);
  if (link.master_sae !== expected.masterSae) throw differs('master SAE', link.master_sae, expected.masterSae);
  const seen = link.slave_saes.join(', ');
  const wanted = expected.slaveSaes.join(', ');
  if (seen !== wanted) throw differs('slave SAEs', seen, wanted);
  return link;
}
