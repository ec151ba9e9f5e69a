// The root of the simulated router's schema: [edit]. Narrower than Junos's own, wide enough for what an
// operator loads around MACsec links. Order is Junos's order of display.

import { CHASSIS, POLICY_OPTIONS, PROTOCOLS, ROUTING_INSTANCES, ROUTING_OPTIONS, SNMP } from './schema-routing.ts';
import { EVENT_OPTIONS } from './schema-event-options.ts';
import { FIREWALL } from './schema-firewall.ts';
import { INTERFACES } from './schema-interfaces.ts';
import { SECURITY } from './schema-security.ts';
import { SYSTEM } from './schema-system.ts';
import { NAME, TEXT } from './schema-types.ts';
import { container, leaf, leafList, list, statement } from './statement.ts';
import type { Block } from './statement.ts';

const TOP: Block = {
  system: container(SYSTEM),
  chassis: container(CHASSIS),
  security: container(SECURITY),
  interfaces: container(INTERFACES),
  snmp: container(SNMP),
  'event-options': container(EVENT_OPTIONS),
  'policy-options': container(POLICY_OPTIONS),
  firewall: container(FIREWALL),
  'routing-instances': container(ROUTING_INSTANCES),
  'routing-options': container(ROUTING_OPTIONS),
  protocols: container(PROTOCOLS),
};

const ROOT: Block = {
  version: leaf(TEXT),
  groups: list(NAME, () => TOP, { grouped: true }),
  'apply-groups': leafList(NAME),
  ...TOP,
};

/** The statement <configuration>. */
export const CONFIGURATION = statement('configuration', container(ROOT));
