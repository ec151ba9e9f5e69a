// The checks that a commit makes over the whole configuration: the must-statements of the models and what
// the daemons refuse, with their texts (junos.md 1.1, 1.3, 3.4, 5). Values by themselves are checked at
// load, in configuration/value-types.ts.

import type { Finding } from '../configuration/change.ts';
import { effective, type EngineSlot } from '../configuration/inheritance.ts';
import { descendant, entries, pathWords, valueOf } from '../configuration/tree.ts';
import type { ConfigurationNode } from '../configuration/tree.ts';
import { isTimeZone } from '../configuration/time-zone.ts';
import { SHORT_CKN } from './texts.ts';

/** `constraint`: a must-statement; `mandatory`: something is missing; `daemon`: a daemon's own check. */
export type CheckKind = 'constraint' | 'mandatory' | 'daemon';

export interface CheckFinding extends Finding {
  readonly kind: CheckKind;
}

export interface CheckOptions {
  readonly fileExists: (path: string) => boolean;
  /** Of the routing engine that checks; 0 unless told. */
  readonly slot?: EngineSlot;
}

/** Everything that a commit of this configuration would say; errors stop it, warnings do not. */
export function commitCheck(configuration: ConfigurationNode, options: CheckOptions): CheckFinding[] {
  const root = effective(configuration, options.slot);
  const macsec = descendant(root, 'security', 'macsec');
  const chains = descendant(root, 'security', 'authentication-key-chains');
  return [
    ...mandatory(root, []),
    ...groupReferences(configuration, configuration, []),
    ...entries(macsec, 'connectivity-association').flatMap((association) => connectivityAssociation(association, chains)),
    ...entries(macsec, 'interfaces').flatMap((one) => binding(one, macsec)),
    ...entries(chains, 'key-chain').flatMap(keyChain),
    ...system(root),
    ...eventOptions(root, options),
  ];
}

function found(kind: CheckKind, path: readonly string[], badElement: string, message: string): CheckFinding {
  return { kind, severity: 'error', tag: 'invalid-value', path, badElement, message };
}

function mandatory(node: ConfigurationNode, path: readonly string[]): CheckFinding[] {
  const own = node.statement.mandatoryChildren
    .filter((needed) => !node.children.some((child) => child.statement === needed || child.statement.name === needed.name))
    .map((needed) => missing(path, needed.name));
  const over = node.children.find(({ statement: { most, name } }) => most !== undefined && entries(node, name).length > most)?.statement;
  const many = over === undefined ? [] : [found('constraint', path, over.name, `number of elements exceeds limit of ${over.most}`)];
  return [...own, ...many, ...node.children.flatMap((child) => mandatory(child, [...path, ...pathWords(child)]))];
}

function missing(path: readonly string[], name: string): CheckFinding {
  return found('mandatory', path, name, `Missing mandatory statement: '${name}'`);
}

function groupReferences(root: ConfigurationNode, node: ConfigurationNode, path: readonly string[]): CheckFinding[] {
  const undefinedGroups = entries(node, 'apply-groups')
    .filter((entry) => !entry.inactive && descendant(root, ['groups', entry.key ?? '']) === undefined)
    .map((entry) => found('constraint', path, entry.key ?? '', 'apply-group is not defined'));
  return [...undefinedGroups, ...node.children.flatMap((child) => groupReferences(root, child, [...path, ...pathWords(child)]))];
}

const MACSEC_PATH = ['security', 'macsec'];

function connectivityAssociation(association: ConfigurationNode, chains: ConfigurationNode | undefined): CheckFinding[] {
  const path = [...MACSEC_PATH, ...pathWords(association)];
  const refuse = (badElement: string, message: string): CheckFinding => found('constraint', path, badElement, message);
  const mode = valueOf(association, 'security-mode');
  const [primary, fallback] = [descendant(association, 'pre-shared-key'), descendant(association, 'fallback-key')];
  const chain = valueOf(association, 'pre-shared-key-chain');
  const otherMode = mode !== undefined && mode !== 'static-cak';
  const findings: (CheckFinding | undefined | false)[] = [
    mode === 'static-cak' && chain === undefined && valueOf(primary, 'cak') === undefined && valueOf(fallback, 'cak') === undefined &&
      refuse('security-mode static-cak', 'Pre-shared key or fallback-key or pre-shared-key-chain required for static-cak mode'),
    otherMode && primary !== undefined && refuse('pre-shared-key', 'allowed only in static-cak mode'),
    otherMode && fallback !== undefined && refuse('fallback-key', 'allowed only in static-cak mode'),
    otherMode && chain !== undefined && refuse(`pre-shared-key-chain ${chain}`, 'key-chain configuration is allowed only in static-cak mode'),
    chain !== undefined && primary !== undefined && refuse(`pre-shared-key-chain ${chain}`, 'May not be configured with pre-shared-key'),
    chain !== undefined && descendant(chains, ['key-chain', chain]) === undefined &&
      refuse(`pre-shared-key-chain ${chain}`, 'authentication-key-chains not defined !!'),
    sameCkn(primary, fallback) && refuse('fallback-key', 'fallback-key CKN cannot be same as pre-shared-key CKN'),
    descendant(association, 'mka', 'transmit-interval') !== undefined && descendant(association, 'mka', 'bounded-delay') !== undefined &&
      refuse('transmit-interval', 'Might not be configured with bounded-delay'),
    descendant(association, 'sak-hash-128') !== undefined && !/256$/.test(valueOf(association, 'cipher-suite') ?? '') &&
      refuse('sak-hash-128', 'allowed only with a 256-bit cipher suite'),
  ];
  const refused = findings.filter((finding) => finding !== undefined && finding !== false);
  return [...refused, ...halfPairs(path, primary, fallback), ...shortCkn(path, primary)];
}

function sameCkn(primary: ConfigurationNode | undefined, fallback: ConfigurationNode | undefined): boolean {
  const ckn = valueOf(fallback, 'ckn');
  return ckn !== undefined && ckn.toLowerCase() === valueOf(primary, 'ckn')?.toLowerCase();
}

/** ckn without cak, or the reverse, is no key. */
function halfPairs(path: readonly string[], ...pairs: (ConfigurationNode | undefined)[]): CheckFinding[] {
  return pairs.flatMap((pair) => {
    const [ckn, cak] = [valueOf(pair, 'ckn'), valueOf(pair, 'cak')];
    if (pair === undefined || (ckn === undefined) === (cak === undefined)) return [];
    return [missing([...path, pair.statement.name], ckn === undefined ? 'ckn' : 'cak')];
  });
}

function shortCkn(path: readonly string[], primary: ConfigurationNode | undefined): CheckFinding[] {
  const ckn = valueOf(primary, 'ckn');
  if (ckn === undefined || ckn.length === 64) return [];
  return [{ kind: 'daemon', severity: 'warning', path: [...path, 'pre-shared-key'], badElement: 'ckn', message: SHORT_CKN }];
}

function binding(one: ConfigurationNode, macsec: ConfigurationNode | undefined): CheckFinding[] {
  const path = [...MACSEC_PATH, ...pathWords(one)];
  const undefinedAt = (holder: ConfigurationNode, at: readonly string[]): CheckFinding[] => {
    const name = valueOf(holder, 'connectivity-association');
    const isThere = name === undefined || descendant(macsec, ['connectivity-association', name]) !== undefined;
    return isThere ? [] : [found('constraint', at, `connectivity-association ${name}`, 'Connectivity association not defined')];
  };
  return [...undefinedAt(one, path), ...entries(one, 'unit').flatMap((unit) => undefinedAt(unit, [...path, ...pathWords(unit)]))];
}

function keyChain(chain: ConfigurationNode): CheckFinding[] {
  const path = ['security', 'authentication-key-chains', ...pathWords(chain)];
  const seen = new Map<string, string>();
  return entries(chain, 'key').flatMap((key) => {
    const start = valueOf(key, 'start-time');
    const other = start === undefined ? undefined : seen.get(start);
    if (start !== undefined) seen.set(start, key.key ?? '');
    const at = [...path, ...pathWords(key)];
    return other === undefined ? [] : [found('constraint', at, `start-time "${start}"`, `start-time must be unique: same as key ${other}`)];
  });
}

const OWN_CLASSES = ['super-user', 'superuser', 'operator', 'read-only', 'unauthorized'];

function system(root: ConfigurationNode): CheckFinding[] {
  const login = descendant(root, 'system', 'login');
  const zone = descendant(root, 'system', 'time-zone')?.value;
  const classes = entries(login, 'user').flatMap((user) => {
    const name = valueOf(user, 'class');
    const isThere = name === undefined || OWN_CLASSES.includes(name) || descendant(login, ['class', name]) !== undefined;
    return isThere ? [] : [found('constraint', ['system', 'login', ...pathWords(user)], `class ${name}`, 'login class is not defined')];
  });
  if (zone === undefined || isTimeZone(zone)) return classes;
  return [...classes, found('constraint', ['system'], `time-zone ${zone}`, `invalid time-zone: ${zone}`)];
}

function eventOptions(root: ConfigurationNode, options: CheckOptions): CheckFinding[] {
  const path = ['event-options'];
  const events = descendant(root, 'event-options');
  const generated = entries(events, 'generate-event').flatMap((event) => {
    const at = [...path, ...pathWords(event)];
    const interval = valueOf(event, 'time-interval');
    if (interval === undefined && valueOf(event, 'time-of-day') === undefined) return [missing(at, 'time-interval')];
    if (valueOf(event, 'start-time') === undefined || interval !== undefined) return [];
    return [found('constraint', at, 'start-time', "'start-time' requires 'time-interval'")];
  });
  const policies = entries(events, 'policy').flatMap((policy) => {
    const at = [...path, ...pathWords(policy)];
    return ['events', 'then'].filter((name) => descendant(policy, name) === undefined).map((name) => missing(at, name));
  });
  return [...generated, ...policies, ...eventScripts(root, events, options)];
}

function eventScripts(root: ConfigurationNode, events: ConfigurationNode | undefined, options: CheckOptions): CheckFinding[] {
  const path = ['event-options', 'event-script'];
  return entries(descendant(events, 'event-script'), 'file').flatMap((file) => {
    const at = [...path, ...pathWords(file)];
    const script = `/var/db/scripts/event/${file.key}`;
    const user = valueOf(file, 'python-script-user');
    const isUser = user === undefined || (user !== 'root' && descendant(root, 'system', 'login', ['user', user]) !== undefined);
    const refusal = user === 'root' ? 'root user is not allowed' : `user '${user}' is not configured under system login`;
    return [
      ...(options.fileExists(script) ? [] : [found('daemon', path, `file ${file.key}`, `event script missing : '${script}'`)]),
      ...(isUser ? [] : [found('constraint', at, `python-script-user ${user}`, refusal)]),
    ];
  });
}
