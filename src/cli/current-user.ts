// Who runs the program. A user ID without an entry in the password file (a container) still has a name and a
// home folder: what such a user writes lies in the current folder.

import { userInfo } from 'node:os';
import type { World } from './world.ts';

/** Name and home folder; never throws. */
export function currentUser(folder: string): World['user'] {
  try {
    const { username, homedir } = userInfo();
    return { name: username, home: homedir };
  } catch {
    return { name: `uid${process.getuid?.() ?? ''}`, home: folder };
  }
}
