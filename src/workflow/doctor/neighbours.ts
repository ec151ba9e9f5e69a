// What the router depends on around it: the clock, SSH to the other ends and their records, and the routing
// table that the program's own connections use.

import { asQkdError } from '../../errors.ts';
import { at, type XmlElement } from '../../xml.ts';
import type { LinkEndWork } from '../link-end.ts';
import { type Finding, type Patient, failed } from './finding.ts';

/** Start times are instants of the router's clock, and a run compares it with its own. */
export async function checkClock({ site, run }: Patient): Promise<Finding[]> {
  const common = { check: 'clock', subject: site.device.name } as const;
  const clock = await site.router.clock();
  if (clock === undefined) return [{ ...common, verdict: 'not checked', evidence: 'the router does not show its clock' }];
  const limit = run.settings.rotation.maxClockDifference;
  const ahead = `${Math.abs(clock.ahead / 1000).toFixed(1)} s ${clock.ahead < 0 ? 'behind' : 'ahead of'} this machine`;
  if (Math.abs(clock.ahead) > limit * 1000) return [{ ...common, verdict: 'fault', evidence: `the router's clock is ${ahead}; ${limit} s are allowed`, remedy: 'check NTP on both: show system uptime' }];
  if (clock.ntp === 'synchronised') return [{ ...common, verdict: 'ok', evidence: `NTP synchronised, ${ahead}` }];
  return [{ ...common, verdict: 'warning', evidence: `the router shows ${clock.ntp === 'unknown' ? 'no time source' : 'that NTP does not set its clock'}`, remedy: 'set system ntp server, and check: show ntp associations' }];
}

/** On-box the records come from the other routers themselves; off-box they are files of this machine. */
export async function checkPeers(patient: Patient): Promise<Finding[]> {
  const names = new Map(patient.ends.flatMap((end) => others(end).map((name) => [name, end] as const)));
  const found = await Promise.all([...names].map(([name, end]) => peer(patient, name, end)));
  return found.flat();
}

function others({ link, site }: LinkEndWork): string[] {
  return [link.master, ...link.slaves].map(({ device }) => device).filter((name) => name !== site.device.name);
}

async function peer({ site, mode }: Patient, name: string, end: LinkEndWork): Promise<Finding[]> {
  const common = { check: 'peer', subject: `${site.device.name} to ${name}` } as const;
  try {
    const record = await site.records.read(name);
    if (record === undefined) return [{ ...common, verdict: mode === 'onbox' ? 'warning' : 'not checked', evidence: mode === 'onbox' ? `reached, but ${name} has published no record` : 'no record on this machine', ...(mode === 'onbox' ? { remedy: `run qkd-macsec on ${name}` } : {}) }];
    const told = Object.hasOwn(record.links, end.link.name) ? `names link ${end.link.name}` : `does not name link ${end.link.name} yet`;
    return [{ ...common, verdict: 'ok', evidence: `record written ${record.writtenAt ?? 'at no known time'}, ${told}` }];
  } catch (cause) {
    const error = asQkdError('record', cause);
    return [failed(error.code === 'ssh-host-key' ? 'host-keys' : 'peer', common.subject, error)];
  }
}

/** A router whose host key is neither pinned nor known is refused when it is first met. */
export function checkHostKeys(patient: Patient, pinned: (device: string) => 'pinned' | 'known hosts' | 'first key is kept' | 'none'): Finding[] {
  const { site, mode, ends } = patient;
  const names = mode === 'offbox' ? [site.device.name] : [...new Set(ends.flatMap(others))];
  return names.map((name): Finding => {
    const how = pinned(name);
    const common = { check: 'host-keys', subject: mode === 'offbox' ? name : `${site.device.name} to ${name}` } as const;
    if (how === 'none') return { ...common, verdict: 'fault', evidence: 'no host key is pinned and there is no known_hosts file', remedy: `set host_key of ${name}: ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub prints it there` };
    if (how === 'first key is kept') return { ...common, verdict: 'warning', evidence: 'host_key_policy accept-new: whoever answers first is trusted', remedy: `set host_key of ${name}` };
    return { ...common, verdict: 'ok', evidence: how };
  });
}

/** Processes that eventd starts on classic Junos use the default routing table, which cannot reach mgmt_junos. */
export function checkManagementInstance({ configuration, platform, mode, site }: Patient, kmeReached: boolean): Finding[] {
  const common = { check: 'management-instance', subject: site.device.name } as const;
  const instance: XmlElement | undefined = at(configuration, 'system/management-instance');
  if (instance === undefined) return [{ ...common, verdict: 'ok', evidence: 'not configured' }];
  if (platform.evolved) return [{ ...common, verdict: 'ok', evidence: 'configured; Junos Evolved is not known to be affected' }];
  if (mode === 'onbox' && kmeReached) return [{ ...common, verdict: 'warning', evidence: 'configured; the KME is reached from this login', remedy: 'see that the event script reaches it, too: qkd-macsec status after the next tick' }];
  if (mode === 'offbox') return [{ ...common, verdict: 'warning', evidence: 'configured: an event script on this router could not reach a KME or router behind mgmt_junos', remedy: 'run doctor on the router if the program runs there' }];
  return [{ ...common, verdict: 'fault', evidence: 'configured, and the KME is not reached: event scripts use the default routing table', remedy: 'give the KME a route in inet.0, or delete system management-instance' }];
}
