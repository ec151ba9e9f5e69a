// What each login class may do over NETCONF. The router's own classes come down to a table (super-user: all; operator
// and read-only: view; unauthorized: nothing); a class of the configuration is a set of permission flags, and
// regular expressions for commands that it may or may not give beside them.

import { child } from '../../xml.ts';
import type { XmlElement } from '../../xml.ts';
import type { ClassRights, MgdUser } from './mgd.ts';
import { PERMISSION_DENIED, Refusal } from './texts.ts';

const ALWAYS = new Set(['close-session']);
const VIEW = /^(get|get-.*|command|op-script|cli)$/;

/** Of RPCs that a configured class does not have with `view`: the flag that brings it, and its command. */
const FLAGS: readonly (readonly [RegExp, string, string])[] = [
  [/^(get-configuration|get-config)$/, 'view-configuration', 'show configuration'],
  [/^(file-.*|get-(sha256-|sha1-)?checksum-information|request-.*)$/, 'maintenance', 'file'],
  [/^op-script$/, 'no flag', 'op'],
  [/^(get|get-.*|command)$/, 'view', 'show'],
  [/^kill-session$/, 'admin-control', 'request'],
];

/** Top-level statements of the configuration, and the flag without which they cannot be changed. */
const CHANGES: Readonly<Record<string, string>> = { security: 'security-control', system: 'system-control', interfaces: 'interface-control', 'event-options': 'maintenance' };

/** Refuses an RPC that the user's class does not allow. */
export function requirePermission(user: MgdUser, request: XmlElement): void {
  const rpc = request.name;
  if (user.loginClass === 'super-user' || ALWAYS.has(rpc)) return;
  if (user.rights !== undefined ? configuredClassMay(user.rights, request) : user.loginClass !== 'unauthorized' && VIEW.test(rpc)) return;
  throw new Refusal(PERMISSION_DENIED, { tag: 'access-denied', badElement: rpc });
}

function configuredClassMay(rights: ClassRights, request: XmlElement): boolean {
  const [, flag = 'configure', command = 'configure'] = FLAGS.find(([pattern]) => pattern.test(request.name)) ?? [];
  const words = commandOf(request) ?? command;
  if (matches(rights.denyCommands, words)) return false;
  if (matches(rights.allowCommands, words)) return true;
  return has(rights, flag) && changed(request).every((name) => has(rights, CHANGES[name] ?? 'all'));
}

/** The CLI command that an RPC stands for, where its arguments matter. */
function commandOf(request: XmlElement): string | undefined {
  const argument = (name: string): string => String(child(request, name)?.text ?? '');
  if (request.name === 'op-script') return `op ${argument('script')}`;
  // A program "on" the router knows its files by their paths on this machine.
  const path = argument('path').replace(/^(re[01]:)?\/.*\/root(?=\/var\/)/, '$1');
  if (request.name === 'get-sha256-checksum-information') return `file checksum sha-256 ${path}`;
  if (request.name === 'file-list' || request.name === 'file-delete') return `file ${request.name.slice(5)} ${path}`;
  return undefined;
}

/** Names of the top-level statements that a load would change. */
function changed(request: XmlElement): string[] {
  if (request.name === 'load-configuration') return (child(request, 'configuration')?.children ?? []).map(({ name }) => name);
  return [];
}

function has({ permissions }: ClassRights, flag: string): boolean {
  return permissions.includes('all') || permissions.includes(flag);
}

function matches(expression: string | undefined, words: string): boolean {
  return expression !== undefined && new RegExp(`^(?:${expression})`, 'i').test(words);
}

/** True for classes with the `secret` permission. */
export function seesSecrets(user: MgdUser): boolean {
  if (user.rights !== undefined) return ['secret', 'secret-control'].some((flag) => has(user.rights as ClassRights, flag));
  return user.loginClass === 'super-user';
}
