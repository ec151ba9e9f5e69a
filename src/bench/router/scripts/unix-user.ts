// Users of this machine that stand for users of a router, where the bench runs as root: then rights are the kernel's to
// grant or refuse, as on a router, and not the bench's. They are users that every Debian has and no program runs as;
// none is made.

import { chmodSync, chownSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';

export interface UnixUser {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

const NAMES = ['games', 'man', 'lp', 'news', 'uucp', 'backup'];

/** Unprivileged users, none of them nobody; none at all when this process is not root. */
export function unixUsers(): UnixUser[] {
  if (process.getuid?.() !== 0) return [];
  const entries = readFileSync('/etc/passwd', 'utf8').split('\n').map((line) => line.split(':'));
  return NAMES.flatMap((name) => entries.filter(([found]) => found === name).map(([, , uid, gid]) => ({ name, uid: Number(uid), gid: Number(gid) })));
}

export interface GivenRouter {
  readonly root: string;
  readonly cliPath: string;
  readonly mgdSocket: string;
}

/** Makes `user` the owner of the home of the router's user `login`, and lets it reach its router's cli and syslog; folders up to `top` can be passed by everybody. */
export function giveHome(router: GivenRouter, login: string, user: UnixUser, top: string): void {
  const home = join(router.root, 'var/home', login);
  const own = [home, ...readdirSync(home, { recursive: true, encoding: 'utf8' }).map((name) => join(home, name)), router.mgdSocket];
  for (const path of own) chownSync(path, user.uid, user.gid);
  chmodSync(router.cliPath, 0o755);
  chmodSync(join(router.root, 'var/log/messages'), 0o666);
  for (let folder = dirname(router.cliPath); folder.startsWith(top); folder = dirname(folder)) chmodSync(folder, statSync(folder).mode | 0o011);
}
