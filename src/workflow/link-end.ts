// One end of one link during one run: the link, the router and KME at this end, and how it reaches the
// other ends' records. Everything the rotation of either method works with.

import type { Clock } from '../clock.ts';
import type { Device, Link, LinkEnd, Method, Role, SystemSettings } from '../inventory/inventory.ts';
import type { KmeRoute } from '../inventory/kme-pairs.ts';
import type { RecordedLink } from '../keyids/record.ts';
import type { Log } from '../log.ts';
import type { DrawTally } from './draw-tally.ts';
import type { OwnRecord } from './own-record.ts';
import type { Profile } from '../profile.ts';
import type { KeySource, RecordExchange, RouterFiles } from './ports.ts';
import type { LinkReport } from './report.ts';
import type { Router } from './router.ts';
import type { RunWitness } from './witness.ts';

export interface Run {
  /** Random, in every commit log text: tells which run made a commit. */
  readonly id: string;
  /** Milliseconds since 1970 UTC. */
  readonly startedAt: number;
  readonly settings: SystemSettings;
  readonly clock: Clock;
  readonly log: Log;
  readonly dryRun: boolean;
  /** The CKN that the router logged as unknown when it started this run, 64 hex digits; undefined: its timer, or a person, did. */
  readonly heardCkn?: string | undefined;
  /** Login name that the event policy runs as; undefined off-box, where there is no event policy. */
  readonly scriptUser: string | undefined;
  /** Told what the run meets; undefined when nobody wants to know. */
  readonly witness?: RunWitness;
  /** Measures the parts of the run; undefined when nobody wants to know. */
  readonly profile?: Profile;
}

/** One router of the run with what all its links share. */
export interface Site {
  readonly device: Device;
  readonly router: Router;
  readonly kme: KeySource;
  readonly records: RecordExchange;
  readonly ownRecord: OwnRecord;
  /** The router's files, over the connection that the router shares; undefined on-box, where they are this machine's. */
  readonly files: RouterFiles | undefined;
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
  /** The link's KMEs by name: where the master draws, and where the slaves then fetch. */
  readonly kmeRoutes: readonly KmeRoute[];
  /** Addresses of the link's routers that are literal, by host name: for static host mappings. */
  readonly hosts: ReadonlyMap<string, string>;
  readonly drawn: DrawTally;
  /** Told when this end does nothing more in this run. */
  readonly onEnded?: () => void;
}

/** Link, router and role as a report names them. */
export function identity(work: LinkEndWork): { link: string; device: string; role: Role } {
  return { link: work.link.name, device: work.site.device.name, role: work.role };
}

/** The end of a run on the backup routing engine, which changes nothing and takes no key. */
export function leftToMaster(work: LinkEndWork): LinkReport {
  return { ...identity(work), outcome: 'unchanged', reason: 'this is the backup routing engine' };
}

/** What this end publishes of a link beside its keys; `method` is what the router is on now. */
export function recordIdentity(work: LinkEndWork, method: Method): Omit<RecordedLink, 'keys'> {
  return { role: work.role, master_sae: work.masterSae, slave_saes: work.slaveSaes, source_kme: work.role === 'master' ? work.site.kme.name : undefined, method };
}

/** Commit log text: names the program, the run and the link. */
export function commitLog(work: LinkEndWork, what: string): string {
  return `qkd-macsec ${what} link ${work.link.name} run ${work.run.id}`;
}

/** Until when a run may begin another step; the rest of its time is for the step under way. */
export function stepsEnd(run: Run): number {
  return run.startedAt + run.settings.rotation.interval * 800;
}

/** When this run stops waiting for the other end, in milliseconds since 1970 UTC. */
export function waitUntil(run: Run): number {
  return run.startedAt + run.settings.rotation.wait * 1000;
}
