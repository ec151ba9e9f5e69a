// The decisions of method pre-shared-key as a table: what an end sees, and the one thing it does next.

import { describe, expect, test } from 'vitest';
import { type PreSharedKeyView, type PublishedKeys, planPreSharedKey } from './pre-shared-key.ts';

const K1 = '11111111-1111-1111-1111-111111111111';
const K2 = '22222222-2222-2222-2222-222222222222';
const NOW = Date.UTC(2026, 10, 22, 10, 0, 0);

function published(newest?: string, extra: Partial<PublishedKeys> = {}): PublishedKeys {
  return { newest, since: newest === undefined ? undefined : NOW - 60_000, refused: [], method: undefined, unreadable: undefined, ...extra };
}

function view(changes: Partial<PreSharedKeyView>): PreSharedKeyView {
  return {
    now: NOW,
    waitUntil: NOW + 120_000,
    role: 'master',
    interval: 600,
    poll: 5,
    current: { ckn: `${'0'.repeat(32)}${'1'.repeat(32)}`, keyId: K1 },
    mka: 'live',
    isSuspended: false,
    own: published(K1),
    others: new Map(),
    isRepairRun: false,
    sawBehind: false,
    installed: false,
    ...changes,
  };
}

const over = { waitUntil: NOW };

describe('master', () => {
  test.each<[string, Partial<PreSharedKeyView>, object]>([
    ['draws a key when the slaves share the present one', {}, { do: 'fetch' }],
    ['keeps the key that it carried over until every slave has left its key chain', { others: new Map([['mx2', published(K1, { method: 'key-chain' })]]) }, { do: 'done', outcome: 'waiting' }],
    ['leaves a key alone that the slave has only just taken', { sawBehind: true }, { do: 'done', outcome: 'confirmed' }],
    ['leaves the key alone while MKA is suspended for a switchover', { isSuspended: true }, { do: 'wait', until: NOW + 5_000 }],
    ['also when the wait is over', { isSuspended: true, ...over }, { do: 'done', outcome: 'waiting' }],
    ['draws the first key of a link without configuration', { current: undefined, own: published() }, { do: 'fetch' }],
    ['draws a key when the router shows no MKA session', { mka: 'absent' }, { do: 'fetch' }],
    ['waits while the slave has not taken the present key', { mka: 'not-live', others: new Map([['mx2', published()]]) }, { do: 'wait', until: NOW + 5_000 }],
    ['never waits past its own limit', { mka: 'not-live', waitUntil: NOW + 2_000 }, { do: 'wait', until: NOW + 2_000 }],
    ['keeps the key when the wait is over and the key is young', { mka: 'not-live', ...over }, { do: 'done', outcome: 'waiting' }],
    ['goes past a key that is two intervals old', { mka: 'not-live', ...over, own: published(K1, { since: NOW - 1_200_000 }) }, { do: 'fetch' }],
    ['goes past a key that a slave refused, at once', { mka: 'not-live', others: new Map([['mx2', published(undefined, { refused: [K1] })]]) }, { do: 'fetch' }],
    ['goes past a key that a slave refused which still uses its key chain', { mka: 'not-live', others: new Map([['mx2', published(K2, { refused: [K1], method: 'key-chain' })]]) }, { do: 'fetch' }],
    ['draws none when its router\'s syslog started it: anyone on the line can', { isRepairRun: true }, { do: 'done', outcome: 'unchanged' }],
    ['gives an initial key time to become live', { mka: 'not-live', current: { ckn: 'ab'.repeat(32), keyId: undefined }, own: published() }, { do: 'wait' }],
    ['replaces an initial key that never becomes live', { mka: 'not-live', current: { ckn: 'ab'.repeat(32), keyId: undefined }, own: published(), ...over }, { do: 'fetch' }],
    ['publishes the configured key when its record is lost', { own: published() }, { do: 'publish', keyId: K1 }],
    ['publishes the configured key when its record is behind', { own: published(K2) }, { do: 'publish', keyId: K1 }],
    ['publishes that it has left its key chain', { own: published(K1, { method: 'key-chain' }) }, { do: 'publish', keyId: K1 }],
    ['is done after one key', { installed: true, mka: 'not-live' }, { do: 'done', outcome: 'rotated' }],
  ])('%s', (_, changes, expected) => expect(planPreSharedKey(view(changes))).toMatchObject(expected));
});

describe('slave', () => {
  const slave = (master: PublishedKeys, changes: Partial<PreSharedKeyView> = {}) => view({ role: 'slave', others: new Map([['mx1', master]]), ...changes });
  test.each<[string, PreSharedKeyView, object]>([
    ['takes the key that the master published', slave(published(K2)), { do: 'take', keyId: K2 }],
    ['but not while MKA is suspended for a switchover', slave(published(K2), { isSuspended: true }), { do: 'wait' }],
    ['takes it when its router\'s syslog started it', slave(published(K2), { isRepairRun: true }), { do: 'take', keyId: K2 }],
    ['takes a first key', slave(published(K1), { current: undefined, own: published() }), { do: 'take', keyId: K1 }],
    ['takes it whatever MKA shows', slave(published(K2), { mka: 'not-live' }), { do: 'take', keyId: K2 }],
    ['waits for a newer key than its own', slave(published(K1)), { do: 'wait', until: NOW + 5_000 }],
    ['compares key_IDs without case', slave(published(K1.toUpperCase())), { do: 'wait' }],
    ['does not ask twice for a key that its KME refused', slave(published(K2), { own: published(K1, { refused: [K2] }) }), { do: 'wait' }],
    ['ends unchanged when nothing new came', slave(published(K1), over), { do: 'done', outcome: 'unchanged' }],
    ['ends waiting when the master has published nothing', slave(published(), over), { do: 'done', outcome: 'waiting' }],
    ['keeps trying an unreadable record', slave(published(undefined, { unreadable: 'record of mx1: no answer' })), { do: 'wait' }],
    ['fails with the reason when the record stays unreadable', slave(published(undefined, { unreadable: 'record of mx1: no answer' }), over), { do: 'done', outcome: 'failed', why: 'record of mx1: no answer' }],
    ['is done after one key', slave(published(K2), { installed: true }), { do: 'done', outcome: 'installed' }],
  ])('%s', (_, given, expected) => expect(planPreSharedKey(given)).toMatchObject(expected));
});
