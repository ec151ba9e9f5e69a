// A management daemon with timers in the test's hand, and the requests and replies that its tests share.

import { element, elementWith } from '../../xml.ts';
import type { XmlContent, XmlElement } from '../../xml.ts';
import { createMgd } from './create-mgd.ts';
import type { Mgd, MgdOptions, MgdSession, MgdUser } from './mgd.ts';

export const CKN = 'ab'.repeat(32);
export const CAK = '0123456789abcdef'.repeat(4);
export const ADMIN: MgdUser = { name: 'admin', loginClass: 'super-user' };

export const INITIAL = [
  'set system host-name r1',
  'set system login user admin class super-user',
  'set security macsec connectivity-association CA_basic cipher-suite gcm-aes-xpn-256',
  'set security macsec connectivity-association CA_basic security-mode static-cak',
  `set security macsec connectivity-association CA_basic pre-shared-key ckn ${CKN} cak ${CAK}`,
  'set security macsec interfaces et-0/0/1 connectivity-association CA_basic',
];

export interface Bench {
  readonly mgd: Mgd;
  readonly timers: { milliseconds: number; run: () => void; cancelled: boolean }[];
  readonly commits: XmlElement[];
}

export function bench(more: Partial<MgdOptions> = {}): Bench {
  const timers: Bench['timers'] = [];
  const mgd = createMgd({
    hostName: 'r1', now: () => Date.UTC(2026, 10, 22, 10, 0, 0), commitDelay: () => 0, initial: INITIAL, fileExists: () => false,
    after: (milliseconds, run) => {
      const timer = { milliseconds, run, cancelled: false };
      timers.push(timer);
      return () => void (timer.cancelled = true);
    },
    ...more,
  });
  const commits: XmlElement[] = [];
  mgd.onCommit((committed) => commits.push(committed));
  return { mgd, timers, commits };
}

export async function reply(session: MgdSession, name: string, ...content: XmlContent[]): Promise<string> {
  return session.execute(element(name, ...content));
}

export function set(...lines: string[]): XmlElement {
  return elementWith('load-configuration', { action: 'set', format: 'text' }, element('configuration-set', lines.join('\n')));
}

export const COMPARE = elementWith('get-configuration', { compare: 'rollback', rollback: '0', format: 'text' });
export const LOADED = '<load-configuration-results>\n<ok/>\n</load-configuration-results>\n';
export const COMMITTED = '<commit-results>\n<routing-engine>\n<name>re0</name>\n<commit-success/>\n</routing-engine>\n</commit-results>\n<ok/>\n';
export const NOTHING = '<commit-results>\n</commit-results>\n<ok/>\n';
export const NO_DIFFERENCE = '<configuration-information>\n<configuration-output>\n</configuration-output>\n</configuration-information>\n';
