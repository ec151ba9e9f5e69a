// <open-configuration><private/>: a candidate of our own, which nobody else sees and which is gone with
// close-configuration or with the session. Junos always answers with the warning that uncommitted changes
// will be discarded on exit, which is exactly what we want.

import { element } from '../../xml.ts';
import { RpcFailure } from '../rpc-reply.ts';
import type { Rpc } from '../rpc.ts';

/**
 * Opens a private candidate. Returns false when this router does not know the request (the caller takes the
 * exclusive lock instead). Throws configuration-locked, configuration-modified, permission-denied, rpc-error.
 */
export async function openPrivateConfiguration(rpc: Rpc): Promise<boolean> {
  try {
    await rpc(element('open-configuration', element('private')));
    return true;
  } catch (error) {
    if (error instanceof RpcFailure && isUnknown(error)) return false;
    throw error;
  }
}

function isUnknown(failure: RpcFailure): boolean {
  return (
    failure.code === 'rpc-error' &&
    failure.errors.some((error) => /^(?:unknown-element|operation-not-supported)$/.test(error.tag) || /syntax error|unknown (?:command|element)/i.test(error.message))
  );
}
