// <unlock-configuration>: gives the exclusive lock back. Unlocking what is not locked answers
// `Configuration database is not open`.

import { element } from '../../xml.ts';
import type { Rpc } from '../rpc.ts';

export async function unlockConfiguration(rpc: Rpc): Promise<void> {
  await rpc(element('unlock-configuration'));
}
