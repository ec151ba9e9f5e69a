// Configurations for the tests of this folder: loads in each form, and one configuration that touches most
// kinds of statements.

import type { XmlElement } from '../../xml.ts';
import { applyChange } from './change.ts';
import type { Finding } from './change.ts';
import { readCurlyText } from './curly-text.ts';
import { readSetLine } from './set-statements.ts';
import { EMPTY_CONFIGURATION } from './tree.ts';
import type { ConfigurationNode } from './tree.ts';
import { readXml } from './xml-form.ts';

export const time = { now: Date.UTC(2026, 10, 22), timeZone: 'UTC' };

export function loadSet(lines: readonly string[], base: ConfigurationNode = EMPTY_CONFIGURATION, findings: Finding[] = []): ConfigurationNode {
  return lines.reduce((configuration, line) => {
    const change = readSetLine(line, time, findings);
    return change === undefined ? configuration : applyChange(configuration, change, findings);
  }, base);
}

export function loadText(text: string, base: ConfigurationNode = EMPTY_CONFIGURATION, findings: Finding[] = []): ConfigurationNode {
  return applyChange(base, readCurlyText(text, time, findings), findings);
}

export function loadXml(document: XmlElement, base: ConfigurationNode = EMPTY_CONFIGURATION, findings: Finding[] = []): ConfigurationNode {
  return applyChange(base, readXml(document, { time, findings, operation: 'merge', replaces: true }), findings);
}

const CKN = 'ab'.repeat(32);

/** In the order in which the router writes them. */
export const LINES = [
  'set groups re0 system host-name r1-re0',
  'set apply-groups re0',
  'set apply-groups re1',
  'set system host-name r1',
  'set system root-authentication encrypted-password "$6$salt$hash"',
  'set system login class qkd permissions configure',
  'set system login class qkd permissions view',
  'set system login class qkd allow-commands "(op qkd|show .*)"',
  'set system login user admin class super-user',
  'set system login user admin authentication ssh-ed25519 "ssh-ed25519 AAAA a@b"',
  'set system syslog file messages any notice',
  'set system services netconf ssh port 830',
  'set system services netconf rfc-compliant',
  'set system static-host-mapping r2 inet 192.0.2.2',
  'set system ntp server 192.0.2.9 prefer',
  `set security authentication-key-chains key-chain C1 key 0 key-name ${CKN}`,
  'set security authentication-key-chains key-chain C1 key 0 start-time "2026-1-1.00:01:00 +0000"',
  'set security macsec connectivity-association CA_basic cipher-suite gcm-aes-xpn-256',
  'set security macsec connectivity-association CA_basic security-mode static-cak',
  'set security macsec connectivity-association CA_basic mka',
  'set security macsec connectivity-association CA_basic pre-shared-key-chain C1',
  'set security macsec connectivity-association CA_basic exclude-protocol lldp',
  'set security macsec interfaces et-0/0/1 apply-macro qkd kme-host "https://kme1:8443/a b"',
  'set security macsec interfaces et-0/0/1 apply-macro qkd kme-port 8443',
  'set security macsec interfaces et-0/0/1 connectivity-association CA_basic',
  'set interfaces et-0/0/1 description "to r2; protected"',
  'set interfaces et-0/0/1 unit 0 family inet address 10.0.0.1/30',
  'set interfaces et-0/0/1 unit 0 family iso',
  'set interfaces et-0/0/2 disable',
  'deactivate interfaces et-0/0/2',
  'set event-options generate-event QKD time-interval 600',
  'set event-options policy QKD events QKD',
  'set event-options policy QKD events other',
  'set event-options policy QKD then event-script qkd.py arguments device r1',
  'set routing-options static route 0.0.0.0/0 next-hop 10.0.0.2',
  'set protocols bgp group g family inet unicast',
];

export const FULL = loadSet(LINES);
