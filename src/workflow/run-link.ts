// One link in one run: initial configuration where it is missing, then rotation, for every end that this
// process works on (one on-box, all off-box). A failing end fails by itself and never as an exception.

import { QkdError, within } from '../errors.ts';
import { type InitialResult, applyInitialConfiguration } from './apply-initial-configuration.ts';
import type { LinkEndWork } from './link-end.ts';
import type { LinkReport } from './report.ts';
import { rotatePreSharedKey } from './rotate-pre-shared-key.ts';

/** run: both; init: only the initial configuration, for present associations too; rotate: only keys. */
export type Command = 'run' | 'init' | 'rotate';

/** Works on all `ends` of one link at the same time. One report per end, in order; never rejects. */
export async function runLink(ends: readonly LinkEndWork[], command: Command): Promise<LinkReport[]> {
  const initial = command === 'rotate' ? ends.map((): InitialResult => ({ state: 'present', difference: '' })) : await applyInitialConfiguration(ends, command === 'init');
  return Promise.all(ends.map((end, i) => runEnd(end, command, initial[i] as InitialResult)));
}

async function runEnd(end: LinkEndWork, command: Command, initial: InitialResult): Promise<LinkReport> {
  try {
    if (initial.state === 'failed') throw initial.error;
    if (initial.state !== 'needs-key' && (command === 'init' || (end.run.dryRun && initial.state === 'applied'))) return initialReport(end, initial);
    return await rotatePreSharedKey(end, command !== 'rotate');
  } catch (error) {
    return failed(end, error);
  }
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
  const error = cause instanceof QkdError ? cause : within('run', cause);
  return { ...identity(end), outcome: 'failed', reason: error.message, error };
}

function identity(end: LinkEndWork): Pick<LinkReport, 'link' | 'device' | 'role'> {
  return { link: end.link.name, device: end.site.device.name, role: end.role };
}
