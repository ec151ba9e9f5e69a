// <close-configuration>: ends a private candidate; what was not committed is discarded.

import { element } from '../../xml.ts';
import type { Rpc } from '../rpc.ts';

export async function closeConfiguration(rpc: Rpc): Promise<void> {
  await rpc(element('close-configuration'));
}
