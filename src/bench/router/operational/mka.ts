// `show security mka sessions` and `statistics` as XML (junos.md section 2). Several interfaces follow
// each other as a flat sequence in one container, a group starting at each interface-name. The XML of
// the summary form and of mka statistics is nowhere published: leaf names there follow the CLI's labels.

import { child, element, elementWith, textAt, type XmlContent, type XmlElement } from '../../../xml.ts';
import { principal, type MkaParticipant, type MkaSession } from '../mka/session.ts';
import { rpcError } from '../netconf/rpc-error.ts';
import { mkaSessionsText } from './mka-text.ts';
import { junosNamespace, timeLength, writeReply } from './reply.ts';
import { mkaSessions, type RouterState } from './router-state.ts';

type Style = 'brief' | 'detail' | 'summary';

/** get-mka-session-information and get-mka-session-interface-information. */
export function mkaSessionInformation(state: RouterState, request: XmlElement): string {
  const style = (['summary', 'detail'] as const).find((name) => child(request, name)) ?? 'brief';
  const only = textAt(request, 'interface-name');
  const sessions = mkaSessions(state, only);
  if (only !== undefined && sessions.length === 0) return rpcError('operation-failed', `MKA session not found for interface ${only}`);
  const attributes = { xmlns: junosNamespace(state.release, 'dot1xd'), 'junos:style': style };
  const xml = elementWith('mka-session-information', attributes, ...sessions.map((session) => sessionElements(session, style)));
  return writeReply(request, { xml, text: () => mkaSessionsText(sessions, style) });
}

function sessionElements(session: MkaSession, style: Style): XmlContent {
  const name = element('interface-name', session.interfaceName);
  if (style === 'summary') return [name, session.participants.map((one) => cakElement('session-cak', session, one))];
  const shown = principal(session);
  return [
    name,
    element('interface-state', session.state),
    element('member-identifier', shown?.memberIdentifier ?? '000000000000000000000000'),
    element('cak-name', shown?.key.shownName ?? ''),
    element('cak-type', shown?.role ?? 'primary'),
    rules(session),
    element('sci', session.sci),
    element('message-number', String(session.messageNumber)),
    element('key-number', String(session.keyServer ? session.latest.number : 0)),
    element('mka-icv-indicator', 'enabled'),
    element('key-server', session.keyServer ? 'yes' : 'no'),
    element('key-server-priority', String(session.association.keyServerPriority)),
    element('latest-sak-association-number', String(session.latest.association)),
    element('latest-sak-key-identifier', session.latest.identifier),
    element(
      'session-previous-sak',
      element('previous-sak-association-number', String(session.previous.association)),
      element('previous-sak-key-identifier', session.previous.identifier),
    ),
    element('mka-suspend-for', 'disabled'),
    element('mka-suspend-on-request', 'disabled'),
    style === 'detail' ? session.participants.map((one) => cakElement(one.status === 'live' ? 'session-live' : 'session-cak', session, one)) : peerElements(session, shown),
  ];
}

function rules({ association }: MkaSession): XmlElement[] {
  return [
    element('security-mode', 'static'),
    element('mka-suspended', '0'),
    element('transmit-interval', String(association.transmitInterval)),
    element('sak-rekey-interval', String(association.rekeyInterval)),
    element('preceding-key', association.precedingKept ? 'enabled' : 'disabled'),
    element('bounded-delay', 'disabled'),
  ];
}

function cakElement(name: 'session-live' | 'session-cak', session: MkaSession, one: MkaParticipant): XmlElement {
  return element(
    name,
    element('cak-name', one.key.shownName),
    element('cak-type', one.role),
    element('cak-status', one.status),
    element('member-identifier', one.memberIdentifier),
    element('message-number', String(session.messageNumber)),
    peerElements(session, one),
  );
}

function peerElements(session: MkaSession, shown: MkaParticipant | undefined): XmlElement[] {
  return (shown?.peers ?? []).map((peer, index) =>
    element(
      'session-peer-list',
      element('peer-index', String(index + 1)),
      element('member-identifier', peer.memberIdentifier),
      element('peer-status', 'live'),
      element('message-number', String(session.messageNumber)),
      element('hold-time', String(session.holdTime)),
      element('sci', peer.sci),
      element('uptime', timeLength(session.uptimeSeconds)),
      element('lowest-acceptable-packet-number', '1'),
    ),
  );
}

const COUNTERS = [
  'version-mismatch-packets',
  'cak-mismatch-packets',
  'icv-mismatch-packets',
  'duplicate-message-identifier-packets',
  'duplicate-message-number-packets',
  'duplicate-address-packets',
  'invalid-destination-address-packets',
  'formatting-error-packets',
  'old-replayed-message-number-packets',
];

/** get-mka-statistics and get-mka-interface-statistics: frames of the session, error counters 0. */
export function mkaStatistics(state: RouterState, request: XmlElement): string {
  const groups = mkaSessions(state, textAt(request, 'interface-name')).map((session) => [
    element('interface-name', session.interfaceName),
    element('received-packets', String(session.secured ? session.messageNumber : 0)),
    element('transmitted-packets', String(session.messageNumber)),
    ...COUNTERS.map((name) => element(name, '0')),
  ]);
  return writeReply(request, { xml: elementWith('mka-statistics', { xmlns: junosNamespace(state.release, 'dot1xd') }, groups) });
}
