// Schema of [edit chassis], [edit snmp], [edit routing-options], [edit protocols], [edit policy-options]
// and [edit routing-instances]: the basics of a core router around the protected links.

import { container, flag, leaf, leafList, list } from './statement.ts';
import type { Block } from './statement.ts';
import { ADDRESS, choice, flags, integer, NAME, PREFIX, SECRET, TEXT } from './schema-types.ts';

const COUNT = integer(0, 4_294_967_295);
const PRESENCE = container({}, { presence: true });

export const CHASSIS: Block = {
  redundancy: container({
    'graceful-switchover': PRESENCE,
    failover: container(flags('on-loss-of-keepalives', 'on-disk-failure')),
    'routing-engine': list(integer(0, 1), flags('master', 'backup', 'disabled'), { oneLine: true }),
  }),
  'aggregated-devices': container({ ethernet: container({ 'device-count': leaf(integer(1, 4092)) }) }),
  alarm: container({ 'management-ethernet': container({ 'link-down': leaf(choice('red', 'yellow', 'ignore')) }) }),
  'network-services': leaf(NAME),
  fpc: list(
    integer(0, 63),
    {
      pic: list(
        integer(0, 7),
        {
          'pic-mode': leaf(TEXT),
          port: list(integer(0, 63), { speed: leaf(TEXT), 'number-of-sub-ports': leaf(integer(1, 8)) }),
          'tunnel-services': container({ bandwidth: leaf(TEXT) }),
        },
      ),
    },
  ),
};

export const SNMP: Block = {
  name: leaf(TEXT), description: leaf(TEXT), location: leaf(TEXT), contact: leaf(TEXT),
  'client-list': list(NAME, { 'client-address-list': list(PREFIX, {}, { elided: true }) }),
  community: list(NAME, {
    authorization: leaf(choice('read-only', 'read-write')),
    clients: list(PREFIX, flags('restrict'), { grouped: true, oneLine: true }),
    'client-list-name': leaf(NAME), view: leaf(NAME),
  }),
  'trap-options': container({ 'source-address': leaf(TEXT) }),
  'trap-group': list(NAME, {
    version: leaf(choice('all', 'v1', 'v2')),
    categories: container(flags('authentication', 'chassis', 'link', 'routing', 'startup', 'configuration')),
    targets: list(ADDRESS, {}, { grouped: true }),
    'routing-instance': leaf(NAME),
  }),
  view: list(NAME, { oid: list(TEXT, flags('include', 'exclude'), { oneLine: true }) }),
};

const NEXT_HOP: Block = {
  'next-hop': leafList(NAME), 'next-table': leaf(NAME),
  ...flags('discard', 'reject', 'receive', 'no-readvertise', 'retain', 'no-retain', 'no-install'),
  preference: leaf(COUNT),
  metric: leaf(COUNT),
  tag: leaf(COUNT),
  community: leafList(NAME),
  'qualified-next-hop': list(NAME, { preference: leaf(COUNT), metric: leaf(COUNT) }),
};
const STATIC = container({ route: list(PREFIX, NEXT_HOP), defaults: container(NEXT_HOP) });

export const ROUTING_OPTIONS: Block = {
  'nonstop-routing': flag,
  'interface-routes': container({ 'rib-group': container({ inet: leaf(NAME), inet6: leaf(NAME) }) }),
  rib: list(NAME, { static: STATIC, aggregate: container({ route: list(PREFIX, NEXT_HOP) }) }),
  static: STATIC,
  aggregate: container({ route: list(PREFIX, NEXT_HOP) }),
  'router-id': leaf(ADDRESS),
  'autonomous-system': container({ 'as-number': leaf(TEXT, { elided: true }), loops: leaf(integer(1, 10)) }, { oneLine: true }),
  'rib-groups': list(NAME, { 'import-rib': leafList(NAME), 'import-policy': leafList(NAME) }, { grouped: true }),
  'forwarding-table': container({ export: leafList(NAME) }),
  'graceful-restart': container({ disable: flag, 'restart-duration': leaf(integer(120, 10_000)) }, { presence: true }),
};

const BFD = container({ 'minimum-interval': leaf(integer(1, 255_000)), multiplier: leaf(integer(1, 255)), 'no-adaptation': flag });
const ISIS_LEVEL = list(integer(1, 2), {
  disable: flag, metric: leaf(integer(1, 16_777_215)), 'wide-metrics-only': flag, 'authentication-key': leaf(SECRET),
  'authentication-type': leaf(choice('md5', 'simple')),
  'hello-interval': leaf(integer(1, 20_000)),
  'hold-time': leaf(integer(1, 65_535)),
  passive: flag,
  priority: leaf(integer(0, 127)),
});
const ADDRESS_FAMILY = container(Object.fromEntries(['unicast', 'any', 'labeled-unicast', 'signaling'].map((safi) => [safi, PRESENCE])));
const ADDRESS_FAMILIES: Block = Object.fromEntries(['inet', 'inet6', 'inet-vpn', 'inet6-vpn', 'l2vpn', 'evpn'].map((family) => [family, ADDRESS_FAMILY]));
const BGP_PEER: Block = {
  description: leaf(TEXT),
  'local-address': leaf(ADDRESS),
  'peer-as': leaf(TEXT),
  'local-as': container({ 'as-number': leaf(TEXT, { elided: true }), private: flag }),
  'hold-time': leaf(integer(0, 65_535)),
  import: leafList(NAME),
  export: leafList(NAME),
  'authentication-key': leaf(SECRET),
  'authentication-algorithm': leaf(NAME),
  'authentication-key-chain': leaf(NAME),
  cluster: leaf(TEXT),
  multihop: container({ ttl: leaf(integer(1, 255)) }, { presence: true }),
  passive: flag,
  'bfd-liveness-detection': BFD,
  family: container(ADDRESS_FAMILIES, { joined: true }),
};

export const PROTOCOLS: Block = {
  bgp: container({
    ...BGP_PEER, 'log-updown': flag,
    group: list(NAME, {
      type: leaf(choice('internal', 'external')), ...BGP_PEER,
      neighbor: list(ADDRESS, BGP_PEER),
      allow: leafList(PREFIX),
    }),
  }),
  isis: container({
    'reference-bandwidth': leaf(TEXT),
    level: ISIS_LEVEL,
    'lsp-lifetime': leaf(integer(350, 65_535)),
    export: leafList(NAME),
    disable: flag,
    overload: container({ timeout: leaf(integer(60, 1800)) }, { presence: true }),
    interface: list(NAME, {
      disable: flag,
      passive: PRESENCE,
      'point-to-point': flag, level: ISIS_LEVEL,
      'family': list(NAME, { 'bfd-liveness-detection': BFD }),
      'bfd-liveness-detection': BFD, 'hello-padding': leaf(NAME),
      'ldp-synchronization': PRESENCE,
    }),
  }),
  ospf: container({
    'reference-bandwidth': leaf(TEXT), export: leafList(NAME), 'traffic-engineering': PRESENCE,
    area: list(NAME, {
      interface: list(NAME, {
        disable: flag,
        passive: PRESENCE,
        'interface-type': leaf(choice('p2p', 'nbma', 'p2mp')), metric: leaf(integer(1, 65_535)),
        'hello-interval': leaf(integer(1, 255)), 'dead-interval': leaf(integer(1, 65_535)),
        'bfd-liveness-detection': BFD,
        authentication: container({
          md5: list(integer(0, 255), { key: leaf(SECRET) }),
          'simple-password': leaf(SECRET), 'keychain': leaf(NAME),
        }),
      }),
    }),
  }),
  mpls: container({ interface: list(NAME, { disable: flag }), 'no-propagate-ttl': flag, 'icmp-tunneling': flag }),
  ldp: container({
    interface: list(NAME, { disable: flag }),
    'track-igp-metric': flag,
    session: list(ADDRESS, {
      'authentication-key': leaf(SECRET), 'authentication-key-chain': leaf(NAME),
      'authentication-algorithm': leaf(NAME),
    }),
  }),
  rsvp: container({ interface: list(NAME, { bandwidth: leaf(TEXT) }) }),
  lldp: container(
    {
      disable: flag, 'advertisement-interval': leaf(integer(5, 32_768)),
      'port-id-subtype': leaf(choice('interface-name', 'locally-assigned')),
      interface: list(NAME, { disable: flag }),
    },
    { presence: true },
  ),
  lacp: container({ 'fast-hello-issu': flag }),
};

const MATCH: Block = {
  protocol: leafList(NAME),
  interface: leafList(NAME),
  neighbor: leafList(ADDRESS),
  community: leafList(NAME),
  'prefix-list': list(NAME, {}),
  family: leaf(NAME),
  metric: leaf(COUNT),
  'route-filter': list(PREFIX, flags('exact', 'longer', 'orlonger'), { oneLine: true }),
};
const ACTION: Block = {
  ...flags('accept', 'reject'), next: leaf(choice('policy', 'term')), metric: leaf(TEXT),
  'local-preference': leaf(TEXT), 'next-hop': leaf(NAME), 'load-balance': leaf(NAME),
};
const TERM: Block = { from: container(MATCH), to: container(MATCH), then: container(ACTION) };

export const POLICY_OPTIONS: Block = {
  'prefix-list': list(NAME, { 'prefix-list-item': list(PREFIX, {}, { elided: true }), 'apply-path': leaf(TEXT) }),
  'policy-statement': list(NAME, { term: list(NAME, TERM), ...TERM }),
  community: list(NAME, { members: leafList(TEXT) }),
  'as-path': list(NAME, { path: leaf(TEXT, { elided: true }) }),
};

export const ROUTING_INSTANCES: Block = {
  instance: list(NAME, {
    description: leaf(TEXT),
    'instance-type': leaf(NAME),
    interface: list(NAME, {}),
    'route-distinguisher': container({ 'rd-type': leaf(TEXT, { elided: true }) }, { oneLine: true }),
    'vrf-target': container({ community: leaf(TEXT, { elided: true }), import: leaf(TEXT), export: leaf(TEXT) }, { oneLine: true }),
    'vrf-table-label': PRESENCE,
    'routing-options': container(ROUTING_OPTIONS),
    protocols: container(PROTOCOLS),
  }, { elided: true }),
};
