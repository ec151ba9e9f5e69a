// `show security macsec connections` and `statistics`: a flat sequence in which the blocks of several
// interfaces follow each other (junos_exporter's capture of 23.2R2). Without a live key the secure
// channels are missing.

import { element, elementWith, textAt, type XmlContent, type XmlElement } from '../../../xml.ts';
import { principal, type MkaSession } from '../mka/session.ts';
import { junosNamespace, timeLength, writeReply } from './reply.ts';
import { mkaSessions, type RouterState } from './router-state.ts';

/** get-macsec-connection-information and its -interface- form. */
export function macsecConnections(state: RouterState, request: XmlElement): string {
  const sessions = mkaSessions(state, textAt(request, 'interface-name'));
  const attributes = { xmlns: junosNamespace(state.release, 'dot1xd') };
  const xml = elementWith('macsec-connection-information', attributes, sessions.map(connection));
  return writeReply(request, { xml, text: () => sessions.map(connectionText).join('\n') });
}

function connection(session: MkaSession): XmlContent {
  const { association } = session;
  const common = element(
    'macsec-interface-common-information',
    element('interface-name', session.interfaceName),
    element('connectivity-association-name', association.name),
    element('cipher-suite', association.cipherSuite.toUpperCase()),
    element('encryption', association.encryption ? 'on' : 'off'),
    element('offset', association.offset),
    element('include-sci', association.includeSci ? 'yes' : 'no'),
    element('replay-protect', association.replayWindow === undefined ? 'off' : 'on'),
    element('replay-protect-window', String(association.replayWindow ?? 0)),
  );
  if (!session.secured) return [common];
  return [common, createTime(session), channel(session, 'outbound', session.sci), peerChannels(session).map((sci) => channel(session, 'inbound', sci))].flat();
}

/** SCIs of the peers on the key in use. */
function peerChannels(session: MkaSession): string[] {
  return principal(session)?.peers.map(({ sci }) => sci) ?? [];
}

function channel(session: MkaSession, direction: 'outbound' | 'inbound', sci: string): XmlElement {
  return element(
    `${direction}-secure-channel`,
    element('sci', sci),
    direction === 'outbound' && element('outgoing-packet-number', String(session.messageNumber)),
    element(
      `${direction}-secure-association`,
      element('association-number', String(session.latest.association)),
      element('association-number-status', 'inuse'),
      direction === 'inbound' && element('lowest-acceptable-packet-number', '1'),
      createTime(session),
    ),
  );
}

function createTime(session: MkaSession): XmlElement {
  return elementWith('create-time', { 'junos:seconds': String(session.uptimeSeconds) }, timeLength(session.uptimeSeconds));
}

function connectionText(session: MkaSession): string {
  const { association } = session;
  const secured = [
    '      Outbound secure channels',
    `        SC Id: ${session.sci}`,
    `        Outgoing packet number: ${session.messageNumber}`,
    '        Secure associations',
    `        AN: ${session.latest.association}  Status: inuse  Create time: ${timeLength(session.uptimeSeconds)}`,
    '      Inbound secure channels',
    ...peerChannels(session).flatMap((sci) => [
      `        SC Id: ${sci}`,
      '        Secure associations',
      `        AN: ${session.latest.association}  Status: inuse  Create time: ${timeLength(session.uptimeSeconds)}`,
    ]),
  ];
  return `${[
    `  Interface name: ${session.interfaceName}`,
    `      CA name: ${association.name}`,
    `      Cipher suite: ${association.cipherSuite.toUpperCase()}   Encryption: ${association.encryption ? 'on' : 'off'}`,
    `      Key server offset: ${association.offset}         Include SCI: ${association.includeSci ? 'yes' : 'no'}`,
    `      Replay protect: ${association.replayWindow === undefined ? 'off' : 'on'}          Replay window: ${association.replayWindow ?? 0}`,
    ...(session.secured ? secured : []),
  ].join('\n')}\n`;
}

/** get-macsec-statistics and its -interface- form; no traffic crosses the bench, so packets are MKA's own. */
export function macsecStatistics(state: RouterState, request: XmlElement): string {
  const groups = mkaSessions(state, textAt(request, 'interface-name')).map((session) => {
    const packets = String(session.secured ? session.messageNumber : 0);
    return [
      element('interface-name', session.interfaceName),
      element('secure-channel-sent', element('encrypted-packets', packets), element('encrypted-bytes', '0'), element('protected-packets', '0'), element('protected-bytes', '0')),
      element('secure-association-sent', element('encrypted-packets', packets), element('protected-packets', '0')),
      element('secure-channel-received', element('ok-packets', packets), element('validated-bytes', '0'), element('decrypted-bytes', '0')),
      element('secure-association-received', element('ok-packets', packets), element('validated-bytes', '0'), element('decrypted-bytes', '0')),
    ];
  });
  return writeReply(request, { xml: elementWith('macsec-statistics', { xmlns: junosNamespace(state.release, 'dot1xd') }, groups) });
}
