// <commit-configuration>. The answer decides what the rest of the program believes about the router, so it
// is classified strictly: failed, succeeded (commit-success or ok is required), or unknown. A commit whose
// answer never came may well have succeeded; only reading back can tell.

import { QkdError, isQkdError } from '../../errors.ts';
import { descendants, element, type XmlElement } from '../../xml.ts';
import { RpcFailure, saysOk } from '../rpc-reply.ts';
import type { Rpc } from '../rpc.ts';

export interface CommitOptions {
  /** Shown by `show system commit`; identifies the run. */
  readonly log: string;
  /** Minutes until the router rolls the commit back unless another commit confirms it. */
  readonly confirmMinutes?: number | undefined;
  /** Both routing engines. */
  readonly synchronize?: boolean | undefined;
}

/**
 * Commits the open candidate. Throws commit-failed, configuration-locked, configuration-modified or
 * permission-denied when the router refused, outcome-unknown when nobody can say.
 */
export async function commitConfiguration(rpc: Rpc, options: CommitOptions, timeoutSeconds: number): Promise<void> {
  let reply: XmlElement;
  try {
    reply = await rpc(request(options), timeoutSeconds);
  } catch (error) {
    throw meaning(error, options.log);
  }
  if (!saysOk(reply) && !succeededSomewhere(reply)) {
    throw outcomeUnknown('commit-configuration: the answer says neither success nor error', options.log);
  }
}

function request({ log, confirmMinutes, synchronize }: CommitOptions): XmlElement {
  const confirmed = confirmMinutes !== undefined && [element('confirmed'), element('confirm-timeout', String(confirmMinutes))];
  return element('commit-configuration', synchronize === true && element('synchronize'), confirmed, element('log', log));
}

function meaning(error: unknown, log: string): unknown {
  if (error instanceof RpcFailure) {
    if (succeededSomewhere(error.reply)) return outcomeUnknown(`${error.message}; another routing engine committed`, log, error);
    return error.code === 'rpc-error' ? new QkdError('commit-failed', error.message, { hint: 'correct what the router objects to, then run again; nothing was committed', cause: error }) : error;
  }
  return isQkdError(error, 'deadline', 'netconf-closed', 'netconf-protocol') ? outcomeUnknown(error.message, log, error) : error;
}

/** True when a routing engine reports the commit itself, not the check before it. */
function succeededSomewhere(reply: XmlElement): boolean {
  return descendants(reply, 'commit-success').length > 0;
}

function outcomeUnknown(message: string, log: string, cause?: QkdError): QkdError {
  return new QkdError('outcome-unknown', message, { hint: `look for "${log}" in \`show system commit\` on the router`, cause });
}
