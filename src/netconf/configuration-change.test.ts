import { afterEach, beforeEach, describe, expect, it, test } from 'vitest';
import type { LogFields } from '../log.ts';
import { Secret } from '../secret.ts';
import type { ConfigurationChange } from '../workflow/ports.ts';
import { element } from '../xml.ts';
import { DIFFERENCE, ScriptedPeer, rpcError } from './scripted-peer.ts';
import { openNetconfSession, type NetconfOptions, type NetconfSession } from './session.ts';

const LOCKED = rpcError('configuration database locked by:\n  admin terminal p0 (pid 32260) on since 2021-05-06 11:04:06 UTC, idle 00:04:48\n      exclusive');
const MODIFIED = rpcError('configuration database modified');
const THEIRS = '<configuration-information><configuration-output>[edit]\n+ host-name theirs;</configuration-output></configuration-information>';
const CHANGE: ConfigurationChange = { document: element('configuration', element('cak', Secret.ofText('00112233'))), log: 'run 7f3a' };
const PRIVATE = ['open-configuration', 'load-configuration', 'get-configuration', 'commit-configuration', 'close-configuration'];

const lines: string[] = [];
const log = { write: (...event: [string, string, string, LogFields?]): void => void lines.push(JSON.stringify(event)) };
let peer: ScriptedPeer;
let session: NetconfSession;

async function open(times: Partial<NetconfOptions> = {}): Promise<void> {
  session = await openNetconfSession(await peer.connect(), {
    log,
    rpcTimeoutSeconds: 2,
    commitTimeoutSeconds: 2,
    lockWaitSeconds: 0,
    lockPollSeconds: 0.02,
    closeTimeoutSeconds: 0.05,
    ...times,
  });
}

beforeEach(async () => {
  lines.length = 0;
  peer = await ScriptedPeer.start();
});

afterEach(async () => {
  await session.close();
  await peer.stop();
});

describe('a change', () => {
  it('goes through a private candidate and gives it back', async () => {
    await open();
    expect(await session.change({ ...CHANGE, synchronize: true })).toEqual({ changed: true, difference: '[edit security]\n+  cak [secret]; ## SECRET-DATA' });
    expect(peer.received).toEqual(PRIVATE);
    expect(peer.requests[1]).toContain('<load-configuration action="merge" format="xml"><configuration><cak>00112233</cak></configuration></load-configuration>');
    expect(peer.requests[3]).toContain('<commit-configuration><synchronize/><log>run 7f3a</log></commit-configuration>');
    expect(lines.join('\n')).not.toMatch(/00112233|notAreal/);
  });

  it('sends what does not depend on the reply before it together, and the load only into a candidate that it has', async () => {
    await open();
    peer.on('open-configuration', 'silence').on('commit-configuration', 'silence');
    const changed = session.change({ ...CHANGE, readBack: element('configuration', element('security')) });
    await expect.poll(() => peer.received).toEqual(['open-configuration']);
    peer.answerLate('<ok/>');
    await expect.poll(() => peer.received).toEqual([...PRIVATE, 'get-configuration']);
    await session.close();
    await expect(changed).rejects.toMatchObject({ code: 'outcome-unknown' });
  });

  it('reads back what is committed when it is asked to', async () => {
    await open();
    peer.on('get-configuration', `<configuration-information><configuration-output>${DIFFERENCE}</configuration-output></configuration-information>`, '<configuration><security/></configuration>');
    expect(await session.change({ ...CHANGE, readBack: element('configuration', element('security')) })).toMatchObject({ changed: true, configuration: { name: 'configuration', children: [{ name: 'security' }] } });
    expect(peer.requests.at(-1)).toContain('database="committed"');
    peer.on('get-configuration', `<configuration-information><configuration-output>${DIFFERENCE}</configuration-output></configuration-information>`, rpcError('no'));
    expect(await session.change({ ...CHANGE, readBack: element('configuration') })).toMatchObject({ changed: true, configuration: undefined });
    expect(peer.commits).toBe(2);
  });

  it('commits nothing when nothing would change', async () => {
    await open();
    peer.on('get-configuration', '<configuration-information><configuration-output>\n</configuration-output></configuration-information>', '');
    expect(await session.change(CHANGE)).toEqual({ changed: false, difference: '' });
    expect(peer.received).toEqual(PRIVATE.filter((name) => name !== 'commit-configuration'));
  });

  it('with dryRun shows the difference, commits nothing and discards', async () => {
    await open();
    expect(await session.change({ ...CHANGE, dryRun: true })).toMatchObject({ changed: true, difference: expect.stringContaining('cak [secret]') });
    expect(peer.received).toEqual(PRIVATE.filter((name) => name !== 'commit-configuration'));
    expect(peer).toMatchObject({ commits: 0, dirty: false });
  });

  it('to be confirmed takes the exclusive lock, and so does its confirmation', async () => {
    await open();
    await session.change({ ...CHANGE, confirmMinutes: 5 });
    await session.confirmChange('run 7f3a confirmed');
    expect(peer.received).toEqual([
      ...['lock-configuration', 'get-configuration', 'load-configuration', 'get-configuration', 'commit-configuration', 'unlock-configuration'],
      ...['lock-configuration', 'get-configuration', 'commit-configuration', 'unlock-configuration'],
    ]);
    expect(peer.requests[4]).toContain('<confirmed/><confirm-timeout>5</confirm-timeout><log>run 7f3a</log>');
    expect(peer.requests[8]).toContain('<commit-configuration><log>run 7f3a confirmed</log></commit-configuration>');
  });

  it('takes the exclusive lock where the router knows no private candidate', async () => {
    await open();
    peer.on('open-configuration', rpcError('syntax error'));
    await session.change(CHANGE);
    expect(peer.received.slice(0, 2)).toEqual(['open-configuration', 'lock-configuration']);
    expect(peer).toMatchObject({ commits: 1 });
  });

  it('does not take the lock where the login class refuses the private candidate', async () => {
    await open();
    peer.on('open-configuration', rpcError('permission denied'));
    await expect(session.change(CHANGE)).rejects.toMatchObject({ code: 'permission-denied' });
    expect(peer.received).toEqual(['open-configuration']);
  });
});

describe('after a failing step everything is given back', () => {
  const exclusive = { ...CHANGE, confirmMinutes: 5 };

  it.each([
    // The comparison is on its way with the load.
    ['load, private', CHANGE, 'load-configuration', 'load-failed', ['get-configuration', 'close-configuration']],
    ['load, exclusive', exclusive, 'load-configuration', 'load-failed', ['get-configuration', 'load-configuration', 'unlock-configuration']],
    ['commit, private', CHANGE, 'commit-configuration', 'commit-failed', ['close-configuration']],
    ['commit, exclusive', exclusive, 'commit-configuration', 'commit-failed', ['load-configuration', 'unlock-configuration']],
    ['comparing a candidate that is still untouched', exclusive, 'get-configuration', 'rpc-error', ['unlock-configuration']],
  ])('%s', async (_, change, step, code, cleanup) => {
    await open();
    peer.on(step, rpcError('no'));
    await expect(session.change(change)).rejects.toMatchObject({ code });
    expect(peer.received.slice(peer.received.indexOf(step) + 1)).toEqual(cleanup);
    expect(peer).toMatchObject({ commits: 0, dirty: false });
    expect(await session.change(CHANGE)).toMatchObject({ changed: true });
  });

  it('comparing after the load', async () => {
    await open();
    peer.on('get-configuration', '', rpcError('no'));
    await expect(session.change(exclusive)).rejects.toMatchObject({ code: 'rpc-error' });
    expect(peer.received.slice(4)).toEqual(['load-configuration', 'unlock-configuration']);
    expect(peer.dirty).toBe(false);
  });

  it('a failing cleanup hides nothing, and the session ends so that the lock is free', async () => {
    await open();
    peer.on('commit-configuration', rpcError('the first error')).on('close-configuration', rpcError('the second error'));
    await expect(session.change(CHANGE)).rejects.toMatchObject({ code: 'commit-failed', message: 'commit-configuration: the first error' });
    expect(lines.join('\n')).toContain('the second error');
    expect(session.open).toBe(false);
    await expect.poll(() => peer.connections).toBe(0);
  });

  it('a failing cleanup after a commit leaves the success and the session', async () => {
    await open();
    peer.on('close-configuration', rpcError('no'));
    expect(await session.change(CHANGE)).toMatchObject({ changed: true });
    expect(session.open).toBe(true);
  });
});

describe('a configuration that someone else holds', () => {
  it('is tried again until it is free', async () => {
    await open({ lockWaitSeconds: 5 });
    peer.on('open-configuration', LOCKED, MODIFIED, LOCKED);
    expect(await session.change(CHANGE)).toMatchObject({ changed: true });
    expect(peer.received.filter((name) => name === 'open-configuration')).toHaveLength(4);
    expect(peer.commits).toBe(1);
  });

  it('is tried again when the commit is what is refused', async () => {
    await open({ lockWaitSeconds: 5 });
    peer.on('commit-configuration', LOCKED);
    expect(await session.change(CHANGE)).toMatchObject({ changed: true });
    expect(peer.received).toEqual([...PRIVATE, ...PRIVATE]);
    expect(peer.commits).toBe(1);
  });

  it('is reported with its holder when the time is up', async () => {
    await open({ lockWaitSeconds: 0.1 });
    peer.on('lock-configuration', ...Array.from({ length: 20 }, () => LOCKED));
    await expect(session.change({ ...CHANGE, confirmMinutes: 1 })).rejects.toMatchObject({
      code: 'configuration-locked',
      message: 'lock-configuration: configuration locked by admin (pid 32260, terminal p0) since 2021-05-06 11:04:06 UTC, idle 00:04:48 (waited 0.1 s)',
      hint: expect.stringContaining('request system logout pid 32260'),
    });
    expect(peer.received.length).toBeGreaterThan(2);
    expect(peer.commits).toBe(0);
  });

  it('is looked up when the refusal does not name its holder', async () => {
    await open();
    const status = '<database-status-information><database-status><user>noc</user><pid>811</pid><start-time>10:00 UTC</start-time><exclusive/></database-status></database-status-information>';
    peer.on('open-configuration', rpcError('configuration database is locked')).on('get-configuration-database-status', status);
    await expect(session.change(CHANGE)).rejects.toMatchObject({ message: expect.stringMatching(/in configuration mode: noc \(pid 811\) since 10:00 UTC$/) });
  });

  it('is reported all the same when the router does not tell who holds it', async () => {
    await open();
    peer.on('open-configuration', MODIFIED).on('get-configuration-database-status', rpcError('permission denied'));
    await expect(session.change(CHANGE)).rejects.toMatchObject({ code: 'configuration-modified' });
  });
});

describe('a dirty shared candidate', () => {
  it.each([
    ['of a change', (): Promise<unknown> => session.change({ ...CHANGE, confirmMinutes: 5 })],
    ['of a confirmation', (): Promise<unknown> => session.confirmChange('x')],
  ])('is neither committed along nor discarded, in the case %s', async (_, work) => {
    await open();
    peer.on('get-configuration', THEIRS);
    await expect(work()).rejects.toMatchObject({ code: 'configuration-modified' });
    expect(peer.received.slice(0, 3)).toEqual(['lock-configuration', 'get-configuration', 'unlock-configuration']);
    expect(peer.received).not.toContain('load-configuration');
    expect(peer.commits).toBe(0);
  });
});

describe('the outcome of a commit is unknown', () => {
  it.each([
    ['no answer in time', 'silence' as const],
    ['the session ends', 'hang up' as const],
    ['an answer that cannot be read', { raw: '<rpc-reply><commit-results>]]>]]>' }],
    ['an answer that says nothing', '<commit-results></commit-results>'],
  ])('%s', async (_, answer) => {
    await open({ commitTimeoutSeconds: 0.05 });
    peer.on('commit-configuration', answer);
    await expect(session.change(CHANGE)).rejects.toMatchObject({
      code: 'outcome-unknown',
      message: expect.stringMatching(/^commit-configuration: /),
      hint: 'look for "run 7f3a" in `show system commit` on the router',
    });
    // The end of the candidate is on its way with the commit; no rollback could hide what became of it.
    expect(peer.received.slice(peer.received.indexOf('commit-configuration') + 1).filter((name) => name !== 'close-configuration')).toEqual([]);
    expect(session.open).toBe(false);
    await expect.poll(() => peer.connections).toBe(0);
  });

  it('a commit that was never sent has failed, not an unknown outcome', async () => {
    await open();
    peer.on('get-configuration', 'hang up');
    await expect(session.change(CHANGE)).rejects.toMatchObject({ code: 'netconf-closed' });
    expect(peer.received).not.toContain('commit-configuration');
  });
});

test('the difference that the peer tells has a secret in it', () => {
  expect(DIFFERENCE).toContain('$9$');
});
