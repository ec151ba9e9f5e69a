// `show security mka sessions` in the CLI's words, after captures of an ACX7348 (brief, summary) and an
// MX304 (detail, which writes "Interface state" and lists every CAK).

import { principal, type MkaParticipant, type MkaSession } from '../mka/session.ts';
import { timeLength } from './reply.ts';

/** The whole output for these sessions. */
export function mkaSessionsText(sessions: readonly MkaSession[], style: 'brief' | 'detail' | 'summary'): string {
  if (style === 'summary') return summary(sessions);
  return sessions.map((session) => (style === 'detail' ? detail(session) : brief(session))).join('\n');
}

function brief(session: MkaSession): string {
  const shown = principal(session);
  return lines(
    ...common(session, shown, 'Interface State'),
    '     Peer list',
    ...peers(session, shown),
  );
}

function detail(session: MkaSession): string {
  const caks = session.participants.flatMap((one, index) => [
    `      ${index + 1}. CAK name: ${one.key.shownName}`,
    `         CAK type: ${one.role.padEnd(22)} Status: ${one.status}`,
    `         Member identifier: ${one.memberIdentifier}  Message number: ${session.messageNumber}`,
    `         Peer list: (${one.peers.length})`,
    ...peers(session, one),
  ]);
  return lines(...common(session, principal(session), 'Interface state'), `     CAK list: (${session.participants.length})`, ...caks);
}

function common(session: MkaSession, shown: MkaParticipant | undefined, stateLabel: string): string[] {
  const { association, latest, previous } = session;
  return [
    `  Interface name: ${session.interfaceName}`,
    `     ${stateLabel}: ${session.state}`,
    `     Member identifier: ${shown?.memberIdentifier ?? '000000000000000000000000'}`,
    `     CAK name: ${shown?.key.shownName ?? ''}`,
    `     CAK type: ${shown?.role ?? 'primary'}`,
    '     Security mode: static',
    '     MKA suspended: 0(s)',
    `     Transmit interval: ${association.transmitInterval}(ms)`,
    `     SAK rekey interval: ${association.rekeyInterval}(s)`,
    `     Preceding Key: ${association.precedingKept ? 'enabled' : 'disabled'}`,
    '     Bounded Delay: disabled',
    `     Outbound SCI: ${session.sci}`,
    `     Message number: ${String(session.messageNumber).padEnd(10)} Key number: ${session.keyServer ? latest.number : 0}`,
    '     MKA ICV Indicator: enabled',
    `     Key server: ${(session.keyServer ? 'yes' : 'no').padEnd(14)} Key server priority: ${association.keyServerPriority}`,
    `     Latest SAK AN: ${String(latest.association).padEnd(11)} Latest SAK KI: ${latest.identifier}`,
    `     Previous SAK AN: ${String(previous.association).padEnd(9)} Previous SAK KI: ${previous.identifier}`,
    '     MKA Suspend For: disabled  MKA Suspend On Request: disabled',
  ];
}

function peers(session: MkaSession, shown: MkaParticipant | undefined): string[] {
  const indent = ' '.repeat(10);
  return (shown?.peers ?? []).flatMap((peer, index) => [
    `${indent}${index + 1}. Member identifier: ${peer.memberIdentifier} (live)`,
    `${indent}   Message number: ${String(session.messageNumber).padEnd(11)} Hold time: ${session.holdTime} (ms)`,
    `${indent}   SCI: ${peer.sci}    Uptime: ${timeLength(session.uptimeSeconds)}`,
    `${indent}   Lowest acceptable PN: 1`,
  ]);
}

function summary(sessions: readonly MkaSession[]): string {
  const row = (cells: readonly string[]): string => [18, 25, 10, 12, 8, 8].map((width, index) => (cells[index] ?? '').padEnd(width)).join('') + (cells[6] ?? '');
  const rows = sessions.flatMap((session) =>
    session.participants.map((one) => {
      const received = one.peers.length === 0 ? 0 : session.messageNumber;
      return row([session.interfaceName, one.memberIdentifier, one.role, one.status, String(session.messageNumber), String(received), one.key.shownName]);
    }),
  );
  return lines(row(['Interface', 'Member-ID', 'Type', 'Status', 'Tx', 'Rx', 'CAK Name']), ...rows);
}

function lines(...text: string[]): string {
  return `${text.join('\n')}\n`;
}
