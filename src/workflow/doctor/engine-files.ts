// Files on routing engines, by the router's own checksums. Scripts are copied to the other engine by Junos when told
// to; the program, its certificate and key never are, and a switchover would leave the new master without them.

import { isQkdError } from '../../errors.ts';
import { LAUNCHER } from '../../junos/initial-configuration.ts';
import type { RoutingEngine } from '../../junos/system.ts';
import { at, childrenOf, descendants, element, textAt } from '../../xml.ts';
import type { Site } from '../link-end.ts';
import type { Finding, Patient } from './finding.ts';

export type FileSight =
  | { readonly kind: 'there'; readonly sum: string }
  | { readonly kind: 'absent'; readonly why: string }
  | { readonly kind: 'not told'; readonly why: string };

const REMEDY = 'copy it to every routing engine: scripts/install does';

/** What the router says of a file of everybody; `path` may begin with `re1:`. */
export async function fileSight(site: Site, path: string): Promise<FileSight> {
  try {
    const reply = await site.router.ask((session) => session.rpc(element('get-sha256-checksum-information', element('path', path))));
    const sum = descendants(reply, 'checksum').map((node) => String(node.text).toLowerCase())[0];
    return sum === undefined ? { kind: 'absent', why: 'it is not there' } : { kind: 'there', sum };
  } catch (error) {
    if (isQkdError(error, 'permission-denied')) return { kind: 'not told', why: 'this login may not ask for checksums' };
    if (!isQkdError(error, 'rpc-error')) throw error;
    // The class may ask, and the file is not open to this user: a key, seen from the management host.
    if (/permission denied/i.test(error.message)) return { kind: 'not told', why: 'this login may not read it' };
    return { kind: 'absent', why: error.message };
  }
}

/** With two routing engines: the program's own files are the same on both. */
export async function checkEngineFiles(patient: Patient): Promise<Finding[]> {
  const { site, files, mode } = patient;
  const engines = await site.router.engines();
  if (engines.length < 2) return [];
  const found: Finding[] = [];
  for (const file of mode === 'onbox' ? files : installedFiles(patient)) found.push(...(await onAll(patient, engines, file)));
  return found;
}

/** Seen from the management host: what an installation (src/install/release.ts) has of both releases, where this router starts the program itself. */
function installedFiles({ configuration, site: { device } }: Patient): string[] {
  const script = childrenOf(at(configuration, 'event-options/event-script'), 'file').find((file) => textAt(file, 'name') === LAUNCHER);
  const user = textAt(script, 'python-script-user');
  if (user === undefined) return [];
  const home = `/var/home/${user}/qkd-macsec`;
  return [...['event', 'op'].map((kind) => `/var/db/scripts/${kind}/${LAUNCHER.replace('.py', '.conf')}`), `${home}/a/qkd-macsec.js`, `${home}/b/qkd-macsec.js`, `${home}/certs/${device.name}.crt`];
}

async function onAll({ site, mode }: Patient, engines: readonly RoutingEngine[], file: string): Promise<Finding[]> {
  const common = { check: 'engine-files', subject: site.device.name } as const;
  const sights: [string, FileSight][] = [];
  for (const { slot } of engines) sights.push([`re${slot}`, await fileSight(site, `re${slot}:${file}`)]);
  const untold = sights.find(([, { kind }]) => kind === 'not told')?.[1];
  if (untold?.kind === 'not told') return [{ ...common, verdict: 'not checked', evidence: `${file}: ${untold.why}`, remedy: 'compare the login class with junos-config/login-class.set' }];
  const absent = sights.filter(([, { kind }]) => kind === 'absent').map(([engine]) => engine);
  // From afar it is not known which of them there must be.
  if (mode === 'offbox' && absent.length === sights.length) return [];
  if (absent.length > 0) return [{ ...common, verdict: 'fault', evidence: `${file} is not on ${absent.join(' and ')}: as master it could not rotate`, remedy: REMEDY }];
  const sums = new Set(sights.map(([, sight]) => (sight.kind === 'there' ? sight.sum : '')));
  if (sums.size > 1) return [{ ...common, verdict: 'fault', evidence: `${file} is not the same on ${sights.map(([engine]) => engine).join(' and ')}`, remedy: REMEDY }];
  return [{ ...common, verdict: 'ok', evidence: `${file} is the same on ${sights.map(([engine]) => engine).join(' and ')}` }];
}
