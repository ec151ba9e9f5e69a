// `show security keychain`: which key of each chain is active and which comes next, by start time alone
// (YANG rpc-security, hakr-keychain-information). Whether MKA follows it is `show security mka sessions`.

import { at, child, childrenOf, element, elementWith, textAt, type XmlElement } from '../../../xml.ts';
import { activeChainKey, readChain, type ChainKey } from '../mka/association.ts';
import { dateText } from '../../configuration/time-zone.ts';
import { junosNamespace, timeLength, writeReply } from './reply.ts';
import type { RouterState } from './router-state.ts';

/** get-hakr-keychain-information; with <detail/> each key is listed. */
export function keychainInformation(state: RouterState, request: XmlElement): string {
  const security = child(state.committed(), 'security');
  const detail = child(request, 'detail') !== undefined;
  const chains = childrenOf(at(security, 'authentication-key-chains'), 'key-chain').map((node) => {
    const name = textAt(node, 'name') ?? '';
    return chainElement(name, readChain(security, name, 64), { now: state.now(), timeZone: state.timeZone(), detail, tolerance: textAt(node, 'tolerance') ?? '3600' });
  });
  return writeReply(request, { xml: elementWith('hakr-keychain-information', { xmlns: junosNamespace(state.release, 'hakr') }, chains) });
}

function chainElement(name: string, keys: readonly ChainKey[], view: { now: number; timeZone: string; detail: boolean; tolerance: string }): XmlElement {
  const active = activeChainKey(keys, view.now);
  const next = keys.filter((key) => key.startsAt > view.now).reduce<ChainKey | undefined>((soonest, key) => (soonest === undefined || key.startsAt < soonest.startsAt ? key : soonest), undefined);
  const slot = (key: ChainKey | undefined): string => (key === undefined ? 'None' : String(key.slot));
  return element(
    'hakr-keychain',
    element('hakr-keychain-name', name),
    element('hakr-keychain-active-send-key', slot(active)),
    element('hakr-keychain-active-receive-key', slot(active)),
    element('hakr-keychain-next-send-key', slot(next)),
    element('hakr-keychain-next-receive-key', slot(next)),
    element('hakr-keychain-next-key-time', next === undefined ? 'None' : timeLength(Math.ceil((next.startsAt - view.now) / 1000))),
    element('hakr-keychain-tolerance', view.tolerance),
    view.detail && keys.map((key) => keyElement(key, key === active, view.timeZone)),
  );
}

function keyElement(key: ChainKey, active: boolean, timeZone: string): XmlElement {
  return element(
    'hakr-keys',
    element('hakr-key-id', String(key.slot)),
    element('hakr-key-state', active ? 'Active' : 'Inactive'),
    element('hakr-key-start-time', dateText(key.startsAt, timeZone)),
  );
}
