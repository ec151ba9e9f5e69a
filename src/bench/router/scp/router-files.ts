// The router's file system as its users see it, kept inside one folder of the host: absolute path P is
// <root>/P unless it lies under <root> already (programs "on" the router know it by that name), relative
// paths begin at /var/home/<user>. Neither `..` nor a symbolic link leads out of <root>.

import { constants, mkdirSync } from 'node:fs';
import { lstat, mkdir, open, realpath, type FileHandle } from 'node:fs/promises';
import { basename, dirname, join, posix, sep } from 'node:path';
import { FileRights } from './file-rights.ts';

export class FileRefused extends Error {}

export class RouterFiles {
  readonly root: string;
  readonly rights: FileRights;

  constructor(root: string) {
    this.root = root;
    this.rights = new FileRights(root);
  }

  /** Makes the folders that every router has, and each user's home. */
  async lay(users: readonly string[]): Promise<void> {
    const folders = ['var/tmp', 'var/log', 'var/db/scripts/event', 'var/db/scripts/op', 'etc', ...users.map((user) => `var/home/${user}`)];
    for (const folder of folders) await mkdir(join(this.root, folder), { recursive: true, mode: 0o755 });
  }

  /** The homes that a commit makes for new users; those of users that are gone stay. */
  layHomes(users: readonly string[]): void {
    for (const user of users) if (/^[\w-]+$/.test(user)) mkdirSync(this.home(user), { recursive: true, mode: 0o755 });
  }

  home(user: string): string {
    return join(this.root, 'var/home', user);
  }

  /** Where a path written by `user` lies on the host. Lexical only: see `openInside` for links. */
  resolve(user: string, path: string): string {
    const onEngine = path.replace(/^re[01]:(?=\/)/, '');
    const written = onEngine === '~' || onEngine.startsWith('~/') ? onEngine.slice(2) : onEngine;
    const absolute = posix.normalize(written.startsWith('/') ? written : `/var/home/${user}/${written}`);
    const own = this.#ofThisEngine(absolute);
    const known = own === this.root || own.startsWith(`${this.root}/`);
    const clean = known ? own : join(this.root, own);
    return clean.length > 1 && clean.endsWith(sep) ? clean.slice(0, -1) : clean;
  }

  /** A program "on" one routing engine names the files of the other by its own paths: `re1:` and what it calls its file. */
  #ofThisEngine(path: string): string {
    const [, router, inside] = /^(.*)\/re[01]\/root(\/.*)$/.exec(path) ?? [];
    return router !== undefined && inside !== undefined && dirname(dirname(this.root)) === router ? `${this.root}${inside}` : path;
  }

  /** The path on the router of a host path below root. */
  shown(host: string): string {
    return host === this.root ? '/' : host.slice(this.root.length);
  }

  /** 'file', 'folder', 'other', or 'absent'; links are 'other'. */
  async kind(host: string): Promise<'file' | 'folder' | 'other' | 'absent'> {
    await this.#confine(host);
    const found = await lstat(host).catch(() => undefined);
    if (found === undefined) return 'absent';
    return found.isFile() ? 'file' : found.isDirectory() ? 'folder' : 'other';
  }

  /** Where a link at that path leads, when that lies inside the router; else the path itself. For reading only. */
  async followed(host: string): Promise<string> {
    const [root, target] = await Promise.all([realpath(this.root), realpath(host).catch(() => host)]);
    return target.startsWith(root + sep) ? target : host;
  }

  /** Opens a host path below root without following links. Throws FileRefused with the router's words. */
  async openInside(host: string, flags: number, mode = 0o644): Promise<FileHandle> {
    await this.#confine(host);
    try {
      return await open(host, flags | constants.O_NOFOLLOW | constants.O_NONBLOCK, mode);
    } catch (error) {
      throw new FileRefused(reason(error));
    }
  }

  async #confine(host: string): Promise<void> {
    if (host === this.root) return;
    const root = await realpath(this.root);
    const parent = await realpath(dirname(host)).catch((error: unknown) => {
      throw new FileRefused(reason(error));
    });
    if (parent !== root && !parent.startsWith(root + sep)) throw new FileRefused('Permission denied');
    if (basename(host) === '..' || host.includes('\0')) throw new FileRefused('Permission denied');
  }
}

function reason(error: unknown): string {
  switch ((error as NodeJS.ErrnoException).code) {
    case 'ENOENT':
      return 'No such file or directory';
    case 'ENOTDIR':
      return 'Not a directory';
    case 'EISDIR':
      return 'Is a directory';
    case 'ENOSPC':
      return 'No space left on device';
    default:
      return 'Permission denied';
  }
}
