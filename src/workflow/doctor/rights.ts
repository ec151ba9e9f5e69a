// Whether this login may do what a run does: the RPCs themselves are asked, and one change is loaded and
// compared without a commit. A class that lacks a right often answers with nothing instead of an error, so what
// should be there is looked for.

import { isQkdError } from '../../errors.ts';
import { secretOf } from '../../junos/macsec.ts';
import { MKA_SESSIONS_RPC } from '../../junos/mka.ts';
import { COMMIT_INFORMATION_RPC, ROUTING_ENGINES_RPC } from '../../junos/system.ts';
import { UPTIME_RPC } from '../../junos/uptime.ts';
import { type XmlElement, child, childrenOf, element, textAt } from '../../xml.ts';
import type { Finding, Patient } from './finding.ts';

const NEEDED: readonly XmlElement[] = [MKA_SESSIONS_RPC, UPTIME_RPC, ROUTING_ENGINES_RPC, COMMIT_INFORMATION_RPC];

export async function checkRights(patient: Patient): Promise<Finding[]> {
  const common = { check: 'rights', subject: patient.site.device.name } as const;
  const denied: string[] = [];
  for (const request of NEEDED) if (await isDenied(patient, () => patient.site.router.ask((session) => session.rpc(request)))) denied.push(request.name);
  const change = await changeFinding(patient);
  if (denied.length > 0) return [{ ...common, verdict: 'fault', evidence: `the login class does not allow ${denied.join(', ')}`, remedy: 'compare the class with junos-config/login-class.set' }, change];
  return [change, ...secrets(patient)];
}

async function isDenied(_: Patient, work: () => Promise<unknown>): Promise<boolean> {
  try {
    await work();
    return false;
  } catch (error) {
    if (isQkdError(error, 'permission-denied')) return true;
    if (isQkdError(error, 'rpc-error')) return false;
    throw error;
  }
}

/** An association as it is, loaded into a candidate of our own and thrown away. */
async function changeFinding({ site, ends }: Patient): Promise<Finding> {
  const common = { check: 'rights', subject: site.device.name } as const;
  const [end] = ends;
  if (end === undefined) return { ...common, verdict: 'not checked', evidence: 'no link of the inventory ends here' };
  const document = element('configuration', element('security', element('macsec', element('connectivity-association', element('name', end.link.connectivityAssociation), element('security-mode', 'static-cak')))));
  try {
    await site.router.ask((session) => session.change({ document, log: 'qkd-macsec doctor', dryRun: true }));
    return { ...common, verdict: 'ok', evidence: 'the RPCs of a run are allowed, and a change of [edit security macsec] can be loaded' };
  } catch (error) {
    if (isQkdError(error, 'configuration-locked', 'configuration-modified')) return { ...common, verdict: 'warning', evidence: error.message, remedy: error.hint ?? 'wait until the configuration is free' };
    if (isQkdError(error, 'permission-denied', 'load-failed', 'rpc-error')) return { ...common, verdict: 'fault', evidence: error.message, remedy: 'compare the login class with junos-config/login-class.set' };
    throw error;
  }
}

/** Without them CAKs cannot be read back, and a link cannot be moved to the other method. */
function secrets({ site, configuration, ends }: Patient): Finding[] {
  const macsec = child(child(configuration, 'security'), 'macsec');
  const keyed = ends.filter(({ link }) => textAt(childrenOf(macsec, 'connectivity-association').find((ca) => textAt(ca, 'name') === link.connectivityAssociation), 'pre-shared-key/ckn') !== undefined);
  const hidden = keyed.filter(({ link }) => secretOf(configuration, { association: link.connectivityAssociation }) === undefined);
  if (hidden.length === 0) return [];
  return [{ check: 'rights', subject: site.device.name, verdict: 'warning', evidence: 'this login does not see CAKs: what was committed is compared by CKN only', remedy: 'give the class the permissions secret and secret-control' }];
}
