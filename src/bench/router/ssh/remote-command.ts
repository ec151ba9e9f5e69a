// What an SSH client may run on the router: NETCONF, scp, and `show` commands as `ssh router "show version"`
// gives them. A shell and SFTP are refused (junos.md section 5: SFTP only with sftp-server).

import type { ServerChannel } from 'ssh2';
import { elementWith } from '../../../xml.ts';
import { parseRequest } from '../netconf/parse-request.ts';
import { serveNetconf, type NetconfContext, type NetconfLogin } from '../netconf/session.ts';
import type { RouterUser } from '../router-options.ts';
import type { RouterFiles } from '../scp/router-files.ts';
import { readScpCommand, splitWords } from '../scp/scp-command.ts';
import { serveScp } from '../scp/scp-server.ts';

export interface RemoteContext extends NetconfContext {
  readonly files: RouterFiles;
  readonly scpIdle: number;
}

export interface RemoteLogin {
  readonly user: RouterUser;
  readonly drop: () => void;
}

const NETCONF = /^(?:(?:\/usr\/sbin\/)?cli )?(?:xml-mode )?netconf( need-trailer)?$/;

/** Runs one command to its end. Never rejects. */
export async function runRemoteCommand(channel: ServerChannel, line: string, context: RemoteContext, login: RemoteLogin): Promise<void> {
  channel.on('error', () => undefined);
  const netconf = NETCONF.exec(line.trim());
  if (netconf !== null) return serveChannelNetconf(channel, context, { ...login, trailerOptional: netconf[1] === undefined });
  const scp = readScpCommand(line);
  if (scp !== undefined) return finish(channel, await transfer(channel, scp, context, login));
  const show = showCommand(line);
  if (show === undefined) {
    channel.write('error: unknown command\n');
    return finish(channel, 1);
  }
  channel.write(await runShow(show, context, login));
  finish(channel, 0);
}

/** NETCONF on an SSH channel; ends with exit status 0. */
export function serveChannelNetconf(channel: ServerChannel, context: RemoteContext, login: NetconfLogin): Promise<void> {
  return serveNetconf(channel, context, { ...login, leave: () => channel.exit(0) });
}

function transfer(channel: ServerChannel, command: NonNullable<ReturnType<typeof readScpCommand>>, context: RemoteContext, { user }: RemoteLogin): Promise<0 | 1> | 1 {
  // A class of the configuration without permissions may copy files all the same, as on a router.
  if (user.loginClass === 'unauthorized') {
    channel.write('\u0002scp: permission denied\n');
    return 1;
  }
  return serveScp(channel, { command, files: context.files, user, faults: context.faults, idle: context.scpIdle, onSent: () => context.onAnswer?.('scp') });
}

/** "show …" as such, or as the argument of `cli -c`. */
function showCommand(line: string): string | undefined {
  const plain = line.trim();
  if (/^show /.test(plain)) return plain;
  const [program, option, command, more] = splitWords(plain) ?? [];
  const cli = (program === 'cli' || program === '/usr/sbin/cli') && option === '-c' && more === undefined;
  return cli && command !== undefined && /^show /.test(command) ? command : undefined;
}

async function runShow(command: string, context: RemoteContext, { user }: RemoteLogin): Promise<string> {
  const session = context.mgd.openSession(user);
  try {
    const inner = await session.execute(elementWith('command', { format: 'text' }, command));
    const { root } = parseRequest(`<reply xmlns:junos="junos">${inner}</reply>`);
    const texts = root.children.map((node) => (node.name === 'rpc-error' ? `error: ${String(node.children.find((c) => c.name === 'error-message')?.text)}` : String(node.text)));
    return `${texts.join('\n')}\n`;
  } finally {
    session.close();
  }
}

function finish(channel: ServerChannel, status: 0 | 1): void {
  if (channel.destroyed || channel.writableEnded) return;
  channel.exit(status);
  channel.end();
}
