// Who holds the configuration database: from the text of a refused lock, and from the reply to
// get-configuration-database-status. Pure.

import { oneLine } from '../errors.ts';

export interface LockHolder {
  readonly user: string;
  readonly terminal: string;
  readonly pid: string;
  /** As the router writes it: local time with its zone. */
  readonly since: string;
  /** `hh:mm:ss`; '' when the router does not say. */
  readonly idle: string;
}

const HOLDER_LINE = /^\s*(\S+) +terminal +(\S*) *\(pid (\d+)\) on since ([^,\n]+)(?:, idle ([^\n]+))?/gm;

/** The holders named in `configuration database locked by: ...`; empty when the text names none. */
export function parseLockHolders(message: string): LockHolder[] {
  return [...message.matchAll(HOLDER_LINE)].map((match) => lockHolder(match.slice(1)));
}

/** From user, terminal, pid, since, idle as a router wrote them; what it left out is ''. */
export function lockHolder(written: readonly (string | undefined)[]): LockHolder {
  const [user = '', terminal = '', pid = '', since = '', idle = ''] = written.map((text) => oneLine(text ?? '', 40));
  return { user, terminal, pid, since, idle };
}

/** `admin (pid 32260, terminal p0) since 2021-05-06 11:04:06 UTC, idle 00:04:48`, at most three of them. */
export function describeHolders(holders: readonly LockHolder[]): string {
  const describe = (holder: LockHolder): string => {
    const where = [`pid ${holder.pid}`, holder.terminal && `terminal ${holder.terminal}`].filter(Boolean).join(', ');
    return `${holder.user} (${where}) since ${holder.since}${holder.idle && `, idle ${holder.idle}`}`;
  };
  return holders.slice(0, 3).map(describe).join(' and ');
}

/** What an operator can do about the lock. */
export function unlockHint(holders: readonly LockHolder[]): string {
  const holder = holders[0];
  if (holder === undefined) return 'find the session with `show system configuration database status` and end it';
  return `ask ${holder.user} to leave configuration mode, or end the session with \`request system logout pid ${holder.pid}\``;
}
