// Schema of [edit security]: MACsec and authentication key chains as in the 24.4R1 models (junos.md 1.1 to
// 1.3), and the certificate statements that sit beside them on the same routers.

import { container, flag, leaf, leafList, list } from './statement.ts';
import type { Block } from './statement.ts';
import { choice, flags, integer, NAME, START_TIME, text, TEXT, traceoptions } from './schema-types.ts';
import type { ValueType } from './value-types.ts';

const CKN: ValueType = {
  is: 'string', min: 1, max: 64, pattern: /^([0-9a-fA-F]{2}){1,32}$/,
  refusal: 'Must be an even-length string up to 64 hexadecimal digits (0-9, a-f, A-F)',
};
const CAK: ValueType = { is: 'secret', max: 64, pattern: /^[0-9a-fA-F]+$/, refusal: 'Must be a string up to 64 hexadecimal digits (0-9, a-f, A-F)' };
const CHAIN_NAME: ValueType = {
  is: 'string', min: 1, max: 32, pattern: /^(?!__.*__$)\S+$/, refusal: 'Must be a string of 32 characters or less with no spaces',
};

const KEY_PAIR: Block = { ckn: leaf(CKN), cak: leaf(CAK) };
const MACSEC_TRACE = traceoptions('mka-packets', 'mka-state', 'keep-alive', 'state');
const REPLAY_PROTECT = container({ 'replay-window-size': leaf(integer(0, 65_535)) }, { presence: true });

const CONNECTIVITY_ASSOCIATION: Block = {
  'cipher-suite': leaf(choice('gcm-aes-128', 'gcm-aes-256', 'gcm-aes-xpn-128', 'gcm-aes-xpn-256')),
  'security-mode': leaf(choice('dynamic', 'static-sak', 'static-cak')),
  'sak-hash-128': flag,
  'secure-channel': list(text(1, 32), {
    'mac-address': leaf(TEXT),
    'port-id': leaf(integer(1, 65_535)),
    direction: leaf(choice('inbound', 'outbound')),
    'security-association': list(integer(0, 3), { key: leaf({ is: 'secret', max: 64 }) }),
    encryption: flag,
    offset: leaf(choice('0', '30', '50')),
    'include-sci': flag,
  }),
  mka: container(
    {
      'transmit-interval': leaf(integer(2000, 6000)),
      'sak-rekey-interval': leaf(integer(60, 86_400)),
      ...flags('bounded-delay', 'suspend-on-request', 'suspend-for'),
      'key-server-priority': leaf(integer(0, 255)),
      'should-secure': flag,
      'eapol-address': leaf(TEXT),
      'disable-icv-indicator': flag,
    },
    { presence: true },
  ),
  'replay-protect': REPLAY_PROTECT,
  ...flags('no-encryption', 'disable-preceding-key', 'include-sci'),
  offset: leaf(choice('0', '30', '50')),
  'pre-shared-key': container(KEY_PAIR, { presence: true }),
  'fallback-key': container(KEY_PAIR, { presence: true }),
  'pre-shared-key-chain': leaf(text(1, 32)),
  'exclude-protocol': list(choice('cdp', 'lldp', 'lacp'), {}),
};

const MACSEC: Block = {
  traceoptions: traceoptions('config', 'debug', 'telemetry', 'normal'),
  'connectivity-association': list(text(1, 32), CONNECTIVITY_ASSOCIATION),
  interfaces: list(NAME, {
    'connectivity-association': leaf(text(1, 32)),
    traceoptions: MACSEC_TRACE,
    unit: list(integer(0, 16_385), { 'connectivity-association': leaf(text(1, 32)), traceoptions: MACSEC_TRACE }),
    'pre-shared-key-chain': leaf(text(1, 32)),
    'replay-protect': REPLAY_PROTECT,
  }),
};

const KEY_CHAINS: Block = {
  'key-chain': list(CHAIN_NAME, {
    description: leaf(TEXT),
    tolerance: leaf(integer(0, 4_294_967_295)),
    key: list(integer(0, 63), {
      secret: leaf({ is: 'secret', max: 126 }),
      'key-name': leaf(CKN),
      'start-time': leaf(START_TIME),
      algorithm: leaf(choice('md5', 'hmac-sha-1', 'ao', 'hmac-sha2-224', 'hmac-sha2-256', 'hmac-sha2-384', 'hmac-sha2-512')),
      fallback: flag,
      options: leaf(choice('basic', 'isis-enhanced')),
      'ao-attribute': container({
        'send-id': leaf(integer(0, 255)), 'recv-id': leaf(integer(0, 255)), 'tcp-ao-option': leaf(choice('enabled', 'disabled')),
        'cryptographic-algorithm': leaf(choice('hmac-sha-1-96', 'aes-128-cmac-96', 'aes-128-cmac')),
      }),
    }),
  }),
};

export const SECURITY: Block = {
  certificates: container({
    local: list(NAME, { certificate: leaf({ is: 'secret', max: 65_535 }, { elided: true }) }),
    'cache-size': leaf(TEXT),
  }),
  'ssh-known-hosts': container({
    host: list(NAME, {
      'rsa-key': leaf(TEXT),
      'ecdsa-sha2-nistp256-key': leaf(TEXT),
      'ecdsa-sha2-nistp384-key': leaf(TEXT),
      'ecdsa-sha2-nistp521-key': leaf(TEXT),
      'ed25519-key': leaf(TEXT),
    }),
  }),
  pki: container({
    'ca-profile': list(NAME, {
      'ca-identity': leaf(TEXT),
      'revocation-check': container({ disable: flag, crl: container({ url: list(TEXT, {}) }) }),
      enrollment: container({ url: leaf(TEXT) }),
    }),
  }),
  'authentication-key-chains': container(KEY_CHAINS),
  macsec: container(MACSEC),
  'trusted-peers': leafList(TEXT),
};
