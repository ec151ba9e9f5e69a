// Who owns a file of the router and who may read or write it. One user of this machine owns them all, so owners are
// kept here: whoever put the file, else the user in whose home it lies, else root. The rest is the permission bits,
// as on the router; a super-user class may do everything.

import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { MgdUser } from '../../mgd/mgd.ts';

export class FileRights {
  readonly #root: string;
  readonly #owners = new Map<string, string>();

  /** `root` is the root of the router's files. */
  constructor(root: string) {
    this.#root = root;
  }

  claim(host: string, user: string): void {
    this.#owners.set(host, user);
  }

  ownerOf(host: string): string {
    return this.#owners.get(host) ?? /^\/var\/home\/([^/]+)/.exec(host.slice(this.#root.length))?.[1] ?? 'root';
  }

  async mayRead(user: MgdUser, host: string): Promise<boolean> {
    return (await this.#mayReach(user, host)) && this.#allows(user, host, 4);
  }

  /** Of a file that is not there: whether it may be made. */
  async mayWrite(user: MgdUser, host: string): Promise<boolean> {
    const isThere = (await modeOf(host)) !== undefined;
    return (await this.#mayReach(user, host)) && this.#allows(user, isThere ? host : dirname(host), 2);
  }

  async #mayReach(user: MgdUser, host: string): Promise<boolean> {
    const parent = dirname(host);
    if (host === this.#root || parent.length < this.#root.length) return true;
    return (await this.#allows(user, parent, 1)) && this.#mayReach(user, parent);
  }

  async #allows(user: MgdUser, host: string, bit: 1 | 2 | 4): Promise<boolean> {
    if (user.loginClass === 'super-user') return true;
    const mode = await modeOf(host);
    if (mode === undefined || host === this.#root) return bit !== 2;
    // Everybody's folder, as on every router.
    if (host === `${this.#root}/var/tmp`) return true;
    return ((this.ownerOf(host) === user.name ? mode >> 6 : mode) & bit) !== 0;
  }
}

async function modeOf(host: string): Promise<number | undefined> {
  return (await stat(host).catch(() => undefined))?.mode;
}
