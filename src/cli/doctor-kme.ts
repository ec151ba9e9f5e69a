// doctor's checks of the KMEs. As part of every doctor: one status call a link end, answered by whichever of its
// KMEs answers first. With --kme also every one of them by itself, the certificates both ways, and the keys needed
// against stock and its growth. No call of this file uses a key up; --draw is doctor-draw.ts.

import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { asQkdError, isQkdError, oneLine } from '../errors.ts';
import type { Device, KmeEndpoint } from '../inventory/inventory.ts';
import { kmeClient } from '../kme/client.ts';
import { serverCertificate } from '../kme/server-certificate.ts';
import type { LinkEndWork } from '../workflow/link-end.ts';
import { type Finding, failed } from '../workflow/doctor/finding.ts';
import { budgetFinding, retentionFinding, statusFindings, subjectOf } from '../workflow/doctor/kme-findings.ts';
import type { KmeStatus } from '../workflow/ports.ts';
import type { Look } from './look.ts';
import type { World } from './world.ts';

/** How long the stock is watched, in milliseconds. */
const WATCH = 2_000;

const DAY = 86_400_000;

/** What one status call tells of a link end's KME. */
export async function checkStatus(end: LinkEndWork): Promise<{ findings: Finding[]; status: KmeStatus | undefined }> {
  const began = performance.now();
  try {
    const status = await end.site.kme.status(otherSae(end));
    return { findings: [...statusFindings(end, status, Math.round(performance.now() - began)), ...(end.role === 'master' ? [retentionFinding(end, end.run.settings.kme.retention)] : [])], status };
  } catch (cause) {
    const error = asQkdError('KME', cause);
    // A KME that answers, though not as it should, may still serve keys.
    return { findings: [failed('kme', subjectOf(end), error, isQkdError(error, 'kme-request', 'kme-answer') ? 'warning' : 'fault')], status: undefined };
  }
}

function otherSae({ role, masterSae, slaveSaes }: LinkEndWork): string {
  return role === 'master' ? (slaveSaes[0] ?? '') : masterSae;
}

/** --kme. */
export async function checkKme(world: World, look: Look, ends: readonly LinkEndWork[]): Promise<Finding[]> {
  const devices = new Map(ends.map((end) => [end.site.device.name, end]));
  const certificates = await Promise.all([...devices.values()].map(({ site }) => certificatesOf(world, look, site.device)));
  const each = await Promise.all(ends.map((end) => everyKme(world, look, end)));
  const budgets = await Promise.all(ends.filter(({ role }) => role === 'master').map((end) => budget(world, end)));
  return [...certificates.flat(), ...each.flat(), ...budgets.flat()];
}

async function certificatesOf(world: World, look: Look, device: Device): Promise<Finding[]> {
  const common = { check: 'kme-certificate', subject: device.name } as const;
  try {
    const ours: Finding = { ...common, verdict: 'ok', evidence: `ours: ${ownNames(device.kme.certificateFile)}` };
    return [ours, ...(await Promise.all(device.kme.endpoints.map((endpoint) => theirs(world, look, device, endpoint))))];
  } catch (cause) {
    return [failed('kme-certificate', device.name, asQkdError('certificates', cause))];
  }
}

async function theirs(world: World, { inventory }: Look, device: Device, endpoint: KmeEndpoint): Promise<Finding> {
  const common = { check: 'kme-certificate', subject: `${device.name}, KME ${endpoint.name}` } as const;
  try {
    const shown = await serverCertificate(device.kme, endpoint, inventory.system.kme.attemptTimeout);
    const days = Math.floor((shown.until - world.clock.now()) / DAY);
    const evidence = `theirs: ${shown.subject}, ${shown.names}, issued by ${shown.issuer}, ${days} days left, ${shown.protocol}, handshake ${shown.milliseconds} ms`;
    if (shown.mistrust !== undefined) return { ...common, verdict: 'fault', evidence: `${evidence}: not trusted: ${shown.mistrust}`, remedy: 'check ca_file, server_name, spki and the clocks' };
    if (days < inventory.system.alarms.certificateDays) return { ...common, verdict: 'warning', evidence, remedy: 'have the KME\'s operator renew it' };
    return { ...common, verdict: 'ok', evidence };
  } catch (cause) {
    return failed('kme-certificate', common.subject, asQkdError('certificates', cause));
  }
}

/** Where a link end has several KMEs, those that stand by: calls go on without them, so nobody would miss one. */
async function everyKme(world: World, { inventory, run }: Look, end: LinkEndWork): Promise<Finding[]> {
  const { device } = end.site;
  const { endpoints } = device.kme;
  if (endpoints.length < 2) return [];
  return Promise.all(
    endpoints.map(async (endpoint): Promise<Finding> => {
      const subject = `${device.name}, link ${end.link.name}, KME ${endpoint.name}`;
      const kme = kmeClient({ ...device.kme, endpoints: [endpoint] }, inventory.system.kme, run.log, { now: () => world.clock.now() });
      const began = performance.now();
      try {
        await kme.status(otherSae(end));
        return { check: 'kme', subject, verdict: 'ok', evidence: `answers by itself in ${Math.round(performance.now() - began)} ms` };
      } catch (cause) {
        const { message, hint } = asQkdError('KME', cause);
        return { check: 'kme', subject, verdict: 'warning', evidence: `of no use as one of ${endpoints.length}: ${message}`, remedy: hint };
      }
    }),
  );
}

function ownNames(file: string): string {
  const { subject, issuer, validTo } = new X509Certificate(readFileSync(file));
  return oneLine(`${subject}, issued by ${issuer}, until ${validTo}`);
}

/** Two looks at the stock tell whether it grows; nothing is drawn in between. */
async function budget(world: World, end: LinkEndWork): Promise<Finding[]> {
  try {
    const first = await end.site.kme.status(otherSae(end));
    const began = world.clock.now();
    await world.clock.sleep(WATCH);
    const second = await end.site.kme.status(otherSae(end));
    const seconds = (world.clock.now() - began) / 1000;
    const known = first.storedKeyCount !== undefined && second.storedKeyCount !== undefined && seconds > 0;
    return [budgetFinding(end, second, known ? ((second.storedKeyCount ?? 0) - (first.storedKeyCount ?? 0)) / seconds : undefined)];
  } catch (cause) {
    return [{ check: 'key-budget', subject: subjectOf(end), verdict: 'not checked', evidence: asQkdError('status', cause).message }];
  }
}
