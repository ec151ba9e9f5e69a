// The configuration a bench router is born with: what an operator has set up before MACsec comes into it.

import { Secret } from '../../secret.ts';
import type { RouterUser } from './router-options.ts';

const PORTS = ['et-0/0/0', 'et-0/0/1', 'et-0/0/2', 'et-0/0/3'];

/** Host name, login users with their keys, ssh and netconf, python3 for scripts, NTP, physical interfaces: as `set` lines. */
export function initialConfiguration(hostName: string, users: readonly RouterUser[] = [], interfaces: readonly string[] = PORTS): string[] {
  return [
    `set system host-name ${hostName}`,
    ...users.flatMap((user, index) => loginLines(user, 2000 + index)),
    'set system services ssh',
    'set system services netconf ssh',
    'set system scripts language python3',
    'set system ntp server 192.0.2.123',
    ...interfaces.map((name) => `set interfaces ${name} description "bench port ${name}"`),
  ];
}

/** As usual with two routing engines: groups re0 and re1 give each a name of its own, in place of the host name. */
export function engineNames(hostName: string): string[] {
  return ['delete system host-name', ...[0, 1].flatMap((slot) => [`set groups re${slot} system host-name ${hostName}-re${slot}`, `set apply-groups re${slot}`])];
}

function loginLines(user: RouterUser, uid: number): string[] {
  const login = `set system login user ${user.name}`;
  const keys = (user.publicKeys ?? []).map((line) => `${login} authentication ${statementFor(line)} "${line.trim().replace(/["\\]/g, '')}"`);
  return [`${login} uid ${uid}`, `${login} class ${user.loginClass}`, ...keys];
}

function statementFor(publicKey: string): string {
  const type = publicKey.trim().split(' ')[0] ?? '';
  return type.startsWith('ecdsa') ? 'ssh-ecdsa' : type;
}

/** A user with full rights, as the design's examples name it. */
export function qkdUser(credentials: { password?: Secret | string; publicKeys?: readonly string[] }): RouterUser {
  return { name: 'qkd', loginClass: 'super-user', ...credentials };
}
