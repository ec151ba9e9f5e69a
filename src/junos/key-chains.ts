// Junos documents of [edit security authentication-key-chains]: what a key chain holds, and the documents
// that put keys into its slots, take keys out and bind it to a connectivity association. Slots are overwritten
// in place; a chain and a binding are never removed (removing either takes the link down). Pure.

import type { Secret } from '../secret.ts';
import { type XmlElement, child, childrenOf, element, elementWith, textAt } from '../xml.ts';
import type { LocalTime } from './local-time.ts';
import { parseStartTime } from './start-time.ts';

/** One key as configured; its secret reads back as $9$ text and is left where it is. */
export interface KeyChainKey {
  readonly slot: number;
  /** key-name, lower case hex. */
  readonly ckn: string | undefined;
  /** Milliseconds since 1970 UTC; undefined: absent or not understood. */
  readonly startTime: number | undefined;
  readonly inactive: boolean;
}

/** Everything that a run wants to know from the configuration, in one read. */
export const LINKS_FILTER = element('configuration', element('system', element('host-name'), element('time-zone')), element('security', element('macsec'), element('authentication-key-chains')));

function isInactive(node: XmlElement | undefined): boolean {
  return node?.attributes['inactive'] === 'inactive';
}

function findChain(configuration: XmlElement, name: string): { chain: XmlElement | undefined; inactive: boolean } {
  const security = child(configuration, 'security');
  const chains = child(security, 'authentication-key-chains');
  const chain = childrenOf(chains, 'key-chain').find((c) => textAt(c, 'name') === name);
  return { chain, inactive: [security, chains, chain].some(isInactive) };
}

/** The keys of a chain in slot order; empty when there is no such chain. `local`: see parseStartTime. */
export function keyChainKeys(configuration: XmlElement, name: string, local: LocalTime | undefined): KeyChainKey[] {
  const { chain, inactive } = findChain(configuration, name);
  return childrenOf(chain, 'key').map((key) => ({
    slot: Number(textAt(key, 'name')),
    ckn: textAt(key, 'key-name')?.toLowerCase(),
    startTime: parseStartTime(textAt(key, 'start-time') ?? '', local),
    inactive: inactive || isInactive(key),
  }));
}

/** A key to put into a slot; the secret is hex, or the text that the router itself showed ($9$, $8$). */
export interface NewKey {
  readonly slot: number;
  readonly ckn: string;
  readonly secret: Secret;
  /** As start-time.ts writes it. */
  readonly startTime: string;
}

/** <authentication-key-chains> that puts keys into slots; each slot is replaced as a whole. */
export function keyChainStatement(chain: string, keys: readonly NewKey[]): XmlElement {
  return element('authentication-key-chains', element('key-chain', element('name', chain), keys.map(keyStatement)));
}

function keyStatement(key: NewKey): XmlElement {
  if (!Number.isInteger(key.slot) || key.slot < 0 || key.slot > 63) throw new TypeError('key-chain slot must be 0 to 63');
  if (!/^[0-9a-f]{64}$/.test(key.ckn)) throw new TypeError('CKN must be 64 hex digits in lower case');
  return elementWith('key', { replace: 'replace' }, element('name', String(key.slot)), element('secret', key.secret), element('key-name', key.ckn), element('start-time', key.startTime));
}

/** Keys into slots of a chain that is in use. */
export function installKeysDocument(chain: string, keys: readonly NewKey[]): XmlElement {
  return element('configuration', element('security', keyChainStatement(chain, keys)));
}

/** Keys out of their slots. */
export function withdrawKeysDocument(chain: string, slots: readonly number[]): XmlElement {
  const keys = slots.map((slot) => elementWith('key', { delete: 'delete' }, element('name', String(slot))));
  return element('configuration', element('security', element('authentication-key-chains', element('key-chain', element('name', chain), keys))));
}

/** The key in use moves from pre-shared-key into a chain that is then bound: one commit, same CKN and CAK. */
export function moveToKeyChainDocument(association: string, chain: string, key: NewKey): XmlElement {
  const binding = element('connectivity-association', element('name', association), elementWith('pre-shared-key', { delete: 'delete' }), element('pre-shared-key-chain', chain));
  return element('configuration', element('security', keyChainStatement(chain, [key]), element('macsec', binding)));
}

/** The key in use moves from the chain into pre-shared-key; the chain stays, unbound. */
export function moveToPreSharedKeyDocument(association: string, key: { ckn: string; secret: Secret }): XmlElement {
  const keyStatements = element('pre-shared-key', element('ckn', key.ckn), element('cak', key.secret));
  const binding = element('connectivity-association', element('name', association), elementWith('pre-shared-key-chain', { delete: 'delete' }), keyStatements);
  return element('configuration', element('security', element('macsec', binding)));
}
