// A router's own view of MACsec on one interface, read from its committed configuration: which CAK is
// primary at a given time, which one is the fallback, and under which rules. Statements that carry
// inactive="inactive" are ignored, as dot1xd never sees them. Short CKNs and CAKs are filled with zeros
// on the right (Junos, pre-shared-key ckn/cak). What happens between two ends is link.ts.

import { childrenOf, child, textAt, type XmlElement } from '../../../xml.ts';
import { parseStartTime } from '../../configuration/start-time.ts';

/** One connectivity association key as this end would use it. */
export interface ConnectivityKey {
  /** As `show` prints it: upper case, as long as it was configured. */
  readonly shownName: string;
  /** CKN and CAK after zero filling: equal strings mean that two ends can talk. */
  readonly identity: string;
  /** CKN after zero filling, upper case. */
  readonly ckn: string;
}

export interface ChainKey extends ConnectivityKey {
  readonly slot: number;
  /** Milliseconds since 1970 UTC; a key without a readable start time never becomes active. */
  readonly startsAt: number;
}

export interface Association {
  readonly name: string;
  readonly cipherSuite: string;
  /** False when dot1xd runs no MKA here (security-mode is not static-cak). */
  readonly staticCak: boolean;
  readonly transmitInterval: number;
  /** Seconds between SAKs; 0 means no timed change. */
  readonly rekeyInterval: number;
  readonly keyServerPriority: number;
  readonly precedingKept: boolean;
  readonly replayWindow: number | undefined;
  readonly offset: string;
  readonly includeSci: boolean;
  readonly encryption: boolean;
  readonly chainName: string | undefined;
  readonly fixed: ConnectivityKey | undefined;
  readonly chain: readonly ChainKey[];
  readonly fallback: ConnectivityKey | undefined;
}

/** The association bound to a physical interface; undefined when MACsec is not configured there. */
export function associationOn(configuration: XmlElement, interfaceName: string): Association | undefined {
  const security = active(child(configuration, 'security'));
  const macsec = active(child(security, 'macsec'));
  const binding = childrenOf(macsec, 'interfaces').find((node) => named(node, interfaceName));
  const name = leaf(active(binding), 'connectivity-association');
  const node = active(childrenOf(macsec, 'connectivity-association').find((one) => named(one, name)));
  return node === undefined || name === undefined ? undefined : readAssociation(name, node, configuration);
}

/** Interfaces that have a MACsec binding, in configuration order. */
export function macsecInterfaces(configuration: XmlElement): string[] {
  const macsec = active(child(active(child(configuration, 'security')), 'macsec'));
  return childrenOf(macsec, 'interfaces').flatMap((node) => (active(node) === undefined ? [] : [textAt(node, 'name') ?? '']));
}

/** The primary CAK at `now` by the router's clock: the fixed one, or the chain's key that started last. */
export function primaryKey(association: Association, now: number): ConnectivityKey | undefined {
  if (!association.staticCak) return undefined;
  if (association.fixed !== undefined) return association.fixed;
  return activeChainKey(association.chain, now);
}

/** Of the keys whose start time has passed the one with the latest start time (Junos, key-chain start-time). */
export function activeChainKey(chain: readonly ChainKey[], now: number): ChainKey | undefined {
  const started = chain.filter((key) => key.startsAt <= now);
  return started.reduce<ChainKey | undefined>((best, key) => (best === undefined || key.startsAt > best.startsAt ? key : best), undefined);
}

/** Reads a key chain by name; unreadable, inactive and incomplete keys are left out. `timeZone`: of start times that name none. */
export function readChain(security: XmlElement | undefined, name: string, hexDigits: number, timeZone = 'UTC'): ChainKey[] {
  const chains = active(child(security, 'authentication-key-chains'));
  const chain = active(childrenOf(chains, 'key-chain').find((node) => named(node, name)));
  return childrenOf(chain, 'key').flatMap((node): ChainKey[] => {
    const key = active(node) && connectivityKey(leaf(node, 'key-name'), leaf(node, 'secret'), hexDigits);
    const startsAt = parseStartTime(leaf(node, 'start-time') ?? '', timeZone);
    if (key === undefined || startsAt === undefined) return [];
    return [{ ...key, slot: Number(textAt(node, 'name')), startsAt }];
  });
}

function readAssociation(name: string, node: XmlElement, configuration: XmlElement): Association {
  const cipherSuite = leaf(node, 'cipher-suite') ?? 'gcm-aes-128';
  const digits = cipherSuite.endsWith('256') ? 64 : 32;
  const pair = (statement: string): ConnectivityKey | undefined => {
    const at = active(child(node, statement));
    return connectivityKey(leaf(at, 'ckn'), leaf(at, 'cak'), digits);
  };
  const mka = active(child(node, 'mka'));
  const window = active(child(node, 'replay-protect'));
  const chainName = leaf(node, 'pre-shared-key-chain');
  return {
    name,
    cipherSuite,
    staticCak: leaf(node, 'security-mode') === 'static-cak',
    transmitInterval: Number(leaf(mka, 'transmit-interval') ?? 2000),
    rekeyInterval: Number(leaf(mka, 'sak-rekey-interval') ?? 0),
    keyServerPriority: Number(leaf(mka, 'key-server-priority') ?? 16),
    precedingKept: leaf(node, 'disable-preceding-key') === undefined,
    replayWindow: window === undefined ? undefined : Number(leaf(window, 'replay-window-size') ?? 0),
    offset: leaf(node, 'offset') ?? '0',
    includeSci: leaf(node, 'include-sci') !== undefined,
    encryption: leaf(node, 'no-encryption') === undefined,
    chainName,
    fixed: pair('pre-shared-key'),
    chain: chainName === undefined ? [] : readChain(active(child(configuration, 'security')), chainName, digits, textAt(configuration, 'system/time-zone')),
    fallback: pair('fallback-key'),
  };
}

/** Undefined when either half is missing, not hexadecimal, or longer than the cipher suite allows. */
function connectivityKey(ckn: string | undefined, cak: string | undefined, hexDigits: number): ConnectivityKey | undefined {
  if (ckn === undefined || cak === undefined) return undefined;
  if (!/^(?:[0-9a-f]{2}){1,32}$/i.test(ckn) || !/^[0-9a-f]+$/i.test(cak) || cak.length > hexDigits) return undefined;
  const padded = ckn.toUpperCase().padEnd(64, '0');
  return { shownName: ckn.toUpperCase(), ckn: padded, identity: `${padded}:${cak.toUpperCase().padEnd(hexDigits, '0')}` };
}

function active(node: XmlElement | undefined): XmlElement | undefined {
  return node?.attributes['inactive'] === undefined ? node : undefined;
}

function leaf(node: XmlElement | undefined, name: string): string | undefined {
  const found = active(child(node, name));
  if (found === undefined) return undefined;
  return typeof found.text === 'string' ? found.text : found.text.revealText();
}

function named(node: XmlElement, name: string | undefined): boolean {
  return active(node) !== undefined && textAt(node, 'name') === name;
}
