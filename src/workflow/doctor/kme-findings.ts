// What a KME's status means for the rotation (ETSI GS QKD 014 clause 6.1): sizes and limits against what will
// be asked, keys needed against stock, and how long a key must be kept until every end has fetched it. Pure.
// The status is advice: many KMEs fill it with zeros and serve keys all the same.

import type { RotationSettings } from '../../inventory/inventory.ts';
import type { LinkEndWork } from '../link-end.ts';
import { keyBits } from '../link-keys.ts';
import type { KmeStatus } from '../ports.ts';
import type { Finding } from './finding.ts';

/** One KME's status for one link end. */
export function statusFindings(end: LinkEndWork, status: KmeStatus, milliseconds: number): Finding[] {
  const common = { check: 'kme', subject: subjectOf(end) } as const;
  const bits = keyBits(end);
  const { saeId, kme } = end.site.device;
  const problems = limits(end, status, bits);
  if (kme.status !== 'off' && status.masterSaeId !== undefined && status.masterSaeId !== saeId) {
    return [{ ...common, verdict: 'fault', evidence: `the KME knows us as ${status.masterSaeId}, the inventory says ${saeId}`, remedy: 'check cert_file and sae_id of this device; if this KME writes SAE IDs in a form of its own, set kme.status to off' }];
  }
  const doubts = status.doubts.length === 0 ? [] : [{ ...common, verdict: 'warning', evidence: `the status is not as the standard has it: ${status.doubts.slice(0, 4).join(', ')}`, remedy: 'ask the KME\'s operator; keys may be served all the same' } as const];
  if (problems.length > 0) return [...problems.map((evidence): Finding => ({ ...common, verdict: 'warning', evidence, remedy: 'ask the KME\'s operator for other limits, or change the link' })), ...doubts];
  const pair = [status.sourceKmeId, status.targetKmeId].filter((id) => id !== undefined).join(' to ');
  return [{ ...common, verdict: 'ok', evidence: `answers in ${milliseconds} ms${pair === '' ? '' : `, ${pair}`}, keys of ${bits} bits` }, ...doubts];
}

function limits({ link, run, role, site }: LinkEndWork, status: KmeStatus, bits: number): string[] {
  const { minKeySize = 0, maxKeySize = 0, maxKeyPerRequest = 0, maxKeyCount = 0 } = status;
  // Some KMEs leave all of them at zero, and work.
  if (minKeySize + maxKeySize + maxKeyPerRequest + maxKeyCount === 0) return [];
  const most = (value: number | undefined): number => (value === undefined || value === 0 ? Number.POSITIVE_INFINITY : value);
  const found: string[] = [];
  if (bits < (status.minKeySize ?? 0) || bits > most(status.maxKeySize)) found.push(`keys of ${bits} bits are outside its ${status.minKeySize ?? 0} to ${status.maxKeySize}`);
  if (role !== 'master') return found;
  const { keysPerCommit } = run.settings.rotation;
  const asked = Math.min(keysPerCommit, site.device.kme.quirks.keysPerRequest ?? keysPerCommit);
  if (asked > most(status.maxKeyPerRequest)) found.push(`it gives ${status.maxKeyPerRequest} keys a request, ${asked} are asked for: set kme.quirks.keys_per_request`);
  const additional = link.slaves.length - 1;
  if (additional > 0 && additional > (status.maxSaeIdCount ?? additional)) found.push(`it serves ${status.maxSaeIdCount} additional SAEs, the link has ${additional}`);
  return found;
}

/** How long the stock lasts at what this master's link needs; `perSecond`: how fast it was seen to grow, undefined: not measured. */
export function budgetFinding(end: LinkEndWork, status: KmeStatus, perSecond: number | undefined): Finding {
  const common = { check: 'key-budget', subject: subjectOf(end) } as const;
  const { interval } = end.run.settings.rotation;
  const need = `one key every ${interval} s (${(1 / interval).toFixed(5)} a second)`;
  const { storedKeyCount: stock, maxKeyCount } = status;
  if (stock === undefined || (stock === 0 && (maxKeyCount ?? 0) === 0)) return { ...common, verdict: 'not checked', evidence: `${need}; the KME does not tell its stock` };
  const lasts = `${need}; ${stock} in stock last ${hours(stock * interval)} without new ones`;
  const full = maxKeyCount !== undefined && stock >= maxKeyCount;
  const grows = perSecond === undefined ? '' : full ? ', the stock is full' : `, the stock grows by ${perSecond.toFixed(3)} a second`;
  if (stock < end.run.settings.rotation.keysPerCommit) return { ...common, verdict: 'warning', evidence: `${lasts}${grows}`, remedy: 'check the QKD link: the next rotation may find no key' };
  if (perSecond !== undefined && !full && perSecond < 0) return { ...common, verdict: 'warning', evidence: `${lasts}; it shrinks: others draw from it`, remedy: 'compare what all SAEs draw with the rate of the QKD link' };
  return { ...common, verdict: 'ok', evidence: `${lasts}${grows}` };
}

function hours(seconds: number): string {
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`;
  return seconds < 172_800 ? `${Math.round(seconds / 3600)} h` : `${Math.round(seconds / 86_400)} days`;
}

/** Seconds between enc_keys at the master and dec_keys at the slowest slave: its next tick, and all its looks and attempts. */
export function neededRetention({ interval, wait }: RotationSettings, deadline: number): number {
  return interval + wait + deadline;
}

/** `kept`: seconds that the inventory says the KME keeps keys; the standard has no member for it. */
export function retentionFinding(end: LinkEndWork, kept: number | undefined): Finding {
  const { rotation, kme } = end.run.settings;
  const needed = neededRetention(rotation, kme.deadline);
  const common = { check: 'retention', subject: subjectOf(end) } as const;
  const why = `a slave may fetch a key up to ${needed} s after the master drew it (one interval, wait, deadline)`;
  if (kept === undefined) return { ...common, verdict: 'not checked', evidence: `${why}; ETSI GS QKD 014 does not tell how long a KME keeps it`, remedy: 'ask the KME\'s operator and set system.kme.retention' };
  if (kept >= needed) return { ...common, verdict: 'ok', evidence: `${why}; it is kept for ${kept} s` };
  return { ...common, verdict: 'warning', evidence: `${why}; it is kept for ${kept} s`, remedy: 'have keys kept longer, or align the timers: event_options.start_time' };
}

export function subjectOf(end: LinkEndWork): string {
  return `${end.site.device.name}, link ${end.link.name}, KME ${end.site.kme.name}`;
}
