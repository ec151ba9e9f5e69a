// What a router says of itself: host name, routing engines, and the commits in its history. Pure.

import { type XmlElement, descendants, element, textAt } from '../xml.ts';

export const SYSTEM_INFORMATION_RPC = element('get-system-information');
export const COMMIT_INFORMATION_RPC = element('get-commit-information');
export const ROUTING_ENGINES_RPC = element('get-route-engine-information');

/** The addresses by which the routing engines of a router know each other: those of the engine that answers. */
export const OWN_ENGINE_RPC = element('get-interface-information', element('routing-instance', '__juniper_private1__'), element('terse'));
const PRIVATE_ADDRESSES: Readonly<Record<string, 'master' | 'backup'>> = { '128.0.0.1': 'master', '128.0.0.6': 'backup' };

/** Host name as configured, `-re0`/`-re1` included, in system information or a configuration; undefined when there is none. */
export function hostName(reply: XmlElement): string | undefined {
  return descendants(reply, 'host-name').map((node) => String(node.text))[0];
}

/** The slot in a host name that groups re0/re1 set; undefined for a router that does not name its routing engine. */
export function routingEngineSlot(name: string): number | undefined {
  const slot = /-re([01])$/.exec(name)?.[1];
  return slot === undefined ? undefined : Number(slot);
}

export interface RoutingEngine {
  readonly slot: number;
  readonly mastership: string;
}

/** The routing engines in the reply; a router with one may show no slot. */
export function routingEngines(reply: XmlElement): RoutingEngine[] {
  return descendants(reply, 'route-engine').map((engine) => ({ slot: Number(textAt(engine, 'slot') ?? 0), mastership: (textAt(engine, 'mastership-state') ?? '').toLowerCase() }));
}

/** From the private addresses of OWN_ENGINE_RPC (/etc/hosts.junos names them); undefined: none of them is there. */
export function ownMastership(reply: XmlElement): 'master' | 'backup' | undefined {
  return descendants(reply, 'ifa-local').map((node) => PRIVATE_ADDRESSES[String(node.text).split('/')[0] ?? '']).find((role) => role !== undefined);
}

/** True when a commit whose log text contains `log` is in the reply of get-commit-information. */
export function hasCommit(reply: XmlElement, log: string): boolean {
  return descendants(reply, 'commit-history').some((entry) => textAt(entry, 'log')?.includes(log) === true);
}
