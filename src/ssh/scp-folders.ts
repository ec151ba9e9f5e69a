// Makes folders over legacy SCP (`scp -r -t`, the D and E records of OpenSSH's scp.c): the one way to make a folder on a
// Junos router without a shell. A folder that is there gets the mode and keeps what is in it.

import { scpTransfer } from './scp-dialogue.ts';
import { violation } from './scp-records.ts';
import type { SshConnection } from './connection.ts';
import type { ScpDialogue } from './scp-dialogue.ts';

export interface Folder {
  readonly name: string;
  /** Permission bits, for example 0o700. */
  readonly mode: number;
  readonly folders?: readonly Folder[];
}

/** Makes `folder`, and what is named in it, in the remote folder `parent`, which exists. Throws `scp`, `deadline`, `ssh-closed`. */
export function scpMakeFolders(connection: SshConnection, parent: string, folder: Folder, timeoutSeconds: number): Promise<void> {
  return scpTransfer(connection, { path: parent, direction: 'folders', maxBytes: 0, timeoutSeconds }, async (dialogue) => {
    await dialogue.expectOk();
    await make(dialogue, folder);
    await dialogue.end();
  });
}

async function make(dialogue: ScpDialogue, { name, mode, folders = [] }: Folder): Promise<void> {
  if (!/^[\w@%+=:,.-]+$/.test(name) || /^\.{1,2}$/.test(name)) throw violation('the name is not one of a folder');
  dialogue.send(`D${(mode & 0o7777).toString(8).padStart(4, '0')} 0 ${name}\n`);
  await dialogue.expectOk();
  for (const inner of folders) await make(dialogue, inner);
  dialogue.send('E\n');
  await dialogue.expectOk();
}
