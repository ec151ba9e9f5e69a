// One configuration in set form, curly text and XML: each form reads what it writes, and each way to change
// a configuration does in one form what it does in the others.

import { describe, expect, it } from 'vitest';

import { element, elementWith } from '../../xml.ts';
import type { Finding } from './change.ts';
import { curlyLines } from './curly-text.ts';
import { FULL, LINES, loadSet, loadText, loadXml } from './sample-configuration.ts';
import { setLines } from './set-statements.ts';
import { EMPTY_CONFIGURATION, sameConfiguration } from './tree.ts';
import { toXml } from './xml-form.ts';

describe('one configuration in three forms', () => {
  it('loads every line and writes the same lines', () => {
    const findings: Finding[] = [];
    expect(setLines(loadSet(LINES, EMPTY_CONFIGURATION, findings))).toEqual(LINES);
    expect(findings).toEqual([]);
  });

  it('reads back its own text', () => {
    const findings: Finding[] = [];
    const text = curlyLines(FULL).join('\n');
    expect(sameConfiguration(loadText(text, EMPTY_CONFIGURATION, findings), FULL)).toBe(true);
    expect(findings).toEqual([]);
  });

  it('reads back its own XML', () => {
    const findings: Finding[] = [];
    expect(sameConfiguration(loadXml(toXml(FULL), EMPTY_CONFIGURATION, findings), FULL)).toBe(true);
    expect(findings).toEqual([]);
  });

  it('writes text as Junos does', () => {
    expect(curlyLines(loadSet(LINES.filter((line) => /static-host|generate|events|family|apply-groups|ssh-ed|kme-p|re0 s|deact|et-0\/0\/2/.test(line)))).join('\n')).toBe(
      `groups {
    re0 {
        system {
            host-name r1-re0;
        }
    }
}
apply-groups [ re0 re1 ];
system {
    login {
        user admin {
            authentication {
                ssh-ed25519 "ssh-ed25519 AAAA a@b"; ## SECRET-DATA
            }
        }
    }
    static-host-mapping {
        r2 inet 192.0.2.2;
    }
}
security {
    macsec {
        interfaces et-0/0/1 {
            apply-macro qkd {
                kme-port 8443;
            }
        }
    }
}
interfaces {
    et-0/0/1 {
        unit 0 {
            family inet {
                address 10.0.0.1/30;
            }
            family iso;
        }
    }
    inactive: et-0/0/2 {
        disable;
    }
}
event-options {
    generate-event {
        QKD time-interval 600;
    }
    policy QKD {
        events [ QKD other ];
    }
}
protocols {
    bgp {
        group g {
            family inet {
                unicast;
            }
        }
    }
}`,
    );
  });

  it('keeps secrets as $9$ and reads them back as the same secret', () => {
    const secret = loadSet(['set security macsec connectivity-association CA pre-shared-key cak 00112233']);
    const [line = ''] = setLines(secret);
    expect(line).toMatch(/ cak "\$9\$/);
    expect(line).not.toContain('00112233');
    expect(sameConfiguration(loadSet([line]), secret)).toBe(true);
    expect(loadSet(['set security macsec connectivity-association CA pre-shared-key cak 00112233'], secret)).toBe(secret);
  });
});

describe('changes', () => {
  const base = loadSet(['set system host-name r1', 'set system services ssh', 'set interfaces et-0/0/1 mtu 9000', 'set interfaces et-0/0/2 mtu 9000']);

  it.each([
    ['delete system host-name', ['set system services ssh', 'set interfaces et-0/0/1 mtu 9000', 'set interfaces et-0/0/2 mtu 9000']],
    ['delete interfaces', ['set system host-name r1', 'set system services ssh']],
    ['delete interfaces et-0/0/1 mtu', ['set system host-name r1', 'set system services ssh', 'set interfaces et-0/0/1', 'set interfaces et-0/0/2 mtu 9000']],
    ['deactivate system services', ['set system host-name r1', 'set system services ssh', 'deactivate system services', 'set interfaces et-0/0/1 mtu 9000', 'set interfaces et-0/0/2 mtu 9000']],
    ['rename interfaces et-0/0/1 to et-0/0/9', ['set system host-name r1', 'set system services ssh', 'set interfaces et-0/0/9 mtu 9000', 'set interfaces et-0/0/2 mtu 9000']],
    ['insert interfaces et-0/0/2 before et-0/0/1', ['set system host-name r1', 'set system services ssh', 'set interfaces et-0/0/2 mtu 9000', 'set interfaces et-0/0/1 mtu 9000']],
  ])('%s', (line, lines) => {
    const findings: Finding[] = [];
    expect(setLines(loadSet([line], base, findings))).toEqual(lines);
    expect(findings).toEqual([]);
  });

  it.each(['delete system login', 'delete interfaces et-0/0/7', 'deactivate snmp', 'delete system host-name other'])('%s warns that the statement is not found', (line) => {
    const findings: Finding[] = [];
    expect(loadSet([line], base, findings)).toBe(base);
    expect(findings).toMatchObject([{ severity: 'warning', message: 'statement not found' }]);
  });

  it('replaces, deletes and deactivates by XML attributes', () => {
    const document = element('configuration',
      element('system', elementWith('services', { delete: 'delete' })),
      element('interfaces',
        elementWith('interface', { replace: 'replace' }, element('name', 'et-0/0/1'), element('disable')),
        elementWith('interface', { inactive: 'inactive' }, element('name', 'et-0/0/2')),
        elementWith('interface', { operation: 'remove' }, element('name', 'et-9/9/9'))));
    const findings: Finding[] = [];
    expect(setLines(loadXml(document, base, findings))).toEqual(['set system host-name r1', 'set interfaces et-0/0/1 disable', 'set interfaces et-0/0/2 mtu 9000', 'deactivate interfaces et-0/0/2']);
    expect(findings).toEqual([]);
  });

  it('replaces, deletes and activates by tags in text', () => {
    const findings: Finding[] = [];
    const text = 'system { replace: services { telnet; } delete: host-name; }\ninactive: interfaces { active: et-0/0/1 { mtu 1500; } }';
    expect(setLines(loadText(text, base, findings))).toEqual(['set system services telnet', 'set interfaces et-0/0/1 mtu 1500', 'set interfaces et-0/0/2 mtu 9000', 'deactivate interfaces']);
    expect(findings).toEqual([]);
  });

  it('refuses to create what exists', () => {
    const findings: Finding[] = [];
    loadXml(element('configuration', element('system', elementWith('host-name', { operation: 'create' }, 'x'))), base, findings);
    expect(findings).toMatchObject([{ severity: 'error', tag: 'data-exists' }]);
  });
});
