// One `scp -f` or `scp -t` on an SSH channel, from command to exit status. Refusals go to the client as
// the protocol's error record, in the words of the router's own scp.

import type { Duplex } from 'node:stream';
import type { Faults } from '../faults/faults.ts';
import { ByteSource, ScpBroken } from './byte-source.ts';
import type { MgdUser } from '../../mgd/mgd.ts';
import { FileRefused, type RouterFiles } from './router-files.ts';
import type { ScpCommand } from './scp-command.ts';
import { scpReceive } from './scp-receive.ts';
import { scpSend } from './scp-send.ts';

export interface ScpRequest {
  readonly command: ScpCommand;
  readonly files: RouterFiles;
  readonly user: MgdUser;
  readonly faults: Faults;
  /** Longest silence in milliseconds. */
  readonly idle: number;
  /** Told when a file's last byte is about to be sent. */
  readonly onSent?: () => void;
}

/** Serves one transfer; resolves to the exit status. Never rejects. */
export async function serveScp(stream: Duplex, request: ScpRequest): Promise<0 | 1> {
  const { command } = request;
  const source = new ByteSource(stream, request.idle);
  try {
    if (command.direction === 'send') await scpSend(stream, source, request);
    else await scpReceive(stream, source, request);
    return 0;
  } catch (error) {
    const text = error instanceof FileRefused ? `${command.path}: ${error.message}` : error instanceof ScpBroken ? error.message : 'internal error';
    if (!stream.destroyed && !stream.writableEnded) stream.write(`\u0001scp: ${text.replace(/[\0\n]/g, ' ')}\n`);
    return 1;
  }
}
