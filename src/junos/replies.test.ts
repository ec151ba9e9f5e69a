// What is read from a router: connectivity associations in a configuration, MKA sessions in replies of
// different releases, commit history, host name.

import { describe, expect, test } from 'vitest';
import { parseXml } from '../netconf/parse-xml.ts';
import { connectivityAssociation } from './macsec.ts';
import { isSecuredOnPrimary, mkaSessions } from './mka.ts';
import { hasCommit, hostName, ownMastership } from './system.ts';

const CKN = 'AB'.repeat(32);

const configuration = (inside: string, attributes = '') =>
  `<configuration><security><macsec${attributes}><connectivity-association><name>OTHER</name></connectivity-association>${inside}
   <interfaces><name>et-0/0/1</name><connectivity-association>CA</connectivity-association></interfaces>
   <interfaces inactive="inactive"><name>et-0/0/2</name><connectivity-association>CA</connectivity-association></interfaces>
   </macsec></security></configuration>`;

describe('a connectivity association', () => {
  test('is read with its key, mode and active bindings', async () => {
    const xml = await parseXml(configuration(`<connectivity-association><name>CA</name><cipher-suite>gcm-aes-xpn-256</cipher-suite><security-mode>static-cak</security-mode>
      <pre-shared-key><ckn>${CKN}</ckn><cak>$9$not-kept</cak></pre-shared-key><fallback-key><ckn>${CKN.replace('A', 'C')}</ckn></fallback-key></connectivity-association>`));
    const found = connectivityAssociation(xml, 'CA');
    expect(found).toMatchObject({ inactive: false, securityMode: 'static-cak', cipherSuite: 'gcm-aes-xpn-256', preSharedCkn: CKN.toLowerCase(), interfaces: ['et-0/0/1'] });
    expect(JSON.stringify(found)).not.toContain('not-kept');
  });
  test('that is not there is undefined', async () => {
    expect(connectivityAssociation(await parseXml(configuration('')), 'CA')).toBeUndefined();
  });
  test('is inactive when a container above it is', async () => {
    const xml = await parseXml(configuration('<connectivity-association><name>CA</name></connectivity-association>', ' inactive="inactive"'));
    expect(connectivityAssociation(xml, 'CA')).toMatchObject({ inactive: true });
  });
  test('has no key when its pre-shared-key is deactivated', async () => {
    const xml = await parseXml(configuration(`<connectivity-association><name>CA</name><pre-shared-key inactive="inactive"><ckn>${CKN}</ckn></pre-shared-key></connectivity-association>`));
    expect(connectivityAssociation(xml, 'CA')?.preSharedCkn).toBeUndefined();
  });
});

const session = (name: string, state: string, peer: string, ki = '4466AF400E7E714FF8707D10/1') =>
  `<interface-name>${name}</interface-name><interface-state>${state}</interface-state><cak-name>${CKN}</cak-name><mka-suspended>0</mka-suspended>
   <latest-sak-key-identifier>${ki}</latest-sak-key-identifier><session-peer-list><peer-index>1</peer-index><peer-status>${peer}</peer-status></session-peer-list>`;

describe('MKA sessions', () => {
  test('that follow each other as siblings are told apart', async () => {
    const reply = await parseXml(`<rpc-reply><mka-session-information xmlns="urn:x">${session('et-0/0/1', 'Secured - Primary', 'live')}${session('et-0/0/2', 'Secured - Preceding', 'live')}</mka-session-information></rpc-reply>`);
    expect(mkaSessions(reply).map((s) => [s.interfaceName, s.state, s.livePeers, isSecuredOnPrimary(s)])).toEqual([
      ['et-0/0/1', 'Secured - Primary', 1, true],
      ['et-0/0/2', 'Secured - Preceding', 1, false],
    ]);
  });
  test('that have an element each are told apart', async () => {
    const one = (name: string) => `<mka-session>${session(name, 'Secured - Primary', 'live')}</mka-session>`;
    const reply = await parseXml(`<rpc-reply><mka-session-information>${one('et-0/0/1')}${one('et-0/0/2')}</mka-session-information></rpc-reply>`);
    expect(mkaSessions(reply).map((s) => s.interfaceName)).toEqual(['et-0/0/1', 'et-0/0/2']);
  });
  test.each([
    ['without a live peer', session('et-0/0/1', 'Secured - Primary', 'potential')],
    ['on the fallback key', session('et-0/0/1', 'Secured - Fallback', 'live')],
    ['that never agreed on a key', session('et-0/0/1', 'Secured - Primary', 'live', '000000000000000000000000/0')],
  ])('%s are not secured on the primary key', async (_, xml) => {
    const [found] = mkaSessions(await parseXml(`<rpc-reply>${xml}</rpc-reply>`));
    expect(found && isSecuredOnPrimary(found)).toBe(false);
  });
  test('none is an empty list', async () => {
    expect(mkaSessions(await parseXml('<rpc-reply/>'))).toEqual([]);
  });
});

test('a commit is found by its log text', async () => {
  const reply = await parseXml('<rpc-reply><commit-information><commit-history><sequence-number>0</sequence-number><log>qkd-macsec key link a-b run 1234</log></commit-history></commit-information></rpc-reply>');
  expect([hasCommit(reply, 'run 1234'), hasCommit(reply, 'run 9999')]).toEqual([true, false]);
});

test('the host name is read from system information', async () => {
  expect(hostName(await parseXml('<rpc-reply><system-information><host-name>mx1-re0</host-name></system-information></rpc-reply>'))).toBe('mx1-re0');
});

test.each([
  [['128.0.0.1/2', '128.0.0.4/2'], 'master'],
  [['128.0.0.5/2', '128.0.0.6/2'], 'backup'],
  [['128.0.0.4', '128.0.0.1'], 'master'],
  [['192.0.2.1/24'], undefined],
  [[], undefined],
])('a routing engine with the private addresses %j is %s', async (addresses, role) => {
  const family = addresses.map((one) => `<interface-address><ifa-local>${one}</ifa-local></interface-address>`).join('');
  expect(ownMastership(await parseXml(`<rpc-reply><interface-information><physical-interface><name>em0</name><logical-interface><address-family>${family}</address-family></logical-interface></physical-interface></interface-information></rpc-reply>`))).toBe(role);
});
