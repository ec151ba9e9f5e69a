// Who may log in: by password the users that the router was started with, by public key these and the users of its
// configuration (../logins.ts).

import { timingSafeEqual, createHash } from 'node:crypto';
import ssh2, { type AuthContext, type ParsedKey } from 'ssh2';
import type { XmlElement } from '../../../xml.ts';
import { loginNamed } from '../logins.ts';
import type { RouterUser } from '../router-options.ts';

/** Decides one authentication attempt; the user when it is let in. */
export function authenticate(attempt: AuthContext, users: readonly RouterUser[], committed: XmlElement): RouterUser | undefined {
  const user = loginNamed(attempt.username, users, committed);
  if (user === undefined) return undefined;
  if (attempt.method === 'password') return passwordFits(user, attempt.password) ? user : undefined;
  if (attempt.method !== 'publickey') return undefined;
  const { key, signature, blob, hashAlgo } = attempt;
  const known = (user.publicKeys ?? []).map(readKey).find((one) => one?.getPublicSSH().equals(key.data));
  if (known === undefined) return undefined;
  // Without a signature the client only asks whether this key would do (RFC 4252 7).
  if (signature === undefined || blob === undefined) return user;
  return known.verify(blob, signature, hashAlgo) === true ? user : undefined;
}

/** The user whose password this is: for keyboard-interactive, where the server asks for it. */
export function authenticateAnswer(name: string, answers: readonly string[], users: readonly RouterUser[]): RouterUser | undefined {
  const user = users.find((one) => one.name === name);
  return user !== undefined && answers.length === 1 && passwordFits(user, answers[0] ?? '') ? user : undefined;
}

function passwordFits(user: RouterUser, given: string): boolean {
  if (user.password === undefined) return false;
  const wanted = typeof user.password === 'string' ? user.password : user.password.revealText();
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(wanted), digest(given));
}

function readKey(line: string): ParsedKey | undefined {
  const parsed = ssh2.utils.parseKey(line);
  return parsed instanceof Error ? undefined : parsed;
}
