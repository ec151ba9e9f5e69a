// The initial configuration of a router for its links, as one document: connectivity associations,
// interface bindings with their apply-macro, static host mappings, on-box the event policy, and the
// root password where the inventory has one. Pure; merging it twice changes nothing. When it is applied
// is workflow/apply-initial-configuration.ts. Values are checked here once more, because a document is
// the last place where a wrong one can be stopped.

import { QkdError } from '../errors.ts';
import type { CipherSuite } from '../inventory/inventory.ts';
import type { Secret } from '../secret.ts';
import { type XmlElement, element } from '../xml.ts';
import { type NewKey, keyChainStatement } from './key-chains.ts';
import { preSharedKeyStatement } from './macsec.ts';

export interface InitialConfiguration {
  readonly associations: readonly InitialAssociation[];
  /** Host name to address, for the routers of the links. */
  readonly hosts: ReadonlyMap<string, string>;
  /** Encrypted password; undefined leaves root authentication alone. */
  readonly rootEncryptedPassword: Secret | undefined;
  /** On-box only: what starts this program. */
  readonly eventPolicy: EventPolicy | undefined;
}

export interface InitialAssociation {
  readonly name: string;
  readonly cipherSuite: CipherSuite;
  readonly interfaces: readonly string[];
  /** First key; undefined when the association has a key already. */
  readonly key: FirstKey | undefined;
  /** Host and port of the router's KME, for the apply-macro. */
  readonly kme: { readonly host: string; readonly port: number };
}

/** A pre-shared key in hex, or the keys of a key chain that the association then uses. */
export type FirstKey = { readonly ckn: string; readonly cak: Secret } | { readonly keyChain: string; readonly keys: readonly NewKey[] };

export interface EventPolicy {
  /** Seconds, 60 to 2592000. */
  readonly interval: number;
  /** YYYY-MM-DD.HH:MM in the router's time zone; undefined starts at once. */
  readonly startTime: string | undefined;
  readonly scriptUser: string;
}

/** What MKA logs about a key of the other end that this end does not have : a run then repairs the link at once. */
export const REPAIR_EVENT = 'DOT1XD_MACSEC_SC_UNKNOWN_CAK_ERR';

/** File name of the launcher below /var/db/scripts/event and /op. */
export const LAUNCHER = 'qkd-macsec.py';

/** The document to merge. Throws inventory for a value that would not stay inside its statement. */
export function initialConfigurationDocument(initial: InitialConfiguration): XmlElement {
  return element('configuration', systemStatements(initial), element('security', keyChainStatements(initial.associations), macsecStatements(initial.associations)), eventOptions(initial.eventPolicy));
}

function systemStatements(initial: InitialConfiguration): XmlElement | undefined {
  const root = initial.rootEncryptedPassword;
  const hosts = [...initial.hosts].map(([name, address]) =>
    element(
      'static-host-mapping',
      element('name', checked('host name', name, /^[A-Za-z0-9][A-Za-z0-9._-]{0,254}$/)),
      element(address.includes(':') ? 'inet6' : 'inet', checked('address', address, /^[0-9A-Fa-f.:]{2,45}$/)),
    ),
  );
  if (root === undefined && hosts.length === 0) return undefined;
  return element('system', root && element('root-authentication', element('encrypted-password', root)), hosts);
}

function macsecStatements(associations: readonly InitialAssociation[]): XmlElement {
  return element(
    'macsec',
    associations.map((a) =>
      element(
        'connectivity-association',
        element('name', checked('connectivity association', a.name, /^[A-Za-z0-9][A-Za-z0-9._-]{0,31}$/)),
        element('cipher-suite', a.cipherSuite),
        element('security-mode', 'static-cak'),
        a.key && ('keyChain' in a.key ? element('pre-shared-key-chain', a.key.keyChain) : preSharedKeyStatement(a.key.ckn, a.key.cak)),
      ),
    ),
    associations.flatMap((a) => a.interfaces.map((name) => interfaceStatement(name, a))),
  );
}

function keyChainStatements(associations: readonly InitialAssociation[]): XmlElement[] {
  return associations.flatMap(({ key }) => (key !== undefined && 'keyChain' in key ? [keyChainStatement(key.keyChain, key.keys)] : []));
}

/** kme-ca is true: unlike the original, this program never skips the check of the KME's certificate. */
function interfaceStatement(name: string, association: InitialAssociation): XmlElement {
  const macro = {
    'kme-ca': 'true',
    'kme-host': checked('KME host', association.kme.host, /^[A-Za-z0-9][A-Za-z0-9.:-]{0,254}$/),
    'kme-keyid-check': 'true',
    'kme-port': String(association.kme.port),
  };
  return element(
    'interfaces',
    element('name', checked('interface', name, /^[a-z]{2,10}-?[0-9][0-9/:.]{0,30}$/)),
    element(
      'apply-macro',
      element('name', 'qkd'),
      Object.entries(macro).map(([key, value]) => element('data', element('name', key), element('value', value))),
    ),
    element('connectivity-association', association.name),
  );
}

function eventOptions(policy: EventPolicy | undefined): XmlElement | undefined {
  if (policy === undefined) return undefined;
  const event = 'every10mins'; // the original's name: an upgrade then replaces its timer instead of adding a second
  const startTime = policy.startTime && checked('start time', policy.startTime, /^\d{4}-\d{1,2}-\d{1,2}\.\d{2}:\d{2}(:\d{2})?$/);
  return element(
    'event-options',
    element('generate-event', element('name', event), element('time-interval', String(policy.interval)), startTime && element('start-time', startTime), element('no-drift')),
    element('policy', element('name', 'qkd'), element('events', event), startsLauncher()),
    element('policy', element('name', 'qkd-repair'), element('events', REPAIR_EVENT), repairDampening(), startsLauncher()),
    element('event-script', element('file', element('name', LAUNCHER), element('python-script-user', checked('user', policy.scriptUser, /^[A-Za-z_][A-Za-z0-9._-]{0,63}$/)))),
    element('traceoptions', element('file', element('filename', 'script.log'), element('size', '10m'))),
  );
}

function startsLauncher(): XmlElement {
  return element('then', element('event-script', element('name', LAUNCHER)));
}

/** Of the events of one minute only the first starts a run (`trigger until 2`: each before the second). */
function repairDampening(): XmlElement {
  return element('within', element('name', '60'), element('trigger', element('until'), element('count', '2')));
}

function checked(what: string, value: string, pattern: RegExp): string {
  if (pattern.test(value)) return value;
  throw new QkdError('inventory', `${what} ${JSON.stringify(value.slice(0, 40))} cannot stand in a Junos statement`, { hint: 'correct it in the inventory' });
}
