// <get-configuration-database-status>: who is in configuration mode. Asked when a refused lock does not say
// who holds it.

import { descendants, element, textAt } from '../../xml.ts';
import { lockHolder, type LockHolder } from '../lock-holder.ts';
import type { Rpc } from '../rpc.ts';

/** Those with the exclusive lock, or all who edit when nobody has it. */
export async function getConfigurationDatabaseStatus(rpc: Rpc): Promise<LockHolder[]> {
  const sessions = descendants(await rpc(element('get-configuration-database-status')), 'database-status');
  const exclusive = sessions.filter((session) => textAt(session, 'exclusive') !== undefined);
  return (exclusive.length > 0 ? exclusive : sessions).map((session) =>
    lockHolder(['user', 'terminal', 'pid', 'start-time', 'idle-time'].map((name) => textAt(session, name))),
  );
}
