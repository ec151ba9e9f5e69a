// load-configuration, edit-config, compare, commit and rollback over one session, and the requests that are
// refused.

import { describe, expect, it } from 'vitest';

import { element, elementWith, textAt } from '../../xml.ts';
import type { XmlContent, XmlElement } from '../../xml.ts';
import { ADMIN, bench, COMMITTED, COMPARE, LOADED, NO_DIFFERENCE, NOTHING, reply, set } from './sample-mgd.ts';

describe('load, compare, commit, rollback', () => {
  it('goes the whole way and back', async () => {
    const { mgd, commits } = bench();
    const session = mgd.openSession(ADMIN);
    expect(await reply(session, 'lock-configuration')).toBe('<ok/>\n');
    expect(await session.execute(set('set system host-name r2'))).toBe(LOADED);
    expect(await session.execute(COMPARE)).toBe('<configuration-information>\n<configuration-output>\n[edit system]\n-  host-name r1;\n+  host-name r2;\n</configuration-output>\n</configuration-information>\n');
    expect(await reply(session, 'commit-configuration', element('check'))).toContain('<commit-check-success/>');
    expect(textAt(mgd.committed(), 'system/host-name')).toBe('r1');
    expect(await reply(session, 'commit-configuration', element('log', 'run 7'))).toBe(COMMITTED);
    expect(textAt(commits[0], 'system/host-name')).toBe('r2');
    expect(await reply(session, 'commit-configuration')).toBe(NOTHING);
    expect(await session.execute(elementWith('load-configuration', { compare: 'rollback', rollback: '1' }))).toBe(LOADED);
    expect(await reply(session, 'commit-configuration')).toBe(COMMITTED);
    expect(textAt(mgd.committed(), 'system/host-name')).toBe('r1');
    const information = await reply(session, 'get-commit-information');
    expect(information).toContain('<log>run 7</log>');
    expect(information).toContain('<user>admin</user>\n<client>netconf</client>');
    expect(await session.execute(elementWith('load-configuration', { rollback: '49' }))).toContain('could not open rollback configuration 49');
    expect(commits).toHaveLength(2);
  });

  it('keeps 50 configurations', async () => {
    const { mgd } = bench();
    const session = mgd.openSession(ADMIN);
    for (let n = 0; n < 55; n += 1) {
      await session.execute(set(`set system host-name n${n}`));
      await reply(session, 'commit-configuration');
    }
    const information = await reply(session, 'get-commit-information');
    expect(information.match(/<commit-history>/g)).toHaveLength(50);
    expect(information).toContain('<configuration-revision>re0-1795341600-55</configuration-revision>');
  });

  it('loads XML and text, with merge, replace and override', async () => {
    const session = bench().mgd.openSession(ADMIN);
    const xml = (action: string, ...content: XmlContent[]): XmlElement => elementWith('load-configuration', { action, format: 'xml' }, element('configuration', ...content));
    const text = (action: string, body: string): XmlElement => elementWith('load-configuration', { action, format: 'text' }, element('configuration-text', body));
    expect(await session.execute(xml('merge', element('snmp', element('location', 'lab'))))).toBe(LOADED);
    expect(await session.execute(text('replace', 'system { replace: login { user bob { class operator; } } }'))).toBe(LOADED);
    expect(await session.execute(COMPARE)).toContain('-    user admin {\n-        class super-user;\n-    }\n+    user bob {');
    expect(await session.execute(text('override', 'system { host-name alone; }'))).toBe(LOADED);
    expect(await session.execute(elementWith('get-configuration', { format: 'set' }))).toBe('<configuration-set>\nset system host-name alone\n</configuration-set>\n');
  });

  it('reports what it refuses and keeps the rest', async () => {
    const session = bench().mgd.openSession(ADMIN);
    const answer = await session.execute(set('set snmp location lab', 'set security macsec bogus', 'delete protocols'));
    expect(answer).toContain('<error-severity>error</error-severity>\n<error-path>[edit security macsec]</error-path>\n<error-message>syntax error</error-message>\n<error-info>\n<bad-element>bogus</bad-element>');
    expect(answer).toContain('<error-severity>warning</error-severity>\n<error-message>statement not found</error-message>\n</rpc-error>');
    expect(answer).toContain('<load-error-count>1</load-error-count>');
    expect(await session.execute(COMPARE)).toContain('location lab');
  });

  it('refuses a text beyond the limit', async () => {
    const session = bench().mgd.openSession(ADMIN);
    const text = `system { host-name x; }${' '.repeat(16 * 1024 * 1024)}`;
    expect(await session.execute(elementWith('load-configuration', { format: 'text' }, element('configuration-text', text)))).toContain('configuration is too large');
    expect(await session.execute(COMPARE)).toBe(NO_DIFFERENCE);
  });

  it.each([
    [elementWith('load-configuration', { format: 'json' }, element('configuration-json', '{}')), 'JSON is not supported'],
    [elementWith('load-configuration', { action: 'patch' }, element('configuration')), 'patch is not supported'],
    [elementWith('load-configuration', { action: 'bogus' }, element('configuration')), 'syntax error'],
    [elementWith('load-configuration', { url: '/var/tmp/x' }), 'URL is not supported'],
    [element('load-configuration'), 'syntax error'],
    [elementWith('load-configuration', { action: 'set' }, element('configuration')), 'syntax error'],
    [elementWith('get-configuration', { format: 'json' }), 'JSON is not supported'],
    [elementWith('get-configuration', { database: 'ephemeral' }), 'syntax error'],
    [element('commit-configuration', element('at-time', '10:00')), 'commit at is not supported'],
    [element('commit-configuration', element('confirmed'), element('confirm-timeout', '0')), 'is not within range'],
    [element('commit-configuration', element('log', 'x'.repeat(513))), 'Length 513'],
    [element('open-configuration', element('ephemeral')), 'ephemeral configuration database is not supported'],
    [element('copy-config'), 'operation is not supported'],
    [element('lock', element('target', element('running'))), 'only the candidate'],
    [element('edit-config', element('target', element('running'))), 'only the candidate'],
    [element('edit-config', element('target', element('candidate'))), 'syntax error'],
    [element('get-config', element('source', element('startup'))), 'syntax error'],
    [element('kill-session', element('session-id', '1')), 'invalid session-id'],
    [element('get-everything'), 'syntax error, expecting'],
    [element('constructor'), 'syntax error, expecting'],
  ])('refuses %#', async (request, text) => {
    const answer = await bench().mgd.openSession(ADMIN).execute(request);
    expect(answer).toMatch(/^<rpc-error>/);
    expect(answer).toContain('<error-severity>error</error-severity>');
    expect(answer).toContain(text);
  });
});

describe('edit-config', () => {
  const edit = (operation: string, config: XmlElement, ...more: XmlContent[]): XmlElement =>
    element('edit-config', element('target', element('candidate')), element('default-operation', operation), ...more, element('config', config));

  it('merges, replaces and leaves alone', async () => {
    const session = bench().mgd.openSession(ADMIN);
    const hostName = element('configuration', element('system', element('host-name', 'x')));
    expect(await session.execute(edit('merge', hostName))).toBe('<ok/>\n');
    expect(await session.execute(edit('none', element('configuration', element('system', elementWith('login', { operation: 'remove' })))))).toBe('<ok/>\n');
    expect(await session.execute(edit('replace', hostName))).toBe('<ok/>\n');
    expect(await session.execute(elementWith('get-configuration', { format: 'set' }))).toBe('<configuration-set>\nset system host-name x\n</configuration-set>\n');
    expect(await reply(session, 'discard-changes')).toBe('<ok/>\n');
    expect(await session.execute(COMPARE)).toBe(NO_DIFFERENCE);
  });

  it('warns about deleting what is not there, and goes on', async () => {
    const session = bench().mgd.openSession(ADMIN);
    const answer = await session.execute(edit('merge', element('configuration', elementWith('snmp', { operation: 'delete' }))));
    expect(answer).toContain('statement not found');
    expect(answer).toMatch(/<ok\/>\n$/);
  });

  it('keeps nothing with rollback-on-error', async () => {
    const session = bench().mgd.openSession(ADMIN);
    const config = element('configuration', element('snmp', element('location', 'lab'), element('bogus')));
    expect(await session.execute(edit('merge', config, element('error-option', 'rollback-on-error')))).toContain('<bad-element>bogus</bad-element>');
    expect(await session.execute(COMPARE)).toBe(NO_DIFFERENCE);
  });
});
