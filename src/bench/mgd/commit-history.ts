// The last 50 committed configurations with who committed them, when and why: rollback N, get-commit-
// information, get-commit-revision-information (junos.md 2).

import { escapeXml } from '../../xml.ts';
import { dateText } from '../configuration/time-zone.ts';
import type { ConfigurationNode } from '../configuration/tree.ts';

export interface CommittedConfiguration {
  readonly configuration: ConfigurationNode;
  readonly user: string;
  readonly client: string;
  /** Milliseconds since 1970 UTC. */
  readonly time: number;
  /** The committer's log text. */
  readonly log: string | undefined;
  /** What mgd adds: `commit confirmed, rollback in 10mins`. */
  readonly comment: string | undefined;
}

interface Numbered extends CommittedConfiguration {
  readonly revision: string;
}

const KEPT = 50;
const JUNOS = 'http://xml.juniper.net/junos/24.4R1/junos';

export interface CommitHistory {
  add(committed: CommittedConfiguration): void;
  /** Newest first. */
  readonly entries: readonly Numbered[];
  /** Rollback by number; undefined when there is none of that number. */
  configuration(rollback: string): ConfigurationNode | undefined;
}

export function commitHistory(): CommitHistory {
  const entries: Numbered[] = [];
  let count = 0;
  return {
    entries,
    add: (committed) => {
      entries.unshift({ ...committed, revision: `re0-${Math.floor(committed.time / 1000)}-${count}` });
      count += 1;
      if (entries.length > KEPT) entries.pop();
    },
    configuration: (rollback) => (/^\d{1,2}$/.test(rollback) ? entries[Number(rollback)]?.configuration : undefined),
  };
}

/** <get-commit-information/> */
export function commitInformation(history: CommitHistory, timeZone: string): string {
  const leaf = (name: string, text: string | undefined): string => (text === undefined ? '' : `<${name}>${escapeXml(text)}</${name}>\n`);
  const one = (entry: Numbered, sequence: number): string =>
    `<commit-history>\n${leaf('sequence-number', String(sequence))}${leaf('user', entry.user)}${leaf('client', entry.client)}` +
    `<date-time xmlns:junos="${JUNOS}" junos:seconds="${Math.floor(entry.time / 1000)}">${dateText(entry.time, timeZone)}</date-time>\n` +
    `${leaf('comment', entry.comment)}${leaf('log', entry.log)}${leaf('configuration-revision', entry.revision)}</commit-history>\n`;
  return `<commit-information>\n${history.entries.map(one).join('')}</commit-information>\n`;
}

/** <get-commit-revision-information/>; `isModified`: the shared candidate differs. */
export function commitRevisionInformation(history: CommitHistory, timeZone: string, isModified: boolean): string {
  const newest = history.entries[0] as Numbered;
  const leaves = {
    revision: newest.revision,
    user: newest.user,
    client: newest.client,
    'date-time': dateText(newest.time, timeZone),
    'db-modified': String(isModified),
  };
  const written = Object.entries(leaves).map(([name, text]) => `<${name}>${escapeXml(text)}</${name}>\n`);
  return `<commit-revision-information>\n${written.join('')}</commit-revision-information>\n`;
}
