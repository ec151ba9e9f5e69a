// Whether an interface is up, as `show interfaces terse` says: what tells a far end that is silent from a line
// that is cut. Pure.

import { type XmlElement, descendants, element, textAt } from '../xml.ts';

/** Asks for one interface. */
export function interfaceRpc(name: string): XmlElement {
  return element('get-interface-information', element('terse'), element('interface-name', name));
}

/** The physical state of the interface in the reply; undefined when the reply does not show it. */
export function isUp(reply: XmlElement, name: string): boolean | undefined {
  const found = descendants(reply, 'physical-interface').find((node) => textAt(node, 'name')?.trim() === name);
  const status = textAt(found, 'oper-status')?.trim();
  return status === undefined ? undefined : status === 'up';
}
