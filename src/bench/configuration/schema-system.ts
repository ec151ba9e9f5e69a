// Schema of [edit system]: the statements that reach a MACsec key rotation (login, services, scripts,
// name resolution, time) and those that operators load beside them.

import { container, flag, leaf, leafList, list } from './statement.ts';
import type { Block, Shape } from './statement.ts';
import type { ValueType } from './value-types.ts';
import { ADDRESS, choice, flags, HASH, integer, NAME, PREFIX, SECRET, text, TEXT, traceoptions } from './schema-types.ts';

const FACILITIES = choice(
  'any', 'authorization', 'daemon', 'ftp', 'ntp', 'security', 'kernel', 'user', 'dfc', 'external', 'firewall', 'pfe',
  'conflict-log', 'change-log', 'interactive-commands',
);
const CONTENTS = list(
  FACILITIES, flags('any', 'emergency', 'alert', 'critical', 'error', 'warning', 'notice', 'info', 'none'),
  { elided: true, oneLine: true },
);

const HOST_NAME: ValueType = {
  is: 'string', min: 1, max: 255, pattern: /^[\w.-]+$/, refusal: 'Must be a string of alphanumericals, dashes, underscores and dots',
};

const SSH_KEY = list(TEXT, { from: leaf(TEXT) }, { oneLine: true });
const AUTHENTICATION: Block = {
  'encrypted-password': leaf(HASH),
  'no-public-keys': flag,
  'ssh-rsa': SSH_KEY,
  'ssh-dsa': SSH_KEY,
  'ssh-ecdsa': SSH_KEY,
  'ssh-ed25519': SSH_KEY,
};

const LOGIN: Block = {
  'retry-options': container({
    'tries-before-disconnect': leaf(integer(1, 10)), 'backoff-threshold': leaf(integer(1, 3)), 'backoff-factor': leaf(integer(5, 10)),
    'minimum-time': leaf(integer(20, 60)), 'maximum-time': leaf(integer(20, 300)), 'lockout-period': leaf(integer(1, 43_200)),
  }),
  'idle-timeout': leaf(integer(0, 60)),
  class: list(NAME, {
    'idle-timeout': leaf(integer(0, 4_294_967_295)),
    ...flags('login-alarms', 'login-tip', 'no-hidden-commands', 'no-scp-server', 'no-sftp-server'),
    permissions: leafList(NAME),
    ...Object.fromEntries([
      'allow-commands', 'deny-commands', 'allow-configuration', 'deny-configuration',
    ].map((name) => [name, leaf(TEXT)])),
    'allow-commands-regexps': leafList(TEXT),
    'deny-commands-regexps': leafList(TEXT),
    'allow-configuration-regexps': leafList(TEXT),
    'deny-configuration-regexps': leafList(TEXT),
  }),
  user: list(text(1, 64), {
    'full-name': leaf(TEXT),
    uid: leaf(integer(100, 64_000)),
    class: leaf(NAME, { mandatory: true }),
    authentication: container(AUTHENTICATION),
    cli: container({ prompt: leaf(TEXT) }),
  }),
  password: container({ 'minimum-length': leaf(integer(6, 20)), format: leaf(choice('sha1', 'sha256', 'sha512', 'md5', 'des')) }),
  announcement: leaf(TEXT),
  message: leaf(TEXT),
};

const LIMITS: Block = { 'connection-limit': leaf(integer(1, 250)), 'rate-limit': leaf(integer(1, 250)) };

const SERVICES: Block = {
  netconf: container({
    ssh: container(
      {
        ...LIMITS, port: leaf(integer(1, 65_535)), 'client-alive-interval': leaf(integer(0, 65_535)),
        'client-alive-count-max': leaf(integer(0, 255)),
      },
      { presence: true },
    ),
    ...flags('rfc-compliant', 'yang-compliant', 'flatten-commit-results'),
    traceoptions: traceoptions('incoming', 'outgoing', 'debug'),
    notification: container({}, { presence: true }),
    'version-1.1': container({}, { presence: true }),
  }),
  ssh: container(
    {
      'authentication-order': leafList(NAME),
      'root-login': leaf(choice('allow', 'deny', 'deny-password')),
      ...flags(
        'no-challenge-response', 'no-password-authentication', 'no-passwords', 'no-public-keys', 'allow-tcp-forwarding',
        'no-tcp-forwarding',
      ),
      'protocol-version': leafList(NAME),
      'max-sessions-per-connection': leaf(integer(1, 65_535)),
      'sftp-server': flag,
      ciphers: leafList(NAME),
      macs: leafList(NAME),
      'key-exchange': leafList(NAME),
      'client-alive-count-max': leaf(integer(0, 255)),
      'client-alive-interval': leaf(integer(0, 65_535)),
      'fingerprint-hash': leaf(choice('md5', 'sha2-256')),
      port: leaf(integer(1, 65_535)),
      'log-key-changes': flag,
      ...LIMITS,
    },
    { presence: true },
  ),
  telnet: container(LIMITS, { presence: true }),
  ftp: container(LIMITS, { presence: true }),
  'extension-service': container({
    'request-response': container({
      grpc: container({
        ssl: container({ port: leaf(integer(1, 65_535)), 'local-certificate': leafList(NAME) }),
        'max-connections': leaf(integer(1, 30)),
      }),
    }),
  }),
  rest: container({ http: container({ port: leaf(integer(1024, 65_535)) }, { presence: true }), 'enable-explorer': flag }),
};

const SCRIPT_FILE: Block = {
  source: leaf(TEXT), 'cert-file': leaf(TEXT), 'routing-instance': leaf(NAME), ...flags('refresh', 'optional'), 'refresh-from': leaf(TEXT),
  checksum: container({ 'sha-256': leaf(TEXT) }),
};
const SCRIPT_TRACE = traceoptions('events', 'input', 'offline', 'output', 'rpc', 'xslt');

const SCRIPTS: Block = {
  commit: container({
    'allow-transients': flag, traceoptions: SCRIPT_TRACE, 'max-datasize': leaf(TEXT), 'direct-access': flag,
    file: list(NAME, SCRIPT_FILE),
  }),
  op: container({
    traceoptions: SCRIPT_TRACE,
    file: list(NAME, {
      command: leaf(NAME), description: leaf(TEXT),
      arguments: list(NAME, { description: leaf(TEXT) }, { grouped: true }),
      'allow-commands': leaf(TEXT), ...SCRIPT_FILE,
    }),
    ...flags('no-allow-url', 'allow-url-for-python'),
    'max-datasize': leaf(TEXT),
  }),
  'load-scripts-from-flash': flag,
  language: leaf(choice('python', 'python3')),
  synchronize: flag,
};

const SYSLOG_TARGET: Block = {
  contents: CONTENTS, match: leaf(TEXT), 'match-strings': leafList(TEXT), 'explicit-priority': flag,
  'structured-data': container({ brief: flag }, { presence: true }),
};
const ARCHIVE: Shape = container(
  { size: leaf(TEXT), files: leaf(integer(1, 1000)), ...flags('world-readable', 'no-world-readable', 'binary-data') },
  { presence: true, oneLine: true },
);

const SYSLOG: Block = {
  archive: ARCHIVE,
  user: list(NAME, SYSLOG_TARGET),
  host: list(NAME, {
    ...SYSLOG_TARGET, port: leaf(integer(1, 65_535)), 'facility-override': leaf(NAME),
    'log-prefix': leaf(NAME), 'source-address': leaf(ADDRESS), 'routing-instance': leaf(NAME),
    transport: leaf(choice('tcp', 'udp', 'tls')),
  }),
  file: list(text(1, 1024), { ...SYSLOG_TARGET, archive: ARCHIVE }),
  console: list(
    FACILITIES, flags('any', 'emergency', 'alert', 'critical', 'error', 'warning', 'notice', 'info', 'none'),
    { grouped: true, oneLine: true },
  ),
  'time-format': container(flags('year', 'millisecond'), { presence: true }),
  'source-address': leaf(ADDRESS),
  'routing-instance': leaf(NAME),
};

const NTP_PEER: Block = {
  key: leaf(integer(1, 4_294_967_295)), version: leaf(integer(1, 4)), prefer: flag,
  'routing-instance': leaf(NAME),
};

export const SYSTEM: Block = {
  'host-name': leaf(HOST_NAME),
  'root-authentication': container(AUTHENTICATION),
  commit: container({
    ...flags(
      'fast-synchronize', 'synchronize', 'delta-export', 'force-commit-log', 'persist-groups-inheritance',
      'no-persist-groups-inheritance', 'peers-synchronize',
    ),
  }),
  'configuration-database': container({
    ephemeral: container({
      instance: list(NAME, {}),
      'commit-synchronize-model': leaf(choice('asynchronous', 'synchronous')),
      ...flags('ignore-ephemeral-default', 'allow-commit-synchronize-with-gres'),
    }),
  }),
  scripts: container(SCRIPTS, { presence: true }),
  login: container(LOGIN),
  syslog: container(SYSLOG),
  services: container(SERVICES),
  'domain-name': leaf(NAME),
  'domain-search': leafList(NAME),
  'backup-router': container({ address: leaf(ADDRESS, { elided: true }), destination: leafList(PREFIX) }),
  'time-zone': leaf(NAME),
  ...flags(
    'management-instance', 'no-redirects', 'no-multicast-echo', 'no-ping-record-route', 'no-ping-time-stamp',
    'default-address-selection',
  ),
  'internet-options': container({
    ...flags('path-mtu-discovery', 'no-path-mtu-discovery', 'tcp-drop-synfin-set', 'no-tcp-reset'),
    'tcp-mss': leaf(integer(64, 65_535)),
  }),
  'authentication-order': leafList(choice('radius', 'tacplus', 'password')),
  location: container({ building: leaf(TEXT), 'country-code': leaf(TEXT), floor: leaf(TEXT), rack: leaf(TEXT), 'postal-code': leaf(TEXT) }),
  ports: container({
    console: container({ ...flags('log-out-on-disconnect', 'disable', 'insecure'), type: leaf(TEXT) }),
    auxiliary: container({ ...flags('log-out-on-disconnect', 'disable', 'insecure'), type: leaf(TEXT) }),
  }),
  'name-server': list(ADDRESS, { 'source-address': leaf(ADDRESS), 'routing-instance': leaf(NAME) }, { grouped: true }),
  'radius-server': list(
    ADDRESS,
    {
      secret: leaf(SECRET), port: leaf(integer(1, 65_535)), timeout: leaf(integer(1, 1000)),
      retry: leaf(integer(1, 100)), 'source-address': leaf(ADDRESS),
    },
    { grouped: true },
  ),
  'tacplus-server': list(
    ADDRESS,
    {
      secret: leaf(SECRET), port: leaf(integer(1, 65_535)), timeout: leaf(integer(1, 90)),
      'single-connection': flag, 'source-address': leaf(ADDRESS),
    },
    { grouped: true },
  ),
  'static-host-mapping': list(
    text(1, 255),
    { inet: leafList(ADDRESS), inet6: leafList(ADDRESS), alias: leafList(NAME), sysid: leaf(TEXT) },
    { grouped: true, oneLine: true },
  ),
  'max-configurations-on-flash': leaf(integer(0, 49)),
  'max-configuration-rollbacks': leaf(integer(0, 49)),
  'master-password': container(
    { 'pseudorandom-function': leaf(choice('hmac-sha2-256', 'hmac-sha1')), 'iteration-count': leaf(integer(10, 10_000)) },
    { presence: true },
  ),
  archival: container({
    configuration: container({
      'transfer-interval': leaf(integer(15, 2880)), 'transfer-on-commit': flag,
      'archive-sites': list(TEXT, { password: leaf(SECRET) }, { grouped: true, oneLine: true }),
    }),
  }),
  ntp: container({
    'boot-server': leaf(NAME),
    'authentication-key': list(integer(1, 65_534), { type: leaf(choice('md5', 'sha1', 'sha256')), value: leaf(SECRET) }, { oneLine: true }),
    peer: list(NAME, NTP_PEER, { oneLine: true }),
    server: list(NAME, NTP_PEER, { oneLine: true }),
    'trusted-key': leafList(integer(1, 65_534)),
    'source-address': list(ADDRESS, { 'routing-instance': leaf(NAME) }, { oneLine: true }),
  }),
  processes: container({ routing: container({ disable: flag, 'force-32-bit': flag, 'force-64-bit': flag }) }),
  extensions: container({
    providers: list(NAME, { 'license-type': list(NAME, { 'deployment-scope': leafList(NAME) }) }),
    'extension-service': container({
      application: container({
        file: list(NAME, {
          arguments: leaf(TEXT), daemonize: flag, 'respawn-on-normal-exit': flag, username: leaf(NAME),
          interpreter: leaf(choice('python', 'python3', 'bash')),
          checksum: container({ 'sha-256': leaf(TEXT) }),
        }),
      }),
    }),
  }),
};
