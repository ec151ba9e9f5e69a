// Reading: filters, inheritance, forms, secrets, time zones, rescue configuration; and how operational RPCs
// are answered.

import { describe, expect, it } from 'vitest';

import { child, descendants, element, elementWith, textAt } from '../../xml.ts';
import type { XmlContent } from '../../xml.ts';
import { ADMIN, bench, CAK, COMPARE, INITIAL, LOADED, NO_DIFFERENCE, reply, set } from './sample-mgd.ts';

describe('reading', () => {
  it('filters, inherits and marks', async () => {
    const { mgd } = bench({ initial: [...INITIAL.filter((line) => !/host-name/.test(line)), 'set groups re0 system host-name r1-re0', 'set apply-groups re0', 'set system login user bob class operator'] });
    const session = mgd.openSession(ADMIN);
    const get = (attributes: Record<string, string>, ...filter: XmlContent[]): Promise<string> => session.execute(elementWith('get-configuration', attributes, filter.length > 0 && element('configuration', ...filter)));
    expect(await get({ database: 'committed' }, element('system', element('host-name')))).toMatch(/^<configuration [^>]*junos:commit-seconds="1795341600" junos:commit-localtime="2026-11-22 10:00:00 UTC" junos:commit-user="root">\n<\/configuration>\n$/);
    expect(await get({ inherit: 'inherit', groups: 'groups' }, element('system', element('host-name')))).toContain('<host-name junos:group="re0">r1-re0</host-name>');
    expect(await get({}, element('system', element('login', element('user', element('name', 'bob')))))).toMatch(/<user>\s*<name>bob<\/name>\s*<class>operator<\/class>\s*<\/user>\s*<\/login>/);
    expect(await get({}, element('system', element('login', element('user', element('name')))))).not.toContain('<class>');
    expect(await get({}, element('system', element('login', element('user', element('class', 'operator')))))).not.toContain('admin');
    expect(await get({}, element('interfaces'))).toMatch(/>\n<\/configuration>/);
    await session.execute(set('set snmp location lab'));
    expect(await get({ changed: 'changed' })).toMatch(/<snmp junos:changed="changed">\s*<location junos:changed="changed">lab/);
    expect(await get({ database: 'committed' })).not.toContain('<snmp>');
    expect(await get({ database: 'committed', format: 'text' })).toMatch(/^<configuration-text xmlns="[^"]+">\n## Last commit: 2026-11-22 10:00:00 UTC by root\ngroups \{/);
    const netconf = await reply(session, 'get-config', element('source', element('running')), elementWith('filter', { type: 'subtree' }, element('configuration', element('security', element('macsec', element('interfaces'))))));
    expect(netconf).toMatch(/^<data>\n<configuration [\s\S]*<connectivity-association>CA_basic<\/connectivity-association>[\s\S]*<\/configuration>\n<\/data>\n$/);
    expect(netconf).not.toContain('cak');
  });

  it('never shows a secret in clear, and shows it to super-users only', async () => {
    const { mgd } = bench();
    const [admin, viewer] = [mgd.openSession(ADMIN), mgd.openSession({ name: 'noc', loginClass: 'read-only' })];
    for (const format of ['xml', 'text', 'set']) {
      const own = await admin.execute(elementWith('get-configuration', { format }));
      expect(own).not.toContain(CAK);
      expect(own).toContain('$9$');
      const other = await viewer.execute(elementWith('get-configuration', { format }));
      expect(other).toContain('/* SECRET-DATA */');
      expect(other).not.toContain('$9$');
    }
    expect(textAt(child(mgd.committed(), 'security'), 'macsec/connectivity-association/pre-shared-key/cak')).toBe(CAK);
  });

  it('takes its own $9$ text back as no change', async () => {
    const { mgd } = bench();
    const session = mgd.openSession(ADMIN);
    const all = await session.execute(elementWith('get-configuration', { format: 'set' }));
    await session.execute(set(...all.replaceAll('&quot;', '"').split('\n').filter((line) => line.startsWith('set'))));
    expect(await session.execute(COMPARE)).toBe(NO_DIFFERENCE);
    await session.execute(set(`set security macsec connectivity-association CA_basic pre-shared-key cak ${CAK}`));
    expect(await session.execute(COMPARE)).toBe(NO_DIFFERENCE);
  });

  it('reads start times in the router\u2019s own zone', async () => {
    const { mgd } = bench({ initial: ['set security authentication-key-chains key-chain C key 0 start-time 2026-07-09.16:52', 'set system time-zone Europe/Berlin'] });
    expect(textAt(descendants(mgd.committed(), 'key')[0], 'start-time')).toBe('2026-7-9.16:52:00 +0200');
    expect(await reply(mgd.openSession(ADMIN), 'get-commit-information')).toContain('2026-11-22 11:00:00');
  });

  it('keeps a rescue configuration and rollback information', async () => {
    const session = bench().mgd.openSession(ADMIN);
    expect(await reply(session, 'get-rescue-information')).toContain('<error-severity>error');
    expect(await reply(session, 'request-save-rescue-configuration')).toBe('<ok/>\n');
    await session.execute(set('delete system login'));
    await reply(session, 'commit-configuration');
    expect(await session.execute(elementWith('get-rescue-information', { format: 'text' }))).toContain('user admin');
    expect(await reply(session, 'get-rollback-information', element('rollback', '0'), element('compare', '1'))).toContain('-  login {');
    expect(await session.execute(elementWith('load-configuration', { rescue: 'rescue' }))).toBe(LOADED);
    expect(await session.execute(COMPARE)).toContain('+  login {');
  });
});

describe('operational RPCs', () => {
  it('are answered by what was registered, one request at a time', async () => {
    const { mgd } = bench();
    const order: string[] = [];
    mgd.register({
      'get-slow': async () => {
        await new Promise((resolve) => setTimeout(resolve, 20));
        order.push('slow');
        return '<slow/>';
      },
      'get-fast': (request, session) => `<fast pid="${session.pid}">${order.push('fast') > 0 ? request.name : ''}</fast>`,
      'get-broken': () => {
        throw new Error('out of order');
      },
    });
    const session = mgd.openSession(ADMIN);
    const [slow, fast] = await Promise.all([reply(session, 'get-slow'), reply(session, 'get-fast')]);
    expect([slow, fast, order]).toEqual(['<slow/>', `<fast pid="${session.pid}">get-fast</fast>`, ['slow', 'fast']]);
    expect(await reply(session, 'get-broken')).toContain('internal error: out of order');
  });
});

describe('createMgd', () => {
  it('refuses an initial configuration with an error in it', () => {
    expect(() => bench({ initial: ['set security macsec bogus'] })).toThrow('initial configuration: [edit security macsec] bogus: syntax error');
  });
});
