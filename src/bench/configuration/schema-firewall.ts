// Schema of [edit firewall]: the filters that protect a router's loopback and management interfaces.

import { container, flag, leaf, leafList, list } from './statement.ts';
import type { Block } from './statement.ts';
import { flags, NAME, PREFIX, TEXT } from './schema-types.ts';

const ADDRESSES = list(PREFIX, flags('except'), { grouped: true, oneLine: true });

const FROM: Block = {
  address: ADDRESSES,
  'source-address': ADDRESSES,
  'destination-address': ADDRESSES,
  ...Object.fromEntries(['prefix-list', 'source-prefix-list', 'destination-prefix-list'].map((name) => [name, list(NAME, flags('except'), { grouped: true, oneLine: true })])),
  ...Object.fromEntries(['protocol', 'next-header', 'port', 'source-port', 'destination-port', 'icmp-type', 'dscp'].map((name) => [name, leafList(TEXT)])),
  'tcp-flags': leaf(TEXT),
  ...flags('tcp-established', 'tcp-initial', 'is-fragment', 'first-fragment'),
};

const THEN: Block = {
  policer: leaf(NAME),
  count: leaf(NAME),
  ...flags('log', 'syslog', 'sample', 'accept', 'discard', 'reject'),
  next: leaf(NAME),
};

const FILTER = list(NAME, {
  'interface-specific': flag,
  term: list(NAME, { from: container(FROM), then: container(THEN) }),
});

export const FIREWALL: Block = {
  family: container({ inet: container({ filter: FILTER }), inet6: container({ filter: FILTER }), mpls: container({ filter: FILTER }) }, { joined: true }),
  policer: list(NAME, {
    'if-exceeding': container({ 'bandwidth-limit': leaf(TEXT), 'burst-size-limit': leaf(TEXT) }),
    then: container({ discard: flag, 'loss-priority': leaf(NAME) }),
  }),
  filter: FILTER,
};
