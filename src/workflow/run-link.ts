// One link in one run: initial configuration where it is missing, then rotation, for every end that this
// process works on (one on-box, all off-box). A failing end fails by itself and never as an exception.

import { QkdError, asQkdError } from '../errors.ts';
import { type ConnectivityAssociation, connectivityAssociation } from '../junos/macsec.ts';
import { type InitialResult, applyInitialConfiguration } from './apply-initial-configuration.ts';
import { noProfile } from '../profile.ts';
import { type LinkEndWork, identity, leftToMaster } from './link-end.ts';
import type { LinkReport } from './report.ts';
import { rotateKeyChain } from './rotate-key-chain.ts';
import { rotatePreSharedKey } from './rotate-pre-shared-key.ts';

/** run: both; init: only the initial configuration, for present associations too; rotate: only keys. */
export type Command = 'run' | 'init' | 'rotate';

/** Works on all `ends` of one link at the same time. One report per end, in order; never rejects. */
export async function runLink(ends: readonly LinkEndWork[], command: Command): Promise<LinkReport[]> {
  const { profile = noProfile } = ends[0]?.run ?? {};
  const configure = async (): Promise<InitialResult[]> => {
    const applying = applyInitialConfiguration(ends, command === 'init');
    await Promise.all(ends.map(({ site, link }) => profile.measure('initial configuration', { device: site.device.name, link: link.name }, () => applying)));
    return applying;
  };
  const initial = command === 'rotate' ? ends.map((): InitialResult => ({ state: 'present', difference: '' })) : await configure();
  return Promise.all(ends.map((end, i) => runEnd(end, command, initial[i] as InitialResult).finally(() => end.onEnded?.())));
}

/** What an end has published is on disk when its report is there. */
async function runEnd(end: LinkEndWork, command: Command, initial: InitialResult): Promise<LinkReport> {
  const report = await workOnEnd(end, command, initial);
  try {
    await end.site.ownRecord.save();
    return report;
  } catch (error) {
    return report.outcome === 'failed' ? report : failed(end, error);
  }
}

async function workOnEnd(end: LinkEndWork, command: Command, initial: InitialResult): Promise<LinkReport> {
  try {
    if (initial.state === 'failed') throw initial.error;
    if (command !== 'init') end.site.router.lookAhead({ clock: end.link.method === 'key-chain' });
    if (await end.site.router.seemsBackup()) return leftToMaster(end);
    if (initial.state !== 'needs-key' && (command === 'init' || (end.run.dryRun && initial.state === 'applied'))) return initialReport(end, initial);
    const { profile = noProfile } = end.run;
    return await profile.measure('rotation', { device: end.site.device.name, link: end.link.name }, () => rotate(end, command !== 'rotate'));
  } catch (error) {
    return failed(end, error);
  }
}

/** By the planner of the method that the router is on; moving a link to the other method is method key-chain's work. */
async function rotate(end: LinkEndWork, mayInitialise: boolean): Promise<LinkReport> {
  const association = connectivityAssociation(await end.site.router.configuration(), end.link.connectivityAssociation);
  if (association !== undefined) checkBinding(end, association);
  const leavesChain = end.link.method === 'pre-shared-key' && association?.keyChain !== undefined;
  // A deactivated association is left alone and reported, whatever the method.
  return end.link.method === 'key-chain' || leavesChain || association?.inactive === true ? rotateKeyChain(end, mayInitialise) : rotatePreSharedKey(end, mayInitialise);
}

/** A key on an interface that does not use it protects nothing: that is for the operator to know, not to be undone by us. */
function checkBinding(end: LinkEndWork, association: ConnectivityAssociation): void {
  if (association.inactive) return;
  const unbound = end.own.interfaces.filter((name) => !association.interfaces.includes(name));
  if (unbound.length === 0) return;
  const problem = `router ${end.site.device.name}: ${unbound.join(', ')} not bound to connectivity association ${association.name}`;
  if (unbound.length === end.own.interfaces.length) throw new QkdError('link', problem, { hint: 'the link is not protected by it: run qkd-macsec init, or correct the interfaces in the inventory' });
  end.run.log.write('WARNING', 'link', problem, { link: end.link.name });
}

function initialReport(end: LinkEndWork, initial: { state: 'present' | 'applied'; difference: string }): LinkReport {
  const done = end.run.dryRun ? 'dry run: would apply the initial configuration' : 'initial configuration applied';
  const applied = initial.difference !== '' || initial.state === 'applied';
  return {
    ...identity(end),
    outcome: applied && !end.run.dryRun ? 'installed' : 'unchanged',
    reason: applied ? done : 'initial configuration is there already',
    difference: initial.difference,
  };
}

/** The report of an end that failed. Key IDs and CKNs are left out: what is in use is the router's to say. */
export function failed(end: LinkEndWork, cause: unknown): LinkReport {
  const error = asQkdError('run', cause);
  return { ...identity(end), outcome: 'failed', reason: error.message, error };
}
