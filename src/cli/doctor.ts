// The command doctor: looks for everything that is known to keep the rotation from working, before it does.
// One finding a check and subject, with what was seen and what to do. It changes nothing; only --kme --draw
// uses up a key. Exit status 1 when anything is a fault.

import { asQkdError } from '../errors.ts';
import { platformIn } from '../junos/platforms.ts';
import { SYSTEM_INFORMATION_RPC } from '../junos/system.ts';
import { atMost } from '../workflow/at-most.ts';
import { CHECKS, type Finding, type Patient, attempt, failed } from '../workflow/doctor/finding.ts';
import { checkEngineFiles } from '../workflow/doctor/engine-files.ts';
import { checkMacsec } from '../workflow/doctor/macsec.ts';
import { checkClock, checkHostKeys, checkManagementInstance, checkPeers } from '../workflow/doctor/neighbours.ts';
import { checkRights } from '../workflow/doctor/rights.ts';
import { checkScripts } from '../workflow/doctor/scripts.ts';
import type { LinkEndWork } from '../workflow/link-end.ts';
import { element } from '../xml.ts';
import type { Invocation } from './arguments.ts';
import { checkDraw } from './doctor-draw.ts';
import { checkKme, checkStatus } from './doctor-kme.ts';
import { checkCertificate, checkName, checkProgram, hostKeyTrust } from './doctor-program.ts';
import { doctorDocument, doctorScreen } from './doctor-screen.ts';
import { type Look, modeOf, withLook } from './look.ts';
import { mayColour } from './status.ts';
import type { World } from './world.ts';

/** What the checks read of a router: no secret but those of [edit security], which a run reads too. */
const FILTER = element(
  'configuration',
  element('system', element('host-name'), element('time-zone'), element('management-instance'), element('scripts'), element('login'), element('ntp'), element('name-server')),
  element('event-options'),
  element('security', element('macsec'), element('authentication-key-chains')),
);

/** Runs the command. Resolves to the exit status. With --json there is a document in every case. */
export async function doctorCommand(world: World, invocation: Invocation): Promise<number> {
  const print = (text: string): void => world.standardOutput(text);
  const of = (findings: readonly Finding[]) => ({ mode: modeOf(invocation), now: world.clock.now(), findings });
  try {
    const findings = await withLook(world, invocation, (look) => examine(world, invocation, look));
    const ordered = inOrder(findings);
    print(invocation.json ? doctorDocument(of(ordered)) : doctorScreen(ordered, { colours: mayColour(world) }));
    return findings.some(({ verdict }) => verdict === 'fault') ? 1 : 0;
  } catch (cause) {
    const error = asQkdError('doctor', cause);
    if (invocation.json) print(doctorDocument(of([]), error));
    throw error;
  }
}

function inOrder(findings: readonly Finding[]): Finding[] {
  const names = Object.keys(CHECKS);
  return [...findings].sort((a, b) => names.indexOf(a.check) - names.indexOf(b.check) || a.subject.localeCompare(b.subject));
}

async function examine(world: World, invocation: Invocation, look: Look): Promise<Finding[]> {
  const found = await atMost(look.parallel, look.devices, (device) => examineDevice(world, look, device.name));
  const kme = invocation.kme ? await checkKme(world, look, look.ends) : [];
  const drawn = invocation.draw ? await checkDraw(look.ends) : [];
  return [...checkProgram(world, look), ...found.flat(), ...kme, ...drawn];
}

async function examineDevice(world: World, look: Look, name: string): Promise<Finding[]> {
  const site = look.sites.byDevice.get(name);
  if (site === undefined) return [];
  const ends = look.ends.filter((end) => end.site.device === site.device);
  const statuses = await Promise.all(ends.map((end) => checkStatus(end)));
  const kmeReached = statuses.some(({ status }) => status !== undefined);
  const local = [await checkCertificate(world, look, site.device), ...(await checkName(site.device)), ...statuses.flatMap(({ findings }) => findings)];
  const patient = await patientOf(world, look, ends, name);
  if ('check' in patient) return [patient, ...local];
  const router = await inTurn([
    () => attempt('rights', name, () => checkRights(patient)),
    () => attempt('event-policy', name, () => checkScripts(patient)),
    () => attempt('engine-files', name, () => checkEngineFiles(patient)),
    () => attempt('macsec', name, () => checkMacsec(patient)),
    () => attempt('clock', name, () => checkClock(patient)),
    () => attempt('peer', name, () => checkPeers(patient)),
  ]);
  const told: Finding = { check: 'router', subject: name, verdict: 'ok', evidence: `${patient.platform.model ?? 'a router'} answers over ${look.mode === 'onbox' ? 'its own mgd' : 'SSH'}` };
  return [told, ...router, ...checkHostKeys(patient, hostKeyTrust(look.inventory)), ...checkManagementInstance(patient, kmeReached), ...local];
}

/** One session serves all of it, so one check after the other. */
async function inTurn(checks: readonly (() => Promise<Finding[]>)[]): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const check of checks) findings.push(...(await check()));
  return findings;
}

/** The router as the checks see it, or the finding that it cannot be seen. */
async function patientOf(world: World, look: Look, ends: readonly LinkEndWork[], name: string): Promise<Patient | Finding> {
  const site = look.sites.byDevice.get(name);
  try {
    if (site === undefined) throw new Error(`no site for ${name}`);
    const configuration = await site.router.ask((session) => session.getConfiguration(FILTER));
    const platform = platformIn(await site.router.ask((session) => session.rpc(SYSTEM_INFORMATION_RPC)));
    const files = [...(world.artifact === undefined ? [] : [world.artifact]), site.device.kme.certificateFile, site.device.kme.keyFile];
    return { run: look.run, site, mode: look.mode, ends, configuration, platform, files };
  } catch (cause) {
    return failed('router', name, asQkdError('router', cause));
  }
}
