// Schema of [edit interfaces]: physical and logical interfaces as MACsec links need them.

import { container, flag, leaf, leafList, list } from './statement.ts';
import type { Block } from './statement.ts';
import { ADDRESS, choice, flags, integer, NAME, PREFIX, TEXT } from './schema-types.ts';

const ETHER_OPTIONS: Block = {
  ...flags('loopback', 'no-loopback', 'flow-control', 'no-flow-control', 'auto-negotiation', 'no-auto-negotiation'),
  speed: leaf(TEXT),
  fec: leaf(choice('none', 'fec74', 'fec91', 'fec119')),
  '802.3ad': container({
    bundle: leaf(NAME, { elided: true }),
    lacp: container({ 'port-priority': leaf(integer(0, 65_535)), 'force-up': flag }),
    ...flags('primary', 'backup'),
  }),
};

const INET_ADDRESS = list(PREFIX, {
  ...flags('primary', 'preferred', 'master-only'),
  'vrrp-group': list(integer(0, 255), { 'virtual-address': leafList(ADDRESS), priority: leaf(integer(0, 255)), 'accept-data': flag }),
  arp: list(ADDRESS, { mac: leaf(TEXT), publish: flag }),
});
const FILTER = container({ input: leaf(NAME), output: leaf(NAME), 'input-list': leafList(NAME), 'output-list': leafList(NAME) });

const FAMILY: Block = {
  inet: container(
    {
      mtu: leaf(integer(256, 16_000)), filter: FILTER, 'no-redirects': flag,
      dhcp: container({}, { presence: true }),
      address: INET_ADDRESS, unnumbered: leaf(NAME),
    },
    { presence: true },
  ),
  inet6: container(
    {
      mtu: leaf(integer(1280, 16_000)), filter: FILTER,
      address: list(PREFIX, flags('primary', 'preferred', 'eui-64')),
      'dad-disable': flag,
    },
    { presence: true },
  ),
  iso: container({ mtu: leaf(integer(256, 16_000)), address: list(NAME, {}) }, { presence: true }),
  mpls: container({ mtu: leaf(integer(256, 16_000)), 'maximum-labels': leaf(integer(1, 16)) }, { presence: true }),
  bridge: container(
    { 'interface-mode': leaf(choice('access', 'trunk')), 'vlan-id': leaf(integer(1, 4094)), 'vlan-id-list': leafList(TEXT) },
    { presence: true },
  ),
  'ethernet-switching': container(
    { 'interface-mode': leaf(choice('access', 'trunk')), vlan: container({ members: leafList(NAME) }) },
    { presence: true },
  ),
};

const UNIT: Block = {
  disable: flag,
  description: leaf(TEXT),
  encapsulation: leaf(NAME),
  'vlan-id': leaf(integer(0, 4094)),
  'vlan-tags': container({ outer: leaf(TEXT), inner: leaf(TEXT) }),
  bandwidth: leaf(TEXT),
  family: container(FAMILY, { joined: true }),
};

const INTERFACE: Block = {
  disable: flag,
  description: leaf(TEXT),
  ...flags(
    'vlan-tagging', 'flexible-vlan-tagging', 'stacked-vlan-tagging', 'per-unit-scheduler', 'traps', 'no-traps',
    'no-gratuitous-arp-request',
  ),
  'native-vlan-id': leaf(integer(0, 4094)),
  speed: leaf(TEXT),
  mtu: leaf(integer(256, 16_360)),
  'hold-time': container({ up: leaf(integer(0, 4_294_967_295)), down: leaf(integer(0, 4_294_967_295)) }),
  'link-mode': leaf(choice('automatic', 'half-duplex', 'full-duplex')),
  mac: leaf(TEXT),
  encapsulation: leaf(NAME),
  'number-of-sub-ports': leaf(integer(0, 8)),
  unused: flag,
  'gigether-options': container(ETHER_OPTIONS),
  'ether-options': container(ETHER_OPTIONS),
  'aggregated-ether-options': container({
    'minimum-links': leaf(integer(1, 64)),
    'link-speed': leaf(TEXT),
    lacp: container({
      ...flags('active', 'passive'), periodic: leaf(choice('fast', 'slow')), 'system-id': leaf(TEXT),
      'admin-key': leaf(integer(0, 65_535)),
    }),
  }),
  'optics-options': container({ wavelength: leaf(TEXT), 'tx-power': leaf(TEXT) }),
  unit: list(integer(0, 1_073_741_823), UNIT),
};

export const INTERFACES: Block = {
  'interface-range': list(NAME, { member: list(NAME, {}), 'member-range': list(NAME, { 'end-range': leaf(NAME) }), ...INTERFACE }),
  interface: list(NAME, INTERFACE, { elided: true }),
};
