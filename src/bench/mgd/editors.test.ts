// Two and three sessions at once: lock, shared candidate, private candidates, kill-session, and the rights of
// login classes.

import { describe, expect, it } from 'vitest';

import { element, textAt } from '../../xml.ts';
import { ADMIN, bench, COMPARE, NO_DIFFERENCE, reply, set } from './sample-mgd.ts';

describe('two sessions', () => {
  it('name the holder of the lock', async () => {
    const { mgd } = bench();
    const [one, other] = [mgd.openSession(ADMIN), mgd.openSession({ name: 'bob', loginClass: 'super-user' })];
    await reply(one, 'lock-configuration');
    const lockedBy = `configuration database locked by:\n  admin terminal  (pid ${one.pid}) on since 2026-11-22 10:00:00 UTC, idle 00:00:00\n      exclusive`;
    for (const request of [element('lock-configuration'), set('set system host-name x'), element('commit-configuration'), element('discard-changes'), element('open-configuration', element('private'))]) {
      expect(await other.execute(request)).toContain(lockedBy);
    }
    expect(await reply(other, 'lock', element('target', element('candidate')))).toContain(`<error-tag>lock-denied</error-tag>`);
    expect(await reply(other, 'lock-configuration')).toContain(`<session-id>${one.pid}</session-id>`);
    expect(await reply(other, 'get-configuration-database-status')).toMatch(/<user>admin<\/user>[\s\S]*<exclusive\/>/);
    expect(await reply(other, 'unlock-configuration')).toContain('Configuration database is not open');
    one.close();
    expect(await reply(other, 'lock-configuration')).toBe('<ok/>\n');
  });

  it('lose what was not committed under a lock, keep what lies in the shared candidate', async () => {
    const { mgd } = bench();
    const [one, other] = [mgd.openSession(ADMIN), mgd.openSession(ADMIN)];
    await reply(one, 'lock-configuration');
    await one.execute(set('set snmp location lab'));
    await reply(one, 'unlock-configuration');
    expect(await other.execute(COMPARE)).toBe(NO_DIFFERENCE);
    await one.execute(set('set snmp location lab'));
    one.close();
    expect(await other.execute(COMPARE)).toContain('location lab');
    expect(await reply(other, 'lock-configuration')).toContain('<error-message>configuration database modified</error-message>');
    expect(await reply(other, 'open-configuration', element('private'))).toContain('<error-message>shared configuration database modified</error-message>');
    expect(await reply(other, 'discard-changes')).toBe('<ok/>\n');
    expect(await reply(other, 'lock-configuration')).toBe('<ok/>\n');
  });

  it('edit privately side by side', async () => {
    const { mgd, commits } = bench();
    const [one, other, third] = [mgd.openSession(ADMIN), mgd.openSession(ADMIN), mgd.openSession(ADMIN)];
    const warning = await reply(one, 'open-configuration', element('private'));
    expect(warning).toBe('<rpc-error>\n<error-severity>warning</error-severity>\n<error-message>uncommitted changes will be discarded on exit</error-message>\n</rpc-error>\n');
    await reply(other, 'open-configuration', element('private'));
    expect(await third.execute(set('set snmp location x'))).toContain('private edits in use');
    expect(await reply(one, 'lock-configuration')).toContain('operation not allowed in private mode');
    expect(await reply(one, 'open-configuration', element('private'))).toContain('already open');
    await one.execute(set('set snmp location lab'));
    await other.execute(set('set system domain-name example.net'));
    expect(await reply(one, 'commit-configuration')).toContain('<load-success/>');
    expect(await reply(other, 'commit-configuration')).toContain('<commit-success/>');
    expect(textAt(mgd.committed(), 'snmp/location')).toBe('lab');
    expect(textAt(mgd.committed(), 'system/domain-name')).toBe('example.net');
    expect(commits).toHaveLength(2);
    await one.execute(set('set snmp location dropped'));
    expect(await reply(one, 'close-configuration')).toBe('<ok/>\n');
    expect(await reply(one, 'close-configuration')).toContain('Configuration database is not open');
  });

  it('stop a private commit while another holds the lock', async () => {
    const { mgd } = bench();
    const [one, other] = [mgd.openSession(ADMIN), mgd.openSession(ADMIN)];
    await reply(one, 'open-configuration', element('private'));
    await one.execute(set('set snmp location lab'));
    expect(await reply(other, 'lock-configuration')).toBe('<ok/>\n');
    expect(await reply(one, 'commit-configuration')).toContain('configuration database locked by:');
    await reply(other, 'unlock-configuration');
    expect(await reply(one, 'commit-configuration')).toContain('<commit-success/>');
  });

  it('end when killed', async () => {
    const killed: number[] = [];
    const { mgd } = bench({ onKill: (pid) => killed.push(pid) });
    const [one, other] = [mgd.openSession(ADMIN), mgd.openSession(ADMIN)];
    await reply(one, 'lock-configuration');
    expect(await reply(other, 'kill-session', element('session-id', String(one.pid)))).toBe('<ok/>\n');
    expect(killed).toEqual([one.pid]);
    expect(await reply(one, 'get-configuration')).toContain('session is closed');
    expect(await reply(other, 'lock-configuration')).toBe('<ok/>\n');
  });

  it('carry a commit out although the client has gone', async () => {
    const { mgd, commits } = bench({ commitDelay: () => 20 });
    const session = mgd.openSession(ADMIN);
    await reply(session, 'open-configuration', element('private'));
    await session.execute(set('set snmp location lab'));
    const pending = reply(session, 'commit-configuration');
    session.close();
    expect(await pending).toContain('<commit-success/>');
    expect(commits).toHaveLength(1);
  });
});

describe('rights', () => {
  it.each(['read-only', 'operator', 'unauthorized'] as const)('%s may not change anything', async (loginClass) => {
    const session = bench().mgd.openSession({ name: 'x', loginClass });
    for (const request of [element('lock-configuration'), set('set snmp location x'), element('commit-configuration'), element('edit-config'), element('open-configuration', element('private'))]) {
      expect(await session.execute(request)).toBe(
        `<rpc-error>\n<error-type>protocol</error-type>\n<error-tag>access-denied</error-tag>\n<error-severity>error</error-severity>\n<error-message>permission denied</error-message>\n<error-info>\n<bad-element>${request.name}</bad-element>\n</error-info>\n</rpc-error>\n`,
      );
    }
    expect((await reply(session, 'get-configuration')).startsWith('<rpc-error>')).toBe(loginClass === 'unauthorized');
  });
});
