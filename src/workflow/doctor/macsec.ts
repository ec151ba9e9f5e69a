// Whether MACsec can work here: platform and cipher suite against the profile (junos/platforms.ts), the
// connectivity association and its interfaces, and whether the router shows any MACsec at all: without a licence
// it takes every commit and shows nothing.

import { isQkdError } from '../../errors.ts';
import { connectivityAssociation } from '../../junos/macsec.ts';
import { PLATFORMS, intervalsOutside, refusedStatements } from '../../junos/platforms.ts';
import { type XmlElement, at, childrenOf, descendants, element, textAt } from '../../xml.ts';
import type { LinkEndWork } from '../link-end.ts';
import { type Finding, type Patient, attempt } from './finding.ts';

export async function checkMacsec(patient: Patient): Promise<Finding[]> {
  const subject = patient.site.device.name;
  const associations = patient.ends.flatMap((end) => [...platformFindings(patient, end), ...associationFindings(patient, end)]);
  const output = patient.ends.length === 0 ? [] : await attempt('macsec', subject, () => outputFindings(patient));
  return [...associations, ...output];
}

function nodeOf({ configuration }: Patient, end: LinkEndWork): XmlElement | undefined {
  return childrenOf(at(configuration, 'security/macsec'), 'connectivity-association').find((one) => textAt(one, 'name') === end.link.connectivityAssociation);
}

function platformFindings(patient: Patient, end: LinkEndWork): Finding[] {
  const { platform, site } = patient;
  const common = { check: 'platform', subject: `${site.device.name}, link ${end.link.name}` } as const;
  const family = site.device.platform ?? platform.family;
  const model = platform.model ?? 'no model';
  if (family === undefined) return [{ ...common, verdict: 'warning', evidence: `the router shows ${model}, a platform of no known profile`, remedy: 'set platform of the device in the inventory' }];
  const profile = PLATFORMS[family];
  const told = `${model}, profile ${family}${platform.evolved ? ', Junos Evolved' : ''}`;
  const suite = end.link.cipherSuite;
  if (!profile.cipherSuites.includes(suite)) return [{ ...common, verdict: 'fault', evidence: `${told}: no cipher suite ${suite}; it has ${profile.cipherSuites.join(', ')}`, remedy: 'set cipher_suite of the link to one that both ends have' }];
  const node = nodeOf(patient, end);
  const refused = node === undefined ? [] : refusedStatements(node, profile);
  if (refused.length > 0) return [{ ...common, verdict: 'warning', evidence: `${told}: refuses ${refused.join(', ')}, which is configured`, remedy: 'delete it, or set platform of the device if the router is another one' }];
  const outside = intervalsOutside(node, profile);
  if (outside.length > 0) return [{ ...common, verdict: 'warning', evidence: `${told}: ${outside.join(', ')}`, remedy: 'set it to the same value within the range at both ends' }];
  const leaves = profile.refused.length === 0 ? '' : `; init leaves out ${profile.refused.join(', ')}`;
  return [{ ...common, verdict: 'ok', evidence: `${told}: has ${suite}${leaves}` }];
}

function associationFindings({ configuration, site }: Patient, end: LinkEndWork): Finding[] {
  const { link, own } = end;
  const common = { check: 'association', subject: `${site.device.name}, link ${link.name}` } as const;
  const found = connectivityAssociation(configuration, link.connectivityAssociation);
  if (found === undefined) return [{ ...common, verdict: 'fault', evidence: `${link.connectivityAssociation} is not configured`, remedy: 'run qkd-macsec --offbox init on the management host' }];
  if (found.inactive) return [{ ...common, verdict: 'fault', evidence: `${found.name} is deactivated`, remedy: 'activate it' }];
  if (found.securityMode !== undefined && found.securityMode !== 'static-cak') return [{ ...common, verdict: 'fault', evidence: `${found.name} has security-mode ${found.securityMode}`, remedy: 'set security-mode static-cak: this program rotates no other' }];
  const unbound = own.interfaces.filter((name) => !found.interfaces.includes(name));
  if (unbound.length > 0) return [{ ...common, verdict: 'fault', evidence: `${unbound.join(', ')} not bound to ${found.name}`, remedy: 'run qkd-macsec init, or correct the interfaces in the inventory' }];
  if (found.cipherSuite !== undefined && found.cipherSuite !== link.cipherSuite) return [{ ...common, verdict: 'fault', evidence: `${found.name} has cipher-suite ${found.cipherSuite}, the inventory says ${link.cipherSuite}`, remedy: 'make the two agree: the key length depends on it' }];
  return [...softFindings({ ...common }, descendantsOf(configuration, found.name)), { ...common, verdict: 'ok', evidence: `${found.name} on ${own.interfaces.join(', ')}` }];
}

function descendantsOf(configuration: XmlElement, name: string): XmlElement | undefined {
  return childrenOf(at(configuration, 'security/macsec'), 'connectivity-association').find((one) => textAt(one, 'name') === name);
}

/** Statements that change what a fault of a key means for the traffic. */
function softFindings(common: { check: 'association'; subject: string }, node: XmlElement | undefined): Finding[] {
  const found: Finding[] = [];
  if (at(node, 'disable-preceding-key') !== undefined) found.push({ ...common, verdict: 'warning', evidence: 'disable-preceding-key: a key that changes on one end first stops the traffic', remedy: 'delete it, or use method key-chain' });
  if (at(node, 'mka/should-secure') !== undefined) found.push({ ...common, verdict: 'warning', evidence: 'should-secure: clear traffic passes when no key is agreed', remedy: 'delete it if the link must never carry clear traffic' });
  return found;
}

async function outputFindings(patient: Patient): Promise<Finding[]> {
  const { site, ends } = patient;
  const common = { check: 'macsec', subject: site.device.name } as const;
  if (await site.router.isBackup()) return [{ ...common, verdict: 'not checked', evidence: 'this is the backup routing engine: MACsec is shown on the master' }];
  const reply = await site.router.ask((session) => session.rpc(element('get-macsec-connection-information')));
  const shown = new Set(descendants(reply, 'interface-name').map((node) => String(node.text)));
  const bound = ends.flatMap(({ link, own }) => own.interfaces.filter((name) => connectivityAssociation(patient.configuration, link.connectivityAssociation)?.interfaces.includes(name)));
  const missing = bound.filter((name) => !shown.has(name));
  const licence = await licenceOf(patient);
  if (licence === 'missing') return [{ ...common, verdict: 'fault', evidence: 'the MACsec licence is missing or expired: Junos takes every commit and secures nothing', remedy: 'install the licence: request system license add' }];
  if (missing.length > 0) return [{ ...common, verdict: 'fault', evidence: `show security macsec connections has nothing for ${missing.join(', ')}`, remedy: 'check the licence and the interface: show system license; show interfaces terse' }];
  return [{ ...common, verdict: 'ok', evidence: bound.length === 0 ? 'nothing is bound yet' : `shown for ${bound.join(', ')}; licence ${licence === 'there' ? 'there' : 'not shown'}` }];
}

/** Names of features differ by platform; one that is about MACsec, needed and not there, is the trap. */
async function licenceOf({ site }: Patient): Promise<'there' | 'missing' | 'not shown'> {
  try {
    const reply = await site.router.ask((session) => session.rpc(element('get-license-summary-information')));
    const features = descendants(reply, 'feature-summary').filter((feature) => /macsec/i.test(`${textAt(feature, 'name')} ${textAt(feature, 'description')}`));
    if (features.length === 0) return 'not shown';
    return features.some((feature) => Number(textAt(feature, 'needed') ?? 0) > 0) ? 'missing' : 'there';
  } catch (error) {
    if (!isQkdError(error, 'rpc-error', 'permission-denied')) throw error;
    return 'not shown';
  }
}
