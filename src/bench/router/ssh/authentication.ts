// Who may log in: passwords and public keys of the users the router was started with, and the public keys
// in its configuration (system login user NAME authentication ssh-ed25519|ssh-ecdsa|ssh-rsa), which count
// from the commit on.

import { timingSafeEqual, createHash } from 'node:crypto';
import ssh2, { type AuthContext, type ParsedKey } from 'ssh2';
import { at, childrenOf, textAt, type XmlElement } from '../../../xml.ts';
import type { RouterUser } from '../router-options.ts';

const KEY_STATEMENTS = ['ssh-ed25519', 'ssh-ecdsa', 'ssh-rsa'];

/** Decides one authentication attempt; the user when it is let in. */
export function authenticate(attempt: AuthContext, users: readonly RouterUser[], committed: XmlElement): RouterUser | undefined {
  const user = users.find((one) => one.name === attempt.username);
  if (user === undefined) return undefined;
  if (attempt.method === 'password') return passwordFits(user, attempt.password) ? user : undefined;
  if (attempt.method !== 'publickey') return undefined;
  const { key, signature, blob, hashAlgo } = attempt;
  const known = [...(user.publicKeys ?? []), ...configuredKeys(committed, user.name)].map(readKey).find((one) => one?.getPublicSSH().equals(key.data));
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

function configuredKeys(committed: XmlElement, user: string): string[] {
  const users = childrenOf(at(committed, 'system/login'), 'user');
  const node = users.find((one) => textAt(one, 'name') === user && one.attributes['inactive'] === undefined);
  const authentication = at(node, 'authentication');
  return KEY_STATEMENTS.flatMap((statement) => childrenOf(authentication, statement).map((key) => textAt(key, 'name') ?? ''));
}

function readKey(line: string): ParsedKey | undefined {
  const parsed = ssh2.utils.parseKey(line);
  return parsed instanceof Error ? undefined : parsed;
}
