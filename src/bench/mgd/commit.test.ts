// Confirmed commits with timers in the hand of the test, and the table of what a commit check refuses.

import { describe, expect, it } from 'vitest';

import { descendants, element, textAt } from '../../xml.ts';
import type { XmlElement } from '../../xml.ts';
import { ADMIN, bench, CAK, CKN, COMMITTED, COMPARE, INITIAL, LOADED, NO_DIFFERENCE, reply, set } from './sample-mgd.ts';

describe('confirmed commits', () => {
  const confirmed = (minutes: string): XmlElement => element('commit-configuration', element('confirmed'), element('confirm-timeout', minutes));

  it('roll back by themselves', async () => {
    const { mgd, timers, commits } = bench();
    const session = mgd.openSession(ADMIN);
    await session.execute(set('set system host-name r2'));
    expect(await session.execute(confirmed('5'))).toBe(COMMITTED);
    expect(await reply(session, 'get-commit-information')).toContain('<comment>commit confirmed, rollback in 5mins</comment>');
    expect(timers).toMatchObject([{ milliseconds: 300_000, cancelled: false }]);
    timers[0]?.run();
    expect(commits.map((committed) => textAt(committed, 'system/host-name'))).toEqual(['r2', 'r1']);
    expect(await session.execute(COMPARE)).toBe(NO_DIFFERENCE);
  });

  it.each([
    ['a commit', element('commit-configuration')],
    ['a commit check', element('commit-configuration', element('check'))],
    ['a NETCONF commit', element('commit')],
  ])('are confirmed by %s', async (_name, confirming) => {
    const { mgd, timers } = bench();
    const session = mgd.openSession(ADMIN);
    await session.execute(set('set system host-name r2'));
    await session.execute(confirmed('5'));
    expect(await session.execute(confirming)).toContain('<ok/>');
    expect(timers[0]?.cancelled).toBe(true);
    expect(textAt(mgd.committed(), 'system/host-name')).toBe('r2');
  });

  it('count seconds in NETCONF form, and go back to the state before the first', async () => {
    const { mgd, timers } = bench();
    const session = mgd.openSession(ADMIN);
    await session.execute(set('set system host-name r2'));
    expect(await reply(session, 'commit', element('confirmed'), element('confirm-timeout', '30'))).toBe('<ok/>\n');
    await session.execute(set('set system host-name r3'));
    await reply(session, 'commit', element('confirmed'));
    expect(timers.map((timer) => [timer.milliseconds, timer.cancelled])).toEqual([[30_000, true], [600_000, false]]);
    timers[1]?.run();
    expect(textAt(mgd.committed(), 'system/host-name')).toBe('r1');
  });

  it('do not outlive the router', async () => {
    const { mgd, timers } = bench();
    const session = mgd.openSession(ADMIN);
    await session.execute(set('set system host-name r2'));
    await session.execute(confirmed('5'));
    mgd.close();
    expect(timers[0]?.cancelled).toBe(true);
  });
});

describe('commit check', () => {
  const CA = 'security macsec connectivity-association CA_basic';
  const CHAINS = 'security authentication-key-chains key-chain C1';
  it.each([
    [[`set ${CA} pre-shared-key-chain C1`, `delete ${CA} pre-shared-key`], 'authentication-key-chains not defined !!', '(statements constraint check failed)'],
    [[`set ${CA} pre-shared-key-chain C1`, `set ${CHAINS} key 0 secret ${CAK}`], 'May not be configured with pre-shared-key', '(statements constraint check failed)'],
    [[`delete ${CA} pre-shared-key`], 'Pre-shared key or fallback-key or pre-shared-key-chain required for static-cak mode', '(statements constraint check failed)'],
    [[`set ${CA} security-mode dynamic`], 'allowed only in static-cak mode', '(statements constraint check failed)'],
    [[`set ${CA} security-mode dynamic`, `delete ${CA} pre-shared-key`, `set ${CA} pre-shared-key-chain C1`, `set ${CHAINS} key 0 secret ${CAK}`], 'key-chain configuration is allowed only in static-cak mode', '(statements constraint check failed)'],
    [['set security macsec interfaces et-0/0/2 connectivity-association nobody'], 'Connectivity association not defined', '(statements constraint check failed)'],
    [['set security macsec interfaces et-0/0/2 unit 5 connectivity-association nobody'], 'Connectivity association not defined', '(statements constraint check failed)'],
    [[`set ${CA} fallback-key ckn ${CKN.toUpperCase()} cak ${CAK}`], 'fallback-key CKN cannot be same as pre-shared-key CKN', '(statements constraint check failed)'],
    [[`delete ${CA} pre-shared-key cak`], "Missing mandatory statement: 'cak'", '(missing mandatory statements)'],
    [[`set ${CA} mka transmit-interval 3000 bounded-delay`], 'Might not be configured with bounded-delay', '(statements constraint check failed)'],
    [[`set ${CHAINS} key 0 start-time 2026-01-01.00:00`, `set ${CHAINS} key 1 start-time "2026-01-01.01:00 +0100"`], 'start-time must be unique', '(statements constraint check failed)'],
    [['set system login user bob uid 2000'], "Missing mandatory statement: 'class'", '(missing mandatory statements)'],
    [['set system login user bob class nothing'], 'login class is not defined', '(statements constraint check failed)'],
    [['set apply-groups nothing'], 'apply-group is not defined', '(statements constraint check failed)'],
    [['set system time-zone Nowhere/Town'], 'invalid time-zone: Nowhere/Town', '(statements constraint check failed)'],
    [['set event-options event-script file qkd.py'], "event script missing : &apos;/var/db/scripts/event/qkd.py&apos;", 'configuration check-out failed<'],
    [['set event-options event-script file qkd.py python-script-user root'], 'root user is not allowed', '(statements constraint check failed)'],
    [['set event-options event-script file qkd.py python-script-user bob'], 'is not configured under system login', '(statements constraint check failed)'],
    [['set event-options generate-event E start-time 2026-01-01.00:00'], 'Missing mandatory statement', '(missing mandatory statements)'],
    [['set event-options generate-event E time-of-day 10:00:00 start-time 2026-01-01.00:00'], 'requires', '(statements constraint check failed)'],
    [['set event-options policy P events e'], "Missing mandatory statement: 'then'", '(missing mandatory statements)'],
    [Array.from({ length: 11 }, (_, n) => `set event-options generate-event E${n} time-interval 60`), 'exceeds limit of 10', '(statements constraint check failed)'],
  ])('refuses %j', async (lines, message, trailer) => {
    const { mgd, commits } = bench();
    const session = mgd.openSession(ADMIN);
    expect(await session.execute(set(...lines))).toBe(LOADED);
    const answer = (await reply(session, 'commit-configuration')).replaceAll('&apos;', "'");
    expect(answer).toContain(message.replaceAll('&apos;', "'"));
    expect(answer).toContain(trailer);
    expect(answer).toMatch(/^<commit-results>\n<rpc-error>/);
    expect(answer).not.toContain('<ok/>');
    expect(commits).toEqual([]);
    expect(await session.execute(COMPARE)).not.toBe(NO_DIFFERENCE);
    expect(await reply(session, 'validate', element('source', element('candidate')))).toContain('<error-severity>error');
  });

  it('warns about a short CKN at every commit, and commits', async () => {
    const { mgd } = bench({ initial: [...INITIAL.filter((line) => !/ckn/.test(line)), `set ${CA} pre-shared-key ckn BADC0FFE01 cak ${CAK}`] });
    const session = mgd.openSession(ADMIN);
    await session.execute(set('set snmp location lab'));
    const answer = await reply(session, 'commit-configuration');
    expect(answer).toContain('<error-severity>warning</error-severity>\n<error-path>[edit security macsec connectivity-association CA_basic pre-shared-key]</error-path>\n<error-message>To maximize security, recommend configuring all 64 hexadecimal digits of pre-shared-key ckn</error-message>');
    expect(answer).toContain('<commit-success/>');
  });

  it('accepts a chain, and a script that is there', async () => {
    const { mgd } = bench({ fileExists: (path) => path === '/var/db/scripts/event/qkd.py' });
    const session = mgd.openSession(ADMIN);
    await session.execute(set(`delete ${CA} pre-shared-key`, `set ${CA} pre-shared-key-chain C1`, `set ${CHAINS} key 0 key-name ${CKN} secret ${CAK} start-time 2026-01-01.00:00`, 'set event-options event-script file qkd.py python-script-user admin'));
    expect(await reply(session, 'commit-configuration', element('synchronize'))).toBe(COMMITTED);
    const [key] = descendants(mgd.committed(), 'key');
    expect(textAt(key, 'secret')).toBe(CAK);
    expect(textAt(key, 'start-time')).toBe('2026-1-1.00:00:00 +0000');
  });
});
