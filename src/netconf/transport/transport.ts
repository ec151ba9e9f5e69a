// What a NETCONF session runs over: a pair of byte streams and a way to end them. The three kinds are
// child-process.ts (on the router), unix-socket.ts and ssh.ts; a session neither knows nor cares which.

import type { Readable, Writable } from 'node:stream';
import { QkdError } from '../../errors.ts';

export interface NetconfTransport {
  /** For messages: `/usr/sbin/cli`, `ssh port 830`. */
  readonly name: string;
  readonly readable: Readable;
  readonly writable: Writable;
  /** Called after the stream ended: why, as far as anyone can tell (exit status, stderr), without `name`. Bounded. */
  whyEnded(): Promise<QkdError>;
  /** Frees everything, at once if need be; may be called more than once; never rejects. */
  close(): Promise<void>;
}

/** The session ended under us, for `whyEnded`. */
export function sessionEnded(how: string): QkdError {
  return new QkdError('netconf-closed', how, { hint: 'check mgd and the messages log on the router, then run again' });
}
