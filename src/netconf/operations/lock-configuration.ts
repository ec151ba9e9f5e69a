// <lock-configuration>: the exclusive lock on the shared candidate. Junos refuses it while someone else
// holds it or has left uncommitted changes; both have codes of their own in rpc-reply.ts.

import { element } from '../../xml.ts';
import type { Rpc } from '../rpc.ts';

/** Throws configuration-locked, configuration-modified, permission-denied or rpc-error. */
export async function lockConfiguration(rpc: Rpc): Promise<void> {
  await rpc(element('lock-configuration'));
}
