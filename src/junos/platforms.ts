// What the product families differ in, as far as MACsec is concerned: cipher suites, statements that a family
// refuses, the range of MKA's hello time. Sources: Juniper's published models (24.4R1; EX 23.4R2), whose
// families are junos, qfx, es (SRX) and ex, and field reports for ACX. Pure. A router that is not what its
// model name says is named in the inventory (devices.NAME.platform).

import { QkdError } from '../errors.ts';
import type { CipherSuite, PlatformFamily } from '../inventory/inventory.ts';
import { type XmlElement, descendants, textAt } from '../xml.ts';

export interface PlatformProfile {
  readonly family: PlatformFamily;
  /** What `cipher-suite` takes; where there is no such statement, the suite that is in use without it. */
  readonly cipherSuites: readonly CipherSuite[];
  /** Statements below a connectivity association that the family refuses, as paths. */
  readonly refused: readonly string[];
  /** mka transmit-interval, milliseconds. */
  readonly transmitInterval: readonly [number, number];
  /** mka sak-rekey-interval, seconds. */
  readonly rekeyInterval: readonly [number, number];
  /** Where event and op scripts lie; `flash` with [edit system scripts load-scripts-from-flash], and then there alone. */
  readonly scripts: { readonly usual: string; readonly flash: string };
}

const ALL_SUITES: readonly CipherSuite[] = ['gcm-aes-128', 'gcm-aes-256', 'gcm-aes-xpn-128', 'gcm-aes-xpn-256'];

const USUAL = { cipherSuites: ALL_SUITES, refused: [], transmitInterval: [2000, 6000], rekeyInterval: [60, 86_400], scripts: { usual: '/var/db/scripts', flash: '/config/scripts' } } as const;

const SUSPENSION = ['mka/suspend-for', 'mka/suspend-on-request'];

/** The closed list of families. */
export const PLATFORMS: Readonly<Record<PlatformFamily, PlatformProfile>> = {
  mx: { ...USUAL, family: 'mx' },
  ptx: { ...USUAL, family: 'ptx' },
  acx: { ...USUAL, family: 'acx', refused: ['replay-protect'] },
  qfx: { ...USUAL, family: 'qfx', refused: SUSPENSION },
  ex: { ...USUAL, family: 'ex', cipherSuites: ['gcm-aes-128'], refused: ['cipher-suite', ...SUSPENSION], scripts: { usual: '/var/db/scripts', flash: '/config/db/scripts' } },
  srx: { ...USUAL, family: 'srx', refused: SUSPENSION, transmitInterval: [2000, 10_000] },
};

export interface FoundPlatform {
  /** As the router prints it, for example "mx304"; undefined when it shows none. */
  readonly model: string | undefined;
  /** Undefined: a family that this program knows nothing of. */
  readonly family: PlatformFamily | undefined;
  readonly evolved: boolean;
}

/** From a reply of get-system-information or get-software-information. */
export function platformIn(reply: XmlElement): FoundPlatform {
  const text = (name: string): string | undefined => descendants(reply, name).map((node) => String(node.text))[0];
  const model = text('hardware-model') ?? text('product-model');
  const family = /(?:^|[^a-z])v?(mx|ptx|acx|qfx|ex|srx)-?\d*/i.exec(model ?? '')?.[1]?.toLowerCase() as PlatformFamily | undefined;
  const system = `${text('os-name') ?? ''} ${text('os-version') ?? ''} ${text('junos-version') ?? ''}`;
  return { model, family, evolved: /evo/i.test(system) };
}

/**
 * The configuration without what the family refuses. Throws `link` when an association asks for a cipher suite that it
 * does not have; a family that is not known gets the document as it is.
 */
export function fitToPlatform(document: XmlElement, family: PlatformFamily | undefined): XmlElement {
  if (family === undefined) return document;
  const profile = PLATFORMS[family];
  return associationsIn(document, (association) => {
    const suite = textAt(association, 'cipher-suite') as CipherSuite | undefined;
    if (suite !== undefined && !profile.cipherSuites.includes(suite)) throw noSuite(suite, association, profile);
    return without(association, profile.refused);
  });
}

function noSuite(suite: string, association: XmlElement, { family, cipherSuites }: PlatformProfile): QkdError {
  return new QkdError('link', `connectivity association ${textAt(association, 'name')}: platform ${family} has no cipher suite ${suite}; it has ${cipherSuites.join(', ')}`, {
    hint: 'set cipher_suite of the link to one that both ends have, or platform of the device if the router is another one',
  });
}

/** Statements of an association that the family refuses, as paths. */
export function refusedStatements(association: XmlElement, profile: PlatformProfile): string[] {
  return profile.refused.filter((path) => {
    const [first = '', second] = path.split('/');
    const found = association.children.find(({ name }) => name === first);
    return found !== undefined && (second === undefined || found.children.some(({ name }) => name === second));
  });
}

/** Intervals of MKA, in an association, that the family does not take: "mka transmit-interval 500 is outside 2000 to 6000 ms". */
export function intervalsOutside(association: XmlElement | undefined, { transmitInterval, rekeyInterval }: PlatformProfile): string[] {
  const ranges = [['transmit-interval', transmitInterval, 'ms'], ['sak-rekey-interval', rekeyInterval, 's']] as const;
  return ranges.flatMap(([name, [least, most], unit]) => {
    const text = textAt(association, `mka/${name}`);
    return text === undefined || (Number(text) >= least && Number(text) <= most) ? [] : [`mka ${name} ${text} is outside ${least} to ${most} ${unit}`];
  });
}

function associationsIn(node: XmlElement, change: (association: XmlElement) => XmlElement): XmlElement {
  const children = node.children.map((child) => (child.name === 'connectivity-association' && child.children.length > 0 ? change(child) : associationsIn(child, change)));
  return { ...node, children };
}

function without(node: XmlElement, paths: readonly string[]): XmlElement {
  const own = paths.filter((path) => !path.includes('/'));
  const below = (name: string): string[] => paths.filter((path) => path.startsWith(`${name}/`)).map((path) => path.slice(name.length + 1));
  return { ...node, children: node.children.filter(({ name }) => !own.includes(name)).map((child) => without(child, below(child.name))) };
}
