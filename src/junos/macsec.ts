// Junos documents of [edit security macsec]: the filter to read them, what a connectivity association
// holds, and the document that replaces its pre-shared key. Pure. Facts: Juniper's published
// junos-conf-security model (24.4R1); initial statements are initial-configuration.ts.

import { Secret } from '../secret.ts';
import { type XmlElement, at, child, childrenOf, element, textAt } from '../xml.ts';

/** A connectivity association as configured; secrets are not kept (they read back as $9$ text). */
export interface ConnectivityAssociation {
  readonly name: string;
  /** Deactivated, itself, a container above it, or all that names its key: Junos does not use it. */
  readonly inactive: boolean;
  readonly securityMode: string | undefined;
  readonly cipherSuite: string | undefined;
  /** CKN of the pre-shared key, lower case. */
  readonly preSharedCkn: string | undefined;
  readonly keyChain: string | undefined;
  readonly fallbackCkn: string | undefined;
  /** Interfaces that are bound to it (active statements only). */
  readonly interfaces: readonly string[];
}

function isInactive(node: XmlElement | undefined): boolean {
  return node?.attributes['inactive'] === 'inactive';
}

/** The association of that name in a <configuration>; undefined when it is not configured. */
export function connectivityAssociation(configuration: XmlElement, name: string): ConnectivityAssociation | undefined {
  const security = child(configuration, 'security');
  const macsec = child(security, 'macsec');
  const found = childrenOf(macsec, 'connectivity-association').find((c) => textAt(c, 'name') === name);
  if (found === undefined) return undefined;
  const preSharedKey = at(found, 'pre-shared-key');
  const keys = [preSharedKey, at(found, 'pre-shared-key-chain')].filter((node) => node !== undefined);
  const active = (node: XmlElement | undefined, path: string): string | undefined => (isInactive(node) ? undefined : textAt(node, path)?.toLowerCase());
  return {
    name,
    inactive: [security, macsec, found].some(isInactive) || (keys.length > 0 && keys.every(isInactive)),
    securityMode: textAt(found, 'security-mode'),
    cipherSuite: textAt(found, 'cipher-suite'),
    preSharedCkn: active(preSharedKey, 'ckn'),
    keyChain: textAt(found, 'pre-shared-key-chain'),
    fallbackCkn: active(at(found, 'fallback-key'), 'ckn'),
    interfaces: childrenOf(macsec, 'interfaces')
      .filter((i) => !isInactive(i) && textAt(i, 'connectivity-association') === name)
      .map((i) => textAt(i, 'name') ?? ''),
  };
}

/** The document that makes `ckn` and `cak` (both hex) the pre-shared key of an association. */
export function preSharedKeyDocument(association: string, ckn: string, cak: Secret): XmlElement {
  return element('configuration', element('security', element('macsec', element('connectivity-association', element('name', association), preSharedKeyStatement(ckn, cak)))));
}

/** <pre-shared-key> with 64 hex digits of CKN and 32 or 64 of CAK; Junos would fill shorter ones with zeros. */
export function preSharedKeyStatement(ckn: string, cak: Secret): XmlElement {
  if (!/^[0-9a-f]{64}$/.test(ckn)) throw new TypeError('CKN must be 64 hex digits in lower case');
  if (cak.length !== 64 && cak.length !== 32) throw new TypeError('CAK must be 64 or 32 hex digits');
  return element('pre-shared-key', element('ckn', ckn), element('cak', cak));
}

/**
 * The secret of a pre-shared key or of a key-chain key, as the router shows it ($9$ or $8$ text, which it also
 * takes back); undefined when the login class may not see it or there is no such key.
 */
export function secretOf(configuration: XmlElement, key: { association: string } | { keyChain: string; slot: number }): Secret | undefined {
  const security = child(configuration, 'security');
  const named = (list: XmlElement[], name: string): XmlElement | undefined => list.find((node) => textAt(node, 'name') === name);
  const text =
    'association' in key
      ? textAt(named(childrenOf(child(security, 'macsec'), 'connectivity-association'), key.association), 'pre-shared-key/cak')
      : textAt(named(childrenOf(named(childrenOf(child(security, 'authentication-key-chains'), 'key-chain'), key.keyChain), 'key'), String(key.slot)), 'secret');
  return text === undefined || text === '' ? undefined : Secret.ofText(text);
}

/** Every CAK in a <configuration>, of connectivity associations and key chains, as the router shows it, and where it stands. */
export function shownCaks(configuration: XmlElement): { readonly where: string; readonly secret: Secret }[] {
  const security = child(configuration, 'security');
  const shown = (node: XmlElement | undefined, path: string, where: string) => {
    const text = textAt(node, path);
    return text === undefined || text === '' ? [] : [{ where, secret: Secret.ofText(text) }];
  };
  const associations = childrenOf(child(security, 'macsec'), 'connectivity-association').flatMap((node) =>
    ['pre-shared-key', 'fallback-key'].flatMap((key) => shown(node, `${key}/cak`, `the ${key} of connectivity association ${textAt(node, 'name')}`)),
  );
  const chains = childrenOf(child(security, 'authentication-key-chains'), 'key-chain').flatMap((chain) =>
    childrenOf(chain, 'key').flatMap((key) => shown(key, 'secret', `slot ${textAt(key, 'name')} of key chain ${textAt(chain, 'name')}`)),
  );
  return [...associations, ...chains];
}
