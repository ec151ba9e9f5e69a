// What needs attention at a link end, from its status: a fault when the traffic is down or unprotected, or
// nothing can be said; attention when it soon will be, or the rotation does not go on; a note for what is
// only worth knowing. Pure.

import type { Watch } from '../../rotation/alarms.ts';
import type { ConditionName, Verdict } from '../../rotation/conditions.ts';
import { interfacesWithoutPeer } from './mka-sight.ts';
import type { EndStatus, Sight } from './end-status.ts';

export type Severity = 'fault' | 'attention' | 'note';

export interface Problem {
  readonly severity: Severity;
  readonly text: string;
  readonly hint?: string | undefined;
}

/** The last run as far as problems depend on it. */
export interface RunStory {
  /** Milliseconds since 1970 UTC; undefined: no run is known. */
  readonly at: number | undefined;
  readonly error: { readonly message: string; readonly hint: string | null } | null;
}

const HINTS: Readonly<Record<ConditionName, string>> = {
  stalled: 'see the last run below, and run qkd-macsec doctor',
  'old-key': 'compare both ends: show security mka sessions detail',
  'one-sided': 'the next run withdraws it by itself; see the other end, too',
  clock: 'check NTP on all routers of the link: show system uptime',
  kme: 'check route, port and TLS of the KME: qkd-macsec doctor --kme',
  certificate: 'renew it: qkd-macsec certs renew',
};

/** `isOnBox`: the other ends' records are the only way to see them, so a record that is missing matters. */
export function problemsOf(status: EndStatus, story: RunStory, world: { now: number; watches: readonly Watch[]; isOnBox: boolean }): Problem[] {
  const { sight, verdicts } = status;
  const seen = 'observation' in sight ? sightProblems(status, sight, world.isOnBox) : [{ severity: 'fault', text: sight.message, hint: sight.hint } as const];
  return [...seen, ...verdicts.flatMap((verdict) => conditionProblem(verdict, world)), ...kmeProblems(status), ...runProblems(status, story, world.now)];
}

function sightProblems(status: EndStatus, sight: Sight, isOnBox: boolean): Problem[] {
  const { association, observation, sessions } = sight;
  const { link, own } = status.work;
  const found: Problem[] = [];
  const add = (severity: Severity, text: string, hint?: string): unknown => found.push({ severity, text, hint });
  if (association === undefined) return [{ severity: 'fault', text: `connectivity association ${link.connectivityAssociation} is not configured: the link is not protected`, hint: 'run qkd-macsec --offbox init on the management host' }];
  if (association.inactive) add('fault', `connectivity association ${association.name} is deactivated`, 'activate it, or take the link out of the inventory');
  const unbound = own.interfaces.filter((name) => !association.interfaces.includes(name));
  if (unbound.length > 0 && !association.inactive) add('fault', `${unbound.join(', ')} not bound to ${association.name}: not protected`, 'run qkd-macsec init, or correct the interfaces in the inventory');
  if (sight.isBackup) add('note', 'this is the backup routing engine: MKA and the rotation are the master\'s');
  else if (observation.mka.kind === 'unreadable') add('fault', `MKA: ${observation.mka.why}`, 'check the MACsec licence and the interface: show system license; show security mka sessions');
  else if (observation.mka.suspended > 0) add('note', 'MKA is suspended for a routing engine switchover');
  else {
    const silent = interfacesWithoutPeer(own.interfaces, sessions);
    if (silent.length > 0) add('fault', `no live MKA peer on ${silent.join(', ')}`, observation.mka.interfaceUp === false ? 'the interface is down: check the line' : 'check the line, and compare the CAK names of both ends: show security mka sessions detail');
  }
  if (status.method !== link.method) add('note', `moving from ${status.method} to ${link.method}`);
  if (observation.clock.ntp === 'unsynchronised') add('attention', 'the clock of the router is not synchronised by NTP', 'check: show ntp associations');
  for (const { device, reading } of isOnBox ? observation.others : []) {
    if (reading.kind === 'unreadable') add('attention', `record of ${device}: ${reading.why}`, `check SSH to ${device}, and that qkd-macsec runs there`);
  }
  return found;
}

/** A condition that has lasted long enough, by itself or by what earlier runs remember of it. */
function conditionProblem({ name, subject, condition }: Verdict, { now, watches }: { now: number; watches: readonly Watch[] }): Problem[] {
  if (condition === undefined) return [];
  const watch = watches.find((one) => one.name === name && one.subject === subject && one.about === condition.about);
  const since = watch?.since ?? now;
  if (watch?.raised !== true && now - since < condition.after) return [];
  return [{ severity: name === 'one-sided' ? 'fault' : 'attention', text: condition.text, hint: HINTS[name] }];
}

function kmeProblems({ kme, verdicts }: EndStatus): Problem[] {
  const { answer } = kme;
  if ('message' in answer) {
    const { code, message: text, hint } = answer;
    // The certificate has a verdict of its own, and so has a KME that is out of service.
    const said = code === 'certificate' || verdicts.some(({ name, condition }) => name === 'kme' && condition !== undefined);
    return said ? [] : [{ severity: 'attention', text, hint }];
  }
  // Many KMEs fill the status with zeros and serve keys all the same: worth knowing, no more.
  return answer.storedKeyCount === 0 && (answer.maxKeyCount ?? 0) > 0 ? [{ severity: 'note', text: `KME ${kme.name} says that it has no key in stock` }] : [];
}

function runProblems({ work }: EndStatus, { at, error }: RunStory, now: number): Problem[] {
  if (at === undefined) return [{ severity: 'note', text: 'no run is known here' }];
  if (error !== null) return [{ severity: 'attention', text: `last run failed: ${error.message}`, hint: error.hint ?? undefined }];
  const { interval, margin } = work.run.settings.rotation;
  if (now - at <= (2 * interval + margin) * 1000) return [];
  return [{ severity: 'attention', text: `no run for ${Math.round((now - at) / 60_000)} min; one is due every ${interval} s`, hint: 'check what starts it: show configuration event-options; show log escript.log' }];
}

/** The worst of them. */
export function stateOf(problems: readonly Problem[]): 'fault' | 'attention' | 'ok' {
  if (problems.some(({ severity }) => severity === 'fault')) return 'fault';
  return problems.some(({ severity }) => severity === 'attention') ? 'attention' : 'ok';
}
