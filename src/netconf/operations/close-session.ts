// <close-session> (RFC 6241 section 7.8): asks the router to end the session in order.

import { element } from '../../xml.ts';
import type { Rpc } from '../rpc.ts';

export async function closeSession(rpc: Rpc, timeoutSeconds: number): Promise<void> {
  await rpc(element('nc:close-session'), timeoutSeconds);
}
