// What each login class may do over NETCONF. Real classes are sets of permission bits; the router's four
// predefined classes come down to this table (super-user: all; operator and read-only: view; unauthorized:
// nothing).

import type { MgdUser } from './mgd.ts';
import { PERMISSION_DENIED, Refusal } from './texts.ts';

const ALWAYS = new Set(['close-session']);
const VIEW = /^(get|get-.*|command|op-script|cli)$/;

/** Refuses an RPC that the user's class does not allow. */
export function requirePermission(user: MgdUser, rpc: string): void {
  if (user.loginClass === 'super-user' || ALWAYS.has(rpc)) return;
  if (user.loginClass !== 'unauthorized' && VIEW.test(rpc)) return;
  throw new Refusal(PERMISSION_DENIED, { tag: 'access-denied', badElement: rpc });
}

/** True for classes with the `secret` permission. */
export function seesSecrets(user: MgdUser): boolean {
  return user.loginClass === 'super-user';
}
