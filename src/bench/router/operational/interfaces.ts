// get-interface-information, terse: the configured interfaces, up unless their fibre is cut; and in the private routing instance the
// addresses by which a routing engine knows its own slot (PyEZ's current_re).

import { child, childrenOf, element, elementWith, textAt, type XmlElement } from '../../../xml.ts';
import { junosNamespace, writeReply } from './reply.ts';
import type { RouterState } from './router-state.ts';

/** The private addresses of a routing engine and their names, in the form of /etc/hosts. */
export const PRIVATE_HOSTS = '128.0.0.1\tmaster\n128.0.0.4\tre0\n128.0.0.5\tre1\n128.0.0.6\tbackup\n';

export function interfaceInformation(state: RouterState, request: XmlElement): string {
  const only = textAt(request, 'interface-name');
  const own = textAt(request, 'routing-instance') === '__juniper_private1__';
  const interfaces = own ? [privateInterface(state)] : configured(state).filter((name) => only === undefined || name === only).map((name) => physical(name, isCut(state, name) ? 'down' : 'up'));
  const attributes = { xmlns: junosNamespace(state.release, 'interface'), 'junos:style': 'terse' };
  return writeReply(request, { xml: elementWith('interface-information', attributes, interfaces) });
}

function configured(state: RouterState): string[] {
  return childrenOf(child(state.committed(), 'interfaces'), 'interface').map((node) => textAt(node, 'name') ?? '');
}

/** No light comes from any other end of the cable. */
function isCut(state: RouterState, name: string): boolean {
  const link = state.linkOn(name);
  const own = link.ends.find(({ end }) => end.router === state.name && end.interfaceName === name);
  return own !== undefined && link.ends.length > 1 && link.heardBy(own).length === 0;
}

function physical(name: string, status: 'up' | 'down', ...logical: XmlElement[]): XmlElement {
  return element('physical-interface', element('name', name), element('admin-status', 'up'), element('oper-status', status), logical);
}

function privateInterface({ slot, masterSlot }: RouterState): XmlElement {
  const own = [slot === masterSlot() ? '128.0.0.1/2' : '128.0.0.6/2', slot === 0 ? '128.0.0.4/2' : '128.0.0.5/2'];
  const addresses = own.map((address) => element('interface-address', elementWith('ifa-local', { 'junos:emit': 'emit' }, address)));
  const family = element('address-family', element('address-family-name', 'inet'), addresses);
  const unit = element('logical-interface', element('name', 'em0.0'), element('admin-status', 'up'), element('oper-status', 'up'), family);
  return physical('em0', 'up', unit);
}
