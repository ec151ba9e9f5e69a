import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { isQkdError } from '../errors.ts';
import { element } from '../xml.ts';
import { decodeInPieces, fixture, fixtureNames } from './fixture-replies.ts';
import { repairCommitReply } from './malformed-commit-reply.ts';
import { commitConfiguration } from './operations/commit-configuration.ts';
import { getConfigurationDatabaseStatus } from './operations/get-configuration-database-status.ts';
import { compareConfiguration, getConfiguration } from './operations/get-configuration.ts';
import { loadConfiguration } from './operations/load-configuration.ts';
import { lockConfiguration } from './operations/lock-configuration.ts';
import { openPrivateConfiguration } from './operations/open-configuration.ts';
import { unlockConfiguration } from './operations/unlock-configuration.ts';
import { readReply } from './read-reply.ts';
import { rpcErrors, rpcFailure } from './rpc-reply.ts';
import type { Rpc } from './rpc.ts';

/** A router that answers everything with one recorded reply, which arrives byte by byte. */
function routerThatAnswers(name: string): Rpc {
  return async (request) => {
    const [message = ''] = decodeInPieces(fixture(name), 1);
    const { reply } = await readReply(request.name, message, 1);
    const failure = rpcFailure(request.name, reply);
    if (failure !== undefined) throw failure;
    return reply;
  };
}

async function outcome(work: (rpc: Rpc) => Promise<unknown>, name: string): Promise<string> {
  try {
    const result = String((await work(routerThatAnswers(name))) ?? '');
    return result === '' ? 'done' : `done: ${result}`;
  } catch (error) {
    return isQkdError(error) ? `${error.code}: ${error.message}` : `not ours: ${String(error)}`;
  }
}

const load = (rpc: Rpc): Promise<void> => loadConfiguration(rpc, element('configuration'));
const commit = (rpc: Rpc): Promise<void> => commitConfiguration(rpc, { log: 'run 7f3a' }, 1);

const OUTCOMES: readonly (readonly [string, (rpc: Rpc) => Promise<unknown>, string])[] = [
  ['open-configuration/private.xml', openPrivateConfiguration, 'done: true'],
  ['open-configuration/private-not-known.xml', openPrivateConfiguration, 'done: false'],
  ['open-configuration/shared-candidate-modified.xml', openPrivateConfiguration, 'configuration-modified: open-configuration: the shared candidate holds uncommitted changes'],
  ['open-configuration/locked.xml', openPrivateConfiguration, 'configuration-locked: open-configuration: configuration locked by admin (pid 32260, terminal p0) since 2021-05-06 11:04:06 UTC, idle 00:04:48'],
  ['lock-configuration/ok.xml', lockConfiguration, 'done'],
  ['lock-configuration/held.xml', lockConfiguration, 'configuration-locked: lock-configuration: configuration locked by admin (pid 32260) since 2021-05-06 11:04:06 UTC, idle 00:04:48'],
  ['lock-configuration/held-by-two.xml', lockConfiguration, 'configuration-locked: lock-configuration: configuration locked by noc-1 (pid 811, terminal pts/0) since 2026-11-22 09:58:01 CET and root (pid 4102, terminal d0) since 2026-11-22 08:00:00 CET, idle 1w2d 03:04'],
  ['lock-configuration/lock-denied.xml', lockConfiguration, 'configuration-locked: lock-configuration: configuration locked'],
  ['lock-configuration/candidate-modified.xml', lockConfiguration, 'configuration-modified: lock-configuration: the shared candidate holds uncommitted changes'],
  ['lock-configuration/permission-denied.xml', lockConfiguration, 'permission-denied: lock-configuration: permission denied'],
  ['unlock-configuration/ok.xml', unlockConfiguration, 'done'],
  ['unlock-configuration/not-open.xml', unlockConfiguration, 'rpc-error: unlock-configuration: Configuration database is not open'],
  ['close-configuration/ok.xml', unlockConfiguration, 'done'],
  ['close-session/ok.xml', unlockConfiguration, 'done'],
  ['load-configuration/ok.xml', load, 'done'],
  ['load-configuration/load-success.xml', load, 'done'],
  ['load-configuration/statement-not-found.xml', load, 'done'],
  ['load-configuration/warning-only.xml', load, 'done'],
  ['load-configuration/xnm-warning.xml', load, 'done'],
  ['load-configuration/syntax-error.xml', load, 'load-failed: load-configuration: [edit security macsec] syntax error (conectivity-association)'],
  ['load-configuration/ok-beside-error.xml', load, 'load-failed: load-configuration: syntax error (name)'],
  ['load-configuration/warning-then-error.xml', load, 'load-failed: load-configuration: [edit security] statement has no contents'],
  ['load-configuration/error-without-type.xml', load, 'load-failed: load-configuration: syntax error'],
  ['load-configuration/xnm-error.xml', load, 'load-failed: load-configuration: [edit security] syntax error (macsek)'],
  ['load-configuration/error-count-only.xml', load, 'load-failed: load-configuration: the router counted load errors'],
  ['load-configuration/quotes-the-key.xml', load, 'load-failed: load-configuration: [edit security macsec connectivity-association CA_basic pre-shared-key] cak: [secret]: Must be a string of 64 hexadecimal digits ("[secret]")'],
  ['commit-configuration/success.xml', commit, 'done'],
  ['commit-configuration/two-routing-engines.xml', commit, 'done'],
  ['commit-configuration/ok-only.xml', commit, 'done'],
  ['commit-configuration/warning-only.xml', commit, 'done'],
  ['commit-configuration/warning-and-ok.xml', commit, 'done'],
  ['commit-configuration/malformed-chassis-cluster.xml', commit, 'done'],
  ['commit-configuration/malformed-unclosed-at-ok.xml', commit, 'done'],
  ['commit-configuration/malformed-closed-by-empty-tag.xml', commit, 'done'],
  ['commit-configuration/malformed-with-an-error.xml', commit, 'commit-failed: commit-configuration: configuration check-out failed'],
  ['commit-configuration/malformed-otherwise.xml', commit, "outcome-unknown: XML refused: line 6: Expected closing tag 'name' (opened in line 4, col 1) instead of closing tag 'routing-engine'"],
  ['commit-configuration/warning-without-result.xml', commit, 'outcome-unknown: commit-configuration: the answer says neither success nor error'],
  ['commit-configuration/nothing-to-commit.xml', commit, 'outcome-unknown: commit-configuration: the answer says neither success nor error'],
  ['commit-configuration/empty.xml', commit, 'outcome-unknown: commit-configuration: the answer says neither success nor error'],
  ['commit-configuration/check-success-only.xml', commit, 'outcome-unknown: commit-configuration: the answer says neither success nor error'],
  ['commit-configuration/check-out-failed.xml', commit, "commit-failed: commit-configuration: [edit security macsec interfaces et-0/0/1] mgd: Missing mandatory statement: 'connectivity-association' (et-0/0/1); configuration check-out failed: (missing mandatory statements)"],
  ['commit-configuration/first-a-warning-then-an-error.xml', commit, 'commit-failed: commit-configuration: Pre-shared key or fallback-key or pre-shared-key-chain required for static-cak mode; commit failed: (statements constraint check failed)'],
  ['commit-configuration/one-routing-engine-failed.xml', commit, 'outcome-unknown: commit-configuration: commit failed: cannot connect to other RE; another routing engine committed'],
  ['commit-configuration/locked.xml', commit, 'configuration-locked: commit-configuration: configuration locked by admin (pid 32260, terminal p0) since 2021-05-06 11:04:06 UTC, idle 00:04:48'],
  ['get-configuration/key-chain.xml', async (rpc) => (await getConfiguration(rpc, element('configuration'))).children.map((c) => c.name), 'done: security,snmp'],
  ['get-configuration/nothing-there.xml', async (rpc) => (await getConfiguration(rpc, element('configuration'))).children.length, 'done: 0'],
  ['get-configuration/rfc-compliant-data.xml', async (rpc) => (await getConfiguration(rpc, element('configuration'))).children.map((c) => c.name), 'done: system'],
  ['get-configuration/text-before-the-reply.xml', async (rpc) => (await getConfiguration(rpc, element('configuration'))).children.map((c) => c.name), 'done: system'],
  ['get-configuration/text-format.xml', (rpc) => getConfiguration(rpc, element('configuration')), 'netconf-protocol: get-configuration: the answer is not in XML format'],
  ['get-configuration/compare-nothing.xml', compareConfiguration, 'done'],
  ['get-configuration/compare-with-secrets.xml', async (rpc) => (await compareConfiguration(rpc)).split('\n').length, 'done: 16'],
  ['get-configuration-database-status/exclusive.xml', async (rpc) => (await getConfigurationDatabaseStatus(rpc)).map((h) => `${h.user} ${h.pid} ${h.since}`), 'done: automation 31101 2020-09-29 04:48:20 UTC'],
];

describe('what every recorded reply means', () => {
  it.each(OUTCOMES)('%s', async (name, work, expected) => {
    expect(await outcome(work, name)).toBe(expected);
  });

  it('no recorded reply is left out', () => {
    expect(fixtureNames().filter((name) => !name.startsWith('hello/'))).toEqual(OUTCOMES.map(([name]) => name).sort());
  });
});

test('every error and warning is found, at any depth and in order', async () => {
  const [message = ''] = decodeInPieces(fixture('commit-configuration/first-a-warning-then-an-error.xml'), 1);
  const { reply } = await readReply('commit-configuration', message, 1);
  expect(rpcErrors(reply).map((error) => error.severity)).toEqual(['warning', 'error', 'error']);
});

describe('the compare output', () => {
  it('keeps CKNs and loses every secret', async () => {
    const difference = await compareConfiguration(routerThatAnswers('get-configuration/compare-with-secrets.xml'));
    expect(difference).toContain('+     ckn abcd1234abcd5678abcd1234abcd567800000000000000000000000000000002;');
    expect(difference).toContain('+     cak [secret]; ## SECRET-DATA');
    expect(difference).toContain('+         secret [secret]; ## SECRET-DATA');
    expect(difference).toContain('start-time "2026-11-22.10:10:00 +0000"');
    expect(difference).toContain('security-mode static-cak;');
    expect(difference).not.toMatch(/not-?areal/i);
  });
});

describe('refused replies', () => {
  it.each([
    ['text only', 'error: syntax error'],
    ['a hello', '<hello/>'],
    ['a reply to another request', '<rpc-reply message-id="2"/>'],
    ['a reply that is cut', '<rpc-reply><ok/>'],
    ['two replies in one message', '<rpc-reply/><rpc-reply/>'],
    ['text after the reply', '<rpc-reply/>x'],
    ['an unclosed routing-engine in anything but a commit', '<rpc-reply><routing-engine><ok/></rpc-reply>'],
  ])('%s', async (_, message) => {
    await expect(readReply('get-route-engine-information', message, 1)).rejects.toMatchObject({ code: 'netconf-protocol' });
  });
});

describe('repair of a commit reply', () => {
  it.each([
    ['nothing to repair', '<rpc-reply><commit-results><routing-engine><commit-success/></routing-engine></commit-results></rpc-reply>'],
    ['a closing tag too many', '<rpc-reply></routing-engine><ok/></rpc-reply>'],
    ['never closed at all', '<rpc-reply><routing-engine><name>re0</name>'],
    ['another element left open', '<rpc-reply><name><ok/></rpc-reply>'],
  ])('leaves alone: %s', (_, text) => {
    expect(repairCommitReply(text)).toBeUndefined();
  });

  test('only adds or replaces routing-engine tags, whatever the text', () => {
    const soup = fc.array(fc.constantFrom('<routing-engine>', '<routing-engine junos:style="normal">', '</routing-engine>', '<routing-engine/>', '<ok/>', '<commit-results>', '</commit-results>', '<name>re0</name>', '<commit-success/>', '</rpc-reply>'), { maxLength: 14 });
    const rest = (text: string): string => text.replace(/<\/?routing-engine[^>]*>/g, '');
    fc.assert(
      fc.property(soup, (parts) => {
        const repaired = repairCommitReply(parts.join(''));
        if (repaired !== undefined) expect(rest(repaired)).toBe(rest(parts.join('')));
      }),
    );
  });
});
