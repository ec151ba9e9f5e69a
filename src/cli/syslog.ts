// Writes one line to the router's syslog, by a child process: Node has no datagram UNIX sockets, and logger is
// on every Junos and Junos OS Evolved, signed like the rest of the system. The line is an argument, so it
// must hold no secret; alarms have none.

import { spawn } from 'node:child_process';
import { QkdError, oneLine } from '../errors.ts';
import { SYSLOG_COMMAND } from '../inventory/defaults.ts';
import type { World } from './world.ts';

const LONGEST = 5_000;

/** `command` with the line as its last argument. Throws `file` when it cannot be run, fails or takes too long. */
export function toSyslog(command: readonly string[], line: string, longest = LONGEST): Promise<void> {
  const [program = '', ...words] = command;
  const failure = (why: string): QkdError => new QkdError('file', `syslog by ${program}: ${why}`, { hint: 'set system.alarms.command to a program that writes its last argument to syslog' });
  return new Promise((resolve, reject) => {
    const child = spawn(program, [...words, line], { stdio: 'ignore', timeout: longest, killSignal: 'SIGKILL' });
    child.once('error', (error: NodeJS.ErrnoException) => reject(failure(error.code ?? error.message)));
    child.once('exit', (status, signal) => {
      if (status === 0) resolve();
      else reject(failure(status === null ? `ended by ${signal}` : `exit status ${status}`));
    });
  });
}

/**
 * On a router, what keeps a run from beginning: the event policy's output is seen by nobody, and without an inventory there
 * is no log. On a terminal it is seen. Never rejects.
 */
export async function tellUnseen(world: World, error: QkdError): Promise<void> {
  if (world.terminal !== undefined || world.syslog === null) return;
  await toSyslog(world.syslog ?? SYSLOG_COMMAND, oneLine(`error: ${error.message}`, 1000)).catch(() => undefined);
}
