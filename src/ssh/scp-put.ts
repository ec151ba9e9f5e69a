// Writes one file over legacy SCP (`scp -t`, "sink mode" of OpenSSH's scp.c). The other end overwrites in place: whoever
// needs an atomic replacement must put under another name and rename. If `path` is a folder, OpenSSH writes into it under
// the last part of `path`.

import { basename } from 'node:path/posix';

import { scpTransfer } from './scp-dialogue.ts';
import { violation } from './scp-records.ts';
import type { SshConnection } from './connection.ts';

export interface ScpPutSettings {
  /** Permission bits, for example 0o600; set exactly, whatever the other end's umask. */
  readonly mode: number;
  /** For the whole transfer. */
  readonly timeoutSeconds: number;
}

/** Writes `content` to the remote `path`. Throws `scp` (refused, or against the protocol), `deadline`, `ssh-closed`. */
export function scpPut(connection: SshConnection, path: string, content: Buffer, settings: ScpPutSettings): Promise<void> {
  const { mode, timeoutSeconds } = settings;
  return scpTransfer(connection, { path, direction: 'put', maxBytes: 0, timeoutSeconds }, async (dialogue) => {
    const name = basename(path);
    if (name === '' || name === '.' || name === '..') throw violation('the path does not name a file');
    await dialogue.expectOk();
    dialogue.send(`C${(mode & 0o7777).toString(8).padStart(4, '0')} ${content.length} ${name}\n`);
    await dialogue.expectOk();
    dialogue.send(content);
    dialogue.send(Buffer.from([0]));
    await dialogue.expectOk();
    await dialogue.end();
  });
}
