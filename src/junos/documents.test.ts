// The documents that the program sends, held against golden files in fixtures/golden, which .ci/run
// validates against Juniper's published models; and the refusals of values that would break out of them.

import { describe, expect, test } from 'vitest';
import { Secret } from '../secret.ts';
import { describe as redacted, serialise } from '../xml.ts';
import { type InitialConfiguration, initialConfigurationDocument } from './initial-configuration.ts';
import { installKeysDocument, moveToKeyChainDocument, moveToPreSharedKeyDocument, withdrawKeysDocument } from './key-chains.ts';
import { preSharedKeyDocument } from './macsec.ts';
import { startTimeText } from './start-time.ts';

const CKN = 'abcd1234abcd5678abcd1234abcd5678'.padEnd(64, '1');
const CAK_256 = 'cd'.repeat(32);
const CAK_128 = 'cd'.repeat(16);

const initial: InitialConfiguration = {
  associations: [{ name: 'CA_basic', cipherSuite: 'gcm-aes-xpn-256', interfaces: ['et-0/0/1', 'et-0/0/2:1', 'ae0'], key: { ckn: CKN, cak: Secret.ofText(CAK_256) }, kme: { host: 'kme1.example', port: 8443 } }],
  hosts: new Map([['mx1', '192.0.2.1'], ['mx2', '2001:db8::2']]),
  rootEncryptedPassword: Secret.ofText('$6$salt$hash'),
  eventPolicy: { interval: 600, startTime: '2026-11-22.00:00', scriptUser: 'qkd' },
};
const [association] = initial.associations as [InitialConfiguration['associations'][number]];

const NOON = Date.UTC(2026, 10, 22, 12, 0, 0);
const chainKey = (slot: number, startTime: number, last = '1') => ({ slot, ckn: `${CKN.slice(0, -1)}${last}`, secret: Secret.ofText(CAK_256), startTime: startTimeText(startTime) });

test.each([
  ['initial-onbox', initialConfigurationDocument(initial)],
  ['initial-offbox', initialConfigurationDocument({ ...initial, eventPolicy: undefined, rootEncryptedPassword: undefined })],
  ['initial-without-key', initialConfigurationDocument({ ...initial, associations: [{ ...association, key: undefined }] })],
  ['initial-128', initialConfigurationDocument({ ...initial, associations: [{ ...association, cipherSuite: 'gcm-aes-xpn-128', key: { ckn: CKN, cak: Secret.ofText(CAK_128) } }] })],
  ['initial-key-chain', initialConfigurationDocument({ ...initial, associations: [{ ...association, key: { keyChain: 'CA_basic', keys: [chainKey(0, NOON)] } }] })],
  ['key-chain-install', installKeysDocument('CA_basic', [chainKey(3, NOON), chainKey(4, NOON + 600_000, '2')])],
  ['key-chain-withdraw', withdrawKeysDocument('CA_basic', [3, 4])],
  ['move-to-key-chain', moveToKeyChainDocument('CA_basic', 'CA_basic', chainKey(0, NOON))],
  ['move-to-pre-shared-key', moveToPreSharedKeyDocument('CA_basic', { ckn: CKN, secret: Secret.ofText(CAK_256) })],
  ['pre-shared-key', preSharedKeyDocument('CA_basic', CKN, Secret.ofText(CAK_256))],
])('golden document %s', async (name, document) => {
  const lines = serialise(document).replace(/></g, '>\n<');
  await expect(`${lines}\n`).toMatchFileSnapshot(`../../fixtures/golden/${name}.xml`);
});

test('a document that is shown has no secret in it', () => {
  const shown = redacted(initialConfigurationDocument(initial));
  expect(shown).not.toContain(CAK_256);
  expect(shown).not.toContain('$6$');
  expect(shown).toContain('<cak>[secret]</cak>');
});

describe('refused, because it would not stay inside its statement', () => {
  test.each<[string, Partial<InitialConfiguration>]>([
    ['an association with a space', { associations: [{ ...association, name: 'CA basic' }] }],
    ['an association of 33 characters', { associations: [{ ...association, name: 'C'.repeat(33) }] }],
    ['an association with markup', { associations: [{ ...association, name: 'CA</name>' }] }],
    ['an interface with a line break', { associations: [{ ...association, interfaces: ['et-0/0/1\nset system'] }] }],
    ['an interface that is none', { associations: [{ ...association, interfaces: ['*'] }] }],
    ['a KME host with a quote', { associations: [{ ...association, kme: { host: 'kme"1', port: 443 } }] }],
    ['a host name with a slash', { hosts: new Map([['mx/1', '192.0.2.1']]) }],
    ['an address that is a name', { hosts: new Map([['mx1', 'router.example']]) }],
    ['a start time in words', { eventPolicy: { interval: 600, startTime: 'tomorrow', scriptUser: 'qkd' } }],
    ['a user with a dollar', { eventPolicy: { interval: 600, startTime: undefined, scriptUser: 'qkd$' } }],
  ])('%s', (_, change) => {
    expect(() => initialConfigurationDocument({ ...initial, ...change })).toThrow(/cannot stand in a Junos statement/);
  });

  test.each([
    ['a CKN of 62 digits', CKN.slice(2), CAK_256],
    ['a CKN that is not hex', `${CKN.slice(1)}z`, CAK_256],
    ['a CAK of 62 digits', CKN, CAK_256.slice(2)],
  ])('%s', (_, ckn, cak) => expect(() => preSharedKeyDocument('CA', ckn, Secret.ofText(cak))).toThrow(TypeError));
});
