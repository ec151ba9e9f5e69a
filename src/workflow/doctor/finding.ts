// What doctor says of one thing it checked, and the closed list of its checks. A check that cannot look says
// so: `not checked` is no `ok`.

import { type QkdError, asQkdError } from '../../errors.ts';
import type { LinkEndWork, Run, Site } from '../link-end.ts';
import type { XmlElement } from '../../xml.ts';
import type { FoundPlatform } from '../../junos/platforms.ts';

/** In the order in which they are shown. */
export const CHECKS = {
  node: 'Node version',
  memory: 'memory limit',
  artifact: 'program file and checksum',
  lock: 'run lock',
  'last-run': 'last run',
  router: 'router answers',
  rights: 'rights of the login',
  'script-language': 'script language',
  'event-policy': 'event policy',
  'script-user': 'user of the event script',
  'script-files': 'script files on every routing engine',
  'engine-files': 'program and certificate on every routing engine',
  platform: 'platform profile',
  association: 'connectivity association',
  macsec: 'MACsec output and licence',
  clock: 'clock and NTP',
  'host-keys': 'SSH host keys',
  peer: 'records of the other ends',
  certificate: 'client certificate',
  'management-instance': 'management instance',
  dns: 'KME name',
  kme: 'KME status',
  retention: 'KME retention',
  'key-budget': 'keys needed and in stock',
  'kme-certificate': 'certificate of the KME',
  draw: 'one key through both KMEs',
  'error-contract': 'refusals of the KME',
} as const;

export type CheckName = keyof typeof CHECKS;
export type CheckVerdict = 'ok' | 'warning' | 'fault' | 'not checked';

export interface Finding {
  readonly check: CheckName;
  /** The device, and the link or KME where it matters. */
  readonly subject: string;
  readonly verdict: CheckVerdict;
  /** What was seen. */
  readonly evidence: string;
  /** What to do, starting with a verb; undefined when nothing is. */
  readonly remedy?: string | undefined;
}

/** One router with its own ends of the links, as the checks see it. */
export interface Patient {
  readonly run: Run;
  readonly site: Site;
  readonly mode: 'onbox' | 'offbox';
  readonly ends: readonly LinkEndWork[];
  /** [edit system], [edit event-options] and [edit security], as far as checks need them. */
  readonly configuration: XmlElement;
  readonly platform: FoundPlatform;
  /** On-box: paths of the program, the device's certificate and its key. */
  readonly files: readonly string[];
}

/** The findings of `work`, or its failure as one: the check itself could not be made. */
export async function attempt(check: CheckName, subject: string, work: () => Promise<Finding[]>): Promise<Finding[]> {
  try {
    return await work();
  } catch (cause) {
    return [failed(check, subject, asQkdError(CHECKS[check], cause))];
  }
}

/** An error that is the finding. */
export function failed(check: CheckName, subject: string, error: QkdError, verdict: CheckVerdict = 'fault'): Finding {
  return { check, subject, verdict, evidence: error.message, remedy: error.hint };
}
