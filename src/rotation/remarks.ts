// What a run saw and left alone, by name: for status, logs and the operator. None of it stops the link.

import { clockFault } from './clock-difference.ts';
import { isSuspended, type Observation } from './observation.ts';

export interface Remark {
  readonly reason:
    | 'foreign-key' // an operator's own key in the chain
    | 'inactive-key'
    | 'start-time-not-understood'
    | 'inactive-configuration'
    | 'backup-routing-engine'
    | 'mka-suspended'
    | 'mka-unreadable'
    | 'record-unreadable'
    | 'ntp-unsynchronised'
    | 'clock-difference';
  /** One line, lower case. */
  readonly text: string;
}

/** Everything worth a word that is not this program's to change. */
export function remarks(observation: Observation): Remark[] {
  return [...chainRemarks(observation), ...routerRemarks(observation), ...clockRemarks(observation)];
}

function chainRemarks({ configuration }: Observation): Remark[] {
  const found: Remark[] = [];
  const add = (reason: Remark['reason'], text: string): unknown => found.push({ reason, text: `${text}: left alone` });
  if (configuration.binding === 'inactive') add('inactive-configuration', 'the connectivity association is deactivated');
  for (const key of configuration.chain) {
    if (key.inactive) add('inactive-key', `key ${key.slot} is deactivated`);
    else if (key.startTime === undefined) add('start-time-not-understood', `key ${key.slot} has no start time that can be read`);
    else if (key.keyId === undefined) add('foreign-key', `key ${key.slot} was not installed by this program`);
  }
  return found;
}

function routerRemarks(observation: Observation): Remark[] {
  const found: Remark[] = [];
  const add = (reason: Remark['reason'], text: string): unknown => found.push({ reason, text });
  if (observation.routingEngine === 'backup') add('backup-routing-engine', 'this routing engine is the backup: nothing is changed from here');
  if (isSuspended(observation)) add('mka-suspended', 'MKA is suspended for a switchover: no key is changed meanwhile');
  if (observation.mka.kind === 'unreadable') add('mka-unreadable', `MKA state: ${observation.mka.why}`);
  for (const { device, reading } of observation.others) {
    if (reading.kind === 'unreadable') add('record-unreadable', `record of ${device}: ${reading.why}`);
  }
  return found;
}

function clockRemarks(observation: Observation): Remark[] {
  const found: Remark[] = [];
  if (observation.clock.ntp === 'unsynchronised') {
    found.push({ reason: 'ntp-unsynchronised', text: 'the clock of this router is not synchronised by NTP' });
  }
  const fault = clockFault(observation);
  if (fault !== undefined) {
    const seconds = Math.abs(fault.ahead / 1000).toFixed(1);
    const text = `the clock of ${fault.device} is at least ${seconds} s ${fault.ahead > 0 ? 'ahead' : 'behind'}, more than max_clock_difference`;
    found.push({ reason: 'clock-difference', text });
  }
  return found;
}
