// One end of one link during one run: the link, the router and KME at this end, and how it reaches the
// other ends' records. Everything the rotation of either method works with.

import type { Clock } from '../clock.ts';
import type { Device, Link, LinkEnd, Role, SystemSettings } from '../inventory/inventory.ts';
import type { Log } from '../log.ts';
import type { OwnRecord } from './own-record.ts';
import type { KeySource, RecordExchange } from './ports.ts';
import type { Router } from './router.ts';

export interface Run {
  /** Random, in every commit log text: tells which run made a commit. */
  readonly id: string;
  /** Milliseconds since 1970 UTC. */
  readonly startedAt: number;
  readonly settings: SystemSettings;
  readonly clock: Clock;
  readonly log: Log;
  readonly dryRun: boolean;
  /** Login name that the event policy runs as; undefined off-box, where there is no event policy. */
  readonly scriptUser: string | undefined;
}

/** One router of the run with what all its links share. */
export interface Site {
  readonly device: Device;
  readonly router: Router;
  readonly kme: KeySource;
  readonly records: RecordExchange;
  readonly ownRecord: OwnRecord;
}

export interface LinkEndWork {
  readonly run: Run;
  readonly link: Link;
  readonly role: Role;
  readonly own: LinkEnd;
  readonly site: Site;
  /** SAE IDs as the inventory has them. */
  readonly masterSae: string;
  readonly slaveSaes: readonly string[];
  /** Addresses of the link's routers that are literal, by host name: for static host mappings. */
  readonly hosts: ReadonlyMap<string, string>;
}

/** Commit log text: names the program, the run and the link. */
export function commitLog(work: LinkEndWork, what: string): string {
  return `qkd-macsec ${what} link ${work.link.name} run ${work.run.id}`;
}

/** When this run stops waiting for the other end, in milliseconds since 1970 UTC. */
export function waitUntil(run: Run): number {
  return run.startedAt + run.settings.rotation.wait * 1000;
}
