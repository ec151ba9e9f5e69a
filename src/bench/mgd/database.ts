// The configuration database of one router: committed configuration, shared candidate, rescue
// configuration, history. One instance a router; sessions work on it through editors.ts, load.ts and
// commit.ts.

import { applyChange } from '../configuration/change.ts';
import type { Finding } from '../configuration/change.ts';
import { effective, type EngineSlot } from '../configuration/inheritance.ts';
import { plainSecret } from '../configuration/obfuscation.ts';
import { readSetLine } from '../configuration/set-statements.ts';
import { isTimeZone } from '../configuration/time-zone.ts';
import { descendant, EMPTY_CONFIGURATION } from '../configuration/tree.ts';
import type { ConfigurationNode } from '../configuration/tree.ts';
import type { RouterTime } from '../configuration/value-types.ts';
import { toXml } from '../configuration/xml-form.ts';
import type { XmlElement } from '../../xml.ts';
import { commitHistory } from './commit-history.ts';
import type { CommitHistory } from './commit-history.ts';
import type { EditedDatabase } from './editors.ts';
import type { MgdOptions } from './mgd.ts';

export interface Database extends EditedDatabase {
  readonly options: MgdOptions;
  /** Of the routing engine that it is on. */
  readonly slot: EngineSlot;
  readonly history: CommitHistory;
  readonly listeners: ((committed: XmlElement) => void)[];
  rescue: ConfigurationNode | undefined;
  routerTime(): RouterTime;
  /** A later commit, or a session's, waits for this one. */
  commitTurn: Promise<void>;
  /** What to end when the router is closed. */
  readonly closing: Set<() => void>;
  /** Waiting automatic rollback of a confirmed commit. */
  confirmation: { readonly target: ConfigurationNode; readonly cancel: () => void } | undefined;
}

/** A database with the initial configuration committed. Throws when a line of it is refused. */
export function openDatabase(options: MgdOptions): Database {
  const initial = initialConfiguration(options);
  const database: Database = {
    options,
    slot: options.slot ?? 0,
    committed: initial,
    candidate: initial,
    rescue: undefined,
    lockedBy: undefined,
    changedBy: undefined,
    changedAt: options.now(),
    editors: new Set(),
    listeners: [],
    history: commitHistory(),
    commitTurn: Promise.resolve(),
    closing: new Set(),
    confirmation: undefined,
    now: options.now,
    timeZone: () => timeZoneOf(database.committed),
    routerTime: () => ({ now: options.now(), timeZone: timeZoneOf(database.committed), withoutZone: options.startTimesWithoutZone ?? false }),
  };
  database.history.add({ configuration: initial, user: 'root', client: 'other', time: options.now(), log: undefined, comment: undefined });
  return database;
}

function initialConfiguration(options: MgdOptions): ConfigurationNode {
  const findings: Finding[] = [];
  const now = options.now();
  // The router's zone decides how start times are read, so it is looked for first.
  const zoneLines = options.initial.filter((line) => /^set system time-zone /.test(line));
  const zoned = applyLines(EMPTY_CONFIGURATION, zoneLines, { now, timeZone: 'UTC' }, findings);
  const time = { now, timeZone: timeZoneOf(zoned) };
  const given = applyLines(zoned, options.initial, time, findings);
  const isNamed = descendant(effective(given, options.slot), 'system', 'host-name') !== undefined;
  const initial = isNamed ? given : applyLines(given, [`set system host-name ${options.hostName}`], time, findings);
  const error = findings.find((finding) => finding.severity === 'error');
  if (error === undefined) return initial;
  throw new TypeError(`initial configuration: [edit ${error.path.join(' ')}] ${error.badElement ?? ''}: ${error.message}`);
}

function applyLines(start: ConfigurationNode, lines: readonly string[], time: RouterTime, findings: Finding[]): ConfigurationNode {
  return lines.reduce((configuration, line) => {
    const read = readSetLine(line, time, findings);
    return read === undefined ? configuration : applyChange(configuration, read, findings);
  }, start);
}

const zones = new WeakMap<ConfigurationNode, string>();

/** The router's time zone, UTC unless configured. */
export function timeZoneOf(configuration: ConfigurationNode): string {
  const known = zones.get(configuration);
  if (known !== undefined) return known;
  const name = descendant(effective(configuration), 'system', 'time-zone')?.value;
  const zone = name !== undefined && isTimeZone(name) ? name : 'UTC';
  zones.set(configuration, zone);
  return zone;
}

/** By slot: both routing engines may have committed the same. */
const views = [new WeakMap<ConfigurationNode, XmlElement>(), new WeakMap<ConfigurationNode, XmlElement>()] as const;

/** What the daemons of a routing engine read: groups applied, inactive statements gone, secrets in clear. */
export function daemonView(configuration: ConfigurationNode, slot: EngineSlot): XmlElement {
  const known = views[slot].get(configuration);
  if (known !== undefined) return known;
  const view = toXml(effective(configuration, slot), (node) => {
    const isObfuscated = node.statement.type?.is === 'secret' && node.value !== undefined;
    return isObfuscated ? plainSecret(node.value as string) : node.value;
  });
  views[slot].set(configuration, view);
  return view;
}
