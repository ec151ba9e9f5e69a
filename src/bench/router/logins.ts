// Who can log in to the router: the users it was started with, and those of its configuration (system login user NAME),
// each with its class and the rights that the configuration gives this class. Both count from the commit on.

import { at, childrenOf, textAt, type XmlElement } from '../../xml.ts';
import type { ClassRights } from '../mgd/mgd.ts';
import type { RouterUser } from './router-options.ts';

const KEY_STATEMENTS = ['ssh-ed25519', 'ssh-ecdsa', 'ssh-rsa'];

/** The user of that name as the router knows it now. */
export function loginNamed(name: string, users: readonly RouterUser[], committed: XmlElement): RouterUser | undefined {
  const started = users.find((user) => user.name === name);
  const node = activeEntry(committed, 'user', name);
  const configured = node === undefined ? [] : keysOf(node);
  if (started !== undefined) return { ...started, publicKeys: [...(started.publicKeys ?? []), ...configured] };
  const loginClass = textAt(node, 'class');
  if (loginClass === undefined) return undefined;
  const rights = rightsOf(committed, loginClass);
  return { name, loginClass, publicKeys: configured, ...(rights !== undefined && { rights }) };
}

/** Names of the users in the configuration. */
export function configuredUsers(committed: XmlElement): string[] {
  return childrenOf(at(committed, 'system/login'), 'user').map((user) => textAt(user, 'name') ?? '');
}

function activeEntry(committed: XmlElement, statement: string, name: string): XmlElement | undefined {
  return childrenOf(at(committed, 'system/login'), statement).find((one) => textAt(one, 'name') === name && one.attributes['inactive'] === undefined);
}

function keysOf(user: XmlElement): string[] {
  const authentication = at(user, 'authentication');
  return KEY_STATEMENTS.flatMap((statement) => childrenOf(authentication, statement).map((key) => textAt(key, 'name') ?? ''));
}

/** Undefined for a class that Junos has itself. */
function rightsOf(committed: XmlElement, loginClass: string): ClassRights | undefined {
  const node = activeEntry(committed, 'class', loginClass);
  if (node === undefined) return undefined;
  return {
    permissions: childrenOf(node, 'permissions').map((flag) => String(flag.text)),
    allowCommands: textAt(node, 'allow-commands'),
    denyCommands: textAt(node, 'deny-commands'),
  };
}
