// Whether the router starts the program and as whom: script language, event policy and timer, script user
// (Python event scripts run as nobody unless told), checksum, and the script files on every routing engine.

import { LAUNCHER } from '../../junos/initial-configuration.ts';
import { PLATFORMS } from '../../junos/platforms.ts';
import { type XmlElement, at, childrenOf, descendants, textAt } from '../../xml.ts';
import type { Site } from '../link-end.ts';
import { fileSight } from './engine-files.ts';
import { type Finding, type Patient, attempt } from './finding.ts';

/** scripts/install copies to where scripts usually lie. */
const FROM_FLASH = 'delete system scripts load-scripts-from-flash, or copy it there, too';

/** All of it. On a fleet that is worked off-box without any event script there is nothing to check. */
export async function checkScripts(patient: Patient): Promise<Finding[]> {
  const { configuration, site, mode } = patient;
  const subject = site.device.name;
  const script = childrenOf(at(configuration, 'event-options/event-script'), 'file').find((file) => textAt(file, 'name') === LAUNCHER);
  const policies = childrenOf(at(configuration, 'event-options'), 'policy').filter((policy) => descendants(at(policy, 'then'), 'event-script').some((used) => textAt(used, 'name') === LAUNCHER));
  if (script === undefined && policies.length === 0) {
    const evidence = `no event policy starts ${LAUNCHER}`;
    return [mode === 'offbox' ? { check: 'event-policy', subject, verdict: 'not checked', evidence: `${evidence}: this router is worked off-box` } : { check: 'event-policy', subject, verdict: 'fault', evidence, remedy: 'run qkd-macsec init on the router, or load junos-config/event-policy.set' }];
  }
  return [...language(patient), ...timer(patient, policies), ...user(patient, script), ...(await attempt('script-files', subject, () => files(patient, script)))];
}

function language({ configuration, site }: Patient): Finding[] {
  const found = textAt(configuration, 'system/scripts/language');
  const common = { check: 'script-language', subject: site.device.name } as const;
  if (found === 'python3') return [{ ...common, verdict: 'ok', evidence: 'language python3' }];
  return [{ ...common, verdict: 'fault', evidence: `system scripts language is ${found ?? 'not set'}`, remedy: 'set system scripts language python3' }];
}

/** The policy whose event a generate-event makes is the tick; others are repairs. */
function timer({ configuration, site, run }: Patient, policies: readonly XmlElement[]): Finding[] {
  const common = { check: 'event-policy', subject: site.device.name } as const;
  const events = new Set(policies.flatMap((policy) => childrenOf(policy, 'events').map((event) => String(event.text))));
  const ticks = childrenOf(at(configuration, 'event-options'), 'generate-event').filter((event) => events.has(textAt(event, 'name') ?? ''));
  const [tick] = ticks;
  const { interval } = run.settings.rotation;
  if (tick === undefined) return [{ ...common, verdict: 'fault', evidence: `no generate-event starts ${LAUNCHER}`, remedy: 'load junos-config/event-policy.set' }];
  const inactive = [tick, ...policies].some((node) => node.attributes['inactive'] !== undefined);
  if (inactive) return [{ ...common, verdict: 'fault', evidence: 'the event policy is deactivated', remedy: 'activate event-options' }];
  const seconds = Number(textAt(tick, 'time-interval'));
  if (ticks.length > 1) return [{ ...common, verdict: 'warning', evidence: `${ticks.length} timers start ${LAUNCHER}`, remedy: 'keep one of them: delete event-options generate-event NAME' }];
  if (seconds !== interval) return [{ ...common, verdict: 'warning', evidence: `time-interval is ${textAt(tick, 'time-interval') ?? 'not set'}, system.rotation.interval is ${interval}`, remedy: 'make the two agree' }];
  return [{ ...common, verdict: 'ok', evidence: `${LAUNCHER} every ${seconds} s` }];
}

function user({ configuration, site, run }: Patient, script: XmlElement | undefined): Finding[] {
  const common = { check: 'script-user', subject: site.device.name } as const;
  const name = textAt(script, 'python-script-user');
  if (name === undefined) return [{ ...common, verdict: 'fault', evidence: 'no python-script-user: Junos runs the script as nobody', remedy: `set event-options event-script file ${LAUNCHER} python-script-user ${run.scriptUser ?? 'USER'}` }];
  const login = childrenOf(at(configuration, 'system/login'), 'user').find((one) => textAt(one, 'name') === name);
  if (login === undefined) return [{ ...common, verdict: 'fault', evidence: `python-script-user ${name} is no user of this router`, remedy: 'load junos-config/login-class.set' }];
  const other = run.scriptUser !== undefined && run.scriptUser !== name;
  if (other) return [{ ...common, verdict: 'warning', evidence: `the event script runs as ${name}, the inventory's user is ${run.scriptUser}`, remedy: 'make secrets.username and python-script-user agree' }];
  return [{ ...common, verdict: 'ok', evidence: `runs as ${name}, class ${textAt(login, 'class') ?? 'none'}` }];
}

/** As event script and, where it is configured, as op script. With two routing engines the same file must be on both before a commit names it. */
async function files({ configuration, site, platform }: Patient, script: XmlElement | undefined): Promise<Finding[]> {
  const { router, device } = site;
  const engines = await router.engines();
  const { scripts } = PLATFORMS[device.platform ?? platform.family ?? 'mx'];
  const flash = at(configuration, 'system/scripts/load-scripts-from-flash') !== undefined;
  const folder = flash ? scripts.flash : scripts.usual;
  const places = engines.length > 1 ? engines.map(({ slot }) => `re${slot}:${folder}`) : [folder];
  const op = childrenOf(at(configuration, 'system/scripts/op'), 'file').find((file) => textAt(file, 'name') === LAUNCHER);
  const kinds: [string, XmlElement | undefined, string][] = [['event', script, 'event-options event-script'], ...(op === undefined ? [] : [['op', op, 'system scripts op'] as [string, XmlElement, string]])];
  const findings: Finding[] = [];
  for (const [kind, configured, statement] of kinds) {
    const checksum = textAt(configured, 'checksum/sha-256');
    for (const place of places) findings.push(await fileIn(site, `${place}/${kind}/${LAUNCHER}`, { configured: checksum, remedy: flash ? FROM_FLASH : 'copy it to every routing engine: scripts/install does' }));
    if (checksum === undefined) findings.push({ check: 'script-files', subject: device.name, verdict: 'warning', evidence: 'no checksum is configured: Junos runs whatever is in the file', remedy: `set ${statement} file ${LAUNCHER} checksum sha-256 SUM` });
  }
  return findings;
}

async function fileIn(site: Site, path: string, { configured, remedy }: { configured: string | undefined; remedy: string }): Promise<Finding> {
  const common = { check: 'script-files', subject: site.device.name } as const;
  const sight = await fileSight(site, path);
  if (sight.kind === 'not told') return { ...common, verdict: 'not checked', evidence: `${path}: ${sight.why}` };
  if (sight.kind === 'absent') return { ...common, verdict: 'fault', evidence: `${path}: ${sight.why}`, remedy };
  if (configured !== undefined && configured.toLowerCase() !== sight.sum) return { ...common, verdict: 'fault', evidence: `${path} has sha-256 ${sight.sum.slice(0, 12)}..., the configuration says ${configured.slice(0, 12)}...`, remedy: 'find out who changed it; then install again' };
  return { ...common, verdict: 'ok', evidence: `${path} is there${configured === undefined ? '' : ', with the configured checksum'}` };
}
